"""Printed numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extract.numbers import parse_number


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("6,164.19", "6164.19", ""),
        ("１００．５", "100.5", ""),
        ("99.55%", "99.55", "%"),
        ("78.12%%", "78.12", "%"),
        ("10分", "10", "分"),
        ("-3.5", "-3.5", ""),
        ("0.00", "0", ""),
        ("12万元", "12", "万元"),
    ],
)
def test_numbers(text: str, number: str, unit: str) -> None:
    assert parse_number(text) == (Decimal(number), unit)


@pytest.mark.parametrize("text", ["", "详见附件", "15,42.6", "1.2.3", "3-5", "5个", "1e5", "NaN", "1234567890123456.7", "0.1234567"])
def test_what_is_no_number_is_not_guessed_at(text: str) -> None:
    assert parse_number(text) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False))
def test_thousands_and_widths_change_nothing(number: Decimal) -> None:
    printed = f"{number:,.2f}"
    wide = printed.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.,"})
    assert parse_number(printed) == parse_number(wide) == (number, "")


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    parsed = parse_number(text)
    assert parsed is None or parsed[0].is_finite()
