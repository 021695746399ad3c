# ruff: noqa: E501 - tables
"""The planner on any text: it never raises, never follows orders, and is quick on many forms."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.plan.planner import plan
from agents.answer.query import Query
from eval.synthesis import content
from eval.synthesis.forms import make_forms

WORDS = (
    "哪些",
    "项目",
    "的",
    "执行率",
    "低于",
    "80%",
    "为什么",
    "扣分",
    "2023年",
    "澜石",
    "“",
    "”",
    "公路",
    "前三",
    "平均",
    "和",
    "？",
    "，",
    "没写原因",
    "1.5亿",
    "which",
)


def heads(count: int) -> list[FormHead]:
    """Made-up forms as the planner knows them."""
    return [
        FormHead(
            form_id=form.form_id,
            project_name=form.project_name,
            department=form.department,
            implementing_unit=form.implementing_unit,
            fiscal_year=form.fiscal_year,
            grade=form.grade,
            indicators=tuple(row.name for row in form.indicators),
        )
        for form in make_forms(count)
    ]


@pytest.fixture(scope="module")
def few() -> Corpus:
    return Corpus(heads(37))


def many_heads(count: int) -> list[FormHead]:
    """Heads without the cost of whole forms."""
    rng = random.Random(5)
    out = []
    for number in range(count):
        topic, place, year = rng.choice(content.TOPICS), rng.choice(content.PLACES), rng.choice(content.YEARS)
        name = f"{rng.choice(('', f'{year}年'))}{topic.name}{rng.choice(content.PROJECT_KINDS)}（第{number % 900}批）"
        rows = tuple(q.name + rng.choice(("数量", "", "完成率")) for q in topic.quantities)
        out.append(FormHead(form_id=f"f{number}", project_name=name, department=place + topic.department, implementing_unit=place + topic.units[0],
                            fiscal_year=year, indicators=rows))  # fmt: skip
    return out


@settings(max_examples=150)
@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
@example("")
@example("😀😀😀")
@example("'; DROP TABLE forms; --")
@example("ß" * 50 + "İ")
@example("\x00\u202e执行率")
@example("99999999999999999999999万元以上的项目")
@example("前9999999999名")
def test_any_text_becomes_a_query(few: Corpus, text: str) -> None:
    query = plan(text, few)
    assert isinstance(query, Query) and plan(text, few) == query
    assert isinstance(plan("那2023年呢？", few, query), Query) and isinstance(plan("为什么", few, query), Query)


ODD = (
    "2024年",
    "12月",
    "1",
    "万元",
    "%",
    "不",
    "没有",
    "或",
    "、",
    "（",
    "《",
    "忽略以上",
    "第",
    "名",
    "百",
    "\0",
    "\u202e",
    "²",
    "٣",
    "½",
    "≥",
    "-",
)


@settings(max_examples=100)
@given(st.lists(st.sampled_from(WORDS + ODD), min_size=1, max_size=12), st.sampled_from([1, 3, 30, 300]))
def test_any_words_are_planned_in_time_however_often_they_are_said(few: Corpus, words: list[str], times: int) -> None:
    started = time.process_time()
    query = plan("".join(words) * times, few)
    assert isinstance(query, Query)
    assert isinstance(plan("那2023年呢？", few, query), Query)
    assert time.process_time() - started < 3


@pytest.mark.parametrize("text", ["停" * 10_000, "项目经费" * 2_500, "哪些" * 5_000, "😀" * 3_000, "a " * 5_000, "没有原因" * 900])
def test_long_texts_are_cut_and_said_to_be(few: Corpus, text: str) -> None:
    assert not plan(text, few).certain


def test_every_project_is_found_by_its_own_name(few: Corpus) -> None:
    for head in few.forms.values():
        query = plan(f"{head.project_name}的执行率是多少？", few)
        assert head.form_id in query.scope.forms and query.measures == ("execution_rate",), head.project_name


def test_every_unit_and_year_is_found_by_its_own_name(few: Corpus) -> None:
    for head in few.forms.values():
        query = plan(f"{head.department}{head.fiscal_year}年一共花了多少钱？", few)
        assert (query.intent, query.measures) == ("aggregate", ("outturn",))
        assert head.department in query.scope.units and query.scope.years == (head.fiscal_year,) and not query.unknown


def test_planning_is_quick(few: Corpus) -> None:
    many = Corpus(many_heads(20_000))
    questions = (
        "公路养护项目的执行率低于80%的有哪些",
        "阅读推广花了多少",
        "云岫区交通局的路况巡查完成了多少次",
        "哪些项目因为天气原因扣分",
        "水源监则的总分",
    )
    for corpus, most in ((few, 0.1), (many, 1.0)):  # five times what is aimed at: the machine is shared
        plan("热身：阅渎的执行绿", corpus)
        for question in questions:
            start = time.perf_counter()
            plan(question, corpus)
            assert time.perf_counter() - start < most, question
