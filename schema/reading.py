"""What reading one document yields: its pages, each accounted for, and its forms."""

from __future__ import annotations

from typing import Literal

from schema.form import Form
from schema.record import Record

PageStatus = Literal["done", "empty", "failed", "other"]
"""done: its table belongs to a form; empty: nothing printed; failed: see the reason; other: printed, but no form on it."""


class PageReport(Record):
    """What became of one page (from 1)."""

    page: int
    status: PageStatus
    reason: str | None = None


class DocumentReading(Record):
    """One document as read: every page accounted for, every form located."""

    file: str
    sha256: str
    size: int
    kind: Literal["digital", "scan", "photo", "office", "text"]
    pages: tuple[PageReport, ...]
    forms: tuple[Form, ...]
    seconds: float
