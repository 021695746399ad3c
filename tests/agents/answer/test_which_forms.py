"""Which forms a summary is of: all, those that fulfil its conditions, or the first few of an order; never a choice of ours."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from agents.answer.ask import Asker, Turn
from agents.answer.query import Measure
from eval.synthesis.many import many_forms
from schema.form import Form
from store import Store
from tests.answering import import_all

MANY = 620


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Asker, list[Form]]]:
    """A home of more forms than any part of an answer goes through one by one."""
    folder = tmp_path_factory.mktemp("many")
    with Store.open(folder / "home") as store:
        forms = import_all(store, list(many_forms(MANY, seed=11)), folder)
    with Asker.open(folder / "home") as asker:
        yield asker, forms


def _scope(asker: Asker, question: str) -> tuple[set[str], str, Turn]:
    """The forms an answer was made of, and its text."""
    composed = asker.composed(question)
    turn = asker.turn(question)
    assert turn.answer.verified
    return {head.form_id for head in composed.result.scope}, turn.answer.answer, turn


@pytest.mark.parametrize("question", [
    "归纳全部项目失分的主要原因", "What are the common reasons for losing points over all projects?",
    "各项目提的后续整改措施主要有哪几个方向？", "各项目在信息化方面总体情况如何？",
    "各项目的钱主要都用在什么事上？", "归纳扣分项目的共性问题",
])  # fmt: skip
def test_very_many_forms_are_all_looked_at(made: tuple[Asker, list[Form]], question: str) -> None:
    asker, forms = made
    scope, text, turn = _scope(asker, question)
    assert scope == {form.form_id for form in forms}
    assert str(MANY) in text
    # What is found by likeness is a choice; none was made.
    assert not any("相近" in note for note in turn.answer.notes)


@pytest.mark.parametrize("question", [
    "自评分低于90分的项目丢分的主要原因是什么？", "自评分低于90分的项目失分原因有哪些？", "归纳自评分低于90分的项目的扣分原因",
    "归纳自评分低于90分的项目的得分情况和扣分原因",
    "What are the main reasons why projects below 90 points lost points?",
])  # fmt: skip
def test_conditions_choose_the_forms_whose_reasons_are_told(made: tuple[Asker, list[Form]], question: str) -> None:
    asker, forms = made
    low = {form.form_id for form in forms if form.total_score is not None and form.total_score < 90}
    scope, text, _ = _scope(asker, question)
    assert scope == low
    assert str(len(low)) in text
    assert "没有找到" not in text
    assert "Nothing was found" not in text
    if "得分情况" in question:
        assert {"scores", "losses"} <= {group.name for group in asker.composed(question).result.groups}
        return
    groups = {group.name for group in asker.composed(question).result.groups}
    assert {"工期", "人员"} <= groups


def test_conditions_that_no_form_fulfils_are_said_to_be_so(made: tuple[Asker, list[Form]]) -> None:
    asker, _ = made
    scope, text, _ = _scope(asker, "自评分低于3分的项目，主要原因有哪些？")
    assert not scope
    assert "没有找到符合条件" in text


@pytest.mark.parametrize(("question", "by", "most", "count"), [
    ("得分最低的10个项目扣分原因是什么？", "total_score", False, 10),
    ("绩效最差的10个项目扣分原因是什么？", "total_score", False, 10),
    ("得分最低的五个项目为什么丢分？", "total_score", False, 5),
    ("归纳扣分最多的20个项目的失分原因", "lost_points", True, 20),
    ("执行率最低的10个项目有什么共性问题？", "execution_rate", False, 10),
    ("得分最低的五个项目的整改措施有哪些？", "total_score", False, 5),
    ("得分最高的三个项目有什么共同特点？", "total_score", True, 3),
    ("预算最大的3个项目，主要扣分原因有哪些？", "adjusted_budget", True, 3),
    ("What are the main reasons the ten lowest scoring projects lost points?", "total_score", False, 10),
])  # fmt: skip
def test_the_first_few_of_an_order_are_meant(
    made: tuple[Asker, list[Form]], question: str, by: Measure, most: bool, count: int
) -> None:  # fmt: skip
    asker, forms = made
    scope, _, turn = _scope(asker, question)
    assert turn.query is not None
    assert (turn.query.by, turn.query.limit) == (by, count)
    # Amounts of doubtful unit are in no order, so only what a form prints for sure is compared here.
    values = {form.form_id: value for form in forms if (value := _value(form, by)) is not None}
    if by != "adjusted_budget":
        last = sorted(values.values(), reverse=most)[count - 1]
        assert scope == {key for key, value in values.items() if (value >= last if most else value <= last)}
    assert len(scope) >= count
    assert any(f"{len(scope)} " in note for note in turn.answer.notes)


def test_the_first_few_are_of_those_that_fulfil_the_conditions(made: tuple[Asker, list[Form]]) -> None:
    asker, forms = made
    scope, _, _ = _scope(asker, "2024年得分最低的三个项目，主要扣分原因有哪些？")
    scores = {form.form_id: form.total_score for form in forms if form.fiscal_year == 2024 and form.total_score is not None}
    last = sorted(scores.values())[2]
    assert scope == {key for key, score in scores.items() if score <= last}


def _value(form: Form, by: Measure) -> Decimal | None:
    if by == "lost_points":
        return None if form.total_weight is None or form.total_score is None else form.total_weight - form.total_score
    return form.total_score if by == "total_score" else form.funding.total.execution_rate


@pytest.mark.parametrize("question", [
    "失分最多的前三大原因是什么", "总结一下扣分最多的三个原因", "哪三个部门扣分最多，共性问题是什么？",
    "失分项最多的三个项目有什么共性问题",
    "评分等级最低的三个项目有什么共性问题", "得分最低的5个项目和得分最高的5个项目有什么共同问题？",
])  # fmt: skip
def test_the_first_few_of_anything_else_choose_no_forms(made: tuple[Asker, list[Form]], question: str) -> None:
    asker, forms = made
    scope, _, turn = _scope(asker, question)
    assert turn.query is not None
    assert (turn.query.by, turn.query.limit, turn.query.certain) == (None, None, False)
    assert len(scope) == len(forms)


def test_an_average_in_a_condition_is_that_of_all_forms(made: tuple[Asker, list[Form]]) -> None:
    asker, forms = made
    scope, _, _ = _scope(asker, "执行率低于平均值的项目里得分最低的十个有什么共性问题？")
    rates = {form.form_id: rate for form in forms if (rate := form.funding.total.execution_rate) is not None}
    mean = sum(rates.values()) / len(rates)
    scores = {form.form_id: form.total_score for form in forms if form.total_score is not None and rates.get(form.form_id, mean) < mean}
    last = sorted(scores.values())[9]
    assert scope == {key for key, score in scores.items() if score <= last}


@pytest.mark.parametrize("then", ["为什么？", "它们的整改措施有哪些？"])
def test_a_question_that_goes_on_is_of_the_same_few(made: tuple[Asker, list[Form]], then: str) -> None:
    asker, _ = made
    first = asker.turn("得分最低的五个项目有什么共性问题？").query
    few = {head.form_id for head in asker.composed("得分最低的五个项目有什么共性问题？").result.scope}
    assert {head.form_id for head in asker.composed(then, first).result.scope} == few


@pytest.mark.parametrize(("question", "intent"), [
    ("汇总2022年因为工期延误扣分的原因和项目名单", "cause"), ("分析一下为什么2023年的项目扣分，列出扣分原因是人员不足的项目", "cause"),
])  # fmt: skip
def test_reasons_that_are_named_are_looked_for(made: tuple[Asker, list[Form]], question: str, intent: str) -> None:
    asker, _ = made
    assert asker.planned(question).intent == intent


def test_texts_of_all_forms_are_looked_at_for_a_topic(tmp_path: Path) -> None:
    forms = list(many_forms(520, seed=3))
    forms[-1] = forms[-1].model_copy(update={"actual_result": "全年组织龙舟竞渡二十二场，群众反响热烈。"})
    with Store.open(tmp_path / "home") as store:
        import_all(store, forms, tmp_path)
    with Asker.open(tmp_path / "home") as asker:
        answer = asker.turn("各项目在龙舟竞渡方面总体情况如何？").answer
    assert answer.verified
    assert "二十二场" in answer.answer
