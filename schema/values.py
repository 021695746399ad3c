"""What a printed target or actual says: the value grammar.

`parse` turns the string of a cell into exactly one of six shapes:

    Quantity   ≥250.00(次)   95%   1份年度运维总结报告   2小时内   不少于5万次
    Range      95%-100%   3至5个   ≥10%且≤20%
    Deadline   11月30日前   2024年12月底前   八月前   2024年10-11月
    Level      达成指标   部分达成指标并具有一定效果   及时   <=概算批复   and any text with no one figure of its own
    YesNo      是   否   有   无
    Empty      blank   -   —   /

Amounts are Decimals of the printed unit; `Quantity.value` is in the base unit (万条 -> 条). Nothing is guessed: a text with several
figures that make no range (7*24小时, 4枚一套) is a Level. 以上, 以下 and 以内 include the number itself, 超过 and 不满 do not (民法典
第一千二百五十九条).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from schema.deadlines import Deadline, find_date
from schema.numerals import CHINESE, NUMBER, chinese_number, normalise, number
from schema.text import EMPTY_MARKS
from schema.units import BARE, Unit, split_unit

Comparator = Literal["≥", "≤", ">", "<", "="]
Degree = Literal["met", "mostly", "partial", "not_met"]
"""met: 达成指标; mostly: 全部或基本达成, the central forms' first band; partial: 部分达成…; not_met: 未达成…"""

_COMPARING: dict[Comparator, str] = {
    "≥": "不少于 不低于 不小于 不得少于 不得低于 至少 最少 大于等于 大于或等于",
    "≤": "不超过 不得超过 不高于 不得高于 不大于 不多于 至多 最多 小于等于 小于或等于 未超过 不晚于 不长于",
    ">": "超过 大于 高于 多于",
    "<": "小于 低于 少于 不足 不满",
    "=": "等于",
}
_WORDS = {word: sign for sign, words in _COMPARING.items() for word in words.split()}
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_AFTER: dict[str, Comparator] = {
    "以上": "≥", "及以上": "≥", "或以上": "≥", "以内": "≤", "之内": "≤", "内": "≤", "以下": "≤", "及以下": "≤", "或以下": "≤",
}  # fmt: skip
# 内 is a bound in 2小时内响应, but not in 3次内部培训.
_BOUND = re.compile(r"(?:\(含\))?\(?(?P<word>(?:[及或])?以上|(?:[及或])?以下|以内|之内|内(?![部容控外在网涵科]))\)?|\(含\)")
_NUMBER = re.compile(NUMBER)
_SIGNED = re.compile(r"(?P<head>.*?)(?P<sign>[≥≤><=])?(?P<minus>[-负])?\Z")
_ABOUT = re.compile(r"(?:大约|约|近|将近|接近)\Z")
_MORE = re.compile(r"(?P<scale>万亿|万|亿)?(?:余|多(?!\w*\d))")
_NO_QUANTITY_BEFORE = re.compile(r"[A-Za-z+*×/:第#^]\Z")
_NO_QUANTITY_AFTER = re.compile(r"[A-Za-z*×+/:^]|[级届代]|号(?!楼)")
_EACH = re.compile(r"每个?(?P<unit>年|月|季度|周|天|日|人|次)\Z")
_BETWEEN = re.compile(r"(?P<unit>.*?)(?:-|~|至|到)\Z")
_AND = re.compile(r"(?P<unit>[^≥≤><=]*?)(?:且|并|,|;|,且|并且)?(?P<sign>[≥≤><])\Z")
_DONE = "(?:达成|达到|实现|完成)"
_AIM = "了?(?:年度|年初|预期|预定|既定|设定|绩效|计划|工作)*(?:指标|目标|任务|预期|要求)值?"
_DEGREES: tuple[tuple[Degree, re.Pattern[str]], ...] = (
    ("not_met", re.compile(rf"(?:尚|暂)?(?:未能?|没有|没)(?:全部|全面|按时|按期|如期)?{_DONE}")),
    ("partial", re.compile(rf"(?:部分|局部){_DONE}")),
    ("mostly", re.compile(rf"(?:全部或)?(?:已)?基本(?:达成\Z|{_DONE}{_AIM})")),
    ("met", re.compile(rf"(?:已|已经)?(?:全部|全面|按时|按期|如期|顺利|圆满)?(?:已)?(?:{_DONE}{_AIM}|达成)\Z")),
)
# What may stand beside a date that is a deadline; more than that, and the date belongs to something else (2022年度审计报告).
_BESIDE_DATE = re.compile(r"(?:完成|及时|按时|按期|于|在|年|度|内|全部|验收|上线|[,;、.()])*\Z")
_YES_NO = {"是": True, "有": True, "否": False, "无": False, "√": True, "×": False}
_LONGEST = 300
"""Characters behind a date up to which they can be a quantity."""
_CHINESE_COUNT = re.compile(rf"(?P<sign>[≥≤><=])?(?P<number>[{CHINESE}]+)(?P<tail>[^{CHINESE}\d].*)\Z")
_PER_CENT = re.compile(rf"百分之(?P<number>[\d.]+|[{CHINESE}]+)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what is printed around it: comparator, unit, and the words left over (note)."""

    amount: Decimal
    unit: Unit = BARE
    comparator: Comparator | None = None
    note: str = ""
    approximate: bool = False
    text: str = field(default="", compare=False)

    @property
    def value(self) -> Decimal:
        """The amount in the base unit: 431500(万条) -> 4315000000."""
        return self.amount * self.unit.factor

    @property
    def conditional(self) -> bool:
        """Whether words after a comma ask for more than the number: 100%,通过专家评审."""
        return self.note.startswith((",", ";")) or ",;" in self.note

    def __str__(self) -> str:
        about = "约" if self.approximate else ""
        unit = f"({self.unit.printed})" if self.unit.printed else ""
        return f"{about}{self.comparator or ''}{self.amount:f}{unit}{self.note}"


@dataclass(frozen=True, slots=True)
class Range:
    """Two bounds, both in: 95%-100%. `signed` when each was printed with its own comparator (≥10%且≤20%)."""

    low: Quantity
    high: Quantity
    signed: bool = False
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.low}且{self.high}" if self.signed else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True)
class Level:
    """A qualitative word. `degree` is set for the three printed levels; `comparator` for <=概算批复."""

    word: str
    degree: Degree | None = None
    comparator: Comparator | None = None
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class YesNo:
    """是 or 有 (yes), 否 or 无 (no)."""

    yes: bool
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        return "是" if self.yes else "否"


