"""`python -m eval.bench questions`: seconds per question over ever more made-up forms, beside a plain read of the same table.

Homes are made of eval.synthesis.many, imported in pieces; each is asked in a process of its own. The floor is `SELECT * FROM indicators`
through sqlite3 in the same process: the machine's speed drifts, so that ratios say more than seconds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from math import ceil
from pathlib import Path
from statistics import median

from eval.bench.asked import Asked, Measured
from eval.bench.report import machine
from eval.synthesis.many import many_forms
from schema.errors import JiheError
from store.store import Store

SIZES = (37, 1000, 5000, 20_000)
LIMITS = {37: 0.3, 20_000: 1.5}
"""Seconds that a question may take, warm, over so many forms."""
KINDS = {100_000: (1.0, 2.5)}
"""Over so many forms: seconds of the median kind of question, and of the one that only one in twenty exceeds."""
PIECE = 500
"""Forms that are imported at a time."""


class AskingFailed(JiheError):
    """The process that asks ended with an error; its last line is the message."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and return 1 where a limit is missed."""
    given = _parser().parse_args(arguments)
    measured, imported = [], []
    with tempfile.TemporaryDirectory(prefix="jihe-questions-") as folder:
        for size in sorted(given.forms):
            home = (given.homes or Path(folder)) / f"{size}.home"
            imported.append(_filled(home, size))
            measured.append(asked_apart(home, given.repeat))
    _say(*table(measured), "", *standing(measured, imported), "")
    kept = verdicts(measured)
    _say(*(f"- {'ok' if good else 'MISS'}: {what}" for what, good in kept))
    if given.output:
        figures = {"machine": machine(), "homes": [asdict(one) for one in measured], "import_seconds": imported}
        given.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(good for _, good in kept) else 1


def fill(home: Path, size: int) -> float:
    """Import so many made-up forms in pieces, the units compared at the end; seconds per form, without the making of the forms."""
    forms, seconds = many_forms(size), 0.0
    with Store.open(home) as store:
        for number in range(0, size, PIECE):
            file = home / f"piece-{number}.json"
            file.write_text(f'"{size} {number}"', encoding="utf-8")
            piece = list(islice(forms, min(PIECE, size - number)))
            begun = time.perf_counter()
            store.import_forms(piece, file, settle=False)
            seconds += time.perf_counter() - begun
        begun = time.perf_counter()
        store.settle()
        seconds += time.perf_counter() - begun
    return seconds / size


def asked_apart(home: Path, repeat: int) -> Measured:
    """The figures of one home, measured in a fresh process.

    Raises:
        AskingFailed: the process ended with an error.
    """
    command = [sys.executable, "-m", "eval.bench.asked", str(home), str(repeat)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise AskingFailed(lines[-1] if lines else f"exit code {done.returncode}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return Measured(**figures | {"asked": tuple(Asked(**one) for one in figures["asked"])})


def table(measured: Sequence[Measured]) -> list[str]:
    """Milliseconds per question and home; for the largest also of the processor, in floors, and the first time it was put."""
    largest = measured[-1]
    sizes = [f"{one.forms:,} forms" for one in measured]
    columns = ["question", "query", *sizes, "CPU", "CPU x floor", "first time", "projects"]
    lines = [_row(columns), "|---|---" + "|---:" * (len(columns) - 2) + "|"]
    for asked in zip(*(one.asked for one in measured), strict=True):
        last = asked[-1]
        told = "-" if last.abstained else f"{last.projects:,}"
        intent = last.intent + ("" if last.verified else " (table only)")
        times = [f"{one.warm * 1000:.0f}" for one in asked]
        figures = [f"{last.cpu * 1000:.0f}", f"{last.cpu / largest.floor_cpu:.2f}", f"{last.first * 1000:.0f}"]
        lines.append(_row([f"{last.kind}, {last.language}", intent, *times, *figures, told]))
    return lines


def standing(measured: Sequence[Measured], imported: Sequence[float | None]) -> list[str]:
    """What goes with every size: rows, floor, start, a question after a change, memory, import."""
    columns = [
        "forms",
        "rows",
        "floor ms",
        "floor CPU ms",
        "first question s",
        "after one more form s",
        "peak MB",
        "import ms/form",
    ]
    lines = [_row(columns), "|---:" * len(columns) + "|"]
    for one, seconds in zip(measured, imported, strict=True):
        peak = "-" if one.peak_mb is None else f"{one.peak_mb:.0f}"
        last = "-" if seconds is None else f"{seconds * 1000:.1f}"
        floors = [f"{one.floor * 1000:.1f}", f"{one.floor_cpu * 1000:.1f}"]
        lines.append(_row([f"{one.forms:,}", f"{one.rows:,}", *floors, f"{one.opened:.2f}", f"{one.changed:.2f}", peak, last]))
    return lines


def verdicts(measured: Sequence[Measured]) -> list[tuple[str, bool]]:
    """For every size with limits the slowest kind of question, or the median and the 95th percentile, and whether they are kept."""
    out = []
    for one in measured:
        limit = LIMITS.get(one.forms)
        if limit is not None:
            slowest = max(one.asked, key=lambda asked: asked.warm)
            within = sum(asked.warm <= limit for asked in one.asked)
            what = f"{one.forms:,} forms: {within} of {len(one.asked)} within {limit:g} s; slowest {slowest.kind} {slowest.warm:.2f} s"
            out.append((what, slowest.warm <= limit))
        if one.forms in KINDS:
            times, (middle, most) = [asked.warm for asked in one.asked], KINDS[one.forms]
            kinds = median(times), share_within(times, 0.95)
            what = (
                f"{one.forms:,} forms: median of the kinds {kinds[0]:.2f} s (at most {middle:g}), p95 {kinds[1]:.2f} s (at most {most:g})"
            )
            out.append((what, kinds[0] <= middle and kinds[1] <= most))
    return out


def share_within(times: Sequence[float], share: float) -> float:
    """The least of some times that so large a share of them do not exceed."""
    return sorted(times)[max(0, ceil(share * len(times)) - 1)]


def _filled(home: Path, size: int) -> float | None:
    """Seconds per form of the last piece; None for a home that is there already, which saves its making."""
    return None if home.exists() else fill(home, size)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench questions", description="Seconds per question over made-up forms.")
    parser.add_argument("--forms", nargs="+", type=int, default=list(SIZES), help="how many forms the homes hold")
    parser.add_argument("--repeat", type=int, default=3, help="times each question is put when it is warm; the median counts")
    parser.add_argument("--homes", type=Path, help="where homes are kept for the next run; by default they are thrown away")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
