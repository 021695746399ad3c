"""The value grammar: every printed shape, and what holds for any string."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.canonical import read_forms
from schema.deadlines import Deadline
from schema.values import Empty, Level, Quantity, Range, YesNo, parse

GOLD = sorted((Path(__file__).parents[2] / "data" / "samples" / "gold").glob("*.json"))

QUANTITIES = [
    # printed, comparator, amount, base unit, value in base units
    ("≥250.00(次)", "≥", "250.00", "次", "250"),
    ("≤1.00(h)", "≤", "1.00", "秒", "3600"),
    (">99.90(%)", ">", "99.90", "%", "99.9"),
    ("=100(%)", "=", "100", "%", "100"),
    (">=90%", "≥", "90", "%", "90"),
    ("=>90%", "≥", "90", "%", "90"),
    ("<= 5 个", "≤", "5", "个", "5"),
    ("≧90％", "≥", "90", "%", "90"),
    ("⩾90%", "≥", "90", "%", "90"),
    ("≦3天", "≤", "3", "秒", "259200"),
    ("＝２（类）", "=", "2", "类", "2"),
    ("＞85000辆", ">", "85000", "辆", "85000"),
    ("≮90%", "≥", "90", "%", "90"),
    ("≯10%", "≤", "10", "%", "10"),
    ("不少于5万次", "≥", "5", "次", "50000"),
    ("不低于90分", "≥", "90", "分", "90"),
    ("不超过100万元", "≤", "100", "元", "1000000"),
    ("不大于3起", "≤", "3", "起", "3"),
    ("至少12次", "≥", "12", "次", "12"),
    ("超过100人", ">", "100", "人", "100"),
    ("大于等于3家", "≥", "3", "家", "3"),
    ("小于10(个工作日)", "<", "10", "工作日", "10"),
    ("90%以上", "≥", "90", "%", "90"),
    ("90%（含）以上", "≥", "90", "%", "90"),
    ("90%及以上", "≥", "90", "%", "90"),
    ("100万元以内", "≤", "100", "元", "1000000"),
    ("5%以下", "≤", "5", "%", "5"),
    ("控制在5%以内", "≤", "5", "%", "5"),
    ("2小时内", "≤", "2", "秒", "7200"),
    ("10天内", "≤", "10", "秒", "864000"),
    ("注册后2小时内", "≤", "2", "秒", "7200"),
    ("≤5个工作日", "≤", "5", "工作日", "5"),
    ("431500.00(万条)", None, "431500.00", "条", "4315000000"),
    ("≥1.50(亿条)", "≥", "1.50", "条", "150000000"),
    ("≥5.00(亿)", "≥", "5.00", "", "500000000"),
    ("≤30.00(元/平方米)", "≤", "30.00", "元/平方米", "30"),
    ("≥1.00(周/次)", "≥", "1.00", "秒/次", "604800"),
    ("1.30(/)", None, "1.30", "", "1.3"),
    ("1,289.5元", None, "1289.5", "元", "1289.5"),
    ("１，０００", None, "1000", "", "1000"),
    ("10000", None, "10000", "", "10000"),
    ("0.00", None, "0.00", "", "0"),
    ("0个", None, "0", "个", "0"),
    ("-5%", None, "-5", "%", "-5"),
    ("≤-5%", "≤", "-5", "%", "-5"),
    ("负3%", None, "-3", "%", "-3"),
    ("1份年度运维总结报告", None, "1", "份", "1"),
    ("100%响应故障并及时解决", None, "100", "%", "100"),
    ("1项,全年", None, "1", "项", "1"),
    ("三次", None, "3", "次", "3"),
    ("≥两份", "≥", "2", "份", "2"),
    ("百分之九十五", None, "95", "%", "95"),
    ("每年2次", None, "2", "次/年", "2"),
    ("2次/年", None, "2", "次/年", "2"),
    ("2024年完成3次", None, "3", "次", "3"),
    ("3名", None, "3", "人", "3"),
    ("15㎡", None, "15", "平方米", "15"),
    ("3次内部培训", None, "3", "次", "3"),
    ("5‰", None, "5", "%", "0.5"),
    ("20个百分点", None, "20", "百分点", "20"),
]


@pytest.mark.parametrize(("printed", "comparator", "amount", "unit", "value"), QUANTITIES, ids=[case[0] for case in QUANTITIES])
def test_quantities(printed: str, comparator: str | None, amount: str, unit: str, value: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Quantity)
    assert (parsed.comparator, str(parsed.amount), parsed.unit.base, parsed.value) == (comparator, amount, unit, Decimal(value))
    assert not parsed.approximate


@pytest.mark.parametrize("printed", ["600余个", "3万多人", "约50人", "近100场", "20人左右"])
def test_about(printed: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Quantity)
    assert parsed.approximate


RANGES = [
    ("95%-100%", "95", "100", False),
    ("95-100%", "95", "100", False),
    ("95％～100％", "95", "100", False),
    ("3至5个", "3", "5", False),
    ("3到5个", "3", "5", False),
    ("1,000—2,000人次", "1000", "2000", False),
    ("≥10%且≤20%", "10", "20", True),
    ("≤20%,≥10%", "10", "20", True),
    ("满意度90-95分", "90", "95", False),
]


@pytest.mark.parametrize(("printed", "low", "high", "signed"), RANGES, ids=[case[0] for case in RANGES])
def test_ranges(printed: str, low: str, high: str, signed: bool) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Range)
    assert (parsed.low.amount, parsed.high.amount, parsed.signed) == (Decimal(low), Decimal(high), signed)
    assert parsed.low.unit == parsed.high.unit


DATES = [
    # printed, year, first day, last day, relation
    ("11月30日前", None, (11, 30), (11, 30), "by"),
    ("2024年12月底前", 2024, (12, 21), (12, 31), "by"),
    ("12月底前", None, (12, 21), (12, 31), "by"),
    ("8月前", None, (8, 1), (8, 31), "before"),
    ("八月前", None, (8, 1), (8, 31), "before"),
    ("十二月底前", None, (12, 21), (12, 31), "by"),
    ("及时,12月月底前完成", None, (12, 21), (12, 31), "by"),
    ("2024年10-11月", 2024, (10, 1), (11, 30), "in"),
    ("1-12月", None, (1, 1), (12, 31), "in"),
    ("2023年10月-2024年3月", 2024, (10, 1), (3, 31), "in"),
    ("2024.12.31", 2024, (12, 31), (12, 31), "in"),
    ("2024-06-30前", 2024, (6, 30), (6, 30), "by"),
    ("2024/6/30之前", 2024, (6, 30), (6, 30), "by"),
    ("2024年12月", 2024, (12, 1), (12, 31), "in"),
    ("2024年底前", 2024, (12, 21), (12, 31), "by"),
    ("年底前完成", None, (12, 21), (12, 31), "by"),
    ("第四季度", None, (10, 1), (12, 31), "in"),
    ("2024年三季度末前", 2024, (9, 30), (9, 30), "by"),
    ("上半年", None, (1, 1), (6, 30), "in"),
    ("2024.12前", 2024, (12, 1), (12, 31), "before"),
]


@pytest.mark.parametrize(("printed", "year", "first", "last", "relation"), DATES, ids=[case[0] for case in DATES])
def test_dates(printed: str, year: int | None, first: tuple[int, int], last: tuple[int, int], relation: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Deadline)
    assert (parsed.year, parsed.first, parsed.last, parsed.relation) == (year, first, last, relation)


DEGREES = [
    ("达成指标", "met"),
    ("达成年度指标", "met"),
    ("已全部完成年度目标", "met"),
    ("全部或基本达成预期指标", "mostly"),
    ("部分达成指标并具有一定效果", "partial"),
    ("部分达成年度指标并具有一定效果", "partial"),
    ("未达成指标且效果较差", "not_met"),
    ("未完成", "not_met"),
]


@pytest.mark.parametrize(("printed", "degree"), DEGREES, ids=[case[0] for case in DEGREES])
def test_levels(printed: str, degree: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Level)
    assert parsed.degree == degree


WORDS = """
及时 健全 稳定运行 有提升 按概算批复 每月一巡检 零发生 应开尽开 一次性通过 一流 三级 3级 5G ISO9001认证 7*24小时 1:1 第2年 100、200
较上一年度提高 对接世行标准（4枚一套） 正常（365天/年） 完成2022年度审计报告 每月5日前 A1 线上3次线下4次
"""


@pytest.mark.parametrize("printed", WORDS.split())
def test_words_stay_words(printed: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Level)
    assert parsed.degree is None


@pytest.mark.parametrize(("printed", "sign"), [("<=概算批复", "≤"), ("不超过预算批复数", "≤"), ("不低于上年水平", "≥")])
def test_words_keep_their_comparator(printed: str, sign: str) -> None:
    parsed = parse(printed)
    assert isinstance(parsed, Level)
    assert parsed.comparator == sign


@pytest.mark.parametrize("printed", [None, "", " ", "-", "—", "－", "/", "--", "无数据"])
def test_empty(printed: str | None) -> None:
    assert parse(printed) == Empty()


@pytest.mark.parametrize(("printed", "yes"), [("是", True), ("否", False), ("有", True), ("无", False)])
def test_yes_no(printed: str, yes: bool) -> None:
    assert parse(printed) == YesNo(yes)


def test_samples_parse_to_what_they_print() -> None:
    """A sample string with a sign, or one figure in a known unit, is never a mere word."""
    words = {
        text
        for path in GOLD
        for form in read_forms(path)
        for row in form.indicators
        for text in (row.target, row.actual)
        if isinstance(parse(text), Level) and text and any(c.isdigit() for c in text)
    }
    assert words == {"对接世行标准（4枚一套）", "正常（365天/年）"}


UNITS = ["", "个", "次", "%", "万元", "元", "亿元", "万条", "亿条", "人次", "场次", "元/平方米", "个工作日", "h", "小时", "家", "PB", "人"]
amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False)
quantities = st.tuples(st.sampled_from(["", "≥", "≤", ">", "<", "="]), amounts, st.sampled_from(UNITS))


def printed_form(sign: str, amount: Decimal, unit: str, *, thousands: bool = False, brackets: bool = False) -> str:
    number = f"{amount:,}" if thousands else f"{amount}"
    return f"{sign}{number}({unit})" if brackets and unit else f"{sign}{number}{unit}"


@given(st.text(max_size=40))
def test_never_fails(text: str) -> None:
    parsed = parse(text)
    assert isinstance(str(parsed) if not isinstance(parsed, Deadline) else parsed.note, str)


@given(st.text(alphabet="0123456789.,-~至%％次个万亿元年月日前底内以上≥≤><=（）()不超过少于一二十百余约 、，。第每", max_size=16))
def test_never_fails_on_its_own_alphabet(text: str) -> None:
    parse(text)


@given(quantities)
def test_printed_form_round_trips(quantity: tuple[str, Decimal, str]) -> None:
    parsed = parse(printed_form(*quantity))
    assert isinstance(parsed, Quantity)
    assert (parsed.comparator or "", parsed.amount, parsed.unit.printed) == quantity
    assert parse(str(parsed)) == parsed


@given(quantities)
def test_separators_brackets_and_width_change_nothing(quantity: tuple[str, Decimal, str]) -> None:
    plain = parse(printed_form(*quantity))
    assert parse(printed_form(*quantity, thousands=True)) == plain
    assert parse(printed_form(*quantity, brackets=True)) == plain
    wide = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
    assert parse(printed_form(*quantity, thousands=True, brackets=True).translate(wide)) == plain
    assert parse(" ".join(printed_form(*quantity))) == plain


@given(amounts, amounts, st.sampled_from(UNITS), st.sampled_from("-~—至"))
def test_ranges_hold_their_bounds(a: Decimal, b: Decimal, unit: str, dash: str) -> None:
    low, high = sorted((a, b))
    parsed = parse(f"{low}{unit}{dash}{high}{unit}")
    assert isinstance(parsed, Range)
    assert (parsed.low.amount, parsed.high.amount) == (low, high)
    assert parse(str(parsed)) == parsed
