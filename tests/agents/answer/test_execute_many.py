"""Results of very many lines: cut short they count, sum and name the same as whole ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from agents.answer.execute import findings as execute_findings
from agents.answer.execute import many as execute_many
from agents.answer.execute import summary as execute_summary
from agents.answer.execute import texts as execute_texts
from agents.answer.execute.figures import total
from agents.answer.execute.many import Lights, Making, lines_of
from agents.answer.execute.records import Fact, Figure, Line, Result, every_line, projects
from agents.answer.execute.summary import summarise
from agents.answer.query import Pick, Query
from eval.synthesis.many import many_forms
from store import Store
from store.facts import Facts, Head, Session
from tests.answering import import_all


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder = tmp_path_factory.mktemp("many")
    with Store.open(folder / "home") as store:
        import_all(store, list(many_forms(80)), folder)
        with Facts(store).session() as opened:
            yield opened


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (execute_many, execute_summary, execute_findings, execute_texts):
        monkeypatch.setattr(module, "WHOLE", 5)
    monkeypatch.setattr(execute_many, "LINES_SHOWN", 3)


def _counted(result: Result) -> list[tuple[str, int, Decimal | None]]:
    """Of every group its name, the forms in it, and its sum."""
    return [
        (group.name, len({line.form.form_id for line in group.lines}), group.figure.value if group.figure else None)
        for group in result.groups
    ]


def test_a_sum_of_few_parts_is_the_sum_of_all(session: Session, short: None) -> None:
    heads = [head for head in session.heads if head.budget_score is not None]

    def whole(head: Head) -> Line:
        fact = Fact(head, "funding.total.score", "budget_score", head.budget_score)
        return Line(head, (fact,), figure=Figure("cell", head.budget_score or Decimal(0), keys=(fact.key,)))

    lines, figure = lines_of(heads * 2, Making(lambda head: head, lambda head: head.budget_score, whole), Lights())
    everything = total([line.figure for line in map(whole, heads * 2) if line.figure])
    assert figure is not None
    assert figure.value == everything.value
    assert {line.form.form_id for line in lines} == {head.form_id for head in heads}
    printed = {fact.key for line in lines for fact in line.facts}
    assert set(figure.cells()) <= printed


@pytest.mark.parametrize(
    "query",
    [
        Query(intent="summary"),
        Query(intent="summary", topic="整改措施"),
        Query(intent="summary", topic="用途"),
        Query(intent="summary", pick=Pick(level1="满意度")),
    ],
    ids=["causes", "measures", "uses", "rows"],
)
def test_summaries_cut_short(session: Session, monkeypatch: pytest.MonkeyPatch, query: Query) -> None:
    whole = summarise(query, session, session.heads)
    for module in (execute_many, execute_summary):
        monkeypatch.setattr(module, "WHOLE", 5)
    monkeypatch.setattr(execute_many, "LINES_SHOWN", 3)
    cut = summarise(query, session, session.heads)
    assert _counted(cut) == _counted(whole)
    assert set(projects(cut.lines)) == set(projects(whole.lines))
    assert sum(len(line.facts) for line in every_line(cut)) < sum(len(line.facts) for line in every_line(whole))
    # What is shown of a group comes first and is whole.
    for one, other in zip(cut.groups, whole.groups, strict=True):
        assert [line.facts for line in one.lines[:3]] == [line.facts for line in other.lines[:3]]


@pytest.mark.parametrize("rules", [(), ("deduction-unexplained",)], ids=["all", "one rule"])
def test_findings_cut_short(session: Session, monkeypatch: pytest.MonkeyPatch, rules: tuple[str, ...]) -> None:
    query = Query(intent="finding", rules=rules)
    whole = execute_findings.find_findings(query, session, session.heads)
    monkeypatch.setattr(execute_findings, "WHOLE", 5)
    cut = execute_findings.find_findings(query, session, session.heads)
    assert len(cut.lines) == len(whole.lines) > 5
    assert projects(cut.lines) == projects(whole.lines)
    assert _counted(cut) == _counted(whole)
    assert cut.lines[:5] == whole.lines[:5]
    assert [[one.rule for one in line.findings] for line in cut.lines] == [[one.rule for one in line.findings] for line in whole.lines]


def test_of_very_many_forms_the_worst_budgets_are_explained(session: Session, short: None) -> None:
    result = execute_texts.explain(Query(intent="explain", measures=("execution_rate",)), session, session.heads)
    lost = [line.figure.value for line in result.lines if line.figure]
    assert lost == sorted(lost, reverse=True)
    assert 0 < len(result.lines) < len(session.heads)
