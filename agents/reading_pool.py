"""Documents read in worker processes: results in the order of the tasks, one document per worker at a time, each within its bounds."""

from __future__ import annotations

import os
import queue
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from agents.engines.names import called, material_called
from agents.guarded.child import Beats
from agents.guarded.frames import Beat, Lost
from agents.guarded.process import Bounds, News, Worker, lost_told
from agents.material import Material
from agents.reader import read_document, read_material
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, DocumentError, TooCostly

AHEAD = 8
"""Results per worker that may wait for an earlier one: enough to keep it busy beside a slow document, few enough to keep memory flat."""
LOOK_SECONDS = 0.5
"""How often to see whether a worker is overdue."""

TellLost = Callable[[Lost, str], None]
"""Hears what became of some work, and the path of its document."""
Result = Material | DocumentError
"""What a worker gives back: errors are results, so that they come back whole."""


class Held(Protocol):
    """A document that is brought near to be read."""

    def take(self) -> Path:
        """Where it lies now.

        Raises:
            DocumentError: it cannot be had any more.
        """

    def leave(self) -> None:
        """It was read."""


@dataclass(frozen=True)
class Reading:
    """A document to read: its place in the plan, its path, and whom to tell how far it is.

    One that is brought near first has no path before that, and a name that is not that of its copy. `sha256` is that of its bytes, where
    it is known.
    """

    number: int
    path: Path
    watch: Callable[[int, int], None]
    held: Held | None = None
    name: str = ""
    sha256: str = ""

    def take(self) -> Path:
        """Where its bytes are.

        Raises:
            DocumentError: they cannot be had any more.
        """
        if self.held is None:
            return self.path
        try:
            return self.held.take()
        except DocumentError as e:
            raise called(e, self.name) from e

    def told(self, result: Result) -> Result:
        """What came of it, under its name; its bytes are not needed any more."""
        if self.held is None:
            return result
        self.held.leave()
        return called(result, self.name) if isinstance(result, DocumentError) else material_called(result, self.name)

    def lost(self, lost: Lost, tell: TellLost = lost_told) -> Result:
        """What came of it where nobody could read it, after whoever has to hear of it did."""
        tell(lost, str(self.path))
        return self.told(lost_error(str(self.path), lost))


class Pool(Protocol):
    """What reads documents: worker processes here, or those of a cluster."""

    def read(self, readings: Iterable[Reading], settings: Settings) -> Iterator[tuple[Reading, Result]]:
        """Read documents; what comes of each in their order. Whoever stops in the middle leaves nothing running."""


def attempt(path: Path, settings: Settings, watch: Beats | None = None) -> Result:
    """Read one document."""
    try:
        return read_material(path, settings, watch) if settings.texts else Material(read_document(path, settings, watch))
    except DocumentError as e:
        return e


class ReadingPool:
    """Worker processes that read; they stay for the next run until the pool is closed.

    Args:
        workers: at most so many; they start as there is something to read.
        settings: with the bounds of each document, for as long as the pool is open.
        threads: cores of each worker; by default an even share of this machine's.
        tell_lost: hears of each piece of work that came to nothing; by default it is said for the log.
    """

    def __init__(self, workers: int, settings: Settings = DEFAULT, threads: int = 0, tell_lost: TellLost = lost_told) -> None:
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        bounds = Bounds(settings.stalled, settings.longest, settings.memory, settings.output)
        self._workers = [Worker(bounds, self._news) for _ in range(workers)]
        # Workers share the cores; OCR would otherwise start as many threads in each of them.
        self._threads = threads or max(1, (os.cpu_count() or 1) // workers)
        self._tell_lost = tell_lost

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers, whatever they are at."""
        for worker in self._workers:
            worker.close()

    def read(self, readings: Iterable[Reading], settings: Settings) -> Iterator[tuple[Reading, Result]]:
        """Read documents; what comes of each in their order. Whoever stops in the middle leaves nothing running."""
        at = _Progress(deque(readings), replace(settings, threads=self._threads), self._tell_lost)
        try:
            while at.waiting or at.order:
                self._hand_out(at)
                while at.order and at.order[0].number in at.done:
                    reading = at.order.popleft()
                    yield reading, at.done.pop(reading.number)
                if at.given:
                    self._await(at)
        finally:
            for worker in at.given:
                worker.close()

    def _hand_out(self, at: _Progress) -> None:
        idle = [worker for worker in self._workers if worker not in at.given]
        # Those that run already first: a further process costs its start.
        for worker in sorted(idle, key=lambda one: not one.running):
            if not at.waiting or len(at.order) >= AHEAD * len(self._workers):
                return
            reading = at.waiting.popleft()
            at.order.append(reading)
            try:
                path = reading.take()
            except DocumentError as e:
                at.done[reading.number] = e
                return
            at.given[worker] = reading
            worker.begin(attempt, path, at.settings, told=True)

    def _await(self, at: _Progress) -> None:
        """Wait for news, and see who is overdue."""
        for worker in list(at.given):
            if (lost := worker.overdue()) is not None:
                at.settle(worker, lost)
        try:
            news = self._news.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        if not news.worker.heard(news):
            return
        if isinstance(news.said, Beat):
            at.given[news.worker].watch(news.said.pages, news.said.read)
        else:
            at.settle(news.worker, news.said)


@dataclass
class _Progress:
    """What waits, what workers are at, what is done and waits for its turn."""

    waiting: deque[Reading]
    settings: Settings
    tell_lost: TellLost
    order: deque[Reading] = field(default_factory=deque)
    given: dict[Worker, Reading] = field(default_factory=dict)
    done: dict[int, Result] = field(default_factory=dict)

    def settle(self, worker: Worker, said: Result | Lost) -> None:
        reading = self.given.pop(worker)
        self.done[reading.number] = reading.lost(said, self.tell_lost) if isinstance(said, Lost) else reading.told(said)


def lost_error(name: str, lost: Lost) -> DocumentError:
    """What a user is told of a document whose reading came to nothing."""
    if lost.why in ("crashed", "fault"):
        # Foreign code that gets no memory seldom says so; it crashes.
        how = "读取时进程崩溃（文件损坏，或需要的内存超过上限）" if lost.why == "crashed" else "读取时出了意外"
        return DamagedDocument(name, how, "请用阅读器另存一份后再试")
    return TooCostly(name, _TOO_MUCH[lost.why], "请把它拆成几个小文件再试；确实需要时，可用环境变量 JIHE_LIMITS 放宽（见 docs/limits.md）")


_TOO_MUCH = {
    "stalled": "读取时很久没有进展，已停止",
    "long": "读取用时超过上限，已停止",
    "memory": "读取需要的内存超过上限，已停止",
    "output": "读出的内容超过上限，已停止",
}
