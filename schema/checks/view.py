"""A form as the rules see it: every target and actual parsed once, printed decimal places at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property, lru_cache

from schema.cells import funding_cell, row_cell
from schema.checks.finding import RULES, Finding
from schema.checks.profile import Profile
from schema.comparison import Verdict, judge_figures
from schema.form import Form, FundingRow, Indicator
from schema.mentions import Mention, find_mentions
from schema.numerals import NUMBER, normalise
from schema.text import fold, is_blank
from schema.values import Quantity, Value, parse

HUNDREDTH = Decimal("0.01")
_WIDE = Context(prec=120)
_NUMBER = re.compile(NUMBER)
# What a deviation cell prints when it explains nothing.
_NO_REASON = frozenset({"无", "0", "0.00", "无偏差", "不涉及", "无。", "无.", "n/a", "none", "否"})
_LESS_IS_BETTER = re.compile(
    r"投诉|事故|差错|错误|错别字|缺陷|故障|差评|偏差|超支|违规|逾期|时长|耗时|响应时间|成本|单价|能耗|死亡|发病率|返工"
)
# 故障排除率, 投诉办结率: here the bad thing is dealt with, and more is better.
_DEALT_WITH = re.compile(r"修复|排除|解决|处理|处置|办结|回复|及时|整改|查处|下降|降低|减少")
_DURATIONS = frozenset({"秒", "工作日", "月"})
_DOTS = re.compile(r"[.…·]*\Z")


@dataclass(slots=True)
class Row:
    """One indicator with its values parsed."""

    index: int
    item: Indicator
    target: Value
    actual: Value
    verdict: Verdict
    """Of the figures: unknown unless both are quantities in one unit."""
    unclear: bool = False
    """Whether a plain target may mean at most as well as at least: 响应时间 2小时."""

    def cell(self, field: str) -> str:
        """The address of a cell of this row."""
        return row_cell(self.index, field)

    @property
    def zero(self) -> bool:
        """Whether the row weighs nothing: it then takes part in the sums only."""
        return self.item.weight == 0

    @property
    def overrun(self) -> bool:
        """Whether the score cannot be: above the weight or below 0."""
        score, weight = self.item.score, self.item.weight
        return score is not None and (score < 0 or (weight is not None and score > weight))

    @property
    def lost(self) -> Decimal:
        """Points lost, 0 where the scoring rules rest."""
        score, weight = self.item.score, self.item.weight
        if score is None or not weight or self.overrun:
            return Decimal(0)
        return weight - score

    @property
    def full(self) -> bool:
        """Whether the row scores its whole weight, and has one."""
        return bool(self.item.weight) and self.item.score == self.item.weight

    @property
    def explained(self) -> bool:
        """Whether the deviation cell says anything."""
        if not self.item.deviation:
            return False
        reason = fold(self.item.deviation).lower()
        return not (is_blank(reason) or reason in _NO_REASON or _DOTS.match(reason))


class FormView:
    """One form prepared for the rules."""

    def __init__(self, form: Form, profile: Profile) -> None:
        self.form = form
        self.profile = profile
        self.rows = [_row(i, item) for i, item in enumerate(form.indicators)]

    @cached_property
    def weighed(self) -> list[Row]:
        """The rows that weigh something or have no weight printed: all but the zero-weight ones."""
        return [row for row in self.rows if not row.zero]

    @cached_property
    def goal_bounds(self) -> tuple[Mention, ...]:
        """The figures of expected_goal that are printed with a comparator."""
        found = find_mentions(self.form.expected_goal)
        return tuple(mention for mention in found if mention.quantity.comparator not in (None, "="))

    @cached_property
    def copied(self) -> bool:
        """Whether actual_result is expected_goal over again, white space and look-alikes aside."""
        goal = fold(self.form.expected_goal)
        return bool(goal) and goal == fold(self.form.actual_result)

    def funding_rows(self) -> Iterable[tuple[str, FundingRow]]:
        """The four rows of the funding table by name."""
        funding = self.form.funding
        return (
            ("total", funding.total),
            ("appropriation", funding.appropriation),
            ("carryover", funding.carryover),
            ("other", funding.other),
        )

    def places(self, cell: str, value: Decimal) -> int:
        """How many decimal places the cell prints; for a form without evidence, those of the number with trailing zeros dropped."""
        evidence = self.form.evidence.get(cell)
        if evidence:
            printed = normalise("".join(place.text for place in evidence.at))
            for m in _NUMBER.finditer(printed):
                if abs(value) == Decimal(m[0].replace(",", "")):
                    return len(m[0].partition(".")[2])
        return max(0, -int(value.as_tuple().exponent))

    def finding(self, rule: str, cell: str, message: str, computed: str | None = None) -> Finding:
        """A finding of a rule on this form."""
        form = self.form
        return Finding(
            form_id=form.form_id,
            project_name=form.project_name,
            rule=rule,
            severity=RULES[rule].severity,
            cell=cell,
            message=message,
            computed=computed,
            basis=self.profile.name,
        )


Check = Callable[[FormView], Iterable[Finding]]
"""A rule, or a few that share their inputs, over one form."""


@lru_cache(maxsize=512)
def folded(label: str | None) -> str:
    """`fold` for level labels, which repeat from row to row and form to form."""
    return fold(label)


def _row(index: int, item: Indicator) -> Row:
    target, actual = parse(item.target), parse(item.actual)
    unclear = _unsigned_limit(item, target) and target != actual
    return Row(index, item, target, actual, "unknown" if unclear else judge_figures(target, actual), unclear)


def _unsigned_limit(item: Indicator, target: Value) -> bool:
    """Whether a plain target may be a limit: then ≥ would call a saving a miss, and the direction is left open."""
    if not isinstance(target, Quantity) or target.comparator is not None or target.amount == 0:
        return False
    if _LESS_IS_BETTER.search(item.name) or "成本" in f"{item.level1}{item.level2}":
        return not _DEALT_WITH.search(item.name)
    return target.unit.base in _DURATIONS and "时效" in (item.level2 or "")


def total_cell(column: str) -> str:
    """The address of a cell of 年度资金总额."""
    return funding_cell("total", column)


def rounded(number: Decimal, place: Decimal = HUNDREDTH, rounding: str = ROUND_HALF_UP) -> Decimal:
    """The number at a decimal place, however many digits it has."""
    return number.quantize(place, rounding, _WIDE)


def show(number: Decimal) -> str:
    """A number as messages print it: no exponent, no trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
