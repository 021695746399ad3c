"""Texts with a place in an office file, as the lines, cells and tables that every reader gives.

Boxes are made up where a format has no geometry: columns keep their widths, a row is as high as its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.page import Cell, Glyph, Line, Origin, Table
from schema.evidence import LinePlace

_TOLD = 5
_SHORT = 30


@dataclass
class GridCell:
    """A cell of a grid, rows and columns counted from 0, its paragraphs and its place."""

    row: int
    column: int
    origin: Origin
    paragraphs: list[str] = field(default_factory=list)
    row_span: int = 1
    column_span: int = 1
    doubt: str | None = None


def line_of(text: str, y: float, origin: Origin) -> Line:
    """A text as one line; for a paragraph outside of tables, x counts its characters."""
    return Line(tuple(Glyph(ch, float(i), y, float(i + 1), y) for i, ch in enumerate(text)), origin)


def paragraph(text: str, number: int) -> Line:
    """A paragraph outside of tables. It has no cell, so its place is its number and its characters."""
    return line_of(text, float(number), LinePlace(line=(number, number), span=(0, len(text)), text=""))


def table_of(page: int, top: float, edges: Sequence[float], cells: Sequence[GridCell]) -> Table:
    """The cells as a table that starts at this height; `edges` are where its columns begin and, last, where it ends."""
    made = tuple(_cell(page, top, edges, cell) for cell in sorted(cells, key=lambda c: (c.row, c.column)))
    bottom = max(cell.box[3] for cell in made)
    return Table(page, (edges[0], top, edges[-1], bottom), made)


def _cell(page: int, top: float, edges: Sequence[float], cell: GridCell) -> Cell:
    last = min(cell.column + cell.column_span, len(edges) - 1)
    box = (edges[cell.column], top + cell.row, edges[last], top + cell.row + cell.row_span)
    lines = tuple(line_of(text, box[1], cell.origin) for text in cell.paragraphs if text.strip())
    return Cell(page, cell.row, cell.column, cell.row_span, cell.column_span, box, lines, cell.doubt)


def hidden_note(hidden: Sequence[str]) -> tuple[str, ...]:
    """What to say of texts that do not print."""
    if not hidden:
        return ()
    told = "、".join(f"“{text[:_SHORT]}”" for text in hidden[:_TOLD])
    more = f"等 {len(hidden)} 处" if len(hidden) > _TOLD else ""
    return (f"有看不见的文字，没有读入：{told}{more}",)
