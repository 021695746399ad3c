"""Many files of canonical forms into a store: the next ones are read and checked in other processes while this one is written.

Reading and checking a form takes longer than writing it. Forms of the same units are compared once at the end, and not after every file,
which would cost more with every form that is there already.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from schema.canonical import read_forms
from schema.checks import Finding, Profile, check_form
from schema.errors import JiheError
from schema.form import Form
from store.records import ImportResult
from store.store import Store

WORTH_A_PROCESS = 8_000_000
"""Bytes of JSON from which on other processes are worth their start, which takes a second or two."""
WORKERS = 2
"""Processes that read and check; this one, and the server where there is one, need less."""
AHEAD = WORKERS + 1
"""Files that are read before they are written: a bound on memory."""
Prepared = tuple[list[Form], dict[str, list[Finding]]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file: what was kept, or why nothing of it was."""

    file: Path
    result: ImportResult | None
    error: JiheError | None = None


def import_files(store: Store, files: Sequence[Path]) -> Iterator[Imported]:
    """Import files of canonical forms, each whole or not at all, in their order; what one of them has wrong leaves the others alone.

    The comparisons between forms of a unit are made when the last one was taken; whoever stops earlier leaves them to the next opening.

    Raises:
        StoreError: the comparisons cannot be written.
    """
    read, many = partial(_prepare, profile=store.profile), _is_worth_a_process(files)
    for file, prepared in _ahead(read, files) if many else ((file, partial(read, file)) for file in files):
        try:
            forms, findings = prepared()
            yield Imported(file, store.import_forms(forms, file, findings=findings, settle=False))
        except JiheError as e:
            yield Imported(file, None, e)
    store.settle()
    if many:
        store.database.take_stock()


def _prepare(file: Path, profile: Profile) -> Prepared:
    forms = read_forms(file)
    return forms, {form.form_id: check_form(form, profile) for form in forms}


def _is_worth_a_process(files: Sequence[Path]) -> bool:
    sizes = (file.stat().st_size if file.is_file() else 0 for file in files)
    return len(files) > 1 and (os.cpu_count() or 1) > 1 and sum(sizes) >= WORTH_A_PROCESS


def _ahead(read: partial[Prepared], files: Sequence[Path]) -> Iterator[tuple[Path, partial[Prepared]]]:
    """Every file with what gives its forms, which other processes have read or are reading."""
    # Not forked: the connections of this process must not be shared.
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: deque[tuple[Path, Future[Prepared] | None]] = deque()
        left, begun = iter(files), False
        try:
            while True:
                while len(waiting) < AHEAD and (file := next(left, None)) is not None:
                    # The first one is read here, while the others start.
                    waiting.append((file, _handed(pool, read, file) if begun else None))
                    begun = True
                if not waiting:
                    return
                file, future = waiting.popleft()
                yield file, partial(_outcome, read, file, future)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _handed(pool: ProcessPoolExecutor, read: partial[Prepared], file: Path) -> Future[Prepared] | None:
    try:
        return pool.submit(read, file)
    except BrokenProcessPool:
        return None


def _outcome(read: partial[Prepared], file: Path, future: Future[Prepared] | None) -> Prepared:
    try:
        return future.result() if future is not None else read(file)
    except BrokenProcessPool:
        # Another process was killed; this one does it instead.
        return read(file)
