"""Several readings of one form: which is current, and what history keeps."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from schema.errors import UsageError
from schema.evidence import ReviewMark
from schema.form import Form
from store import FormFilter, Store
from tests.factories import make_form, make_reading

MARK = ReviewMark(cell="total_score", reason="两次读数不同")


def _current_file(store: Store) -> str:
    source = store.get("政务").source
    assert source is not None
    return source.file


@pytest.mark.parametrize("order", list(permutations(["digital", "office", "scan", "photo", "text"], 3)), ids="-".join)
def test_the_best_kind_is_current_whatever_the_order(store: Store, run: int, order: tuple[str, ...]) -> None:
    for kind in order:
        store.save(make_reading([make_form()], f"{kind}.x", kind=kind), run)
    best = min(order, key=["digital", "office", "scan", "photo", "text"].index)
    assert _current_file(store) == f"{best}.x"
    assert len(store.versions("政务")) == 3
    assert store.counts().forms == 1


@pytest.mark.parametrize("names", [("清楚.pdf", "存疑.pdf"), ("存疑.pdf", "清楚.pdf")])
def test_between_equal_kinds_fewest_review_marks_win(store: Store, run: int, names: tuple[str, str]) -> None:
    for name in names:
        review = (MARK,) if name == "存疑.pdf" else ()
        store.save(make_reading([make_form(review=review)], name), run)
    assert _current_file(store) == "清楚.pdf"


def test_equals_are_decided_the_same_way_in_any_order(empty_home: object, store: Store, run: int) -> None:
    chosen = set()
    for names in permutations(["甲.pdf", "乙.pdf", "丙.pdf"]):
        for name in names:
            store.save(make_reading([make_form()], name), run)
        chosen.add(_current_file(store))
        for name in names:
            store.remove(name)
    assert len(chosen) == 1


def test_a_persons_choice_goes_above_all_and_can_be_taken_back(store: Store, run: int) -> None:
    store.save(make_reading([make_form()], "原.pdf"), run)
    store.save(make_reading([make_form(total_score=Decimal(99))], "照片.jpg", kind="photo"), run)
    photo = next(version for version in store.versions("政务") if version.kind == "photo")
    assert store.choose_version("政务", photo.version_id, "张三").total_score == 99
    assert {version.kind: (version.current, version.chosen_by) for version in store.versions("政务")} == {
        "digital": (False, None),
        "photo": (True, "张三"),
    }
    # The findings are those of the chosen reading.
    assert "score-sum" in {finding.rule for finding in store.findings("政务")}
    store.save(make_reading([make_form()], "又一份.pdf"), run)
    assert _current_file(store) == "照片.jpg"
    assert store.choose_version("政务", None, "张三").total_score == 100
    assert "score-sum" not in {finding.rule for finding in store.findings("政务")}


def test_a_choice_must_be_one_of_the_forms_readings(store: Store, run: int) -> None:
    store.save(make_reading([make_form(), make_form("别的项目")]), run)
    other = store.versions("别的项目")[0].version_id
    with pytest.raises(UsageError, match="没有版本"):
        store.choose_version("政务", other, "张三")


def test_removing_the_best_reading_brings_the_next_one_back(store: Store, run: int) -> None:
    store.save(make_reading([make_form()], "原.pdf"), run)
    store.save(make_reading([make_form(grade="良")], "照片.jpg", kind="photo"), run)
    removed = store.remove("原.pdf")
    assert (removed.forms_gone, removed.forms_kept) == (0, 1)
    assert store.get("政务").grade == "良"
    assert "grade-band" in {finding.rule for finding in store.findings()}


def test_a_worse_reading_changes_nothing_that_is_shown(store: Store, run: int) -> None:
    store.save(make_reading([make_form()], "原.pdf"), run)
    before = (store.get("政务"), store.findings())
    saved = store.save(make_reading([make_form(total_score=Decimal(1))], "照片.jpg", kind="photo"), run)
    assert (saved.forms, saved.current, saved.errors) == (1, 0, 0)
    assert (store.get("政务"), store.findings()) == before


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("政务服务热线运维", "政务服务热线运维"),
        ("系统升级", "系统升级(2024)"),
        ("系统升级（２０２４）", "系统升级(2024)"),
        ("热线", "政务服务热线运维"),
    ],
)
def test_a_form_is_found_by_name_or_part_of_it(store: Store, run: int, reference: str, expected: str) -> None:
    store.save(make_reading([make_form("政务服务热线运维"), make_form("系统升级(2024)")]), run)
    assert store.get(reference).project_name == expected


def test_a_form_is_found_by_the_beginning_of_its_id(store: Store, run: int) -> None:
    forms = make_reading([make_form(f"项目{i}") for i in range(3)]).forms
    store.save(make_reading([make_form(f"项目{i}") for i in range(3)]), run)
    for form in forms:
        assert store.get(form.form_id[:8]) == form


@pytest.mark.parametrize(
    ("reference", "message"), [("项目", "项目1（2024）"), ("没有的", "没有“没有的”"), ("%", "没有“%”"), ("", "没有“”")]
)
def test_what_names_no_form_or_several_is_said(store: Store, run: int, reference: str, message: str) -> None:
    store.save(make_reading([make_form(f"项目{i}") for i in range(3)]), run)
    with pytest.raises(UsageError, match=message):
        store.get(reference)


def test_the_list_shows_what_the_forms_say(store: Store, run: int) -> None:
    bad = make_form("乙项目", total_score=Decimal(90), review=(MARK,), fiscal_year=2023, implementing_unit="另一单位")
    store.save(make_reading([make_form("甲项目"), bad], "表.pdf"), run)
    first, second = store.forms()
    assert (first.project_name, first.adjusted_budget, first.total_score, first.indicators) == ("甲项目", Decimal("6.8"), 100, 6)
    assert (first.errors, second.errors > 0, second.review_marks, second.page, second.versions) == (0, True, 1, 3, 1)
    assert first.model_dump(mode="json")["adjusted_budget"] == 6.8
    for wanted, names in (
        (FormFilter(year=2023), ["乙项目"]),
        (FormFilter(severity="error"), ["乙项目"]),
        (FormFilter(rule="score-sum"), ["乙项目"]),
        (FormFilter(review=True), ["乙项目"]),
        (FormFilter(text="另一"), ["乙项目"]),
        (FormFilter(text="项目"), ["甲项目", "乙项目"]),
        (FormFilter(text="_项目"), []),
    ):
        assert [form.project_name for form in store.forms(wanted)] == names, wanted


def _siblings() -> list[Form]:
    same = make_form("甲项目").indicators
    changed = (same[0].model_copy(update={"actual": "97.00(%)"}), *same[1:])
    return [make_form("甲项目"), make_form("乙项目", indicators=changed)]


def test_findings_across_the_forms_of_a_unit_follow_settle(store: Store, run: int) -> None:
    for i, form in enumerate(_siblings()):
        store.save(make_reading([form], f"{i}.pdf"), run)
    assert store.findings(rule="sibling-conflict") == []
    assert store.counts().unsettled_units == 1
    store.settle()
    assert [finding.project_name for finding in store.findings(rule="sibling-conflict")] == ["乙项目"]
    store.remove("0.pdf")
    assert store.findings(rule="sibling-conflict") == []


def test_what_a_killed_run_left_is_settled_on_open(store: Store, run: int) -> None:
    store.save(make_reading(_siblings()), run)
    store.close()
    with Store.open(store.home) as again:
        assert again.counts().unsettled_units == 0
        assert len(again.findings(rule="sibling-conflict")) == 1
