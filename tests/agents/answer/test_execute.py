"""Execution against a plain loop over the forms."""

from __future__ import annotations

import operator
import statistics
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.execute.execution import execute
from agents.answer.query import Condition, Pick, Query, Scope
from schema.form import Form
from store import Store
from store.facts import Facts
from tests.answering import UNITS, YEARS, import_all, made_forms
from tests.factories import D, make_form, make_indicator

OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne}
FACTOR = {"万元": D(10000), "元": D(1)}
MONEY = ("adjusted_budget", "outturn", "unspent", "budget_cut", "budget_rise", "budget_gap")
MEASURES = (*MONEY, "execution_rate", "total_score", "lost_points", "budget_score", "budget_lost", "budget_change", "lost_rows")

scopes = st.builds(
    Scope,
    units=st.lists(st.sampled_from(UNITS), max_size=2).map(tuple),
    years=st.lists(st.sampled_from(YEARS), max_size=2).map(tuple),
    grades=st.lists(st.sampled_from(("优", "良")), max_size=1).map(tuple),
)
values = st.decimals(0, 110, places=1)
conditions = st.builds(
    lambda measure, op, value: Condition(measure=measure, op=op, value=value, unit="万元" if measure in MONEY else None),
    st.sampled_from(MEASURES),
    st.sampled_from(sorted(OPERATORS)),
    values,
)
queries = st.builds(
    Query,
    intent=st.sampled_from(("list", "count", "aggregate", "rank")),
    scope=scopes,
    measures=st.sampled_from(MEASURES).map(lambda measure: (measure,)),
    conditions=st.lists(conditions, max_size=2).map(tuple),
    function=st.sampled_from(("sum", "mean", "min", "max")),
    order=st.sampled_from(("asc", "desc")),
    limit=st.sampled_from((None, 1, 3, 10)),
    unit=st.just("万元"),
)


class World:
    """A store and the forms in it."""

    def __init__(self, store: Store, forms: list[Form]) -> None:
        self.facts = Facts(store)
        self.forms = forms
        self.doubtful = {finding.form_id for finding in store.findings(rule="money-unit")}

    def run(self, query: Query):  # type: ignore[no-untyped-def]
        with self.facts.session() as session:
            return execute(query, session)

    def measured(self, form: Form, measure: str) -> Decimal | None:
        """A measure of a form, amounts in 万元, without any of the code under test."""
        total = form.funding.total
        if measure == "lost_rows":
            return D(sum(row.weight > row.score for row in form.indicators))
        if measure == "budget_lost":
            return None if total.weight is None or total.score is None else total.weight - total.score
        if measure.startswith("budget_") and measure != "budget_score":
            return self._revised(form, measure)
        if measure == "lost_points":
            return None if form.total_weight is None or form.total_score is None else form.total_weight - form.total_score
        if measure == "budget_score":
            return total.score
        if measure in ("total_score",):
            return form.total_score
        value = (
            total.adjusted_budget - total.outturn if measure == "unspent" and total.outturn is not None else getattr(total, measure, None)
        )
        if value is None or measure == "execution_rate":
            return value
        return value * FACTOR[form.unit_of_money or "万元"] / D(10000)

    def _revised(self, form: Form, measure: str) -> Decimal | None:
        original, adjusted = form.funding.total.original_budget, form.funding.total.adjusted_budget
        if original is None or adjusted is None:
            return None
        cut = original - adjusted
        if measure == "budget_change":
            return None if original == 0 else round(abs(cut) * 100 / original, 6)
        return {"budget_cut": cut, "budget_rise": -cut, "budget_gap": abs(cut)}[measure] * FACTOR[form.unit_of_money or "万元"] / D(10000)

    def chosen(self, query: Query) -> list[Form]:
        """The forms that a query's scope and conditions leave."""
        scope, found = query.scope, []
        for form in self.forms:
            if scope.units and not {form.department, form.implementing_unit} & set(scope.units):
                continue
            if (scope.years and form.fiscal_year not in scope.years) or (scope.grades and form.grade not in scope.grades):
                continue
            if any(c.measure in MONEY for c in query.conditions) and form.form_id in self.doubtful:
                continue
            if all(self.fulfils(form, condition) for condition in query.conditions):
                found.append(form)
        return found

    def fulfils(self, form: Form, condition: Condition) -> bool:
        """Whether a form fulfils a condition."""
        value = self.measured(form, str(condition.measure))
        return value is not None and condition.value is not None and OPERATORS[condition.op](value, condition.value)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    with Store.open(folder / "home") as store:
        yield World(store, import_all(store, made_forms(7, 60), folder))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home") as store:
        yield store


