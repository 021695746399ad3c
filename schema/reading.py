"""What reading one document yields: its pages, each accounted for, and its forms."""

from __future__ import annotations

from typing import Literal

from schema.form import Form
from schema.record import Record

PageStatus = Literal["done", "empty", "failed", "other"]
"""done: its table belongs to a form; empty: nothing printed; failed: see the reason; other: printed, but no form on it."""


PageMethod = Literal["layout", "ocr", "office", "text"]
"""What a page was read from: its text layer, its picture, the cells of an office file, or the lines of a text dump."""


class PageReport(Record):
    """What became of one page (from 1).

    Attributes:
        method, seconds: how it was read, and how long that took; None where it could not be read.
        notes: what a person should know about the reading: hidden text left out, a page turned upright.
    """

    page: int
    status: PageStatus
    reason: str | None = None
    method: PageMethod | None = None
    seconds: float | None = None
    notes: tuple[str, ...] = ()


class DocumentReading(Record):
    """One document as read: every page accounted for, every form located."""

    file: str
    sha256: str
    size: int
    kind: Literal["digital", "scan", "photo", "office", "text"]
    pages: tuple[PageReport, ...]
    forms: tuple[Form, ...]
    seconds: float
