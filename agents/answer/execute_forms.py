"""Values, lists, counts, figures, rankings and comparisons of forms and of their indicators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from agents.answer.execute_figures import count, less, reckon
from agents.answer.execute_findings import find_findings
from agents.answer.execute_measures import MONEY, TEXTS, compare, facts_of, figure_of, unit_name, unit_of
from agents.answer.execute_records import Fact, Figure, Group, Line, Note, Reason, Result
from agents.answer.execute_rows import picked, quantity, row_fact, row_figure, row_fulfils, row_unit
from agents.answer.execute_scope import asks_money, forms_in, narrowed, sure_money
from agents.answer.execute_texts import mentioning
from agents.answer.query import Field_, Function, Measure, Query
from store.facts import Head, Session

Heads = tuple[Head, ...]
Notes = tuple[Note, ...]
_OVERVIEW: tuple[Measure, ...] = ("total_score", "grade", "adjusted_budget", "outturn", "execution_rate")
_FIELDS: tuple[Field_, ...] = ("actual", "target")
_ADDED: frozenset[str] = MONEY | {"lost_points", "indicator_count", "lost"}


def look_up(query: Query, session: Session, scope: Heads) -> Result:
    """The values of forms or indicators; of one row its number is the figure."""
    heads, notes = narrowed(query, scope)
    result = Result(query, scope=scope, notes=notes)
    if query.pick is None:
        measures = query.measures or _OVERVIEW
        lines = form_lines(session, heads, measures)
        if query.measures and lines and not any(fact.value is not None for line in lines for fact in line.facts):
            return replace(result, lines=lines, missing="no-value")
        return _one_figure(replace(result, lines=lines, missing=None if lines else "no-form"))
    lines = _row_lines(query, session, heads)
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
    heads, notes = narrowed(query, scope)
    result = Result(query, scope=scope, notes=notes)
    if query.pick is not None or any(condition.field for condition in query.conditions):
        return replace(result, lines=_row_lines(query, session, heads))
    if query.topic:
        return replace(result, lines=mentioning(query, session, heads))
    return replace(result, lines=form_lines(session, heads, _shown_measures(query)))


def count_forms(query: Query, session: Session, scope: Heads) -> Result:
    """How many forms, or where fields of indicators are asked for how many indicators."""
    listed = list_forms(query.model_copy(update={"measures": ()}), session, scope)
    rows = bool(query.fields) or any(condition.field for condition in query.conditions) or "indicator_count" in query.measures
    lines = listed.lines
    if "indicator_count" in query.measures and query.pick is None:
        heads = narrowed(query, scope)[0]
        lines = tuple(picked(session, heads, None))
    keys = [(line.form.form_id, line.row.cell("name") if rows and line.row else "") for line in lines]
    return replace(listed, query=query, lines=lines if not rows or query.pick else (), figure=count(keys), unit="个", related=())


def aggregate(query: Query, session: Session, scope: Heads) -> Result:
    """One figure over the forms in scope, or one for each unit, year or grade."""
    lines, notes, unit = _measured(query, session, scope)
    function = query.function or _usual(query)
    figure = reckon(function, [line.figure for line in lines if line.figure is not None])
    groups = _grouped(query, lines, function)
    missing = None if figure is not None else _nothing(query)
    return Result(query, lines, groups=groups, figure=figure, unit=unit, scope=scope, notes=notes, missing=missing)


def rank(query: Query, session: Session, scope: Heads) -> Result:
    """Forms or indicators in order of a number; equals of the last one that fits are kept."""
    lines, notes, unit = _measured(query, session, scope)
    ordered = sorted(lines, key=_figure_value, reverse=query.order == "desc")
    if query.limit is not None and len(ordered) > query.limit:
        last = _figure_value(ordered[query.limit - 1])
        ordered = [line for i, line in enumerate(ordered) if i < query.limit or _figure_value(line) == last]
    figure = ordered[0].figure if query.limit == 1 and len(ordered) == 1 else None
    missing = None if ordered else _nothing(query)
    return Result(query, tuple(ordered), figure=figure, unit=unit, scope=scope, notes=notes, missing=missing)


def compare_sides(query: Query, session: Session, scope: Heads) -> Result:
    """The sides beside each other, the greater less the smaller, and who that is (the first of `lines`)."""
    sides, notes, units = [], list[Note](), list[str | None]()
    for side in query.sides:
        heads = forms_in(scope or session.heads, side)
        if not heads:
            return Result(query, scope=scope, missing="no-form", notes=(Note("no-side", words=(side.said or "",)),))
        lines, left_out, unit = _measured(query, session, heads)
        notes += [note for note in left_out if note not in notes]
        sides.append(Group(side.said or "、".join(dict.fromkeys(head.name for head in heads)), lines, _side_figure(query, lines)))
        units.append(unit)
    known = sorted((s.figure for s in sides if s.figure), key=lambda figure: figure.value, reverse=True)
    alike = len(known) == len(sides) >= 2 and len(set(units)) == 1
    figure = less(known[0], known[-1]) if alike else None
    unit = {"%": "个百分点"}.get(units[0] or "", units[0]) if alike else None
    lines = tuple(line for side in _in_order(sides, query) for line in side.lines)
    missing = None if lines else _nothing(query)
    return Result(query, lines, sides=tuple(sides), figure=figure, unit=unit, scope=scope, notes=tuple(notes), missing=missing)


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


def form_lines(session: Session, heads: Sequence[Head], measures: Sequence[Measure]) -> tuple[Line, ...]:
    """A line per form with the cells of these measures."""
    wanted = [head.version_id for head in heads]
    texts = session.texts(wanted) if TEXTS & set(measures) else {}
    counted = Counter(row.version_id for row in session.rows(wanted)) if "indicator_count" in measures else Counter[int]()
    lines = []
    for head in heads:
        facts: list[Fact] = []
        for measure in measures:
            if measure in TEXTS:
                own = texts.get(head.version_id)
                facts.append(Fact(head, measure, measure, dict(own.cells).get(measure) if own else None))
            elif measure == "indicator_count":
                facts.append(Fact(head, "indicators", measure, counted[head.version_id], "个"))
            else:
                facts += facts_of(head, measure)
        lines.append(Line(head, tuple(dict.fromkeys(facts))))
    return tuple(lines)


def _row_lines(query: Query, session: Session, heads: Heads) -> tuple[Line, ...]:
    conditions = [condition for condition in query.conditions if condition.field is not None]
    lines = [line for line in picked(session, heads, query.pick) if all(row_fulfils(line, c) for c in conditions)]
    if query.unit and not query.measures:
        # 多少PB: of several indicators the one in that unit is meant.
        lines = [line for line in lines if _counts_in(line, query.unit)] or lines
    fields = query.fields or _FIELDS
    measures = {line.form.form_id: line.facts for line in form_lines(session, [line.form for line in lines], query.measures)}
    return tuple(
        replace(line, facts=(*measures[line.form.form_id], *(fact for field in fields for fact in row_fact(line, field)))) for line in lines
    )


def _counts_in(line: Line, unit: str) -> bool:
    found = quantity(line.row.actual) if line.row else None
    wanted = quantity(f"1{unit}")
    return found is not None and wanted is not None and found.unit.base == wanted.unit.base


def _one_figure(result: Result) -> Result:
    """The result with the number asked for, where it is one of one row."""
    if len(result.lines) != 1:
        return result
    line, query = result.lines[0], result.query
    for field in sorted(query.fields or (_FIELDS if query.pick else ()), key=lambda field: field != "actual"):
        figure = row_figure(line, field)
        if figure is not None:
            return replace(result, figure=figure, unit=row_unit(line, field))
    for measure in query.measures:
        if measure in ("indicator_count", "fiscal_year"):
            continue
        figure, unit = _in_wanted_unit(line.form, measure, query.unit)
        if figure is not None:
            return replace(result, figure=figure, unit=unit)
    return result


def _in_wanted_unit(head: Head, measure: Measure, wanted: str | None) -> tuple[Figure | None, str | None]:
    if measure in MONEY and wanted and not head.doubtful:
        figure = figure_of(head, measure, wanted)
        if figure is not None:
            return figure, wanted
    return figure_of(head, measure), unit_name(measure, head)


def _measured(query: Query, session: Session, scope: Heads) -> tuple[tuple[Line, ...], Notes, str | None]:
    """The lines that have the number asked for, with it, in one unit; notes on what was left out."""
    heads, notes = narrowed(query, scope)
    if query.pick is not None or query.fields:
        return _measured_rows(query, session, heads)
    measure = query.measures[0] if query.measures else "total_score"
    unit = unit_name(measure)
    if asks_money(query):
        heads, left_out = sure_money(heads)
        notes = (*notes, *(note for note in left_out if note not in notes))
        unit = query.unit or _one_unit(heads)
    lines = form_lines(session, heads, query.measures or ("total_score",))
    measured = tuple(replace(line, figure=_line_figure(line, measure, unit)) for line in lines)
    blank = tuple(line.form for line in measured if line.figure is None)
    notes = (*notes, Note("blank-out", blank)) if blank and len(blank) < len(lines) else notes
    return tuple(line for line in measured if line.figure is not None), notes, unit


def _line_figure(line: Line, measure: Measure, unit: str | None) -> Figure | None:
    if measure == "indicator_count":
        fact = line.fact(measure)
        return count((line.form.form_id, f"indicators[{i}].name") for i in range(int(fact.value or 0))) if fact else None
    return figure_of(line.form, measure, unit)


def _measured_rows(query: Query, session: Session, heads: Heads) -> tuple[tuple[Line, ...], Notes, str | None]:
    field: Field_ = next((f for f in query.fields if f in ("actual", "target", "score", "weight", "lost")), "actual")
    lines = [replace(line, figure=row_figure(line, field)) for line in _row_lines(query, session, heads)]
    known = [line for line in lines if line.figure is not None]
    units = Counter(row_unit(line, field) for line in known)
    unit = units.most_common(1)[0][0] if units else None
    kept = tuple(line for line in known if row_unit(line, field) == unit)
    in_unit = {id(line) for line in kept}
    out = tuple({line.form.form_id: line.form for line in lines if id(line) not in in_unit}.values())
    return kept if kept else tuple(lines), (Note("unit-out", out),) if out and kept else (), unit


def _one_unit(heads: Heads) -> str:
    units = Counter(unit for head in heads if (unit := unit_of(head)))
    return units.most_common(1)[0][0] if units else "万元"


def _usual(query: Query) -> Function:
    """What is reckoned where the question does not say: amounts and points lost are added, rates and scores averaged."""
    first = query.measures[0] if query.measures else (query.fields[0] if query.fields else "total_score")
    return "sum" if first in _ADDED else "mean"


def _side_figure(query: Query, lines: Sequence[Line]) -> Figure | None:
    figures = [line.figure for line in lines if line.figure is not None]
    if len(figures) == 1 and len(lines) == 1:
        return figures[0]
    if query.pick is not None and query.function is None:
        return None
    return reckon(query.function or _usual(query), figures)


def _in_order(sides: Sequence[Group], query: Query) -> list[Group]:
    """The sides, the greater first (the smaller where that is asked for); as they come where they cannot be compared."""
    if any(side.figure is None for side in sides):
        return list(sides)
    return sorted(sides, key=lambda side: side.figure.value if side.figure else 0, reverse=query.order == "desc")


def _grouped(query: Query, lines: Sequence[Line], function: Function) -> tuple[Group, ...]:
    if query.group is None:
        return ()
    names: dict[str, list[Line]] = {}
    for line in lines:
        head = line.form
        units = head.implementing_unit or head.department
        key = {"unit": units, "year": head.fiscal_year and str(head.fiscal_year), "grade": head.grade}[query.group]
        names.setdefault(str(key or "（未印）"), []).append(line)
    return tuple(
        Group(name, tuple(members), reckon(function, [line.figure for line in members if line.figure is not None]))
        for name, members in names.items()
    )


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


def _figure_value(line: Line) -> Decimal:
    return line.figure.value if line.figure else Decimal(0)


def _nothing(query: Query) -> Reason:
    return "no-row" if query.pick else "no-value"
