"""Met, missed or not to be told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.comparison import in_one_unit, judge, judge_figures, ratio
from schema.values import Quantity, parse

FIGURES = [
    # target, actual, verdict
    ("≥250.00(次)", "987.00(次)", "met"),
    ("≥45.00(份)", "26.00(份)", "missed"),
    ("100%", "99.8%", "missed"),
    ("24次", ">24次", "met"),
    (">90%", ">90%", "met"),
    (">90%", "90%", "missed"),
    ("≥90%", ">85%", "unknown"),
    ("≤1.00(h)", "0.13(h)", "met"),
    ("≤2小时", "150分钟", "missed"),
    ("≤2小时", "1天", "missed"),
    ("≤5个工作日", "3天", "unknown"),
    ("=4.00(个)", "3.00(个)", "missed"),
    ("=30.00(项)", "35.00(项)", "missed"),
    ("0起", "0起", "met"),
    ("0", "1起", "missed"),
    ("=0.00(起)", "-1(起)", "met"),
    ("0", "100%", "unknown"),
    ("0", "0%", "met"),
    ("≥90%", "92", "met"),
    ("≥100(万条)", "120", "met"),
    ("≥5.00(亿)", "60000万条", "met"),
    ("≥2000.00(万条)", "1.5亿条", "met"),
    ("≤500万元", "4800000元", "met"),
    ("≥3个", "4项", "unknown"),
    ("≥3名", "3人", "met"),
    ("95%-100%", "97%", "met"),
    ("95%-100%", "94%", "missed"),
    ("80%-90%", "95%", "unknown"),
    ("≥10%且≤20%", "25%", "missed"),
    ("≥100人", "约100人", "unknown"),
    ("100%,通过专家评审", "100%", "unknown"),
    ("100%,通过专家评审", "90%", "missed"),
    ("下降≥3%", "下降5%", "met"),
    ("≥3%", "下降5%", "unknown"),
    ("3个标段", "3标段", "met"),
    ("≥3个", "达成指标", "unknown"),
    ("及时", "100%", "unknown"),
]


@pytest.mark.parametrize(("target", "actual", "verdict"), FIGURES, ids=[f"{t}|{a}" for t, a, _ in FIGURES])
def test_figures(target: str, actual: str, verdict: str) -> None:
    assert judge_figures(parse(target), parse(actual)) == verdict


ANYTHING = [
    ("≥3个", "达成指标", "met"),
    ("及时", "部分达成指标并具有一定效果", "missed"),
    ("完善", "完善", "met"),
    ("完善", "较好", "unknown"),
    ("是", "是", "met"),
    ("是", "否", "missed"),
    ("11月30日前", "11月20日", "met"),
    ("11月30日前", "12月1日", "missed"),
    ("11月30日前", "11月", "met"),
    ("11月15日前", "11月", "unknown"),
    ("8月前", "8月10日", "unknown"),
    ("8月前", "7月底", "met"),
    ("2024年12月底前", "2025年1月5日", "missed"),
    ("12月底前", "2024年12月20日", "met"),
]


@pytest.mark.parametrize(("target", "actual", "verdict"), ANYTHING, ids=[f"{t}|{a}" for t, a, _ in ANYTHING])
def test_any_shape(target: str, actual: str, verdict: str) -> None:
    assert judge(parse(target), parse(actual), year=2024) == verdict


def test_a_bare_zero_is_no_percentage() -> None:
    assert not in_one_unit(parse("0"), parse("100%"))
    assert in_one_unit(parse("5"), parse("100%"))


def test_ratio_scales_units() -> None:
    assert ratio(parse("≥2000.00(万条)"), parse("4亿条")) == 20
    assert ratio(parse("0个"), parse("4个")) is None


numbers = st.decimals(min_value=0, max_value=10**6, places=2, allow_nan=False, allow_infinity=False)


@given(st.sampled_from(["≥", "≤", ">", "<", "=", ""]), numbers, numbers)
def test_verdict_agrees_with_plain_comparison(sign: str, wanted: Decimal, reached: Decimal) -> None:
    least = reached >= wanted
    if not wanted and sign in ("", "="):
        least = reached <= 0
    truth = {"≥": least, "": least, "≤": reached <= wanted, ">": reached > wanted, "<": reached < wanted}
    expected = truth.get(sign, least if not wanted else reached == wanted)
    assert judge_figures(parse(f"{sign}{wanted}(个)"), parse(f"{reached}(个)")) == ("met" if expected else "missed")


@given(
    st.sampled_from(["≥", "≤", "="]),
    numbers,
    numbers,
    st.sampled_from([("元", "万元", 10000), ("条", "亿条", 10**8), ("分钟", "小时", 60)]),
)
def test_scaling_a_unit_changes_no_verdict(sign: str, wanted: Decimal, reached: Decimal, units: tuple[str, str, int]) -> None:
    small, large, factor = units
    target = parse(f"{sign}{wanted}({large})")
    assert judge_figures(target, parse(f"{reached}({large})")) == judge_figures(target, parse(f"{reached * factor}({small})"))
    assert isinstance(target, Quantity)
