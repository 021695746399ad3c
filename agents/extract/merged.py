"""Text cells merged over several rows that a page break cuts: one deviation for a whole group of indicators.

The break leaves two cells, and each of them belongs to rows of its own. What is one text cut in two is put together for all of the rows;
what may be one is announced.
"""

from __future__ import annotations

from itertools import pairwise

from agents.extract.rows import Row
from agents.extract.sheet import Item
from agents.extract.trace import joined
from schema.text import fold

_FIELDS = ("target", "actual", "deviation")
_ENDS = tuple("。.！!？?；;）)")
_NEVER_FIRST = tuple(",.;:、，。；：！？）")
_FULL_LINE = 0.7
"""Share of a cell's width that the last line before a cut fills; a text that ends there fills it by chance only."""


def join_merged(rows: list[Row]) -> None:
    """Go over all page breaks, in rows and between them; see above."""
    for row in rows:
        for field in _FIELDS if row.tails else ():
            whole = row.cells.get(field, [])
            for other in (other for other in rows if any(item in whole for item in other.cells.get(field, ()) if not item.blank)):
                other.cells[field] = whole
    for above, below in pairwise(rows):
        if below.after_break:
            for field in _FIELDS:
                _join(rows, above, below, field)


def _join(rows: list[Row], above: Row, below: Row, field: str) -> None:
    upper, lower = above.cells.get(field, [])[-1:], below.cells.get(field, [])[:1]
    if not upper or not lower or upper[0].last >= lower[0].row:
        return
    over, under = ([row for row in rows if item in row.cells.get(field, ())] for item in (upper[0], lower[0]))
    begun = lower[0].text.startswith(_NEVER_FIRST)
    if len(over) == len(under) == 1 and not begun:
        return
    if field == "deviation" and _is_cut(upper[0]) and not lower[0].blank:
        whole = [*above.cells[field], *lower]
        for row in (*over, *under):
            row.cells[field] = whole
    elif upper[0].blank != lower[0].blank or begun:
        for row, other in [(row, lower[0]) for row in over if upper[0].blank] + [
            (row, upper[0]) for row in under if lower[0].blank or begun
        ]:
            row.open[field] = other.text


def _is_cut(item: Item) -> bool:
    """Whether the text of a cell breaks off: its last line is full and ends no sentence."""
    if item.blank or fold(joined([item])).endswith(_ENDS):
        return False
    left, _, right, _ = item.lines[-1].box
    return right - left >= _FULL_LINE * (item.cell.box[2] - item.cell.box[0])
