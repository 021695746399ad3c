"""Declared figures reckoned anew from printed cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal

from agents.answer.execute.records import CellKey, Figure, Line
from agents.answer.verify.text import numbers
from schema.record import MAX_PLACES

PLACE = Decimal(1).scaleb(-MAX_PLACES)
_EXACT = Context(prec=40)


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


def reckoned(figure: Figure, values: Mapping[CellKey, Decimal]) -> Decimal | None:
    """The figure reckoned anew from the printed cells; None where one is missing or the result is another."""
    if figure.op == "cell":
        value = values.get(figure.keys[0])
        return value if value == figure.value else None
    if figure.op == "count":
        return Decimal(len(set(figure.keys)))
    parts = [reckoned(one, values) for one in figure.of]
    known = [one for one in parts if one is not None]
    if len(known) != len(parts) or not known:
        return Decimal(0) if figure.op == "sum" and not parts else None
    return _redone(figure, known)


def _redone(figure: Figure, values: list[Decimal]) -> Decimal | None:
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
