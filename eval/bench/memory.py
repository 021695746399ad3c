"""Peak memory of a process and its children, sampled from /proc."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from types import TracebackType

INTERVAL = 0.05
_PROC = Path("/proc")
_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


class PeakMemory:
    """While entered, watches the resident memory of this process and all below it; `megabytes` is the largest sum seen.

    On a system without /proc it stays None.
    """

    def __init__(self) -> None:
        self.megabytes: float | None = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._done.wait(INTERVAL):
            self._look()

    def _look(self) -> None:
        now = tree_megabytes(os.getpid())
        if now is not None:
            self.megabytes = max(self.megabytes or 0.0, now)


def tree_megabytes(root: int) -> float | None:
    """Resident memory of a process and its descendants, now; None where /proc is not there."""
    resident: dict[int, int] = {}
    parents: dict[int, int] = {}
    for entry in _PROC.glob("[0-9]*"):
        try:
            status = (entry / "status").read_text()
        except OSError:  # it has ended meanwhile
            continue
        size, parent = _RESIDENT.search(status), _PARENT.search(status)
        if size and parent:
            resident[int(entry.name)] = int(size[1])
            parents[int(entry.name)] = int(parent[1])
    if root not in resident:
        return None
    family = {root}
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return sum(resident[pid] for pid in family) / 1024
