"""Everything a report tells, out of a run's folder: figures with intervals, errors by field and one by one, calibration, confusions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.metrics.bootstrap import Interval, extraction_parts, interval, unseen
from eval.metrics.compare import FormResult
from eval.report.crops import Crop, Cropper, read_text
from eval.report.errors import Confusion, FieldErrors, WrongCell, chosen_errors, confusions, fields_of, wrong_of
from eval.report.readings import ConfidenceClass, confidence_classes, joined, match
from eval.runs.cells import told_apart
from eval.runs.compare import Comparison, compare_runs
from eval.runs.folder import FORMS, Runs
from eval.runs.leaderboard import Board, leaderboard
from eval.runs.record import RunRecord, SetRun
from schema.canonical import read_forms
from schema.errors import CanonicalError, UsageError
from schema.form import Form

CROPS = 24
COPIES = "copies"
"""The folder of eval.dataset.making below the shared one."""


@dataclass(frozen=True)
class MarkShare:
    """How often marked and unmarked cells of a set are wrong: wrong of how many, each."""

    marked: tuple[int, int]
    unmarked: tuple[int, int]


@dataclass(frozen=True)
class SetReport:
    """One set.

    Attributes:
        intervals: by figure of eval.metrics.bootstrap; those of the record where the results cell by cell are gone.
        unseen: the share of forms that may have an error although none of these has.
        not_found: names of gold forms that were not read at all.
        fields: fields in which anything is wrong.
    """

    run: SetRun
    intervals: dict[str, Interval] = field(default_factory=dict)
    unseen: float = 1.0
    not_found: tuple[str, ...] = ()
    fields: tuple[FieldErrors, ...] = ()
    marks: MarkShare | None = None


@dataclass(frozen=True)
class ShownError:
    """An error to look at: with a piece of the page, or the text that was read, where there is any."""

    error: WrongCell
    project: str | None
    crop: Crop | None
    text: str | None


@dataclass(frozen=True)
class Report:
    """What a report of a run tells.

    Attributes:
        errors: the most consequential ones; `wrong` counts all.
        comparison: with another run, where one was asked for.
        board: the finished runs over the same documents, this one among them.
        notes: what is missing from the report, and why.
    """

    run: RunRecord
    sets: tuple[SetReport, ...]
    errors: tuple[ShownError, ...]
    wrong: int
    confusions: tuple[Confusion, ...]
    confidence: tuple[ConfidenceClass, ...]
    comparison: Comparison | None
    board: Board | None
    notes: tuple[str, ...]


@dataclass
class _Gathered:
    """What is gathered over all sets."""

    results: dict[str, dict[str, FormResult]] = field(default_factory=dict)
    forms: dict[str, dict[str, Form | None]] = field(default_factory=dict)
    errors: list[WrongCell] = field(default_factory=list)
    confidence: list[ConfidenceClass] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def gather(
    runs: Runs, run: RunRecord, against: RunRecord | None = None, crops: int = CROPS, first: Collection[tuple[str, str, str]] = ()
) -> Report:
    """Gather what the report of a run tells. What a set lacks (an older run, a folder moved) is said in the notes.

    Args:
        against: an earlier run to compare with.
        crops: errors to show with a piece of the page, at most.
        first: set, form and cell of errors to show before all others.
    """
    held = _Gathered()
    sets = tuple(_set(runs, run, one, held) for one in run.sets)
    every = [form for results in held.results.values() for form in results.values()]
    shown = _shown(held, _chosen(held.errors, crops, first), Cropper(runs.copies_of(run) / COPIES))
    boards = leaderboard(runs.all(), run.settings.dataset)
    return Report(
        run=run,
        sets=sets,
        errors=tuple(shown),
        wrong=len(held.errors),
        confusions=tuple(confusions(every)),
        confidence=tuple(joined(held.confidence)),
        comparison=compare_runs(runs, against, run) if against is not None else None,
        board=next((board for board in boards if run.id in {line.id for line in board.runs}), None),
        notes=tuple(held.notes),
    )


def _set(runs: Runs, run: RunRecord, one: SetRun, held: _Gathered) -> SetReport:
    try:
        results = told_apart(runs.results(run, one.name))
    except UsageError as e:
        held.notes.append(f"{one.name}：{e}")
        return SetReport(one, dict(one.intervals), unseen(one.extraction.forms))
    forms = match(results, _forms(runs.of(run) / one.name / FORMS, one.name, held))
    held.results[one.name] = {result.form: result for result in results}
    held.forms[one.name] = {result.form: form for result, form in zip(results, forms, strict=True)}
    held.errors += wrong_of(one.name, results)
    held.confidence += confidence_classes(results, forms)
    return SetReport(
        run=one,
        intervals={figure: interval(parts, seed=run.settings.seed) for figure, parts in extraction_parts(results).items()},
        unseen=unseen(len(results)),
        not_found=tuple(result.form for result in results if not result.found),
        fields=tuple(fields_of(one.name, results)),
        marks=_marks(results),
    )


def _forms(path: Path, name: str, held: _Gathered) -> list[Form]:
    try:
        return read_forms(path)
    except CanonicalError as e:
        held.notes.append(f"{name}：{e}因此没有截图和置信度。")
        return []


def _chosen(errors: Sequence[WrongCell], most: int, first: Collection[tuple[str, str, str]]) -> list[WrongCell]:
    wanted = [error for error in errors if (error.set, error.form, error.cell) in first]
    head = chosen_errors(wanted, most)
    return head + chosen_errors([error for error in errors if error not in wanted], most - len(head))


def _marks(results: Sequence[FormResult]) -> MarkShare:
    cells = [cell for result in results if result.found for cell in result.cells]
    marked = [cell for cell in cells if cell.marked]
    wrong, wrong_marked = sum(not cell.right for cell in cells), sum(not cell.right for cell in marked)
    return MarkShare((wrong_marked, len(marked)), (wrong - wrong_marked, len(cells) - len(marked)))


def _shown(held: _Gathered, errors: Sequence[WrongCell], cropper: Cropper) -> list[ShownError]:
    out = []
    for error in errors:
        form = held.forms[error.set].get(error.form)
        crop = cropper.crop(error, held.results[error.set][error.form], form)
        text = read_text(error, form) if crop is None else None
        out.append(ShownError(error, form.project_name if form is not None else None, crop, text))
    if cropper.missing:
        names = "、".join(sorted(Path(file).name for file in cropper.missing))
        held.notes.append(f"{names} 已不在原处、改动过或画不出来，没有截图。")
    return out
