"""Questions planned and carried out over made-up stores, against a plain loop over the forms, which knows nothing of the planner."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.ask import Asker
from schema.form import Form
from store import Store
from tests.answering import YEARS, import_all, made_forms
from tests.factories import D

WAN = {"万元": D(1), "元": D("0.0001")}
Measure = Callable[[Form], Decimal | None]


def _amount(column: str) -> Measure:
    def value(form: Form) -> Decimal | None:
        amount = getattr(form.funding.total, column)
        return None if amount is None else amount * WAN[form.unit_of_money or "万元"]

    return value


def _less(one: Measure, other: Measure) -> Measure:
    def value(form: Form) -> Decimal | None:
        first, second = one(form), other(form)
        return None if first is None or second is None else first - second

    return value


original, adjusted, outturn = map(_amount, ("original_budget", "adjusted_budget", "outturn"))
rate: Measure = lambda form: form.funding.total.execution_rate  # noqa: E731
score: Measure = lambda form: form.total_score  # noqa: E731
lost: Measure = lambda form: None if form.total_score is None else D(100) - form.total_score  # noqa: E731
lost_rows: Measure = lambda form: D(sum(row.weight > row.score for row in form.indicators))  # noqa: E731

SETS: tuple[tuple[str, Measure, str, tuple[int, ...]], ...] = (
    ("哪些项目执行率低于{n}%？", rate, "<", (60, 75, 90)),
    ("执行率不到{n}%的项目有哪些", rate, "<", (60, 75, 90)),
    ("列出执行率在{n}%以上的项目", rate, ">=", (60, 75, 90)),
    ("把自评总分不低于{n}分的项目找出来", score, ">=", (75, 85, 95)),
    ("自评得分超过{n}分的是哪些项目？", score, ">", (75, 85, 95)),
    ("全年预算过{n}万元的项目列一下", adjusted, ">", (1000, 50000)),
    ("有哪些项目全年执行数少于{n}万元", outturn, "<", (1000, 50000)),
    ("Which projects have an execution rate below {n}%?", rate, "<", (60, 75, 90)),
    ("List all projects with a total score of at least {n}.", score, ">=", (75, 85, 95)),
    ("失分超过{n}分的项目有哪些？", lost, ">", (5, 20)),
)
RANKS: tuple[tuple[str, Measure, bool], ...] = (
    ("执行率最低的{n}个项目是哪些？", rate, False),
    ("自评总分排前{n}的项目，从高到低", score, True),
    ("花钱最多的前{n}个项目（看全年执行数）", outturn, True),
    ("结余最多的{n}个项目", _less(adjusted, outturn), True),
    ("预算调减金额最大的{n}个项目", _less(original, adjusted), True),
    ("失分最多的{n}个项目", lost, True),
    ("The {n} projects with the highest total score", score, True),
)
FIGURES: tuple[tuple[str, Measure, str], ...] = (
    ("{year}年所有项目的全年预算一共多少万元？", adjusted, "sum"),
    ("{year}年各项目总共花掉多少万元？", outturn, "sum"),
    ("{year}年平均自评总分是多少", score, "mean"),
    ("{year}年各项目执行率的平均值是多少？", rate, "mean"),
    ("{year}年一共丢了多少分？", lost, "sum"),
    ("{year}年没花出去的钱合计多少万元", _less(adjusted, outturn), "sum"),
    ("What is the average total score of the {year} projects?", score, "mean"),
    ("{year}年没拿满分的指标一共有多少条？", lost_rows, "sum"),
)
MONEY = {original, adjusted, outturn, RANKS[3][1], RANKS[4][1], FIGURES[5][1]}
OPERATORS = {"<": operator.lt, ">": operator.gt, ">=": operator.ge}


class World:
    """A store, its forms, and who answers."""

    def __init__(self, asker: Asker, forms: list[Form], doubtful: set[str]) -> None:
        self.asker = asker
        self.forms = forms
        self.doubtful = doubtful

    def known(self, measure: Measure, year: int | None = None) -> list[tuple[str, Decimal]]:
        """Names and values of the forms that have one, forms of doubtful money left out of amounts."""
        forms = [form for form in self.forms if year in (None, form.fiscal_year)]
        forms = [form for form in forms if measure not in MONEY or form.form_id not in self.doubtful]
        return [(form.project_name or "", value) for form in forms if (value := measure(form)) is not None]


@pytest.fixture(scope="module", params=[3, 11])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("questions")
    with Store.open(folder / "home") as store:
        forms = import_all(store, made_forms(request.param, 50), folder)
        doubtful = {finding.form_id for finding in store.findings(rule="money-unit")}
    with Asker.open(folder / "home") as asker:
        yield World(asker, forms, doubtful)


@given(data=st.data())
def test_sets(world: World, data: st.DataObject) -> None:
    text, measure, op, limits = data.draw(st.sampled_from(SETS))
    limit = data.draw(st.sampled_from(limits))
    answer = world.asker.turn(text.format(n=limit)).answer
    assert list(answer.projects) == [name for name, value in world.known(measure) if OPERATORS[op](value, limit)], answer.plan
    assert answer.verified


@given(data=st.data())
def test_rankings(world: World, data: st.DataObject) -> None:
    text, measure, falling = data.draw(st.sampled_from(RANKS))
    count = data.draw(st.sampled_from((1, 3, 5)))
    answer = world.asker.turn(text.format(n=count)).answer
    ordered = sorted(world.known(measure), key=lambda pair: pair[1], reverse=falling)
    told = [value for name in answer.projects for other, value in ordered if other == name]
    assert told == [value for _, value in ordered if value in [v for _, v in ordered[:count]]], answer.plan
    assert answer.verified


@given(data=st.data())
def test_figures(world: World, data: st.DataObject) -> None:
    text, measure, function = data.draw(st.sampled_from(FIGURES))
    year = data.draw(st.sampled_from(YEARS))
    answer = world.asker.turn(text.format(year=year)).answer
    values = [value for _, value in world.known(measure, year)]
    expected = sum(values, D(0)) / (len(values) if function == "mean" else 1)
    assert answer.value is not None, answer.plan
    assert abs(answer.value - expected) <= D("0.000001"), answer.plan
    assert answer.verified
