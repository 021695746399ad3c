"""Results of very many forms, reckoned over columns: they say what counting form by form says, and what is said wrongly is refused."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.compose.composing import Draft, compose
from agents.answer.compose.writer import Sentence, rounded
from agents.answer.execute import findings, lines, many, summary, texts
from agents.answer.execute.execution import execute
from agents.answer.execute.figures import Column, Distinct, FormKeys, Numbered, count_forms, total
from agents.answer.execute.measures import COUNTED, MONEY, TEXTS, figure_of, fulfilling, fulfils, worths
from agents.answer.execute.records import Figure, Line, Lines, every_form, fact_at, forms_of, joined
from agents.answer.execute.scope import measured_lines
from agents.answer.query import Comparator, Condition, Measure, Pick, Query, Scope
from agents.answer.verify import figures
from agents.answer.verify.composed import Basis, faults
from agents.answer.verify.figures import Printed, reckoned
from eval.synthesis.many import many_forms
from store import Store
from store.facts import Facts, Head, Session
from tests.answering import import_all, made_forms

MEASURED: tuple[Measure, ...] = tuple(one for one in get_args(Measure) if one not in (*COUNTED, *TEXTS, "form_count"))
NUMBERS: tuple[Measure, ...] = tuple(
    one for one in MEASURED if one not in ("grade", "fiscal_year", "department", "implementing_unit", "unit_of_money")
)
D = Decimal
QUERIES = (
    *(Query(intent="aggregate", measures=(one,), function=f) for one in NUMBERS for f in ("sum", "mean", "min", "max", "median")),
    *(Query(intent="aggregate", measures=("total_score",), function="mean", group=by) for by in ("unit", "department", "year", "grade")),
    Query(intent="aggregate", measures=("form_count",), group="year"),
    Query(intent="aggregate", measures=("adjusted_budget",), function="sum", unit="元", language="en"),
    Query(intent="aggregate", function="overall"),
    Query(intent="aggregate", measures=("adjusted_budget", "outturn"), function="gap"),
    *(Query(intent="rank", measures=(one,), limit=n, order=o) for one in NUMBERS for n, o in ((3, "asc"), (1, "desc"), (None, "desc"))),
    Query(intent="rank", measures=("outturn",), function="sum", group="department", limit=2),
    Query(intent="rank", measures=("form_count",), group="unit"),
    *(Query(intent="list", conditions=(Condition(measure="execution_rate", op=op, value=D(95), unit="%"),)) for op in ("<", ">=", "!=")),
    Query(
        intent="list", measures=("grade", "outturn"), conditions=(Condition(measure="adjusted_budget", op=">", value=D(300), unit="万元"),)
    ),
    Query(intent="list", conditions=(Condition(measure="total_score", op="<", than="mean"),)),
    Query(intent="list", conditions=(Condition(measure="outturn", op="<", other="adjusted_budget", relative=D("0.9")),)),
    Query(intent="list", scope=Scope(years=(2022, 2023)), conditions=(Condition(measure="grade", op="=", text="优"),)),
    Query(intent="list", pick=Pick(level1="满意度")),
    Query(intent="count", conditions=(Condition(measure="total_score", op="<", value=D(90), unit="分"),)),
    Query(intent="count", pick=Pick(level1="满意度"), fields=("score",)),
    *(
        Query(intent="compare", sides=tuple(Scope(years=(y,), said=f"{y}年") for y in years), measures=(one,), function="mean")
        for years in ((2022, 2024), (2021, 2022, 2023))
        for one in ("total_score", "outturn")
    ),
    Query(intent="compare", sides=tuple(Scope(years=(y,), said=f"{y}年") for y in (2022, 2024)), function="overall"),
    Query(intent="cause", topic="机构改革"),
    Query(intent="cause", topic="系统故障"),
    Query(intent="cause", topic="人员变动", language="en"),
    Query(intent="finding", rules=("deduction-unexplained",)),
    Query(intent="finding"),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("columns")
    with Store.open(folder / "home") as store:
        import_all(store, [*many_forms(220), *made_forms(5, 80)], folder)
        with Facts(store).session() as opened:
            yield opened


def _cut(patch: pytest.MonkeyPatch, whole: int) -> None:
    for module in (findings, lines, many, summary, texts):
        patch.setattr(module, "WHOLE", whole)


def _told(query: Query, session: Session, whole: int) -> tuple[Draft, Basis]:
    with pytest.MonkeyPatch.context() as patch:
        _cut(patch, whole)
        result = execute(query, session)
        years = tuple(sorted({head.fiscal_year for head in session.heads if head.fiscal_year}))
        draft = compose(query, result, "问题", years, len(session.heads))
    return draft, Basis(result, draft.sentences, tuple(head.name for head in session.heads), years)


def _slow(head: Head, measure: str, unit: str | None) -> Decimal | None:
    """A measure of a form as one would work it out by hand."""
    by = {"元": D(1), "千元": D(1000), "万元": D(10_000), "亿元": D(10) ** 8}
    pairs = {
        "lost_points": ("total_weight", "total_score"),
        "unspent": ("adjusted_budget", "outturn"),
        "budget_cut": ("original_budget", "adjusted_budget"),
        "budget_rise": ("adjusted_budget", "original_budget"),
        "budget_change": ("adjusted_budget", "original_budget"),
        "budget_gap": ("original_budget", "adjusted_budget"),
        "budget_lost": ("budget_weight", "budget_score"),
    }
    cells = [getattr(head, name) for name in pairs.get(measure, (measure,))]
    if any(cell is None for cell in cells):
        return None
    value: Decimal = cells[0] if len(cells) == 1 else cells[0] - cells[1]
    if measure == "budget_change":
        return (abs(value) / cells[1] * 100).quantize(D("0.000001"), ROUND_HALF_EVEN) if cells[1] else None
    if measure == "budget_gap":
        value = abs(value)
    if measure in MONEY and unit:
        printed = next((one for one in by if one in (head.unit_of_money or "")), None)
        printed = next((one for one in ("千元", "万元", "亿元") if one in (head.unit_of_money or "")), printed)
        return None if printed is None else value * by[printed] / by[unit]
    return value


@pytest.mark.parametrize("measure", NUMBERS)
def test_numbers_without_figures_are_those_of_the_figures_and_of_a_count_by_hand(session: Session, measure: Measure) -> None:
    for unit in (None, "元", "万元"):
        figures = [figure_of(head, measure, unit) for head in session.heads]
        fast = worths(session.heads, measure, unit)
        assert fast == [figure.value if figure else None for figure in figures]
        assert fast == [_slow(head, measure, unit) for head in session.heads]


@pytest.mark.parametrize("measure", sorted(set(MEASURED) - set(NUMBERS)))
def test_words_have_no_numbers(session: Session, measure: Measure) -> None:
    assert set(worths(session.heads, measure)) == {None}


@pytest.mark.parametrize("measure", NUMBERS)
@pytest.mark.parametrize("function", ["sum", "mean", "min", "max", "median"])
def test_aggregates_are_those_of_a_count_by_hand(session: Session, measure: Measure, function: str) -> None:
    query = Query(intent="aggregate", measures=(measure,), function=function, unit="万元" if measure in MONEY else None)
    with pytest.MonkeyPatch.context() as patch:
        _cut(patch, 5)
        result = execute(query, session)
    sure = [head for head in session.heads if not (head.doubtful and measure in MONEY)]
    values = sorted(value for head in sure if (value := _slow(head, measure, result.unit)) is not None)
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    wanted = {"sum": sum(values), "mean": sum(values) / len(values), "min": values[0], "max": values[-1], "median": middle}[function]
    assert result.figure is not None
    assert isinstance(result.figure.of, Column)
    assert abs(result.figure.value - wanted) < D("0.000001")
    assert len(result.lines) == len(values)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: "-".join(map(str, query.model_dump(exclude_defaults=True).values()))[:70])
def test_answers_are_the_same_however_many_lines_are_made(session: Session, query: Query) -> None:
    (slow, whole), (fast, cut) = _told(query, session, 10**9), _told(query, session, 5)
    if query.intent == "finding":
        # Of very many places only the first ones come with what the checker says of them.
        assert fast.answer.projects == slow.answer.projects
        assert fast.answer.answer.partition("|")[0] == slow.answer.answer.partition("|")[0]
    else:
        assert fast.answer == slow.answer
    assert faults(slow.answer, whole) == faults(fast.answer, cut)
    # A figure below nothing is told by its cells only: its sign is taken for a hyphen.
    assert not faults(fast.answer, cut) or "-" in str(fast.answer.value)


def _conditions() -> st.SearchStrategy[Condition]:
    values = st.decimals(-50, 2000, places=2)
    plain = st.builds(
        Condition, measure=st.sampled_from(NUMBERS), op=st.sampled_from(get_args(Comparator)), value=values,
        unit=st.sampled_from((None, "元", "万元", "亿元", "分", "%")),
    )  # fmt: skip
    against = st.builds(
        Condition, measure=st.sampled_from(NUMBERS), op=st.sampled_from(get_args(Comparator)), other=st.sampled_from(NUMBERS),
        relative=st.sampled_from((None, D("1.3"), D(2))),
    )  # fmt: skip
    texts = st.builds(Condition, measure=st.just("grade"), op=st.sampled_from(("=", "!=")), text=st.sampled_from(("优", "良", "无")))
    return st.one_of(plain, against, texts)


@given(condition=_conditions())
def test_conditions_over_columns_keep_the_same_forms(session: Session, condition: Condition) -> None:
    assert fulfilling(session.heads, condition) == tuple(head for head in session.heads if fulfils(head, condition))


@pytest.fixture(scope="module")
def drafts(session: Session) -> list[tuple[Draft, Basis]]:
    told = [_told(query, session, 5) for query in QUERIES[::4]]
    return [(draft, basis) for draft, basis in told if not draft.answer.abstained]


@pytest.mark.parametrize("seed", range(150))
def test_a_planted_number_never_passes(drafts: list[tuple[Draft, Basis]], seed: int) -> None:
    draw = random.Random(seed)
    draft, basis = draw.choice(drafts)
    text = draft.answer.answer
    marks = [m.span() for m in re.finditer(r"\[\d+\]|–", text)]
    found = [m for m in re.finditer(r"\d+(?:\.\d+)?", text) if not any(a <= m.start() < b for a, b in marks)]
    m = draw.choice(found)
    wrong = str(D(m[0]) + D(draw.choice(["0.01", "-0.01", "0.1", "1", "7", "1000"])))
    planted = draft.answer.model_copy(update={"answer": text[: m.start()] + wrong + text[m.end() :]})
    assert faults(planted, basis), (m[0], wrong, text[max(0, m.start() - 40) : m.end() + 40])


@pytest.mark.parametrize("seed", range(60))
def test_a_figure_that_was_reckoned_wrongly_never_passes(drafts: list[tuple[Draft, Basis]], seed: int) -> None:
    """Wrong in the text and in the figure that goes with it: a column is read off the forms anew, a count counted anew."""
    draw = random.Random(seed)
    spoken = [(d, b, s, f) for d, b in drafts for s in d.sentences for f in s.figures if f.op != "cell" and rounded(f.value) in s.text]
    draft, basis, sentence, figure = draw.choice(spoken)
    wrong = Figure(figure.op, figure.value + D("7.37"), figure.of, figure.keys, figure.by)
    changed = sentence.text.replace(rounded(figure.value), rounded(wrong.value))
    answer = draft.answer.model_copy(update={"answer": draft.answer.answer.replace(sentence.text, changed)})
    sentences = tuple(Sentence(changed, (wrong,)) if one is sentence else one for one in basis.sentences)
    assert faults(answer, Basis(basis.result, sentences, basis.names, basis.years))


def test_a_column_is_read_off_the_forms_and_not_believed(session: Session) -> None:
    column = measured_lines(session.heads, "outturn", "万元").figures
    assert isinstance(column, Column)
    printed = Printed(execute(Query(intent="count"), session))
    assert reckoned(total(column), printed) == total(column).value
    column.values = [value + 1 for value in column.values]
    assert reckoned(total(column), printed) != total(column).value
    assert reckoned(total(Column(session.heads, [D(1)] * len(session.heads), lambda _: None, "grade")), printed) is None


def test_counts_are_counted_anew(session: Session) -> None:
    heads = [*session.heads, *session.heads[:7]]
    assert count_forms(heads).value == len(session.heads) == reckoned(Figure("count", D(3), keys=FormKeys(heads)), {})
    assert reckoned(Figure("count", D(9), keys=Distinct([1, 2, 2])), {}) == 2
    assert reckoned(Figure("count", D(9), keys=Numbered(4)), {}) == 4
    assert [len(keys) for keys in (FormKeys(heads), Distinct([1, 2, 2]), Numbered(4))] == [len(heads), 3, 4]
    assert FormKeys(heads)[1] == (heads[1].form_id, "") == FormKeys(heads)[1:2][0]
    assert (Distinct([5])[0], Distinct([5, 6])[1:], Numbered(3)[2], Numbered(3)[1:]) == (
        ("5", ""),
        (("6", ""),),
        ("2", ""),
        (("1", ""), ("2", "")),
    )


def test_lines_are_made_once_when_they_are_looked_at(session: Session) -> None:
    heads, made = list(session.heads[:9]), list[int]()

    def make(i: int) -> Line:
        made.append(i)
        return Line(heads[i])

    lot = Lines(heads, make, of="x")
    assert (len(lot), made) == (9, [])
    assert lot[2] is lot[2] is lot[-7] is lot[2:3][0] is lot.part([4, 2])[1]
    assert made == [2]
    with pytest.raises(IndexError):
        lot[9]
    assert lot == Lines(list(heads), make, of="x") != Lines(heads, make, of="y")
    assert lot != Lines(heads[:8], make, of="x")
    both = joined([(Line(heads[0]),), lot, ()])
    assert [line.form for line in both] == [heads[0], *heads]
    assert both[3] is lot[2]
    assert forms_of(both) == tuple(heads)
    assert joined([(lot[0],), (lot[1],)]) == (lot[0], lot[1])


def test_cells_further_down_are_found_when_they_are_asked_for(session: Session) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _cut(patch, 5)
        result = execute(Query(intent="list", conditions=(Condition(measure="total_score", op=">", value=D(0)),)), session)
    last = forms_of(result.lines)[-1]
    fact = fact_at(result, (last.form_id, "total_score"))
    assert fact is not None
    assert fact.value == last.total_score
    assert fact_at(result, (last.form_id, "grade")) is None
    assert fact_at(result, ("no form", "total_score")) is None
    assert every_form(result).keys() == {head.form_id for head in forms_of(result.lines)}
    assert Printed(result)[last.form_id, "total_score"] == last.total_score
    with pytest.raises(KeyError):
        Printed(result)["no form", "total_score"]


def test_a_column_is_read_once_and_forgotten_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(figures, "_column_read", lambda column: read.append(column.measure) or [D(1)])
    columns = [Column([], [D(1)], lambda _: None, "lost") for _ in range(2)]
    before = len(figures._READ)
    assert [figures.column_values(column) for column in columns for _ in range(3)] == [[D(1)]] * 6
    # Equal ones are read each by itself.
    assert len(read) == len(figures._READ) - before == 2
    columns.clear()
    assert len(figures._READ) == before
