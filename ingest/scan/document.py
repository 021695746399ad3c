"""Scans and image files as documents of pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest.documents import SourceKind, Unread
from ingest.files import page_images
from ingest.images import UNREADABLE, is_foreign, open_image
from ingest.mupdf import BROKEN, pymupdf
from ingest.page import Page
from ingest.pdf import LOSS
from ingest.scan.engine import Engine, engine_of
from ingest.scan.picture import read_picture
from ingest.scan.raster import rasterise
from ingest.settings import Settings
from schema.errors import DamagedDocument, ScannedDocument


def our_engine(settings: Settings) -> Engine:
    """The process's engine, on as many cores as its share is."""
    return engine_of(settings.threads or os.cpu_count() or 1)


def read_scan(page: pymupdf.Page, number: int, settings: Settings) -> Page:
    """A page read from its picture; its notes say why it was, when the caller knows.

    Raises:
        DamagedDocument: it cannot be drawn.
    """
    pymupdf.TOOLS.reset_mupdf_warnings()
    try:
        raster = rasterise(page, settings.pixels)
    except (*BROKEN, MemoryError) as e:
        raise DamagedDocument("", f"第 {number} 页画不出来", "请用阅读器另存一份后再试") from e
    damage = LOSS.search(pymupdf.TOOLS.mupdf_warnings())
    return replace(read_picture(raster, number, our_engine(settings)), damage=damage[0] if damage else None)


class ImageDocument:
    """One or several image files as a document; a TIFF may hold several pages."""

    def __init__(self, files: list[Path], name: str, settings: Settings) -> None:
        self.kind: SourceKind = "scan"
        self.repaired = False
        self._files, self._name, self._settings = files, name, settings
        self._counts = [self._count(file) for file in files]
        self.page_count = sum(self._counts)

    def _count(self, file: Path) -> int:
        with _open(file, self._name, self._settings) as document:
            return int(document.page_count)

    def pages(self) -> Iterator[Page | Unread]:
        """The pages of all files in order, each read when it is asked for."""
        number = 0
        for file in self._files:
            with _open(file, self._name, self._settings) as document:
                for index in range(document.page_count):
                    number += 1
                    if number > self._settings.pages:
                        yield Unread(number, f"起没有读：超过一个文件 {self._settings.pages} 页的上限")
                        return
                    yield self._read(document, index, number)

    def _read(self, document: pymupdf.Document, index: int, number: int) -> Page | Unread:
        try:
            page = document[index]
            info = page.get_image_info()
        except BROKEN:
            return Unread(number, f"第 {number} 页的图片已损坏，打不开")
        pixels = max((i["width"] * i["height"] for i in info), default=0)
        if pixels > self._settings.pixels:
            return Unread(number, f"图片有 {pixels // 10**6} 百万像素，超过 {self._settings.pixels // 10**6} 百万的上限；请缩小后再试")
        try:
            read = read_scan(page, number, self._settings)
        except DamagedDocument as e:
            return Unread(number, e.reason)
        if read.bent:
            self.kind = "photo"
        return read


@contextmanager
def _open(file: Path, name: str, settings: Settings) -> Iterator[pymupdf.Document]:
    """The image file as MuPDF sees it; formats that MuPDF does not know are decoded by Pillow.

    Raises:
        DamagedDocument: neither can read it, or it is too large.
    """
    foreign = is_foreign(file)
    try:
        document = open_image(file, settings.pixels, foreign=foreign)
        count = document.page_count
    except UNREADABLE as e:
        raise DamagedDocument(name, "图片已损坏或格式不支持，打不开", "请用看图软件另存为 PNG 或 JPEG 后再试") from e
    with document:
        if count == 0:
            raise DamagedDocument(name, "图片里没有页面", "请用看图软件另存为 PNG 或 JPEG 后再试")
        yield document


@contextmanager
def open_images(path: Path, name: str, settings: Settings) -> Iterator[ImageDocument]:
    """An image file, or a folder of page images in order, as a document.

    Raises:
        ScannedDocument: reading pictures is switched off.
        DamagedDocument: a file is no image that can be read.
    """
    if settings.ocr == "never":
        raise ScannedDocument(name, "这是图片，没有文字层；没有做 OCR（--ocr never）", "请去掉 --ocr never 再读一次")
    files = page_images(path) if path.is_dir() else [path]
    yield ImageDocument(files, name, settings)
