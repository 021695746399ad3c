"""Rows of made-up forms: an invented indicator with a target, an actual value and the score that follows from them by design §4."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from eval.synthesis import content
from eval.synthesis.content import Topic

MISS_SHARES = (0.0, 0.1, 0.2, 0.3, 0.5, 0.9)
"""Share of the indicators that miss their target, where a miss is possible: one of these for each form, so that all grades occur."""
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Draft:
    """A row before it has a weight. `share` is the part of the weight it earns."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True)
class Writer:
    """How one form words its rows: with brackets as in ≥99.00(%) or without as in ≥99%."""

    rng: random.Random
    topic: Topic
    year: int
    bracketed: bool
    miss_share: float

    def quantity(self, number: Decimal | int, unit: str) -> str:
        """A number with its unit, in this form's style."""
        if self.bracketed:
            return f"{Decimal(number):.2f}({unit})"
        return f"{number:f}{unit}" if isinstance(number, Decimal) else f"{number}{unit}"

    def missed(self) -> bool:
        """Whether the next row misses its target."""
        return self.rng.random() < self.miss_share


def rate(w: Writer, level1: str, level2: str, name: str) -> Draft:
    """A percentage to be reached: ≥95%, =100% or a range."""
    kind = w.rng.choice(("at least", "at least", "at least", "all", "range", "plain"))
    if kind == "all":
        return Draft(level1, level2, name, "=" + w.quantity(100, "%"), w.quantity(100, "%"))
    low = w.rng.choice((85, 88, 90, 92, 95, 96, 98))
    if kind == "range" and not w.bracketed:
        return Draft(level1, level2, name, f"{low}%-100%", f"{w.rng.randint(low, 99)}%")
    sign = "" if kind == "plain" else "≥"
    if w.missed():
        actual = Decimal(low) - Decimal(w.rng.randint(3, 150)) / 10
        return Draft(level1, level2, name, sign + w.quantity(low, "%"), w.quantity(actual, "%"), actual / low)
    actual = min(Decimal(100), Decimal(low) + Decimal(w.rng.randint(1, 90)) / 10)
    return Draft(level1, level2, name, sign + w.quantity(low, "%"), w.quantity(actual, "%"))


