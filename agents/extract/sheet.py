"""The tables of a block as one sheet: rows counted on over page breaks, columns compared by position.

Page two of a table rarely has the same grid as page one (fewer distinct rulings cross it), but its columns stand at the same places, so
cells are matched by horizontal overlap, never by column number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.align import SAME_EDGE, alignment
from ingest.page import Block, Cell, Line, Table
from schema.text import is_blank
from schema.vocabulary import label_key

_OVERLAP = 0.5
"""Share of the narrower of two ranges that must overlap for a cell to stand in a column."""


@dataclass(frozen=True, eq=False)
class Item:
    """A cell on the sheet: first and last row (inclusive) and its horizontal range in points of the first table."""

    cell: Cell
    row: int
    last: int
    x0: float
    x1: float

    @property
    def text(self) -> str:
        """Its text, line wrapping undone."""
        return self.cell.text

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its printed lines."""
        return self.cell.lines

    @property
    def page(self) -> int:
        """The page it stands on, from 1."""
        return self.cell.page

    @property
    def doubt(self) -> str | None:
        """Why its reader was not sure of it."""
        return self.cell.doubt

    @property
    def blank(self) -> bool:
        """Whether it prints nothing, or a dash."""
        return not self.cell.lines or is_blank(self.text)

    @cached_property
    def label(self) -> str:
        """Its text as a label key."""
        return label_key(self.cell.text) if self.cell.lines else ""


@dataclass(frozen=True)
class Span:
    """A horizontal range: a column."""

    x0: float
    x1: float

    def holds(self, item: Item | Span) -> bool:
        """Whether the item stands in this column: half of the narrower of the two overlaps."""
        overlap = min(self.x1, item.x1) - max(self.x0, item.x0)
        return overlap > _OVERLAP * min(self.x1 - self.x0, item.x1 - item.x0)


class Sheet:
    """All cells of a block.

    Attributes:
        rows: for each row, the items that cover it, from left to right; an item that spans rows is in each of them.
        breaks: the rows that open a new page.
        scanned: whether it was read by OCR.
    """

    def __init__(self, block: Block) -> None:
        self.items: list[Item] = []
        self.breaks: set[int] = set()
        self.block = block
        offset = 0
        for i, table in enumerate(block.tables):
            if i and table.page != block.tables[i - 1].page:
                self.breaks.add(offset)
            offset += self._lay(table, offset, block.tables[0])
        self.scanned = any(glyph.printed is not None for item in self.items for line in item.lines for glyph in line.glyphs[:1])
        self.rows: list[list[Item]] = [[] for _ in range(offset)]
        for item in self.items:
            for row in range(item.row, item.last + 1):
                self.rows[row].append(item)
        for items in self.rows:
            items.sort(key=lambda item: item.x0)

    def _lay(self, table: Table, offset: int, first: Table) -> int:
        """Put the cells of a table below what is there; returns how many rows it has."""
        shift, scale = alignment(table, first)
        top = min(cell.row for cell in table.cells)
        bottom = 0
        for cell in table.cells:
            x0, x1 = cell.box[0] * scale + shift, cell.box[2] * scale + shift
            row = offset + cell.row - top
            last = row + cell.row_span - 1
            bottom = max(bottom, last + 1 - offset)
            self.items.append(Item(cell, row, last, x0, x1))
        return bottom

    def starting(self, row: int) -> Iterator[Item]:
        """The items whose first row this is."""
        return (item for item in self.rows[row] if item.row == row)

    def right_of(self, item: Item) -> Iterator[Item]:
        """The items to the right of this one in its first row, nearest first."""
        return (other for other in self.rows[item.row] if other.x0 >= item.x1 - 1)

    def over_break(self, item: Item) -> Item | None:
        """The cell in the same place on top of the next page, where a page break ends this one; it may be its lower half."""
        row = item.last + 1
        if row not in self.breaks or row >= len(self.rows):
            return None
        same = (o for o in self.rows[row] if abs(o.x0 - item.x0) <= SAME_EDGE and abs(o.x1 - item.x1) <= SAME_EDGE)
        return next(same, None)

    def in_column(self, rows: Iterable[int], column: Span) -> list[Item]:
        """The items of these rows that stand in a column, each once, from top to bottom and left to right."""
        found = {id(item): item for row in rows for item in self.rows[row] if column.holds(item)}
        return sorted(found.values(), key=lambda item: (item.row, item.x0))

    def covers(self, item: Item, columns: Sequence[Span]) -> int:
        """How many of the columns the item stands in."""
        return sum(column.holds(item) for column in columns)
