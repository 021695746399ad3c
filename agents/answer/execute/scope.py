"""Which forms a query looks at, and which of them its conditions leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from agents.answer.execute.figures import Column, reckon
from agents.answer.execute.measures import (
    COUNTED,
    MONEY,
    compare,
    facts_of,
    figure_of,
    fulfilling,
    unit_name,
    unit_of,
    weighs_money,
    worths,
)
from agents.answer.execute.records import Line, Lines, Note
from agents.answer.query import Condition, Measure, Query, Scope
from schema.text import fold
from store.facts import Head, Session


def forms_in(heads: Iterable[Head], scope: Scope) -> tuple[Head, ...]:
    """The forms of a scope; every part of it that is given must hold."""
    forms, years, grades = frozenset(scope.forms), frozenset(scope.years), frozenset(fold(grade) for grade in scope.grades)
    units = frozenset(fold(unit) for unit in scope.units)
    if scope.out_said:
        heads = _without(heads, scope)
    if not (forms or years or grades or units):
        return tuple(heads)
    return tuple(
        head
        for head in heads
        if (not forms or head.form_id in forms)
        and (not years or head.fiscal_year in years)
        and (not grades or fold(head.grade) in grades)
        and (not units or any(fold(unit) in units for unit in head.units))
    )


def _without(heads: Iterable[Head], scope: Scope) -> list[Head]:
    """The forms less those that are left out; one part of what is left out is enough."""
    forms, years, units = frozenset(scope.out_forms), frozenset(scope.out_years), frozenset(scope.out_units)
    return [head for head in heads if head.form_id not in forms and head.fiscal_year not in years and units.isdisjoint(head.units)]


def narrowed(query: Query, scope: Sequence[Head], session: Session | None = None) -> tuple[tuple[Head, ...], tuple[Note, ...]]:
    """The forms that fulfil the query's conditions on forms; forms of doubtful money are left out where an amount is compared.

    Args:
        session: counts rows, for conditions on how many there are; without one these hold for no form.
    """
    conditions = [condition for condition in query.conditions if condition.measure is not None]
    kept, notes = tuple(scope), tuple[Note, ...]()
    if any(weighs_money(condition) for condition in conditions):
        kept, notes = sure_money(kept)
    for condition in conditions:
        if condition.measure in COUNTED:
            counts = _counts(session, kept, condition.measure) if session else {}
            kept = tuple(
                head for head in kept if compare(condition.op, Decimal(counts.get(head.version_id, 0)), condition.value or Decimal(0))
            )
        else:
            settled, beside = settle(condition, kept)
            notes = (*notes, *beside)
            kept = fulfilling(kept, settled)
    return kept, notes


def settle(condition: Condition, heads: Sequence[Head]) -> tuple[Condition, tuple[Note, ...]]:
    """A condition against a figure over all forms, with that figure as its value (below average), and a note of what it is."""
    if condition.than not in ("mean", "median", "min", "max") or condition.measure is None:
        return condition, ()
    unit = "万元" if condition.measure in MONEY else unit_name(condition.measure)
    known = measured_lines(heads, condition.measure, unit)
    reckoned = reckon(condition.than, known.figures or ())
    note = Note("beside", words=(condition.measure, condition.than, unit or ""), figure=reckoned, lines=known)
    settled = condition.model_copy(update={"value": reckoned.value if reckoned else None, "unit": unit})
    return settled, (note,) if reckoned else ()


def measured_lines(heads: Sequence[Head], measure: Measure, unit: str | None, shown: Sequence[Measure] = ()) -> Lines:
    """A line for every form that has a number for a measure: with its cells, and those of the measures that are shown beside or instead.

    Args:
        unit: of money, to which amounts are brought.
    """
    wanted = tuple(shown) or (measure,)
    money = unit if measure in MONEY else None
    found = [(head, value) for head, value in zip(heads, worths(heads, measure, money), strict=True) if value is not None]
    known = [head for head, _ in found]

    def make(i: int) -> Line:
        head = known[i]
        facts = dict.fromkeys(fact for one in wanted for fact in facts_of(head, one))
        return Line(head, tuple(facts), figure=figure_of(head, measure, money))

    column = Column(known, [value for _, value in found], lambda i: figure_of(known[i], measure, money), measure, money)
    return Lines(known, make, of=(measure, money, wanted), figures=column)


def _counts(session: Session, heads: Sequence[Head], measure: str) -> Counter[int]:
    rows = session.rows([head.version_id for head in heads])
    return Counter(row.version_id for row in rows if measure != "lost_rows" or (row.lost or 0) > 0)


def sure_money(heads: Sequence[Head]) -> tuple[tuple[Head, ...], tuple[Note, ...]]:
    """The forms whose amounts can be added and ranked, and notes on those that were left out."""
    doubtful = tuple([head for head in heads if head.doubtful])
    unnamed = tuple([head for head in heads if not head.doubtful and unit_of(head) is None])
    notes = tuple(Note(key, forms) for key, forms in (("doubtful-out", doubtful), ("no-unit-out", unnamed)) if forms)
    if not notes:
        return tuple(heads), notes
    out = {head.form_id for head in (*doubtful, *unnamed)}
    return tuple([head for head in heads if head.form_id not in out]), notes


def asks_money(query: Query) -> bool:
    """Whether the measure that is added or ranked is an amount."""
    return bool(query.measures) and query.measures[0] in MONEY
