"""What to do about a finding: one sentence per rule, for the review sheet that goes back to the units."""

from __future__ import annotations

ADVICE: dict[str, str] = {
    "weight-sum": "核对各项指标及预算执行的分值，使合计等于表中所印总分值；分值确有调整的，同步修改总分值。",
    "score-sum": "逐项重新加总得分，改正总得分或填错的单项得分，并相应核对评分等级。",
    "funding-sum": "对照决算数据核对财政拨款、结转资金和其他资金，使各项之和等于资金总额。",
    "execution-rate": "按“全年执行数÷全年预算数”重新计算执行率，并核对两个金额的口径和单位。",
    "execution-score": "按执行率和分值重新计算预算执行得分，同步修改总得分。",
    "over-execution": "查明执行数超过预算数的原因：属填报错误的改正金额，属追加预算的补充调整批复并更新全年预算数。",
    "score-over-weight": "改正得分，使其不小于0且不超过该项分值，同步修改总得分。",
    "missed-full-score": "目标未完成的，按评分办法扣分并说明原因；完成值填写有误的，附佐证后改正。",
    "deduction-unexplained": "补充偏差原因分析及改进措施，写明扣分的具体原因和整改安排。",
    "grade-band": "按总得分所在分档改正评分等级，或核实总得分。",
    "goal-direction": "核对该指标与年度总体目标的要求方向是否一致，改正其中写反的一处。",
    "missing-field": "补填该项内容；确实不适用的，注明“不适用”及理由。",
    "met-deducted": "已完成目标的，说明扣分理由或恢复得分；确未完成的，如实填写完成值。",
    "qualitative-band": "按定性指标的分档标准重新评分，并说明所属档次的依据。",
    "zero-weight": "为该指标分配分值，或删去不参与评分的指标。",
    "over-fulfilment": "说明大幅超额完成的原因；属目标设置偏低的，下年度编制时调高指标值。",
    "unit-mismatch": "统一指标值与实际完成值的计量单位后重新填写，并复核得分。",
    "deadline-year": "核对完成时限是否属于本年度，填写有误的改正。",
    "vacuous-target": "改用可衡量、有约束力的指标值，下年度编制时一并修改。",
    "low-execution": "说明预算执行率偏低的原因，并在下年度安排预算时从严核定。",
    "budget-revised": "说明预算调整的原因并附批复文件，提高年初预算编制的准确性。",
    "money-unit": "核对金额单位是元还是万元，改正单位或金额。",
    "duplicate-indicator": "合并或删除重复的指标，并重新分配分值。",
    "narrative-number": "核对文字总结与指标完成值中的数量，以佐证材料为准统一两处。",
    "result-copies-goal": "按实际完成情况重新撰写，写明完成的数量、质量和效果，不照抄预期目标。",
    "actual-copies-target": "填写实际完成的数值或情况，不照抄指标值，并备好佐证。",
    "kind-mismatch": "使指标值与完成值都为数字或都为文字，便于对照评分。",
    "missing-category": "按绩效指标体系补设缺少的一级指标，或说明不设的理由。",
    "category-weights": "对照通行的权重分配核对一级指标分值；确需不同的，说明理由。",
    "score-formula": "核对得分的计算方法；不按比例计分的，说明采用的评分标准。",
    "sibling-conflict": "核对两张表中同一指标的口径和数值，以佐证材料为准统一填写。",
}
"""By rule id."""


def advice_for(rule: str) -> str:
    """What to do about a finding of this rule; one to look into it where the rule is of another version."""
    return ADVICE.get(rule, "对照原件和佐证材料核实后处理。")
