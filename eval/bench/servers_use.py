"""What servers use of this machine: processor, memory, disk; read from /proc, so nothing is known of servers elsewhere."""

from __future__ import annotations

import os
import re
from pathlib import Path

from eval.bench.tree import PROC, family, stats

_SHARE = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


def tree(root: int) -> set[int]:
    """A process and all below it."""
    return family([root], {pid: int(told[1]) for pid, told in stats().items()})


def cpu_seconds(root: int) -> float:
    """Of the processor, by a process and all below it, ended ones among them."""
    members, fields = tree(root), stats()
    # Its own time, and that of children it has seen end.
    ticks = sum(sum(map(int, fields[pid][11:15])) for pid in members & fields.keys())
    return ticks / os.sysconf("SC_CLK_TCK")


def megabytes(root: int) -> float:
    """Memory of a process and all below it, what they share counted once."""
    total = 0
    for pid in tree(root):
        try:
            found = _SHARE.search((PROC / str(pid) / "smaps_rollup").read_text())
        except OSError:  # it has ended meanwhile, or is another user's
            continue
        total += int(found[1]) if found else 0
    return total / 1024


def folder_bytes(folder: Path) -> int:
    """What the files in a folder hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
