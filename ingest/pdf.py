"""PDF files to pages, with PyMuPDF.

PyMuPDF's own table finder is not used: `Table.extract()` of version 2 garbles numbers (its tight glyph boxes put the decimal point on a
line of its own), and its layout model is slow and finds no better cells here. Cells come from the rulings, text from the glyphs.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.documents import SourceKind, Unread
from ingest.grid import build_table
from ingest.hidden import Text, note_of, read_text
from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.mupdf import BROKEN, pymupdf
from ingest.page import Glyph, Page
from ingest.rulings import Ruling, join, on_page, rulings_of_drawings, tables
from ingest.settings import Settings
from ingest.suspects import Span
from ingest.trust import ON_THE_PAGE, SPARSE, PageFacts, judge, outlines
from schema.errors import DamagedDocument, EncryptedDocument, MissingDocument

if TYPE_CHECKING:
    from ingest.unseen import Unseen

PICTURE_SHARE = 0.3
"""A page without text whose images cover this share of it is a scan."""
_PAINTED = ("f", "s", "fs")
"""Types of paths that leave paint; PyMuPDF lists clips and groups as well."""
LOSS = re.compile(
    r"premature end|cannot load content|object is not a stream|syntax error|zlib error|unexpected end|non-page object", re.IGNORECASE
)
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
        """Its pages in order, as far as the settings allow."""
        for index in range(self.page_count):
            if index >= self._settings.pages:
                yield Unread(index + 1, f"起没有读：超过一个文件 {self._settings.pages} 页的上限")
                return
            started = time.perf_counter()
            try:
                page = self._from_picture(read_page(self._document, index), index)
            except DamagedDocument as e:
                yield Unread(index + 1, e.reason)
            else:
                yield replace(page, seconds=time.perf_counter() - started)

    def _from_picture(self, page: Page, index: int) -> Page:
        """The page, read from its picture instead where the settings or the state of its text layer want it so."""
        ocr = self._settings.ocr
        if ocr == "never" or (ocr == "auto" and not page.untrusted):
            return page
        # Imported here: the OCR engine costs more to load than a digital file takes to read.
        from ingest.scan.document import read_scan  # noqa: PLC0415

        read = read_scan(self._document[index], index + 1, self._settings)
        self.kind = "photo" if read.bent else "scan" if self.kind == "digital" else self.kind
        why = page.untrusted or "按 --ocr always"
        return replace(read, notes=(*page.notes, f"{why}，改从图像识别"), damage=page.damage)


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
    except BROKEN as e:
        raise DamagedDocument(name, "PDF 已损坏，打不开", "请用阅读器另存一份，或重新下载后再试") from e
    with document:
        if document.needs_pass:
            raise EncryptedDocument(name, "PDF 有密码", "请去掉密码另存后再试")
        if _page_count(document, name) == 0:
            raise DamagedDocument(name, "PDF 里没有页面", "请重新导出或重新下载后再试")
        yield document


def _page_count(document: pymupdf.Document, name: str) -> int:
    """How many pages there are.

    Raises:
        DamagedDocument: the tree of pages is broken.
    """
    try:
        return int(document.page_count)
    except BROKEN as e:
        raise DamagedDocument(name, "PDF 的页面目录已损坏", "请用阅读器另存一份，或重新下载后再试") from e


def read_page(document: pymupdf.Document, index: int) -> Page:
    """The page with this index (from 0).

    Raises:
        DamagedDocument: MuPDF cannot read the page; `file` is left to the caller.
    """
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        page = document[index]
        matrix = page.rotation_matrix if page.rotation else None
        drawings = page.get_cdrawings(extended=True)
        text = read_text(page, drawings)
        horizontal, vertical = rulings_of_drawings(path for path in drawings if path["type"] in _PAINTED)
        damage = LOSS.search(pymupdf.TOOLS.mupdf_warnings())
        unsettled = text.suspicion.untold
        if text.suspicion.suspects:
            found_out = _look_up(document, index, text)
            text, unsettled = text.without(found_out.found), found_out.unsettled
        glyphs = list(_glyphs(page, text.spans, matrix))
        facts = replace(_facts(page, text, drawings), unsettled=unsettled)
    except BROKEN as e:
        raise DamagedDocument("", f"第 {index + 1} 页读不出来", "请用阅读器另存一份后再试") from e
    if matrix is not None:
        horizontal, vertical = _turned(horizontal, vertical, matrix)
    width, height = page.rect.width, page.rect.height
    horizontal, vertical = on_page(horizontal, height, width), on_page(vertical, width, height)
    found, ruled = [], tables(join(horizontal), join(vertical))
    for rulings in ruled:
        table, glyphs = build_table(index + 1, rulings, glyphs)
        found.append(table)
    lines = tuple(part for line in glyphs_to_lines(glyphs) for part in split_at_gaps(line))
    note = note_of(text.hidden)
    return Page(
        index + 1,
        width,
        height,
        tuple(found),
        lines,
        pictures=not facts.shown and facts.picture >= PICTURE_SHARE,
        damage=damage[0] if damage else None,
        untrusted=judge(replace(facts, filled=sum(bool(cell.lines) for table in found for cell in table.cells))),
        rulings=tuple(ruled),
        notes=(note,) if note else (),
    )


def _look_up(document: pymupdf.Document, index: int, text: Text) -> Unseen:
    # Imported here: numpy takes a while, and few pages have anything to look up.
    from ingest.unseen import look_up  # noqa: PLC0415

    return look_up(document, index, text.suspicion.suspects, text.suspicion.others)


def _facts(page: pymupdf.Page, text: Text, drawings: Sequence[Mapping[str, Any]]) -> PageFacts:
    """What trust in the page is judged by; what costs more is only looked at where it can matter."""
    shown = "".join(char["c"] for span in text.spans for char in span["chars"] if not char["c"].isspace())
    hidden = sum(len(piece.text) for piece in text.hidden if piece.why in ON_THE_PAGE)
    sparse = len(shown) < SPARSE
    picture = _picture_share(page) if sparse or hidden or page.get_images(full=True) else 0.0
    return PageFacts(shown, hidden, picture, outlines=outlines(drawings) if sparse else 0)


def _glyphs(page: pymupdf.Page, spans: Sequence[Span], matrix: pymupdf.Matrix | None) -> Iterator[Glyph]:
    """The characters on the visible page, as displayed; what lies outside its box is not printed."""
    width, height = page.rect.width, page.rect.height
    for span in spans:
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
    """Share of the page that its images cover; scanners may cut one picture into many strips."""
    whole = max(1.0, abs(page.rect.get_area()))
    area = 0.0
    for info in page.get_image_info():
        box = pymupdf.Rect(info["bbox"]) * page.rotation_matrix & page.rect
        area += 0.0 if box.is_empty else float(abs(box.get_area()))
    return min(1.0, area / float(whole))
