"""The figures as tables and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.table import Table

from eval.bench.peers import FLOOR, JIHE
from eval.bench.runs import Row

FLOOR_LIMIT = 15.0
PDFPLUMBER_GAIN = 2.0
FIND_TABLES_GAIN = 10.0
GROWTH_LIMIT = 0.2

_COLUMNS = (
    "reader",
    "workers",
    "docs",
    "pages",
    "ms/page",
    "min",
    "max",
    "CPU ms/page",
    "x floor",
    "total s",
    "start s",
    "1st doc s",
    "peak MB",
    "n",
)


def table(title: str, rows: Sequence[Row]) -> Table:
    """One table of a set of documents."""
    out = Table(*_COLUMNS, title=title)
    for column in out.columns[1:]:
        column.justify = "right"
    for row in rows:
        out.add_row(*_cells(row))
    return out


def markdown(rows: Sequence[Row]) -> str:
    """The same as a Markdown table, for docs/performance.md."""
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|---" + "|---:" * (len(_COLUMNS) - 1) + "|"]
    lines += ["| " + " | ".join(_cells(row)) + " |" for row in rows]
    return "\n".join(lines)


def _cells(row: Row) -> list[str]:
    return [
        row.peer, str(row.workers), str(row.documents), str(row.pages),
        f"{row.ms_per_page:.2f}", f"{row.fastest:.2f}", f"{row.slowest:.2f}", f"{row.cpu_ms_per_page:.2f}", _or_dash(row.ratio, ".1f"),
        f"{row.seconds:.2f}", f"{row.start:.2f}", f"{row.cold:.2f}", _or_dash(row.peak_mb, ".0f"), str(row.repetitions),
    ]  # fmt: skip


def _or_dash(number: float | None, form: str) -> str:
    return "-" if number is None else format(number, form)


def verdicts(peers: Sequence[Row], growth: Sequence[Row]) -> list[tuple[str, bool]]:
    """The limits of the issue with the figure measured, and whether it is kept; a limit without both figures is left out."""
    figures = {row.peer: row.ms_per_page for row in peers if row.workers == 1}
    ours = figures.get(JIHE)
    out = []
    if ours and FLOOR in figures:
        ratio = ours / figures[FLOOR]
        out.append((f"whole path {ratio:.1f} x the floor (at most {FLOOR_LIMIT:g})", ratio <= FLOOR_LIMIT))
    for peer, gain in (("pdfplumber", PDFPLUMBER_GAIN), ("find_tables", FIND_TABLES_GAIN)):
        if ours and peer in figures:
            faster = figures[peer] / ours
            out.append((f"{faster:.1f} x faster than {peer} (at least {gain:g})", faster >= gain))
    change = _growth(growth)
    if change is not None:
        out.append(
            (
                f"processor time per page, in floors, changes by {change:+.0%} to the largest set (within {GROWTH_LIMIT:.0%})",
                abs(change) <= GROWTH_LIMIT,
            )
        )
    return out


def _growth(rows: Sequence[Row]) -> float | None:
    """Change of the cost per page from the middle set to the largest; the smallest is mostly fixed cost.

    Processor time, and in multiples of the floor on the same documents: runs of different size are minutes apart, and a machine that is
    slower by then would show as growth. The floor itself does the same work per page whatever the size.
    """
    floors = {row.documents: row.cpu_ms_per_page for row in rows if row.peer == FLOOR}
    ours = sorted((row for row in rows if row.peer == JIHE and row.workers == 1 and row.documents in floors), key=lambda row: row.documents)
    costs = [row.cpu_ms_per_page / floors[row.documents] for row in ours]
    return costs[-1] / costs[-2] - 1 if len(costs) >= 2 else None


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    packages = ("pymupdf", "pdfplumber")
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cpus": os.cpu_count(),
        "processor": _processor(),
        "packages": {name: version(name) for name in packages},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name"))
    return next(names, platform.processor())


def write_json(path: Path, peers: Sequence[Row], growth: Sequence[Row], command: str) -> None:
    """All figures with the machine and the command that made them."""
    data = {
        "command": command,
        "machine": machine(),
        "peers": [asdict(row) for row in peers],
        "growth": [asdict(row) for row in growth],
        "verdicts": [{"what": what, "kept": kept} for what, kept in verdicts(peers, growth)],
    }
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
