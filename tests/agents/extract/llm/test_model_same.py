"""Whether what a model says is what is printed: by meaning for figures, by characters for texts, and never by likeness."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agents.extract.llm.same import alike, bare, key, said_nothing, same, same_number, same_value, value_like

NUMBERS = st.decimals(min_value=0, max_value=999_999_999, places=2)


@pytest.mark.parametrize(
    ("said", "printed", "right"),
    [
        ("98.50", "98.20", False),
        ("98.50", "98.5", True),
        ("87.00", "987.00", False),
        ("87.00", "87", True),
        ("15,425.64", "15425.64", True),
        ("15,42.64", "1542.64", False),
        ("10", "100", False),
        ("10", "1.0", False),
        ("10.00%", "10%", True),
        ("10%", "10", True),
        ("0.1", "10%", False),
        ("10分", "10", True),
        ("10万元", "10元", False),
        ("10万元", "10亿元", False),
        ("１０．５", "10.5", True),
        ("-3", "3", False),
        ("十", "10", False),
        ("10 20", "1020", True),
        ("10、20", "10", False),
        ("", "0", False),
    ],
)
def test_numbers(said: str, printed: str, right: bool) -> None:
    assert same_number(said, printed) is right
    assert same_number(printed, said) is right


@given(NUMBERS, NUMBERS)
def test_numbers_are_the_same_where_their_decimals_are(a: Decimal, b: Decimal) -> None:
    assert same_number(f"{a:,f}", f"{b:f}") is (a == b)
    assert same_number(f"{a:f}", f"{a.normalize():f}")


@given(NUMBERS, st.sampled_from(["", "%", "分", "元", "万元", "亿元"]), st.sampled_from(["", "%", "分", "元", "万元", "亿元"]))
def test_units_that_are_printed_on_both_sides_have_to_be_one(n: Decimal, one: str, other: str) -> None:
    assert same_number(f"{n:f}{one}", f"{n:f}{other}") is (one == other or not one or not other)


@pytest.mark.parametrize(
    ("said", "printed", "right"),
    [
        ("≥350人次", "≥250人次", False),
        ("≥350人次", "≥350人次", True),
        ("≥350人次", ">=350人次", True),
        ("≥350人次", "≤350人次", False),
        ("≥350人次", "350人次", False),
        ("≥350人次", ">350人次", False),
        ("≥350人次", "≥350次", False),
        ("≥95%", "≥95.00(%)", True),
        ("≥95%", "≥95.00（%）", True),
        ("≥95%", "≥0.95", False),
        ("≥95%", "≥9.5%", False),
        ("38公里", "38.00(公里)", True),
        ("38公里", "38米", False),
        ("87.00", "987.00", False),
        ("1万元", "10000元", False),
        ("1万元", "1元", False),
        ("≤12.5(万元)", "≤12.50万元", True),
        ("95%-100%", "95%-100%", True),
        ("95%-100%", "95%-99%", False),
        ("2031年11月底前", "2031年12月底前", False),
        ("2031年11月底前", "2031年11月底前", True),
        ("优良中低差", "高", False),
        ("达成指标", "达成预期指标", False),
        ("达成指标", "部分达成指标并具有一定效果", False),
        ("100%,通过验收", "100%", False),
    ],
)
def test_values(said: str, printed: str, right: bool) -> None:
    assert same_value(said, printed) is right
    assert same("target", said, printed) is right


@pytest.mark.parametrize("text", ["10000元与1万元", "≥350", "98.50"])
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert all(same(field, text, text) for field in ("name", "target", "actual", "deviation"))


@pytest.mark.parametrize(
    ("said", "printed", "right"),
    [
        ("游客投诉量", "1.游客投诉量", True),
        ("游客投诉量", "指标1：游客投诉量", True),
        ("游客投诉量", "指标十二：游客投诉量", True),
        ("游客投诉量", "（3）游客投诉量", True),
        ("游客投诉量", "③游客投诉量", True),
        ("指标2：游客投诉量", "指标1：游客投诉量", True),
        ("游客投诉量", "1.5倍游客投诉量", False),
        ("游客投诉量", "游客投诉", False),
        ("游客投诉量", "游客投诉数量", False),
        ("游客投诉量（起）", "游客投诉量(起)", True),
        ("ＡＰＰ下载量", "APP下载量", True),
        ("12345热线接听率", "12345热线接听率", True),
        ("12345热线接听率", "热线接听率", False),
        ("“一网通办”办件量", '"一网通办"办件量', True),
        ("游客 投诉量", "游客投诉量", True),
    ],
)
def test_names(said: str, printed: str, right: bool) -> None:
    assert same("name", said, printed) is right


def test_a_name_of_numbering_alone_stays() -> None:
    assert bare("①") == key("①")


@pytest.mark.parametrize(
    ("said", "printed", "right"),
    [
        ("批复较晚，开工推迟。", "批复较晚,开工推迟。", True),
        ("批复较晚，开工推迟。", "批复较晚，开工推迟", False),
        ("1.批复较晚", "批复较晚", False),
    ],
)
def test_deviations(said: str, printed: str, right: bool) -> None:
    assert same("deviation", said, printed) is right


LONG = "受汛期影响，补植苗木推迟到第四季度，共补植1100株，下年将提前备苗。"


@pytest.mark.parametrize(
    ("printed", "right"),
    [
        (LONG, True),
        (LONG.replace("推迟", "椎迟"), True),
        (LONG.replace("1100", "1200"), False),
        (LONG.replace("1100", "11000"), False),
        (LONG[:20], False),
        ("补植苗木", False),
    ],
    ids=["same", "one character misread", "another figure", "a digit more", "cut", "short"],
)
def test_likeness_is_for_long_texts_with_equal_digits(printed: str, right: bool) -> None:
    assert alike(LONG, printed) is right


@given(NUMBERS, NUMBERS)
def test_no_figure_is_like_another(a: Decimal, b: Decimal) -> None:
    assume(a != b)
    assert not alike(f"全年共接待游客{a:f}人次，投诉量下降", f"全年共接待游客{b:f}人次，投诉量下降") or f"{a:f}".replace(
        ".", ""
    ) == f"{b:f}".replace(".", "")


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("10", True),
        ("10.5分", True),
        ("≥95.00(%)", True),
        ("38公里", True),
        ("95%-100%", True),
        ("达成指标", False),
        ("100%,通过验收", False),
        ("维护园路长度", False),
    ],
)
def test_what_a_figure_is(text: str, figure: bool) -> None:
    assert value_like(text) is figure


@pytest.mark.parametrize("text", [None, "", "-", "—", "/", " "])
def test_nothing_is_said(text: str | None) -> None:
    assert said_nothing(text)


@pytest.mark.parametrize("text", ["0", "无", "…"])
def test_something_is_said(text: str) -> None:
    assert not said_nothing(text)
