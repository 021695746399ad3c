"""Arithmetic over printed numbers, kept with what it was done to, so that it can be done again by whoever doubts it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from decimal import Context, Decimal
from typing import Any, Literal

from agents.answer.execute.lazy import Lazy
from agents.answer.execute.records import CellKey, Fact, Figure, Line, Lines
from schema.record import MAX_PLACES
from store.facts import Head

Reckoned = Literal["sum", "mean", "min", "max", "median"]
LOST = "lost"
"""The measure of a column of rows: weight less score."""
_EXACT = Context(prec=40)
_PLACE = Decimal(1).scaleb(-MAX_PLACES)
_MONEY: dict[str, Decimal] = {
    "元": Decimal(1), "百元": Decimal(100), "千元": Decimal(1000), "万元": Decimal(10**4), "百万元": Decimal(10**6), "亿元": Decimal(10**8),
}  # fmt: skip


class FormKeys(Lazy[CellKey]):
    """What is counted where forms are: a key for each, made when it is looked at."""

    __slots__ = ("_heads",)

    def __init__(self, heads: Sequence[Head]) -> None:
        self._heads = heads

    def __len__(self) -> int:
        """How many, forms that stand there twice counted twice."""
        return len(self._heads)

    def member(self, place: int) -> CellKey:
        """The key of a form."""
        return self._heads[place].form_id, ""

    @property
    def distinct(self) -> int:
        """How many different forms."""
        return len({head.form_id for head in self._heads})


class Numbered(Lazy[CellKey]):
    """What is counted where nothing has a name: so many different keys."""

    __slots__ = ("distinct",)

    def __init__(self, distinct: int) -> None:
        self.distinct = distinct

    def __len__(self) -> int:
        """How many."""
        return self.distinct

    def member(self, place: int) -> CellKey:
        """A key."""
        return str(place), ""


class Distinct(Lazy[CellKey]):
    """What is counted where very many things are, told apart by whatever is given for each."""

    __slots__ = ("_by",)

    def __init__(self, by: Sequence[Hashable]) -> None:
        self._by = by

    def __len__(self) -> int:
        """How many, what stands there twice counted twice."""
        return len(self._by)

    def member(self, place: int) -> CellKey:
        """A key."""
        return str(self._by[place]), ""

    @property
    def distinct(self) -> int:
        """How many different ones."""
        return len(set(self._by))


class Column(Lazy[Figure]):
    """The figures of very many forms, or rows, for one measure: their numbers, and each figure as soon as it is looked at.

    Attributes:
        items: the forms, or rows, that the figures are of.
        measure, unit: what of them, and the unit of money that it is brought to.
        values: the number of each.
    """

    __slots__ = ("__weakref__", "_make", "items", "measure", "unit", "values")

    def __init__(
        self, items: Sequence[Any], values: Sequence[Decimal], make: Callable[[int], Figure | None], measure: str, unit: str | None = None
    ) -> None:
        self.items = items
        self.values = values
        self.measure = measure
        self.unit = unit
        self._make = make

    def __len__(self) -> int:
        """How many."""
        return len(self.values)

    def member(self, place: int) -> Figure:
        """A figure."""
        figure = self._make(place)
        if figure is None:
            raise ValueError(f"{self.measure}: no figure at {place}")
        return figure

    def __eq__(self, other: object) -> bool:
        """Whether it is the same measure of the same things."""
        own = (self.measure, self.unit)
        return self is other or (isinstance(other, Column) and own == (other.measure, other.unit) and self.items == other.items)

    def __hash__(self) -> int:
        """Of what it is of."""
        return hash((self.measure, self.unit, len(self.values)))

    def part(self, places: Sequence[int]) -> Column:
        """The figures at these places."""
        items, values = self.items, self.values
        return Column([items[i] for i in places], [values[i] for i in places], lambda i: self[places[i]], self.measure, self.unit)


def printed(fact: Fact) -> Figure | None:
    """The figure of a printed number; None for anything else."""
    if isinstance(fact.value, Decimal):
        return Figure("cell", fact.value, keys=(fact.key,))
    return None


def total(figures: Sequence[Figure]) -> Figure:
    """The sum; 0 of none."""
    return Figure("sum", sum_of(values_of(figures)), figures if isinstance(figures, Column) else tuple(figures))


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
    return Figure("ratio", percent(first.value, second.value, by), (first, second), by=by)


def percent(first: Decimal, second: Decimal, by: Decimal = Decimal(100)) -> Decimal:
    """The number of `ratio`; the second is not 0."""
    return kept(_EXACT.divide(first * by, second))


def count(keys: Iterable[CellKey]) -> Figure:
    """How many different ones."""
    counted = tuple(dict.fromkeys(keys))
    return Figure("count", Decimal(len(counted)), keys=counted)


def numbered(of: int) -> Figure:
    """So many."""
    return Figure("count", Decimal(of), keys=Numbered(of))


def count_distinct(by: Sequence[Hashable]) -> Figure:
    """How many different things."""
    keys = Distinct(by)
    return Figure("count", Decimal(keys.distinct), keys=keys)


def count_forms(heads: Sequence[Head]) -> Figure:
    """How many different forms."""
    return Figure("count", Decimal(len(set(map(id, heads)))), keys=FormKeys(heads))


def reckon(function: Reckoned, figures: Sequence[Figure]) -> Figure | None:
    """Sum, mean, least, greatest or middle of figures; None of none. A mean that does not come out even is kept to six places."""
    if not figures:
        return None
    values = values_of(figures)
    return Figure(function, _FUNCTIONS[function](values), figures if isinstance(figures, Column) else tuple(figures))


def figures_of(lines: Sequence[Line]) -> Sequence[Figure]:
    """The figures of lines that have one."""
    if isinstance(lines, Lines) and lines.figures is not None:
        return lines.figures
    return [line.figure for line in lines if line.figure is not None]


def values_of(figures: Sequence[Figure]) -> Sequence[Decimal]:
    """The numbers of figures."""
    return figures.values if isinstance(figures, Column) else [one.value for one in figures]


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
