"""What must add up: weights, scores, and the sources of funding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from schema.cells import AMOUNT_COLUMNS
from schema.checks.finding import Finding
from schema.checks.view import FormView, show, total_cell
from schema.form import Extra
from schema.numerals import NUMBER, normalise

_COLUMN_NAMES = {"original_budget": "年初预算数", "adjusted_budget": "全年预算数", "outturn": "全年执行数"}
_SOURCE_LABEL = re.compile(r"资金|拨款|收入|结余")
_NUMBER = re.compile(NUMBER)


def weight_sum(view: FormView) -> Iterator[Finding]:
    """Budget weight and indicator weights make up the printed total, and that is the full weight. Blank counts as 0."""
    form, profile = view.form, view.profile
    printed = form.total_weight
    weights = [row.item.weight for row in view.rows if row.item.weight is not None]
    if printed is None or not weights:
        return
    budget = form.funding.total.weight or Decimal(0)
    total = sum(weights, budget)
    if abs(total - printed) > profile.sum_tolerance:
        parts = f"预算执行 {show(budget)} 与 {len(weights)} 项指标分值合计 {show(total)}"
        yield view.finding("weight-sum", "total_weight", f"{parts}，与所印总分值 {show(printed)} 不符。", show(total))
    elif abs(printed - profile.full_weight) > profile.sum_tolerance:
        message = f"总分值为 {show(printed)}，应为 {show(profile.full_weight)}。"
        yield view.finding("weight-sum", "total_weight", message, show(total))


def score_sum(view: FormView) -> Iterator[Finding]:
    """Budget score and indicator scores make up the printed total. Blank counts as 0."""
    form = view.form
    scores = [row.item.score for row in view.rows if row.item.score is not None]
    if form.total_score is None or not scores:
        return
    budget = form.funding.total.score or Decimal(0)
    total = sum(scores, budget)
    if abs(total - form.total_score) > view.profile.sum_tolerance:
        parts = f"预算执行得分 {show(budget)} 与 {len(scores)} 项指标得分合计 {show(total)}"
        yield view.finding("score-sum", "total_score", f"{parts}，与所印总得分 {show(form.total_score)} 不符。", show(total))


def funding_sum(view: FormView) -> Iterator[Finding]:
    """The total of each amount column is the sum of its sources, where one of them is printed."""
    funding = view.form.funding
    for column in AMOUNT_COLUMNS:
        total: Decimal | None = getattr(funding.total, column)
        parts: list[Decimal | None] = [getattr(row, column) for row in (funding.appropriation, funding.carryover, funding.other)]
        if total is None or all(part is None for part in parts):
            continue
        added = sum((part for part in parts if part is not None), Decimal(0))
        if abs(total - added) <= view.profile.sum_tolerance or _from_elsewhere(view, total - added):
            continue
        message = f"{_COLUMN_NAMES[column]}：财政拨款、上年结转与其他资金之和 {show(added)}，与资金总额 {show(total)} 不符。"
        yield view.finding("funding-sum", total_cell(column), message, show(added))


def _from_elsewhere(view: FormView, missing: Decimal) -> bool:
    """Whether sources without a slot (财政专户管理资金, 单位资金: kept as extras) make up the rest."""
    amounts = [numbers for extra in view.form.extras[:6] if (numbers := _amounts(extra))]
    if not amounts:
        return False
    choices = product(*([Decimal(0), *numbers] for numbers in amounts[:3]))
    return any(abs(sum(choice, Decimal(0)) - missing) <= view.profile.sum_tolerance for choice in choices)


def _amounts(extra: Extra) -> list[Decimal]:
    if not _SOURCE_LABEL.search(extra.label):
        return []
    return [Decimal(m.replace(",", "")) for m in _NUMBER.findall(normalise(extra.text))[:6]]
