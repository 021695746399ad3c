"""The budget and what was spent of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from schema.cells import funding_cell
from schema.checks.finding import Finding
from schema.checks.view import FormView, rounded, show, total_cell
from schema.form import Form, FundingRow
from schema.text import fold

_HUNDRED = Decimal(100)
# 万元, (万元), 金额单位:人民币万元; 百万元 is another unit.
_WAN = re.compile(r"(?<![十百千亿])万元")
_ROW_NAMES = {"total": "年度资金总额", "appropriation": "当年财政拨款", "carryover": "上年结转资金", "other": "其他资金"}


def exact_rate(row: FundingRow) -> Decimal | None:
    """Outturn in percent of the adjusted budget; None where one is missing or the budget is 0."""
    if row.outturn is None or not row.adjusted_budget:
        return None
    return row.outturn / row.adjusted_budget * _HUNDRED


def execution_rate(view: FormView) -> Iterator[Finding]:
    """A printed rate is outturn ÷ adjusted budget, truncated or rounded at the last place printed."""
    for name, row in view.funding_rows():
        exact = exact_rate(row)
        if exact is None or row.execution_rate is None:
            continue
        cell = funding_cell(name, "execution_rate")
        unit = max(Decimal(1).scaleb(-view.places(cell, row.execution_rate)), view.profile.rate_tolerance)
        if abs(row.execution_rate - exact) >= unit:
            should = show(rounded(exact))
            figures = f"{show(row.outturn or Decimal(0))} ÷ {show(row.adjusted_budget or Decimal(0))}"
            message = f"{_ROW_NAMES[name]}执行率印为 {show(row.execution_rate)}%，按 {figures} 应为 {should}%。"
            yield view.finding("execution-rate", cell, message, should)


def execution_score(view: FormView) -> Iterator[Finding]:
    """The budget score is weight × rate, rounded at the places printed or truncated at two, and at most the weight."""
    row = view.form.funding.total
    score, weight = row.score, row.weight
    rates = [rate for rate in (row.execution_rate, exact_rate(row)) if rate is not None]
    if score is None or weight is None or not rates:
        return
    place = Decimal(1).scaleb(-view.places(total_cell("score"), score))
    cut = Decimal(1).scaleb(-view.profile.truncated_places)
    dues = [min(weight, weight * rate / _HUNDRED) for rate in rates]
    if any(score in (rounded(due, place), rounded(due, cut, ROUND_DOWN)) for due in dues):
        return
    should = show(rounded(dues[0], min(place, cut)))
    message = f"预算执行得分 {show(score)}，按分值 {show(weight)} × 执行率 {show(rounded(rates[0]))}% 应为 {should}。"
    yield view.finding("execution-score", total_cell("score"), message, should)


def over_execution(view: FormView) -> Iterator[Finding]:
    """No more is spent than the adjusted budget allows."""
    for name, row in view.funding_rows():
        if row.outturn is None or row.adjusted_budget is None or row.outturn <= row.adjusted_budget:
            continue
        over = row.outturn - row.adjusted_budget
        message = f"{_ROW_NAMES[name]}全年执行数 {show(row.outturn)} 超过全年预算数 {show(row.adjusted_budget)}，超出 {show(over)}。"
        yield view.finding("over-execution", funding_cell(name, "outturn"), message, show(over))


def low_execution(view: FormView) -> Iterator[Finding]:
    """The printed rate of the total stays below the profile's limit."""
    rate, limit = view.form.funding.total.execution_rate, view.profile.low_execution
    if rate is not None and rate < limit:
        message = f"预算执行率 {show(rate)}%，低于 {show(limit)}%，应说明原因。"
        yield view.finding("low-execution", total_cell("execution_rate"), message, show(rate))


def budget_revised(view: FormView) -> Iterator[Finding]:
    """The budget was changed within the year by more than the profile's share of the original one."""
    row = view.form.funding.total
    before, after = row.original_budget, row.adjusted_budget
    if before is None or after is None or abs(after - before) * _HUNDRED <= view.profile.budget_revised * before:
        return
    change = show(rounded((after - before) / before * _HUNDRED)) if before else None
    grown = f"变动 {change}%" if change else "年初未安排预算"
    message = f"年初预算数 {show(before)} 调整为全年预算数 {show(after)}，{grown}，超过 {show(view.profile.budget_revised)}%。"
    yield view.finding("budget-revised", total_cell("adjusted_budget"), message, change)


def money_unit(view: FormView) -> Iterator[Finding]:
    """Under 万元, an adjusted total that makes sense in 元 only."""
    adjusted, limit = view.form.funding.total.adjusted_budget, view.profile.money_limit
    if in_wan(view.form) and adjusted is not None and adjusted >= limit:
        likely = show(adjusted / 10000)
        message = f"金额单位印为万元，全年预算数 {show(adjusted)} 不低于 {show(limit)}，疑按元填写（合 {likely} 万元）。"
        yield view.finding("money-unit", "funding.total", message, likely)


def in_wan(form: Form) -> bool:
    """Whether the form prints its money in 万元."""
    return bool(_WAN.search(fold(form.unit_of_money)))
