"""What holds for any text of the value grammar, however long: it is read, in time, and what is read can be compared."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from schema.comparison import judge, judge_figures
from schema.deadlines import find_date
from schema.mentions import common_pairs, find_mentions
from schema.numerals import chinese_number, normalise, number
from schema.record import MAX_DIGITS
from schema.units import split_unit, unit_of
from schema.values import Deadline, Level, Quantity, Range, parse

FRAGMENTS = (
    *(
        "1",
        "9",
        "12",
        "1,000",
        ".",
        "1.5",
        "-",
        "~",
        "至",
        "到",
        "%",
        "％",
        "个",
        "次",
        "万",
        "亿",
        "万元",
        "元",
        "/",
        "平方米",
        "m2",
        "年",
    ),
    *(
        "月",
        "日",
        "前",
        "底",
        "末",
        "以内",
        "以上",
        "内",
        "（",
        "）",
        "(含)",
        "不少于",
        "不超过",
        "≥",
        "≤",
        ">=",
        "<",
        "且",
        "并",
        "，",
        "、",
    ),
    *(
        "；",
        "。",
        "一",
        "十",
        "百",
        "零",
        "两",
        "第",
        "每",
        "约",
        "余",
        "多",
        "百分之",
        "2024年",
        "12月",
        "31日",
        "季度",
        "上半年",
        "部分达成",
    ),
    *("达成", "指标", "未", "是", "有", "无", "—", " ", "\u3000", "\0", "\u202e", "a", "①", "½", "²", "٣", "Ⅷ", "😀", "\n", "“", "”"),
)
texts = st.text(max_size=60) | st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join)
repeated = st.tuples(st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4), st.integers(100, 1500)).map(
    lambda p: "".join(p[0]) * p[1]
)


@given(texts)
def test_any_text_is_read(text: str) -> None:
    value = parse(text)
    assert parse(text) == value
    assert isinstance(str(value) if not isinstance(value, Deadline) else value.note, str)
    if isinstance(value, Quantity):
        assert value.amount.is_finite() and value.unit.factor > 0
    if isinstance(value, Range):
        assert value.low.amount.is_finite() and value.high.amount.is_finite()


@given(repeated)
@example("2024年" * 1500)
@example("12月m2" * 1500)
@example("2024年十" * 1500 + "3次")
@example("9" * 6000)
@example("第十、" * 2000)
def test_long_texts_are_read_in_time(text: str) -> None:
    started = time.process_time()
    parse(text)
    find_mentions(text)
    find_date(text)
    split_unit(text)
    chinese_number(text)
    # A hundred times what is usual, on a machine that others use as well.
    assert time.process_time() - started < 2


@given(texts, texts, st.none() | st.integers(1990, 2100))
def test_any_two_can_be_compared(target: str, actual: str, year: int | None) -> None:
    a, b = parse(target), parse(actual)
    assert judge(a, b, year) == judge(parse(target), parse(actual), year)
    judge_figures(a, b)


@given(texts)
@example("m2m2m2")
@example("3m2km2m3")
def test_normalising_twice_changes_nothing(text: str) -> None:
    # 1/2 of ½ is made of other signs the first time only.
    once = normalise(text)
    assert normalise(normalise(once)) == normalise(once)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_printed_numbers_are_read_back(amount: Decimal) -> None:
    assert number(f"{amount:,}") == number(f"{amount}") == amount


@given(st.text(alphabet="0123456789.,", max_size=60) | st.text(max_size=10))
def test_no_digits_make_a_number_that_is_too_long(digits: str) -> None:
    try:
        read = number(digits)
    except ArithmeticError:
        # What no NUMBER match prints.
        return
    assert read is None or len(str(abs(read).to_integral_value())) <= MAX_DIGITS + 1


def _numeral(value: int) -> str:
    """A number below ten thousand as it is written: 205 -> 二百零五."""
    out, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return out or "零"


@given(st.integers(0, 9999))
def test_numerals_are_read_back(value: int) -> None:
    assert chinese_number(_numeral(value)) == value
    if 10 <= value < 20:
        assert chinese_number(_numeral(value)[1:]) == value


@given(texts)
def test_any_unit_has_a_factor(text: str) -> None:
    assert unit_of(text).factor > 0
    unit, rest = split_unit(text)
    assert unit.factor > 0
    assert text.endswith(rest) or rest in text or not rest


@given(st.integers(2000, 2035), st.integers(1, 12), st.integers(1, 28), st.sampled_from(["{}年{}月{}日前", "{}.{}.{}前", "{}-{}-{}前"]))
def test_printed_dates_are_read_back(year: int, month: int, day: int, printed: str) -> None:
    value = parse(printed.format(year, month, day))
    assert isinstance(value, Deadline)
    assert (value.year, value.last, value.relation) == (year, (month, day), "by")


@given(texts, st.integers(1990, 2100))
def test_any_date_is_one(text: str, year: int) -> None:
    value = parse(text)
    if isinstance(value, Deadline):
        assert all(1 <= month <= 12 and 1 <= day <= 31 for month, day in (value.first, value.last))
        assert all(1900 <= shown <= 2099 for shown in value.years)
        assert len(value.limits(year)) == 3


@given(texts, texts)
def test_mentions_lie_in_their_text(text: str, other: str) -> None:
    for mention in find_mentions(text):
        assert mention.quantity.amount.is_finite()
    assert common_pairs(text, other) == common_pairs(other, text)


@pytest.mark.parametrize("text", ["2024年" * 1500, "2024年十" * 1500 + "3次"])
def test_a_row_of_dates_is_no_quantity(text: str) -> None:
    assert isinstance(parse(text), Level | Deadline)
