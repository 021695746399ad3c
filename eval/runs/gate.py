"""The gate: a run held against a baseline. What got worse is named, cell by cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from eval.metrics.compare import CellResult
from eval.runs.cells import told_apart, wrong_cells
from eval.runs.folder import Runs
from eval.runs.record import RunRecord, SetRun
from schema.errors import UsageError
from schema.record import Record

COUNTS = ("forms_found", "forms_exact", "silent", "silent_numbers", "silent_texts", "forms_extra")
FALLING = frozenset({"silent", "silent_numbers", "silent_texts", "forms_extra", "wrong_unmarked", "marked_share"})
"""Figures that get worse as they grow."""
EXACT = frozenset({"digital", "text", "office"})
"""Conditions that are read without looking at a picture: the same on every machine, so no slack is given."""
BESIDE = "整次"
"""What stands for the set where a figure is of the whole run."""
_BESIDE_FALLING = frozenset(
    {"checker.beyond", "checker.false_alarms", *(f"faults.{group}" for group in ("number", "label", "text", "deviation"))}
)


class SetBaseline(Record):
    """Figures of one set that must not get worse, and by how much they may.

    Attributes:
        slack: of shares; `slack_counts` of counts. Processors round pictures differently, so scans need some.
        wrong: the cells that were wrong already, as `form cell` of the gold form: a gate names the others.
    """

    figures: dict[str, float]
    slack: float = 0.0
    slack_counts: int = 0
    wrong: tuple[str, ...] = ()


class Baseline(Record):
    """What a run was when it was made the measure of later ones.

    Attributes:
        quick, limit: what was read; only runs that read the same can be held against it.
        beside: figures of the whole run, by name: faults found, answers right. Runs that did not measure them are not held against them.
    """

    dataset: str
    quick: bool
    limit: int | None = None
    sets: dict[str, SetBaseline]
    beside: dict[str, float] = Field(default_factory=dict)


class Worse(Record):
    """A figure that got worse."""

    set: str
    figure: str
    baseline: float
    now: float


@dataclass(frozen=True)
class Broken:
    """Cells of one set that are wrong and were not in the baseline, the most consequential first.

    Attributes:
        lost: names of gold forms that were not found at all.
    """

    set: str
    cells: tuple[CellResult, ...]
    lost: tuple[str, ...]


def figures_of(run: SetRun) -> dict[str, float]:
    """The figures of a set that a gate looks at, by name: counts as they are, shares from 0 to 1."""
    told = run.extraction
    out: dict[str, float] = {name: float(getattr(told, name)) for name in COUNTS}
    out |= {"rows_recall": told.rows_recall, "rows_precision": told.rows_precision, "marked_share": told.calibration.marked_share}
    for name, group in told.groups.items():
        out |= {f"{name}.f1": group.f1 or 0.0, f"{name}.blank": group.blank if group.blank is not None else 1.0}
    return out


def figures_beside(run: RunRecord) -> dict[str, float]:
    """The figures of a run beside reading that a gate looks at; those that were not measured are not in it."""
    out: dict[str, float] = {}
    if (checker := run.checker) is not None:
        out |= {f"checker.{name}": float(getattr(checker, name)) for name in ("found", "beyond", "false_alarms")}
    if (answers := run.answers) is not None:
        out |= {"answers.right": float(answers.right)}
    if (injection := run.injection) is not None:
        out |= {f"faults.{group}": float(count) for group, count in injection.silent.items()}
    return out


def make_baseline(runs: Runs, run: RunRecord, slack: float = 0.0, slack_counts: int = 0) -> Baseline:
    """A run as a baseline; the slack is given to sets whose documents are pictures.

    Raises:
        UsageError: the results of a set are gone.
    """
    sets = {}
    for one in run.sets:
        exact = one.condition in EXACT
        sets[one.name] = SetBaseline(
            figures=figures_of(one),
            slack=0.0 if exact else slack,
            slack_counts=0 if exact else slack_counts,
            wrong=tuple(dict.fromkeys(_key(cell) for cell in wrong_cells(told_apart(runs.results(run, one.name))))),
        )
    return Baseline(dataset=run.settings.dataset, quick=run.settings.quick, limit=run.settings.limit, sets=sets, beside=figures_beside(run))


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


def worse(run: RunRecord, baseline: Baseline, only: Sequence[str] = ()) -> list[Worse]:
    """What got worse; nothing where the gate is passed.

    Args:
        only: the sets to look at; then nothing beside them is. None for all of the baseline.

    Raises:
        UsageError: the run is of another dataset or another part of it, or a set is not in the baseline or was not read.
    """
    asked = run.settings
    if asked.dataset != baseline.dataset:
        raise UsageError(f"基线是数据集 {baseline.dataset} 的，这次评测的是 {asked.dataset}。")
    if (asked.quick, asked.limit) != (baseline.quick, baseline.limit):
        raise UsageError("基线和这次评测读的不是同样的文件（--quick 或 --limit 不同）。请用同样的选项评测。")
    done = {one.name: one for one in run.sets}
    wanted = only or tuple(baseline.sets)
    if absent := sorted({*wanted} - baseline.sets.keys()):
        raise UsageError(f"基线里没有 {'、'.join(absent)}，有 {'、'.join(baseline.sets)}。")
    if absent := sorted({*wanted} - done.keys()):
        raise UsageError(f"这次评测没有基线里的 {'、'.join(absent)}。请用同样的选项评测，或用 --set 只比较读了的集合。")
    out = [found for name in wanted for found in _worse(done[name], baseline.sets[name])]
    return out if only else [*out, *_worse_beside(run, baseline)]


def broken_cells(runs: Runs, run: RunRecord, baseline: Baseline, found: Iterable[Worse]) -> list[Broken]:
    """The cells behind figures that got worse: those that the baseline did not have wrong.

    Raises:
        UsageError: the results of a set are gone.
    """
    out = []
    for name in dict.fromkeys(one.set for one in found if one.set in baseline.sets):
        results = told_apart(runs.results(run, name))
        known = {*baseline.sets[name].wrong}
        cells = tuple(cell for cell in wrong_cells(results) if _key(cell) not in known)
        out.append(Broken(name, cells, tuple(form.form for form in results if not form.found)))
    return out


def _worse(run: SetRun, wanted: SetBaseline) -> Iterator[Worse]:
    now = figures_of(run)
    for figure, value in wanted.figures.items():
        slack = wanted.slack_counts if figure in COUNTS else wanted.slack
        change = now[figure] - value
        if (change if figure in FALLING else -change) > slack + 1e-9:
            yield Worse(set=run.name, figure=figure, baseline=value, now=now[figure])


def _worse_beside(run: RunRecord, baseline: Baseline) -> Iterator[Worse]:
    now = figures_beside(run)
    for figure, value in baseline.beside.items():
        change = now.get(figure, value) - value
        if (change if figure in _BESIDE_FALLING else -change) > 0:
            yield Worse(set=BESIDE, figure=figure, baseline=value, now=now[figure])


def _key(cell: CellResult) -> str:
    return f"{cell.form} {cell.gold_cell or f'+{cell.cell}'}"
