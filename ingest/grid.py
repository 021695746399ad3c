"""Rulings and glyphs to a table of cells.

The positions of all rulings of a table span a grid of elementary boxes. Boxes with no ruling between them are one cell, so merged cells
come out by themselves; the outer edge needs no ruling, so tables without left and right borders do too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ingest.lines import glyphs_to_lines
from ingest.page import Cell, Glyph, Table
from ingest.rulings import SNAP, Ruling, Rulings
from schema.evidence import Box

_COVERED = 0.6
"""Share of an elementary edge that a ruling must cover to count as its border: broken lines still part cells."""

_Span = tuple[int, int, int, int]
"""First row, first column, last row, last column of a cell in the grid."""


def build_table(page: int, rulings: Rulings, glyphs: Iterable[Glyph]) -> tuple[Table, list[Glyph]]:
    """The table drawn by the rulings, filled with the glyphs whose middle lies in it; and the glyphs outside."""
    xs = positions(rulings.vertical, rulings.horizontal)
    ys = positions(rulings.horizontal, rulings.vertical)
    right = [list(row) for row in zip(*_walls(xs, ys, rulings.vertical), strict=True)]
    spans = _merge(right, _walls(ys, xs, rulings.horizontal))
    owner = {(row, column): i for i, (r0, c0, r1, c1) in enumerate(spans) for row in range(r0, r1 + 1) for column in range(c0, c1 + 1)}
    held: list[list[Glyph]] = [[] for _ in spans]
    outside: list[Glyph] = []
    for glyph in glyphs:
        row = bisect_right(ys, (glyph.y0 + glyph.y1) / 2) - 1
        column = bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1
        cell = owner.get((row, column))
        (outside if cell is None else held[cell]).append(glyph)
    cells = tuple(_cell(page, span, xs, ys, inside) for span, inside in zip(spans, held, strict=True))
    return Table(page, (xs[0], ys[0], xs[-1], ys[-1]), cells), outside


def _cell(page: int, span: _Span, xs: Sequence[float], ys: Sequence[float], glyphs: Sequence[Glyph]) -> Cell:
    r0, c0, r1, c1 = span
    box: Box = (xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1])
    return Cell(page, r0, c0, r1 - r0 + 1, c1 - c0 + 1, box, glyphs_to_lines(glyphs) if glyphs else ())


def positions(rulings: Sequence[Ruling], crossing: Sequence[Ruling]) -> list[float]:
    """Where the rulings stand, and the two ends of the crossing ones, if any, which need no ruling; those within SNAP left out.

    A crossing ruling that ends anywhere else is broken there; its end parts nothing.
    """
    ends = (min(r.start for r in crossing), max(r.end for r in crossing)) if crossing else ()
    out: list[float] = []
    for value in sorted((*(r.at for r in rulings), *ends)):
        if not out or value - out[-1] > SNAP:
            out.append(value)
    return out


def _walls(across: Sequence[float], along: Sequence[float], rulings: Sequence[Ruling]) -> list[list[bool]]:
    """[i][j]: does a ruling stand on the far edge of the i-th interval across the rulings, along the j-th interval of their length?"""
    walls = [[False] * (len(along) - 1) for _ in range(len(across) - 1)]
    for ruling in rulings:
        i = _nearest(across, ruling.at) - 1
        if 0 <= i < len(walls):
            for j in _covered(along, ruling):
                walls[i][j] = True
    return walls


def _nearest(positions: Sequence[float], value: float) -> int:
    i = bisect_right(positions, value)
    if i == len(positions) or (i > 0 and value - positions[i - 1] <= positions[i] - value):
        return i - 1
    return i


def _covered(positions: Sequence[float], ruling: Ruling) -> Iterator[int]:
    """The intervals between positions of which the ruling covers enough."""
    for i in range(max(0, bisect_right(positions, ruling.start) - 1), len(positions) - 1):
        low, high = positions[i], positions[i + 1]
        if low >= ruling.end:
            break
        if min(high, ruling.end) - max(low, ruling.start) >= _COVERED * (high - low):
            yield i


def _merge(right: list[list[bool]], lower: list[list[bool]]) -> list[_Span]:
    """Cells as spans of elementary boxes, in reading order."""
    rows, columns = len(right), len(right[0])
    seen = [[False] * columns for _ in range(rows)]
    spans: list[_Span] = []
    for row in range(rows):
        for column in range(columns):
            if not seen[row][column]:
                spans.append(_grow(row, column, right, lower, seen))
    return spans


def _grow(row: int, column: int, right: list[list[bool]], lower: list[list[bool]], seen: list[list[bool]]) -> _Span:
    """The largest open rectangle from this box: to the right first, then down as long as no wall crosses it and none parts it sideways.

    A region that is no rectangle (a broken ruling) is so cut into rectangles instead of swallowing its neighbours.
    """
    rows, columns = len(right), len(right[0])
    last = column
    while last + 1 < columns and not right[row][last] and not seen[row][last + 1]:
        last += 1
    bottom = row
    while bottom + 1 < rows and _continues(bottom, column, last, right, lower, seen):
        bottom += 1
    for r in range(row, bottom + 1):
        seen[r][column : last + 1] = [True] * (last + 1 - column)
    return row, column, bottom, last


def _continues(row: int, first: int, last: int, right: list[list[bool]], lower: list[list[bool]], seen: list[list[bool]]) -> bool:
    """Whether the cell that spans first..last in this row goes on in the next one."""
    below = row + 1
    if any(lower[row][first : last + 1]) or any(right[below][first:last]) or any(seen[below][first : last + 1]):
        return False
    closed_left = first == 0 or right[below][first - 1]
    closed_right = last == len(right[0]) - 1 or right[below][last]
    return closed_left and closed_right
