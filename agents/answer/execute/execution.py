"""A query carried out over the store: rows with cells and figures, nothing told yet.

    with facts.session() as session:
        result = execute(query, session)

Every read is a parameterised one of store.facts; what the question says reaches the tables as values only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

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


def execute(query: Query, session: Session) -> Result:
    """Carry out a query.

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
    result = _of_first_few(query, session, scope) if query.by is not None else _INTENTS[query.intent](query, session, scope)
    if query.nth is not None and result.missing is None:
        result = replace(result, notes=(*result.notes, Note("places")))
    if query.scope.out_said:
        result = replace(result, notes=(*result.notes, Note("without", words=(query.scope.out_said,))))
    return _located(_with_doubts(result), session)


def _of_first_few(query: Query, session: Session, scope: tuple[Head, ...]) -> Result:
    """What is asked of the first few forms of an order alone, with a note that says so; equals of the last one are kept."""
    assert query.by is not None
    ranked = rank(
        Query(intent="rank", measures=(query.by,), conditions=query.conditions, order=query.order, limit=query.limit), session, scope
    )
    heads = tuple(dict.fromkeys(line.form for line in ranked.lines))
    # Conditions hold for them; held against their own average they would not.
    result = _INTENTS[query.intent](query.model_copy(update={"conditions": ()}), session, heads)
    first = Note("first", words=(query.by, query.order), figure=forms_counted(heads))
    notes = tuple(dict.fromkeys((*ranked.notes, first, *result.notes)))
    return replace(result, query=query, notes=notes)


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
