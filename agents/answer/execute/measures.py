"""Measures of forms: which cells they stand in, in what unit, and whether a form fulfils a condition."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter

from agents.answer.execute.figures import less, money_factor, percent, printed, ratio, scaled
from agents.answer.execute.records import Fact, Figure
from agents.answer.query import Comparator, Condition, Measure
from schema.cells import funding_cell
from schema.text import fold
from schema.vocabulary import MONEY_UNITS
from store.facts import Head

MONEY: frozenset[str] = frozenset({"original_budget", "adjusted_budget", "outturn", "unspent", "budget_cut", "budget_rise", "budget_gap"})
POINTS: frozenset[str] = frozenset({"budget_score", "budget_lost", "total_score", "total_weight", "lost_points"})
COUNTED: frozenset[str] = frozenset({"indicator_count", "lost_rows"})
"""Measures that no cell prints: rows of a form are counted."""
TEXTS: frozenset[str] = frozenset({"expected_goal", "actual_result"})
_CELLS: Mapping[str, tuple[str, ...]] = {
    "original_budget": (funding_cell("total", "original_budget"),),
    "adjusted_budget": (funding_cell("total", "adjusted_budget"),),
    "outturn": (funding_cell("total", "outturn"),),
    "execution_rate": (funding_cell("total", "execution_rate"),),
    "budget_score": (funding_cell("total", "score"),),
    "lost_points": ("total_weight", "total_score"),
    "unspent": (funding_cell("total", "adjusted_budget"), funding_cell("total", "outturn")),
    "budget_cut": (funding_cell("total", "original_budget"), funding_cell("total", "adjusted_budget")),
    "budget_rise": (funding_cell("total", "adjusted_budget"), funding_cell("total", "original_budget")),
    "budget_change": (funding_cell("total", "adjusted_budget"), funding_cell("total", "original_budget")),
    "budget_gap": (funding_cell("total", "original_budget"), funding_cell("total", "adjusted_budget")),
    "budget_lost": (funding_cell("total", "weight"), funding_cell("total", "score")),
}
_ATTRIBUTES = {
    "total_weight": "total_weight",
    "total_score": "total_score",
    funding_cell("total", "weight"): "budget_weight",
    funding_cell("total", "score"): "budget_score",
}
_NUMBERS = frozenset({
    "original_budget", "adjusted_budget", "outturn", "execution_rate", "budget_weight", "budget_score", "total_weight", "total_score",
})  # fmt: skip
"""What heads hold as exact numbers."""
_COMPARE: Mapping[Comparator, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


def cells_of(measure: str) -> tuple[str, ...]:
    """The cells a measure stands in; for a difference the greater side first."""
    return _CELLS.get(measure, (measure,))


def unit_of(head: Head) -> str | None:
    """The form's unit of money; None when none is printed, or one that is not known."""
    return unit_in(head.unit_of_money)


@lru_cache(maxsize=1024)
def unit_in(printed_unit: str | None) -> str | None:
    """The unit of money that a form prints."""
    text = fold(printed_unit)
    return next((unit for unit in ("百万元", *MONEY_UNITS) if unit in text), None)


def facts_of(head: Head, measure: Measure) -> tuple[Fact, ...]:
    """The printed values of a measure that heads hold (texts and the number of indicators they do not); empty cells are None."""
    return tuple(Fact(head, cell, _what(measure, cell), _value(head, cell), _unit(head, measure)) for cell in cells_of(measure))


def figure_of(head: Head, measure: Measure, unit: str | None = None) -> Figure | None:
    """A measure as a number, amounts in `unit` where one is given; None when it is not printed or cannot be converted."""
    figures = [printed(fact) for fact in facts_of(head, measure)]
    known = [figure for figure in figures if figure is not None]
    if len(known) != len(figures) or not known:
        return None
    if measure in ("budget_change", "budget_gap"):
        known = sorted(known, key=lambda one: one.value, reverse=True)
    if measure == "budget_change":
        original = next(figure for figure in figures[1:] if figure)
        return ratio(less(known[0], known[1]), original)
    figure = known[0] if len(known) == 1 else less(known[0], known[1])
    if measure not in MONEY or unit is None:
        return figure
    factor = money_factor(unit_of(head), unit)
    return None if factor is None else scaled(figure, factor)


