"""What the checker found, as rows with the cells it found it in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from agents.answer.execute.many import WHOLE, each_once
from agents.answer.execute.measures import facts_of
from agents.answer.execute.records import Fact, Group, Line, Result
from agents.answer.execute.rows import is_meant, names_it, row_fact
from agents.answer.execute.scope import narrowed
from agents.answer.query import Field_, Measure, Pick, Query
from schema.cells import AMOUNT_COLUMNS
from schema.checks import RULES, Finding
from store.facts import FoundAt, Head, Session, Texts

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
_TEXTS = frozenset({"expected_goal", "actual_result"})
_LONGEST = 120

Place = tuple[int, int | None]
"""The version of a form and the index of an indicator, None for the form itself."""
Places = dict[Place, list[FoundAt]]


def find_findings(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Forms, or indicators of them, that break a rule of the query, or all of them at once; without rules, whatever was found.

    Of very many places the first ones come with what the checker says of them, the others only with the rules that are broken there.
    """
    heads, notes = narrowed(query, scope, session)
    wanted = {head.version_id: head for head in heads}
    places: Places = defaultdict(list)
    for found in session.found(query.rules or None):
        version_id = found.form.version_id
        if version_id in wanted:
            places[version_id, _index(found.cell)].append(found)
    if query.together:
        places = _all_at_once(places, frozenset(query.rules))
    if query.pick is not None:
        places = _of_rows(session, places, query.pick)
    lines = list(_whole_lines(session, dict(islice(places.items(), WHOLE))))
    lines += [Line(some[0].form, findings=_marks(some)) for some in islice(places.values(), WHOLE, None)]
    result = Result(query, tuple(lines), scope=scope, notes=notes)
    return result if query.rules else replace(result, groups=_by_rule(lines))


def _of_rows(session: Session, places: Places, pick: Pick) -> Places:
    """The places in indicators that are meant; rows are read only of those whose names fit."""
    named: dict[tuple[int, int], list[FoundAt]] = {}
    for (version_id, index), found in places.items():
        names = session.names_of(version_id)
        if index is not None and index < len(names) and names_it(names[index], pick):
            named[version_id, index] = found
    rows = session.rows_at(named)
    return {place: found for place, found in named.items() if is_meant(rows[place], pick)}


@lru_cache(maxsize=65536)
def _index(cell: str) -> int | None:
    m = _ROW.match(cell)
    return int(m[1]) if m else None


@lru_cache(maxsize=65536)
def _mark(rule: str, cell: str) -> Finding:
    """That a rule is broken in such a cell, of whatever form."""
    return Finding(form_id="", project_name=None, rule=rule, severity=RULES[rule].severity, cell=cell, message="", basis="")


def _marks(found: Sequence[FoundAt]) -> tuple[Finding, ...]:
    return tuple([_mark(one.rule, one.cell) for one in found])


def _all_at_once(places: Places, rules: frozenset[str]) -> Places:
    """The places where every rule is broken; what is found on a form counts for all its rows."""
    own = {version_id: found for (version_id, index), found in places.items() if index is None}
    kept: Places = {}
    for (version_id, index), found in places.items():
        joined = found if index is None else [*found, *own.get(version_id, ())]
        if rules <= {one.rule for one in joined}:
            kept[version_id, index] = joined
    return kept


def _whole_lines(session: Session, places: Places) -> Iterator[Line]:
    said = session.findings_of([one.finding_id for found in places.values() for one in found])
    rows = session.rows_at([(version_id, index) for version_id, index in places if index is not None])
    texts = session.texts({version_id for (version_id, _), found in places.items() if any(one.cell in _TEXTS for one in found)})
    for (version_id, index), found in places.items():
        head, findings = found[0].form, tuple(said[one.finding_id] for one in found)
        row = rows.get((version_id, index)) if index is not None else None
        line = Line(head, row=row, findings=findings)
        if row is not None:
            facts = [fact for field in _FIELDS for fact in row_fact(line, field)]
        else:
            facts = [fact for finding in findings for fact in _cell_facts(head, finding, texts.get(version_id))]
        yield replace(line, facts=tuple(dict.fromkeys(facts)))


def _cell_facts(head: Head, finding: Finding, texts: Texts | None) -> list[Fact]:
    cell = finding.cell
    if cell in _TEXTS:
        return [_text_fact(head, cell, finding.message, texts)]
    measures = _MEASURES.get(cell, ("total_score",))
    if cell.startswith("funding.total.") and cell.rpartition(".")[2] in AMOUNT_COLUMNS:
        measures = ("original_budget", "adjusted_budget", "outturn")
    return [fact for measure in measures for fact in facts_of(head, measure)]


def _text_fact(head: Head, cell: str, message: str, texts: Texts | None) -> Fact:
    """The text a finding is about, cut to the words that its message quotes."""
    text = dict(texts.cells).get(cell, "") if texts else ""
    quoted = re.findall(r"（([^（）]{4,})）", message) + re.findall(r"“([^“”]{2,})”", message)
    quote = next((words for words in quoted if words in text), text[:_LONGEST])
    return Fact(head, cell, cell, text or None, quote=quote or None)


def _by_rule(lines: list[Line]) -> tuple[Group, ...]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        for finding in line.findings:
            groups[finding.rule].append(line)
    return tuple(Group(rule, each_once(members)) for rule, members in sorted(groups.items(), key=lambda item: -len(item[1])))
