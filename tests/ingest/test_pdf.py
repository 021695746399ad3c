"""Pages of real PDFs, and of broken ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from eval.synthesis.damaged import torn_page
from ingest.documents import Unread
from ingest.mupdf import pymupdf
from ingest.pdf import open_pdf, open_pdf_document, read_page
from ingest.settings import Settings
from schema.errors import DamagedDocument


def _pages(path: Path) -> list[object]:
    with open_pdf(path, path.name) as document:
        return [read_page(document, i) for i in range(document.page_count)]


def test_every_character_of_a_page_is_in_exactly_one_place(sample_pdfs: list[Path]) -> None:
    with open_pdf(sample_pdfs[0], "x") as document:
        for index in range(document.page_count):
            page = read_page(document, index)
            pieces = [line.text for line in page.lines] + [line.text for t in page.tables for c in t.cells for line in c.lines]
            printed = "".join(document[index].get_text("text").split())
            assert sorted("".join("".join(pieces).split())) == sorted(printed)


def test_numbers_keep_their_points(tmp_path: Path) -> None:
    """PyMuPDF 2's own tables put the point of 1,234.56 on another line."""
    path = tmp_path / "number.pdf"
    with pymupdf.open() as document:
        page = document.new_page()
        page.draw_rect((50, 50, 150, 80))
        page.insert_text((60, 70), "1,234.56", fontname="helv", fontsize=11)
        document.save(path)
    with open_pdf(path, "x") as document:
        assert read_page(document, 0).tables[0].cells[0].text == "1,234.56"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_displayed(turn: int, tmp_path: Path) -> None:
    path = tmp_path / "turned.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=200)
        page.draw_rect((50, 50, 150, 80))
        page.insert_text((60, 70), "A", fontname="helv", fontsize=11)
        page.set_rotation(turn)
        shown = pymupdf.Rect(50, 50, 150, 80) * page.rotation_matrix
        document.save(path)
    with open_pdf(path, "x") as document:
        (cell,) = read_page(document, 0).tables[0].cells
    assert cell.box == pytest.approx(tuple(shown), abs=0.6)
    assert cell.text == "A"


def test_text_beyond_the_page_is_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "off.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=200, height=200)
        page.insert_text((50, 50), "in", fontname="helv")
        page.insert_text((250, 50), "out", fontname="helv")
        document.save(path)
    with open_pdf(path, "x") as document:
        assert [line.text for line in read_page(document, 0).lines] == ["in"]


def test_lost_content_is_noticed(sample_pdfs: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "torn.pdf"
    path.write_bytes(torn_page(sample_pdfs[0].read_bytes()))
    with open_pdf(path, "x") as document:
        assert read_page(document, 0).damage
        assert read_page(document, 1).damage is None


def test_pages_beyond_the_limit_are_announced_once(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    with pymupdf.open() as document:
        for _ in range(5):
            document.new_page(width=100, height=100)
        document.save(path)
    with open_pdf_document(path, "x", Settings(pages=3)) as document:
        pages = list(document.pages())
    assert [isinstance(page, Unread) for page in pages] == [False, False, False, True]
    assert pages[-1] == Unread(4, "起没有读：超过一个文件 3 页的上限")


def test_no_mutation_of_a_file_gives_anything_but_pages_or_our_error(sample_pdfs: list[Path], tmp_path: Path) -> None:
    good = min(sample_pdfs, key=lambda p: p.stat().st_size).read_bytes()
    rng = random.Random(20241120)
    path = tmp_path / "mutated.pdf"
    opened = 0
    for _ in range(40):
        spoiled = bytearray(good[: rng.choice([len(good), rng.randrange(1, len(good))])])
        for _ in range(rng.randrange(1, 60)):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        path.write_bytes(bytes(spoiled))
        try:
            opened += bool(_pages(path))
        except DamagedDocument:
            continue
    assert opened


def _with_pages(path: Path, tree: bytes) -> Path:
    """A PDF whose tree of pages is this dictionary; page 4 is whole."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", tree, b"<< /Length 0 >>\nstream\n\nendstream"]
    objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 3 0 R >>")
    raw = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    path.write_bytes(
        raw + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (table, len(raw))
    )
    return path


def test_a_tree_without_a_sensible_number_of_pages_is_told(tmp_path: Path) -> None:
    path = _with_pages(tmp_path / "a.pdf", b"<< /Type /Pages /Kids [4 0 R] /Count -1 >>")
    with pytest.raises(DamagedDocument, match="页面目录"), open_pdf(path, "a.pdf"):
        pass


def test_pages_that_are_counted_and_not_there_are_told(tmp_path: Path) -> None:
    path = _with_pages(tmp_path / "a.pdf", b"<< /Type /Pages /Kids [4 0 R] /Count 3 >>")
    with open_pdf_document(path, "a.pdf", Settings(ocr="never")) as document:
        pages = list(document.pages())
    assert [page.number for page in pages] == list(range(1, document.page_count + 1))
    assert all(isinstance(page, Unread) and "code" not in page.reason for page in pages[1:])
