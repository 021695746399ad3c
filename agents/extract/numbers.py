"""Printed numbers of the number cells: amounts, weights, rates, scores.

Targets and actuals stay text; schema.values parses those.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from schema.record import Number
from schema.text import fold

_PRINTED = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(%+|分|元|万元|亿元)?")
_NOTHING = frozenset({"无", "不适用"})
_NUMBER: TypeAdapter[Decimal] = TypeAdapter(Number)


def parse_number(text: str) -> tuple[Decimal, str] | None:
    """The number a cell prints and the unit behind it (%, 分, 元, 万元, 亿元 or nothing); None where it prints no single number.

    Thousands separators must stand at thousands: 15,42.6 is nothing that may be guessed at.
    """
    match = _PRINTED.fullmatch(fold(text))
    if not match:
        return None
    try:
        number = _NUMBER.validate_python(Decimal(match[1].replace(",", "")))
    except ValidationError:
        return None
    return number, "%" if (match[2] or "").startswith("%") else match[2] or ""


def says_nothing(text: str) -> bool:
    """Whether the text of a number cell says that there is no number."""
    return fold(text) in _NOTHING
