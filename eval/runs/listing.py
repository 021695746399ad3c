"""What the page 评测 shows of a home: its runs, the latest one, and two of them side by side. Reads files only."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from eval.runs.compare import Comparison, compare_runs
from eval.runs.folder import Runs
from eval.runs.leaderboard import RunLine, run_line
from eval.runs.record import RunRecord
from schema.errors import UsageError
from schema.record import Record

REPORT = "report.html"
MOST = 50
_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}\Z")


class ListedRun(Record):
    """One run of a home.

    Attributes:
        line: its figures; empty where nothing is done yet.
        finished_at: None while it goes on, or where it was broken off.
        report: whether its HTML report was written.
    """

    line: RunLine
    dataset: str
    quick: bool
    finished_at: datetime | None
    report: bool


class Listing(Record):
    """The runs of a home, newest first, at most MOST; `last` is the latest finished one."""

    runs: tuple[ListedRun, ...]
    last: RunRecord | None


def listing(home: Path) -> Listing:
    """The runs of a home; none where nothing was evaluated. Makes no folder."""
    runs = Runs(home)
    held = runs.all()[:MOST]
    listed = (
        ListedRun(
            line=run_line(run),
            dataset=run.settings.dataset,
            quick=run.settings.quick,
            finished_at=run.finished_at,
            report=(runs.of(run) / REPORT).is_file(),
        )
        for run in held
    )
    return Listing(runs=tuple(listed), last=next((run for run in held if run.finished_at is not None), None))


def compared(home: Path, first: str, second: str) -> Comparison:
    """Two runs of a home by their ids.

    Raises:
        UsageError: there is no such run.
    """
    runs = Runs(home)
    return compare_runs(runs, _found(runs, first), _found(runs, second))


def report_file(home: Path, run: str) -> Path | None:
    """The HTML report of a run by its whole id, or None: no other file can be asked for."""
    if not _ID.match(run):
        return None
    path = Runs(home).folder / run / REPORT
    return path if path.is_file() and not path.is_symlink() else None


def _found(runs: Runs, run: str) -> RunRecord:
    if not _ID.match(run):
        raise UsageError(f"没有 {run} 这次评测。")
    return runs.get(run)
