"""Findings, and the table of rules that can make them."""

from __future__ import annotations

from typing import Literal

from schema.record import Record

Severity = Literal["error", "warning", "info"]
Family = Literal["sums", "execution", "scoring", "targets", "narrative", "presence", "siblings"]
"""The module of schema.checks that holds the rule."""


class Rule(Record):
    """One rule: how grave a finding of it is, and its title in one line."""

    id: str
    severity: Severity
    title: str
    family: Family


class Finding(Record):
    """One thing that a form has wrong or should explain.

    `cell` is an address of schema.cells, or one of three that name more than a leaf: `funding.total` (money-unit) and `indicators`
    (missing-category, category-weights). `computed` is the value the rule arrived at, where there is one; `basis` the profile's name.
    """

    form_id: str
    project_name: str | None
    rule: str
    severity: Severity
    cell: str
    message: str
    computed: str | None = None
    basis: str


_TABLE: tuple[tuple[str, Severity, str, Family], ...] = (
    ("weight-sum", "error", "分值合计不符", "sums"),
    ("score-sum", "error", "得分合计不符", "sums"),
    ("funding-sum", "error", "资金总额与各项来源之和不符", "sums"),
    ("execution-rate", "error", "执行率计算不符", "execution"),
    ("execution-score", "error", "预算执行得分计算不符", "execution"),
    ("over-execution", "error", "执行数超过全年预算数", "execution"),
    ("score-over-weight", "error", "得分超过分值或为负", "scoring"),
    ("missed-full-score", "error", "未完成目标却得满分", "scoring"),
    ("deduction-unexplained", "error", "扣分未说明原因", "scoring"),
    ("grade-band", "error", "评分等级与总分不符", "scoring"),
    ("goal-direction", "error", "指标值方向与年度总体目标相反", "targets"),
    ("missing-field", "error", "必填项未填", "presence"),
    ("met-deducted", "warning", "已完成目标却扣分", "scoring"),
    ("qualitative-band", "warning", "定性指标得分不在分档内", "scoring"),
    ("zero-weight", "warning", "指标分值为0", "scoring"),
    ("over-fulfilment", "warning", "大幅超额完成未说明原因", "targets"),
    ("unit-mismatch", "warning", "指标值与完成值单位不一致", "targets"),
    ("deadline-year", "warning", "完成时限不在本年度", "targets"),
    ("vacuous-target", "warning", "指标值没有约束力", "targets"),
    ("low-execution", "warning", "预算执行率偏低", "execution"),
    ("budget-revised", "warning", "预算调整幅度过大", "execution"),
    ("money-unit", "warning", "金额单位疑有误", "execution"),
    ("duplicate-indicator", "warning", "指标重复", "presence"),
    ("narrative-number", "warning", "文字总结的数量与指标完成值不一致", "narrative"),
    ("result-copies-goal", "warning", "实际完成情况照抄预期目标", "narrative"),
    ("actual-copies-target", "info", "完成值照抄指标值", "targets"),
    ("kind-mismatch", "info", "指标值与完成值一为数字、一为文字", "targets"),
    ("missing-category", "info", "缺少一类一级指标", "presence"),
    ("category-weights", "info", "一级指标权重与通行分配不同", "presence"),
    ("score-formula", "info", "得分与按比例计算不符", "scoring"),
    ("sibling-conflict", "info", "同单位同年度两张表的同一指标数值不同", "siblings"),
)

RULES: dict[str, Rule] = {id: Rule(id=id, severity=severity, title=title, family=family) for id, severity, title, family in _TABLE}
"""Every rule by its id: errors, then warnings, then info. The one place that says how grave a rule is."""
