"""What measures are called in answers worded anew. Data only."""

from __future__ import annotations

ZH: dict[str, tuple[str, ...]] = {
    "original_budget": ("年初预算",),
    "adjusted_budget": ("全年预算", "调整后的预算"),
    "outturn": ("实际支出", "执行数"),
    "execution_rate": ("预算执行率", "执行率"),
    "budget_score": ("预算执行得分",),
    "total_score": ("自评总分", "自评得分", "总得分"),
    "score": ("得分",),
    "weight": ("分值",),
}
EN: dict[str, str] = {
    "original_budget": "original budget",
    "adjusted_budget": "adjusted budget",
    "outturn": "outturn",
    "execution_rate": "execution rate",
    "budget_score": "budget score",
    "total_score": "total score",
    "score": "score",
    "weight": "weight",
}
