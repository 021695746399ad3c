"""Rows looked up where lines of several cells mix, names repeat, cells are merged, and several things are wrong at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.extract.llm.again import Said, look_up
from agents.extract.llm.align import Said as Cell
from agents.extract.llm.align import align
from agents.extract.llm.build import build
from agents.extract.llm.printed import Printed
from agents.extract.llm.rows import ground_rows
from schema.cells import ROW_CELLS
from schema.transcript import OTHER_LABEL, RowTranscript
from tests.agents.extract.llm.tables import ROWS, SHAPES, changed, dumped, head, listed, merged, row, ruled

COST = row(None, None, "绿化总成本", "≤421万元", "420万元", "7.00", "7.00")
DUST = row(None, None, "施工扬尘影响", "可控", "达成指标", "6.00", "6.00")
LATE = row(None, None, "完工及时性", "控制在合理范围", "部分达成指标并具有一定效果", "10.00", "3.00")
BOOKS = row(None, None, "采购苗木", "≥980册", "431册", "4.00", "1.76", "苗圃受灾，供苗推迟。")


def but(said: RowTranscript, **cells: str | None) -> RowTranscript:
    """The row with some cells said otherwise."""
    return said.model_copy(update=cells)


def silently_wrong(printed: Printed, rows: Sequence[RowTranscript], said: Sequence[RowTranscript]) -> list[tuple[str, str, object]]:
    """Cells of the form that differ from what their row prints, and nobody is told; rows go by their names, else by their place."""
    _, grounded = look_up(printed, Said(head(), tuple(said)))
    form = build(grounded)
    marked = {mark.cell for mark in form.review}
    right = {said.name: said for said in rows}
    wrong: list[tuple[str, str, object]] = []
    for i, found in enumerate(form.indicators):
        own = right.get(found.name) or (rows[i] if len(form.indicators) == len(rows) else None)
        for name in ROW_CELLS:
            value, wanted = getattr(found, name), getattr(own, name, None)
            same = (
                float(value) == float(wanted)
                if value is not None and wanted is not None and name in ("weight", "score")
                else value == wanted
            )
            if not same and f"indicators[{i}].{name}" not in marked:
                wrong.append((found.name, name, value))
    lost = len(form.indicators) < len(rows) and "indicators" not in marked
    return wrong + ([("", "row", None)] if lost else [])


TOGETHER: dict[str, tuple[list[RowTranscript], list[RowTranscript]]] = {
    "weight emptied before a dropped row": ([COST, DUST], [but(COST, weight=None)]),
    "score emptied before a dropped row": ([COST, DUST], [but(COST, score=None)]),
    "actual emptied before a dropped row": ([COST, DUST], [but(COST, actual=None)]),
    "deviation emptied before a dropped row": ([BOOKS, DUST], [but(BOOKS, deviation=None)]),
    "deviation of a dropped row": ([COST, BOOKS], [but(COST, deviation=BOOKS.deviation)]),
    "deviation of a row dropped two below": ([COST, DUST, BOOKS], [but(COST, deviation=BOOKS.deviation), DUST]),
    "name of a dropped row": ([COST, BOOKS], [but(BOOKS, name=COST.name)]),
    "actual emptied, weight wrong": ([COST], [but(COST, actual=None, weight="4.00")]),
    "actual emptied, score wrong": ([COST], [but(COST, actual=None, score="4.00")]),
    "values exchanged": ([COST], [but(COST, target=COST.actual, actual=COST.target)]),
    "values exchanged, weight wrong": ([COST], [but(COST, target=COST.actual, actual=COST.target, weight="3")]),
    "values exchanged, score wrong": ([BOOKS], [but(BOOKS, target=BOOKS.actual, actual=BOOKS.target, score="4.00")]),
    "values exchanged, name translated": ([LATE], [but(LATE, name="Completion level", target=LATE.actual, actual=LATE.target)]),
    "points exchanged": ([LATE], [but(LATE, weight="3.00", score="10.00")]),
    "points exchanged, actual of another form": ([LATE], [but(LATE, actual="93.00(场)", weight="3.00", score="10.00")]),
    "points exchanged, actual as target": ([LATE], [but(LATE, actual=LATE.target, weight="3.00", score="10.00")]),
    "all figures exchanged, no name": ([BOOKS], [but(BOOKS, name=None, target="431册", actual="≥980册", weight="1.76", score="4.00")]),
    "target emptied, actual cut": ([LATE], [but(LATE, target=None, actual="部分达成指……")]),
    "score emptied, actual as target": ([DUST], [but(DUST, actual=DUST.target, score=None)]),
    "rows swapped, score emptied below": ([COST, LATE, DUST], [LATE, COST, but(DUST, score=None)]),
    "rows swapped, target from above": ([COST, LATE, DUST], [LATE, COST, but(DUST, target=LATE.target)]),
    "name cut, target from above": ([COST, LATE, DUST], [COST, LATE, but(DUST, name="施工扬……", target=LATE.target)]),
}  # fmt: skip


@pytest.mark.parametrize("make", [ruled, dumped, listed], ids=["ruled", "rows", "cells"])
@pytest.mark.parametrize(("rows", "said"), TOGETHER.values(), ids=TOGETHER)
def test_faults_together_hide_nothing(make: Callable[..., Printed], rows: list[RowTranscript], said: list[RowTranscript]) -> None:
    assert silently_wrong(make(rows), rows, said) == []


# -- lines of several cells -----------------------------------------------------------------------------------------------------------

MIXED = [
    "产出指标 数量指标 维护园路长度 ≥36公里 38公里 10 10",
    "补植苗木数量 ≥1,200株 1,100株 15 13.75 受汛期影响推迟，",
    "质量指标 苗木成活率 ≥95.00(%) 96.50(%) 12 12",
    "将提前备苗。",
    "时效指标 完工及时性 2031年11月底前 部分达成指标并具有 13 7.5 批复较晚，",
    "一定效果 开工推迟。",
    "效益指标 社会效益 接待游客人次 ≥5万人次 6万人次 30 30",
    "指标",
    "满意度指标 服务对象满 游客满意度 ≥90% 87.2% 10 8.6 厕所偏少，下",
    "意度指标 年增设。",
]


def test_cells_whose_lines_mix_with_others_are_found() -> None:
    found = ground_rows(dumped(body=MIXED), ROWS)
    assert not found.missing
    assert [each.said.name for each in found.rows] == [said.name for said in ROWS]
    doubted = {(each.said.name, name): v.why for each in found.rows for name, v in each.cells.items() if not v.believed}
    assert doubted == {}
    texts = {each.said.name: "".join(piece.text for piece in each.cells["deviation"].pieces) for each in found.rows}
    assert texts["补植苗木数量"] == ROWS[1].deviation
    assert texts["完工及时性"] == ROWS[3].deviation


@pytest.mark.parametrize(
    ("number", "deviation"),
    [(0, ROWS[1].deviation), (2, ROWS[1].deviation), (1, "将提前备苗。"), (1, "受汛期影响推迟，"), (4, ROWS[3].deviation), (1, None),
     (3, None)],
    ids=["to the row above", "to the row below", "its end only", "its start only", "of row four below", "left out", "left out in a row"],
)  # fmt: skip
def test_a_deviation_between_two_rows_is_of_its_own_row(number: int, deviation: str | None) -> None:
    other = next((i for i, said in enumerate(ROWS) if said.deviation == deviation and i != number), None)
    said = changed(number, deviation=deviation)
    if other is not None and deviation is not None:
        said = changed(other, said, deviation=None)
    found = ground_rows(dumped(body=MIXED), said)
    verdict = next(each for each in found.rows if each.number == number).cells["deviation"]
    assert not verdict.believed


# -- names that repeat ----------------------------------------------------------------------------------------------------------------

TWINS = [
    row("产出指标", "数量指标", "开展培训", "≥3场", "3场", "20", "20"),
    row("产出指标", "数量指标", "印发手册", "≥500册", "500册", "20", "20"),
    row("效益指标", "社会效益指标", "开展培训", "≥80人", "75人", "30", "28", "报名不足。"),
    row("满意度指标", "服务对象满意度指标", "学员满意度", "≥90%", "95%", "20", "20"),
]


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_two_rows_may_have_one_name(make: Callable[..., Printed]) -> None:
    found = ground_rows(make(TWINS), TWINS)
    assert [each.said for each in found.rows] == TWINS
    assert [v.why for each in found.rows for v in each.cells.values() if not v.believed] == []


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("gone", [0, 2])
def test_one_of_two_rows_of_one_name_is_missed(make: Callable[..., Printed], gone: int) -> None:
    said = [each for i, each in enumerate(TWINS) if i != gone]
    _, grounded = look_up(make(TWINS), Said(head(), tuple(said)))
    form = build(grounded)
    assert any(mark.cell == "indicators" for mark in form.review)
    assert [found.target for found in form.indicators] == [each.target for each in said]


@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_values_of_the_row_of_the_same_name_are_not_believed(make: Callable[..., Printed]) -> None:
    said = changed(0, TWINS, target="≥80人", actual="75人", score="28")
    _, grounded = look_up(make(TWINS), Said(head(), tuple(said)))
    first = grounded.rows.rows[0]
    assert {name for name in ("target", "actual", "score") if first.cells[name].believed} == set()


# -- merged cells ---------------------------------------------------------------------------------------------------------------------


def shared(field: int, text: str, first: int, count: int) -> Printed:
    """The table with one cell merged over several rows."""
    body = [list(cells) for cells in merged(ROWS)]
    for i in range(first, first + count):
        at = len(body[i]) - 6 + field
        body[i][at : at + 1] = [(text, 1, count)] if i == first else []
    return ruled(body=body)


def test_a_deviation_merged_over_rows_holds_for_each_of_them() -> None:
    printed = shared(5, "受汛期影响推迟，将提前备苗。", 1, 3)
    said = [but(each, deviation=ROWS[1].deviation) if 1 <= i <= 3 else each for i, each in enumerate(ROWS)]
    found = ground_rows(printed, said)
    assert [each.cells["deviation"].status for each in found.rows] == ["blank", "exact", "exact", "exact", "blank", "exact"]
    beyond = changed(4, said, deviation=ROWS[1].deviation)
    assert not ground_rows(printed, beyond).rows[4].cells["deviation"].believed


def test_points_merged_over_rows_are_of_the_first_only() -> None:
    """Counting them for each row would change the sums."""
    printed = shared(3, "22", 1, 2)
    said = changed(2, changed(1, weight="22"), weight="22")
    found = ground_rows(printed, said)
    assert found.rows[1].cells["weight"].status == "exact"
    assert not found.rows[2].cells["weight"].believed


def test_one_printed_row_that_is_told_as_two_shares_nothing() -> None:
    said = [but(ROWS[2], score=None), but(ROWS[2], name=None, target=None, weight=None, deviation=None)]
    found = ground_rows(ruled(), said)
    assert sum(each.cells["actual"].believed for each in found.rows) == 1


# -- each piece is used once ----------------------------------------------------------------------------------------------------------

TEXTS = sorted({value for said in ROWS for name in ROW_CELLS[2:] if (value := getattr(said, name))})
CLAIMS = st.lists(
    st.builds(
        RowTranscript,
        level1=st.sampled_from([None, "产出指标", "效益指标", "满意度指标", OTHER_LABEL]),
        level2=st.sampled_from([None, "数量指标", "质量指标", "社会效益指标", OTHER_LABEL]),
        **{name: st.one_of(st.none(), st.sampled_from(TEXTS)) for name in ROW_CELLS[2:]},
    ),
    max_size=8,
)
READY = {name: make() for name, make in SHAPES.items()}


@given(CLAIMS, st.sampled_from(sorted(READY)))
def test_no_piece_belongs_to_two_cells(said: list[RowTranscript], shape: str) -> None:
    found = ground_rows(READY[shape], said)
    believed = Counter(
        piece.start for each in found.rows for name, v in each.cells.items() if name in ROW_CELLS[2:] and v.believed for piece in v.pieces
    )
    assert [start for start, times in believed.items() if times > 1] == []


@settings(max_examples=40)
@given(CLAIMS, st.sampled_from(sorted(READY)))
def test_what_is_believed_is_printed(said: list[RowTranscript], shape: str) -> None:
    """Whatever is claimed: a believed figure is the figure of its pieces, rows are in printed order, and every row is told or missed."""
    _, grounded = look_up(READY[shape], Said(head(), tuple(said)))
    assert [each.first for each in grounded.rows.rows] == sorted(each.first for each in grounded.rows.rows)
    form = build(grounded)
    marked = {mark.cell for mark in form.review}
    printed = {name: {getattr(each, name) for each in ROWS} for name in ROW_CELLS[2:]}
    for i, found in enumerate(form.indicators):
        for name in ROW_CELLS[2:]:
            value = getattr(found, name)
            if value is not None and f"indicators[{i}].{name}" not in marked:
                evidence = form.evidence[f"indicators[{i}].{name}"]
                text = "".join(place.text for place in evidence.at)
                assert name in ("weight", "score") or text == value
                assert text in printed[name] or shape != "ruled"
    assert len(form.indicators) == len(ROWS) or "indicators" in marked


@given(CLAIMS)
def test_the_alignment_keeps_the_order(said: list[RowTranscript]) -> None:
    texts = [value for each in ROWS for name in ROW_CELLS[2:] if (value := getattr(each, name))]
    cells = [Cell(r, name, value) for r, each in enumerate(said) for name in ROW_CELLS[2:] if (value := getattr(each, name))]
    places = [place for place in align(texts, cells, lambda i, name: True) if place is not None]
    assert all(before.end <= after.first for before, after in pairwise(places))
