"""A form's part of a document as plain text: what a model is given to read, and what its answers are looked up in.

Tables become lines of `|cell|cell|`, a merged cell at its first row; everything else, and all of a dump, stays lines of text. The text is
cut into the pieces of `ingest.dump.pieces` and parted into head, funding, goals and indicators by `ingest.dump.flow`, so that pages with
and without rulings, scans and dumps are all looked up in the same way; every piece knows its way back to the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from agents.extract.sheet import Item, Sheet, Span
from agents.extract.trace import LooseLine, least_sure, part_places, read_by_ocr, whole_places
from ingest.blocks import is_title
from ingest.dump.flow import FormText, find_forms
from ingest.dump.pieces import Piece, lines_of, physical_lines, pieces_of
from ingest.page import Block, Line
from schema.evidence import LinePlace, Place
from schema.text import fold, unwrap

_BAR, _OTHER_BAR = "|", "｜"
_SHORT = 8
"""Characters of a line that is told together with the next one."""
_TITLE_ABOVE = 16
"""Pieces between a form's title and the name of its project, at most."""
_LINES_AFTER = 12
"""Lines behind the table that may still belong to the form: the grade, who filled it in."""


@dataclass(frozen=True, eq=False)
class Spot:
    """Where characters `start` to before `end` of the text come from."""

    start: int
    end: int
    piece: Item | LooseLine


@dataclass(eq=False)
class Printed:
    """The text of one form.

    Attributes:
        text: all of it; a form feed opens a new page.
        spots: what the characters come from, in order; none for a dump, where they come from the file itself.
        offset, line: what comes before the text in the file of a dump, in characters and in lines.
        scanned: whether it was read by OCR.
    """

    text: str
    spots: Sequence[Spot] = ()
    offset: int = 0
    line: int = 0
    scanned: bool = False

    @cached_property
    def pieces(self) -> list[Piece]:
        """The runs of print, in order."""
        return pieces_of(self.text, merged=not self.spots)

    @cached_property
    def form(self) -> FormText | None:
        """Its parts by their labels; None where the labels are not known."""
        found = find_forms(self.pieces)
        return found[0] if found else None

    @cached_property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Its printed lines with their ids: numbers of lines in the text, from 1, as pieces count them.

        Short lines in a row, as narrow cells leave them, are told as one with the number of the first: numbering each costs more than it
        prints. A line that ends in a figure ends a row, or may do so.
        """
        told: list[tuple[str, str]] = []
        short = False
        for number, row in enumerate(physical_lines(self.text), 1):
            text = row.strip("\f\n\r \t")
            ruled = text.startswith(_BAR)
            text = text.removeprefix(_BAR).rstrip(_BAR) if ruled else text
            if not text.strip():
                continue
            joins = short and not ruled and len(text) <= _SHORT and number not in self._parts
            if joins:
                told[-1] = (told[-1][0], f"{told[-1][1]} {text}")
            else:
                told.append((str(number), text))
            short = not ruled and len(text) <= _SHORT and not text[-1].isdigit()
        return tuple(told)

    def line_of(self, piece: Piece) -> int:
        """The id, as a number, of the line that a piece is told in."""
        return self._firsts[bisect_right(self._firsts, piece.line) - 1]

    def within(self, low: int, high: int) -> tuple[tuple[str, str], ...]:
        """The lines that hold the printed lines from `low` to `high`, both ends in."""
        first = max(0, bisect_right(self._firsts, low) - 1)
        return tuple(line for line in self.lines[first:] if int(line[0]) <= high)

    @cached_property
    def _parts(self) -> set[int]:
        """The numbers of the lines in which a part of the form begins."""
        form = self.form
        if form is None:
            return set()
        labels = [*form.columns[:1], *form.header[:1]]
        openings: list[Sequence[Piece]] = [
            *(label for label, _ in form.head),
            *(row.label for row in form.amounts),
            *(form.pieces[label.first : label.end] for label in labels),
            *(form.heading, form.goals.heading, *form.goals.labels.values(), form.indicators_heading, form.body, form.total, form.grade),
        ]
        return {pieces[0].line for pieces in openings if pieces}

    @cached_property
    def _firsts(self) -> list[int]:
        return [int(number) for number, _ in self.lines]

    @property
    def ruled(self) -> bool:
        """Whether its cells are known."""
        return any(isinstance(spot.piece, Item) for spot in self.spots)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it stands on, in order; none for a dump."""
        return tuple(dict.fromkeys(spot.piece.page for spot in self.spots))

    def source(self, piece: Piece) -> Item | LooseLine | None:
        """The cell or line that a piece stands in; None in a dump."""
        if not self.spots:
            return None
        at = bisect_right(self._starts, piece.start) - 1
        return self.spots[at].piece

    def column(self, piece: Piece) -> Span | None:
        """The horizontal range of the cell that a piece stands in, where it stands in one."""
        item = self.source(piece)
        return Span(item.x0, item.x1) if isinstance(item, Item) else None

    def value(self, pieces: Sequence[Piece]) -> str:
        """What pieces print as one text, line wrapping undone."""
        return unwrap(piece.text for piece in pieces)

    def places(self, pieces: Sequence[Piece]) -> tuple[Place, ...]:
        """Where pieces stand."""
        if self.spots:
            return tuple(place for piece in pieces for place in self._places(piece))
        lines = lines_of(self.text, pieces)
        return tuple(self._shifted(place) for line in lines for place in whole_places(LooseLine(1, line)) if isinstance(place, LinePlace))

    def confidence(self, pieces: Sequence[Piece]) -> float:
        """How sure the reader of the page was of its least certain character in the pieces."""
        return min((least_sure([source]) for piece in pieces if (source := self.source(piece)) is not None), default=1.0)

    def by_ocr(self, pieces: Sequence[Piece]) -> bool:
        """Whether a piece was read by OCR."""
        return any(read_by_ocr([source]) for piece in pieces if (source := self.source(piece)) is not None)

    @cached_property
    def _starts(self) -> list[int]:
        return [spot.start for spot in self.spots]

    def _places(self, piece: Piece) -> Iterable[Place]:
        source = self.source(piece)
        if source is None:
            return ()
        if fold(source.text) == fold(piece.text):
            return whole_places(source)
        start = source.text.find(piece.text)
        return part_places([source], source.text, piece.text, slice(max(0, start), None))

    def _shifted(self, place: LinePlace) -> LinePlace:
        line = (place.line[0] + self.line, place.line[1] + self.line)
        span = (place.span[0] + self.offset, place.span[1] + self.offset)
        return place.model_copy(update={"line": line, "span": span})


