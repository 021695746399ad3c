"""A query carried out over the store: rows with cells and figures, nothing told yet.

    with facts.session() as session:
        result = execute(query, session)

Every read is a parameterised one of store.facts; what the question says reaches the tables as values only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from agents.answer.execute.figures import count_forms as forms_counted
from agents.answer.execute.findings import find_findings
from agents.answer.execute.forms import check, count_forms, list_forms, look_up
from agents.answer.execute.overview import overview
from agents.answer.execute.ranks import aggregate, compare_sides, rank
from agents.answer.execute.records import Line, Note, Result, doubtful_lines, shown_lines
from agents.answer.execute.scope import forms_in
from agents.answer.execute.texts import explain, look_for_cause
from agents.answer.query import Intent, Query
from store.facts import Head, Session

OFFERED = 5
MANY, PROPOSED = 500, 100
"""From how many forms on texts are looked for with a finder, and how many cells it proposes."""


class Finder(Protocol):
    """What finds cells by words and likeness: an index over the forms."""

    def cells(self, text: str, forms: tuple[str, ...], k: int) -> list[tuple[str, str]]:
        """form_id and address of the cells that are most about a text, best first."""
        ...


def execute(query: Query, session: Session, finder: Finder | None = None) -> Result:
    """Carry out a query.

    Args:
        finder: proposes texts where a topic is looked for in all forms; without one every text in scope is gone through.

    Returns:
        Rows, figures and notes; `missing` says why there is no answer.
    """
    if not session.heads:
        return Result(query, missing="empty-store")
    scope = forms_in(session.heads, query.scope)
    if query.unknown:
        return Result(query, scope=scope, missing="unknown", offered=_offered(session, query))
    if not scope and not query.sides:
        return Result(query, missing="no-form", offered=_offered(session, query))
    near = _near(query, scope, finder)
    result = _INTENTS[query.intent](query, session, near)
    if len(near) < len(scope):
        looked_at = forms_counted(near)
        result = replace(result, notes=(*result.notes, Note("near", words=(query.topic or "",), figure=looked_at)))
    return _located(_with_doubts(result), session)


def _near(query: Query, scope: tuple[Head, ...], finder: Finder | None) -> tuple[Head, ...]:
    """For an overview of very many forms those that a finder proposes for the topic; sets of forms are never cut."""
    if finder is None or not query.topic or query.intent != "summary" or len(scope) <= MANY:
        return scope
    found = {form_id for form_id, _ in finder.cells(query.topic, tuple(head.form_id for head in scope), PROPOSED)}
    return tuple(head for head in scope if head.form_id in found) or scope


def _offered(session: Session, query: Query) -> tuple[Head, ...]:
    """Forms to point at where there is no answer: those of the same names in other years or units, at most a few."""
    scope = query.scope
    wider = [scope.model_copy(update={"years": ()}), scope.model_copy(update={"units": (), "years": ()})]
    for one in wider:
        if one.forms or one.units:
            found = forms_in(session.heads, one)
            if found:
                return found[:OFFERED]
    return ()


def _with_doubts(result: Result) -> Result:
    """Say of every form shown with an amount whose money unit is doubtful that it is."""
    amounts = {"original_budget", "adjusted_budget", "outturn", "unspent"}
    told = {head.form_id for note in result.notes for head in note.forms}
    doubtful = {
        line.form.form_id: line.form
        for line in doubtful_lines(result)
        if line.form.form_id not in told and any(fact.what in amounts for fact in line.facts)
    }
    if not doubtful:
        return result
    return replace(result, notes=(*result.notes, Note("doubtful-shown", tuple(doubtful.values()))))


def _located(result: Result, session: Session) -> Result:
    """The result with the places of the cells that will be shown."""
    lines = shown_lines(result)
    versions = {line.form.form_id: line.form.version_id for line in lines}
    keys = {key for line in lines for key in (*(fact.key for fact in line.facts), *_row_keys(line))}
    keys |= {(form_id, "project_name") for form_id in versions}
    spots = session.spots((versions[form_id], cell) for form_id, cell in keys)
    return replace(result, spots={key: spots[at] for key in keys if (at := (versions[key[0]], key[1])) in spots})


def _row_keys(line: Line) -> list[tuple[str, str]]:
    return [(line.form.form_id, line.row.cell("name"))] if line.row else []


_INTENTS: Mapping[Intent, Callable[[Query, Session, tuple[Head, ...]], Result]] = {
    "lookup": look_up,
    "list": list_forms,
    "count": count_forms,
    "aggregate": aggregate,
    "rank": rank,
    "compare": compare_sides,
    "cause": look_for_cause,
    "explain": explain,
    "finding": find_findings,
    "summary": overview,
    "check": check,
}
