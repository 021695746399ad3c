"""A sheet laid on pages: lines wrapped, row heights found, rows and merged cells cut where a page ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

import pymupdf

from eval.synthesis.layout import Align, Layout
from eval.synthesis.sheet import Cell, Row, Sheet

PAD = 3.0
LEADING = 1.35
MIN_ROW = 18.0
TITLE_SIZE = 16.0
_TOKENS = re.compile(r"[!-~]+| |[^!-~ ]")


@dataclass(frozen=True)
class Text:
    """One line of text with its baseline start, in points from the top left of the page as displayed."""

    x: float
    y: float
    size: float
    text: str


@dataclass(frozen=True)
class Box:
    """A cell's part on one page."""

    x0: float
    y0: float
    x1: float
    y1: float
    header: bool = False


@dataclass
class Leaf:
    """What is to be drawn on one page."""

    texts: list[Text] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """The part of a row on one page, and which lines of its own cells it takes."""

    leaf: int
    y0: float
    y1: float
    first: int = 0
    lines: int | None = None


@cache
def _latin(char: str) -> float:
    width: float = pymupdf.Font("helv").text_length(char, 1)
    return width


def text_width(text: str, size: float) -> float:
    """Chinese characters are one em wide, ASCII is as wide as in Helvetica."""
    return size * sum(_latin(char) if " " <= char <= "~" else 1.0 for char in text)


@cache
def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines. Latin words and numbers stay whole unless they alone are too wide; spaces at a break are dropped."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for token in _tokens(paragraph, width, size):
            if line and text_width(line + token, size) > width:
                lines.append(line.rstrip())
                line = ""
            line += token if line or token != " " else ""
        lines.append(line.rstrip())
    return tuple(lines)


def _tokens(text: str, width: float, size: float) -> Iterator[str]:
    for token in _TOKENS.findall(text):
        if text_width(token, size) > width:
            yield from token
        else:
            yield token


def lay_out(sheets: Iterable[Sheet], layout: Layout) -> list[Leaf]:
    """All sheets on pages: each from a new page, or one below the other when the layout flows."""
    setter = _Setter(layout)
    for i, sheet in enumerate(sheets):
        setter.place(sheet, new_page=i == 0 or not layout.page.flow)
    return setter.leaves