def print_block(block: Block) -> Printed:
    """The text of a block: the lines above its tables, the tables, and the first lines behind them on its pages."""
    sheet = Sheet(block)
    writer = _Writer()
    for page, line in block.before:
        writer.add_line(LooseLine(page, line))
    for row in range(len(sheet.rows)):
        writer.add_row(sheet.rows[row], row, breaks=row in sheet.breaks)
    for page, line in block.after[:_LINES_AFTER]:
        if page in block.pages:
            writer.add_line(LooseLine(page, line))
    return Printed("".join(writer.parts), writer.spots, scanned=sheet.scanned)


def print_lines(lines: Sequence[tuple[int, Line]]) -> Printed:
    """The text of lines with their pages, where no table was found."""
    writer = _Writer()
    page = lines[0][0] if lines else 1
    for number, line in lines:
        writer.add_line(LooseLine(number, line), breaks=number != page)
        page = number
    scanned = any(glyph.printed is not None for _, line in lines for glyph in line.glyphs[:1])
    return Printed("".join(writer.parts), writer.spots, scanned=scanned)


def print_dump(text: str) -> list[Printed]:
    """The forms of a text dump, each from its title on; the whole text where no form's labels are known."""
    pieces, rows = pieces_of(text), physical_lines(text)
    starts = [_title_line(pieces, form.first) for form in find_forms(pieces)] or [0]
    edges = [*starts, len(rows)]
    return [_slice(rows, low, high) for low, high in pairwise(edges)]


def _title_line(pieces: Sequence[Piece], first: int) -> int:
    """The line (from 0) in which the form starts whose project is named by this piece: that of its title, a few lines above."""
    above = pieces[max(0, first - _TITLE_ABOVE) : first]
    for line in reversed(dict.fromkeys(piece.line for piece in above)):
        if is_title("".join(piece.text for piece in above if piece.line == line)):
            return int(line) - 1
    return pieces[first].line - 1


def _slice(rows: Sequence[str], low: int, high: int) -> Printed:
    before = sum(len(row) for row in rows[:low])
    return Printed("".join(rows[low:high]), offset=before, line=low)


class _Writer:
    """Puts text together and remembers where it comes from."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.spots: list[Spot] = []
        self._at = 0

    def add_line(self, line: LooseLine, *, breaks: bool = False) -> None:
        self._add("\f" if breaks else "")
        self._add(line.line.text.replace("\n", " ").replace(_BAR, _OTHER_BAR), line)
        self._add("\n")

    def add_row(self, items: Sequence[Item], row: int, *, breaks: bool) -> None:
        if not any(item.row == row for item in items):
            return
        self._add("\f" if breaks else "")
        self._add(_BAR)
        for item in items:
            if item.row == row:
                self._add(item.text.replace(_BAR, _OTHER_BAR), item)
            self._add(_BAR)
        # Three bars make a line one of a table.
        self._add(_BAR + "\n")

    def _add(self, text: str, source: Item | LooseLine | None = None) -> None:
        if source is not None and text:
            self.spots.append(Spot(self._at, self._at + len(text), source))
        self.parts.append(text)
        self._at += len(text)
