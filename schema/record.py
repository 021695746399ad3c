"""The base of all records that cross folders, and the exact number they carry."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

MAX_PLACES = 6
"""Decimal places a stored number may have: one hundredth of a yuan in 万元."""
MAX_DIGITS = 15
"""Significant digits a stored number may have: as many as every JSON reader keeps."""
MAX_WHOLE_DIGITS = 12
"""Digits before the point: with six places behind it, what a 64-bit column holds; a thousand billion is no one project's budget."""


_FAULTS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这样的项",
    "string_type": "应为文字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "model_type": "应为一组项",
    "model_attributes_type": "应为一组项",
    "dict_type": "应为一组项",
    "tuple_type": "应为列表",
    "literal_error": "不在可用的取值之内",
}


class Record(BaseModel):
    """An immutable record that knows all its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def told_fault(error: ValidationError) -> str:
    """What is wrong with the first value that does not fit, in Chinese; pydantic's own words where it says something rare."""
    first = error.errors()[0]
    return _FAULTS.get(first["type"]) or first["msg"].removeprefix("Value error, ")


def plain(number: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent notation: 10.00 -> 10, 9.90 -> 9.9."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return number.normalize()


def _refuse_binary(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise ValueError("应为数字，且不能是二进制浮点数")
    return value


def _bounded(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("应为有限的数字")
    if number.adjusted() >= MAX_WHOLE_DIGITS:
        raise ValueError(f"整数部分超过 {MAX_WHOLE_DIGITS} 位")
    number = plain(number)
    _, digits, exponent = number.as_tuple()
    if len(digits) > MAX_DIGITS or -int(exponent) > MAX_PLACES:
        raise ValueError(f"有效数字超过 {MAX_DIGITS} 位，或小数超过 {MAX_PLACES} 位")
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
