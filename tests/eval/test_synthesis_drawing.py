"""Drawn pages: every printed value is there as text, inside its cell, the same bytes each time; breaks do what the layout says."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pymupdf
import pytest

from eval.synthesis.corpus import write_corpus
from eval.synthesis.drawing import draw
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_form, make_forms
from eval.synthesis.layout import Breaks, Layout
from eval.synthesis.layouts import LAYOUTS
from eval.synthesis.paging import PAD, Leaf, lay_out, text_width, wrap
from eval.synthesis.sheet import Sheet, make_sheet
from schema.form import Form

FORMS = list(make_forms(4, seed=9))
ALL = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())


def _pages(data: bytes) -> list[str]:
    """The text of each page without white space, the ellipsis as it was written."""
    with pymupdf.open(stream=data) as document:
        return ["".join(page.get_text().split()).replace("⋯", "…") for page in document]


def _characters(sheet: Sheet) -> Counter[str]:
    lines = [sheet.title, sheet.subtitle or "", sheet.lead or "", *sheet.above, *sheet.below]
    return Counter("".join("".join([*lines, *(cell.text for row in sheet.rows for cell in row.cells)]).split()))


@ALL
def test_all_text_is_on_the_pages(layout: Layout) -> None:
    """Nothing is lost where rows and cells are cut; only a layout that repeats labels or headers prints more."""
    wanted = sum((_characters(make_sheet(form, layout)) for form in FORMS), Counter[str]())
    drawn = Counter("".join(_pages(draw(FORMS, layout))))
    assert not wanted - drawn
    if layout.breaks.labels != "repeat" and not layout.breaks.repeat_header:
        assert drawn == wanted


@ALL
def test_numbers_and_names_are_found_as_words(layout: Layout) -> None:
    if layout.page.font_size > 10:
        pytest.skip("its cells are too narrow for whole numbers, which is what it is for")
    form = as_read(FORMS[1], layout)
    text = "".join(_pages(draw([FORMS[1]], layout)))
    assert f"{form.funding.total.execution_rate:.2f}" in text
    assert (form.project_name or "") in text
    assert all((row.actual or "") in text for row in form.indicators if len(row.actual or "") < 6)


@ALL
def test_same_bytes_each_time(layout: Layout) -> None:
    assert draw(FORMS[:1], layout) == draw(FORMS[:1], layout)


@ALL
def test_text_stays_inside_page_and_cell(layout: Layout) -> None:
    width, height = layout.page.size
    for leaf in lay_out([make_sheet(form, layout) for form in FORMS], layout):
        for text in leaf.texts:
            end = text.x + text_width(text.text, text.size)
            assert text.x > 0
            assert end < width
            assert 0 < text.y < height
        for box in leaf.boxes:
            assert 0 < box.x0 < box.x1 < width
            assert 0 < box.y0 < box.y1 <= height - layout.page.margin + 0.01
        _assert_in_cells(leaf)


def _assert_in_cells(leaf: Leaf) -> None:
    top, bottom = min(box.y0 for box in leaf.boxes), max(box.y1 for box in leaf.boxes)
    for text in leaf.texts:
        middle = text.y - text.size / 2
        if top < middle < bottom:
            end = text.x + text_width(text.text, text.size)
            homes = [box for box in leaf.boxes if box.x0 - 0.01 <= text.x and end <= box.x1 + 0.01 and box.y0 < middle < box.y1]
            assert homes or _between_tables(leaf, middle), text


def _between_tables(leaf: Leaf, y: float) -> bool:
    return not any(box.y0 < y < box.y1 for box in leaf.boxes)


@ALL
def test_rulings_are_drawn(layout: Layout) -> None:
    with pymupdf.open(stream=draw(FORMS[:1], layout)) as document:
        assert len(document[0].get_drawings()) > 20


def test_open_tables_have_no_outer_border() -> None:
    layout = LAYOUTS["transfer"]
    with pymupdf.open(stream=draw(FORMS[:1], layout)) as document:
        edges = [item["rect"] for item in document[0].get_drawings()]
    left = layout.page.margin
    assert any(abs(edge.x0 - left) < 1 and edge.width > 50 for edge in edges)
    assert not any(abs(edge.x0 - left) < 1 and edge.width < 1 for edge in edges)


def test_turned_page_is_stored_upright() -> None:
    with pymupdf.open(stream=draw(FORMS[:1], LAYOUTS["turned"])) as document:
        page = document[0]
        assert page.rotation == 90
        assert page.rect.width > page.rect.height
        word = next(word for word in page.get_text("words") if "项目支出绩效自评表" in word[4])
        box = pymupdf.Rect(word[:4]) * page.rotation_matrix
        assert box.y1 < 80
        assert abs((box.x0 + box.x1) / 2 - page.rect.width / 2) < 2


def _long_form(seed: int = 2) -> Form:
    return make_form(random.Random(seed), rows=25)


def _cut_deviations(form: Form, layout: Layout) -> list[str]:
    pages = _pages(draw([form], layout))
    plain = ["".join((row.deviation or "").split()) for row in form.indicators]
    return [text for text in plain if text and not any(text in page for page in pages)]


def test_rows_are_cut_only_where_the_layout_allows_it() -> None:
    whole, cut = LAYOUTS["plain"], replace(LAYOUTS["plain"], breaks=Breaks(cut_rows=True))
    forms = list(make_forms(20, seed=1))
    assert not any(_cut_deviations(form, whole) for form in forms)
    assert sum(bool(_cut_deviations(form, cut)) for form in forms) >= 2


@pytest.mark.parametrize("how", ["split", "repeat", "first"])
def test_labels_at_the_break(how: str) -> None:
    layout = replace(LAYOUTS["plain"], breaks=Breaks(labels=how))  # type: ignore[arg-type]
    forms = [form for form in make_forms(16, seed=1) if len(_pages(draw([form], layout))) > 1]
    labels = Counter(tuple("产出指标" in page for page in _pages(draw([form], layout))[:2]) for form in forms)
    assert len(forms) > 8
    assert (labels[(True, True)] > 0) == (how == "repeat")


def test_headers_are_repeated_or_not() -> None:
    form = _long_form()
    once = _pages(draw([form], LAYOUTS["plain"]))
    again = _pages(draw([form], replace(LAYOUTS["plain"], breaks=Breaks(repeat_header=True))))
    assert len(once) > 1
    assert ["三级指标" in page for page in once] == [True] + [False] * (len(once) - 1)
    assert all("三级指标" in page for page in again[:2])


def test_two_short_forms_share_a_page() -> None:
    layout = LAYOUTS["flowing"]
    short = [make_form(random.Random(seed), rows=7) for seed in (21, 22)]
    pages = _pages(draw(short, layout))
    assert all((form.project_name or "") in pages[0] for form in short)


def test_a_row_higher_than_a_page_is_cut_all_the_same() -> None:
    first = FORMS[0].indicators[0].model_copy(update={"deviation": "因汛期延长，工期顺延。" * 300})
    form = FORMS[0].model_copy(update={"indicators": (first, *FORMS[0].indicators[1:])})
    pages = _pages(draw([form], LAYOUTS["plain"]))
    assert sum(page.count("汛") for page in pages) >= 300


def test_wrapping_keeps_words_and_loses_nothing() -> None:
    assert wrap("引入Power BI看板", 45, 10) == ("引入", "Power BI", "看板")
    assert wrap("引入Power BI看板", 40, 10) == ("引入", "Power", "BI看板")
    assert wrap("≥99.00(%)", 20, 10) == ("≥9", "9.00", "(%)")
    assert wrap("年度\n总体", 100, 10) == ("年度", "总体")
    assert wrap("", 100, 10) == ("",)
    assert PAD > 0


def test_corpus_on_disk(tmp_path) -> None:  # type: ignore[no-untyped-def]
    written = write_corpus(tmp_path / "corpus", 16, seed=3)
    assert len({path.name for path, _ in written}) == 16
    assert len({form.form_id for _, form in written}) == 16
    assert {path.stem.split("-", 1)[1] for path, _ in written} == set(LAYOUTS)
    for path, form in written:
        assert "".join((form.project_name or "").split()) in "".join(_pages(path.read_bytes()))
