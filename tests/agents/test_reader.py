"""Documents good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.reader import read_document
from eval.synthesis.damaged import DAMAGES, Damage, torn_page, write_awkward
from eval.synthesis.drawing import draw
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from ingest.mupdf import pymupdf
from schema.form import Form


@pytest.fixture(scope="module")
def good() -> bytes:
    return draw(list(make_forms(1, 5)), LAYOUTS["plain"])


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_document_is_read_or_says_what_is_wrong(damage: Damage, good: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"{damage.name}{damage.suffix}"
    path.write_bytes(damage.spoil(good))
    if damage.error is None:
        assert len(read_document(path).forms) == 1
        return
    with pytest.raises(damage.error) as caught:
        read_document(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_awkward_names_are_read(good: bytes, tmp_path: Path) -> None:
    for path in write_awkward(tmp_path, good):
        assert read_document(path).forms


def test_a_torn_page_marks_its_form_and_no_other(sample_pdfs: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "torn.pdf"
    path.write_bytes(torn_page(sample_pdfs[0].read_bytes()))
    read = read_document(path)
    assert [page.status for page in read.pages if page.page == 1] == ["failed"]
    for form in read.forms:
        assert form.source is not None
        assert ("indicators" in {mark.cell for mark in form.review}) == (1 in form.source.pages)


def test_ids_do_not_depend_on_the_file(good: bytes, tmp_path: Path) -> None:
    ids = []
    for name, forms in (("a.pdf", [5]), ("b.pdf", [6, 5])):
        path = tmp_path / name
        path.write_bytes(draw([_form(seed) for seed in forms], LAYOUTS["plain"]))
        ids.append({form.form_id for form in read_document(path).forms})
    assert ids[0] < ids[1]


def test_equal_heads_in_one_document_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "twins.pdf"
    path.write_bytes(draw([_form(5), _form(5)], LAYOUTS["plain"]))
    first, second = read_document(path).forms
    assert first.form_id != second.form_id


def test_pages_like_forms_that_give_none_say_why(good: bytes, tmp_path: Path) -> None:
    """A table drawn without lines is a failed page; a blank template is no form and no failure."""
    path = tmp_path / "mixed.pdf"
    with pymupdf.open(stream=good, filetype="pdf") as document:
        page = document.new_page()
        for y, text in ((80, "项目支出绩效自评表"), (120, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分")):
            page.insert_text((60, y), text, fontname="china-s")
        blank = document.new_page()
        labels = ["项目名称", "", "", "三级指标", "实际完成值", "得分", "指标1：", "", ""]
        for i, text in enumerate(labels):
            x, y = 60 + 100 * (i % 3), 100 + 30 * (i // 3)
            blank.draw_rect((x, y, x + 100, y + 30))
            blank.insert_text((x + 5, y + 20), text, fontname="china-s")
        document.save(path)
    read = read_document(path)
    assert len(read.forms) == 1
    assert [page.status for page in read.pages[-2:]] == ["failed", "other"]
    assert all(page.reason for page in read.pages[-2:])


def test_a_page_without_a_table_amid_a_form_is_announced(tmp_path: Path) -> None:
    path = tmp_path / "gap.pdf"
    with pymupdf.open(stream=draw([_form(5)], LAYOUTS["tight"]), filetype="pdf") as document:
        assert document.page_count > 1
        document.new_page(1).insert_text((60, 80), "300.00", fontname="china-s")
        document.save(path)
    (form,) = read_document(path).forms
    assert [mark.cell for mark in form.review] == ["indicators"]


def _form(seed: int) -> Form:
    return next(iter(make_forms(1, seed)))
