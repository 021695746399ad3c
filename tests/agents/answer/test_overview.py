"""Overviews: how they are asked for, what they show, and that every one stands when it is looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.answer.answer import Answer
from agents.answer.compose.composing import compose
from agents.answer.execute.execution import execute
from agents.answer.execute.subject import Subject
from agents.answer.execute.terms import Weights, coverage, in_chinese, telling
from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.plan.planner import plan
from agents.answer.query import Pick, Query, Scope, Section
from agents.answer.verify.composed import Basis, faults
from agents.answer.words.summary import subject, wants
from schema.form import Form, Funding, FundingRow
from store import Store
from store.facts import Facts
from tests.answering import UNITS, import_all, made_forms
from tests.factories import D, make_form, make_indicator

SECTIONS: tuple[Section, ...] = get_args(Section)


@pytest.mark.parametrize(
    ("question", "sections"),
    [
        ("概括讲讲得分情况和花钱进度", ("scores", "execution")),
        ("短板主要体现在哪些方面", ("losses",)),
        ("一年下来具体做了哪些活", ("done",)),
        ("都干了啥，有什么成效", ("done",)),
        ("哪些项目拖了后腿，预算执行总体如何", ("execution", "losses")),
        ("设定的目标是什么，完成后丢分在哪", ("goals", "losses")),
        ("核对问题梳理一下", ("losses", "findings")),
        ("后续打算怎么改进", ("measures",)),
        ("what were they for, and where did they lose points?", ("losses", "goals")),
        ("Summarise the main weaknesses", ("losses",)),
        ("说说河道保洁", ()),
    ],
)
def test_the_parts_that_a_question_names(question: str, sections: tuple[str, ...]) -> None:
    assert set(wants(question)) == set(sections)


@pytest.mark.parametrize(
    ("topic", "left"),
    [
        ("写审计综述用 拖了后腿", ""),
        ("讲讲 进度,哪块最不", ","),
        ("人员培训 覆盖", "人员培训"),
        ("main weaknesses admits deviation notes.", ""),
        ("looking four together", ""),
        ("river cleaning", "river cleaning"),
        (None, ""),
    ],
)
def test_a_topic_without_the_words_that_only_ask(topic: str | None, left: str) -> None:
    assert subject(topic).strip(", ") == left.strip(", ")


@pytest.mark.parametrize(
    ("question", "is_summary"),
    [
        ("甲市各项目总体情况怎么样", True),
        ("概括一下河道保洁项目", True),
        ("各单位在巡查方面开展了什么", True),
        ("甲市的项目有什么短板", True),
        ("给我理一理甲市有哪些项目免费", True),
        ("Give me an overview of all projects.", True),
        ("What did the projects achieve overall?", True),
        ("河道保洁的执行率怎么样", False),
        ("河道保洁执行率是多少", False),
        ("得分最低的项目是哪个", False),
        ("哪些项目执行率低于90%", False),
        ("河道保洁为什么扣分", False),
    ],
)
def test_which_questions_ask_for_an_overview(question: str, is_summary: bool) -> None:
    names = ("河道保洁", "书屋改造")
    corpus = Corpus(
        FormHead(
            form_id=f"f{i}",
            project_name=name,
            department="甲市水务局",
            implementing_unit="甲市水务所",
            fiscal_year=2022,
            grade="优",
            indicators=("巡查次数", "读者满意度"),
        )
        for i, name in enumerate(names)
    )
    assert (plan(question, corpus).intent == "summary") == is_summary


def _forms() -> list[Form]:
    low = FundingRow(
        original_budget=D(20), adjusted_budget=D("10.00"), outturn=D("5.50"), weight=D(10), execution_rate=D("55.00"), score=D("5.5")
    )
    return [
        make_form(
            "河道保洁服务",
            form_id="river",
            funding=Funding(total=low),
            total_score=D("88.5"),
            grade="良",
            expected_goal="全年保洁河道30公里。",
            actual_result="完成河道保洁32公里。打捞水草15吨。",
            indicators=(
                make_indicator(0, name="河道巡查次数", score=D(12), deviation="汛期水位过高，巡查船无法下水。后续将增加岸边巡查。"),
                make_indicator(1, name="水质达标率", score=D(11), deviation="上游来水浑浊"),
                make_indicator(2, name="居民满意度"),
            ),
        ),
        make_form(
            "社区书屋改造",
            form_id="books",
            total_score=D(95),
            actual_result="新增图书4000册。举办读书活动12场。",
            indicators=(
                make_indicator(0, name="读书活动场次", target="≥10.00(场)", actual="12.00(场)"),
                make_indicator(1, name="图书借阅量", score=D(10), deviation=None),
                make_indicator(2, name="居民满意度", target="≥90.00(%)", actual="85.00(%)"),
            ),
        ),
        make_form("路灯节能改造", form_id="lamps", actual_result="更换灯具600盏。", indicators=(make_indicator(0, name="灯具更换数"),)),
    ]


class Teller:
    """Queries over a store, told and looked at again."""

    def __init__(self, store: Store) -> None:
        self.facts = Facts(store)

    def tell(self, query: Query) -> Answer:
        with self.facts.session() as session:
            result = execute(query, session)
            names = tuple(head.name for head in session.heads)
        draft = compose(query, result, "问题", (2022, 2024), len(names))
        assert faults(draft.answer, Basis(result, draft.sentences, names, (2022, 2024))) == ()
        return draft.answer

    def about(self, topic: str | None = None, *sections: Section, **more: object) -> str:
        return self.tell(Query(intent="summary", topic=topic, sections=sections or ("scores", "losses"), **more)).answer  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    folder = tmp_path_factory.mktemp("few")
    with Store.open(folder / "home") as store:
        import_all(store, _forms(), folder)
        yield Teller(store)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    folder = tmp_path_factory.mktemp("many")
    with Store.open(folder / "home") as store:
        import_all(store, made_forms(7, 60), folder)
        yield Teller(store)


def test_an_open_question_gets_scores_budgets_and_losses_with_their_words(few: Teller) -> None:
    answer = few.about()
    for said in ("88.5", "55%", "失 4.5 分", "上游来水浑浊", "汛期水位过高", "3 项指标失分", "其中 1 项没有写原因"):
        assert said in answer


def test_losses_are_of_indicators_and_of_budgets(few: Teller) -> None:
    answer = few.about(None, "losses")
    assert "共失 12 分" in answer
    assert "在预算执行上失 4.5 分" in answer


def test_what_was_done_is_told_form_by_form(few: Teller) -> None:
    answer = few.about(None, "done")
    for said in ("打捞水草15吨", "举办读书活动12场", "更换灯具600盏"):
        assert said in answer


def test_a_topic_shows_what_fits_it_and_nothing_else(few: Teller) -> None:
    answer = few.about("读书活动", "done")
    assert "读书活动场次" in answer
    assert "举办读书活动12场" in answer
    assert "灯具" not in answer


def test_a_topic_in_english_finds_chinese_words(few: Teller) -> None:
    answer = few.about("river inspections", "losses", language="en")
    assert "河道巡查次数" in answer
    assert "图书借阅量" not in answer
    assert "lost" in answer


def test_a_topic_that_nothing_fits_is_said_and_the_overview_shown(few: Teller) -> None:
    answer = few.about("区块链存证")
    assert "没有找到写到“区块链存证”的内容" in answer
    assert "88.5" in answer


def test_indicators_that_missed_their_targets_come_first(few: Teller) -> None:
    answer = few.about("居民满意度", "rows")
    rows = [line for line in answer.split("\n") if "居民满意度" in line and line.startswith("|")]
    assert "社区书屋改造" in rows[0]


def test_picked_indicators_are_shown(few: Teller) -> None:
    answer = few.about(None, "rows", pick=Pick(words=(("水质达标率",),), said="水质达标率"))
    assert "上游来水浑浊" in answer


def test_one_form_is_told_as_well(few: Teller) -> None:
    with few.facts.session() as session:
        form_id = session.heads[0].form_id
    answer = few.about(None, scope=Scope(forms=(form_id,)))
    for said in ("自评总分 88.5", "打捞水草15吨", "上游来水浑浊"):
        assert said in answer


def test_findings_are_counted(few: Teller) -> None:
    assert "核对发现" in few.about(None, "findings")


def test_tables_stay_short(many: Teller) -> None:
    answer = many.about(None, "scores", "execution", "losses", "rows", "done")
    assert sum(line.startswith(("| **", "- ")) for line in answer.split("\n")) <= 30
    assert "没有列出" in answer


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(SECTIONS), min_size=1, unique=True),
    st.sampled_from((None, "人员培训", "机构改革", "系统故障和用户满意度", "巡检", "天气", "training", "weather and faults")),
    st.sampled_from(("zh", "en")),
    st.lists(st.sampled_from(UNITS), max_size=1),
)
def test_every_overview_stands(many: Teller, sections: list[Section], topic: str | None, language: str, units: list[str]) -> None:
    answer = many.tell(
        Query(intent="summary", topic=topic, sections=tuple(sections), language=language, scope=Scope(units=tuple(units)))  # type: ignore[arg-type]
    )
    assert not answer.abstained
    assert answer.citations


def test_words_are_weighed_by_how_few_texts_hold_them() -> None:
    weights = Weights(["河道保洁服务", "道路保洁服务", "书屋服务", "河道清淤"])
    held = {term.words[0]: term.weight for term in weights.terms("河道清淤服务")}
    assert held["清淤"] > held["河道"] > held["服务"]
    assert not weights.terms("区块链")
    assert coverage(weights.terms("河道清淤"), "河道清淤") == 1
    assert {term.words[0] for term in telling(weights.terms("清淤服务"))} == {"清淤"}


def test_english_words_stand_for_chinese_ones() -> None:
    assert in_chinese("technical standards") == [("技术标准",)]
    assert in_chinese("the of and") == []


def test_a_subject_prefers_the_word_that_matters() -> None:
    texts = ["人员到岗率", "培训场次", "人员培训考核", "人员编制", "人员满意度"]
    about = Subject(Query(intent="summary", topic="人员培训"), ["甲", "乙"], texts, ())
    assert about.known
    assert about.fit("人员培训考核") > about.fit("培训场次") > about.fit("人员编制")
