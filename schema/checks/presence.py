"""What should be printed, and what should be printed once."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from schema.cells import AMOUNT_COLUMNS, FUNDING_ROWS
from schema.checks.finding import Finding
from schema.checks.view import FormView, folded, show, total_cell
from schema.text import fold, is_blank

_HEAD = {"project_name": "项目名称", "department": "主管部门", "fiscal_year": "年度"}
_AMOUNTS = {"original_budget": "年初预算数", "adjusted_budget": "全年预算数", "outturn": "全年执行数"}
_BUDGET, _COST = "执行率", "成本"


def missing_field(view: FormView) -> Iterator[Finding]:
    """Project, department, year, total amounts and total score are printed."""
    form = view.form
    for cell, label in _HEAD.items():
        if is_blank(str(getattr(form, cell) or "")):
            yield view.finding("missing-field", cell, f"“{label}”未填写。")
    for column in AMOUNT_COLUMNS:
        if getattr(form.funding.total, column) is None and _has_column(view, column):
            yield view.finding("missing-field", total_cell(column), f"年度资金总额的“{_AMOUNTS[column]}”未填写。")
    if form.total_score is None:
        yield view.finding("missing-field", "total_score", "总得分未填写。")


def _has_column(view: FormView, column: str) -> bool:
    """Whether the template has the column. Transfer-payment forms print no 年初预算数: then no source has one, though they have others."""
    sources = [row for name, row in view.funding_rows() if name != FUNDING_ROWS[0]]
    printed = any(getattr(row, column) is not None for row in sources)
    others = any(getattr(row, other) is not None for row in sources for other in AMOUNT_COLUMNS if other != column)
    return column != "original_budget" or printed or not others


def duplicate_indicator(view: FormView) -> Iterator[Finding]:
    """No indicator stands twice under the same labels."""
    seen: dict[tuple[str, str, str], int] = {}
    for row in view.rows:
        key = (folded(row.item.level1), folded(row.item.level2), fold(row.item.name))
        if key in seen:
            message = f"指标“{row.item.name}”与第 {seen[key] + 1} 行重复（一、二、三级指标均相同）。"
            yield view.finding("duplicate-indicator", row.cell("name"), message, str(seen[key] + 1))
        else:
            seen[key] = row.index


def category_of(view: FormView, level1: str | None) -> str | None:
    """Which category of the profile a level-1 label names; 成本 is one of its own."""
    label = folded(level1)
    for name, marks in {**view.profile.categories, _COST: view.profile.cost_marks}.items():
        if any(mark in label for mark in marks):
            return name
    return None


def categories(view: FormView) -> Iterator[Finding]:
    """The form has every level-1 category, and weighs them as is usual. Both are for information: units may decide otherwise."""
    by_category = [(category_of(view, row.item.level1), row.item.weight) for row in view.rows]
    present = {name for name, _ in by_category if name}
    if not present:
        return
    missing = [name for name in view.profile.categories if name not in present]
    if missing:
        yield view.finding("missing-category", "indicators", f"没有{'、'.join(missing)}类一级指标。", "、".join(missing))
    weights = {_BUDGET: view.form.funding.total.weight or Decimal(0)}
    for name, weight in by_category:
        if name and weight is not None:
            weights[name] = weights.get(name, Decimal(0)) + weight
    yield from _weights(view, weights, _COST in present)


def _weights(view: FormView, weights: dict[str, Decimal], with_cost: bool) -> Iterator[Finding]:
    profile = view.profile
    usual = profile.default_weights_with_cost if with_cost and profile.default_weights_with_cost else profile.default_weights
    if len(weights) < 2 or all(weights.get(name, Decimal(0)) == weight for name, weight in usual.items()):
        return
    printed = " ".join(f"{name}{show(weights.get(name, Decimal(0)))}" for name in usual)
    wanted = " ".join(f"{name}{show(weight)}" for name, weight in usual.items())
    yield view.finding("category-weights", "indicators", f"一级指标权重为 {printed}，通行分配为 {wanted}。", printed)
