"""What a page holds once it is read: glyphs, lines, ruled tables of cells, and the lines outside of them.

The same records come from a text layer and, later, from OCR, so that one layout extractor reads both. All boxes are in PDF points with
the origin at the top left of the page as displayed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

from ingest.rulings import Rulings
from schema.evidence import Box, LinePlace, SheetPlace, TablePlace
from schema.reading import PageMethod
from schema.text import unwrap

Origin = LinePlace | SheetPlace | TablePlace
"""Where a line stands in a document without page geometry; its text is left empty."""


class Glyph(NamedTuple):
    """A printed character and its box.

    A picture is straightened before it is read: `printed` is then the character's box on the page as displayed, and the other is its box
    in the straightened page, where rows and columns are straight.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float = 1.0
    printed: Box | None = None


def bounds(boxes: Iterable[tuple[float, float, float, float]]) -> Box:
    """The smallest box around all of the boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


@dataclass(frozen=True)
class Line:
    """One printed line: its glyphs from left to right, spaces kept.

    `origin` says where it stands when the document has no geometry. In a text dump (LinePlace) each glyph's x are its offsets in the
    file's text and its y the number of its line, from 1, so that a part of the line can be located too; elsewhere they mean nothing.
    """

    glyphs: tuple[Glyph, ...]
    origin: Origin | None = None

    @cached_property
    def text(self) -> str:
        """The line as printed."""
        return "".join(g.text for g in self.glyphs)

    @cached_property
    def box(self) -> Box:
        """The box of its ink, spaces at the ends left out."""
        return bounds((g.x0, g.y0, g.x1, g.y1) for g in self.glyphs if not g.text.isspace())


@dataclass(frozen=True)
class Cell:
    """A cell of a ruled table. Rows and columns count from 0 in the table's grid; a merged cell spans several.

    `doubt` says why a person should look at what it holds, where its reader could not be sure of that.
    """

    page: int
    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    lines: tuple[Line, ...]
    doubt: str | None = None

    @cached_property
    def text(self) -> str:
        """Its text with line wrapping undone."""
        return unwrap(line.text for line in self.lines) if self.lines else ""


@dataclass(frozen=True)
class Table:
    """A ruled table: grid lines and the cells between them, in reading order."""

    page: int
    box: Box
    cells: tuple[Cell, ...]


class Picture(Protocol):
    """The picture of a page that was read by OCR, kept so that doubtful places can be read again."""

    def reread(self, box: Box) -> list[tuple[str, float]]:
        """What the text in this box (points, page as displayed) reads in several ways of looking, each with its confidence; best first."""


@dataclass(frozen=True)
class Page:
    """One page, counted from 1.

    Attributes:
        pictures: no text is printed, and an image covers much of the page.
        untrusted: why its text layer cannot be trusted, so that it should be read from its picture; None where it can.
        rulings: the drawn lines of its tables, for people to look at.
        picture: what it was read from, when that was its picture.
        bent: whether the picture had perspective or curl, as photos have.
        damage: what MuPDF complained of while it read the page, where that means that content is lost.
        method: what the page was read from.
        seconds: how long reading it took.
        notes: what a person should know about how it was read: text that does not show and was left out, a page turned upright.
    """

    number: int
    width: float
    height: float
    tables: tuple[Table, ...] = ()
    lines: tuple[Line, ...] = ()
    pictures: bool = False
    damage: str | None = None
    method: PageMethod = "layout"
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    untrusted: str | None = None
    rulings: tuple[Rulings, ...] = ()
    picture: Picture | None = None
    bent: bool = False

    @property
    def blank(self) -> bool:
        """Whether no text is printed on it."""
        return not self.lines and not any(cell.lines for table in self.tables for cell in table.cells)


@dataclass
class Block:
    """The part of a document that holds one form: tables in reading order, joined over page breaks, and the lines around them."""

    tables: list[Table] = field(default_factory=list)
    before: list[tuple[int, Line]] = field(default_factory=list)
    after: list[tuple[int, Line]] = field(default_factory=list)

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages its tables stand on, in order."""
        return tuple(dict.fromkeys(table.page for table in self.tables))
