"""Declared figures reckoned anew from printed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from weakref import ref

from agents.answer.execute.figures import LOST, Column, Distinct, FormKeys, Numbered, money_factor
from agents.answer.execute.measures import cells_of, unit_in
from agents.answer.execute.records import CellKey, Figure, Line, Result, every_line, fact_at
from agents.answer.verify.text import numbers
from schema.cells import funding_cell
from schema.record import MAX_PLACES

PLACE = Decimal(1).scaleb(-MAX_PLACES)
_EXACT = Context(prec=40)
_ATTRIBUTES = {
    "total_weight": "total_weight",
    "total_score": "total_score",
    funding_cell("total", "original_budget"): "original_budget",
    funding_cell("total", "adjusted_budget"): "adjusted_budget",
    funding_cell("total", "outturn"): "outturn",
    funding_cell("total", "execution_rate"): "execution_rate",
    funding_cell("total", "weight"): "budget_weight",
    funding_cell("total", "score"): "budget_score",
}
"""Which number of a form's head a cell prints."""
_READ: dict[int, tuple[ref[Column], Sequence[Decimal] | None]] = {}
"""What was read off columns, by which objects they are, as long as they are."""


def printed_values(lines: Iterable[Line]) -> Mapping[CellKey, Decimal]:
    """Every printed number: of number cells, the quantities of targets and actuals, the one number of a clause that is quoted."""
    values: dict[CellKey, Decimal] = {}
    for line in lines:
        for fact in line.facts:
            if isinstance(fact.value, Decimal):
                values[fact.key] = fact.value
            elif isinstance(fact.value, str) and fact.what in ("target", "actual"):
                found = list(numbers(fact.value))
                if len(found) == 1:
                    values[fact.key] = found[0]
            elif fact.what == "said" and fact.quote:
                found = list(numbers(fact.quote))
                if len(found) == 1:
                    values.setdefault(fact.key, found[0])
    return values


class Printed(dict[CellKey, Decimal]):
    """The printed numbers of a result: of the lines that an answer may show, and of any other as soon as it is asked for."""

    def __init__(self, result: Result) -> None:
        super().__init__(printed_values(every_line(result)))
        self._result = result

    def __missing__(self, key: CellKey) -> Decimal:
        """The number of a line further down.

        Raises:
            KeyError: no line prints it.
        """
        fact = fact_at(self._result, key)
        found = printed_values([Line(fact.form, (fact,))]) if fact is not None else {}
        self[key] = found[key]
        return found[key]


def reckoned(figure: Figure, values: Mapping[CellKey, Decimal]) -> Decimal | None:
    """The figure reckoned anew from the printed cells; None where one is missing or the result is another."""
    if figure.op == "cell":
        try:
            value = values[figure.keys[0]]
        except KeyError:
            return None
        return value if value == figure.value else None
    if figure.op == "count":
        keys = figure.keys
        return Decimal(keys.distinct if isinstance(keys, Distinct | FormKeys | Numbered) else len(set(keys)))
    if isinstance(figure.of, Column):
        whole = column_values(figure.of)
        return _redone(figure, whole) if whole else None
    parts = [reckoned(one, values) for one in figure.of]
    known = [one for one in parts if one is not None]
    if len(known) != len(parts) or not known:
        return Decimal(0) if figure.op == "sum" and not parts else None
    return _redone(figure, known)


def column_values(column: Column) -> Sequence[Decimal] | None:
    """What the forms of a column print, read off them, cell by cell; None where one does not print all that it needs.

    Neither columns nor forms ever change, so what was read off one is known as long as it is kept for the next question.
    """
    # Columns of the same things are equal; this very one is meant.
    key = id(column)
    known = _READ.get(key)
    if known is None:
        known = _READ[key] = (ref(column, lambda _: _READ.pop(key, None)), _column_read(column))
    return known[1]


def _column_read(column: Column) -> list[Decimal] | None:
    if column.measure == LOST:
        try:
            return [row.weight - row.score for row in column.items]
        except TypeError:
            # One of them prints no weight, or no score.
            return None
    cells = [_ATTRIBUTES[cell] for cell in cells_of(column.measure) if cell in _ATTRIBUTES]
    if len(cells) != len(cells_of(column.measure)):
        return None
    found = []
    for head in column.items:
        printed = [getattr(head, name) for name in cells]
        if not all(isinstance(value, Decimal) for value in printed):
            return None
        value = _measured(column.measure, printed)
        factor = Decimal(1) if column.unit is None else _factor(head.unit_of_money, column.unit)
        if value is None or factor is None:
            return None
        found.append(value * factor)
    return found


def _measured(measure: str, printed: Sequence[Decimal]) -> Decimal | None:
    if len(printed) == 1:
        return printed[0]
    apart = printed[0] - printed[1]
    if measure == "budget_gap":
        return abs(apart)
    if measure == "budget_change":
        return six(_EXACT.divide(abs(apart) * 100, printed[1])) if printed[1] else None
    return apart


@lru_cache(maxsize=1024)
def _factor(printed_unit: str | None, unit: str) -> Decimal | None:
    return money_factor(unit_in(printed_unit), unit)


def _redone(figure: Figure, values: Sequence[Decimal]) -> Decimal | None:
    if figure.op == "sum":
        return sum(values, Decimal(0))
    if figure.op == "mean":
        return six(_EXACT.divide(sum(values, Decimal(0)), Decimal(len(values))))
    if figure.op == "difference":
        return values[0] - values[1] if len(values) == 2 else None
    if figure.op == "ratio":
        return six(_EXACT.divide(values[0] * figure.by, values[1])) if len(values) == 2 and values[1] else None
    return values[0] * figure.by if figure.op == "scale" else _of_order(figure.op, sorted(values))


def _of_order(op: str, ordered: list[Decimal]) -> Decimal:
    middle = len(ordered) // 2
    if op == "median":
        return ordered[middle] if len(ordered) % 2 else six((ordered[middle - 1] + ordered[middle]) / 2)
    return ordered[0] if op == "min" else ordered[-1]


def six(value: Decimal) -> Decimal:
    """A value to six places where it has more."""
    return value.quantize(PLACE, context=_EXACT) if -int(value.as_tuple().exponent) > MAX_PLACES else value
