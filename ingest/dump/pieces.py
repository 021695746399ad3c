"""A dump as pieces: the runs of print between white space, each with where it stands and what is before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.page import Glyph, Line
from schema.evidence import LinePlace
from schema.vocabulary import ALL_LABELS, FUNDING_ROW, HEAD, LEVEL1_LABELS, LEVEL2_LABELS, LEVELS, label_key

_ROW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_RUN = re.compile(r"\S+")
_LABELLED = re.compile(r"([^:：\s]{2,16}[:：])(?=.)")
_NOWHERE = LinePlace(line=(1, 1), span=(0, 0), text="")
"""Tells that a line stands in a dump; where, its glyphs say."""
_FEWEST_FIELDS = 3
"""Fields that make a line a row of a table."""
_FEWEST_ROWS = 3
"""Such rows that make tabs the marks between fields."""
_RULE = re.compile(r"(?=.*--)[\s|:+-]+")
_LONG = 12
"""Characters from which a text that stands in two fields side by side is that of one merged cell."""
_TELLING_BLANKS = 2
"""Blank lines in a row that only a page break leaves."""


class Piece(NamedTuple):
    """A run of print.

    Attributes:
        start: offset of its first character in the text.
        end: offset behind its last.
        line: number of its line, from 1.
        gap: white space before it on its line, in half widths.
        opens: whether it opens its line.
        blanks: blank lines above its line; 0 unless it opens the line.
        broken: whether a page break may be before it.
        field: whether it is a whole field of a table that tabs or bars part; its gap is then counted in fields.
    """

    text: str
    start: int
    end: int
    line: int
    gap: int
    opens: bool
    blanks: int
    broken: bool
    field: bool = False

    @property
    def width(self) -> int:
        """How wide it prints, in halves of a Chinese character."""
        return width(self.text)


def width(text: str) -> int:
    """How wide a text prints, in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in text)


def physical_lines(text: str) -> list[str]:
    """The lines of a text with their ends, as pieces count them; a form feed ends none."""
    return _ROW.findall(text)


def pieces_of(text: str, *, merged: bool = True) -> list[Piece]:
    """The pieces of a text in order. A label that a colon glues to its value is a piece of its own, and so is a field of a table.

    Where a table repeats the text of a merged cell in each of its fields, the first one counts, unless `merged` is off.
    """
    out: list[Piece] = []
    rows = physical_lines(text)
    tabs = sum(row.count("\t") >= _FEWEST_FIELDS - 1 for row in rows) >= _FEWEST_ROWS
    offset = blanks = 0
    broken = False
    for number, row in enumerate(rows, 1):
        broken = broken or "\f" in row
        found = _fields(row, tabs, merged)
        if found is None:
            found = [(run.start(), run.end(), False, 0) for run in _RUN.finditer(row)]
        if not found and not _RULE.fullmatch(row):
            blanks += 1
        for i, (start, end, is_field, gap) in enumerate(found):
            space = gap if is_field else width(row[found[i - 1][1] if i else 0 : start].strip("\f"))
            split = i == 0 and (broken or blanks > _TELLING_BLANKS)
            out += _split(
                out[-2:], Piece(row[start:end], offset + start, offset + end, number, space, i == 0, 0 if i else blanks, split, is_field)
            )
        if found:
            blanks, broken = 0, False
        offset += len(row)
    return out


def _fields(row: str, tabs: bool, merged: bool) -> list[tuple[int, int, bool, int]] | None:
    """The fields of a row of a table that hold print: from, to, that they are fields, and fields from the one before; None for text."""
    if row.lstrip().startswith("|") and row.count("|") >= _FEWEST_FIELDS:
        mark, first = "|", row.index("|") + 1
    elif tabs and "\t" in row:
        mark, first = "\t", 0
    else:
        return None
    if _RULE.fullmatch(row):
        return []
    out: list[tuple[int, int, bool, int]] = []
    at, since = first, 0
    for part in row[first:].rstrip("\r\n").split(mark):
        start = at + len(part) - len(part.lstrip())
        end = start + len(part.strip())
        if end > start and not (out and merged and _repeats(row[out[-1][0] : out[-1][1]], row[start:end])):
            out.append((start, end, True, since))
            since = 0
        since += 1
        at += len(part) + 1
    return out


def _repeats(before: str, text: str) -> bool:
    return before == text and (len(text) >= _LONG or label_key(text) in ALL_LABELS - LEVELS)


def _split(before: Sequence[Piece], piece: Piece) -> Iterator[Piece]:
    """A piece cut where two cells were glued together: a label and its value, or the label of a level and what follows it."""
    cut = _glued(piece.text) or _label_ends(before, piece.text)
    if cut:
        yield piece._replace(text=piece.text[:cut], end=piece.start + cut)
        yield piece._replace(text=piece.text[cut:], start=piece.start + cut, gap=0, opens=False, blanks=0, broken=False)
    else:
        yield piece


def _glued(text: str) -> int:
    match = _LABELLED.match(text)
    key = label_key(match[1]) if match else ""
    if match and (key in FUNDING_ROW or HEAD.exact(key)):
        return match.end()
    first = next((label for label in LEVEL1_LABELS if text.startswith(label) and text != label), "")
    rest = text[len(first) :]
    return len(first) if first and any(label.startswith(rest) for label in LEVEL2_LABELS) else 0


def _label_ends(before: Sequence[Piece], text: str) -> int:
    """How many characters of a text end the label of a level that the pieces before it begin: 数量 | 指标完成率."""
    for count in range(1, len(before) + 1):
        begun = "".join(piece.text for piece in before[-count:])
        for label in (*LEVEL1_LABELS, *LEVEL2_LABELS):
            rest = label[len(begun) :]
            if label.startswith(begun) and len(rest) > 1 and text.startswith(rest) and text != rest:
                return len(rest)
    return 0


def lines_of(text: str, pieces: Sequence[Piece]) -> tuple[Line, ...]:
    """Pieces of a text, in order, as lines for evidence: what stands together in the file is one of them, white space and all."""
    lines: list[Line] = []
    held: list[Piece] = []
    for piece in pieces:
        if held and text[held[-1].end : piece.start].strip():
            lines.append(_line(held))
            held = []
        held.append(piece)
    return (*lines, _line(held)) if held else tuple(lines)


def _line(pieces: Sequence[Piece]) -> Line:
    glyphs: list[Glyph] = []
    at = pieces[0].start
    for piece in pieces:
        if piece.start > at:
            glyphs.append(Glyph(" ", at, piece.line, piece.start, piece.line))
        glyphs += (Glyph(ch, piece.start + i, piece.line, piece.start + i + 1, piece.line) for i, ch in enumerate(piece.text))
        at = piece.end
    return Line(tuple(glyphs), _NOWHERE)
