"""The gate: a run held against a baseline. What got worse is named, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from eval.runs.record import RunRecord, SetRun
from schema.errors import UsageError
from schema.record import Record

COUNTS = ("forms_found", "forms_exact", "silent", "silent_numbers", "silent_texts", "forms_extra")
FALLING = frozenset({"silent", "silent_numbers", "silent_texts", "forms_extra", "wrong_unmarked", "marked_share"})
"""Figures that get worse as they grow."""


class Baseline(Record):
    """Figures that must not get worse, by set and name, and by how much they may: `slack` of shares, `slack_counts` of counts.

    Reading is deterministic on one machine; other processors round pictures differently, so scans need some slack.
    """

    dataset: str
    quick: bool
    sets: dict[str, dict[str, float]]
    slack: float = 0.0
    slack_counts: int = 0


class Worse(Record):
    """A figure that got worse."""

    set: str
    figure: str
    baseline: float
    now: float


def figures_of(run: SetRun) -> dict[str, float]:
    """The figures of a set that a gate looks at, by name: counts as they are, shares from 0 to 1."""
    told = run.extraction
    out: dict[str, float] = {name: float(getattr(told, name)) for name in COUNTS}
    out |= {"rows_recall": told.rows_recall, "rows_precision": told.rows_precision, "marked_share": told.calibration.marked_share}
    for name, group in told.groups.items():
        out |= {f"{name}.f1": group.f1 or 0.0, f"{name}.blank": group.blank if group.blank is not None else 1.0}
    return out


def make_baseline(run: RunRecord, slack: float = 0.0, slack_counts: int = 0) -> Baseline:
    """The figures of a run as a baseline."""
    sets = {one.name: figures_of(one) for one in run.sets}
    return Baseline(dataset=run.settings.dataset, quick=run.settings.quick, sets=sets, slack=slack, slack_counts=slack_counts)


def read_baseline(path: Path) -> Baseline:
    """A baseline from its file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return Baseline.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as e:
        raise UsageError(f"{path}：读不出来（{e.strerror or e}）。用 jihe eval gate --write 由一次评测生成。") from e
    except (json.JSONDecodeError, UnicodeDecodeError, ValidationError) as e:
        raise UsageError(f"{path}：不是基线文件。用 jihe eval gate --write 由一次评测生成。") from e


def worse(run: RunRecord, baseline: Baseline) -> list[Worse]:
    """What got worse; nothing where the gate is passed.

    Raises:
        UsageError: the run is of another dataset, or lacks a set of the baseline.
    """
    if run.settings.dataset != baseline.dataset:
        raise UsageError(f"基线是数据集 {baseline.dataset} 的，这次评测的是 {run.settings.dataset}。")
    done = {one.name: one for one in run.sets}
    if absent := baseline.sets.keys() - done.keys():
        raise UsageError(f"这次评测没有基线里的 {'、'.join(sorted(absent))}。请用同样的选项评测。")
    return [found for name, wanted in baseline.sets.items() for found in _worse(done[name], wanted, baseline)]


def _worse(run: SetRun, wanted: dict[str, float], baseline: Baseline) -> Iterator[Worse]:
    now = figures_of(run)
    for figure, value in wanted.items():
        slack = baseline.slack_counts if figure in COUNTS else baseline.slack
        change = now[figure] - value
        if (change if figure in FALLING else -change) > slack + 1e-9:
            yield Worse(set=run.name, figure=figure, baseline=value, now=now[figure])
