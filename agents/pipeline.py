"""From paths to the store: which documents to read, reading them in worker processes, one parent that writes.

Workers only read; the parent stores one document per transaction, so a run that is killed leaves whole documents only and the next run goes
on with the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from agents.asking import Finished, Stage, plain
from agents.engines.names import called
from agents.engines.spool import Remote, Spool
from agents.progress import PageCounts
from agents.reading_pool import Pool, Reading, ReadingPool, Result, attempt
from ingest.files import Fingerprint, Found, find_documents, fingerprint
from ingest.settings import DEFAULT, Settings
from schema.errors import DocumentError, MissingDocument
from schema.observing import observe, span
from schema.reading import PageReport
from store.store import Store

WORTH_A_WORKER = 2_000_000
"""Bytes of documents from which a further worker process is worth its start."""

IN_THIS_PROCESS = 0
"""A number of workers: for files that are known to be harmless, since what one does to its reader it then does to the whole run."""

Status = Literal["done", "partial", "known", "failed"]


@dataclass(frozen=True)
class Task:
    """A document to read, with the identity of its bytes; `again` when they are stored already and the new reading takes their place.

    `remote` is one that lies elsewhere, named by a URL; the path then means nothing.
    """

    path: Path
    identity: Fingerprint
    again: bool = False
    remote: Remote | None = None

    @property
    def name(self) -> str:
        """What it is called: its path or URL."""
        return self.remote.url if self.remote is not None else str(self.path)

    def leave(self) -> None:
        """It is not read after all."""
        if self.remote is not None:
            self.remote.leave()


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

    `twins` are further places of the same bytes, by sha256: what becomes of the first becomes of them. `spool` holds the copies of
    documents that lie elsewhere; it is closed when the plan was carried out.
    """

    settings: Settings = DEFAULT
    tasks: list[Task] = field(default_factory=list)
    settled: list[Outcome] = field(default_factory=list)
    twins: dict[str, list[str]] = field(default_factory=dict)
    spool: Spool | None = None

    @cached_property
    def pages(self) -> PageCounts:
        """How far the run is; made when the plan stands."""
        return PageCounts(len(self.tasks))

    @property
    def workers(self) -> int:
        """How many worker processes pay off: starting one costs as much as reading some two megabytes of digital PDF."""
        size = sum(task.identity.size for task in self.tasks)
        return min(os.cpu_count() or 1, 1 + size // WORTH_A_WORKER)

    @property
    def total(self) -> int:
        """How many documents there will be an outcome of."""
        return len(self.tasks) + len(self.settled) + sum(len(names) for names in self.twins.values())

    def close(self) -> None:
        """Let the copies of documents that lie elsewhere go."""
        if self.spool is not None:
            self.spool.close()


def plan(arguments: Iterable[str], store: Store, settings: Settings = DEFAULT, *, anew: bool = False) -> Plan:
    """Find the documents that the arguments mean and put aside those that are stored, double or unreadable.

    Who asks for OCR on every page, or for everything `anew`, asks for another reading: documents that are stored are then read again.

    Raises:
        UsageError: as `find_documents`.
        StoreError: the store cannot be read, or there is no room for copies of what lies elsewhere.
    """
    out = Plan(settings, spool=Spool(store.home))
    seen: set[str] = set()
    try:
        for found in find_documents(arguments):
            _plan_one(found, out, store, seen, anew=anew)
    except BaseException:
        out.close()
        raise
    return out


def _plan_one(found: Found, out: Plan, store: Store, seen: set[str], *, anew: bool) -> None:
    error, task = found.error, None
    if error is None:
        try:
            task = _task(found, out)
        except DocumentError as e:
            error = e
    if task is None:
        out.settled.append(Outcome(found.name, "failed", error=error))
        return
    sha256 = task.identity.sha256
    if sha256 in seen:
        out.twins.setdefault(sha256, []).append(task.name)
        task.leave()
        return
    stored = store.known(sha256)
    done = stored is not None and stored.status == "done"
    if done and out.settings.ocr != "always" and not anew:
        store.remember(sha256, task.name)
        out.settled.append(Outcome(task.name, "known"))
        task.leave()
    else:
        seen.add(sha256)
        out.tasks.append(replace(task, again=done))


def _task(found: Found, out: Plan) -> Task:
    if found.url is None or out.spool is None:
        return Task(found.path, fingerprint(found.path))
    remote, identity = out.spool.bring(found.url)
    return Task(found.path, identity, remote=remote)


def run(
    planned: Plan,
    store: Store,
    workers: int | Pool | None = None,
    command: str = "ingest",
    stage: Stage | None = None,
) -> Iterator[Outcome]:
    """Carry a plan out, yielding each document's outcome once it is stored. Closing the iterator stops the run cleanly.

    With no number of workers given, as many as pay off are started; a pool is used as it is, and stays. With a stage, a model is asked
    before documents are stored.
    """
    try:
        yield from _carried_out(planned, store, workers, store.start_run(command), stage)
    finally:
        planned.close()


def _carried_out(planned: Plan, store: Store, workers: int | Pool | None, run_id: int, stage: Stage | None) -> Iterator[Outcome]:
    for outcome in planned.settled:
        # A path that leads nowhere is a slip of the keyboard, no document.
        if outcome.error is not None and not isinstance(outcome.error, MissingDocument):
            store.save_failure(outcome.file, None, 0, outcome.error.told, run_id)
        yield _told(outcome)
    readings = materials(planned, workers)
    finished = stage.through(readings) if stage is not None else plain(readings)
    for task, result in finished:
        with span("document.stored", document=task.name):
            outcome = _keep(task, result, store, run_id)
        yield _told(outcome)
        for twin in planned.twins.get(task.identity.sha256, ()):
            yield _told(_keep_twin(twin, task, result, store, run_id))
    store.finish_run(run_id)


def materials(planned: Plan, workers: int | Pool | None = None) -> Iterator[tuple[Task, Result]]:
    """The documents of a plan as they are read, in its order; nothing is stored."""
    readings = [
        Reading(number, task.path, planned.pages.watch(number), task.remote, task.name, task.identity.sha256)
        for number, task in enumerate(planned.tasks)
    ]
    try:
        for reading, result in _read(readings, planned, workers):
            planned.pages.finish(reading.number)
            yield planned.tasks[reading.number], result
    finally:
        planned.close()


def _read(readings: Sequence[Reading], planned: Plan, workers: int | Pool | None) -> Iterator[tuple[Reading, Result]]:
    count = planned.workers if workers is None else workers
    if count == IN_THIS_PROCESS:
        for reading in readings:
            yield reading, _read_here(reading, planned.settings)
        return
    with ExitStack() as stack:
        pool = stack.enter_context(ReadingPool(count, planned.settings)) if isinstance(count, int) else count
        yield from pool.read(readings, planned.settings)


def _read_here(reading: Reading, settings: Settings) -> Result:
    try:
        path = reading.take()
    except DocumentError as e:
        return e
    return reading.told(attempt(path, settings, reading.watch))


def ingest(arguments: Sequence[str], store: Store, workers: int | Pool = IN_THIS_PROCESS, settings: Settings = DEFAULT) -> list[Outcome]:
    """Plan and run in one go; without workers, for files that are known."""
    return list(run(plan(arguments, store, settings), store, workers))


def _keep(task: Task, result: Finished, store: Store, run_id: int) -> Outcome:
    if isinstance(result, DocumentError):
        return _keep_failure(task.name, task, result, store, run_id)
    saved = store.save(result, run_id, again=task.again)
    partial = any(page.status == "failed" for page in result.pages)
    forms = tuple((form.form_id, form.project_name) for form in result.forms)
    return Outcome(task.name, "partial" if partial else "done", forms, result.pages, saved.review_marks)


def _told(outcome: Outcome) -> Outcome:
    """The outcome, said for the log; the words of an error may quote the document and stay out."""
    why = type(outcome.error).__name__ if outcome.error is not None else None
    seconds = round(sum(page.seconds or 0 for page in outcome.pages), 3)
    counts = {"pages": len(outcome.pages), "forms": len(outcome.forms), "marks": outcome.marks}
    observe("document", document=outcome.file, status=outcome.status, error=why, seconds=seconds, **counts)
    return outcome


def _keep_failure(name: str, task: Task, error: DocumentError, store: Store, run_id: int) -> Outcome:
    store.save_failure(name, task.identity.sha256, task.identity.size, error.told, run_id)
    return Outcome(name, "failed", error=error)


def _keep_twin(name: str, task: Task, result: Finished, store: Store, run_id: int) -> Outcome:
    """The outcome of a document whose bytes were just read under another name."""
    if isinstance(result, DocumentError):
        return _keep_failure(name, task, called(result, name), store, run_id)
    store.remember(task.identity.sha256, name)
    return Outcome(name, "known")