@dataclass(frozen=True, slots=True)
class Empty:
    """Nothing printed, or a mark that says so."""

    def __str__(self) -> str:
        return ""


Value = Quantity | Range | Deadline | Level | YesNo | Empty
"""What a target or an actual can be."""


def parse(text: str | None) -> Value:
    """The value of a printed string. Never fails: what is no figure, date or answer is a Level of its own words."""
    return Empty() if text is None else _parse(text)


@lru_cache(maxsize=8192)
def _parse(text: str) -> Value:
    plain = normalise(text).strip(".,;")
    if plain in EMPTY_MARKS:
        return Empty()
    if plain in _YES_NO:
        return YesNo(_YES_NO[plain], text)
    for degree, pattern in _DEGREES:
        if pattern.match(plain):
            return Level(plain, degree, text=text)
    signed = _PER_CENT.sub(_per_cent, unify_comparators(plain))
    return _dated(plain, signed, text) or _figures(signed, text) or _level(plain, signed, text)


def unify_comparators(text: str) -> str:
    """A normalised text with comparator words as signs: 不少于16000件 -> ≥16000件."""
    return _WORD.sub(lambda m: _WORDS[m[0]], text)


def bound_after(rest: str) -> tuple[Comparator | None, str]:
    """The comparator that follows a unit (以内, 以上), and the text after it."""
    bound = _BOUND.match(rest)
    if not bound:
        return None, rest
    return _AFTER.get(bound["word"] or ""), rest[bound.end() :]


def _per_cent(m: re.Match[str]) -> str:
    value = chinese_number(m["number"])
    return m[0] if value is None and not m["number"][0].isdigit() else f"{value if value is not None else m['number']}%"


