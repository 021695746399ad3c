"""Which forms a query looks at, and which of them its conditions leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.answer.execute_measures import MONEY, fulfils, unit_of, weighs_money
from agents.answer.execute_records import Note
from agents.answer.query import Query, Scope
from schema.text import fold
from store.facts import Head


def forms_in(heads: Iterable[Head], scope: Scope) -> tuple[Head, ...]:
    """The forms of a scope; every part of it that is given must hold."""
    forms, years, grades = frozenset(scope.forms), frozenset(scope.years), frozenset(fold(grade) for grade in scope.grades)
    units = frozenset(fold(unit) for unit in scope.units)
    return tuple(
        head
        for head in heads
        if (not forms or head.form_id in forms)
        and (not years or head.fiscal_year in years)
        and (not grades or fold(head.grade) in grades)
        and (not units or any(fold(unit) in units for unit in head.units))
    )


def narrowed(query: Query, scope: Sequence[Head]) -> tuple[tuple[Head, ...], tuple[Note, ...]]:
    """The forms that fulfil the query's conditions on forms; forms of doubtful money are left out where an amount is compared."""
    conditions = [condition for condition in query.conditions if condition.measure is not None]
    kept, notes = tuple(scope), tuple[Note, ...]()
    if any(weighs_money(condition) for condition in conditions):
        kept, notes = sure_money(kept)
    return tuple(head for head in kept if all(fulfils(head, condition) for condition in conditions)), notes


def sure_money(heads: Sequence[Head]) -> tuple[tuple[Head, ...], tuple[Note, ...]]:
    """The forms whose amounts can be added and ranked, and notes on those that were left out."""
    doubtful = tuple(head for head in heads if head.doubtful)
    unnamed = tuple(head for head in heads if not head.doubtful and unit_of(head) is None)
    notes = tuple(Note(key, forms) for key, forms in (("doubtful-out", doubtful), ("no-unit-out", unnamed)) if forms)
    out = {head.form_id for head in (*doubtful, *unnamed)}
    return tuple(head for head in heads if head.form_id not in out), notes


def asks_money(query: Query) -> bool:
    """Whether the measure that is added or ranked is an amount."""
    return bool(query.measures) and query.measures[0] in MONEY
