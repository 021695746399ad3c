"""What an answer may be worded from: the result of a question, and citations of its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from agents.answer.answer import Answer
from agents.answer.ask import Asker
from agents.answer.compose.composing import compose
from agents.answer.compose.writer import Writer, cleaned
from agents.answer.execute.execution import execute
from agents.answer.execute.measures import unit_of
from agents.answer.execute.records import Fact, Line, Result
from agents.answer.query import Language
from agents.answer.verify.composed import Basis
from store.facts import Facts, Head
from store.store import Store

NUMBERS = frozenset({"original_budget", "adjusted_budget", "outturn", "execution_rate", "budget_score", "total_score", "score", "weight"})


@dataclass(frozen=True, slots=True)
class Value:
    """A printed number: its line, its measure or field, and in 元 where it is money."""

    line: Line
    fact: Fact
    what: str
    number: Decimal

    @property
    def form(self) -> Head:
        """The form it stands in."""
        return self.line.form


class Material:
    """One question's result, and the pen that cites its cells."""

    def __init__(self, question: str, result: Result, basis: Basis) -> None:
        self.question = question
        self.result = result
        self.basis = basis
        self.language: Language = result.query.language
        self.pen = Writer(result)
        self.lines = tuple({(line.form.form_id, line.row.position if line.row else None): line for line in result.lines}.values())
        self.values = [value for line in self.lines for value in _values(line)]

    def answer(self, text: str) -> Answer:
        """A text as an answer with the citations made so far."""
        return Answer(question=self.question, answer=text, citations=tuple(self.pen.citations), mode="llm")

    def of(self, what: str, *, rows: bool = False) -> list[Value]:
        """The values of one kind, one for each form (or row), forms in doubt and repeated names left out."""
        found = [value for value in self.values if value.what == what and (value.line.row is not None) is rows]
        return list({(value.form.name, value.line.row.name if value.line.row and rows else ""): value for value in found}.values())

    def mark(self, value: Value) -> str:
        """The mark of its cell."""
        return self.pen.cite(value.fact)

    def told(self, value: Value) -> str:
        """As printed, with its unit, without a mark."""
        return self.pen.value(value.fact, mark=False)

    def name(self, head: Head) -> str:
        """A project's name as answers write it."""
        return cleaned(head.name)


def materials(home: Path, questions: Sequence[str]) -> Iterator[Material]:
    """The results of questions over a home; those that answer nothing are left out."""
    with Asker.open(home) as asker, Store.open(home, create=False) as store, Facts(store).session() as session:
        projects = tuple(head.project_name for head in session.heads if head.project_name)
        for question in questions:
            query = asker.planned(question)
            result = execute(query, session)
            if result.missing is None and result.lines:
                yield Material(question, result, Basis(result, compose(query, result, question).sentences, projects))


def _values(line: Line) -> Iterator[Value]:
    for fact in line.facts:
        value = fact.value
        what = fact.cell.rpartition(".")[2] if line.row is not None and fact.cell.startswith("indicators") else fact.what
        if isinstance(value, Decimal) and what in NUMBERS and not (fact.unit in ("万元", "元") and unit_of(line.form) is None):
            yield Value(line, fact, what, value)
