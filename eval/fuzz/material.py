"""Good documents that mutations start from: small ones of each kind, made up, and pages of the samples; the same in every run."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import openpyxl

import data
from eval.fuzz.packages import as_ofd, as_xls
from eval.fuzz.zips import members_of, packed
from eval.synthesis.damaged import write_damaged
from eval.synthesis.drawing import draw
from eval.synthesis.forms import make_form
from eval.synthesis.layouts import LAYOUTS
from eval.synthesis.office import as_docx, as_xlsx
from ingest.mupdf import pymupdf
from schema.form import Form

KINDS = ("pdf", "docx", "xlsx", "xls", "ofd", "text", "image")
_SHAPES = ("plain", "turned", "unmerged", "lettered-landscape")
_CLOCK = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ROWS = 7
_BY_CHANCE = ("encrypted", "owner-locked")
_CROP = (40, 60, 220, 110)
"""Points of a page, left, top, right, bottom: a picture large enough to be read, and quickly."""


@dataclass(frozen=True)
class Seed:
    """A good document."""

    kind: str
    name: str
    raw: bytes
    suffix: str


def seeds(kinds: Iterable[str] = KINDS) -> dict[str, tuple[Seed, ...]]:
    """The documents of each of these kinds."""
    makers = {"pdf": _pdfs, "docx": _words, "xlsx": _sheets, "xls": _old_sheets, "ofd": _ofds, "text": _texts, "image": _images}
    return {kind: tuple(makers[kind]()) for kind in kinds}


def _form(number: int = 1) -> Form:
    return make_form(Random(number), rows=_ROWS)


def _pdfs() -> Iterator[Seed]:
    for number, shape in enumerate(_SHAPES):
        raw = draw([_form(number)], LAYOUTS[shape])
        yield Seed("pdf", shape, raw, ".pdf")
        with pymupdf.open(stream=raw) as document:
            # Its streams in the open, where mutations of bytes reach what is in them.
            yield Seed("pdf", f"{shape}-open", bytes(document.tobytes(no_new_id=True, expand=255, deflate=False)), ".pdf")
    with pymupdf.open(data.samples() / "pdf" / "minhang-science-2023.pdf") as document:
        document.select([0])
        yield Seed("pdf", "sample", bytes(document.tobytes(no_new_id=True, garbage=4, deflate=True)), ".pdf")
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(write_damaged(Path(folder), draw([_form()], LAYOUTS["plain"]))):
            # The pictures among them are left to OCR, and keys are drawn by chance.
            if path.suffix == ".pdf" and path.stat().st_size < 20_000 and path.stem not in _BY_CHANCE:
                yield Seed("pdf", path.stem, path.read_bytes(), ".pdf")


def _words() -> Iterator[Seed]:
    for number, shape in enumerate(_SHAPES):
        yield Seed("docx", shape, _settled(as_docx([_form(number)], LAYOUTS[shape])), ".docx")


def _sheets() -> Iterator[Seed]:
    for number, shape in enumerate(_SHAPES[:3]):
        yield Seed("xlsx", shape, _settled(as_xlsx([_form(number)], LAYOUTS[shape])), ".xlsx")
    yield Seed("xlsx", "without-lines", _settled(as_xlsx([_form()], LAYOUTS["plain"], borders=False, merged=False)), ".xlsx")


def _old_sheets() -> Iterator[Seed]:
    for number, shape in enumerate(_SHAPES[:3]):
        book: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx([_form(number)], LAYOUTS[shape])))
        yield Seed("xls", shape, as_xls(book.active), ".xls")


def _ofds() -> Iterator[Seed]:
    for number, shape in enumerate(_SHAPES[:2]):
        yield Seed("ofd", shape, as_ofd(draw([_form(number)], LAYOUTS[shape])), ".ofd")


def _texts() -> Iterator[Seed]:
    # Of the other two, a text leaves open which column is which, and finding that out takes its time.
    for number, shape in enumerate((_SHAPES[0], _SHAPES[-1])):
        with pymupdf.open(stream=draw([_form(number)], LAYOUTS[shape])) as document:
            yield Seed("text", f"{shape}-lines", "\f".join(page.get_text() for page in document).encode(), ".txt")
        book: Any = openpyxl.load_workbook(io.BytesIO(as_xlsx([_form(number)], LAYOUTS[shape])))
        for name, between in (("tabs", "\t"), ("bars", " | ")):
            rows = (between.join("" if cell is None else str(cell).replace("\n", "") for cell in row) for row in book.active.values)
            yield Seed("text", f"{shape}-{name}", "\n".join(f"| {row} |" if name == "bars" else row for row in rows).encode(), ".md")


def _images() -> Iterator[Seed]:
    with pymupdf.open(stream=draw([_form()], LAYOUTS["plain"])) as document:
        picture = document[0].get_pixmap(dpi=72, clip=_CROP)
        for suffix in ("png", "jpg"):
            yield Seed("image", suffix, bytes(picture.tobytes(suffix)), f".{suffix}")
        for form, suffix in (("TIFF", ".tiff"), ("BMP", ".bmp"), ("WEBP", ".webp")):
            out = io.BytesIO()
            picture.pil_image().save(out, form)
            yield Seed("image", suffix[1:], out.getvalue(), suffix)


def _settled(raw: bytes) -> bytes:
    """A package without the time it was made at."""
    return packed({name: _CLOCK.sub(b"2024-01-01T00:00:00Z", content) for name, content in members_of(raw).items()})
