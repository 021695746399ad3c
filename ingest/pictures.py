"""Pages of documents as pictures, fast: for screens that show many of them, beside what was read (ingest.render draws one with all layers).

A page has the size that it had when it was read, so boxes of evidence lie on their print: MuPDF's page as displayed, in points, whether
it came from a PDF, an image or an OFD.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from ingest.files import page_images
from ingest.images import UNREADABLE, is_foreign, open_image
from ingest.kinds import Kind
from ingest.mupdf import pymupdf
from ingest.pdf import open_pdf
from ingest.settings import DEFAULT
from schema.errors import DamagedDocument, UsageError
from schema.evidence import Box

POINTS_PER_INCH = 72
MOST_PIXELS = 12_000_000
"""Pixels of a picture: more are scaled down. 300 dpi of A4 are 8.7 million."""
QUALITY = 86
SHOWN: tuple[Kind, ...] = ("pdf", "image", "ofd")
"""Kinds of files that have pages to look at."""
_ONE_AT_A_TIME = Lock()
"""MuPDF does not take calls from several threads."""


class Drawing(NamedTuple):
    """How a page is to be drawn: how finely, and which part of it (points; None for all)."""

    dpi: float
    box: Box | None = None


def page_sizes(path: Path, kind: Kind, raw: bytes | None = None) -> list[tuple[float, float]]:
    """Width and height of every page in points.

    Args:
        raw: what `as_pdf` gave for the file, where that is known.

    Raises:
        DocumentError: the file cannot be opened.
        UsageError: this kind of file has no pages to look at.
    """
    with _ONE_AT_A_TIME:
        return [size for document in _documents(path, kind, raw) for size in _sizes(document)]


def draw(path: Path, kind: Kind, number: int, how: Drawing, raw: bytes | None = None) -> bytes:
    """A page (from 1) as JPEG.

    Raises:
        DocumentError: the file cannot be opened or the page not drawn.
        UsageError: it has no such page, or no pages to look at.
    """
    with _ONE_AT_A_TIME:
        before = 0
        for document in _documents(path, kind, raw):
            if before < number <= before + document.page_count:
                return _drawn(document, number - before - 1, how, path)
            before += document.page_count
    raise UsageError(f"{path}：没有第 {number} 页，共 {before} 页。")


def as_pdf(path: Path, kind: Kind) -> bytes | None:
    """An OFD drawn as PDF, which takes longer than drawing a page of it, so that callers keep it; None for kinds that MuPDF opens.

    Raises:
        DocumentError: the file is broken.
    """
    if kind != "ofd":
        return None
    from ingest.office.ofd import draw_ofd  # noqa: PLC0415 - few sites have any
    from ingest.office.package import open_package  # noqa: PLC0415

    with _ONE_AT_A_TIME, open_package(path, str(path), DEFAULT) as package:
        return draw_ofd(package, str(path), DEFAULT)[0]


def _documents(path: Path, kind: Kind, raw: bytes | None) -> Iterator[pymupdf.Document]:
    """The files of a document, one after the other as MuPDF opens them."""
    if kind not in SHOWN:
        raise UsageError(f"{path}：这类文件没有页面图像。")
    if kind == "pdf":
        with open_pdf(path, str(path)) as document:
            yield document
    elif kind == "ofd":
        with pymupdf.open(stream=raw, filetype="pdf") as document:
            yield document
    else:
        for file in page_images(path) if path.is_dir() else [path]:
            with _opened_image(file, path) as document:
                yield document


@contextmanager
def _opened_image(file: Path, named: Path) -> Iterator[pymupdf.Document]:
    foreign = is_foreign(file)
    try:
        document = open_image(file, DEFAULT.pixels, foreign=foreign)
    except UNREADABLE as e:
        raise DamagedDocument(str(named), "这种图片画不出来", "请另存为 PNG 或 JPEG 后再试") from e
    with document:
        yield document


def _sizes(document: pymupdf.Document) -> Iterator[tuple[float, float]]:
    for index in range(document.page_count):
        # Loading a page to ask for its size costs little; page_cropbox would forget its rotation.
        rect = document[index].rect
        yield rect.width, rect.height


def _drawn(document: pymupdf.Document, index: int, how: Drawing, path: Path) -> bytes:
    try:
        page = document[index]
        clip = pymupdf.Rect(how.box) & page.rect if how.box is not None else page.rect
        if clip.is_empty:
            clip = page.rect
        zoom = min(how.dpi / POINTS_PER_INCH, (MOST_PIXELS / max(1.0, clip.get_area())) ** 0.5)
        pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), clip=clip, alpha=False, colorspace=pymupdf.csRGB)
        return bytes(pixmap.tobytes("jpeg", jpg_quality=QUALITY))
    except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, MemoryError) as e:
        raise DamagedDocument(str(path), f"第 {index + 1} 页画不出来", "请用阅读器另存一份后再试") from e
