"""Labels of levels: which are printed, broken or cut as they may be, and over which rows they stand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.extract.llm.levels import labels_in_text, over_rows, precede_rows
from agents.extract.llm.printed import Printed, print_block
from agents.extract.llm.rows import ground_rows
from schema.cells import ROW_CELLS
from schema.transcript import OTHER_LABEL
from tests.agents.extract.grids import block, table
from tests.agents.extract.llm.tables import LABELS, ROWS, changed, dumped, merged, row, ruled

LABELLED: dict[str, tuple[Sequence[str], list[tuple[str, str]]]] = {
    "whole": (["产出指标", "数量指标", "甲"], [("level1", "产出指标"), ("level2", "数量指标")]),
    "with points": (["产出指标（50分）", "数量指标", "甲"], [("level1", "产出指标"), ("level2", "数量指标")]),
    "over lines": (["产出", "指标", "数量", "指标", "甲"], [("level1", "产出指标"), ("level2", "数量指标")]),
    "each character apart": (["满", "意", "度", "指", "标", "甲"], [("level1", "满意度指标")]),
    "long, over lines": (["服务对象", "满意度指", "标", "甲"], [("level2", "服务对象满意度指标")]),
    "behind other print": (["数量", "维护园路", "指标", "长度"], [("level2", "数量指标")]),
    "cost on both levels": (["成本指标", "成本指标", "甲"], [("level1", "成本指标"), ("level2", "成本指标")]),
    "satisfaction on both levels": (
        ["满意度指标", "服务对象满意度指标", "甲"],
        [("level1", "满意度指标"), ("level2", "服务对象满意度指标")],
    ),
    "last character cut by a page break": (["可持续影响指", "甲"], [("level2", "可持续影响指标")]),
    "no label": (["数量多", "指标完成", "产出量"], []),
    "a name that begins like one": (["数量指标完成率", "质量"], [("level2", "质量")]),
    "two groups": (["产出指标", "甲", "效益指标", "乙"], [("level1", "产出指标"), ("level1", "效益指标")]),
}  # fmt: skip


@pytest.mark.parametrize(("texts", "wanted"), LABELLED.values(), ids=LABELLED)
def test_labels_told_by_their_wording(texts: Sequence[str], wanted: list[tuple[str, str]]) -> None:
    assert [(label.level, label.text) for label in labels_in_text(texts)] == wanted


@pytest.mark.parametrize(("texts", "_wanted"), LABELLED.values(), ids=LABELLED)
def test_every_piece_is_of_one_label_only(texts: Sequence[str], _wanted: object) -> None:
    pieces = [i for label in labels_in_text(texts) for i in label.pieces]
    assert len(pieces) == len(set(pieces))


def test_a_label_stands_over_the_rows_behind_it() -> None:
    texts = ["产出指标", "数量指标", "甲", "乙", "质量指标", "丙", "效益指标", "丁", "社会效益指标", "戊"]
    over = list(over_rows(labels_in_text(texts), [2, 3, 5, 7, 9]))
    assert [{name: label.text for name, label in labels.items()} for labels in over] == [
        {"level1": "产出指标", "level2": "数量指标"},
        {"level1": "产出指标", "level2": "数量指标"},
        {"level1": "产出指标", "level2": "质量指标"},
        {"level1": "效益指标"},
        {"level1": "效益指标", "level2": "社会效益指标"},
    ]


def test_a_row_that_was_not_found_has_no_labels() -> None:
    assert list(over_rows(labels_in_text(["产出指标", "甲"]), [None])) == [{}]


def test_labels_inside_rows_tell_that_they_do_not_precede_them() -> None:
    texts = ["甲", "产出指标", "10", "乙", "效益指标", "10"]
    labels = labels_in_text(texts)
    assert not precede_rows(labels, {2, 5})
    assert precede_rows(labels, set())


# -- over the rows of a table -------------------------------------------------------------------------------------------------------


def statuses(printed: Printed, rows: Sequence[object], level: str) -> list[str]:
    """What became of a level of each row."""
    return [found.cells[level].status for found in ground_rows(printed, rows).rows]  # type: ignore[arg-type]


def test_a_label_of_another_wording_is_taken_from_the_page() -> None:
    rows = [said.model_copy(update={"level2": OTHER_LABEL}) if i == 1 else said for i, said in enumerate(ROWS)]
    found = ground_rows(ruled(), rows).rows[1].cells["level2"]
    assert (found.status, found.text) == ("exact", "数量指标")


def test_a_label_nobody_knows_is_read_in_its_column() -> None:
    body = list(merged([said.model_copy(update={"level1": "绩效产出类"}) if i < 4 else said for i, said in enumerate(ROWS)]))
    printed = ruled(body=body)
    said = [row.model_copy(update={"level1": OTHER_LABEL}) if i < 4 else row for i, row in enumerate(ROWS)]
    found = ground_rows(printed, said).rows[0].cells["level1"]
    assert (found.status, found.text) == ("exact", "绩效产出类")
    assert set(statuses(printed, ROWS, "level1")[:4]) == {"absent"}


@pytest.mark.parametrize("level", ["level1", "level2"])
def test_labels_that_are_not_printed_are_not_believed(level: str) -> None:
    bare = [said.model_copy(update={"level1": None, "level2": None}) for said in ROWS]
    for printed in (ruled(bare), dumped(bare)):
        assert set(statuses(printed, ROWS, level)) == {"absent"}
        assert set(statuses(printed, bare, level)) == {"blank"}


def pages(label: str, rest: str) -> Printed:
    """The table over a page break behind its first row; the label of level 2 there is printed in two parts."""
    labels = [
        ("产出指标", label),
        ("", rest),
        ("", "质量指标"),
        ("", "时效指标"),
        ("效益指标", "社会效益指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]
    rows = [[*over, *((getattr(said, name) or "") for name in ROW_CELLS[2:])] for over, said in zip(labels, ROWS, strict=True)]
    head = [[("项目名称", 2, 1), ("柳溪公园园路维护", 6, 1)], list(LABELS)]
    return print_block(block(table(1, [*head, rows[0]]), table(2, rows[1:])))


def test_a_label_that_a_page_break_parts_is_one() -> None:
    printed = pages("数量", "指标")
    found = ground_rows(printed, ROWS)
    assert [row.cells["level2"].text for row in found.rows[:2]] == ["数量指标", "数量指标"]
    assert [row.cells["level2"].status for row in found.rows[:2]] == ["exact", "exact"]


def test_a_wrong_label_across_a_page_break_is_not_believed() -> None:
    printed = pages("数量", "指标")
    assert statuses(printed, changed(1, level2="质量指标"), "level2")[1] == "absent"


def test_a_dump_that_prints_labels_behind_their_rows_tells_nothing() -> None:
    """Where labels stand inside of rows, nobody can tell where they end; then no label is believed."""
    lines = [f"{said.name} {said.target} {said.actual} {said.weight} {said.level1} {said.level2} {said.score}" for said in ROWS]
    printed = dumped(body=lines)
    found = ground_rows(printed, [said.model_copy(update={"deviation": None}) for said in ROWS])
    wrong = [
        row.said.name
        for row in found.rows
        for level in ("level1", "level2")
        if row.cells[level].believed and row.cells[level].said is not None
    ]
    assert wrong == []


def test_repeated_labels_are_over_their_own_rows() -> None:
    rows = [
        row("成本指标", "成本指标", "绿化成本", "≤10万元", "9万元", "20", "20"),
        row("产出指标", "成本指标", "单位成本", "≤5元", "4元", "70", "70"),
    ]
    for printed in (ruled(rows), dumped(rows)):
        assert [found.cells["level2"].status for found in ground_rows(printed, rows).rows] == ["exact", "exact"]
        exchanged = [rows[0].model_copy(update={"level1": "产出指标"}), rows[1]]
        assert ground_rows(printed, exchanged).rows[0].cells["level1"].status == "absent"