class _Setter:
    """Fills pages from top to bottom."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.size = layout.page.font_size
        self.lead = self.size * LEADING
        self.width, height = layout.page.size
        self.top, self.bottom = layout.page.margin, height - layout.page.margin
        self.left = layout.page.margin
        self.span = self.width - 2 * layout.page.margin
        self.leaves: list[Leaf] = []
        self.y = 0.0
        self.running: tuple[tuple[Row, ...], list[float]] | None = None

    def place(self, sheet: Sheet, *, new_page: bool) -> None:
        """Set one form: heading, lines above, table, lines below."""
        if new_page or self.y + 8 * self.lead > self.bottom:
            self._turn()
        else:
            self.y += 2 * self.lead
        self._heading(sheet)
        for line in sheet.above:
            self._free_line(line)
        self._table(sheet.rows)
        for line in sheet.below:
            if self.y + 2 * self.lead > self.bottom:
                self._turn()
            self._free_line(line)

    def _turn(self) -> None:
        self.leaves.append(Leaf())
        self.y = self.top
        if self.running:
            self._repeat_header(*self.running)

    def _heading(self, sheet: Sheet) -> None:
        if sheet.lead:
            self._put(self.left, sheet.lead, self.size + 2)
        for text, size in ((sheet.title, TITLE_SIZE), (sheet.subtitle, self.size)):
            if text:
                self._put((self.width - text_width(text, size)) / 2, text, size)
        self.y += PAD

    def _put(self, x: float, text: str, size: float) -> None:
        self.y += size * LEADING
        self.leaves[-1].texts.append(Text(x, self.y - size * 0.2, size, text))

    def _free_line(self, line: str) -> None:
        """A line of one or more parts spread over the table's width, each at least two characters clear of the one before."""
        self.y += self.lead * 1.2
        parts = line.split("\t")
        x = self.left
        for i, part in enumerate(parts):
            x = max(x, self.left + self.span * i / len(parts))
            self.leaves[-1].texts.append(Text(x, self.y - self.size * 0.3, self.size, part))
            x += text_width(part, self.size) + 2 * self.size
        self.y += PAD

    def _lines(self, cell: Cell) -> tuple[str, ...]:
        return wrap(cell.text, round((cell.right - cell.left) * self.span - 2 * PAD, 2), self.size)

    def _table(self, rows: tuple[Row, ...]) -> None:
        heights = self._heights(rows)
        pieces: list[list[_Piece]] = []
        for row, height in zip(rows, heights, strict=True):
            # From the first indicator on, and only until the last, a new page begins with the header rows.
            self.running = (rows, heights) if row.indicator and self.layout.breaks.repeat_header else None
            pieces.append(self._row(row, height))
        self.running = None
        for i, row in enumerate(rows):
            for cell in row.cells:
                self._cell(cell, pieces[i : i + cell.rows], header=row.header)

    def _heights(self, rows: tuple[Row, ...]) -> list[float]:
        heights = []
        for row in rows:
            most = max((len(self._lines(cell)) for cell in row.cells if cell.rows == 1), default=1)
            heights.append(max(MIN_ROW, most * self.lead + 2 * PAD))
        for i, row in enumerate(rows):
            for cell in row.cells:
                lack = len(self._lines(cell)) * self.lead + 2 * PAD - sum(heights[i : i + cell.rows])
                if lack > 0:
                    heights[i + cell.rows - 1] += lack
        return heights

    def _row(self, row: Row, height: float) -> list[_Piece]:
        """Place one row: whole on this page, cut, or whole on the next. One that no page can hold is cut in any case."""
        most = max((len(self._lines(cell)) for cell in row.cells if cell.rows == 1), default=1)
        may_cut = self.layout.breaks.cut_rows or height > self.bottom - self.top
        pieces: list[_Piece] = []
        first, fresh = 0, False
        while height > (room := self.bottom - self.y):
            fitting = int((room - 2 * PAD) / self.lead)
            if may_cut and 1 <= fitting < most - first:
                pieces.append(self._piece(room, first, fitting))
                first += fitting
                height = max(MIN_ROW, (most - first) * self.lead + 2 * PAD)
            elif fresh:
                height = room
                break
            self._turn()
            fresh = True
        return [*pieces, self._piece(height, first)]

    def _piece(self, height: float, first: int = 0, lines: int | None = None) -> _Piece:
        piece = _Piece(len(self.leaves) - 1, self.y, self.y + height, first, lines)
        self.y += height
        return piece

    def _repeat_header(self, rows: tuple[Row, ...], heights: list[float]) -> None:
        header = [i for i, row in enumerate(rows) if row.header]
        pieces = [[self._piece(heights[i])] for i in header]
        for n, i in enumerate(header):
            for cell in rows[i].cells:
                # The outer label covers the whole table; over a repeated header its place stays empty.
                shown = cell if cell.rows <= len(header) else replace(cell, text="", rows=len(header))
                self._cell(shown, pieces[n : n + shown.rows], header=True)

    def _cell(self, cell: Cell, pieces: list[list[_Piece]], *, header: bool) -> None:
        """Draw a cell over the pieces of the rows it covers: one box per page, its lines shared out between them."""
        parts = _by_page(piece for row in pieces for piece in row)
        lines = self._lines(cell)
        shares = _cut(lines, pieces[0]) if cell.rows == 1 else self._share(lines, parts)
        x0, x1 = self.left + cell.left * self.span, self.left + cell.right * self.span
        for part, share in zip(parts, shares, strict=True):
            box = Box(x0, part.y0, x1, part.y1, header)
            self.leaves[part.leaf].boxes.append(box)
            self.leaves[part.leaf].texts.extend(self._set(share, box, cell.align))

    def _share(self, lines: tuple[str, ...], parts: list[_Piece]) -> list[tuple[str, ...]]:
        """The lines of a merged cell on each of its pages."""
        how = self.layout.breaks.labels
        if len(parts) == 1 or how == "repeat":
            return [lines for _ in parts]
        room = [max(0, int((part.y1 - part.y0 - 2 * PAD) / self.lead)) for part in parts]
        if how == "first" and room[0] >= len(lines):
            return [lines, *(() for _ in parts[1:])]
        whole = sum(part.y1 - part.y0 for part in parts)
        shares, at = [], 0
        for i, part in enumerate(parts):
            take = round(len(lines) * (part.y1 - part.y0) / whole)
            take = len(lines) - at if i == len(parts) - 1 else min(room[i], take)
            shares.append(lines[at : at + take])
            at += take
        return shares

    def _set(self, lines: tuple[str, ...], box: Box, align: Align) -> Iterator[Text]:
        """Lines centred in height; set smaller when the box is too low for them."""
        size = self.size * min(1.0, (box.y1 - box.y0) / max(1.0, len(lines) * self.lead))
        lead = size * LEADING
        y = (box.y0 + box.y1 - len(lines) * lead) / 2
        for line in lines:
            y += lead
            x = box.x0 + PAD if align == "left" else (box.x0 + box.x1 - text_width(line, size)) / 2
            if line:
                yield Text(x, y - lead * 0.28, size, line)


def _by_page(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Pieces of one page joined into one."""
    parts: list[_Piece] = []
    for piece in pieces:
        if parts and parts[-1].leaf == piece.leaf:
            parts[-1] = _Piece(piece.leaf, parts[-1].y0, piece.y1)
        else:
            parts.append(piece)
    return parts


def _cut(lines: tuple[str, ...], row: list[_Piece]) -> list[tuple[str, ...]]:
    """The lines of a plain cell on each page of its row."""
    return [lines[piece.first : None if piece.lines is None else piece.first + piece.lines] for piece in row]
