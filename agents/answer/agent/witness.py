"""A desk that remembers what it gave: the results and cells that the sentences of a model may stand on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import get_args

from agents.answer.agent.deviations import Ask, DeviationJudge, JudgedTexts
from agents.answer.agent.evidence import Evidence
from agents.answer.execute.measures import cells_of, facts_of
from agents.answer.execute.records import CellKey, Fact, Line, Result, every_line
from agents.answer.execute.rows import row_fact
from agents.answer.execute.scope import forms_in
from agents.answer.query import Field_, Measure, Query
from agents.desk import Desk, bounded
from agents.desk_records import FindingFilter, FindingsText, FormFilter, SearchText, SheetText, TableText, TextFilter
from agents.desk_tables import table
from agents.finder import IndexFinder
from schema.cells import CellValue, get_cell
from schema.checks import Finding
from store.facts import Facts, Head, RowFact, Session
from store.store import Store

_FIELDS: tuple[Field_, ...] = ("name", "level1", "level2", "target", "actual", "weight", "score", "deviation")
_ROW = "indicators["
_CELL = re.compile(r"(?:indicators|extras)\[\d+\]\.\w+|funding\.\w+\.\w+|(?!indicators|extras|funding)\w+")
_HEAD: tuple[Measure, ...] = tuple(
    measure
    for measure in get_args(Measure)
    if len(cells_of(measure)) == 1 and measure not in ("expected_goal", "actual_result", "indicator_count", "lost_rows", "form_count")
)


class Witness(Desk):
    """The desk of one question.

    Args:
        facts: shared with whoever reads the same store.
        ask: asks a model one question, for judging explanations; None judges by rules.
    """

    def __init__(self, store: Store, finder: IndexFinder, facts: Facts, ask: Ask | None = None) -> None:
        super().__init__(store, finder)
        self._facts = facts
        self._results: list[Result] = []
        self._shown: dict[CellKey, None] = {}
        self._findings: dict[tuple[str, str, str], None] = {}
        self._judge = DeviationJudge(self.explained, ask)

    def take(self, result: Result) -> None:
        """Remember a result that was carried out before the tools."""
        self._results.append(result)

    def cite(self, form_id: str, cell: str) -> str:
        """The id of a cell, which counts as shown from now on."""
        self._shown[form_id, cell] = None
        return f"{self._handle(form_id)}.{cell}"

    def query_forms(self, query: Query, limit: int = 20) -> TableText:
        """See Desk; the result is remembered."""
        result = self._executed(query)
        self._results.append(result)
        return table(result, self._form_text, bounded(limit))

    def search_text(self, topic: str, filters: TextFilter | None = None, limit: int = 8) -> SearchText:
        """See Desk; the passages are remembered."""
        found = super().search_text(topic, filters, limit)
        self._remember(one.id for one in found.passages)
        return found

    def read_form(self, form: str, cells: Sequence[str] = ()) -> SheetText:
        """See Desk; the cells are remembered."""
        found = super().read_form(form, cells)
        self._remember([f"{found.form.id}.project_name", *(cell.id for cell in found.cells), *(f"{row.id}.name" for row in found.rows)])
        return found

    def list_findings(self, filters: FindingFilter | None = None, limit: int = 20) -> FindingsText:
        """See Desk; the findings are remembered."""
        found = super().list_findings(filters, limit)
        for one in found.findings:
            form_id, cell = self._key(one.id)
            self._findings[form_id, cell, one.rule] = None
            self._shown[form_id, cell if is_cell(cell) else "project_name"] = None
        return found

    def judge(self, topic: str, filters: FormFilter | None = None) -> JudgedTexts:
        """Explanations judged; see DeviationJudge. They are remembered as the result of a question for a cause."""
        judged = self._judge.judge(topic, filters)
        self._remember(one.id for one in (*judged.explicit, *judged.related))
        explicit, related = ([self._key(one.id) for one in part] for part in (judged.explicit, judged.related))
        with self._lock, self._facts.session() as session:
            lines, beside = (_lines_of_rows(session, keys) for keys in (explicit, related))
            scope = self._scope_of(filters or FormFilter(), session.heads)
            looked = forms_in(session.heads, scope)
        # Of the first few nobody can tell how many there are.
        if (judged.explicit_total, judged.related_total) == (len(explicit), len(related)):
            query = Query(intent="cause", topic=topic, scope=scope)
            self._results.append(Result(query, tuple(lines), tuple(beside), scope=looked, judged=judged.total, unit="分"))
        return judged

    def evidence(self) -> Evidence:
        """All that was given so far.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._lock, self._facts.session() as session:
            heads = {head.form_id: head for head in session.heads}
            shown = [key for key in self._shown if key[0] in heads]
            own = [line for result in self._results for line in every_line(result)]
            lines = [*own, *_lines_of_rows(session, shown), *self._lines_of_heads(heads, shown)]
            lines += self._lines_of_findings(heads, session.findings({rule for _, _, rule in self._findings}) if self._findings else ())
            spots = {key: spot for result in self._results for key, spot in result.spots.items()}
            wanted = {(heads[form].version_id, cell): (form, cell) for form, cell in shown}
            spots |= {wanted[at]: spot for at, spot in session.spots(wanted).items()}
        return Evidence(tuple(self._results), Result(Query(intent="lookup"), related=tuple(lines), spots=spots))

    def _remember(self, ids: Iterable[str]) -> None:
        for one in ids:
            self._shown[self._key(one)] = None

    def _key(self, reference: str) -> CellKey:
        handle, _, cell = reference.partition(".")
        return self._form_id(handle) or "", cell

    def _lines_of_heads(self, heads: dict[str, Head], shown: Sequence[CellKey]) -> list[Line]:
        """A line for every form of which anything was shown: its head, and the texts that were."""
        cells: dict[str, list[str]] = {}
        for form_id, cell in shown:
            cells.setdefault(form_id, []).extend([cell] if not cell.startswith(_ROW) else [])
        known = {cell for measure in _HEAD for cell in cells_of(measure)}
        lines = []
        for form_id, own in cells.items():
            head = heads[form_id]
            facts = [fact for measure in _HEAD for fact in facts_of(head, measure)]
            texts = [cell for cell in own if cell not in known and cell != "project_name"]
            form = self._store.get(form_id) if texts else None
            facts += [_fact(head, cell, get_cell(form, cell)) for cell in texts] if form else []
            lines.append(Line(head, tuple(fact for fact in facts if fact.value is not None)))
        return lines

    def _lines_of_findings(self, heads: dict[str, Head], found: Collection[Finding]) -> list[Line]:
        wanted = [one for one in found if (one.form_id, one.cell, one.rule) in self._findings and one.form_id in heads]
        return [Line(heads[one.form_id], findings=(one,)) for one in wanted]


def is_cell(address: str) -> bool:
    """Whether an address is that of one cell; findings are also made at whole parts of a form."""
    return bool(_CELL.fullmatch(address))


def _lines_of_rows(session: Session, keys: Sequence[CellKey]) -> list[Line]:
    """A line with all its cells for every indicator that one of the cells belongs to."""
    heads = {head.form_id: head for head in session.heads}
    places = {}
    for form_id, cell in keys:
        if cell.startswith(_ROW) and form_id in heads:
            position = int(cell[len(_ROW) :].partition("]")[0])
            places[heads[form_id].version_id, position] = heads[form_id]
    rows = session.rows_at(places) if places else {}
    return [_row_line(places[place], row) for place, row in rows.items()]


def _row_line(head: Head, row: RowFact) -> Line:
    line = Line(head, row=row)
    facts = tuple(fact for field in _FIELDS for fact in row_fact(line, field) if fact.value is not None)
    return Line(head, facts, row)


def _fact(head: Head, cell: str, value: CellValue) -> Fact:
    return Fact(head, cell, cell, value)
