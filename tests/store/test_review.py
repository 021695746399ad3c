"""The queue of doubtful cells, and what reviewers say of them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from schema.canonical import read_forms
from schema.errors import CellChanged, UsageError
from schema.evidence import Reading, ReviewMark
from schema.form import Form
from store import Store
from store.export.gold import export_gold
from store.repository.changes import row_name
from store.repository.corrections import value_at
from store.repository.review_order import class_of, hangs_on, plain_reason
from store.review_records import CellRef, ReviewFilter, Verdict
from tests.factories import make_form, make_indicator, make_reading

D = Decimal
NAME = "政务"
ROW_MARK = ReviewMark(cell="indicators", reason="各行分值与资金分值合计 98，不是 100，可能漏读或错分了行")


def _mark(cell: str, reason: str = "识别把握不大（0.43）", *values: object) -> ReviewMark:
    return ReviewMark(cell=cell, reason=reason, readings=tuple(Reading(read_by="ocr", value=value) for value in values))  # type: ignore[arg-type]


def _verdict(store: Store, cell: str, value: str | None, form: str = NAME, **changes: object) -> Verdict:
    stands = store.get(form)
    values = {
        "form_id": stands.form_id,
        "cell": cell,
        "value": value,
        "seen_value": value_at(stands, cell),
        "seen_row": row_name(stands, cell),
    }
    return Verdict(**(values | changes))  # type: ignore[arg-type]


def _cells(store: Store, wanted: ReviewFilter | None = None) -> list[str]:
    return [queued.cell for queued in store.review_queue(wanted or ReviewFilter()).cells]


def test_most_consequential_first(store: Store, run: int) -> None:
    marks = [_mark(cell) for cell in ("actual_result", "indicators[1].weight", "indicators[2].score", "total_score", "grade")]
    store.save(make_reading([make_form(total_score=D(99), review=tuple(marks))]), run)
    store.save(
        make_reading([make_form("乙", review=(_mark("total_weight", "与其他单元格算不拢（weights）"), _mark("grade")))], "乙.pdf"), run
    )
    queue = store.review_queue(ReviewFilter())
    # The total of the scores is wrong: on it hang the scores; the grade hangs on nothing wrong.
    assert [(queued.cell, queued.hold) for queued in queue.cells[:3]] == [
        ("total_score", "error"),
        ("indicators[2].score", "error"),
        ("total_weight", "equation"),
    ]
    assert [queued.cell for queued in queue.cells[3:]] == ["indicators[1].weight", "actual_result", "grade", "grade"]
    assert (queue.left, queue.matching, queue.today) == (7, 7, 0)


def test_larger_budgets_first_among_equals(store: Store, run: int) -> None:
    large = make_form("乙").funding.model_copy(update={"total": make_form().funding.total.model_copy(update={"adjusted_budget": D(900)})})
    forms = [make_form("甲", review=(_mark("total_weight"),)), make_form("乙", funding=large, review=(_mark("total_weight"),))]
    store.save(make_reading(forms), run)
    assert [queued.yuan for queued in store.review_queue(ReviewFilter()).cells] == [9_000_000, 68_000]


def test_filters_and_what_they_offer(store: Store, run: int) -> None:
    first = make_form("甲", review=(_mark("total_score"), _mark("grade", "括号不成对")))
    store.save(make_reading([first, make_form("乙", department="另一个局", review=(_mark("indicators[0].weight"),))]), run)
    form_id = store.get("乙").form_id
    for wanted, count in (
        ({"form": form_id}, 1), ({"department": "另一个局"}, 1), ({"kind": "figure"}, 1), ({"kind": "text"}, 1),
        ({"reason": "识别把握不大"}, 2), ({"reason": "没有的"}, 0),
    ):  # fmt: skip
        queue = store.review_queue(ReviewFilter(**wanted))  # type: ignore[arg-type]
        assert (len(queue.cells), queue.matching, queue.left) == (count, count, 3), wanted
    facets = store.review_queue(ReviewFilter()).facets
    assert [(share.value, share.count) for share in facets.reasons] == [("识别把握不大", 2), ("括号不成对", 1)]
    assert [share.value for share in facets.kinds] == ["figure", "weight", "text"]


def test_skipped_cells_stay_in_the_count(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(_mark("total_score"), _mark("grade")))]), run)
    skipped = CellRef(form_id=store.get(NAME).form_id, cell="total_score")
    queue = store.review_queue(ReviewFilter(), [skipped], 1)
    assert ([queued.cell for queued in queue.cells], queue.matching) == (["grade"], 2)


def test_a_verdict_is_a_correction_and_its_finding_goes(store: Store, run: int) -> None:
    store.save(make_reading([make_form(total_score=D(99), review=(_mark("total_score", "模糊", D(99), D(100)),))]), run)
    change = store.review(_verdict(store, "total_score", "100"), "张三")
    assert {finding.rule for finding in change.gone} == {"score-sum"}
    assert _cells(store) == []
    assert store.review_queue(ReviewFilter()).today == 1
    made = store.corrections_made(10)
    assert [(one.event.old, one.event.new, one.event.who, one.project_name) for one in made] == [(99, 100, "张三", "政务服务热线运维")]


def test_accepting_confirms_whatever_the_value_is(store: Store, run: int) -> None:
    rows = (make_indicator(0, deviation="—"), *make_form().indicators[1:])
    store.save(make_reading([make_form(indicators=rows, review=(_mark("indicators[0].deviation"),))]), run)
    change = store.review(_verdict(store, "indicators[0].deviation", None), "张三")
    assert (change.old, change.new, store.get(NAME).review) == ("—", "—", ())


def test_unreadable_is_empty_noted_and_survives_another_reading(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(_mark("indicators[2].actual"),))], "照片.jpg", kind="photo"), run)
    event = store.review(_verdict(store, "indicators[2].actual", "-", note="unreadable"), "张三").event
    assert (event.note, event.new, store.get(NAME).indicators[2].actual) == ("unreadable", None, None)
    again = make_form(review=(_mark("indicators[2].actual"),))
    store.save(make_reading([again], "再照.jpg", kind="scan"), run)
    assert (store.get(NAME).indicators[2].actual, store.get(NAME).review) == (None, ())
    assert [one.note for one in store.corrections(NAME)] == ["unreadable"]
    store.take_back(event.correction_id, "李四")
    assert store.get(NAME).indicators[2].actual == "95.00(%)"
    assert _cells(store) == ["indicators[2].actual"]
    with pytest.raises(UsageError, match="已由 李四 撤销"):
        store.take_back(event.correction_id, "张三")


def test_a_name_cannot_be_unreadable(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(_mark("indicators[2].name"),))]), run)
    with pytest.raises(UsageError, match="不能写成"):
        store.review(_verdict(store, "indicators[2].name", "-", note="unreadable"), "张三")


def test_two_people_at_one_cell(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(_mark("total_score"), _mark("grade")))]), run)
    second, third = _verdict(store, "total_score", "98"), _verdict(store, "grade", None)
    store.review(_verdict(store, "total_score", "99"), "张三")
    with pytest.raises(CellChanged, match="已由 张三 复核，现在是“99”"):
        store.review(second, "李四")
    # Another cell of the form is nobody's but the second's.
    store.review(third, "李四")
    with pytest.raises(CellChanged, match="已由 李四 复核"):
        store.review(third, "王五")
    assert len(store.corrections(NAME)) == 2


def test_a_row_that_moved_is_looked_at_again(store: Store, run: int) -> None:
    mark = (_mark("indicators[2].actual"),)
    store.save(make_reading([make_form(review=mark)], "照片.jpg", kind="photo"), run)
    verdict = _verdict(store, "indicators[2].actual", "1")
    moved = make_form(review=mark)
    store.save(
        make_reading([moved.model_copy(update={"indicators": (make_indicator(0, name="先前漏读"), *moved.indicators)})], "原.pdf"), run
    )
    with pytest.raises(CellChanged, match="换了位置"):
        store.review(verdict, "张三")


def test_rows_that_were_counted_stay_counted_until_their_number_changes(store: Store, run: int) -> None:
    store.save(make_reading([make_form(review=(ROW_MARK,))], "照片.jpg", kind="photo"), run)
    with pytest.raises(UsageError, match="读出 6 行"):
        store.correct(NAME, "indicators", "7", "张三")
    store.review(_verdict(store, "indicators", None), "张三")
    assert (_cells(store), store.get(NAME).review) == ([], ())
    store.save(make_reading([make_form(review=(ROW_MARK,))], "再照.jpg", kind="scan"), run)
    assert _cells(store) == []
    store.save(make_reading([make_form(rows=5, review=(ROW_MARK,))], "原.pdf"), run)
    assert _cells(store) == ["indicators"]
    assert [one.applied for one in store.corrections(NAME)] == [False]


def test_reviewed_forms_are_gold(store: Store, run: int, tmp_path: Path) -> None:
    forms = [make_form("甲", review=(_mark("grade"),)), make_form("乙", review=(_mark("grade"), _mark("total_score"))), make_form("丙")]
    store.save(make_reading(forms), run)
    for name in ("甲", "乙"):
        store.review(_verdict(store, "grade", "良", name), "张三")
    target = tmp_path / "gold.json"
    assert export_gold(store, target) == 1
    gold: list[Form] = read_forms(target)
    assert [(form.project_name, form.grade) for form in gold] == [("甲", "良")]
    assert json.loads(target.read_text(encoding="utf-8"))[0] == json.loads(store.get("甲").model_dump_json())


@pytest.mark.parametrize(
    ("cell", "rule", "named", "hangs"),
    [
        ("indicators[3].score", "score-sum", "total_score", True), ("indicators[3].weight", "score-sum", "total_score", False),
        ("indicators[3].actual", "deduction-unexplained", "indicators[3].deviation", True),
        ("indicators[30].actual", "deduction-unexplained", "indicators[3].deviation", False),
        ("funding.total.outturn", "execution-rate", "funding.total.execution_rate", True),
        ("project_name", "missing-field", "project_name", True), ("indicators", "weight-sum", "total_weight", True),
    ],
)  # fmt: skip
def test_what_hangs_on_a_cell(cell: str, rule: str, named: str, hangs: bool) -> None:
    assert hangs_on(cell, rule, named) == hangs


def test_kinds_and_reasons_in_plain_words() -> None:
    cells = ("funding.other.outturn", "funding.total.weight", "indicators[0].score", "indicators", "grade")
    assert [class_of(cell) for cell in cells] == ["figure", "weight", "figure", "weight", "text"]
    assert plain_reason("与其他单元格算不拢（weights），识别可能有误（0.98）") == "与其他单元格算不拢，识别可能有误"
    assert plain_reason(ROW_MARK.reason) == "各行分值与资金分值合计 …，不是 …，可能漏读或错分了行"
