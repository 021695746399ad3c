"""Pages as pictures: whatever way a page is stored, boxes of what was read lie on their print."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.mupdf import pymupdf
from ingest.pdf import open_pdf_document
from ingest.pictures import MOST_PIXELS, Drawing, as_pdf, draw, page_sizes
from ingest.settings import DEFAULT
from schema.errors import DamagedDocument, UsageError

WORD = "1234.5"


def _turned_pdf(path: Path, rotation: int) -> Path:
    """A page with one word on it that is displayed turned."""
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=300)
        page.insert_text((80, 120), WORD, fontsize=20)
        page.set_rotation(rotation)
        document.save(path)
    return path


def _ink(picture: bytes) -> float:
    """Share of dark pixels."""
    pixmap = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(picture))
    return sum(value < 128 for value in pixmap.samples) / len(pixmap.samples)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_lie_on_their_print_however_a_page_is_turned(tmp_path: Path, rotation: int) -> None:
    path = _turned_pdf(tmp_path / "a.pdf", rotation)
    with open_pdf_document(path, "a.pdf", DEFAULT) as document:
        page = next(iter(document.pages()))
    glyphs = [glyph for line in page.lines for glyph in line.glyphs]  # type: ignore[union-attr]
    box = (min(g.x0 for g in glyphs), min(g.y0 for g in glyphs), max(g.x1 for g in glyphs), max(g.y1 for g in glyphs))
    assert page_sizes(path, "pdf") == [(page.width, page.height)]  # type: ignore[union-attr]
    on_it, whole = draw(path, "pdf", 1, Drawing(144, box)), draw(path, "pdf", 1, Drawing(144))
    assert _ink(on_it) > 0.05 > _ink(whole) > 0
    small = pymupdf.Pixmap(on_it)
    # All the ink of the page is in the box.
    assert _ink(on_it) * small.width * small.height == pytest.approx(_ink(whole) * 800 * 600, rel=0.15)


def test_a_folder_of_images_has_a_page_for_each(tmp_path: Path) -> None:
    folder = tmp_path / "scan"
    folder.mkdir()
    for number, width in ((1, 300), (2, 500)):
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, width, 400))
        pixmap.clear_with(255)
        pixmap.set_dpi(72, 72)
        pixmap.save(folder / f"{number}.png")
    assert [width for width, _ in page_sizes(folder, "image")] == [300, 500]
    assert pymupdf.Pixmap(draw(folder, "image", 2, Drawing(72))).width == 500
    with pytest.raises(UsageError, match="没有第 3 页，共 2 页"):
        draw(folder, "image", 3, Drawing(72))


def test_a_page_of_any_size_gives_a_picture_of_bounded_size(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        document.new_page(width=14_000, height=14_000)
        document.save(tmp_path / "huge.pdf")
    pixmap = pymupdf.Pixmap(draw(tmp_path / "huge.pdf", "pdf", 1, Drawing(300)))
    assert pixmap.width * pixmap.height <= MOST_PIXELS * 1.01


def test_what_has_no_pages_or_is_broken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\nbroken")
    with pytest.raises(UsageError, match="没有页面图像"):
        page_sizes(tmp_path / "a.txt", "text")
    with pytest.raises(DamagedDocument):
        draw(tmp_path / "a.png", "image", 1, Drawing(72))
    assert as_pdf(tmp_path / "a.png", "image") is None
