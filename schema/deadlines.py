"""Dates and deadlines as targets print them: 11月30日前, 2024年12月底前, 八月前, 2024年10-11月, 第四季度, 年底前.

A date is held as the span of days that it can mean, so two of them compare without guessing: 12月 is any day of December, 12月底前 is
up to its end, and 8月前 leaves open whether August itself is still in time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from schema.numerals import chinese_number

Relation = Literal["by", "before", "in", "from"]
"""by: up to the end of it; before: 前 after a whole month or year; in: at a time within it; from: beginning with it."""

_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:(?:19|20)\d\d|今|当|本|次)"
_LEAD = r"(?<![\d.每第])"
_PATTERNS = (
    # 2024年12月31日, 2024.12.31, 2024-12-31
    rf"{_LEAD}(?P<year>(?:19|20)\d\d)(?P<sep>[-./年])(?P<month>{_MONTH})(?:(?P=sep)|月)(?P<day>{_DAY})[日号]?(?!\d|[-./]\d)",
    # 1-12月, 2024年10-11月, 2023年10月-2024年3月, 3月至5月
    rf"{_LEAD}(?:(?P<year0>{_YEAR})年)?(?P<month0>{_MONTH})月?[-~至到](?:(?P<year>{_YEAR})年)?(?P<month>{_MONTH})月(?P<part>底|末)?",
    # 12月31日, 6月30号
    rf"{_LEAD}(?:(?P<year>{_YEAR})年)?(?P<month>{_MONTH})月(?P<day>{_DAY})[日号]",
    # 2024年12月底, 十一月, 12月月底, 6月中旬
    rf"{_LEAD}(?:(?P<year>{_YEAR})年)?(?P<month>{_MONTH})月(?:月?(?P<part>底|末|初|上旬|中旬|下旬)|份)?(?!\d)",
    # 第四季度, 2024年三季度末
    rf"(?<!\d)(?:(?P<year>{_YEAR})年)?第?(?P<quarter>[一二三四1-4])季度(?P<part>底|末)?",
    # 上半年, 2024年下半年
    rf"(?<!\d)(?:(?P<year>{_YEAR})年)?(?P<half>[上下])半年",
    # 2024年底, 年底, 年末, 2024年内, 2024年度
    r"(?<!\d)(?:(?P<year>(?:19|20)\d\d|今|当|本|次)?年(?:度)?(?P<part>底|末|内|终)|(?P<year_only>(?:19|20)\d\d)年(?:度|全年)?)",
    # 2024.12前: only with the word that makes it a date
    rf"{_LEAD}(?P<year>(?:19|20)\d\d)[-./](?P<month>{_MONTH})(?=底|末|前|之前|以前)(?P<part>底|末)?",
)
_DATES = tuple(re.compile(p) for p in _PATTERNS)
_HINT = re.compile(r"[年月日号]|季度|\d{4}[-./]\d")
_BOUND = re.compile(r"\s*(?:(?P<by>(?:及|之|以)?前|为止|止)|(?P<from>(?:之|以)?后|起|开始))")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Parts of a month as days; None stands for its last day.
_PARTS = {"底": (21, None), "末": (21, None), "下旬": (21, None), "中旬": (11, 20), "上旬": (1, 10), "初": (1, 10)}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date or span of a target or an actual.

    `first` and `last` are (month, day) of the span printed, `year` and `first_year` are None where no year is printed.
    """

    year: int | None
    last: tuple[int, int]
    relation: Relation
    first: tuple[int, int]
    first_year: int | None = None
    note: str = ""
    text: str = field(default="", compare=False)

    @property
    def years(self) -> tuple[int, ...]:
        """The years printed, earliest first."""
        return tuple(y for y in (self.first_year, self.year) if y is not None)

    def limits(self, year: int) -> tuple[int, int, int]:
        """(earliest day it can begin, earliest and latest reading of its end) as yyyymmdd; `year` stands in for one not printed."""
        end_year = self.year if self.year is not None else year
        begin_year = self.first_year if self.first_year is not None else end_year
        begin = _ordinal(begin_year, self.first)
        end = _ordinal(end_year, self.last)
        strict = begin - 1 if self.relation == "before" else end
        return begin, strict, end


def _ordinal(year: int, day: tuple[int, int]) -> int:
    return year * 10000 + day[0] * 100 + day[1]


def find_date(text: str) -> tuple[Deadline, str, str] | None:
    """The first date of a normalised text, with what stands before and after it; None when there is none."""
    if not _HINT.search(text):
        return None
    for pattern in _DATES:
        m = pattern.search(text)
        if m:
            return _read(m, text)
    return None


def _read(m: re.Match[str], text: str) -> tuple[Deadline, str, str]:
    got = m.groupdict()
    tail = text[m.end() :]
    bound = _BOUND.match(tail)
    part = got.get("part")
    first, last = _span(got)
    relation: Relation = "in"
    if bound and bound["from"]:
        relation = "from"
    elif bound:
        whole = part is None and got.get("day") is None
        relation = "before" if whole else "by"
    head = text[: m.start()]
    rest = tail[bound.end() :] if bound else tail
    year = _year(got.get("year") or got.get("year_only"))
    first_year = _year(got.get("year0"))
    if year is None:
        year, first_year = first_year, None
    return Deadline(year, last, relation, first, first_year, note=head + rest), head, rest


def _year(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _span(got: dict[str, str | None]) -> tuple[tuple[int, int], tuple[int, int]]:
    if got.get("quarter"):
        end = _small(got["quarter"]) * 3
        last = (end, _DAYS[end - 1])
        return (last if got.get("part") else (end - 2, 1)), last
    if got.get("half"):
        return ((1, 1), (6, 30)) if got["half"] == "上" else ((7, 1), (12, 31))
    if not got.get("month"):
        year_end = got.get("part") in ("底", "末", "终")
        return ((12, 21) if year_end else (1, 1)), (12, 31)
    month = _small(got["month"])
    if got.get("day"):
        day = (month, _small(got["day"]))
        return day, day
    first_day, last_day = _PARTS.get(got.get("part") or "", (1, None))
    first = (_small(got["month0"]), 1) if got.get("month0") else (month, first_day)
    return first, (month, last_day or _DAYS[month - 1])


def _small(text: str | None) -> int:
    if text and text.isdigit():
        return int(text)
    value = chinese_number(text or "")
    return int(value) if value is not None else 1