def count(w: Writer, level1: str, level2: str, what: content.Quantity) -> Draft:
    """A number of things to be done, with its unit."""
    wanted = _round_figure(w.rng.randint(what.low, what.high))
    name = what.name + w.rng.choice(("", "", "数量")) if not what.name.endswith(("面积", "里程", "长度", "人数", "数量")) else what.name
    if w.missed() and wanted >= 10:
        done = max(1, wanted * w.rng.randint(40, 96) // 100)
        return Draft(level1, level2, name, "≥" + w.quantity(wanted, what.unit), w.quantity(done, what.unit), Decimal(done) / wanted)
    sign = w.rng.choice(("≥", "≥", "≥", "=", "", "不少于" if not w.bracketed else "≥"))
    done = wanted if sign in ("=", "不少于") else wanted + w.rng.randint(0, max(0, wanted // 5))
    return Draft(level1, level2, name, sign + w.quantity(wanted, what.unit), w.quantity(done, what.unit))


def at_most(w: Writer, level1: str, level2: str, waiting: tuple[str, str, int, int]) -> Draft:
    """Something that should not exceed a limit, and does not."""
    name, unit, low, high = waiting
    limit = w.rng.randint(low, high)
    sign = w.rng.choice(("≤", "≤", "不超过" if not w.bracketed else "≤"))
    return Draft(level1, level2, name, sign + w.quantity(limit, unit), w.quantity(w.rng.randint(max(1, limit // 2), limit), unit))


def worded(w: Writer, level1: str, level2: str, pair: tuple[str, str]) -> Draft:
    """A qualitative target, answered by one of the levels of the guidelines."""
    name, target = pair
    if w.missed():
        if w.rng.random() < 0.2:
            return Draft(level1, level2, name, target, "未达成指标且效果较差", Decimal(w.rng.randint(10, 55)) / 100)
        return Draft(level1, level2, name, target, "部分达成指标并具有一定效果", Decimal(w.rng.randint(62, 78)) / 100)
    return Draft(level1, level2, name, target, "达成指标")


def deadline(w: Writer, level1: str, level2: str, name: str) -> Draft:
    """A date of the form's own year by which something is to be done."""
    month = w.rng.randint(6, 12)
    target = w.rng.choice((f"{w.year}年{month}月底前", f"{month}月30日前", f"{w.year}年{month}月"))
    return Draft(level1, level2, name, target, "达成指标")


def cost(level1: str, level2: str, limit: str, spent: str) -> Draft:
    """The budget as the limit of cost. Both figures come with their unit."""
    return Draft(level1, level2, "项目总成本", f"≤{limit}", spent)


def output_drafts(w: Writer, size: int) -> list[Draft]:
    """Rows of 产出指标: at least one of 数量, 质量 and 时效 each."""
    counts = w.rng.sample(w.topic.quantities, k=min(len(w.topic.quantities), max(1, size - 3)))
    rows = [count(w, "产出指标", "数量指标", what) for what in counts]
    quality = [rate(w, "产出指标", "质量指标", w.topic.thing + name) for name in w.rng.sample(content.QUALITY_RATES, k=3)]
    quality.append(worded(w, "产出指标", "质量指标", _about(w, w.rng.choice(content.QUALITY_WORDS))))
    timely = [
        deadline(w, "产出指标", "时效指标", w.topic.thing + "完成时间"),
        rate(w, "产出指标", "时效指标", w.topic.thing + w.rng.choice(content.TIMELY_RATES)),
        at_most(w, "产出指标", "时效指标", w.rng.choice(content.WAITING)),
        worded(w, "产出指标", "时效指标", w.rng.choice(content.TIMELY_WORDS)),
    ]
    return _spread(w.rng, size, rows, quality, timely)


def benefit_drafts(w: Writer, size: int) -> list[Draft]:
    """Rows of 效益指标, 社会 and 可持续影响 always among them."""
    name, unit, low, high = w.rng.choice(content.ECONOMIC_COUNTS)
    economic = [
        worded(w, "效益指标", "经济效益指标", w.rng.choice(content.ECONOMIC_WORDS)),
        count(w, "效益指标", "经济效益指标", content.Quantity(name, unit, low, high)),
    ]
    social = [worded(w, "效益指标", "社会效益指标", _about(w, pair)) for pair in w.rng.sample(content.SOCIAL_WORDS, k=2)]
    social.append(rate(w, "效益指标", "社会效益指标", w.topic.thing + w.rng.choice(content.SOCIAL_RATES)))
    ecologic = [worded(w, "效益指标", "生态效益指标", w.rng.choice(content.ECOLOGIC_WORDS))]
    lasting = [worded(w, "效益指标", "可持续影响指标", pair) for pair in w.rng.sample(content.LASTING_WORDS, k=2)]
    rows = _spread(w.rng, size, social, lasting, economic, ecologic)
    order = ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")
    return sorted(rows, key=lambda row: order.index(row.level2))


def satisfaction_drafts(w: Writer, size: int) -> list[Draft]:
    """Rows of 满意度指标."""
    names = [f"{w.topic.people}满意度", "基层单位满意度"][:size]
    return [rate(w, "满意度指标", "服务对象满意度指标", name) for name in names]


def explain(w: Writer) -> str:
    """A reason for lost points and what is to be done, from one line to several."""
    reasons = w.rng.sample(content.REASONS, k=w.rng.choice((1, 1, 2)))
    measures = w.rng.sample(content.MEASURES, k=w.rng.choice((0, 1, 1, 2)))
    return "；".join(reasons).format(thing=w.topic.thing) + "。" + "".join(measures)


def _about(w: Writer, pair: tuple[str, str]) -> tuple[str, str]:
    return w.topic.thing + pair[0], pair[1]


def _round_figure(number: int) -> int:
    """The figure as a plan would name it: 1,847 becomes 1,850, 23 stays."""
    step = 1 if number < 60 else 10 if number < 3000 else 100
    return max(1, round(number / step) * step)


def _spread(rng: random.Random, size: int, *groups: list[Draft]) -> list[Draft]:
    """Choose `size` rows, one of each group as far as it goes, the order of the groups kept."""
    chosen = [rng.sample(group, k=1) for group in groups[:size]]
    rest = [row for group, taken in zip(groups, chosen, strict=False) for row in group if row not in taken]
    rest += [row for group in groups[len(chosen) :] for row in group]
    picked = {id(row) for taken in chosen for row in taken}
    picked |= {id(row) for row in rng.sample(rest, k=min(len(rest), max(0, size - len(chosen))))}
    return [row for group in groups for row in group if id(row) in picked]
