"""Wrong numbers, names and quotations never pass."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from agents.answer.answer import Answer
from agents.answer.compose.composing import Draft, compose
from agents.answer.compose.writer import Sentence, rounded
from agents.answer.execute.execution import execute
from agents.answer.execute.records import Figure, Result
from agents.answer.query import Condition, Pick, Query, Scope
from agents.answer.verify.composed import Basis, faults, split, verify
from store import Store
from store.facts import Facts
from tests.answering import UNITS, import_all, made_forms

SEEDS = 300
QUERIES = (
    Query(intent="lookup", scope=Scope(forms=("form-3",)), measures=("total_score", "adjusted_budget")),
    Query(intent="list", conditions=(Condition(measure="total_score", op="<", value=Decimal(85), unit="分"),)),
    Query(intent="count", scope=Scope(units=UNITS[:1])),
    Query(intent="aggregate", measures=("lost_points",), function="sum"),
    Query(intent="aggregate", measures=("total_score",), function="mean", group="year", language="en"),
    Query(intent="rank", measures=("outturn",), limit=5),
    Query(intent="compare", sides=tuple(Scope(units=(u,), said=u) for u in UNITS[:2]), measures=("total_score",), function="mean"),
    Query(intent="cause", topic="机构改革"),
    Query(intent="explain", pick=Pick(words=(("巡检次数",),))),
    Query(intent="finding", rules=("deduction-unexplained",)),
    Query(intent="summary"),
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MARKS = re.compile(r"\[\d+\]|–")


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Draft, Basis]]]:
    folder = tmp_path_factory.mktemp("verified")
    with Store.open(folder / "home") as store:
        import_all(store, made_forms(11, 25), folder)
        with Facts(store).session() as session:
            names = tuple(head.name for head in session.heads)
            results = [(query, execute(query, session)) for query in QUERIES]
        told = [(compose(query, result), result) for query, result in results]
        yield [(draft, Basis(result, draft.sentences, names)) for draft, result in told]


def test_what_was_composed_stands(drafts: list[tuple[Draft, Basis]]) -> None:
    for draft, basis in drafts:
        assert faults(draft.answer, basis) == ()
        assert verify(draft.answer, basis).verified


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_planted_number_never_passes(drafts: list[tuple[Draft, Basis]], seed: int) -> None:
    draw = random.Random(seed)
    draft, basis = draw.choice(drafts)
    text = draft.answer.answer
    marks = [m.span() for m in _MARKS.finditer(text)]
    numbers = [m for m in _NUMBER.finditer(text) if not any(a <= m.start() < b for a, b in marks)]
    m = draw.choice(numbers)
    wrong = str(Decimal(m[0]) + Decimal(draw.choice(["0.01", "-0.01", "0.1", "1", "7", "1000"])))
    if draw.random() < 0.3:
        wrong = m[0] + draw.choice("123456789")
    planted = draft.answer.model_copy(update={"answer": text[: m.start()] + wrong + text[m.end() :]})
    verdict = verify(planted, basis)
    assert not verdict.verified, (m[0], wrong, text[max(0, m.start() - 40) : m.end() + 40])
    assert planted.answer not in verdict.answer


@pytest.mark.parametrize("seed", range(50))
def test_a_figure_that_was_reckoned_wrongly_never_passes(drafts: list[tuple[Draft, Basis]], seed: int) -> None:
    """Wrong in the text and in the figure that goes with it: it is reckoned anew, so both agreeing does not help."""
    draw = random.Random(seed)
    reckoned = ("sum", "mean", "difference")
    spoken = [
        (draft, basis, s, f)
        for draft, basis in drafts
        for s in draft.sentences
        for f in s.figures
        if f.op in reckoned and _shown(f.value) in s.text
    ]
    draft, basis, sentence, figure = draw.choice(spoken)
    wrong = Figure(figure.op, figure.value + Decimal("0.37"), figure.of, figure.keys, figure.by)
    changed = sentence.text.replace(_shown(figure.value), _shown(wrong.value))
    answer = draft.answer.model_copy(update={"answer": draft.answer.answer.replace(sentence.text, changed)})
    sentences = tuple(Sentence(changed, (wrong,)) if one is sentence else one for one in basis.sentences)
    assert not verify(answer, Basis(basis.result, sentences, basis.names)).verified


@pytest.mark.parametrize(
    "change",
    [
        lambda a: {"value": (a.value or Decimal(0)) + Decimal("0.01")},
        lambda a: {"answer": a.answer.replace("**", "**不存在的项目", 1)},
        lambda a: {"answer": a.answer + "[999]"},
        lambda a: {"answer": a.answer + "表中写的是：“从来没有写过的话”[1]。"},
        lambda a: {"citations": (a.citations[0].model_copy(update={"quote": "12345.67"}), *a.citations[1:])},
        lambda a: {"citations": (a.citations[0].model_copy(update={"cell": "grade"}), *a.citations[1:])},
        lambda a: {"citations": (a.citations[0].model_copy(update={"form_id": "form-99"}), *a.citations[1:])},
    ],
)
def test_other_changes_never_pass(drafts: list[tuple[Draft, Basis]], change) -> None:  # type: ignore[no-untyped-def]
    draft, basis = drafts[0]
    assert not verify(draft.answer.model_copy(update=change(draft.answer)), basis).verified


def test_a_project_that_the_result_does_not_hold_may_not_be_named(drafts: list[tuple[Draft, Basis]]) -> None:
    draft, basis = drafts[0]
    other = next(name for name in basis.names if name not in draft.answer.answer)
    answer = draft.answer.model_copy(update={"answer": f"{draft.answer.answer}{other}也是如此[1]。"})
    assert not verify(answer, basis).verified


def test_instead_there_is_a_table_of_what_was_found(drafts: list[tuple[Draft, Basis]]) -> None:
    draft, basis = drafts[0]
    told = verify(draft.answer.model_copy(update={"answer": "得分 1 分[1]。"}), basis)
    assert not told.verified
    assert told.value is None
    assert all(f"{cite.quote}[{cite.n}]" in told.answer for cite in told.citations)


def test_sentences_end_outside_of_quotations() -> None:
    assert list(split("甲是“一。二。”[1]。乙是 2.5 分[2]。")) == ["甲是“一。二。”[1]。", "乙是 2.5 分[2]。", ""]
    assert list(split("One is 2.5 [1]. Two.")) == ["One is 2.5 [1].", "Two.", ""]


def test_free_figures_may_be_told_in_any_sentence() -> None:
    free = (Figure("count", Decimal(3), keys=(("a", ""), ("b", ""), ("c", ""))),)
    result = Result(Query(intent="count"))
    assert verify(Answer(question="", answer="共有 3 个。"), Basis(result, free=free)).verified
    assert not verify(Answer(question="", answer="共有 4 个。"), Basis(result, free=free)).verified


def _shown(value: Decimal) -> str:
    return rounded(value)
