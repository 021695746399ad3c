"""Made-up forms as pictures: every figure right or marked, every place on the page as displayed."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from agents.reader import read_document
from eval.synthesis.drawing import draw
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from ingest.mupdf import pymupdf
from ingest.settings import Settings
from schema.cells import get_cell, iter_cells
from schema.errors import DamagedDocument, NoFormFound, ScannedDocument
from schema.evidence import PagePlace
from schema.form import Form
from schema.reading import DocumentReading
from schema.text import fold
from tests.ingest.scan.pictures import noisy, turned

DPI = 170


@pytest.fixture(scope="module")
def form() -> Form:
    return as_read(next(iter(make_forms(1, seed=11))), LAYOUTS["plain"])


@pytest.fixture(scope="module")
def pages(form: Form) -> list[np.ndarray]:
    with pymupdf.open(stream=draw([form], LAYOUTS["plain"])) as document:
        return [np.array(Image.open(io.BytesIO(page.get_pixmap(dpi=DPI, colorspace=pymupdf.csGRAY).tobytes("png")))) for page in document]


@pytest.fixture(scope="module")
def reading(pages: list[np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> DocumentReading:
    """The pages, noisy and a little askew, the last of them upside down, as one TIFF file."""
    scanned = [noisy(turned(page, 0.8), 12) for page in pages]
    scanned[-1] = np.rot90(scanned[-1], 2)
    path = tmp_path_factory.mktemp("scan") / "扫描.tiff"
    first, *rest = map(Image.fromarray, scanned)
    first.save(path, save_all=True, append_images=rest, dpi=(DPI, DPI))
    return read_document(path)


def test_a_scan_gives_the_form_and_says_how_it_was_read(reading: DocumentReading, form: Form) -> None:
    assert reading.kind == "scan"
    assert {page.method for page in reading.pages} == {"ocr"}
    assert "转了 180°" in reading.pages[-1].notes[0]
    assert len(reading.forms) == 1
    assert len(reading.forms[0].indicators) == len(form.indicators)


def test_every_figure_is_right_or_marked(reading: DocumentReading, form: Form) -> None:
    read = reading.forms[0]
    marked = {mark.cell for mark in read.review}
    values = [(cell, value) for cell, value in iter_cells(form) if not cell.startswith("extras") and cell != "title"]
    wrong = {cell for cell, value in values if not _same(get_cell(read, cell), value)}
    assert {cell for cell in wrong if not isinstance(get_cell(form, cell), str)} <= marked
    assert len(wrong - marked) <= 1
    assert len(wrong) < 0.05 * len(values)
    assert len(marked) < 0.08 * len(values)


def test_every_value_has_a_place_on_its_page(reading: DocumentReading, pages: list[np.ndarray]) -> None:
    height, width = (side * 72 / DPI for side in pages[0].shape)
    for evidence in reading.forms[0].evidence.values():
        for place in evidence.at:
            assert isinstance(place, PagePlace)
            assert evidence.read_by == "ocr"
            x0, y0, x1, y1 = place.bbox
            assert 0 <= x0 < x1 <= width * 1.01 and 0 <= y0 < y1 <= height * 1.01


def test_places_on_a_page_that_lies_on_its_head_are_those_displayed(reading: DocumentReading, pages: list[np.ndarray]) -> None:
    last = [e.at[-1] for e in reading.forms[0].evidence.values() if isinstance(e.at[-1], PagePlace) and e.at[-1].page == len(pages)]
    total = reading.forms[0].evidence["total_score"].at[-1]
    assert isinstance(total, PagePlace)
    # Read from the top, the total comes last; displayed upside down, it stands above what precedes it.
    assert sum(place.bbox[1] > total.bbox[1] for place in last if isinstance(place, PagePlace)) > len(last) / 2


def test_pictures_are_not_read_when_nobody_wants_it(pages: list[np.ndarray], tmp_path: Path) -> None:
    path = tmp_path / "页.png"
    Image.fromarray(pages[0]).save(path)
    with pytest.raises(ScannedDocument, match="--ocr never"):
        read_document(path, Settings(ocr="never"))


def _same(a: object, b: object) -> bool:
    return fold(a) == fold(b) if isinstance(a, str) and isinstance(b, str) else a == b


def test_heic_photos_are_decoded_and_broken_ones_told(tmp_path: Path) -> None:
    pillow_heif.register_heif_opener()
    good, bad = tmp_path / "IMG_1.heic", tmp_path / "IMG_2.heic"
    Image.new("RGB", (400, 300), "white").save(good)
    bad.write_bytes(good.read_bytes()[:200])
    with pytest.raises(NoFormFound):
        read_document(good)
    with pytest.raises(DamagedDocument, match="打不开"):
        read_document(bad)


@pytest.mark.parametrize(("width", "height"), [(9_000, 3), (3, 9_000), (1, 1)])
def test_a_picture_that_is_a_line_holds_no_form(width: int, height: int, tmp_path: Path) -> None:
    path = tmp_path / "line.png"
    Image.new("L", (width, height), 255).save(path)
    with pytest.raises(NoFormFound):
        read_document(path)


def test_a_picture_without_width_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none.png"
    Image.new("L", (20, 20), 255).save(path)
    raw = bytearray(path.read_bytes())
    raw[16:20] = bytes(4)
    raw[29:33] = zlib.crc32(raw[12:29]).to_bytes(4, "big")
    path.write_bytes(raw)
    with pytest.raises(DamagedDocument, match="图片已损坏"):
        read_document(path)
