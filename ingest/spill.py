"""Text that runs out of the bottom of a table before a page break.

Word processors and browsers go on printing a cell's lines below the last ruling of the page when the rest of its row has ended. Such a
line follows the cell's last one at the usual pitch; a page number does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.lines import glyphs_to_lines
from ingest.page import Cell, Glyph, Line, Table

_PITCH = 0.9
"""Share of a line's height by which the next line of the same cell may stand off."""


def take_spill(table: Table, lines: Sequence[tuple[int, Line]]) -> tuple[Table, list[tuple[int, Line]]]:
    """The table with the lines that go on below its last cells put into them; and the other lines."""
    rest: list[tuple[int, Line]] = []
    for page, line in lines:
        parts = _owners(table, line) if page == table.page else None
        if parts is None:
            rest.append((page, line))
        else:
            cells = tuple(_longer(cell, parts[id(cell)]) if id(cell) in parts else cell for cell in table.cells)
            table = replace(table, cells=cells)
    return table, rest


def _owners(table: Table, line: Line) -> dict[int, list[Glyph]] | None:
    """The glyphs of a line by the cell they go on with; None when any of them goes on with none."""
    bottom = [cell for cell in table.cells if cell.box[3] >= table.box[3] - 1 and cell.lines]
    parts: dict[int, list[Glyph]] = {}
    for glyph in line.glyphs:
        middle, height = (glyph.x0 + glyph.x1) / 2, glyph.y1 - glyph.y0
        owner = next((cell for cell in bottom if cell.box[0] <= middle <= cell.box[2]), None)
        if owner is None or not -height <= glyph.y0 - owner.lines[-1].box[3] <= _PITCH * height:
            return None
        parts.setdefault(id(owner), []).append(glyph)
    return parts


def _longer(cell: Cell, glyphs: Sequence[Glyph]) -> Cell:
    return replace(cell, lines=(*cell.lines, *glyphs_to_lines(glyphs)))
