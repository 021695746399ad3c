"""The cells of a sheet as tables, and the lines above, between and below them.

A sheet has no tables, only a grid: what is a table shows by its borders, where it has any, and by what its rows hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from openpyxl.utils import get_column_letter

from ingest.blocks import is_title
from ingest.office.cells import GridCell, line_of, pairs_of, table_of
from ingest.office.sheets import SheetText, Shown
from ingest.page import Line, Table
from schema.evidence import SheetPlace
from schema.vocabulary import GOAL, GRADE, HEAD, INDICATOR_COLUMN, OTHER_HEAD, TOTAL, label_key

_COLUMN = 50.0
_TALL = 1 << 21
"""More rows than a sheet has: forms beside each other are set below each other by it."""
_MOSTLY = 0.5
"""Share of the rows from which borders tell what is a table."""
_PAIR = re.compile(r"([^:：]{2,24})[:：]\s*\S")

Rows = dict[int, list[tuple[int, Shown]]]
"""Columns and cells by row, in order; of a merged range, its first cell."""


@dataclass
class Pieces:
    """What a sheet holds."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def pieces_of(page: int, sheet: SheetText) -> Pieces:
    """The tables of a sheet and the lines outside of them; forms beside each other come one after the other."""
    out = Pieces()
    for number, (low, high) in enumerate(_sides(sheet)):
        cells = {place: cell for place, cell in sheet.cells.items() if low <= place[1] < high}
        _add(page, replace(sheet, cells=cells), float(number * _TALL), out)
    return out


def _add(page: int, sheet: SheetText, top: float, out: Pieces) -> None:
    rows = _rows(sheet)
    loose = _loose_rows(sheet, rows)
    cells = _headings(list(_grid(sheet, {row: found for row, found in rows.items() if row not in loose})))
    edges = [i * _COLUMN for i in range(max((cell.column + cell.column_span for cell in cells), default=0) + 1)]
    # A table ends where a loose row follows.
    for _, group in groupby(cells, key=lambda cell: sum(row <= cell.row for row in loose)):
        out.tables.append(table_of(page, top, edges, list(group)))
    for row in sorted(loose):
        for column, cell in rows[row]:
            place = SheetPlace(sheet=sheet.title, ref=_reference(row, column, *_spans(sheet).get((row, column), (1, 1))), text="")
            out.lines += [line_of(text, top + row - 1, place) for line in cell.text.split("\n") for text in pairs_of(line) if text.strip()]


def _spans(sheet: SheetText) -> dict[tuple[int, int], tuple[int, int]]:
    return {(r0, c0): (r1 - r0 + 1, c1 - c0 + 1) for r0, c0, r1, c1 in sheet.merged}


def _sides(sheet: SheetText) -> list[tuple[int, int]]:
    """The ranges of columns, first and behind the last, that hold forms of their own: blank columns stand between them."""
    names = [column for (_, column), cell in sheet.cells.items() if INDICATOR_COLUMN.exact(label_key(cell.text)) == "name"]
    covered = {c for _, c0, _, c1 in sheet.merged for c in range(c0, c1 + 1)} | {c for _, c in sheet.cells}
    whole = [(0, 1 << 20)]
    if len(set(names)) < 2:
        return whole
    cuts = [c for c in range(min(covered), max(covered)) if c not in covered and c + 1 in covered]
    edges = [0, *cuts, 1 << 20]
    sides = list(pairwise(edges))
    return sides if all(any(low <= column < high for column in names) for low, high in sides) else whole


def _rows(sheet: SheetText) -> Rows:
    inside = {(r, c) for r0, c0, r1, c1 in sheet.merged for r in range(r0, r1 + 1) for c in range(c0, c1 + 1) if (r, c) != (r0, c0)}
    rows: Rows = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if (row, column) not in inside:
            rows.setdefault(row, []).append((column, cell))
    return rows


