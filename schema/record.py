"""The base of all records that cross folders, and the exact number they carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

MAX_PLACES = 6
"""Decimal places a stored number may have: one hundredth of a yuan in 万元."""
MAX_DIGITS = 15
"""Significant digits a stored number may have: as many as every JSON reader keeps."""
MAX_WHOLE_DIGITS = 12
"""Digits before the point: with six places behind it, what a 64-bit column holds; a thousand billion is no one project's budget."""


class Record(BaseModel):
    """An immutable record that knows all its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def plain(number: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent notation: 10.00 -> 10, 9.90 -> 9.9."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


def _refuse_binary(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise ValueError("a number is a Decimal, an int or a string of digits, never a binary float")
    return value


def _bounded(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("not a finite number")
    if number.adjusted() >= MAX_WHOLE_DIGITS:
        raise ValueError(f"more than {MAX_WHOLE_DIGITS} digits before the point")
    number = plain(number)
    _, digits, exponent = number.as_tuple()
    if len(digits) > MAX_DIGITS or -int(exponent) > MAX_PLACES:
        raise ValueError(f"more than {MAX_DIGITS} significant digits or {MAX_PLACES} decimal places")
    return number


def json_number(number: Decimal) -> int | float:
    """The JSON number that reads back as the same Decimal (at most 15 significant digits survive a double)."""
    return int(number) if number == number.to_integral_value() else float(number)


Number = Annotated[
    Decimal,
    BeforeValidator(_refuse_binary),
    AfterValidator(_bounded),
    PlainSerializer(json_number, return_type=int | float, when_used="json"),
]
"""An exact decimal with trailing zeros dropped; a JSON number in the export."""
