"""Texts with a place in an office file, as the lines, cells and tables that every reader gives.

Boxes are made up where a format has no geometry: columns keep their widths, a row is as high as its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.page import Cell, Glyph, Line, Origin, Table
from schema.evidence import LinePlace

_TOLD = 5
_NEXT_PAIR = re.compile(r"(?:\t|\s{2,})\s*(?=[^\s:：]{2,12}\s*[:：])")
"""A gap before the next label of a line: 填报人：…    联系电话：…"""
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


def pairs_of(text: str) -> Iterator[str]:
    """A line outside of tables cut where wide gaps part labelled values; joined, it is the line again."""
    start = 0
    for match in _NEXT_PAIR.finditer(text):
        yield text[start : match.end()]
        start = match.end()
    yield text[start:]


def paragraph(text: str, number: int, start: int = 0) -> Line:
    """A paragraph outside of tables, or the part of it that begins at a character. It has no cell, so its place is its number."""
    glyphs = tuple(Glyph(ch, float(start + i), float(number), float(start + i + 1), float(number)) for i, ch in enumerate(text))
    return Line(glyphs, LinePlace(line=(number, number), span=(start, start + len(text)), text=""))


def table_of(page: int, top: float, edges: Sequence[float], cells: Sequence[GridCell], row_height: float = 1.0) -> Table:
    """The cells as a table whose row 0 is at this height; `edges` are where its columns begin and, last, where it ends."""
    made = tuple(_cell(page, top, edges, cell, row_height) for cell in sorted(cells, key=lambda c: (c.row, c.column)))
    first, last = min(cell.box[1] for cell in made), max(cell.box[3] for cell in made)
    return Table(page, (edges[0], first, edges[-1], last), made)


def _cell(page: int, top: float, edges: Sequence[float], cell: GridCell, height: float) -> Cell:
    right = min(cell.column + cell.column_span, len(edges) - 1)
    box = (edges[cell.column], top + cell.row * height, edges[right], top + (cell.row + cell.row_span) * height)
    lines = tuple(line_of(text, box[1], cell.origin) for text in cell.paragraphs if text.strip())
    return Cell(page, cell.row, cell.column, cell.row_span, cell.column_span, box, lines, cell.doubt)


def hidden_note(hidden: Sequence[str]) -> tuple[str, ...]:
    """What to say of texts that do not print."""
    if not hidden:
        return ()
    told = "、".join(f"“{text[:_SHORT]}”" for text in hidden[:_TOLD])
    more = f"等 {len(hidden)} 处" if len(hidden) > _TOLD else ""
    return (f"有看不见的文字，没有读入：{told}{more}",)
