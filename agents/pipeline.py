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
from dataclasses import dataclass, field, replace
from functools import cached_property
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Literal

from agents.asking import Finished, Stage, plain
from agents.material import Material
from agents.progress import PageCounts
from agents.reader import read_document, read_material
from ingest.files import Fingerprint, find_documents, fingerprint
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, DocumentError, MissingDocument
from schema.reading import PageReport
from store.store import Store

IN_FLIGHT = 8
"""Documents per worker that are handed out ahead: enough to keep it busy behind a slow one, few enough to keep memory flat."""

WORTH_A_WORKER = 2_000_000
"""Bytes of documents from which a further worker process is worth its start."""

Result = Material | DocumentError
"""What a worker gives back: errors are results, so that they come back whole."""

_Numbered = tuple[int, "Task"]
"""A task with its place in the plan."""

Status = Literal["done", "partial", "known", "failed"]


@dataclass(frozen=True)
class Task:
    """A document to read, with the identity of its bytes; `again` when they are stored already and the new reading takes their place."""

    path: Path
    identity: Fingerprint
    again: bool = False


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

    settings: Settings = DEFAULT
    tasks: list[Task] = field(default_factory=list)
    settled: list[Outcome] = field(default_factory=list)
    twins: dict[str, list[Path]] = field(default_factory=dict)

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
        return len(self.tasks) + len(self.settled) + sum(len(paths) for paths in self.twins.values())


def plan(arguments: Iterable[str], store: Store, settings: Settings = DEFAULT, *, anew: bool = False) -> Plan:
    """Find the documents that the arguments mean and put aside those that are stored, double or unreadable.

    Who asks for OCR on every page, or for everything `anew`, asks for another reading: documents that are stored are then read again.
    """
    out = Plan(settings)
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
        done = stored is not None and stored.status == "done"
        if done and settings.ocr != "always" and not anew:
            store.remember(identity.sha256, found.path)
            out.settled.append(Outcome(str(found.path), "known"))
        else:
            seen.add(identity.sha256)
            out.tasks.append(Task(found.path, identity, again=done))
    return out


def run(planned: Plan, store: Store, workers: int | None = None, command: str = "ingest", stage: Stage | None = None) -> Iterator[Outcome]:
    """Carry a plan out, yielding each document's outcome once it is stored. Closing the iterator stops the run cleanly.

    With no number of workers given, as many as pay off are started. With a stage, a model is asked before documents are stored.
    """
    run_id = store.start_run(command)
    for outcome in planned.settled:
        # A path that leads nowhere is a slip of the keyboard, no document.
        if outcome.error is not None and not isinstance(outcome.error, MissingDocument):
            store.save_failure(outcome.file, None, 0, outcome.error.told, run_id)
        yield outcome
    readings = materials(planned, workers)
    finished = stage.through(readings) if stage is not None else plain(readings)
    for task, result in finished:
        yield _keep(task, result, store, run_id)
        for twin in planned.twins.get(task.identity.sha256, ()):
            yield _keep_twin(Task(twin, task.identity), result, store, run_id)
    store.finish_run(run_id)


def materials(planned: Plan, workers: int | None = None) -> Iterator[tuple[Task, Result]]:
    """The documents of a plan as they are read, in its order; nothing is stored."""
    workers = workers or planned.workers
    readings = _read_here(planned) if workers <= 1 or len(planned.tasks) <= 1 else _read_in_pool(planned, workers)
    for number, reading in enumerate(readings):
        planned.pages.finish(number)
        yield reading


def ingest(arguments: Sequence[str], store: Store, workers: int = 1, settings: Settings = DEFAULT) -> list[Outcome]:
    """Plan and run in one go."""
    return list(run(plan(arguments, store, settings), store, workers))


def _keep(task: Task, result: Finished, store: Store, run_id: int) -> Outcome:
    if isinstance(result, DocumentError):
        store.save_failure(str(task.path), task.identity.sha256, task.identity.size, result.told, run_id)
        return Outcome(str(task.path), "failed", error=result)
    saved = store.save(result, run_id, again=task.again)
    partial = any(page.status == "failed" for page in result.pages)
    forms = tuple((form.form_id, form.project_name) for form in result.forms)
    return Outcome(str(task.path), "partial" if partial else "done", forms, result.pages, saved.review_marks)