@given(query=queries)
def test_execution_is_what_a_plain_loop_gives(world: World, query: Query) -> None:
    result = world.run(query)
    forms = world.chosen(query)
    names = [form.project_name for form in forms]
    if query.intent == "list":
        assert [line.form.project_name for line in result.lines] == names
        return
    if query.intent == "count":
        assert result.missing is not None if not result.scope else result.figure.value == len(forms)
        return
    measure = query.measures[0]
    sure = [form for form in forms if measure not in MONEY or form.form_id not in world.doubtful]
    known = [(form, value) for form in sure if (value := world.measured(form, measure)) is not None]
    amounts = [value for _, value in known]
    if not amounts:
        assert result.figure is None
    elif query.intent == "aggregate":
        expected = {"sum": sum(amounts), "mean": sum(amounts) / len(amounts), "min": min(amounts), "max": max(amounts)}[query.function]
        assert abs(result.figure.value - expected) <= D("0.000001")
    else:
        ordered = sorted(known, key=lambda pair: pair[1], reverse=query.order == "desc")
        told = [(line.form.project_name, line.figure.value) for line in result.lines]
        limit = query.limit or len(ordered)
        assert told == [(form.project_name, value) for form, value in ordered if value in [v for _, v in ordered[:limit]]]


@pytest.mark.parametrize("function", ["mean", "median"])
@pytest.mark.parametrize("op", ["<", ">"])
@pytest.mark.parametrize("measure", ["execution_rate", "total_score", "outturn"])
def test_a_condition_against_the_average(world: World, measure: str, op: str, function: str) -> None:
    result = world.run(Query(intent="list", conditions=(Condition(measure=measure, op=op, than=function),)))
    doubtful = world.doubtful if measure == "outturn" else set()
    known = [(form, value) for form in world.forms if form.form_id not in doubtful and (value := world.measured(form, measure)) is not None]
    limit = getattr(statistics, function)([value for _, value in known])
    assert [line.form.form_id for line in result.lines] == [form.form_id for form, value in known if OPERATORS[op](value, limit)]


@pytest.mark.parametrize("group", ["unit", "year", "grade"])
@pytest.mark.parametrize(
    ("measure", "function"), [("total_score", "mean"), ("lost_points", "sum"), ("form_count", None), ("lost_rows", "sum")]
)
def test_groups_in_their_order(world: World, group: str, measure: str, function: str | None) -> None:
    result = world.run(Query(intent="rank", measures=(measure,), function=function, group=group, order="desc"))
    found: dict[str, list[Decimal]] = {}
    for form in world.forms:
        name = {"unit": form.implementing_unit, "year": form.fiscal_year, "grade": form.grade}[group]
        value = D(1) if measure == "form_count" else world.measured(form, measure)
        if value is not None:
            found.setdefault(str(name or "（未印）"), []).append(value)
    figures = {name: sum(values) / (len(values) if function == "mean" else 1) for name, values in found.items()}
    told = {one.name: one.figure.value for one in result.groups}
    assert told.keys() == figures.keys()
    assert all(abs(told[name] - value) <= D("0.000001") for name, value in figures.items())
    assert list(told.values()) == sorted(told.values(), reverse=True)


def test_the_overall_rate_is_of_sums(world: World) -> None:
    result = world.run(Query(intent="aggregate", measures=("execution_rate",), function="overall"))
    amounts = [
        (world.measured(form, "outturn"), world.measured(form, "adjusted_budget"))
        for form in world.forms
        if form.form_id not in world.doubtful
    ]
    known = [(spent, budget) for spent, budget in amounts if spent is not None and budget is not None]
    assert abs(result.figure.value - sum(s for s, _ in known) * 100 / sum(b for _, b in known)) <= D("0.000001")
    assert result.unit == "%"


def test_what_was_reached_against_what_was_aimed_at(small: Store, tmp_path: Path) -> None:
    texts = [("≥10(次)", "10(次)"), ("≥10(次)", "35(次)"), ("≥10(次)", "35(个)"), ("0", "5"), ("达成", "达成"), ("≥2.00(次)", "8.0(次)")]
    rows = tuple(make_indicator(i, name=f"指标{i}", target=target, actual=actual) for i, (target, actual) in enumerate(texts))
    import_all(small, [make_form("甲", form_id="a", indicators=rows)], tmp_path)
    with Facts(small).session() as session:
        many = Condition(field="actual", op=">", other_field="target", relative=D(3))
        same = Condition(field="actual", op="=", other_field="target")
        assert [line.row.name for line in execute(Query(intent="list", conditions=(many,)), session).lines] == ["指标1", "指标5"]
        assert [line.row.name for line in execute(Query(intent="list", conditions=(same,)), session).lines] == ["指标0", "指标4"]


def test_money_of_a_doubtful_unit_is_left_out_and_said(world: World) -> None:
    assert world.doubtful
    result = world.run(Query(intent="aggregate", measures=("adjusted_budget",), function="sum"))
    out = {head.form_id for note in result.notes if note.key == "doubtful-out" for head in note.forms}
    assert out == world.doubtful
    assert not out & {line.form.form_id for line in result.lines}


