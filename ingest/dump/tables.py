"""The forms of a dump as tables of cells, so that the one layout extractor reads them too.

Boxes are made up: x runs from 0 to 1000 over a table, y is the number of a line. Where a value stands is in the glyphs, see
ingest.page.Line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.dump.amounts import Amounts
from ingest.dump.flow import FormText, find_forms
from ingest.dump.goals import boundaries
from ingest.dump.pieces import Piece, lines_of, pieces_of
from ingest.dump.rows import Rows, read_rows
from ingest.page import Cell, Glyph, Line, Table

_WIDTH = 1000.0
_HEADING = 100.0
"""Right edge of the headings that stand left of a section."""
_ROW_LABEL = 250.0
"""Right edge of the labels of funding rows."""
_GOALS_UNSURE = "文本里看不出预期目标与实际完成情况的分界"
MOST_PIECES = 2_000
"""Pieces of print below the header of one form: hundreds of rows, where forms have some tens. What has more is no form, and would cost
minutes to make sense of."""
_UNFINISHED = "标签没有印全，按惯用的名称补全"


@dataclass
class _Grid:
    """Cells put in row by row."""

    text: str
    top: float
    rows: int = 0
    cells: list[Cell] = field(default_factory=list)

    def add(self, x0: float, x1: float, pieces: Sequence[Piece], span: int = 1, doubt: str | None = None, missing: str = "") -> None:
        """A cell in the current row."""
        lines = lines_of(self.text, pieces)
        if missing:
            last = lines[-1].glyphs[-1]
            added = Glyph(missing, last.x1, last.y0, last.x1, last.y1)
            lines = (*lines[:-1], Line((*lines[-1].glyphs, added), lines[-1].origin))
        box = (x0, self.top + self.rows, x1, self.top + self.rows + span)
        self.cells.append(Cell(1, self.rows, int(x0), span, int(x1) - int(x0), box, lines, doubt))

    def next(self) -> None:
        """On to the next row."""
        self.rows += 1

    def table(self) -> Table:
        """All of it."""
        return Table(1, (0.0, self.top, _WIDTH, self.top + max(1, self.rows)), tuple(self.cells))


def read_dump(text: str, moved: Callable[[], None] = lambda: None) -> tuple[tuple[Table, ...], tuple[Line, ...], str | None]:
    """The tables of a dump, its lines outside of them, and what was left out because it is too long to be a form.

    `moved` is called after every table that was looked at.
    """
    pieces = pieces_of(text)
    found = find_forms(pieces)
    forms = [form for form in found if len(form.body) <= MOST_PIECES]
    read = read_rows([(form.body, form.fields) for form in forms], moved)
    for alike in _by_template(forms):
        cuts = boundaries([form.goals.together for form in alike])
        for form, (count, sure) in zip(alike, cuts, strict=True):
            _cut(form, count, sure)
    tables = [_table(text, form, rows) for form, rows in zip(forms, read, strict=True)]
    lines = [line for part in _outside(pieces, forms) for line in lines_of(text, part)]
    lost = next((f"第 {pieces[form.first].line} 行起的表超过 {MOST_PIECES} 段文字" for form in found if form not in forms), None)
    return tuple(tables), tuple(lines), lost


def _by_template(forms: Sequence[FormText]) -> Iterator[list[FormText]]:
    """Forms whose columns are the same."""
    for fields in dict.fromkeys(form.fields for form in forms):
        yield [form for form in forms if form.fields == fields]


def _cut(form: FormText, count: int, sure: bool) -> None:
    goals = form.goals
    if not goals.together.lines:
        return
    goals.sure = sure
    first, second = goals.labels
    goals.texts[first] = [piece for line in goals.together.lines[:count] for piece in line]
    goals.texts[second] = [piece for line in goals.together.lines[count:] for piece in line]


def _outside(pieces: Sequence[Piece], forms: Sequence[FormText]) -> Iterator[list[Piece]]:
    """The printed lines before, between and behind the forms."""
    edges = [(form.first, form.end) for form in forms]
    for (_, low), (high, _) in pairwise([(0, 0), *edges, (len(pieces), 0)]):
        line: list[Piece] = []
        for piece in pieces[low:high]:
            if line and piece.line != line[-1].line:
                yield line
                line = []
            line.append(piece)
        if line:
            yield line


def _table(text: str, form: FormText, rows: Rows) -> Table:
    grid = _Grid(text, float(form.head[0][0][0].line))
    for label, value in form.head:
        grid.add(0, _ROW_LABEL, label)
        grid.add(_ROW_LABEL, _WIDTH, value)
        grid.next()
    if form.columns:
        _add_amounts(grid, form)
    _add_goals(grid, form)
    _add_indicators(grid, form, rows)
    return grid.table()


def _edges(count: int, low: float) -> list[float]:
    return [low + (_WIDTH - low) * i / count for i in range(count + 1)]


def _add_amounts(grid: _Grid, form: FormText) -> None:
    edges = _edges(len(form.columns), _ROW_LABEL)
    names = [_header_pieces(form, label.first, label.end) for label in form.columns]
    grid.add(0, _HEADING, form.heading, span=len(form.amounts) + 1)
    grid.add(_HEADING, _ROW_LABEL, [])
    for i, name in enumerate(names):
        grid.add(edges[i], edges[i + 1], name)
    grid.next()
    for row in form.amounts:
        grid.add(_HEADING, _ROW_LABEL, row.label)
        for i in range(len(form.columns)):
            grid.add(edges[i], edges[i + 1], _value(row, i), doubt=row.doubt)
        grid.next()


def _header_pieces(form: FormText, first: int, end: int) -> list[Piece]:
    return list(form.pieces[first:end])


def _value(row: Amounts, column: int) -> list[Piece]:
    return row.values[row.columns.index(column)] if column in row.columns else []


def _add_goals(grid: _Grid, form: FormText) -> None:
    goals = form.goals
    doubt = None if goals.sure else _GOALS_UNSURE
    if not goals.labels and not goals.heading:
        return
    if len(goals.labels) == 2:
        grid.add(0, _HEADING, goals.heading, span=2)
        edges = _edges(2, _HEADING)
        for i, label in enumerate(goals.labels.values()):
            grid.add(edges[i], edges[i + 1], label)
        grid.next()
        for i, name in enumerate(goals.labels):
            grid.add(edges[i], edges[i + 1], goals.texts.get(name, []), doubt=doubt)
        grid.next()
        return
    label = next(iter(goals.labels.values()), goals.heading)
    grid.add(0, _ROW_LABEL, label)
    grid.add(_ROW_LABEL, _WIDTH, next(iter(goals.texts.values()), []))
    grid.next()


def _add_indicators(grid: _Grid, form: FormText, rows: Rows) -> None:
    fields = form.fields
    edges = dict(zip(range(len(fields)), pairwise(_edges(len(fields), _HEADING)), strict=True))
    grid.add(0, _HEADING, form.indicators_heading, span=1 + len(rows.rows))
    for i, label in enumerate(form.header):
        grid.add(*edges[i], _header_pieces(form, label.first, label.end))
    grid.next()
    labels = {(name, label.rows[0]): label for name, found in rows.labels.items() for label in found if label.rows}
    for number, row in enumerate(rows.rows):
        for i, name in enumerate(fields):
            if name in rows.labels:
                held = labels.get((name, number))
                if held is not None:
                    doubt = _UNFINISHED if held.missing else held.doubt or rows.doubt
                    grid.add(*edges[i], held.pieces, span=len(held.rows), doubt=doubt, missing=held.missing)
            else:
                grid.add(*edges[i], row.cells.get(name, []), doubt=row.doubts.get(name) or rows.doubt)
        grid.next()
    _add_totals(grid, form, {name: edges[i] for i, name in enumerate(fields)})


def _add_totals(grid: _Grid, form: FormText, edges: dict[str, tuple[float, float]]) -> None:
    if form.total:
        columns = [edges[name] for name in ("weight", "score") if name in edges]
        found = form.total_values if len(form.total_values) >= len(columns) else [[], *form.total_values]
        grid.add(0, columns[0][0] if columns else _ROW_LABEL, form.total)
        for column, value in zip(columns, found, strict=False):
            grid.add(*column, value)
        grid.next()
    if form.grade:
        grid.add(0, _ROW_LABEL, form.grade)
        grid.add(_ROW_LABEL, _WIDTH, form.grade_value)
        grid.next()
