"""Figures over many forms: one over all, one for each unit, year or grade, rankings, and sides compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from agents.answer.execute.figures import Column, Reckoned, count_forms, figures_of, less, ratio, reckon, total, values_of
from agents.answer.execute.lines import Heads, form_lines, measured, one_unit
from agents.answer.execute.measures import MONEY, worths
from agents.answer.execute.records import Figure, Group, Line, Lines, Note, Reason, Result, forms_of, joined
from agents.answer.execute.scope import forms_in, measured_lines, narrowed, sure_money
from agents.answer.query import Measure, Query
from store.facts import Head, Session

T = TypeVar("T")
_ADDED: frozenset[str] = MONEY | {"lost_points", "budget_lost", "indicator_count", "lost_rows", "form_count", "lost"}


def aggregate(query: Query, session: Session, scope: Heads) -> Result:
    """One figure over the forms in scope, and one for each unit, year or grade where that is asked for."""
    if query.function == "overall":
        return _overall(query, session, scope)
    if query.function == "gap" and len(query.measures) > 1:
        return _apart(query, session, scope)
    lines, notes, unit = measured(query, session, scope)
    figure = _figure_over(query, lines)
    groups = _grouped(query, lines)
    missing = None if figure is not None else nothing(query)
    return Result(query, lines, groups=groups, figure=figure, unit=unit, scope=scope, notes=notes, missing=missing)


def rank(query: Query, session: Session, scope: Heads) -> Result:
    """Forms, indicators or groups of forms in order of a number; equals of the last one that fits are kept."""
    if query.group is not None:
        return _rank_groups(query, session, scope)
    lines, notes, unit = measured(query, session, scope)
    ordered = _first_lines(lines, query)
    figure = ordered[0].figure if query.limit == 1 and len(ordered) == 1 else None
    missing = None if ordered else nothing(query)
    return Result(query, ordered, figure=figure, unit=unit, scope=scope, notes=notes, missing=missing)


def compare_sides(query: Query, session: Session, scope: Heads) -> Result:
    """The sides beside each other, the greater less the smaller, and who that is (the first of `lines`)."""
    sides, notes, units = [], list[Note](), list[str | None]()
    for side in query.sides:
        heads = forms_in(scope or session.heads, side)
        if not heads:
            return Result(query, scope=scope, missing="no-form", notes=(Note("no-side", words=(side.said or "",)),))
        if query.function == "overall":
            told = _overall(query, session, heads)
            lines, left_out, unit, figure = told.lines, told.notes, told.unit, told.figure
        else:
            lines, left_out, unit = measured(query, session, heads)
            figure = _side_figure(query, lines)
        notes += [note for note in left_out if note not in notes]
        sides.append(Group(side.said or "、".join(dict.fromkeys(head.name for head in heads)), lines, figure))
        units.append(unit)
    known = sorted((s.figure for s in sides if s.figure), key=lambda figure: figure.value, reverse=True)
    alike = len(known) == len(sides) >= 2 and len(set(units)) == 1
    figure = less(known[0], known[-1]) if alike else None
    unit = {"%": "个百分点"}.get(units[0] or "", units[0]) if alike else None
    lines = joined([side.lines for side in _in_order(sides, query)])
    missing = None if lines else nothing(query)
    also = _also(query, session, scope)
    return Result(query, lines, sides=tuple(sides), groups=also, figure=figure, unit=unit, scope=scope, notes=tuple(notes), missing=missing)


def _also(query: Query, session: Session, scope: Heads) -> tuple[Group, ...]:
    """How far two sides are apart by the other measures that are asked for; the lines of the greater side first."""
    groups = []
    for measure in query.measures[1:] if len(query.sides) == 2 and query.pick is None and query.function != "overall" else ():
        result = compare_sides(query.model_copy(update={"measures": (measure,)}), session, scope)
        if result.figure is not None:
            ordered = sorted(result.sides, key=lambda side: side.figure.value if side.figure else Decimal(0), reverse=True)
            groups += [Group(measure, joined([side.lines for side in ordered]), result.figure)]
    return tuple(groups)


def nothing(query: Query) -> Reason:
    """Why there is no number."""
    return "no-row" if query.pick else "no-value"


def _overall(query: Query, session: Session, scope: Heads) -> Result:
    """What was spent of all budgets together, in percent: a rate over sums, not a mean of rates."""
    heads, notes = narrowed(query, scope, session)
    heads, left_out = sure_money(heads)
    unit = one_unit(heads)
    paired = zip(heads, worths(heads, "outturn", unit), worths(heads, "adjusted_budget", unit), strict=True)
    known = [head for head, spent, budget in paired if spent is not None and budget is not None]
    out = set(map(id, heads)).difference(map(id, known))
    blank = tuple([head for head in heads if id(head) in out])
    figure = ratio(total(_of_all(known, "outturn", unit)), total(_of_all(known, "adjusted_budget", unit))) if known else None
    lines = form_lines(session, known, ("adjusted_budget", "outturn", "execution_rate"))
    notes = (*notes, *left_out, *((Note("blank-out", blank),) if blank else ()))
    return Result(query, lines, figure=figure, unit="%", scope=scope, notes=notes, missing=None if figure else "no-value")


def _of_all(heads: Sequence[Head], measure: Measure, unit: str) -> Sequence[Figure]:
    return measured_lines(heads, measure, unit).figures or ()


def _apart(query: Query, session: Session, scope: Heads) -> Result:
    """How far the totals of two measures are apart."""
    one, other = (query.model_copy(update={"measures": (measure,)}) for measure in query.measures[:2])
    (lines, notes, unit), (others, more, other_unit) = measured(one, session, scope), measured(other, session, scope)
    figures = [_figure_over(query, some) for some in (lines, others)]
    known = sorted((figure for figure in figures if figure), key=lambda figure: figure.value, reverse=True)
    figure = less(known[0], known[1]) if len(known) == 2 and unit == other_unit else None
    shown = form_lines(session, lines.heads if isinstance(lines, Lines) else [line.form for line in lines], query.measures)
    notes = (*notes, *(note for note in more if note not in notes))
    return Result(query, shown, figure=figure, unit=unit, scope=scope, notes=notes, missing=None if figure else nothing(query))


def _rank_groups(query: Query, session: Session, scope: Heads) -> Result:
    lines, notes, unit = measured(query, session, scope)
    groups = _first_ones(_grouped(query, lines), lambda group: group.figure.value if group.figure else Decimal(0), query)
    kept = joined([group.lines for group in groups])
    figure = groups[0].figure if query.limit == 1 and len(groups) == 1 else None
    missing = None if groups else nothing(query)
    return Result(query, kept, groups=tuple(groups), figure=figure, unit=unit, scope=scope, notes=notes, missing=missing)


def _grouped(query: Query, lines: Sequence[Line]) -> tuple[Group, ...]:
    if query.group is None:
        return ()
    if isinstance(lines, Lines):
        return _grouped_many(query, query.group, lines)
    names: dict[str, list[Line]] = {}
    for line in lines:
        names.setdefault(_group_of(line.form, query.group), []).append(line)
    return tuple(Group(name, tuple(members), _figure_over(query, members)) for name, members in names.items())


def _grouped_many(query: Query, by: str, lines: Lines) -> tuple[Group, ...]:
    places: dict[str, list[int]] = {}
    for i, head in enumerate(lines.heads):
        places.setdefault(_group_of(head, by), []).append(i)
    parts = {name: _part(lines, own) for name, own in places.items()}
    return tuple(Group(name, part, _figure_over(query, part)) for name, part in parts.items())


def _part(lines: Lines, places: Sequence[int]) -> Lines:
    """Some of the lines, with their figures."""
    return lines.part(places, lines.figures.part(places) if isinstance(lines.figures, Column) else None)


def _group_of(head: Head, group: str) -> str:
    if group == "project":
        return f"{head.name}（{head.fiscal_year}年度，{head.implementing_unit or head.department}）"
    units = head.implementing_unit or head.department
    return str({"unit": units, "department": head.department, "year": head.fiscal_year, "grade": head.grade}[group] or "（未印）")


def _first_ones(items: Sequence[T], value: Callable[[T], Decimal], query: Query) -> list[T]:
    """In the order of the query, as many as it asks for; equals of the last one are kept."""
    ordered = sorted(items, key=value, reverse=query.order == "desc")
    if query.nth is not None:
        # Equals share one place.
        places = list(dict.fromkeys(map(value, ordered)))
        return [item for item in ordered if value(item) == places[query.nth - 1]] if len(places) >= query.nth else []
    if query.limit is None or len(ordered) <= query.limit:
        return ordered
    last = value(ordered[query.limit - 1])
    return [item for i, item in enumerate(ordered) if i < query.limit or value(item) == last]


def _first_lines(lines: Sequence[Line], query: Query) -> Sequence[Line]:
    if not isinstance(lines, Lines) or lines.figures is None:
        return tuple(_first_ones(lines, _figure_value, query))
    values = values_of(lines.figures)
    return _part(lines, _first_ones(range(len(lines)), values.__getitem__, query))


def _figure_over(query: Query, lines: Sequence[Line]) -> Figure | None:
    if query.measures[:1] == ("form_count",):
        return count_forms(forms_of(lines))
    return reckon(_function(query), figures_of(lines))


def _function(query: Query) -> Reckoned:
    """What is reckoned; where the question does not say, amounts and points lost are added, rates and scores averaged."""
    if query.function in ("sum", "mean", "min", "max", "median"):
        return query.function
    first: Measure | str = query.measures[0] if query.measures else (query.fields[0] if query.fields else "total_score")
    return "sum" if first in _ADDED else "mean"


def _side_figure(query: Query, lines: Sequence[Line]) -> Figure | None:
    figures = figures_of(lines)
    if len(figures) == 1 and len(lines) == 1:
        return figures[0]
    if query.pick is not None and query.function is None:
        return None
    return _figure_over(query, lines)


def _in_order(sides: Sequence[Group], query: Query) -> list[Group]:
    """The sides, the greater first (the smaller where that is asked for); as they come where they cannot be compared."""
    if any(side.figure is None for side in sides):
        return list(sides)
    return sorted(sides, key=lambda side: side.figure.value if side.figure else 0, reverse=query.order == "desc")


def _figure_value(line: Line) -> Decimal:
    return line.figure.value if line.figure else Decimal(0)
