"""PDF files to pages, with PyMuPDF.

PyMuPDF's own table finder is not used: `Table.extract()` of version 2 garbles numbers (its tight glyph boxes put the decimal point on a
line of its own), and its layout model is slow and finds no better cells here. Cells come from the rulings, text from the glyphs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.documents import SourceKind, Unread
from ingest.grid import build_table
from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.mupdf import pymupdf
from ingest.page import Glyph, Page
from ingest.rulings import Ruling, join, on_page, rulings_of_drawings, tables
from ingest.settings import Settings
from schema.errors import DamagedDocument, EncryptedDocument, MissingDocument

PICTURE_SHARE = 0.3
"""A page without text whose images cover this share of it is a scan."""
_LOSS = re.compile(r"premature end|cannot load content|object is not a stream|syntax error|zlib error|unexpected end|non-page object")
"""MuPDF goes on after these, but what it then gives is not all that was printed."""


class PdfDocument:
    """An opened PDF as a document of pages."""

    def __init__(self, document: pymupdf.Document, settings: Settings) -> None:
        self.kind: SourceKind = "digital"
        self.page_count: int = document.page_count
        self.repaired: bool = document.is_repaired
        self._document = document
        self._settings = settings

    def pages(self) -> Iterator[Page | Unread]:
        """Its pages in order."""
        for index in range(self.page_count):
            started = time.perf_counter()
            try:
                page = read_page(self._document, index)
            except DamagedDocument as e:
                yield Unread(index + 1, e.reason)
            else:
                yield replace(page, seconds=time.perf_counter() - started)


@contextmanager
def open_pdf_document(path: Path, name: str, settings: Settings) -> Iterator[PdfDocument]:
    """The opened PDF as a document; raises what `open_pdf` does."""
    with open_pdf(path, name) as document:
        yield PdfDocument(document, settings)


@contextmanager
def open_pdf(path: Path, name: str) -> Iterator[pymupdf.Document]:
    """The opened PDF; `name` is what messages call it.

    Raises:
        DamagedDocument: not a PDF after all, truncated, or without pages.
        EncryptedDocument: it wants a password.
        MissingDocument: there is no such file.
    """
    if not path.exists():
        raise MissingDocument(name, "没有这个文件", "请检查路径")
    try:
        document = pymupdf.open(path, filetype="pdf")
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, RuntimeError) as e:
        raise DamagedDocument(name, "PDF 已损坏，打不开", "请用阅读器另存一份，或重新下载后再试") from e
    with document:
        if document.needs_pass:
            raise EncryptedDocument(name, "PDF 有密码", "请去掉密码另存后再试")
        if document.page_count == 0:
            raise DamagedDocument(name, "PDF 里没有页面", "请重新导出或重新下载后再试")
        yield document


def read_page(document: pymupdf.Document, index: int) -> Page:
    """The page with this index (from 0).

    Raises:
        DamagedDocument: MuPDF cannot read the page; `file` is left to the caller.
    """
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        page = document[index]
        matrix = page.rotation_matrix if page.rotation else None
        glyphs = list(_glyphs(page, matrix))
        horizontal, vertical = rulings_of_drawings(page.get_cdrawings())
        pictures = not glyphs and _picture_share(page) >= PICTURE_SHARE
    except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError) as e:
        raise DamagedDocument("", f"第 {index + 1} 页读不出来（{e}）", "请用阅读器另存一份后再试") from e
    damage = _LOSS.search(pymupdf.TOOLS.mupdf_warnings())
    if matrix is not None:
        horizontal, vertical = _turned(horizontal, vertical, matrix)
    width, height = page.rect.width, page.rect.height
    horizontal, vertical = on_page(horizontal, height, width), on_page(vertical, width, height)
    found = []
    for rulings in tables(join(horizontal), join(vertical)):
        table, glyphs = build_table(index + 1, rulings, glyphs)
        found.append(table)
    lines = tuple(part for line in glyphs_to_lines(glyphs) for part in split_at_gaps(line))
    return Page(index + 1, width, height, tuple(found), lines, pictures, damage[0] if damage else None)


def _glyphs(page: pymupdf.Page, matrix: pymupdf.Matrix | None) -> Iterator[Glyph]:
    """The characters on the visible page, as displayed; what lies outside its box is not printed."""
    width, height = page.rect.width, page.rect.height
    for block in page.get_text("rawdict", flags=pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES)["blocks"]:
        for line in block["lines"]:
            for span in line["spans"]:
                for char in span["chars"]:
                    x0, y0, x1, y1 = char["bbox"]
                    if matrix is not None:
                        x0, y0, x1, y1 = pymupdf.Rect(x0, y0, x1, y1) * matrix
                    if 0 <= x0 + x1 <= 2 * width and 0 <= y0 + y1 <= 2 * height:
                        yield Glyph(char["c"], x0, y0, x1, y1)


def _turned(horizontal: list[Ruling], vertical: list[Ruling], matrix: pymupdf.Matrix) -> tuple[list[Ruling], list[Ruling]]:
    """The rulings of a rotated page as displayed."""
    out: tuple[list[Ruling], list[Ruling]] = ([], [])
    boxes = [(r.start, r.at, r.end, r.at) for r in horizontal] + [(r.at, r.start, r.at, r.end) for r in vertical]
    for box in boxes:
        a, b = pymupdf.Point(box[0], box[1]) * matrix, pymupdf.Point(box[2], box[3]) * matrix
        upright = abs(a.x - b.x) < abs(a.y - b.y)
        low, high = sorted((a.y, b.y) if upright else (a.x, b.x))
        out[upright].append(Ruling(a.x if upright else a.y, low, high))
    return out


def _picture_share(page: pymupdf.Page) -> float:
    """Share of the page that its largest image covers."""
    boxes = (pymupdf.Rect(info["bbox"]) & page.rect for info in page.get_image_info())
    largest: Any = max((abs(box.get_area()) for box in boxes), default=0.0)
    return float(largest / max(1.0, abs(page.rect.get_area())))
