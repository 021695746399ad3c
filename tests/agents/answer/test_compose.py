"""Answers told: golden texts over made-up forms, and over the samples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.answer.answer import Answer
from agents.answer.compose.composing import compose
from agents.answer.execute.execution import execute
from agents.answer.query import Condition, Pick, Query, Scope
from agents.answer.verify.composed import Basis, faults, verify
from schema.cells import get_cell
from schema.form import Form, Funding, FundingRow
from schema.text import fold
from store import Store
from store.facts import Facts
from tests.answering import import_all
from tests.factories import D, located, make_form, make_indicator, make_reading, sha

Tell = Callable[[Query], Answer]


def tell(store: Store, query: Query) -> Answer:
    """Carry out, tell and verify; the answer has to stand."""
    with Facts(store).session() as session:
        result = execute(query, session)
        names = tuple(head.name for head in session.heads)
    draft = compose(query, result, "问题", (2024,), len(names))
    basis = Basis(result, draft.sentences, names, (2024,))
    assert faults(draft.answer, basis) == ()
    return verify(draft.answer, basis)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tell]:
    folder = tmp_path_factory.mktemp("told")
    with Store.open(folder / "home") as store:
        run = store.start_run("test")
        store.save(make_reading(_forms(), "自评表.pdf"), run)
        store.finish_run(run)
        yield lambda query: tell(store, query)


def _forms() -> list[Form]:
    cut = FundingRow(
        original_budget=D(20), adjusted_budget=D("8.40"), outturn=D("6.30"), weight=D(10), execution_rate=D(75), score=D("7.5")
    )
    reform = make_indicator(0, name="办件量", target="≥50.00(件)", actual="20.00(件)", score=D(12), deviation="机构改革，职能划转")
    moved = make_indicator(1, name="巡检次数", target="≥5(次)", actual="3(次)", score=D("9.5"), deviation="此事移交他处")
    silent = make_indicator(2, name="满意度", score=D(14))
    first, second = make_form("热线运维"), make_form("平台建设", funding=Funding(total=cut), total_score=D("91.5"), grade="良")
    return [
        first.model_copy(update={"indicators": (reform, *first.indicators[1:5], silent), "total_score": D(96)}),
        second.model_copy(update={"indicators": (moved, *second.indicators[1:])}),
    ]


def _by_name(told: Tell, name: str) -> str:
    listed = told(Query(intent="list"))
    return next(cite.form_id for cite in listed.citations if cite.project_name == name)


def test_one_value_is_one_sentence_with_its_cell(told: Tell) -> None:
    answer = told(Query(intent="lookup", scope=Scope(forms=(_by_name(told, "平台建设"),)), measures=("execution_rate",)))
    assert answer.answer == "**平台建设**（2024年度）的执行率为 75%[1]。"
    assert (answer.value, answer.unit, answer.projects) == (75, "%", ("平台建设",))
    [cite] = answer.citations
    assert (cite.file, cite.page, cite.cell, cite.quote) == ("自评表.pdf", 3, "funding.total.execution_rate", "75")
    assert cite.box is not None


def test_english_questions_are_answered_in_english(told: Tell) -> None:
    query = Query(intent="aggregate", measures=("total_score",), function="mean", language="en")
    answer = told(query)
    assert answer.answer.startswith("The average total score of 2 project")
    assert "93.75 points[1][2]" in answer.answer
    assert answer.value == D("93.75")


def test_explicit_and_related_stand_apart(told: Tell) -> None:
    answer = told(Query(intent="cause", topic="机构改革"))
    assert answer.projects == ("热线运维",)
    assert answer.related == ("平台建设",)
    first, _, second = answer.answer.partition("以下 1 个项目的说明与此相关，但没有写明")
    assert "共失 3 分" in first
    assert "“机构改革，职能划转”" in first
    assert "“此事移交他处”" in second
    assert "移交" not in first
    assert "另有 1 项失分没有写原因" in second


def test_an_explanation_is_quoted_and_an_empty_one_is_said_to_be(told: Tell) -> None:
    quoted = told(Query(intent="explain", pick=Pick(words=(("办件量",),), said="办件量"), fields=("deviation",)))
    assert "失 3 分" in quoted.answer
    assert "表中写的是：“机构改革，职能划转”" in quoted.answer
    silent = told(Query(intent="explain", pick=Pick(words=(("满意度",),), said="满意度"), fields=("deviation",)))
    assert "没有说明原因" in silent.answer


def test_a_rate_that_is_not_explained_is_not_explained(told: Tell) -> None:
    answer = told(Query(intent="explain", scope=Scope(forms=(_by_name(told, "平台建设"),)), measures=("execution_rate",)))
    assert "执行率为 75%" in answer.answer
    assert "表中没有说明原因，不作推测" in answer.answer


def test_sides_are_told_with_who_is_higher(told: Tell) -> None:
    sides = tuple(Scope(forms=(_by_name(told, name),), said=name) for name in ("平台建设", "热线运维"))
    answer = told(Query(intent="compare", sides=sides, measures=("total_score",)))
    assert "**热线运维**比**平台建设**高 4.5 分" in answer.answer
    assert (answer.value, answer.unit) == (D("4.5"), "分")
    assert answer.projects == ("热线运维", "平台建设")


def test_a_statement_is_answered_with_what_is_printed(told: Tell) -> None:
    scope = Scope(forms=(_by_name(told, "平台建设"),))
    claim = Condition(measure="execution_rate", op="=", value=D(100), unit="%")
    answer = told(Query(intent="check", scope=scope, claim=claim))
    assert answer.answer.startswith("不对：")
    assert "75%" in answer.answer


def test_a_summary_counts_causes_with_a_quote_each(told: Tell) -> None:
    answer = told(Query(intent="summary"))
    assert "- 机构改革与职能划转：2 个项目，共失 8.5 分，如" in answer.answer
    assert "- 没有写原因：1 个项目，共失 1 分" in answer.answer
    assert "- 年中调减预算：1 个项目" in answer.answer


def test_what_is_not_there_is_said_with_what_is(told: Tell) -> None:
    unknown = told(Query(intent="lookup", measures=("grade",), unknown=("“丙项目”",)))
    assert unknown.abstained
    assert unknown.answer == "没有找到：“丙项目”。库中现有 2 张自评表，年度为 2024。"
    wrong_year = Query(intent="lookup", scope=Scope(forms=(_by_name(told, "平台建设"),), years=(1999,)), measures=("grade",))
    assert "库中有的是：**平台建设**（2024年度）" in told(wrong_year).answer


def test_a_doubtful_unit_is_said_with_the_likely_reading(tmp_path: Path) -> None:
    yuan = FundingRow(
        original_budget=D(300000), adjusted_budget=D(300000), outturn=D(200000), weight=D(10), execution_rate=D("66.66"), score=D(7)
    )
    with Store.open(tmp_path / "home") as store:
        import_all(store, [make_form("甲", form_id="a", funding=Funding(total=yuan)), make_form("乙", form_id="b")], tmp_path)
        one = tell(store, Query(intent="lookup", scope=Scope(forms=("a",)), measures=("outturn",)))
        both = tell(store, Query(intent="aggregate", measures=("outturn",), function="sum"))
    assert "200000 万元" in one.answer
    assert "疑为 20 万元" in one.answer
    assert both.value == D("6.8")
    assert "没有计入：**甲**" in both.answer


def test_every_sentence_of_fact_is_cited(told: Tell) -> None:
    for query in (
        Query(intent="list"),
        Query(intent="rank", measures=("total_score",)),
        Query(intent="count"),
        Query(intent="cause", topic="改革"),
    ):
        answer = told(query)
        for sentence in re.split(r"(?<=。)", answer.answer.split("\n")[0]):
            assert not sentence or re.search(r"\[\d+\]", sentence)


def test_quotes_stand_in_the_cells_of_the_samples(gold_forms: dict[str, list[Form]], tmp_path: Path) -> None:
    """Over the samples: every citation quotes its cell, every answer stands, values are those of a plain look."""
    forms = [located(form, file=f"{name}.pdf", sha256=sha(name)) for name, group in gold_forms.items() for form in group]
    with Store.open(tmp_path / "home") as store:
        kept = {form.form_id: form for form in import_all(store, forms, tmp_path)}
        asked = [
            Query(intent="rank", measures=("execution_rate",), order="asc", limit=1),
            Query(intent="cause", topic="机构改革"),
            Query(intent="summary"),
            Query(intent="summary", topic="整改措施"),
            Query(intent="summary", pick=Pick(level1="满意度指标")),
            Query(intent="finding", rules=("met-deducted", "deduction-unexplained"), together=True),
            Query(intent="finding", rules=("money-unit",)),
            Query(intent="aggregate", measures=("unspent",), function="sum", group="unit"),
            Query(intent="list", topic="培训", language="en"),
            Query(intent="explain"),
        ]
        for query in asked:
            for cite in tell(store, query).citations:
                value = get_cell(kept[cite.form_id], cite.cell)
                printed = fold(cite.quote)
                assert printed in fold(str(value)) or D(printed.replace(",", "")) == value
        lowest = min((f for f in kept.values() if f.funding.total.execution_rate is not None), key=lambda f: f.funding.total.execution_rate)
        assert tell(store, asked[0]).projects == (lowest.project_name,)
