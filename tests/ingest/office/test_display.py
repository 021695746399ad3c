"""What a workbook shows for a value."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.office.display import shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "0.00", ""),
        ("≥90%", "General", "≥90%"),
        (100, "General", "100"),
        (0.1 + 0.2, "General", "0.3"),
        (6164.19, "#,##0.00", "6,164.19"),
        (1234567, "#,##0", "1,234,567"),
        (0.9989, "0.00%", "99.89%"),
        (0.9852, "0%", "99%"),
        (10.0, "0.00", "10.00"),
        (2.675, "0.00", "2.68"),
        (0.5, "#.##", ".5"),
        (-5.2, "0.0", "-5.2"),
        (-5.2, "0.0;(0.0)", "(5.2)"),
        (0, '0.0;-0.0;"-"', "-"),
        (15000, '0"万元"', "15000万元"),
        (15000, "0,", "15"),
        (12.5, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "12.50"),
        (7, "000", "007"),
        (3, "@", "3"),
        (True, "General", "TRUE"),
        (datetime.datetime(2024, 6, 30), "yyyy-mm-dd", "2024-06-30"),
        (datetime.datetime(2024, 6, 3), 'yyyy"年"m"月"d"日"', "2024年6月3日"),
        (datetime.date(2024, 6, 3), "mm-dd-yy", "2024/6/3"),
        (5.0, ";;;", ""),
        (-3, "General", "-3"),
        (5, 'General"分"', "5分"),
        (98.5, '"≥"G/通用格式', "≥98.5"),
        (1200, "[$¥-804]#,##0.00", "¥1,200.00"),
        (5, "[Red]0.0", "5.0"),
        ("优", '@"等"', "优等"),
        ("优", "0.00;-0.00;0;", ""),
        ("优", "0.00", "优"),
    ],
)  # fmt: skip
def test_a_value_shows_as_its_format_says(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format"),
    [
        (1234.5, "0.00E+00"),
        (0.5, "# ?/?"),
        (datetime.datetime(2024, 6, 3, 12, 30), "h:mm"),
        (float("nan"), "0.0"),
        (1e28, "General"),
        (123456789012, "General"),
        (0.00001, "General"),
        (5, "[DBNum1]0"),
        (95, "[>=90]0.0;0"),
        (datetime.date(2024, 6, 3), "[DBNum1]yyyy"),
        ("甲", "@@"),
    ],
)
def test_what_is_not_understood_is_not_guessed(value: object, number_format: str) -> None:
    assert shown(value, number_format) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["0.00", "#,##0.00"]))
def test_decimals_show_what_was_typed(value: object, number_format: str) -> None:
    text = shown(float(str(value)), number_format)
    assert text is not None
    assert text.replace(",", "") == f"{value:.2f}"


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(alphabet='0#,.%;@"年-E?_*[]yd/', max_size=12))
def test_any_format_gives_a_text_or_nothing(value: float, number_format: str) -> None:
    text = shown(value, number_format)
    assert text is None or isinstance(text, str)