def _keep_twin(task: Task, result: Finished, store: Store, run_id: int) -> Outcome:
    """The outcome of a document whose bytes were just read under another path."""
    if isinstance(result, DocumentError):
        return _keep(task, type(result)(str(task.path), result.reason, result.advice), store, run_id)
    store.remember(task.identity.sha256, task.path)
    return Outcome(str(task.path), "known")


def _attempt(path: Path, number: int, settings: Settings) -> Result:
    """Read one document; `number` is its place in the plan."""
    try:
        watch = _Worker.pages.watch(number) if _Worker.pages else None
        return read_material(path, settings, watch) if settings.texts else Material(read_document(path, settings, watch))
    except DocumentError as e:
        return e


class _Worker:
    """What a worker process was given at its start."""

    pages: PageCounts | None = None


def _start_worker(pages: PageCounts) -> None:
    """First thing in a worker process. Where interrupts cannot be held back (Windows), they are ignored from here on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _Worker.pages = pages


def _read_here(planned: Plan) -> Iterator[tuple[Task, Result]]:
    _Worker.pages = planned.pages
    for number, task in enumerate(planned.tasks):
        yield task, _attempt(task.path, number, planned.settings)


def _read_in_pool(planned: Plan, workers: int) -> Iterator[tuple[Task, Result]]:
    """Read in worker processes, giving results in the order of the tasks, so that two runs store the same in the same order.

    When a document kills its worker, all that were in flight are read again, each in a process of its own.
    """
    waiting: deque[_Numbered] = deque(enumerate(planned.tasks))
    flight: deque[tuple[_Numbered, Future[Result]]] = deque()
    pool = _Pool(planned, workers)
    try:
        while waiting or flight:
            _hand_out(pool, waiting, flight, workers * IN_FLIGHT)
            task, future = flight[0]
            try:
                result = future.result()
            except BrokenProcessPool:
                suspects = [suspect for suspect, _ in flight]
                flight.clear()
                pool.shutdown(wait=False)
                yield from _one_by_one(planned, suspects)
                pool = _Pool(planned, workers)
            else:
                flight.popleft()
                yield task[1], result
    finally:
        pool.shutdown()


def _hand_out(pool: _Pool, waiting: deque[_Numbered], flight: deque[tuple[_Numbered, Future[Result]]], most: int) -> None:
    while waiting and len(flight) < most:
        try:
            future = pool.submit(waiting[0])
        except BrokenProcessPool:
            # A document in flight broke it; its future says so.
            if flight:
                return
            raise
        flight.append((waiting.popleft(), future))


def _one_by_one(planned: Plan, suspects: Iterable[_Numbered]) -> Iterator[tuple[Task, Result]]:
    """Each in a process of its own, so that the one which kills it is known by name."""
    for numbered in suspects:
        task = numbered[1]
        pool = _Pool(planned, 1)
        try:
            yield task, pool.submit(numbered).result()
        except BrokenProcessPool:
            yield task, DamagedDocument(str(task.path), "读取时进程崩溃", "文件可能已损坏，请用阅读器另存一份后再试")
        finally:
            pool.shutdown()


class _Pool:
    """Worker processes for the documents of a plan."""

    def __init__(self, planned: Plan, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        # Workers share the cores; OCR would otherwise start as many threads in each of them.
        self._settings = replace(planned.settings, threads=max(1, (os.cpu_count() or 1) // workers))
        self._executor = ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(planned.pages,))

    def submit(self, numbered: _Numbered) -> Future[Result]:
        """Hand a document to a worker, which this may start."""
        number, task = numbered
        with _interrupts_held():
            return self._executor.submit(_attempt, task.path, number, self._settings)

    def shutdown(self, *, wait: bool = True) -> None:
        """Stop the workers; documents not begun are dropped."""
        self._executor.shutdown(wait=wait, cancel_futures=True)


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
