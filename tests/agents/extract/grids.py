"""Blocks made of texts, for tests that need a table and no PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.page import Block, Cell, Glyph, Line, Table

HEIGHT, SIZE, COLUMN = 20.0, 5.0, 60.0

Entry = str | tuple[str, int, int]
"""A text, or a text with the columns and rows that its cell covers."""


def table(page: int, rows: Sequence[Sequence[Entry]], edges: Sequence[float] = ()) -> Table:
    """A table laid out like an HTML one: cells from left to right, those covered from above left out. Columns are equal without edges."""
    taken: set[tuple[int, int]] = set()
    spans: list[tuple[str, int, int, int, int]] = []
    for row, entries in enumerate(rows):
        column = 0
        for entry in entries:
            text, columns, covered = (entry, 1, 1) if isinstance(entry, str) else entry
            while (row, column) in taken:
                column += 1
            taken |= {(row + i, column + j) for i in range(covered) for j in range(columns)}
            spans.append((text, row, column, covered, columns))
            column += columns
    width = max(column for _, column in taken) + 1
    xs = list(edges) or [30 + COLUMN * i for i in range(width + 1)]
    cells = tuple(_cell(page, span, xs) for span in spans)
    return Table(page, (xs[0], 0, xs[-1], HEIGHT * len(rows)), cells)


def block(*tables: Table, before: Sequence[str] = ()) -> Block:
    """A block of these tables, with lines above the first."""
    return Block(tables=list(tables), before=[(tables[0].page, line(text, 30, -20)) for text in before])


def line(text: str, x: float, y: float) -> Line:
    """A printed line."""
    return Line(tuple(Glyph(ch, x + SIZE * i, y, x + SIZE * (i + 1), y + SIZE) for i, ch in enumerate(text)))


def _cell(page: int, span: tuple[str, int, int, int, int], xs: Sequence[float]) -> Cell:
    text, row, column, rows, columns = span
    box = (xs[column], HEIGHT * row, xs[column + columns], HEIGHT * (row + rows))
    return Cell(page, row, column, rows, columns, box, tuple(_lines(text, box[0], box[1])))


def _lines(text: str, x: float, y: float) -> Iterator[Line]:
    for i, part in enumerate(text.split("\n") if text else ()):
        yield line(part, x + 1, y + SIZE * i)
