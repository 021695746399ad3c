"""Values with units in questions, and the conditions they make: 低于80%, 过亿元, 三成以上, 不少于5次."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agents.answer.query import Comparator, Condition, Field_, Measure
from agents.answer.words import measures as words
from schema.numerals import NUMBER, chinese_number, number

_HAN = "零〇一二两三四五六七八九十百千"
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NTH_ENGLISH = ("second", "third", "fourth", "fifth")
_SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12, "千万": 10**7, "百万": 10**6, "million": 10**6, "billion": 10**9, "thousand": 10**3}
_VALUE = re.compile(
    rf"(?:(?P<hundred>百分之)(?P<share>[{_HAN}]+|{NUMBER})|(?P<digits>{NUMBER})|(?P<han>[{_HAN}]+(?:点[{_HAN}]+)?)"
    r"(?=[万亿元块%成个倍半次件项人名条]|分(?![比之点别开中公]))"
    r"|(?<=[过破超上到])(?=[万亿千百]))\s?(?:个(?=[万亿]))?(?P<scale>万亿|千万|百万|万|亿|million|billion|thousand)?\s?"
    r"(?P<unit>亿元|万元|元|块钱?|rmb|yuan|个?百分点|percentage points?|%|per ?cent|成(?P<half>半|[一二三四五六七八九])?"
    r"|分(?!之)|points?|倍|times)?"
)
_SHARES = {
    "一半": Decimal(50),
    "半数": Decimal(50),
    "三分之一": Decimal("33.333333"),
    "三分之二": Decimal("66.666667"),
    "四分之一": Decimal(25),
    "四分之三": Decimal(75),
    "一倍": Decimal(100),
    "half": Decimal(50),
    "a third": Decimal("33.333333"),
    "a quarter": Decimal(25),
}
_NONE = re.compile(r"(?<=[为是于])零(?=[的吗呢,。?!;]|\Z)")
_HALF = re.compile(r"一半|半数|三分之[一二]|四分之[一三]|(?<=[翻涨加增])一倍|\bhalf\b|\ba third\b|\ba quarter\b")
_IDIOM = re.compile(r"(?:都|也)?(?:不|没|未)(?:剩|少|差|丢|扣|失|有|拿|得|给)")
"""一分不剩, 一分都没有: no amount is meant."""
_RANGE_UNIT = r"亿元|万元|元|亿|万|%|分|个百分点|points?"
_BETWEEN_TWO = re.compile(  # 90%到95%之间
    rf"(?:在|介于|处于|位于|between)?\s?(?P<low>{NUMBER})\s?(?P<other>{_RANGE_UNIT})?\s?(?:到|至|和|与|and|-|~|—)\s?(?P<high>{NUMBER})\s?(?P<unit>{_RANGE_UNIT})?\s?(?:之间|区间|范围)"
)
_FROM_TO = re.compile(
    rf"(?:介于|between)\s?(?P<low>{NUMBER})\s?(?P<other>{_RANGE_UNIT})?\s?(?:到|至|和|与|and|-|~|—)\s?(?P<high>{NUMBER})\s?(?P<unit>{_RANGE_UNIT})?(?!\s?(?:之间|区间|范围))"
)
_UNITS = {"块": "元", "块钱": "元", "yuan": "元", "rmb": "元", "percent": "%", "per cent": "%", "point": "分", "points": "分",
          "percentage point": "个百分点", "percentage points": "个百分点", "百分点": "个百分点"}  # fmt: skip
_BETWEEN = r"(?:了|的|有|到|是|在|只|才|还|都|也|数|值|分)*\s?\"?\s?"
_BEFORE = [(sign, re.compile(rf"(?:{pattern}){_BETWEEN}\Z")) for sign, pattern in words.COMPARATORS]
_AFTER = [(sign, re.compile(rf"\s?(?:分|元|%)?\s?(?:{pattern})")) for sign, pattern in words.AFTER]
MONEY = frozenset({"original_budget", "adjusted_budget", "outturn", "unspent", "budget_cut", "budget_rise", "budget_gap"})
_OF_UNIT: dict[str, Measure] = {
    "元": "adjusted_budget",
    "万元": "adjusted_budget",
    "亿元": "adjusted_budget",
    "%": "execution_rate",
    "分": "total_score",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A number in a text, brought to a unit of answers; the comparator that stands at it, if one does."""

    start: int
    end: int
    value: Decimal
    unit: str | None
    sign: Comparator | None


def small_number(text: str | None) -> int | None:
    """A count in digits, Chinese or English words: 3, 三, three; None where it is none, or beyond a thousand."""
    if not text:
        return None
    if text in _NTH_ENGLISH:
        return _NTH_ENGLISH.index(text) + 2
    if text in _ENGLISH:
        return _ENGLISH.index(text)
    text = {"俩": "二", "仨": "三"}.get(text, text)
    found = number(text) if text[0].isdecimal() and text.isascii() else chinese_number(text)
    return int(found) if found is not None and found == int(found) and found <= 1000 else None


