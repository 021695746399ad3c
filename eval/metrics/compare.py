"""A form beside its gold form, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rapidfuzz.distance import Levenshtein

from eval.metrics.pairing import likeness, pair_rows, spelled
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, ROW_CELLS, TEXT_CELLS, CellValue, funding_cell, get_cell, iter_cells, row_cell
from schema.form import Form

Group = Literal["number", "label", "text", "deviation"]
GROUPS: tuple[Group, ...] = ("number", "label", "text", "deviation")
LABEL_CELLS = ("project_name", "department", "implementing_unit", "unit_of_money", "grade")
NUMBER_CELLS = (
    "fiscal_year",
    *(funding_cell(row, column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS),
    "total_weight",
    "total_score",
)
ROW_GROUPS: Mapping[str, Group] = {
    **dict.fromkeys(("level1", "level2", "name", "target", "actual"), "label"),
    **dict.fromkeys(("weight", "score"), "number"),
    "deviation": "deviation",
}
SAME_TEXT = 0.98
"""Likeness from which a running text counts as right: a comma of a scan is no error of reading."""
ROWS = "indicators"


@dataclass(frozen=True)
class CellResult:
    """One cell of a gold form and what it was read as.

    Attributes:
        form: form_id of the gold form.
        cell: its address in the form as read; in the gold form where the row was not read at all.
        gold_cell: its address in the gold form; None for a cell of a row too many.
        want, got: the values; None for a blank.
        marked: whether the form says that a person should look at it.
        likeness: of running texts, from 0 to 1; of other cells 1 where they are right.
        edits, length: characters to insert, delete or replace, and characters of the gold text, both folded.
    """

    form: str
    cell: str
    gold_cell: str | None
    group: Group
    want: CellValue
    got: CellValue
    marked: bool
    likeness: float
    edits: int = 0
    length: int = 0

    @property
    def right(self) -> bool:
        """Whether it was read rightly."""
        return self.gold_cell is not None and (self.likeness >= SAME_TEXT if self.group in ("text", "deviation") else self.likeness == 1)

    @property
    def silent(self) -> bool:
        """Whether it is wrong and nobody is told."""
        return not self.right and not self.marked


@dataclass(frozen=True)
class FormResult:
    """One gold form and what came of it.

    Attributes:
        read: form_id of the form it was read as; None where it was not found.
        cells: compared cells; all of them wrong where the form was not found.
        rows_gold, rows_paired, rows_read: indicator rows printed, printed and read, read.
        marked: cells of the form as read that are marked; `all_cells` of how many.
    """

    form: str
    found: bool
    cells: tuple[CellResult, ...] = ()
    rows_gold: int = 0
    rows_paired: int = 0
    rows_read: int = 0
    marked: int = 0
    all_cells: int = 0
    read: str | None = None

    @property
    def exact(self) -> bool:
        """Whether every cell is right and no row is missing or too many."""
        return self.found and self.rows_gold == self.rows_paired == self.rows_read and all(cell.right for cell in self.cells)


def compare(gold: Form, read: Form | None) -> FormResult:
    """Every cell of a gold form against the form it was read as."""
    if read is None:
        nothing = gold.model_copy(update={"indicators": ()})
        lost = (_wrong(cell) for cell in (*_head(gold, gold, Marks(nothing)), *_rows(gold, nothing, {}, Marks(nothing))))
        return FormResult(gold.form_id, found=False, cells=tuple(lost), rows_gold=len(gold.indicators))
    marks = Marks(read)
    pairs = pair_rows(gold.indicators, read.indicators)
    cells = (*_head(gold, read, marks), *_rows(gold, read, pairs, marks))
    return FormResult(
        gold.form_id,
        found=True,
        cells=tuple(cells),
        rows_gold=len(gold.indicators),
        rows_paired=len(pairs),
        rows_read=len(read.indicators),
        marked=marks.count,
        all_cells=marks.every,
        read=read.form_id,
    )


class Marks:
    """The cells of a form that are marked for review: each for itself, or with the block or row it belongs to."""

    def __init__(self, form: Form) -> None:
        named = {mark.cell for mark in form.review}
        blocks = tuple(f"{cell}{mark}" for cell in named - {ROWS} for mark in (".", "["))
        counted = [cell for cell, _ in iter_cells(form) if not cell.startswith("extras")]
        self._cells = {cell for cell in counted if cell in named or cell.startswith(blocks)}
        self.count, self.every = len(self._cells), len(counted) + 1
        absent = {f"{ROWS}[{n}]" for n in range(len(form.indicators), len(form.indicators) + 200)}
        self.rows_missing = ROWS in named or bool(named & absent)
        """Whether the form says that rows may be missing."""

    def __contains__(self, cell: str) -> bool:
        return cell in self._cells


def _head(gold: Form, read: Form, marks: Marks) -> Iterator[CellResult]:
    groups: Iterable[tuple[str, Group]] = (
        *((cell, "label") for cell in LABEL_CELLS),
        *((cell, "number") for cell in NUMBER_CELLS),
        *((cell, "text") for cell in TEXT_CELLS),
    )
    for cell, group in groups:
        want, got = get_cell(gold, cell), get_cell(read, cell)
        if group != "text" or want or got:
            yield _result(gold.form_id, (cell, cell), group, (want, got), marked=cell in marks)


def _rows(gold: Form, read: Form, pairs: Mapping[int, int], marks: Marks) -> Iterator[CellResult]:
    for i, row in enumerate(gold.indicators):
        j = pairs.get(i)
        for field in ROW_CELLS:
            group, want = ROW_GROUPS[field], getattr(row, field)
            got = getattr(read.indicators[j], field) if j is not None else None
            if group == "deviation" and (j is None or not (want or got)):
                continue
            where = row_cell(i if j is None else j, field)
            marked = marks.rows_missing if j is None else where in marks
            result = _result(gold.form_id, (where, row_cell(i, field)), group, (want, got), marked=marked)
            # A row that was not read is wrong in all its cells, those that print nothing as well.
            yield result if j is not None else _wrong(result)
    for j in sorted(set(range(len(read.indicators))) - set(pairs.values())):
        for field in ("weight", "score"):
            got = getattr(read.indicators[j], field)
            yield CellResult(gold.form_id, row_cell(j, field), None, "number", None, got, row_cell(j, field) in marks, 0.0)


def _result(form: str, at: tuple[str, str], group: Group, values: tuple[CellValue, CellValue], *, marked: bool) -> CellResult:
    want, got = values
    if group == "number":
        return CellResult(form, at[0], at[1], group, want, got, marked, float(want == got))
    a, b = (str(value) if value is not None else None for value in values)
    left, right = spelled(a), spelled(b)
    alike = likeness(a, b) if group in ("text", "deviation") else float(left == right)
    return CellResult(form, at[0], at[1], group, want, got, marked, alike, Levenshtein.distance(left, right), len(left))


def _wrong(result: CellResult) -> CellResult:
    return replace(result, got=None, likeness=0.0, edits=result.length)
