"""What the checker found, as rows with the cells it found it in."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from agents.answer.execute_measures import facts_of
from agents.answer.execute_records import Fact, Group, Line, Result
from agents.answer.execute_rows import names_it, row_fact
from agents.answer.execute_scope import narrowed
from agents.answer.query import Field_, Measure, Query
from schema.cells import AMOUNT_COLUMNS
from schema.checks import Finding
from store.facts import Head, RowFact, Session

_ROW = re.compile(r"indicators\[(\d+)\]")
_FIELDS: tuple[Field_, ...] = ("target", "actual", "weight", "score", "deviation")
_MEASURES: dict[str, tuple[Measure, ...]] = {
    "total_score": ("total_score", "grade"),
    "total_weight": ("total_weight",),
    "grade": ("grade", "total_score"),
    "funding.total.execution_rate": ("execution_rate", "adjusted_budget", "outturn"),
    "funding.total.score": ("budget_score", "execution_rate"),
    "funding.total.outturn": ("outturn", "adjusted_budget"),
    "funding.total": ("adjusted_budget", "outturn"),
}
"""What is shown beside a finding on a cell of the form."""
_LONGEST = 120

Place = tuple[str, int | None]
"""form_id and index of the indicator, None for the form itself."""


def find_findings(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Forms, or indicators of them, that break a rule of the query, or all of them at once; without rules, whatever was found."""
    heads, notes = narrowed(query, scope)
    wanted = {head.form_id: head for head in heads}
    places: dict[Place, list[Finding]] = defaultdict(list)
    for finding in session.findings(query.rules or None):
        if finding.form_id in wanted:
            places[finding.form_id, _index(finding.cell)].append(finding)
    if query.together:
        places = _all_at_once(places, frozenset(query.rules))
    rows = _rows(session, [wanted[form_id].version_id for form_id, index in places if index is not None])
    lines = []
    for (form_id, index), found in places.items():
        head = wanted[form_id]
        row = rows.get((head.version_id, index)) if index is not None else None
        if query.pick is not None and (row is None or not names_it(row.name, query.pick)):
            continue
        lines.append(_line(session, head, row, found))
    result = Result(query, tuple(lines), scope=scope, notes=notes)
    return result if query.rules else replace(result, groups=_by_rule(lines))


def _index(cell: str) -> int | None:
    m = _ROW.match(cell)
    return int(m[1]) if m else None


def _all_at_once(places: dict[Place, list[Finding]], rules: frozenset[str]) -> dict[Place, list[Finding]]:
    """The places where every rule is broken; what is found on a form counts for all its rows."""
    own = {form_id: found for (form_id, index), found in places.items() if index is None}
    kept: dict[Place, list[Finding]] = {}
    for (form_id, index), found in places.items():
        joined = found if index is None else [*found, *own.get(form_id, ())]
        if rules <= {finding.rule for finding in joined}:
            kept[form_id, index] = joined
    return kept


def _rows(session: Session, versions: list[int]) -> dict[tuple[int, int], RowFact]:
    return {(row.version_id, row.position): row for row in session.rows(sorted(set(versions)))} if versions else {}


def _line(session: Session, head: Head, row: RowFact | None, found: list[Finding]) -> Line:
    line = Line(head, row=row, findings=tuple(found))
    if row is not None:
        return replace(line, facts=tuple(fact for field in _FIELDS for fact in row_fact(line, field)))
    facts: list[Fact] = []
    for finding in found:
        facts += _cell_facts(session, head, finding)
    return replace(line, facts=tuple(dict.fromkeys(facts)))


def _cell_facts(session: Session, head: Head, finding: Finding) -> list[Fact]:
    cell = finding.cell
    if cell in ("expected_goal", "actual_result"):
        return [_text_fact(session, head, cell, finding.message)]
    measures = _MEASURES.get(cell, ("total_score",))
    if cell.startswith("funding.total.") and cell.rpartition(".")[2] in AMOUNT_COLUMNS:
        measures = ("original_budget", "adjusted_budget", "outturn")
    return [fact for measure in measures for fact in facts_of(head, measure)]


def _text_fact(session: Session, head: Head, cell: str, message: str) -> Fact:
    """The text a finding is about, cut to the words that its message quotes."""
    texts = session.texts([head.version_id]).get(head.version_id)
    text = dict(texts.cells).get(cell, "") if texts else ""
    quoted = re.findall(r"（([^（）]{4,})）", message) + re.findall(r"“([^“”]{2,})”", message)
    quote = next((words for words in quoted if words in text), text[:_LONGEST])
    return Fact(head, cell, cell, text or None, quote=quote or None)


def _by_rule(lines: list[Line]) -> tuple[Group, ...]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        for finding in line.findings:
            groups[finding.rule].append(line)
    return tuple(Group(rule, tuple(dict.fromkeys(members))) for rule, members in sorted(groups.items(), key=lambda item: -len(item[1])))
