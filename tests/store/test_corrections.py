"""The words of people outlive readings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schema.errors import UsageError
from schema.evidence import ReviewMark
from schema.form import Form
from store import Store
from tests.factories import make_form, make_indicator, make_reading

D = Decimal
NAME = "政务"


def _with_row_before(form: Form) -> Form:
    return form.model_copy(update={"indicators": (make_indicator(0, name="先前漏读的一行"), *form.indicators)})


def test_a_correction_changes_the_cell_its_evidence_and_its_mark(store: Store, run: int) -> None:
    marks = (ReviewMark(cell="total_score", reason="模糊"), ReviewMark(cell="grade", reason="模糊"))
    store.save(make_reading([make_form(total_score=D(99), review=marks)]), run)
    change = store.correct(NAME, "total_score", "100.00", "张三")
    assert (change.old, change.new, change.event.old, change.event.new, change.event.who) == (99, 100, 99, 100, "张三")
    assert {finding.rule for finding in change.gone} == {"score-sum"}
    form = store.get(NAME)
    assert form.total_score == 100
    assert (form.evidence["total_score"].read_by, form.evidence["total_score"].match) == ("reviewer", "none")
    assert [mark.cell for mark in form.review] == ["grade"]
    assert store.forms()[0].total_score == 100


def test_confirming_a_value_takes_its_mark_away(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(ReviewMark(cell="total_score", reason="模糊"),))]), run)
    store.correct(NAME, "total_score", "100", "张三")
    form = store.get(NAME)
    assert form.review == ()
    assert (form.evidence["total_score"].read_by, form.evidence["total_score"].match) == ("reviewer", "exact")


def test_an_emptied_cell_has_no_evidence(store: Store, run: int) -> None:
    store.save(make_reading([make_form()]), run)
    store.correct(NAME, "grade", "-", "张三")
    assert store.get(NAME).grade is None
    assert "grade" not in store.get(NAME).evidence


def test_undoing_brings_back_what_was_before(store: Store, run: int) -> None:
    store.save(make_reading([make_form()]), run)
    before = store.get(NAME)
    store.correct(NAME, "indicators[2].score", "14", "张三")
    store.correct(NAME, "indicators[2].score", "13", "李四")
    assert store.undo(NAME, "indicators[2].score", "王五").new == 14
    assert store.undo(NAME, "indicators[2].score", "王五").new == 15
    assert store.get(NAME) == before
    with pytest.raises(UsageError, match="没有可撤销的更正"):
        store.undo(NAME, "indicators[2].score", "王五")
    assert [(event.new, event.who, event.undone_by, event.applied) for event in store.corrections(NAME)] == [
        (14, "张三", "王五", False),
        (13, "李四", "王五", False),
    ]


def test_a_correction_survives_a_better_reading_with_a_row_inserted_before(store: Store, run: int) -> None:
    store.save(make_reading([make_form()], "照片.jpg", kind="photo"), run)
    store.correct(NAME, "indicators[2].actual", "96.00(%)", "张三")
    saved = store.save(make_reading([_with_row_before(make_form())], "原.pdf"), run)
    form = store.get(NAME)
    assert saved.unapplied == ()
    assert len(form.indicators) == 7
    assert (form.indicators[2].actual, form.indicators[3].actual) == ("95.00(%)", "96.00(%)")
    assert form.evidence["indicators[3].actual"].read_by == "reviewer"
    assert form.evidence["indicators[2].actual"].read_by == "layout"
    assert store.undo(NAME, "indicators[3].actual", "张三").new == "95.00(%)"


def test_a_correction_survives_removal_and_reading_again(store: Store, run: int) -> None:
    reading = make_reading([make_form()])
    store.save(reading, run)
    store.correct(NAME, "funding.total.outturn", "6.7", "张三")
    assert store.remove("甲.pdf").corrections_kept == 1
    saved = store.save(reading, run)
    assert saved.errors > 0  # the execution rate no longer fits
    assert store.get(NAME).funding.total.outturn == D("6.7")


def test_rows_of_one_name_are_told_apart_by_their_order(store: Store, run: int) -> None:
    twins = tuple(make_indicator(0, score=D(15 - i)) for i in range(3))
    store.save(make_reading([make_form(indicators=twins)], "照片.jpg", kind="photo"), run)
    store.correct(NAME, "indicators[1].score", "11", "张三")
    store.save(make_reading([_with_row_before(make_form(indicators=twins))], "原.pdf"), run)
    assert [row.score for row in store.get(NAME).indicators] == [15, 15, 11, 13]
    assert store.corrections(NAME)[0].row == "产出指标/数量指标/办理业务量0（第 2 个）"


def test_a_row_that_a_later_reading_prints_as_corrected_is_the_same_row(store: Store, run: int) -> None:
    misread = (make_indicator(0, name="办里业务量"), *make_form().indicators[1:])
    store.save(make_reading([make_form(indicators=misread)], "照片.jpg", kind="photo"), run)
    store.correct(NAME, "indicators[0].name", "办理业务量0", "张三")
    store.correct(NAME, "indicators[0].score", "12", "张三")
    saved = store.save(make_reading([_with_row_before(make_form())], "原.pdf"), run)
    row = store.get(NAME).indicators[1]
    assert (row.name, row.score, saved.unapplied) == ("办理业务量0", 12, ())


def test_a_correction_without_its_row_is_reported_and_kept(store: Store, run: int) -> None:
    store.save(make_reading([make_form()], "照片.jpg", kind="photo"), run)
    store.correct(NAME, "indicators[5].score", "1", "张三")
    saved = store.save(make_reading([make_form(rows=5)], "原.pdf"), run)
    assert len(saved.unapplied) == 1
    assert "办理业务量5" in saved.unapplied[0]
    assert [event.applied for event in store.corrections(NAME)] == [False]
    assert len(store.get(NAME).indicators) == 5
    store.remove("原.pdf")
    assert store.get(NAME).indicators[5].score == 1


def test_extras_can_be_corrected(store: Store, run: int) -> None:
    store.save(make_reading([make_form()]), run)
    store.correct(NAME, "extras[0].text", "1.50", "张三")
    assert store.get(NAME).extras[0].text == "1.50"


def test_a_corrected_unit_moves_the_form_to_its_siblings(store: Store, run: int) -> None:
    same = make_form("乙项目").indicators
    changed = (same[0].model_copy(update={"actual": "97.00(%)"}), *same[1:])
    store.save(make_reading([make_form("甲项目"), make_form("乙项目", indicators=changed, implementing_unit="信息中心")]), run)
    store.settle()
    assert store.findings(rule="sibling-conflict") == []
    change = store.correct("乙项目", "implementing_unit", "上海市某区信息服务中心", "张三")
    assert {finding.rule for finding in change.come} == {"sibling-conflict"}
    assert {finding.rule for finding in store.undo("乙项目", "implementing_unit", "张三").gone} == {"sibling-conflict"}


def test_a_corrected_project_name_finds_the_form_and_keeps_its_id(store: Store, run: int) -> None:
    reading = make_reading([make_form("政务服各热线")])
    store.save(reading, run)
    store.correct("政务服各热线", "project_name", "政务服务热线", "张三")
    assert store.get("政务服务热线").form_id == reading.forms[0].form_id
    assert store.forms()[0].project_name == "政务服务热线"


@pytest.mark.parametrize(
    ("cell", "value", "message"),
    [
        ("total_score", "九十", "需要一个数字"),
        ("indicators[99].score", "1", "不存在"),
        ("nonsense", "1", "没有 'nonsense'"),
        ("fiscal_year", "2024.5", "需要一个年份"),
        ("indicators[0].name", "-", "不能写成"),
    ],
)
def test_what_does_not_fit_the_cell_is_refused(store: Store, run: int, cell: str, value: str, message: str) -> None:
    store.save(make_reading([make_form()]), run)
    with pytest.raises(UsageError, match=message):
        store.correct(NAME, cell, value, "张三")
    assert store.corrections(NAME) == []
