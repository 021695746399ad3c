"""Values of forms and of their indicators: looked up, listed, counted, checked against what a question states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.answer.execute.figures import count, less
from agents.answer.execute.figures import count_forms as forms_counted
from agents.answer.execute.findings import find_findings
from agents.answer.execute.lines import FIELDS, Heads, form_lines, row_lines
from agents.answer.execute.measures import COUNTED, MONEY, TEXTS, compare, figure_of, unit_name
from agents.answer.execute.records import Figure, Line, Lines, Result
from agents.answer.execute.rows import picked, row_figure, row_unit
from agents.answer.execute.said import said_about, with_number
from agents.answer.execute.scope import narrowed
from agents.answer.execute.texts import mentioning
from agents.answer.query import Measure, Query
from store.facts import Head, Session

_OVERVIEW: tuple[Measure, ...] = ("total_score", "grade", "adjusted_budget", "outturn", "execution_rate")


def look_up(query: Query, session: Session, scope: Heads) -> Result:
    """The values of forms or indicators; of one row its number is the figure."""
    heads, notes = narrowed(query, scope, session)
    result = Result(query, scope=scope, notes=notes)
    texts_only = set(query.measures) <= TEXTS
    if query.pick is None and query.topic and texts_only and (said := said_about(query, session, heads)):
        if len(said) > 1:
            return replace(result, lines=said)
        line, unit = with_number(said[0])
        return replace(result, lines=(line,), figure=line.figure, unit=unit)
    if query.pick is None and query.topic and not query.measures and query.scope.forms:
        return replace(result, missing="no-text", offered=heads[:1])
    if query.pick is None:
        measures = query.measures or _OVERVIEW
        lines = form_lines(session, heads, measures)
        if query.measures and lines and not any(fact.value is not None for line in lines for fact in line.facts):
            return replace(result, lines=lines, missing="no-value")
        return _one_figure(replace(result, lines=lines, missing=None if lines else "no-form"))
    lines = row_lines(query, session, heads)
    if not lines:
        return replace(result, missing="no-row", offered=heads[:1])
    asked = [fact for line in lines for fact in line.facts if fact.what in (*query.fields, *query.measures)]
    if asked and all(fact.value is None for fact in asked):
        return replace(result, lines=lines, missing="no-value")
    return _one_figure(replace(result, lines=lines))


def list_forms(query: Query, session: Session, scope: Heads) -> Result:
    """The forms, or their indicators, that fulfil the conditions."""
    if query.rules:
        return find_findings(query, session, scope)
    heads, notes = narrowed(query, scope, session)
    result = Result(query, scope=scope, notes=notes)
    if query.pick is not None or any(condition.field for condition in query.conditions):
        return replace(result, lines=_with_all(query, session, heads))
    if query.topic:
        lines = mentioning(query, session, heads)
        return replace(result, lines=lines, missing=None if lines else "no-text")
    return replace(result, lines=form_lines(session, heads, _shown_measures(query)))


def _with_all(query: Query, session: Session, heads: Heads) -> Sequence[Line]:
    """The indicators that are meant; where several are asked for at once, of the forms that have every one."""
    found = [row_lines(query, session, heads)]
    if not query.also and isinstance(found[0], Lines):
        return found[0]
    found += [row_lines(query.model_copy(update={"pick": pick}), session, heads) for pick in query.also]
    shared = set.intersection(*({line.form.form_id for line in lines} for lines in found))
    kept = (line for lines in found for line in lines if line.form.form_id in shared)
    return tuple({(line.form.form_id, line.row.position if line.row else -1): line for line in kept}.values())


def count_forms(query: Query, session: Session, scope: Heads) -> Result:
    """How many forms, or where fields of indicators are asked for how many indicators."""
    listed = list_forms(query.model_copy(update={"measures": ()}), session, scope)
    rows = bool(query.fields) or "indicator_count" in query.measures
    lines = listed.lines
    if isinstance(lines, Lines) and not rows and not (query.pick is None and "indicator_count" in query.measures):
        return replace(listed, query=query, lines=lines if lines and lines[0].facts else (), figure=forms_counted(lines.forms), unit="个")
    if "indicator_count" in query.measures and query.pick is None:
        heads = narrowed(query, scope, session)[0]
        lines = tuple(picked(session, heads, None))
    keys = [(line.form.form_id, line.row.cell("name") if rows and line.row else "") for line in lines]
    return replace(listed, query=query, lines=lines if lines and lines[0].facts else (), figure=count(keys), unit="个", related=())


def check(query: Query, session: Session, scope: Heads) -> Result:
    """Whether what the question states is so; the figure is what is printed."""
    claim = query.claim
    if claim is None:
        return look_up(query, session, scope)
    measures, fields = query.measures, query.fields
    if claim.measure and claim.measure not in measures:
        measures = (claim.measure, *measures)
    if claim.field and claim.field not in fields:
        fields = (claim.field, *fields)
    found = look_up(query.model_copy(update={"measures": measures, "fields": fields}), session, scope)
    if found.missing or not found.lines:
        return replace(found, query=query)
    holds = [_holds(line, query) for line in found.lines]
    return replace(found, query=query, holds=None if None in holds else all(holds))


def _one_figure(result: Result) -> Result:
    """The result with the number asked for, where it is one of one row."""
    if len(result.lines) != 1:
        return result
    line, query = result.lines[0], result.query
    if query.function == "gap" and (apart := _gap(line, query)) is not None:
        return replace(result, figure=apart, unit=_gap_unit(line, query))
    for field in sorted(query.fields or (FIELDS if query.pick else ()), key=lambda field: field != "actual"):
        figure = row_figure(line, field)
        if figure is not None:
            return replace(result, figure=figure, unit=row_unit(line, field))
    for measure in query.measures:
        if measure == "fiscal_year":
            continue
        if measure in COUNTED:
            return replace(result, figure=_counted(line, measure), unit="项")
        figure, unit = _in_wanted_unit(line.form, measure, query.unit)
        if figure is not None:
            return replace(result, figure=figure, unit=unit)
    return result


def _gap(line: Line, query: Query) -> Figure | None:
    """How far the first two measures or fields that are asked for are apart; always 0 or more."""
    if line.row is not None and len(query.fields) > 1:
        figures = [row_figure(line, field) for field in query.fields[:2]]
        if row_unit(line, query.fields[0]) != row_unit(line, query.fields[1]):
            return None
    else:
        figures = [figure_of(line.form, measure) for measure in query.measures[:2]]
    known = sorted((figure for figure in figures if figure is not None), key=lambda figure: figure.value, reverse=True)
    return less(known[0], known[1]) if len(known) == 2 else None


def _gap_unit(line: Line, query: Query) -> str | None:
    unit = row_unit(line, query.fields[0]) if line.row is not None and query.fields else unit_name(query.measures[0], line.form)
    return "个百分点" if unit == "%" else unit


def _in_wanted_unit(head: Head, measure: Measure, wanted: str | None) -> tuple[Figure | None, str | None]:
    if measure in MONEY and wanted and not head.doubtful:
        figure = figure_of(head, measure, wanted)
        if figure is not None:
            return figure, wanted
    return figure_of(head, measure), unit_name(measure, head)


def _counted(line: Line, measure: Measure) -> Figure | None:
    fact = line.fact(measure)
    return count((line.form.form_id, f"{measure}[{i}]") for i in range(int(fact.value or 0))) if fact else None


def _shown_measures(query: Query) -> tuple[Measure, ...]:
    """What a list shows of each form: what is asked for, and what it was chosen by."""
    by = [m for c in query.conditions for m in (c.measure, c.other) if m is not None]
    graded: list[Measure] = ["total_score", "grade"] if query.scope.grades else []
    return tuple(dict.fromkeys([*query.measures, *by, *graded])) or ("total_score",)


def _holds(line: Line, query: Query) -> bool | None:
    claim = query.claim
    if claim is None:
        return None
    if claim.measure is not None:
        if claim.text is not None:
            fact = line.fact(claim.measure)
            return None if fact is None or fact.value is None else (str(fact.value) == claim.text) == (claim.op == "=")
        figure = figure_of(line.form, claim.measure, claim.unit if claim.measure in MONEY else None)
    else:
        figure = row_figure(line, claim.field or "actual")
    if figure is None or claim.value is None:
        return None
    return compare(claim.op, figure.value, claim.value)
