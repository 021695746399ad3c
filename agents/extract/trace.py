"""Keeps, while a form is read, where each value stands, what was used, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agents.extract import guess
from agents.extract.numbers import parse_number, says_nothing
from agents.extract.sheet import Item
from ingest.page import Glyph, Line, Origin, bounds
from schema.evidence import Evidence, LinePlace, PagePlace, Place, Reader, Reading, ReviewMark
from schema.text import is_blank, unwrap


@dataclass(frozen=True, eq=False)
class LooseLine:
    """A line outside of any table, with what evidence needs of a cell."""

    page: int
    line: Line

    @property
    def text(self) -> str:
        """The line as one text."""
        return unwrap([self.line.text])

    @property
    def lines(self) -> tuple[Line, ...]:
        """Itself."""
        return (self.line,)

    @property
    def doubt(self) -> str | None:
        """Lines outside of tables are read without doubts."""
        return None


_DASHES = frozenset("一ー―_~")
"""What a lone dash is read as in a picture."""

Printed = Item | LooseLine
"""Something printed that a value can be read from."""


class Trace:
    """Evidence, review marks and the printed pieces used so far, of one form."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}
        self.review: list[ReviewMark] = []
        self._used: set[int] = set()

    def use(self, *pieces: Printed) -> None:
        """Note that these pieces were understood; what is left in the end is listed as leftover."""
        self._used.update(id(piece) for piece in pieces)

    def used(self, piece: Printed) -> bool:
        """Whether the piece was understood."""
        return id(piece) in self._used

    def doubt(self, cell: str, reason: str, value: Decimal | str | None = None) -> None:
        """Mark a cell for review."""
        readings = () if value is None else (Reading(read_by="layout", value=value),)
        self.review.append(ReviewMark(cell=cell, reason=reason, readings=readings))

    def hand_on(self, cell: str, pieces: Sequence[Printed], value: Decimal | str | None) -> None:
        """Mark a cell for review whose pieces were in doubt when they were read."""
        for reason in dict.fromkeys(piece.doubt for piece in pieces if piece.doubt):
            self.doubt(cell, reason, value)

    def guess(self, cell: str) -> None:
        """Trust a cell less: that it is this one was guessed."""
        if cell in self.evidence:
            evidence = self.evidence[cell]
            self.evidence[cell] = evidence.model_copy(update={"confidence": min(evidence.confidence, guess.CONFIDENCE)})

    def text(self, cell: str, pieces: Sequence[Printed], part: slice | None = None) -> str | None:
        """The joined text of the pieces as the value of a cell; a part of it where part of it is meant. Blank is None."""
        self.use(*pieces)
        text = joined(pieces)
        value = text[part].strip() if part is not None else text
        self.hand_on(cell, pieces, value or None)
        if not value or is_blank(value):
            return None
        self._ground(cell, pieces, None if value == text else (text, value, part))
        return value

    def words(self, cell: str, pieces: Sequence[Printed]) -> str:
        """The pieces' texts side by side, as the value of a cell that keeps a whole row."""
        self.use(*pieces)
        self._ground(cell, pieces, None)
        return " ".join(piece.text for piece in pieces)

    def number(self, cell: str, pieces: Sequence[Printed]) -> Decimal | None:
        """The number the pieces print. What is neither a number nor blank is None and marked for review."""
        self.use(*pieces)
        text = joined(pieces)
        self.hand_on(cell, pieces, text or None)
        if not text or is_blank(text) or says_nothing(text) or (text in _DASHES and read_by_ocr(pieces)):
            return None
        parsed = parse_number(text)
        if parsed is None:
            self.doubt(cell, f"这里印的不是一个数：{text[:40]}", text)
            if read_by_ocr(pieces):
                # Kept so that the place can be read again; null cells lose their evidence in the end.
                self._ground(cell, pieces, None)
            return None
        self._ground(cell, pieces, None)
        return parsed[0]

    def number_in(self, cell: str, piece: Printed, match: re.Match[str]) -> Decimal | None:
        """A number inside a longer text, such as the points in a heading; the match is on the piece's text, its first group the number."""
        self.use(piece)
        parsed = parse_number(match[1])
        if parsed is None:
            return None
        self._ground(cell, [piece], (piece.text, match[1], slice(*match.span(1))))
        return parsed[0]

    def _ground(self, cell: str, pieces: Sequence[Printed], part: tuple[str, str, slice | None] | None) -> None:
        places = [place for piece in pieces for place in whole_places(piece)] if part is None else list(part_places(pieces, *part))
        confidence = least_sure(pieces)
        reader: Reader = "ocr" if read_by_ocr(pieces) else "layout"
        self.evidence[cell] = Evidence(match="exact", read_by=reader, confidence=confidence, at=tuple(places))


def joined(pieces: Iterable[Printed]) -> str:
    """The pieces' text as one text, line wrapping and page breaks undone."""
    return unwrap(line.text for piece in pieces for line in piece.lines)


def read_by_ocr(pieces: Sequence[Printed]) -> bool:
    """Whether any character of the pieces was read from a picture."""
    return any(glyph.printed is not None for piece in pieces for line in piece.lines for glyph in line.glyphs)


def least_sure(pieces: Sequence[Printed]) -> float:
    """The confidence of the least certain character; 1.0 where there is none."""
    return min((g.confidence for piece in pieces for line in piece.lines for g in line.glyphs), default=1.0)


def whole_places(piece: Printed) -> Iterator[Place]:
    """The place of a piece; in a dump, what belongs together need not stand together."""
    if any(isinstance(line.origin, LinePlace) for line in piece.lines):
        yield from (_place(piece.page, line.glyphs, line.origin) for line in piece.lines)
    elif piece.lines:
        yield _place(piece.page, [g for line in piece.lines for g in line.glyphs], piece.lines[0].origin)


def _place(page: int, glyphs: Sequence[Glyph], origin: Origin | None) -> Place:
    text = unwrap(["".join(g.text for g in glyphs)])
    x0, y0, x1, y1 = bounds(g.printed or g[1:5] for g in glyphs if not g.text.isspace())
    if isinstance(origin, LinePlace):
        return LinePlace(line=(round(y0), round(y1)), span=(round(x0), round(x1)), text=text)
    if origin is not None:
        return origin.model_copy(update={"text": text})
    return PagePlace(page=page, bbox=(round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2)), text=text)


def part_places(pieces: Sequence[Printed], text: str, value: str, part: slice | None) -> Iterator[Place]:
    """One place for each printed line of the part, found by counting the characters that are no white space."""
    start = len("".join(text[: (part.start or 0) if part else 0].split()))
    end = start + len("".join(value.split()))
    seen = 0
    for piece in pieces:
        for line in piece.lines:
            inside = []
            for glyph in line.glyphs:
                width = len("".join(glyph.text.split()))
                if width and start < seen + width and seen < end:
                    inside.append(glyph)
                seen += width
            if inside:
                yield _place(piece.page, inside, line.origin)