def worths(heads: Sequence[Head], measure: Measure, unit: str | None = None) -> list[Decimal | None]:
    """The numbers of `figure_of` for very many forms, without the figures."""
    columns = [_column(heads, cell) for cell in cells_of(measure)]
    if len(columns) == 1:
        values: list[Decimal | None] = columns[0]
    elif measure == "budget_change":
        values = [None if a is None or b is None else _change(a, b) for a, b in zip(*columns, strict=True)]
    elif measure == "budget_gap":
        values = [None if a is None or b is None else max(a, b) - min(a, b) for a, b in zip(*columns, strict=True)]
    else:
        values = [None if a is None or b is None else a - b for a, b in zip(*columns, strict=True)]
    if measure not in MONEY or unit is None:
        return values
    factors = {printed_unit: money_factor(unit_in(printed_unit), unit) for printed_unit in {head.unit_of_money for head in heads}}
    by = [factors[head.unit_of_money] for head in heads]
    return [None if v is None or f is None else v if f == 1 else v * f for v, f in zip(values, by, strict=True)]


def _column(heads: Sequence[Head], cell: str) -> list[Decimal | None]:
    name = _ATTRIBUTES.get(cell) or cell.rpartition(".")[2]
    if name not in _NUMBERS:
        return [None] * len(heads)
    return list(map(attrgetter(name), heads))


def _change(adjusted: Decimal, original: Decimal) -> Decimal | None:
    return None if original == 0 else percent(max(adjusted, original) - min(adjusted, original), original)


def unit_name(measure: Measure, head: Head | None = None) -> str | None:
    """The unit a measure is told in."""
    if measure in MONEY:
        return unit_of(head) if head else "万元"
    if measure in POINTS:
        return "分"
    units = {"execution_rate": "%", "budget_change": "%", "indicator_count": "项", "lost_rows": "项", "form_count": "个"}
    return units.get(measure)


def weighs_money(condition: Condition) -> bool:
    """Whether a condition compares an amount with a given value: then a doubtful unit of money matters."""
    return condition.measure in MONEY and condition.other is None


def fulfils(head: Head, condition: Condition) -> bool:
    """Whether a form fulfils a condition on one of its measures; what is not printed fulfils none but !=."""
    if condition.measure is None:
        return True
    if condition.text is not None:
        same = fold(str(_value(head, cells_of(condition.measure)[0]) or "")) == fold(condition.text)
        return same if condition.op == "=" else not same
    measured = figure_of(head, condition.measure, _money_unit(condition))
    limit = _limit(head, condition)
    return measured is not None and limit is not None and _COMPARE[condition.op](measured.value, limit)


def fulfilling(heads: Sequence[Head], condition: Condition) -> tuple[Head, ...]:
    """The forms that fulfil a condition on one of their measures; `fulfils` for very many of them."""
    measure = condition.measure
    if measure is None:
        return tuple(heads)
    if condition.text is not None:
        return tuple(head for head in heads if fulfils(head, condition))
    values = worths(heads, measure, _money_unit(condition))
    stands = _COMPARE[condition.op]
    if condition.other is None:
        limit = condition.value
        return () if limit is None else tuple(head for head, v in zip(heads, values, strict=True) if v is not None and stands(v, limit))
    by = Decimal(1) if condition.relative is None else condition.relative
    pairs = zip(heads, values, worths(heads, condition.other), strict=True)
    return tuple(head for head, v, other in pairs if v is not None and other is not None and stands(v, other * by))


def compare(op: Comparator, value: Decimal, limit: Decimal) -> bool:
    """Whether a value stands to a limit as the comparator says."""
    return _COMPARE[op](value, limit)


def _limit(head: Head, condition: Condition) -> Decimal | None:
    if condition.other is not None:
        other = figure_of(head, condition.other)
        return None if other is None else other.value * (Decimal(1) if condition.relative is None else condition.relative)
    return condition.value


def _money_unit(condition: Condition) -> str | None:
    if condition.measure not in MONEY or condition.other is not None:
        return None
    return condition.unit or "万元"


def _what(measure: str, cell: str) -> str:
    if len(cells_of(measure)) == 1:
        return measure
    return {funding_cell("total", "weight"): "budget_weight", funding_cell("total", "score"): "budget_score"}.get(
        cell, cell.rpartition(".")[2]
    )


def _unit(head: Head, measure: Measure) -> str | None:
    if measure in MONEY or measure == "budget_change":
        return fold(head.unit_of_money) or None
    return unit_name(measure)


def _value(head: Head, cell: str) -> Decimal | int | str | None:
    name = _ATTRIBUTES.get(cell) or cell.rpartition(".")[2]
    value: Decimal | int | str | None = getattr(head, name, None)
    return value
