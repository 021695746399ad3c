"""Where a value stands and how far it can be trusted."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schema.record import Number, Record

Reader = Literal["layout", "ocr", "llm", "reviewer"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in PDF points, origin at the top left of the page as displayed."""


class PagePlace(Record):
    """A box on a page. Pages count from 1."""

    page: int = Field(ge=1)
    bbox: Box
    text: str


class LinePlace(Record):
    """Lines (from 1, both ends in) and a character span in a text dump."""

    line: tuple[int, int]
    span: tuple[int, int]
    text: str


class SheetPlace(Record):
    """A cell range of a workbook."""

    sheet: str
    ref: str
    text: str


class TablePlace(Record):
    """A cell of a table in a Word file, counted from 1."""

    table: int
    row: int
    column: int
    text: str


Place = PagePlace | LinePlace | SheetPlace | TablePlace


class Evidence(Record):
    """The places whose texts, joined, read the cell."""

    match: Literal["exact", "similar", "none"]
    read_by: Reader
    confidence: float = Field(ge=0, le=1)
    at: tuple[Place, ...] = ()


class Reading(Record):
    """What one reader took a cell for."""

    read_by: Reader
    value: Number | str | None


class ReviewMark(Record):
    """A cell that a person should look at, and why."""

    cell: str
    reason: str
    readings: tuple[Reading, ...] = ()


class Leftover(Record):
    """Text of a page that no cell used."""

    page: int
    text: str


class Source(Record):
    """The document a form was read from, and how."""

    file: str
    sha256: str
    pages: tuple[int, ...]
    kind: Literal["digital", "scan", "photo", "office", "text"]
    method: Literal["layout", "llm"]
    model: str | None = None
    seconds: float | None = None
