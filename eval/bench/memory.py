"""Peak memory of a process and its children, sampled from /proc."""

from __future__ import annotations

import os
import re

from eval.bench.tree import Sampling, family, files

_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
_PARENT = re.compile(r"^PPid:\s+(\d+)", re.MULTILINE)


class PeakMemory(Sampling):
    """While entered, watches the resident memory of this process and all below it; `megabytes` is the largest sum seen.

    On a system without /proc it stays None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.megabytes: float | None = None

    def look(self) -> None:
        """Compare the memory now with the most so far."""
        now = tree_megabytes(os.getpid())
        if now is not None:
            self.megabytes = max(self.megabytes or 0.0, now)


def tree_megabytes(root: int) -> float | None:
    """Resident memory of a process and its descendants, now; None where /proc is not there."""
    resident: dict[int, int] = {}
    parents: dict[int, int] = {}
    for pid, status in files("status"):
        size, parent = _RESIDENT.search(status), _PARENT.search(status)
        if size and parent:
            resident[pid], parents[pid] = int(size[1]), int(parent[1])
    members = family([root], parents)
    return sum(resident[pid] for pid in members) / 1024 if members else None
