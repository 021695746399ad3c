"""Units of targets and actuals: synonyms, and scaling where it is safe.

Safe means that the factor is exact and undisputed: 万元 to 元, 万条 to 条, ‰ to %, 小时 to 分钟, 公里 to 米. What depends on a
convention is not scaled: 工作日 is no 天, GB no power of PB, 个百分点 no %. Classifiers are not exchanged either (个 against 项),
apart from true synonyms (名 and 人, ㎡ and 平方米).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

_GROUPS: dict[str, dict[str, str]] = {
    # base: {spelling: how many of the base it is}
    "%": {"%": "1", "‰": "0.1", "百分比": "1"},
    "百分点": {"百分点": "1", "个百分点": "1"},
    "元": {"元": "1", "人民币元": "1", "千元": "1000", "百万元": "1000000"},
    "人": {"人": "1", "名": "1", "位": "1"},
    "场次": {"场次": "1", "场": "1", "场/次": "1"},
    "人次": {"人次": "1", "人/次": "1"},
    "秒": {
        "秒": "1", "s": "1", "秒钟": "1", "分钟": "60", "min": "60", "小时": "3600", "个小时": "3600", "h": "3600", "hour": "3600",
        "hours": "3600", "天": "86400", "日": "86400", "个自然日": "86400", "自然日": "86400", "周": "604800", "星期": "604800",
        "个星期": "604800",
    },
    "工作日": {"工作日": "1", "个工作日": "1", "工作天": "1"},
    "月": {"个月": "1", "月": "1", "个季度": "3", "季度": "3", "季": "3", "年": "12"},
    "米": {"米": "1", "m": "1", "公里": "1000", "千米": "1000", "km": "1000", "延米": "1", "延长米": "1"},
    "平方米": {"平方米": "1", "平米": "1", "平方公里": "1000000"},
    "立方米": {"立方米": "1", "立方": "1"},
    "公斤": {"公斤": "1", "千克": "1", "kg": "1", "吨": "1000", "t": "1000"},
    "千瓦时": {"千瓦时": "1", "kwh": "1", "度": "1"},
}  # fmt: skip
_CLASSIFIERS = (
    "人天 人份 户次 家次 件次 项次 台次 辆次 班次 车次 架次 课时 学时 件套 台套 台(套) 标段 点位 "
    "路段 小区 社区 街镇 单位 项目 行政村 亩 公顷 户 家 次 期 批次 批 个 项 件 条 套 台 辆 份 篇 本 "
    "册 张 幅 只 头 株 棵 座 处 间 所 栋 幢 层 段 升 克 毫米 厘米 mm cm 分 岁 倍 节 门 部 款 "
    "类 种 起 例 宗 单 笔 支 枚 对 组 队 班 届 站 点 公里/小时 PB TB GB MB Mbps Gbps "
    "兆 路 片 块 根 面 盏 瓶 盒 包 箱 桶 袋 卷 束 把 副 顶 字 页 艘 架 团 轮 回"
)
"""Units that count, or that stand for themselves, parted by spaces."""
_SCALES = {"万": Decimal(10**4), "亿": Decimal(10**8), "万亿": Decimal(10**12), "千万": Decimal(10**7), "百万": Decimal(10**6)}

_KNOWN: dict[str, tuple[str, Decimal]] = {name.lower(): (name, Decimal(1)) for name in _CLASSIFIERS.split()}
_KNOWN |= {spelling: (base, Decimal(n)) for base, group in _GROUPS.items() for spelling, n in group.items()}


def _longest_first(words: object) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_UNIT = f"(?:{_longest_first(_KNOWN)})"
# A Latin unit must end where its letters end: 5G is no 5 克, 10mins no 10 米.
_PLAIN = re.compile(rf"(?P<scale>{_longest_first(_SCALES)})?(?P<unit>{_UNIT}(?![A-Za-z\d])(?:/个?{_UNIT})?)?", re.IGNORECASE)
_BRACKETED = re.compile(r"\((?P<unit>[^()]*(?:\([^()]*\))?[^()]*)\)")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` of `base`; base is "" for a bare number. `printed` is how it stands on the page."""

    base: str
    factor: Decimal = Decimal(1)
    printed: str = field(default="", compare=False)

    @property
    def bare(self) -> bool:
        """Whether a number alone was printed (万 and 亿 count as part of the number)."""
        return self.base == ""


BARE = Unit("")
"""The unit of a number without one."""


@lru_cache(maxsize=1024)
def unit_of(text: str) -> Unit:
    """The unit that a whole normalised text names: 万条, 元/平方米, 个工作日; an unknown one stands for itself."""
    if text in ("", "/", "-"):
        return Unit("", printed=text)
    scale, rest = Decimal(1), text
    for prefix in ("万亿", "千万", "百万", "万", "亿"):
        if text.lower() not in _KNOWN and text.startswith(prefix):
            scale, rest = _SCALES[prefix], text[len(prefix) :]
            break
    over, slash, under = rest.partition("/")
    if rest.lower() in _KNOWN or not slash:
        base, factor = _simple(rest)
    else:
        base, factor = _simple(over)
        base = f"{base}/{_denominator(under)}"
    return Unit(base, factor * scale, text)


def _simple(text: str) -> tuple[str, Decimal]:
    return _KNOWN.get(text.lower(), (text, Decimal(1)))


def _denominator(text: str) -> str:
    # 次/天 and 次/小时 stay two units: dividing by a factor would leave exact decimals. Synonyms of one length meet in one name.
    base, factor = _simple(text)
    if factor == 1:
        return base
    return next(name for name, value in _KNOWN.items() if value == (base, factor))


def split_unit(tail: str) -> tuple[Unit, str]:
    """The unit that a normalised text begins with, and what comes after it: 万条以上 -> 万条, 以上.

    A unit in brackets is taken as it stands; an unbracketed one must be known, else the number is bare and the text untouched.
    """
    m = _PLAIN.match(tail)
    scale = m["scale"] or "" if m else ""
    bracketed = _BRACKETED.match(tail, len(scale))
    if bracketed and _is_unit(bracketed["unit"]):
        return unit_of(scale + bracketed["unit"]), tail[bracketed.end() :]
    if m is None or not m[0]:
        return BARE, tail
    return unit_of(m[0]), tail[m.end() :]


def _is_unit(text: str) -> bool:
    # (含税), (不含) and the like qualify the number; they are no unit.
    return len(text) <= 10 and not text.startswith(("含", "不")) and not any(c.isdigit() or c in ",.;:≥≤<>=" for c in text)
