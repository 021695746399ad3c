"""What the checker found, as rows with the cells it found it in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from agents.answer.execute.many import WHOLE, each_once
from agents.answer.execute.measures import facts_of
from agents.answer.execute.records import Fact, Group, Line, Lines, Result
from agents.answer.execute.rows import is_meant, names_it, row_fact
from agents.answer.execute.scope import narrowed
from agents.answer.query import Field_, Measure, Pick, Query
from schema.cells import AMOUNT_COLUMNS
from schema.checks import RULES, Finding
from store.facts import FoundAt, FoundColumns, Head, Session, Texts

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
_BITS = 24

Place = tuple[int, int | None]
"""The version of a form and the index of an indicator, None for the form itself."""
Places = dict[Place, list[FoundAt]]


def find_findings(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """Forms, or indicators of them, that break a rule of the query, or all of them at once; without rules, whatever was found.

    Of very many places the first ones come with what the checker says of them, the others only with the rules that are broken there.
    """
    heads, notes = narrowed(query, scope, session)
    if not query.together and query.pick is None and (many := _many(query, session, heads)) is not None:
        return replace(many, scope=scope, notes=notes)
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


def _many(query: Query, session: Session, heads: Sequence[Head]) -> Result | None:
    """The same over the columns that are kept, no line made before it is looked at; None where there are not very many places."""
    columns = session.found_columns()
    rules = {n for n, name in enumerate(columns.rule_names) if not query.rules or name in query.rules}
    entries: Sequence[int] = range(len(columns.ids))
    if len(rules) < len(columns.rule_names):
        entries = [i for i, rule in enumerate(columns.rules) if rule in rules]
    if len(heads) < len(session.heads):
        wanted = set(map(id, heads))
        entries = [i for i in entries if id(columns.heads[i]) in wanted]
    if len(entries) <= WHOLE:
        return None
    # Numbers tell places apart faster than pairs do: the version above, the row below, 0 for the form itself.
    rows = [0 if (row := _index(cell)) is None else row + 1 for cell in columns.cell_names]
    keys = [columns.versions[i] << _BITS | rows[columns.cells[i]] for i in entries]
    lots = _Lots(columns, list(dict.fromkeys(keys)), dict(zip(reversed(keys), reversed(entries), strict=True)), rows)
    if len(lots.places) <= WHOLE:
        return None
    lines = lots.lines(session, rules)
    result = Result(query, lines)
    return result if query.rules else replace(result, groups=_many_by_rule(lines, columns, keys, entries))


class _Lots(NamedTuple):
    """Very many places.

    Attributes:
        places: their numbers, in order.
        first: of each the first entry of the columns; the others of the same form follow it.
        rows: of each kind of cell the row, from 1; 0 for a cell of the form itself.
    """

    columns: FoundColumns
    places: Sequence[int]
    first: Mapping[int, int]
    rows: Sequence[int]

    def lines(self, session: Session, rules: Collection[int]) -> Lines:
        """A line for every place; the first ones with what the checker says of them, the others with the rules that are broken there."""
        some = [self._found(place, rules) for place in self.places[:WHOLE]]
        own = [(one[0].form.version_id, _index(one[0].cell)) for one in some]
        whole = list(_whole_lines(session, dict(zip(own, some, strict=True))))

        def make(i: int) -> Line:
            if i < WHOLE:
                return whole[i]
            found = self._found(self.places[i], rules)
            return Line(found[0].form, findings=_marks(found))

        lines = Lines([self.columns.heads[self.first[place]] for place in self.places], make, WHOLE)
        lines.keys = self.places
        return lines

    def _found(self, place: int, rules: Collection[int]) -> list[FoundAt]:
        columns, version = self.columns, place >> _BITS
        found = []
        for i in range(self.first[place], len(columns.ids)):
            if columns.versions[i] != version:
                break
            if columns.rules[i] in rules and version << _BITS | self.rows[columns.cells[i]] == place:
                rule, cell = columns.rule_names[columns.rules[i]], columns.cell_names[columns.cells[i]]
                found.append(FoundAt(columns.ids[i], columns.heads[i], rule, cell))
        return found


def _many_by_rule(lines: Lines, columns: FoundColumns, keys: Sequence[int], entries: Sequence[int]) -> tuple[Group, ...]:
    numbers = {place: number for number, place in enumerate(lines.keys or ())}
    broken: list[tuple[list[int], list[int]]] = [([], []) for _ in columns.rule_names]
    for key, i in zip(keys, entries, strict=True):
        places, own = broken[columns.rules[i]]
        places.append(numbers[key])
        own.append(i)
    # As many of two rules: the one that is broken first comes first, place by place.
    ordered = sorted((-len(places), min(zip(places, own, strict=True)), rule) for rule, (places, own) in enumerate(broken) if places)
    return tuple(Group(columns.rule_names[rule], lines.part(sorted(set(broken[rule][0])))) for _, _, rule in ordered)


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
    return tuple(Group(rule, each_once([members])) for rule, members in sorted(groups.items(), key=lambda item: -len(item[1])))
