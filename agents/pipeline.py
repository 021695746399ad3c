"""From paths to the store: which documents to read, reading them in worker processes, one parent that writes.

Workers are spawned, never forked, and only read; the parent stores one document per transaction, so a run that is killed leaves whole
documents only and the next run goes on with the rest.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Literal

from agents.reader import read_document
from ingest.files import Fingerprint, find_documents, fingerprint
from schema.errors import DamagedDocument, DocumentError, MissingDocument
from schema.reading import DocumentReading, PageReport
from store.store import Store

IN_FLIGHT = 8
"""Documents per worker that are handed out ahead: enough to keep it busy behind a slow one, few enough to keep memory flat."""

WORTH_A_WORKER = 2_000_000
"""Bytes of documents from which a further worker process is worth its start."""

Result = DocumentReading | DocumentError
"""What a worker gives back: errors are results, so that they come back whole."""

Status = Literal["done", "partial", "known", "failed"]


@dataclass(frozen=True)
class Task:
    """A document to read, with the identity of its bytes."""

    path: Path
    identity: Fingerprint


@dataclass(frozen=True)
class Outcome:
    """What became of one document.

    Attributes:
        status: done; partial: forms were read, but some pages failed; known: the same bytes are stored already; failed.
        forms: id and project name of each form.
        pages: its pages, each accounted for.
        marks: review marks on its forms.
        error: why it failed, and what to do.
    """

    file: str
    status: Status
    forms: tuple[tuple[str, str | None], ...] = ()
    pages: tuple[PageReport, ...] = ()
    marks: int = 0
    error: DocumentError | None = None


@dataclass
class Plan:
    """What a run has to do: documents to read; and those settled before anything is read.

    `twins` are further paths of the same bytes, by sha256: what becomes of the first becomes of them.
    """

    tasks: list[Task] = field(default_factory=list)
    settled: list[Outcome] = field(default_factory=list)
    twins: dict[str, list[Path]] = field(default_factory=dict)

    @property
    def workers(self) -> int:
        """How many worker processes pay off: starting one costs as much as reading some two megabytes of digital PDF."""
        size = sum(task.identity.size for task in self.tasks)
        return min(os.cpu_count() or 1, 1 + size // WORTH_A_WORKER)

    @property
    def total(self) -> int:
        """How many documents there will be an outcome of."""
        return len(self.tasks) + len(self.settled) + sum(len(paths) for paths in self.twins.values())


def plan(arguments: Iterable[str], store: Store) -> Plan:
    """Find the documents that the arguments mean and put aside those that are stored, double or unreadable."""
    out = Plan()
    seen: set[str] = set()
    for found in find_documents(arguments):
        if found.error is not None:
            out.settled.append(Outcome(str(found.path), "failed", error=found.error))
            continue
        try:
            identity = fingerprint(found.path)
        except DocumentError as e:
            out.settled.append(Outcome(str(found.path), "failed", error=e))
            continue
        if identity.sha256 in seen:
            out.twins.setdefault(identity.sha256, []).append(found.path)
            continue
        stored = store.known(identity.sha256)
        if stored is not None and stored.status == "done":
            store.remember(identity.sha256, found.path)
            out.settled.append(Outcome(str(found.path), "known"))
        else:
            seen.add(identity.sha256)
            out.tasks.append(Task(found.path, identity))
    return out


def run(planned: Plan, store: Store, workers: int | None = None, command: str = "ingest") -> Iterator[Outcome]:
    """Carry a plan out, yielding each document's outcome once it is stored. Closing the iterator stops the run cleanly.

    With no number of workers given, as many as pay off are started.
    """
    workers = workers or planned.workers
    run_id = store.start_run(command)
    for outcome in planned.settled:
        # A path that leads nowhere is a slip of the keyboard, no document.
        if outcome.error is not None and not isinstance(outcome.error, MissingDocument):
            store.save_failure(outcome.file, None, 0, outcome.error.told, run_id)
        yield outcome
    readings = _read_here(planned.tasks) if workers <= 1 or len(planned.tasks) <= 1 else _read_in_pool(planned.tasks, workers)
    for task, result in readings:
        yield _keep(task, result, store, run_id)
        for twin in planned.twins.get(task.identity.sha256, ()):
            yield _keep_twin(Task(twin, task.identity), result, store, run_id)
    store.finish_run(run_id)


def ingest(arguments: Sequence[str], store: Store, workers: int = 1) -> list[Outcome]:
    """Plan and run in one go."""
    return list(run(plan(arguments, store), store, workers))


def _keep(task: Task, result: Result, store: Store, run_id: int) -> Outcome:
    if isinstance(result, DocumentError):
        store.save_failure(str(task.path), task.identity.sha256, task.identity.size, result.told, run_id)
        return Outcome(str(task.path), "failed", error=result)
    saved = store.save(result, run_id)
    partial = any(page.status == "failed" for page in result.pages)
    forms = tuple((form.form_id, form.project_name) for form in result.forms)
    return Outcome(str(task.path), "partial" if partial else "done", forms, result.pages, saved.review_marks)


def _keep_twin(task: Task, result: Result, store: Store, run_id: int) -> Outcome:
    """The outcome of a document whose bytes were just read under another path."""
    if isinstance(result, DocumentError):
        return _keep(task, type(result)(str(task.path), result.reason, result.advice), store, run_id)
    store.remember(task.identity.sha256, task.path)
    return Outcome(str(task.path), "known")


def _attempt(path: Path) -> Result:
    """Read one document."""
    try:
        return read_document(path)
    except DocumentError as e:
        return e


def _read_here(tasks: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
    for task in tasks:
        yield task, _attempt(task.path)


def _read_in_pool(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, Result]]:
    """Read in worker processes, giving results in the order of the tasks, so that two runs store the same in the same order.

    When a document kills its worker, all that were in flight are read again, each in a process of its own.
    """
    waiting = deque(tasks)
    flight: deque[tuple[Task, Future[Result]]] = deque()
    pool = _pool(workers)
    try:
        while waiting or flight:
            _hand_out(pool, waiting, flight, workers * IN_FLIGHT)
            task, future = flight[0]
            try:
                result = future.result()
            except BrokenProcessPool:
                suspects = [suspect for suspect, _ in flight]
                flight.clear()
                pool.shutdown(wait=False, cancel_futures=True)
                yield from _one_by_one(suspects)
                pool = _pool(workers)
            else:
                flight.popleft()
                yield task, result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _hand_out(pool: ProcessPoolExecutor, waiting: deque[Task], flight: deque[tuple[Task, Future[Result]]], most: int) -> None:
    while waiting and len(flight) < most:
        try:
            future = _submit(pool, waiting[0])
        except BrokenProcessPool:
            # A document in flight broke it; its future says so.
            if flight:
                return
            raise
        flight.append((waiting.popleft(), future))


def _one_by_one(suspects: Iterable[Task]) -> Iterator[tuple[Task, Result]]:
    """Each in a process of its own, so that the one which kills it is known by name."""
    for task in suspects:
        with _pool(1) as pool:
            try:
                yield task, _submit(pool, task).result()
            except BrokenProcessPool:
                yield task, DamagedDocument(str(task.path), "读取时进程崩溃", "文件可能已损坏，请用阅读器另存一份后再试")


def _submit(pool: ProcessPoolExecutor, task: Task) -> Future[Result]:
    """Hand a document to a worker, which this may start."""
    with _interrupts_held():
        return pool.submit(_attempt, task.path)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal, but only the parent decides what it stops.

    A process started in here never sees one, not even while it is still importing; for the parent it is put off for a moment.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # The tracker's start lets interrupts through again, so it has to come first.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts_to_parent)


def _leave_interrupts_to_parent() -> None:
    """Where interrupts cannot be held back (Windows), they are ignored from here on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