def test_a_comparison_of_measures_of_one_form_does_not_ask_for_its_unit(world: World) -> None:
    query = Query(intent="list", conditions=(Condition(measure="original_budget", op=">", other="adjusted_budget"),))
    found = {line.form.form_id for line in world.run(query).lines}
    rows = [(form, form.funding.total) for form in world.forms]
    assert found == {form.form_id for form, row in rows if row.original_budget is not None and row.original_budget > row.adjusted_budget}


def test_sides_and_their_difference(world: World) -> None:
    sides = tuple(Scope(units=(unit,), said=unit) for unit in UNITS[:2])
    result = world.run(Query(intent="compare", sides=sides, measures=("total_score",), function="mean"))
    means = []
    for unit in UNITS[:2]:
        scores = [f.total_score for f in world.forms if unit in (f.department, f.implementing_unit) and f.total_score is not None]
        means.append(sum(scores) / len(scores))
    assert abs(result.figure.value - abs(means[0] - means[1])) <= D("0.000002")


def test_causes_judge_every_explanation(world: World) -> None:
    result = world.run(Query(intent="cause", topic="机构改革"))
    rows = [(form, row) for form in world.forms for row in form.indicators]
    lost = [(form, row) for form, row in rows if row.weight > row.score]
    assert {(line.form.form_id, line.row.name) for line in result.lines} == {
        (form.form_id, row.name) for form, row in lost if row.deviation and "机构改革" in row.deviation
    }
    assert {(line.form.form_id, line.row.name) for line in result.related} == {
        (form.form_id, row.name) for form, row in lost if row.deviation and "移交" in row.deviation
    }
    assert result.judged == sum(row.deviation not in (None, "-") for _, row in rows)


def test_rows_that_kept_their_points_are_said_apart(small: Store, tmp_path: Path) -> None:
    form = make_form("甲", form_id="a")
    kept = form.indicators[0].model_copy(update={"deviation": "机构改革"})
    import_all(small, [form.model_copy(update={"indicators": (kept, *form.indicators[1:])})], tmp_path)
    with Facts(small).session() as session:
        result = execute(Query(intent="cause", topic="机构改革"), session)
    assert not result.lines
    assert [note.key for note in result.notes] == ["not-lost"]


def test_an_indicator_of_just_that_name_is_meant_alone(small: Store, tmp_path: Path) -> None:
    form = make_form("甲", form_id="a")
    names = ("满意度", "用户满意度")
    rows = tuple(row.model_copy(update={"name": name}) for name, row in zip(names, form.indicators, strict=False))
    import_all(small, [form.model_copy(update={"indicators": rows})], tmp_path)
    with Facts(small).session() as session:
        exact = execute(Query(intent="lookup", pick=Pick(words=(("满意度",),), said="满意度"), fields=("actual",)), session)
        partial = execute(Query(intent="lookup", pick=Pick(words=(("户满意",),)), fields=("actual",)), session)
    assert [line.row.name for line in exact.lines] == ["满意度"]
    assert [line.row.name for line in partial.lines] == ["用户满意度"]
    assert exact.figure.value == 95
    assert exact.unit == "%"


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        (Query(intent="lookup", scope=Scope(years=(1999,)), measures=("grade",)), "no-form"),
        (Query(intent="lookup", measures=("grade",), unknown=("合同价",)), "unknown"),
        (Query(intent="lookup", pick=Pick(words=(("火箭发射",),)), fields=("actual",)), "no-row"),
        (Query(intent="summary", topic="火箭发射基地"), "no-text"),
    ],
)
def test_what_is_not_there_is_said(world: World, query: Query, missing: str) -> None:
    assert world.run(query).missing == missing


def test_a_blank_cell_is_no_answer(small: Store, tmp_path: Path) -> None:
    import_all(small, [make_form("甲", form_id="a", grade=None)], tmp_path)
    with Facts(small).session() as session:
        assert execute(Query(intent="lookup", measures=("grade",)), session).missing == "no-value"


def test_an_empty_store_is_said(small: Store) -> None:
    with Facts(small).session() as session:
        assert execute(Query(intent="list"), session).missing == "empty-store"


def test_what_another_store_commits_is_seen(small: Store, tmp_path: Path) -> None:
    facts = Facts(small)
    with facts.session() as session:
        assert not session.heads
    with Store.open(tmp_path / "home") as other:
        import_all(other, [make_form("甲", form_id="a")], tmp_path)
        with facts.session() as session:
            assert [head.project_name for head in session.heads] == ["甲"]
        other.correct("a", "total_score", "88", "tester")
    with facts.session() as session:
        assert session.heads[0].total_score == 88