def values(plain: str) -> list[Value]:
    """Every value of a text that has a unit or a comparator, from left to right."""
    found = []
    plain = _NONE.sub("0", plain.replace("百分之百", "100%"))
    for half in _HALF.finditer(plain):
        sign = next((told for told, pattern in _AFTER if pattern.match(plain, half.end())), None)
        sign = sign or next((told for told, pattern in _BEFORE if pattern.search(plain[: half.start()])), None)
        found.append(Value(half.start(), half.end(), _SHARES[half[0]], "%", sign))
    for match in (*_BETWEEN_TWO.finditer(plain), *_FROM_TO.finditer(plain)):
        found += _range(match)
    for match in _VALUE.finditer(plain):
        if _IDIOM.match(plain, match.end()) or any(one.start <= match.start() < one.end for one in found):
            continue
        amount = _amount(match)
        if amount is None:
            continue
        value, unit = amount
        start, end, sign = match.start(), match.end(), None
        for after, pattern in _AFTER:
            if told := pattern.match(plain, end):
                sign, end = after, told.end()
                break
        if sign is None:
            for before, pattern in _BEFORE:
                if told := pattern.search(plain[:start]):
                    sign, start = before, told.start()
                    break
        if unit or sign:
            found.append(Value(start, end, value, unit, sign))
    return sorted(found, key=lambda one: one.start)


def _range(match: re.Match[str]) -> list[Value]:
    """90%到95%之间: from the first to the second, both ends in."""
    unit = match["unit"] or match["other"]
    ends = [_VALUE.fullmatch(f"{digits}{unit or ''}") for digits in (match["low"], match["high"])]
    amounts = [amount for end in ends if end and (amount := _amount(end))]
    if len(amounts) != 2 or amounts[0][0] > amounts[1][0]:
        return []
    low, high = amounts
    return [
        Value(match.start(), match.start("high"), low[0], low[1], ">="),
        Value(match.start("high"), match.end(), high[0], high[1], "<="),
    ]


def _amount(match: re.Match[str]) -> tuple[Decimal, str | None] | None:
    digits = match["share"] or match["digits"] or match["han"]
    value: Decimal | None = Decimal(1)
    if digits and digits[0] in _HAN:
        whole, _, fraction = digits.partition("点")
        value = chinese_number(whole)
        if value is not None and fraction:
            value += sum(((chinese_number(c) or Decimal(0)).scaleb(-i - 1) for i, c in enumerate(fraction)), Decimal(0))
    elif digits:
        value = number(digits)
    elif not match["scale"]:
        return None
    unit = match["unit"]
    unit = _UNITS.get(unit or "", unit)
    if value is None or value.adjusted() > 9:
        return None
    if match["hundred"]:
        unit = "%"
    if unit and unit.startswith("成"):
        value, unit = (
            value * 10 + {"半": 5}.get(match["half"] or "", int(chinese_number(match["half"] or "") or 0) if match["half"] else 0),
            "%",
        )
    return _scaled(value, match["scale"], unit)


def _scaled(value: Decimal, scale: str | None, unit: str | None) -> tuple[Decimal, str | None]:
    """万 and 亿 go with 元: 3000万 and 1.2亿 are amounts."""
    if not scale:
        return value, unit
    if scale in ("万", "亿") and unit in (None, "元"):
        return value, scale + "元"
    if unit in (None, "元"):
        return value * _SCALES[scale] / 10**4, "万元"
    return value * _SCALES[scale], unit


@dataclass(frozen=True, slots=True)
class Said:
    """A measure or a field that a text names, and where."""

    start: int
    end: int
    measure: Measure | None = None
    field: Field_ | None = None


def conditions(plain: str, said: Sequence[Said], found: Sequence[Value], *, of_rows: bool) -> list[tuple[Condition, Value, bool]]:
    """Each value that has a comparator against what it speaks of: the measure named before it, or after it, or what its unit suggests.

    With `of_rows` indicators are meant, and a value speaks of what they reached. The third of each tells whether only the unit suggests it.
    """
    out = []
    for value in found:
        near = _spoken_of(plain, said, value)
        # 执行率100%的项目: a value right behind what it speaks of.
        sign = value.sign or ("=" if near and near.end == value.start else None)
        if sign is None:
            continue
        measure, field = (near.measure, near.field) if near else (None, None)
        if near is None:
            if of_rows:
                field = "actual"
            else:
                measure = _OF_UNIT.get(value.unit or "")
        if measure in MONEY and value.unit not in ("元", "万元", "亿元", None):
            measure = _OF_UNIT.get(value.unit or "", measure)
        if measure or field:
            unit = value.unit or _unit_of(measure)
            out.append((Condition(measure=measure, field=field, op=sign, value=value.value, unit=unit), value, near is None))
    return out


def _unit_of(measure: Measure | None) -> str | None:
    return (
        "万元"
        if measure in MONEY
        else "%"
        if measure in ("execution_rate", "budget_change")
        else "分"
        if measure in ("total_score", "lost_points", "budget_score", "budget_lost")
        else None
    )


def _spoken_of(plain: str, said: Sequence[Said], value: Value) -> Said | None:
    before = [one for one in said if one.end <= value.start + 2 and not re.search(r"[。?!;]", plain[one.end : value.start])]
    if before:
        return before[-1]
    after = [
        one
        for one in said
        if one.start >= value.end - 1 and value.end + 6 >= one.start and not re.search(r"[,。?!;]", plain[value.end : one.start])
    ]
    return after[0] if after else None
