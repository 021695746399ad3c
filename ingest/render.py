"""Pages as pictures, for people to look at: the page itself, and over it what was read from it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Literal

from ingest.documents import Unread, open_document
from ingest.files import page_images
from ingest.kinds import Kind
from ingest.mupdf import pymupdf
from ingest.page import Line, Page
from ingest.pdf import open_pdf
from ingest.printed import Straight, printed_box
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, UsageError
from schema.evidence import Box

Layer = Literal["words", "rulings", "cells", "evidence", "doubtful"]

POINTS_PER_INCH = 72
FONT = "china-s"
"""A Chinese font that comes with PyMuPDF."""
LAYERS: dict[Layer, tuple[str, tuple[float, float, float], float]] = {
    "cells": ("单元格", (0.95, 0.6, 0.1), 0.8),
    "rulings": ("表格线", (0.1, 0.6, 0.2), 1.0),
    "words": ("文字", (0.15, 0.4, 0.9), 0.5),
    "evidence": ("出处", (0.85, 0.1, 0.1), 1.0),
    "doubtful": ("出处（待核对）", (0.7, 0.1, 0.8), 1.4),
}
"""What each layer is called, its colour, and the width of its lines; later ones are drawn over earlier ones."""
_INSET = 1.2
"""Points by which cells are drawn smaller, so that they do not hide the rulings."""
_LEGEND = 18.0
"""Height in points of the strip with the legend, below the page."""
_LARGEST_SIDE = 14_400.0
_MOST_PIXELS = 2_000
"""Pixels of the longer side of a page that is shown to a model: more are scaled down at its end."""


@dataclass(frozen=True)
class Mark:
    """A place of evidence: its box on the page as displayed, what to write beside it, and whether a person should look at it."""

    box: Box
    label: str = ""
    doubtful: bool = False


def draw_page(path: Path, kind: Kind, number: int, layers: Iterable[Layer], marks: Sequence[Mark] = (), dpi: int = 150) -> bytes:
    """A page (from 1) as PNG, with the wanted layers and marks over it and a legend below.

    Raises:
        DocumentError: the file cannot be opened or the page not read.
        UsageError: it has no such page, or no pages at all.
    """
    wanted = tuple(layers)
    if kind not in ("pdf", "image", "ofd"):
        raise UsageError(f"{path}：这类文件没有固定的页面，画不出来；各单元格的出处见 jihe show --json。")
    with _single(path, kind, number) as (single, shown):
        page = _read(single, path, kind, number) if wanted or shown is None else None
        width, height = _size(page, shown)
        with pymupdf.open() as drawn:
            sheet = drawn.new_page(width=width, height=height + _LEGEND)
            if shown is not None:
                zoom = width / shown.rect.width * dpi / POINTS_PER_INCH
                pixmap = shown.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom))
                sheet.insert_image((0, 0, width, height), pixmap=pixmap, keep_proportion=False)
            elif page is not None:
                _draw_text(sheet, page)
            _draw_layers(sheet, page, wanted, marks)
            picture: bytes = sheet.get_pixmap(dpi=dpi).tobytes("png")
    return picture


def show_page(path: Path, kind: Kind, number: int, box: Box | None = None, dpi: int = 144) -> bytes:
    """A page (from 1) as it shows, or the part of it in a box (points), as JPEG; for a model that can see.

    Raises:
        DocumentError: the file cannot be opened.
        UsageError: it has no such page, or no pages at all.
    """
    if kind not in ("pdf", "image"):
        raise UsageError(f"{path}：这类文件没有页面图像。")
    with _single(path, kind, number) as (_, shown):
        if shown is None:
            raise UsageError(f"{path}：第 {number} 页没有图像。")
        longest = max(shown.rect.width, shown.rect.height)
        zoom = min(dpi / POINTS_PER_INCH, _MOST_PIXELS / longest)
        # Boxes are those of the page as read; only of PDFs is that the page as MuPDF sees it.
        clip = pymupdf.Rect(box) & shown.rect if box is not None and kind == "pdf" else None
        pixmap = shown.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), clip=clip)
        picture: bytes = pixmap.tobytes("jpeg", jpg_quality=85)
    return picture


def _size(page: Page | None, shown: pymupdf.Page | None) -> tuple[float, float]:
    """Width and height of the page: as it was read, so that boxes fit, else as it shows."""
    size = (page.width, page.height) if page is not None else (shown.rect.width, shown.rect.height) if shown is not None else (1.0, 1.0)
    return min(size[0], _LARGEST_SIDE), min(size[1], _LARGEST_SIDE)


@contextmanager
def _single(path: Path, kind: Kind, number: int) -> Iterator[tuple[Path, pymupdf.Page | None]]:
    """A document of this page alone, so that reading it does not take reading all pages before it; and the page to be shown, if there is
    a picture of it."""
    if kind == "ofd":
        yield path, None
        return
    if path.is_dir():
        members = page_images(path)
        _insist(path, number, len(members))
        with _opened_image(members[number - 1], path) as document:
            yield members[number - 1], document[0]
        return
    with open_pdf(path, str(path)) if kind == "pdf" else _opened_image(path, path) as document:
        _insist(path, number, document.page_count)
        if document.page_count == 1:
            yield path, document[0]
            return
        with tempfile.TemporaryDirectory(prefix="jihe-page-") as folder:
            single = Path(folder) / f"page.{'pdf' if kind == 'pdf' else 'png'}"
            if kind == "pdf":
                with pymupdf.open() as alone:
                    alone.insert_pdf(document, from_page=number - 1, to_page=number - 1)
                    alone.save(single)
            else:
                document[number - 1].get_pixmap(matrix=pymupdf.Matrix(*_own_scale(document[number - 1]))).save(single)
            yield single, document[number - 1]


def _own_scale(page: pymupdf.Page) -> tuple[float, float]:
    """Pixels per point of an image opened as a page."""
    info = page.get_image_info()
    return (info[0]["width"] / page.rect.width, info[0]["height"] / page.rect.height) if info else (1.0, 1.0)


@contextmanager
def _opened_image(path: Path, named: Path) -> Iterator[pymupdf.Document]:
    try:
        document = pymupdf.open(path)
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, RuntimeError) as e:
        raise DamagedDocument(str(named), "这种图片画不出来", "请另存为 PNG 或 JPEG 后再试") from e
    with document:
        yield document


def _insist(path: Path, number: int, count: int) -> None:
    if not 1 <= number <= count:
        raise UsageError(f"{path}：没有第 {number} 页，共 {count} 页。")


def _read(single: Path, path: Path, kind: Kind, number: int, settings: Settings = DEFAULT) -> Page:
    """What is read from the page: the only one of `single`, but for kinds that are not cut into pages."""
    position = 1 if kind != "ofd" else number
    with open_document(single, str(path), kind, settings) as document:
        _insist(path, position, document.page_count)
        for page in document.pages():
            if isinstance(page, Unread) and page.number == position:
                raise DamagedDocument(str(path), f"第 {number} 页{page.reason}", "请用阅读器另存一份后再试")
            if isinstance(page, Page) and page.number == position:
                return page
    raise UsageError(f"{path}：没有第 {number} 页。")


def _draw_text(sheet: pymupdf.Page, page: Page) -> None:
    """The text at its places, for documents of which there is no picture."""
    for line in _lines(page):
        for glyph in line.glyphs:
            sheet.insert_text((glyph.x0, glyph.y1 - 0.2 * (glyph.y1 - glyph.y0)), glyph.text, fontname=FONT, fontsize=glyph.y1 - glyph.y0)


def _draw_layers(sheet: pymupdf.Page, page: Page | None, wanted: Sequence[Layer], marks: Sequence[Mark]) -> None:
    shapes: dict[Layer, list[Box]] = {layer: [] for layer in LAYERS}
    if page is not None:
        straight = Straight.of(chain.from_iterable(line.glyphs for line in _lines(page)))
        shapes["words"] = [printed_box(line) for line in _lines(page)] if "words" in wanted else []
        boxes = [cell.box for table in page.tables for cell in table.cells] if "cells" in wanted else []
        shapes["cells"] = [straight.box((x0 + _INSET, y0 + _INSET, x1 - _INSET, y1 - _INSET)) for x0, y0, x1, y1 in boxes]
        if "rulings" in wanted:
            shapes["rulings"] = [straight.line(box) for ruled in page.rulings for box in _pieces(ruled.horizontal, ruled.vertical)]
    shapes["evidence"] = [mark.box for mark in marks if not mark.doubtful]
    shapes["doubtful"] = [mark.box for mark in marks if mark.doubtful]
    for layer, (_, color, width) in LAYERS.items():
        for x0, y0, x1, y1 in shapes[layer]:
            if layer == "rulings":
                sheet.draw_line((x0, y0), (x1, y1), color=color, width=width)
            else:
                sheet.draw_rect((x0, y0, max(x1, x0 + 0.5), max(y1, y0 + 0.5)), color=color, width=width)
    for mark in marks:
        if mark.label:
            color = LAYERS["doubtful" if mark.doubtful else "evidence"][1]
            sheet.insert_text((mark.box[0], mark.box[1] - 1), mark.label, fontname=FONT, fontsize=6, color=color)
    _draw_legend(sheet, [layer for layer in LAYERS if shapes[layer] or layer in wanted])


def _pieces(horizontal: Iterable[tuple[float, float, float]], vertical: Iterable[tuple[float, float, float]]) -> Iterator[Box]:
    """Rulings as boxes without width."""
    for at, start, end in horizontal:
        yield (start, at, end, at)
    for at, start, end in vertical:
        yield (at, start, at, end)


def _lines(page: Page) -> Iterator[Line]:
    yield from (line for table in page.tables for cell in table.cells for line in cell.lines)
    yield from page.lines


def _draw_legend(sheet: pymupdf.Page, layers: Iterable[Layer]) -> None:
    x, y = 12.0, sheet.rect.height - _LEGEND / 2
    for layer in layers:
        name, color, width = LAYERS[layer]
        sheet.draw_rect((x, y - 4, x + 14, y + 4), color=color, width=width)
        sheet.insert_text((x + 18, y + 3), name, fontname=FONT, fontsize=8)
        x += 30 + 8 * len(name)
