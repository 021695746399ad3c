"""Arithmetic over printed numbers, kept with what it was done to, so that it can be done again by whoever doubts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal
from typing import Literal

from agents.answer.execute.records import CellKey, Fact, Figure
from schema.record import MAX_PLACES

Reckoned = Literal["sum", "mean", "min", "max", "median"]
_EXACT = Context(prec=40)
_PLACE = Decimal(1).scaleb(-MAX_PLACES)
_MONEY: dict[str, Decimal] = {
    "元": Decimal(1), "百元": Decimal(100), "千元": Decimal(1000), "万元": Decimal(10**4), "百万元": Decimal(10**6), "亿元": Decimal(10**8),
}  # fmt: skip


def printed(fact: Fact) -> Figure | None:
    """The figure of a printed number; None for anything else."""
    if isinstance(fact.value, Decimal):
        return Figure("cell", fact.value, keys=(fact.key,))
    return None


def total(figures: Sequence[Figure]) -> Figure:
    """The sum; 0 of none."""
    return Figure("sum", sum((one.value for one in figures), Decimal(0)), tuple(figures))


def less(first: Figure, second: Figure) -> Figure:
    """The first less the second."""
    return Figure("difference", first.value - second.value, (first, second))


def scaled(figure: Figure, by: Decimal) -> Figure:
    """The figure times a factor; itself when that is 1."""
    return figure if by == 1 else Figure("scale", figure.value * by, (figure,), by=by)


def ratio(first: Figure, second: Figure, by: Decimal = Decimal(100)) -> Figure | None:
    """The first divided by the second, in percent unless `by` says otherwise; None where the second is 0."""
    if second.value == 0:
        return None
    return Figure("ratio", kept(_EXACT.divide(first.value * by, second.value)), (first, second), by=by)


def count(keys: Iterable[CellKey]) -> Figure:
    """How many different ones."""
    counted = tuple(dict.fromkeys(keys))
    return Figure("count", Decimal(len(counted)), keys=counted)


def reckon(function: Reckoned, figures: Sequence[Figure]) -> Figure | None:
    """Sum, mean, least, greatest or middle of figures; None of none. A mean that does not come out even is kept to six places."""
    if not figures:
        return None
    values = [one.value for one in figures]
    return Figure(function, _FUNCTIONS[function](values), tuple(figures))


def sum_of(values: Sequence[Decimal]) -> Decimal:
    """The sum."""
    return sum(values, Decimal(0))


def mean_of(values: Sequence[Decimal]) -> Decimal:
    """The mean, to six places where it does not come out even."""
    return kept(_EXACT.divide(sum_of(values), Decimal(len(values))))


def least(values: Sequence[Decimal]) -> Decimal:
    """The least."""
    return min(values)


def greatest(values: Sequence[Decimal]) -> Decimal:
    """The greatest."""
    return max(values)


def median_of(values: Sequence[Decimal]) -> Decimal:
    """The middle value, the mean of the two middle ones of an even number."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean_of(ordered[middle - 1 : middle + 1])


def money_factor(unit: str | None, wanted: str | None) -> Decimal | None:
    """What an amount in one unit of money is multiplied by to be in another; None when one of them is none."""
    if unit not in _MONEY or wanted not in _MONEY:
        return None
    return _MONEY[unit] / _MONEY[wanted]


def is_money(unit: str | None) -> bool:
    """Whether a unit is one of money."""
    return unit in _MONEY


def kept(value: Decimal) -> Decimal:
    """A value to the places that an answer can carry."""
    return value.quantize(_PLACE, context=_EXACT).normalize(_EXACT) if -int(value.as_tuple().exponent) > MAX_PLACES else value


_FUNCTIONS: dict[Reckoned, Callable[[Sequence[Decimal]], Decimal]] = {
    "sum": sum_of, "mean": mean_of, "min": least, "max": greatest, "median": median_of,
}  # fmt: skip
