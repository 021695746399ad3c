"""What sentences are judged on: cited cells by their numbers, names to look for, what the question brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from agents.answer.answer import Answer, Citation
from agents.answer.compose.writer import cleaned
from agents.answer.execute.records import Result, every_line
from agents.answer.query import Condition, Query
from agents.answer.verify.cells import Cell, Cells
from agents.answer.verify.tokens import Lexicon
from schema.checks import RULES

_SHORTEST_ROW = 3


@dataclass(frozen=True, slots=True)
class Ground:
    """What the sentences of one answer stand on.

    Attributes:
        cites, cells: citations and the cells they quote, by number; a citation that does not stand has no cell.
        question: as it was asked.
        said: words that the question, or the query made of it, brings, and an answer may say again; numbers in them are not proven so.
        free: values of figures that any sentence may tell.
        counted: how many things there are at all: forms looked at, explanations judged.
    """

    result: Result
    cites: dict[int, Citation]
    cells: dict[int, Cell]
    every: Cells
    lexicon: Lexicon
    question: str
    said: str
    free: frozenset[Decimal]
    counted: frozenset[int]
    years: tuple[int, ...]

    def asked(self) -> Iterator[Condition]:
        """The conditions of the question, and its claim."""
        query = self.result.query
        yield from query.conditions
        if query.claim is not None:
            yield query.claim


def ground_of(answer: Answer, result: Result, names: tuple[str, ...], years: tuple[int, ...], free: tuple[Decimal, ...]) -> Ground:
    """What an answer's sentences stand on; `names` are those of all stored forms."""
    every = Cells(result)
    cells = {cite.n: cell for cite in answer.citations if (cell := every.cell(cite)) is not None}
    lines = every_line(result)
    counted = {len(result.scope), len({line.form.form_id for line in result.lines}), result.judged}
    if result.figure is not None and result.figure.op == "count":
        counted.add(int(result.figure.value))
    return Ground(
        result=result,
        cites={cite.n: cite for cite in answer.citations},
        cells=cells,
        every=every,
        lexicon=Lexicon(_terms(result, every, names)),
        question=answer.question,
        said=f"{answer.question} {words_of(result.query)} " + " ".join(f.message for line in lines for f in line.findings),
        free=frozenset(free),
        counted=frozenset(counted - {0}),
        years=years,
    )


def _terms(result: Result, every: Cells, names: tuple[str, ...]) -> Iterator[tuple[str, str, frozenset[str]]]:
    own: dict[str, set[str]] = defaultdict(set)
    units: dict[str, set[str]] = defaultdict(set)
    for head in every.heads.values():
        own[head.name].add(head.form_id)
        own[cleaned(head.name)].add(head.form_id)
        for unit in head.units:
            units[unit].add(head.form_id)
            units[unit.replace("（汇总）", "").replace("(汇总)", "")].add(head.form_id)
    yield from ((name, "project", frozenset(forms)) for name, forms in own.items())
    yield from ((name, "strange", frozenset()) for name in dict.fromkeys(names) if name not in own)
    rows: dict[str, set[str]] = defaultdict(set)
    for line in every_line(result):
        if line.row is not None and len(line.row.name) >= _SHORTEST_ROW:
            rows[line.row.name].add(line.form.form_id)
    yield from ((name, "row", frozenset(forms)) for name, forms in rows.items())
    yield from ((name, "unit", frozenset(forms)) for name, forms in units.items())
    parted = result.groups if result.query.group is not None else ()
    for group in (*result.sides, *parted):
        yield group.name, "group", frozenset(line.form.form_id for line in group.lines)
    yield from ((rule.title, "said", frozenset()) for rule in RULES.values())


def words_of(query: Query) -> str:
    """Words that the question itself brings."""
    said = [
        query.scope.said,
        query.scope.out_said,
        query.topic,
        *(side.said for side in query.sides),
        *query.unknown,
        query.pick.said if query.pick else None,
    ]
    said += ["、".join(words) for words in (query.pick.words if query.pick else ())]
    said += [condition.text for condition in query.conditions]
    said += [str(year) for scope in (query.scope, *query.sides) for year in (*scope.years, *scope.out_years)]
    return " ".join(word for word in said if word)
