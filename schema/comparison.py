"""Whether an actual meets its target: met, missed, or not to be told.

Both sides become intervals of numbers (or of days). The actual meets the target when all it can mean lies inside, misses it when nothing
does; between the two, and wherever units, directions or conditions differ, the answer is "unknown". A plain target means ≥, a plain 0
means ≤ 0, as does =0 (domain rule: a negative actual counts as 0).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schema.deadlines import Deadline
from schema.values import Level, Quantity, Range, Value, YesNo

Verdict = Literal["met", "missed", "unknown"]

_FALLING = ("下降", "降低", "减少", "缩短", "压减", "下浮")
_RISING = ("增长", "提高", "提升", "增加", "上升", "新增", "上浮")
_INFINITY = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from low to high; `open_low`, `open_high` leave the ends out."""

    low: Decimal
    high: Decimal
    open_low: bool = False
    open_high: bool = False

    def inside(self, other: Interval) -> bool:
        """Whether all of this lies in the other."""
        low = self.low > other.low or (self.low == other.low and (self.open_low or not other.open_low))
        high = self.high < other.high or (self.high == other.high and (self.open_high or not other.open_high))
        return low and high

    def apart(self, other: Interval) -> bool:
        """Whether the two share nothing."""
        return _ends_before(self, other) or _ends_before(other, self)


def _ends_before(a: Interval, b: Interval) -> bool:
    return a.high < b.low or (a.high == b.low and (a.open_high or b.open_low))


def common(target: Quantity, actual: Quantity) -> tuple[Decimal, Decimal] | None:
    """Both values in one unit, or None when they are in different units.

    A bare number takes the other side's unit, except a bare 0 against a percentage (0 complaints are no 0 %), unless both are 0.
    """
    a, b = target.unit, actual.unit
    # A form covers one year: 2次/年 is 2次.
    if a.base == b.base or a.base.removesuffix("/年") == b.base.removesuffix("/年"):
        return target.value, actual.value
    if a.bare or b.bare:
        bare, other = (target, actual) if a.bare else (actual, target)
        if bare.amount == 0 and other.unit.base == "%" and other.amount != 0:
            return None
        # 5(亿) against 7(万条): 亿 belongs to the number; 120 against ≥100(万条): the unit is taken whole.
        taken = bare.amount * (other.unit.factor if bare.unit.factor == 1 else bare.unit.factor)
        return (taken, actual.value) if a.bare else (target.value, taken)
    if _same_noun(target, actual) or _same_noun(actual, target):
        return target.value, actual.value
    return None


def _same_noun(counted: Quantity, named: Quantity) -> bool:
    """3个标段 and 3标段 count the same thing."""
    return counted.unit.base == "个" and counted.note != "" and counted.note == named.unit.base


def in_one_unit(target: Value, actual: Value) -> bool:
    """Whether both are quantities that can be compared."""
    return isinstance(target, Quantity) and isinstance(actual, Quantity) and common(target, actual) is not None


def ratio(target: Value, actual: Value) -> Decimal | None:
    """Actual divided by target, where both are quantities in one unit and the target is above 0."""
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity):
        return None
    pair = common(target, actual)
    return None if pair is None or pair[0] <= 0 else pair[1] / pair[0]


def judge_figures(target: Value, actual: Value) -> Verdict:
    """The verdict where both sides are figures in one unit; unknown for everything else."""
    if isinstance(target, Range) and isinstance(actual, Quantity):
        return _in_range(target, actual)
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity):
        return "unknown"
    pair = common(target, actual)
    if pair is None or target.approximate or actual.approximate or _directions_differ(target, actual):
        return "unknown"
    verdict = _verdict(wanted(target, pair[0]), got(actual, pair[1]))
    return "unknown" if verdict == "met" and target.conditional and not actual.conditional else verdict


def judge(target: Value, actual: Value, year: int | None = None) -> Verdict:
    """The verdict for values of any shape; `year`, the form's, stands in for years not printed in dates."""
    if isinstance(actual, Level) and actual.degree:
        return "met" if actual.degree in ("met", "mostly") else "missed"
    if isinstance(target, Deadline) and isinstance(actual, Deadline):
        return _in_time(target, actual, year or 0)
    if isinstance(target, Level) and isinstance(actual, Level):
        return "met" if target.word == actual.word else "unknown"
    if isinstance(target, YesNo) and isinstance(actual, YesNo):
        return "met" if target.yes == actual.yes else "missed"
    return judge_figures(target, actual)


def wanted(target: Quantity, value: Decimal) -> Interval:
    """The numbers that meet a target of this value (already in the common unit)."""
    sign = target.comparator
    if sign in ("≤", "<") or (value == 0 and sign in (None, "=")):
        return Interval(-_INFINITY, value, open_high=sign == "<")
    if sign == "=":
        return Interval(value, value)
    return Interval(value, _INFINITY, open_low=sign == ">")


def got(actual: Quantity, value: Decimal) -> Interval:
    """The numbers that an actual of this value can mean: >24次 is anything above 24."""
    sign = actual.comparator
    if sign in ("≥", ">"):
        return Interval(value, _INFINITY, open_low=sign == ">")
    if sign in ("≤", "<"):
        return Interval(-_INFINITY, value, open_high=sign == "<")
    return Interval(value, value)


def _verdict(target: Interval, actual: Interval) -> Verdict:
    if actual.inside(target):
        return "met"
    return "missed" if actual.apart(target) else "unknown"


def _in_range(target: Range, actual: Quantity) -> Verdict:
    low, high = common(target.low, actual), common(target.high, actual)
    if low is None or high is None or actual.approximate:
        return "unknown"
    wide = Interval(low[0], high[0], target.low.comparator == ">", target.high.comparator == "<")
    verdict = _verdict(wide, got(actual, low[1]))
    # Above an unsigned range (target 80%-90%, reached 95%) it depends on the indicator whether more is better.
    return "unknown" if verdict == "missed" and not target.signed and low[1] > high[0] else verdict


def _directions_differ(target: Quantity, actual: Quantity) -> bool:
    a, b = _direction(target.note), _direction(actual.note)
    return b not in (0, a)


def _direction(note: str) -> int:
    if not note:
        return 0
    if any(word in note for word in _FALLING):
        return -1
    return 1 if any(word in note for word in _RISING) else 0


def _in_time(target: Deadline, actual: Deadline, year: int) -> Verdict:
    if target.relation == "from" or actual.relation == "from":
        return "unknown"
    _, sure, latest = target.limits(year)
    begin, _, end = actual.limits(year)
    if end <= sure:
        return "met"
    return "missed" if begin > latest else "unknown"
