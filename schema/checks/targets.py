"""Targets and actuals against each other, the goal text and the year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schema.checks.finding import Finding
from schema.checks.view import FormView, Row, rounded, show
from schema.comparison import common, ratio
from schema.deadlines import Deadline, find_date
from schema.mentions import Mention, common_pairs
from schema.numerals import normalise
from schema.text import fold
from schema.values import Level, Quantity, Range, YesNo

_YEAR = re.compile(r"20\d\d")
_UP, _DOWN = ("≥", ">"), ("≤", "<")
_COST = "成本"
_RECURRING = frozenset({"%", "百分点", "秒", "工作日", "月"})
"""Base units whose figures recur in one form, so that an equal figure alone proves nothing."""


def targets(view: FormView) -> Iterator[Finding]:
    """The rules on one row's target and actual; a zero-weight row takes part in the sums only."""
    for row in view.weighed:
        if isinstance(row.target, Quantity):
            yield from _direction(view, row, row.target)
            yield from _vacuous(view, row, row.target)
            yield from _unit(view, row, row.target)
            yield from _over(view, row, row.target)
        yield from _year(view, row)
        yield from _copied(view, row)
        yield from _kind(view, row)


def _direction(view: FormView, row: Row, target: Quantity) -> Iterator[Finding]:
    if target.comparator not in (*_UP, *_DOWN) or not view.goal_bounds:
        return
    speaking = [m for m in view.goal_bounds if m.value_for(target) == target.value]
    if any(_same_way(m.quantity, target) for m in speaking):
        return
    for mention in speaking:
        if _belongs(view, mention, row, target):
            said = mention.quantity
            words = f"{'不少于' if said.comparator in _UP else '不超过'} {show(said.amount)}{said.unit.printed}"
            message = f"年度总体目标写明{words}，指标“{row.item.name}”的指标值却为 {row.item.target}，方向相反。"
            yield view.finding("goal-direction", row.cell("target"), message, f"{_sign(said)}{show(said.amount)}{said.unit.printed}")
            return


def _sign(said: Quantity) -> str:
    return "≥" if said.comparator in _UP else "≤"


def _same_way(said: Quantity, target: Quantity) -> bool:
    return (said.comparator in _UP) == (target.comparator in _UP)


def _belongs(view: FormView, mention: Mention, row: Row, target: Quantity) -> bool:
    """Whether the figure of the goal text is about this row: shares and times recur, and another row may be the one it speaks of."""
    shared = common_pairs(mention.clause, row.item.name)
    if not shared and target.unit.base in _RECURRING:
        return False
    for other in view.rows:
        if other is not row and isinstance(other.target, Quantity) and mention.value_for(other.target) == other.target.value:
            agrees = other.target.comparator in (None, "=") or _same_way(mention.quantity, other.target)
            if agrees and common_pairs(mention.clause, other.item.name) >= shared:
                return False
    return True


def _vacuous(view: FormView, row: Row, target: Quantity) -> Iterator[Finding]:
    item = row.item
    # Older templates keep 成本指标 as a level 2 under 产出指标.
    if item.level1 is None or _COST in item.level1 or _COST in (item.level2 or ""):
        return
    if target.comparator == "≤" and target.unit.base == "%" and target.value == 100:
        yield view.finding("vacuous-target", row.cell("target"), f"指标“{item.name}”的指标值 {item.target} 任何结果都能满足，没有约束力。")


def _unit(view: FormView, row: Row, target: Quantity) -> Iterator[Finding]:
    actual = row.actual
    if isinstance(actual, Quantity) and common(target, actual) is None:
        item = row.item
        units = f"指标值单位“{target.unit.printed or '无'}”，完成值单位“{actual.unit.printed or '无'}”"
        message = f"指标“{item.name}”目标 {item.target}，实际 {item.actual}：{units}，无法比较。"
        yield view.finding("unit-mismatch", row.cell("actual"), message)


def _over(view: FormView, row: Row, target: Quantity) -> Iterator[Finding]:
    actual = row.actual
    if (
        row.unclear
        or target.comparator not in (*_UP, None)
        or row.explained
        or not isinstance(actual, Quantity)
        or actual.comparator in _DOWN
    ):
        return
    share = ratio(target, actual)
    limit = view.profile.over_fulfilment
    if share is not None and share * 100 >= limit:
        percent = show(rounded(share * 100))
        message = (
            f"指标“{row.item.name}”目标 {row.item.target}，实际 {row.item.actual}，完成 {percent}%，不低于 {show(limit)}%，未说明原因。"
        )
        yield view.finding("over-fulfilment", row.cell("actual"), message, percent)


def _year(view: FormView, row: Row) -> Iterator[Finding]:
    year, target = view.form.fiscal_year, row.target
    if isinstance(target, Quantity) and _YEAR.search(row.item.target or ""):
        # 2023年12月底前完成3次: the figure is the target, its deadline stands beside it.
        found = find_date(normalise(row.item.target or ""))
        date = found[0] if found and found[0].relation in ("by", "before") else None
    else:
        date = target if isinstance(target, Deadline) else None
    if year is not None and date and date.years and year not in date.years:
        message = f"指标“{row.item.name}”的完成时限 {row.item.target} 不在 {year} 年度内。"
        yield view.finding("deadline-year", row.cell("target"), message, str(date.years[-1]))


def _copied(view: FormView, row: Row) -> Iterator[Finding]:
    target = row.target
    signed = isinstance(target, Range) or (isinstance(target, Quantity) and target.comparator is not None)
    if signed and target == row.actual:
        message = f"指标“{row.item.name}”的完成值照抄了指标值 {row.item.target}，没有实际数值。"
        yield view.finding("actual-copies-target", row.cell("actual"), message)


def _kind(view: FormView, row: Row) -> Iterator[Finding]:
    target, actual = row.target, row.actual
    item = row.item
    if isinstance(target, Quantity | Range) and isinstance(actual, Level | YesNo):
        # A figure with words of its own (1份年度运维总结报告) is entered as a qualitative target; 无 answers 0起.
        nothing = isinstance(target, Quantity) and (target.note != "" or (target.amount == 0 and isinstance(actual, YesNo)))
        if not nothing and not _says_figure(item.actual):
            message = f"指标“{item.name}”的指标值 {item.target} 是数字，完成值为文字“{item.actual}”。"
            yield view.finding("kind-mismatch", row.cell("actual"), message)
    elif isinstance(target, Level | YesNo) and isinstance(actual, Quantity | Range) and not _says_figure(item.target):
        message = f"指标“{item.name}”的指标值“{item.target}”是文字，完成值为数字 {item.actual}。"
        yield view.finding("kind-mismatch", row.cell("actual"), message)


def _says_figure(text: str | None) -> bool:
    return any(c.isdigit() for c in fold(text))
