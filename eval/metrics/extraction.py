"""Figures of reading: how much of the gold forms was read, how much of it rightly, and how much of what is wrong was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.metrics.compare import GROUPS, CellResult, FormResult, Group, compare
from eval.metrics.pairing import pair_forms
from schema.form import Form
from schema.record import Record


@dataclass(frozen=True)
class Compared:
    """All gold forms of a set beside what was read.

    Attributes:
        extra: forms read that are no gold form.
    """

    forms: tuple[FormResult, ...]
    extra: int

    @property
    def cells(self) -> Iterable[CellResult]:
        """The cells of all forms."""
        return (cell for form in self.forms for cell in form.cells)


class GroupFigures(Record):
    """One group of cells. Shares are from 0 to 1; `None` where there is nothing to share.

    Attributes:
        cells: cells printed or left blank in the gold forms; `right` of them.
        precision: of the values read, those that are right; `recall`: of the values printed, those read rightly; `f1` of both.
        blank: of the cells that print nothing, those that were left open.
        similarity: mean likeness of texts.
        character_error_rate: characters to mend per character printed.
    """

    cells: int
    right: int
    precision: float | None
    recall: float | None
    f1: float | None
    blank: float | None
    similarity: float | None = None
    character_error_rate: float | None = None


class Calibration(Record):
    """What the marks for review are worth.

    Attributes:
        wrong, wrong_marked: wrong cells, and those of them that are marked.
        marked, marked_wrong: marked cells among those compared, and those of them that are wrong.
        marked_share: cells marked, of all cells read.
    """

    wrong: int
    wrong_marked: int
    marked: int
    marked_wrong: int
    marked_share: float


class Extraction(Record):
    """The figures of one set of documents.

    Attributes:
        silent: wrong numbers, labels and deviations that nobody is told of; `silent_numbers` the numbers among them; `silent_texts`
            goals and results beside them.
    """

    forms: int
    forms_found: int
    forms_extra: int
    forms_exact: int
    rows_recall: float
    rows_precision: float
    groups: dict[str, GroupFigures]
    calibration: Calibration
    silent: int
    silent_numbers: int
    silent_texts: int


def compare_all(gold: Sequence[Form], read: Sequence[Form]) -> Compared:
    """Every gold form beside the form it was read as."""
    paired = pair_forms(gold, read)
    return Compared(tuple(compare(one, other) for one, other in paired.pairs), len(paired.extra))


def figures(compared: Compared) -> Extraction:
    """The figures of forms that were compared."""
    forms, cells = compared.forms, list(compared.cells)
    # Of a form that was not found nobody could be told cell by cell; forms_found says it.
    found = [cell for form in forms if form.found for cell in form.cells]
    rows_paired = sum(form.rows_paired for form in forms)
    return Extraction(
        forms=len(forms),
        forms_found=sum(form.found for form in forms),
        forms_extra=compared.extra,
        forms_exact=sum(form.exact for form in forms),
        rows_recall=share(rows_paired, sum(form.rows_gold for form in forms)) or 0.0,
        rows_precision=share(rows_paired, sum(form.rows_read for form in forms)) or 0.0,
        groups={group: _group([cell for cell in (found if group == "text" else cells) if cell.group == group], group) for group in GROUPS},
        calibration=_calibration(found, forms),
        silent=sum(cell.silent for cell in found if cell.group != "text"),
        silent_numbers=sum(cell.silent for cell in found if cell.group == "number"),
        silent_texts=sum(cell.silent for cell in found if cell.group == "text"),
    )


def share(part: float, whole: float) -> float | None:
    """A part of a whole to six places; None of nothing."""
    return round(part / whole, 6) if whole else None


def _group(cells: Sequence[CellResult], group: Group) -> GroupFigures:
    right = sum(cell.right for cell in cells)
    printed = [cell for cell in cells if cell.want not in (None, "")]
    read = [cell for cell in cells if cell.got not in (None, "")]
    blank = [cell for cell in cells if cell.gold_cell is not None and cell.want in (None, "")]
    precision = share(sum(cell.right for cell in read), len(read))
    recall = share(sum(cell.right for cell in printed), len(printed))
    running = group in ("text", "deviation")
    return GroupFigures(
        cells=sum(cell.gold_cell is not None for cell in cells),
        right=right,
        precision=precision,
        recall=recall,
        f1=share(2 * precision * recall, precision + recall) if precision is not None and recall is not None else None,
        blank=share(sum(cell.got in (None, "") for cell in blank), len(blank)),
        similarity=share(sum(cell.likeness for cell in cells), len(cells)) if running else None,
        character_error_rate=share(sum(cell.edits for cell in cells), sum(cell.length for cell in cells)) if group != "number" else None,
    )


def _calibration(cells: Sequence[CellResult], forms: Sequence[FormResult]) -> Calibration:
    wrong = [cell for cell in cells if not cell.right]
    marked = [cell for cell in cells if cell.marked]
    return Calibration(
        wrong=len(wrong),
        wrong_marked=sum(cell.marked for cell in wrong),
        marked=len(marked),
        marked_wrong=sum(not cell.right for cell in marked),
        marked_share=share(sum(form.marked for form in forms), sum(form.all_cells for form in forms)) or 0.0,
    )