def _dated(plain: str, signed: str, text: str) -> Value | None:
    found = find_date(signed)
    if found is None:
        return None
    date, head, rest = found
    if not _NUMBER.search(head + rest):
        if date.relation == "in" and not _BESIDE_DATE.match(date.note):
            return Level(plain, text=text)
        return replace(date, text=text)
    # 2024年完成3次: the date only says when. Each further date is a call inside of this one.
    inner = parse(rest) if len(rest) <= _LONGEST and not _NUMBER.search(head) else None
    return replace(inner, text=text) if isinstance(inner, Quantity) else None


def _figures(signed: str, text: str) -> Value | None:
    numbers = list(_NUMBER.finditer(signed))
    if len(numbers) == 1:
        m = numbers[0]
        return _quantity(signed[: m.start()], m[0], signed[m.end() :], text)
    if len(numbers) == 2:
        return _range(signed, numbers, text)
    return None if numbers else _chinese(signed, text)


def _chinese(signed: str, text: str) -> Quantity | None:
    """三次, 两份: the unit must be known and end the text, for 一次性通过 and 一流 count nothing."""
    count = _CHINESE_COUNT.match(signed)
    value = chinese_number(count["number"]) if count else None
    if count is None or value is None:
        return None
    unit, rest = split_unit(count["tail"])
    if unit.bare or (rest and not _BOUND.fullmatch(rest)):
        return None
    return _quantity(count["sign"] or "", str(value), count["tail"], text)


def _quantity(head: str, digits: str, tail: str, text: str) -> Quantity | None:
    m = _SIGNED.match(head)
    amount = number(digits)
    if m is None or amount is None:
        return None
    before, comparator, minus = m["head"], m["sign"], m["minus"]
    if minus == "-" and before and not comparator:
        return None
    about = _ABOUT.search(before)
    if about:
        before = before[: about.start()]
    if not comparator and before[-1:] in ("≥", "≤", ">", "<", "="):
        before, comparator = before[:-1], before[-1]
    more = _MORE.match(tail)
    if more:
        tail = (more["scale"] or "") + tail[more.end() :]
    if _NO_QUANTITY_BEFORE.search(before) or before.count("(") > before.count(")"):
        return None  # in 正常(365天/年) the figure is a remark on the word
    return _with_tail(-amount if minus else amount, (before, comparator, bool(about or more)), tail, text)


def _with_tail(amount: Decimal, lead: tuple[str, str | None, bool], tail: str, text: str) -> Quantity | None:
    before, comparator, about = lead
    unit, rest = split_unit(tail)
    if unit.bare and _NO_QUANTITY_AFTER.match(rest):
        return None
    each = _EACH.search(before)
    if each and unit.base and "/" not in unit.base:
        unit = Unit(f"{unit.base}/{each['unit']}", unit.factor, unit.printed)
        before = before[: each.start()]
    bound, rest = bound_after(rest)
    comparator = comparator or bound
    if rest.startswith("左右"):
        about, rest = True, rest[2:]
    elif rest.startswith("前") and unit.base.startswith("秒"):
        return None  # 每月5日前 names a day, not five days
    sign: Comparator | None = comparator  # type: ignore[assignment]
    return Quantity(amount, unit, sign, before + rest, about, text)


def _range(signed: str, numbers: list[re.Match[str]], text: str) -> Range | None:
    first, second = numbers
    head, between, tail = signed[: first.start()], signed[first.end() : second.start()], signed[second.end() :]
    joint = _BETWEEN.match(between) or _AND.match(between)
    if joint is None or head[-1:] == "-":
        return None
    sign = joint.groupdict().get("sign")
    high = _quantity(sign or "", second[0], tail, text)
    low = _quantity(head, first[0], joint["unit"], text)
    if high is None or low is None or split_unit(joint["unit"])[1] or bool(sign) != (low.comparator is not None):
        return None
    if low.unit.bare:
        low = Quantity(low.amount, high.unit, low.comparator, low.note, low.approximate)
    if low.unit.base != high.unit.base:
        return None
    if sign and {low.comparator, sign} & {"≤", "<"} and {low.comparator, sign} & {"≥", ">"}:
        low, high = (high, low) if low.comparator in ("≤", "<") else (low, high)
    elif sign:
        return None
    return Range(low, high, bool(sign), text) if low.value <= high.value else None


def _level(plain: str, signed: str, text: str) -> Level:
    sign: Comparator | None = signed[0] if signed[:1] in ("≥", "≤", ">", "<", "=") else None  # type: ignore[assignment]
    return Level(plain, None, sign, text)
