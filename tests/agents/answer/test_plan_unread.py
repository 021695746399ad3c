"""Words that change what is asked are read or told as not understood; never is every form told as what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from agents.answer.ask import Asker
from schema.form import FundingRow
from store import Store
from tests.answering import import_all
from tests.factories import D, make_form, make_indicator

READING, ARCHIVE, WARD = "阅览室改造", "古籍修复经费", "病房供暖改造"
QUALITY, QUANTITY = {"level1": "产出指标", "level2": "质量指标"}, {"level1": "产出指标", "level2": "数量指标"}


def _rows(*lost: tuple[dict[str, str], int]) -> tuple[object, ...]:
    return tuple(make_indicator(i, name=f"事项{i}办结", weight=10, score=10 - points, **level) for i, (level, points) in enumerate(lost))


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("unread")
    made = (
        (READING, 100, "0", "5", 100, ((QUALITY, 0), (QUALITY, 0), (QUANTITY, 0))),
        (ARCHIVE, 93, "6", "6", 90, ((QUALITY, 2), (QUALITY, 2), (QUANTITY, 2))),
        (WARD, 96, "9", "7", 100, ((QUALITY, 0), (QUALITY, 3), (QUANTITY, 1))),
    )
    with Store.open(folder / "home") as store:
        forms = []
        for i, (name, score, original, adjusted, rate, rows) in enumerate(made):
            form = make_form(name, form_id=f"f{i}", total_score=D(score), indicators=_rows(*rows))
            total = FundingRow(
                original_budget=D(original), adjusted_budget=D(adjusted), outturn=D(adjusted) * rate / 100,
                weight=D(10), execution_rate=D(rate), score=D(rate) / 10,
            )  # fmt: skip
            forms.append(form.model_copy(update={"funding": form.funding.model_copy(update={"total": total})}))
        import_all(store, forms, folder)
    with Asker.open(folder / "home") as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "projects"),
    [
        ("年初预算为0的项目有吗", {READING}),
        ("有年初预算为零的项目吗", {READING}),
        ("哪些项目年初预算不为零", {ARCHIVE, WARD}),
        ("执行率100%而且自评也是满分的项目", {READING}),
        ("执行率100%并且总分96分的项目", {WARD}),
        ("执行率没低于95%的项目有哪些", {READING, WARD}),
        ("总分并不低于96分的项目有哪些", {READING, WARD}),
        ("总分未低于96分的项目有哪些", {READING, WARD}),
        ("总分没有高于95分的项目有哪些", {ARCHIVE}),
        ("哪些项目的总分没超过95分", {ARCHIVE}),
        ("哪些项目的质量指标全部满分", {READING}),
        ("年初和全年预算一样的项目有哪些", {ARCHIVE}),
        ("全年预算数没有变化的项目有哪些", {ARCHIVE}),
        ("全年预算和年初预算不一样的有哪些", {READING, WARD}),
        ("哪些项目一个指标都没扣分", {READING}),
        ("非满分的项目有哪些", {ARCHIVE, WARD}),
    ],
)
def test_conditions_narrow(asker: Asker, question: str, projects: set[str]) -> None:
    answer = asker.turn(question).answer
    assert (set(answer.projects), answer.verified, answer.abstained) == (projects, True, False)


@pytest.mark.parametrize(
    ("question", "value", "projects"),
    [
        ("质量指标一共扣了多少分", 7, None),
        ("质量指标扣分最多的是哪个项目", 4, (ARCHIVE,)),
        ("产出指标扣分最多的项目", 6, (ARCHIVE,)),
        ("质量指标丢分的项目有几个", 2, None),
        ("扣了分的指标里，有几个是数量指标", 2, None),
        ("哪个执行率最低", 90, (ARCHIVE,)),
        ("自评得分排第二低的是哪个项目", 96, (WARD,)),
        ("全年预算第二大的项目", 6, (ARCHIVE,)),
        ("总分倒数第二名是哪个项目", 96, (WARD,)),
        ("Which project has the second highest score?", 96, (WARD,)),
        ("病房供暖改造的全年预算比年初少了多少", 2, (WARD,)),
        ("病房供暖改造年初预算比全年预算高多少", 2, (WARD,)),
        ("全市总分最低的项目", 93, (ARCHIVE,)),
        ("扣分指标最多的项目是哪个", 3, (ARCHIVE,)),
        ("非满分项目有几个", 2, None),
    ],
)
def test_figures_are_of_what_is_asked(asker: Asker, question: str, value: int, projects: tuple[str, ...] | None) -> None:
    answer = asker.turn(question).answer
    assert (answer.value, answer.verified) == (Decimal(value), True)
    assert projects is None or answer.projects == projects


@pytest.mark.parametrize(
    "question",
    ["排在第九名的项目的总分", "实际完成值偏离目标超过30%的项目有哪些", "哪些项目缺少成本指标", "除了星际旅行，哪些项目得分低于99分"],
)
def test_what_is_not_understood_is_told(asker: Asker, question: str) -> None:
    assert asker.turn(question).answer.abstained


@pytest.mark.parametrize("question", ["列出所有项目", "list all projects", "所有项目的执行率", "领导要看，报一下各项目的执行率"])
def test_all_forms_are_told_where_all_are_asked_for(asker: Asker, question: str) -> None:
    answer = asker.turn(question).answer
    assert set(answer.projects) == {READING, ARCHIVE, WARD} and answer.verified


def test_units_and_grades_are_counted_as_such(asker: Asker) -> None:
    assert (asker.planned("一共有几个单位").group, asker.planned("优和良各有几个项目").group) == ("unit", "grade")
    assert asker.planned("执行率最高的单位是哪家").group == "unit"


def test_twice_the_target_is_twice(asker: Asker) -> None:
    query = asker.planned("哪些指标实际值超过目标值一倍以上")
    assert [(c.field, c.other_field, c.relative) for c in query.conditions] == [("actual", "target", Decimal(2))]


def test_a_cause_may_hold_a_negation(asker: Asker) -> None:
    query = asker.planned("因业务标准不统一、没按技术标准对接而扣分的项目")
    assert (query.intent, query.topic) == ("cause", "业务标准不统一、没按技术标准对接")
