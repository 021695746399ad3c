"""Looks at this process and all below it, again and again while something runs, from /proc."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

INTERVAL = 0.2
"""Seconds between two looks: a look at a busy machine takes some milliseconds."""
PROC = Path("/proc")


class Sampling(ABC):
    """While entered, `look` is called every so often by a thread of its own, and once more at the end."""

    def __init__(self) -> None:
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
        self.look()

    @abstractmethod
    def look(self) -> None:
        """Take note of how things are now."""

    def _watch(self) -> None:
        while not self._done.wait(INTERVAL):
            self.look()


def files(name: str) -> Iterator[tuple[int, str]]:
    """This file of every process that there is, by its number; nothing where /proc is not there."""
    for entry in PROC.glob("[0-9]*"):
        try:
            yield int(entry.name), (entry / name).read_text()
        except OSError:  # it has ended meanwhile
            continue


def stats() -> dict[int, list[str]]:
    """What /proc says of every process behind its name: its state, its parent, …; ticks of the processor from place 11 on."""
    return {pid: told.rpartition(")")[2].split() for pid, told in files("stat")}


def family(roots: Iterable[int], parents: Mapping[int, int]) -> set[int]:
    """Those of these processes that are there, and all below them."""
    out = set(roots) & parents.keys()
    while more := {pid for pid, parent in parents.items() if parent in out} - out:
        out |= more
    return out