def _loose_rows(sheet: SheetText, rows: Rows) -> set[int]:
    """The rows outside of tables: without a border where tables have them, or with nothing but labelled values."""
    tall = {row for r0, _, r1, _ in sheet.merged if r1 > r0 for row in range(r0, r1 + 1)}
    filled = {row: [cell for _, cell in found if cell.text.strip()] for row, found in rows.items()}
    bordered = {row for row, found in rows.items() if any(cell.bordered for _, cell in found)}
    ruled = len(bordered) > _MOSTLY * sum(bool(cells) for cells in filled.values())
    free = {row: cells for row, cells in filled.items() if cells and row not in tall and row not in bordered}
    lone = {row for row, cells in free.items() if len(cells) == 1}
    loose = {row for row, cells in free.items() if _labelled(cells) or (row in lone and (ruled or is_title(cells[0].text)))}
    # The year, the number of the annex: what stands by itself beside the title.
    order = list(filled)
    for ahead in (order, order[::-1]):
        for before, row in pairwise(ahead):
            if before in loose and row in lone:
                loose.add(row)
    return loose


def _labelled(cells: Sequence[Shown]) -> bool:
    """Whether each of the cells reads 标签：值, with a label that forms print outside of their tables."""
    keys = [label_key(match[1]) if (match := _PAIR.match(cell.text.strip())) else "" for cell in cells]
    return all(key and (HEAD.exact(key) is not None or key in OTHER_HEAD or key in GRADE or key in TOTAL) for key in keys)


def _grid(sheet: SheetText, rows: Rows) -> Iterator[GridCell]:
    """The cells of the grid: merged ranges whole, blank cells only where a border makes them cells of a table."""
    spans = _spans(sheet)
    for row, found in rows.items():
        for column, cell in _kept(found, {c for c, _ in found if (row, c) in spans}, bool(spans)):
            height, width = spans.get((row, column), (1, 1))
            place = SheetPlace(sheet=sheet.title, ref=_reference(row, column, height, width), text="")
            yield GridCell(row - 1, column - 1, place, cell.text.split("\n"), height, width, cell.doubt)


def _kept(row: Sequence[tuple[int, Shown]], merged: set[int], merges: bool) -> Iterator[tuple[int, Shown]]:
    """The cells of a row.

    Blank ones without a border are no cells, nor those behind a label that its value or another label follows. In a sheet without
    merged cells, blank ones may also be what was left of cells that were merged.
    """
    keys = [label_key(cell.text) for _, cell in row]
    labels = [HEAD.exact(key) is not None or key in GRADE for key in keys]
    goals = any(GOAL.exact(key) for key in keys)
    for i, (column, cell) in enumerate(row):
        if cell.text.strip() or cell.doubt:
            yield column, cell
            continue
        after = next((j for j in range(i + 1, len(row)) if row[j][1].text.strip()), None)
        before = next((j for j in range(i - 1, -1, -1) if row[j][1].text.strip()), None)
        between = goals or (before is not None and labels[before] and after is not None and not labels[after])
        if ((cell.bordered and merges) or column in merged) and not between:
            yield column, cell


def _headings(cells: list[GridCell]) -> list[GridCell]:
    """The cells, with the headings of groups of columns as wide as their groups where they were not merged."""
    by_row = {row: list(group) for row, group in groupby(cells, key=lambda cell: cell.row)}
    for row, heads in by_row.items():
        below = [cell for cell in by_row.get(row + 1, ()) if any(text.strip() for text in cell.paragraphs)]
        if "name" not in map(_column, heads) or len(below) < 2 or not all(_column(cell) for cell in below):
            continue
        for head, after in zip(heads, [*heads[1:], None], strict=True):
            end = after.column if after else below[-1].column + 1
            under = [cell.column for cell in below if head.column <= cell.column < end]
            if head.column_span == 1 and len(under) > 1 and under[0] == head.column:
                head.column_span = under[-1] + 1 - head.column
            elif not under:
                head.row_span = max(head.row_span, 2)
    return cells


def _column(cell: GridCell) -> str | None:
    """The field that a cell heads."""
    return INDICATOR_COLUMN.exact(label_key("".join(cell.paragraphs)))


def _reference(row: int, column: int, height: int, width: int) -> str:
    first = f"{get_column_letter(column)}{row}"
    return first if height == width == 1 else f"{first}:{get_column_letter(column + width - 1)}{row + height - 1}"
