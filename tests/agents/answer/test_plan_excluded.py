# ruff: noqa: E501 - tables
"""What a question leaves out is left out: never what it is about, never dropped unsaid, and told with the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.answer.ask import Asker
from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.plan.planner import plan
from store import Store
from tests.answering import import_all
from tests.factories import D, make_form

LIBRARY, HOSPITAL = "澜石市图书馆", "澜石市人民医院"
READING, ARCHIVE, WARD = "阅览室改造", "古籍修复经费", "病房供暖改造"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(
        FormHead(form_id=f"f{i}", project_name=name, department=unit, implementing_unit=unit, fiscal_year=year, grade="优")
        for i, (name, unit, year) in enumerate(((READING, LIBRARY, 2023), (ARCHIVE, LIBRARY, 2024), (WARD, HOSPITAL, 2024)))
    )


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("excluded")
    made = ((READING, LIBRARY, 2023, 80), (ARCHIVE, LIBRARY, 2024, 90), (WARD, HOSPITAL, 2024, 96))
    with Store.open(folder / "home") as store:
        forms = [
            make_form(name, form_id=f"f{i}", department=unit, implementing_unit=unit, fiscal_year=year, total_score=D(score))
            for i, (name, unit, year, score) in enumerate(made)
        ]
        import_all(store, forms, folder)
    with Asker.open(folder / "home") as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    [
        "除了{name}以外，还有哪些项目总分低于99分", "除{name}外，哪些项目总分低于99分？", "{name}以外总分低于99分的项目", "{name}之外哪些项目总分低于99分",
        "不算{name}，总分低于99分的项目有哪些", "剔除{name}的项目，总分低于99分的有哪些", "不含{name}，总分低于99分的项目有哪些", "总分低于99分的项目有哪些（不包括{name}）",
        "排除{name}后，总分低于99分的项目有哪些", "总分低于99分的项目有哪些，{name}除外", "总分低于99分的项目有哪些？{name}不算", "非{name}的项目里总分低于99分的有哪些",
        "Excluding {name}, which projects scored below 99?", "Which projects outside {name} scored below 99?",
        "Which projects not from {name} scored below 99?", "Apart from {name}, which projects scored below 99?",
    ],
)  # fmt: skip
def test_a_unit_left_out_is_not_asked_about(corpus: Corpus, question: str) -> None:
    query = plan(question.format(name=LIBRARY), corpus)
    assert (query.scope.units, query.scope.out_units, query.unknown) == ((), (LIBRARY,), ())
    assert [condition.op for condition in query.conditions] == ["<"]


def test_what_is_left_out_is_missing_and_told(asker: Asker) -> None:
    answer = asker.turn(f"除了{LIBRARY}以外，平均总分是多少？").answer
    assert (answer.value, answer.projects, answer.verified) == (D(96), (WARD,), True)
    assert f"不含“{LIBRARY}”" in answer.answer and any(LIBRARY in note for note in answer.notes)


def test_projects_side_by_side_are_all_left_out(asker: Asker) -> None:
    answer = asker.turn(f"不算{READING}和{ARCHIVE}，哪个项目总分最低？").answer
    assert answer.projects == (WARD,) and answer.verified


def test_a_part_of_a_name_is_left_out_too(corpus: Corpus) -> None:
    query = plan("除古籍修复那个项目以外，平均总分是多少", corpus)
    assert (query.scope.forms, query.scope.out_forms, query.unknown) == ((), ("f1",), ())


def test_a_year_behind_the_comma_is_asked_about(corpus: Corpus) -> None:
    query = plan(f"不含{HOSPITAL}，2024年总分合计", corpus)
    assert (query.scope.years, query.scope.out_years, query.scope.out_units) == ((2024,), (), (HOSPITAL,))
    assert plan("除2023年外平均总分", corpus).scope.out_years == (2023,)


@pytest.mark.parametrize(
    "question", ["除了火星基地以外，平均总分是多少", "不含执行率低于80%的项目，平均总分多少", "平均总分多少？供热类项目不算"]
)
def test_what_is_left_out_and_not_understood_is_no_answer(asker: Asker, question: str) -> None:
    assert asker.planned(question).unknown
    assert asker.turn(question).answer.abstained


@pytest.mark.parametrize("question", ["除此之外还有哪些项目总分低于99分", "除了执行率，还想知道阅览室改造的总分"])
def test_more_that_is_asked_for_leaves_nothing_out(corpus: Corpus, question: str) -> None:
    query = plan(question, corpus)
    assert (query.scope.out_said, query.unknown) == (None, ())


def test_questions_that_go_on_leave_out_the_same(corpus: Corpus) -> None:
    first = plan(f"除了{WARD}以外，2024年平均总分是多少", corpus)
    assert first.scope.out_forms == ("f2",)
    assert plan("2023年的呢", corpus, first).scope.out_forms == ("f2",)
    assert plan("它们的执行率呢", corpus, first).scope.out_forms == ("f2",)
    assert plan(f"那{WARD}呢", corpus, first).scope.out_forms == ()
    assert plan(f"不算{READING}呢", corpus, first).scope.out_forms == ("f0",)
