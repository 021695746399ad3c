"""What cells, severities and kinds are called in front of people."""

from __future__ import annotations

import re

FUNDING_ROWS = {"total": "年度资金总额", "appropriation": "当年财政拨款", "carryover": "上年结转资金", "other": "其他资金"}
FUNDING_COLUMNS = {
    "original_budget": "年初预算数",
    "adjusted_budget": "全年预算数",
    "outturn": "全年执行数",
    "weight": "分值",
    "execution_rate": "执行率(%)",
    "score": "得分",
}
INDICATOR_COLUMNS = {
    "level1": "一级指标",
    "level2": "二级指标",
    "name": "三级指标",
    "target": "年度指标值",
    "actual": "实际完成值",
    "weight": "分值",
    "score": "得分",
    "deviation": "偏差原因分析及改进措施",
}
HEAD = {
    "title": "表名",
    "fiscal_year": "年度",
    "project_name": "项目名称",
    "department": "主管部门",
    "implementing_unit": "实施单位",
    "unit_of_money": "金额单位",
    "expected_goal": "年度总体目标",
    "actual_result": "年度总体目标完成情况",
    "total_weight": "总分值",
    "total_score": "总得分",
    "grade": "评分等级",
    "indicators": "指标",
    "funding": "资金",
}
SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
REVIEW = "待核对"
KINDS = {"digital": "电子", "scan": "扫描", "photo": "照片", "office": "文档", "text": "文本"}
METHODS = {"layout": "文字层", "ocr": "OCR", "office": "办公文件", "text": "文本"}
"""What a page was read from."""

_ROW = re.compile(r"(indicators|extras)\[(\d+)\](?:\.(\w+))?\Z")


def cell_label(cell: str) -> str:
    """A cell's address as people say it: `indicators[3].score` is 第 4 行得分, `funding.total.outturn` is 年度资金总额·全年执行数."""
    m = _ROW.match(cell)
    if m:
        block = "第" if m[1] == "indicators" else "其他内容第"
        column = INDICATOR_COLUMNS.get(m[3] or "", m[3] or "")
        return f"{block} {int(m[2]) + 1} 行{column}"
    if cell.startswith("funding."):
        row, _, column = cell.removeprefix("funding.").partition(".")
        return "·".join(part for part in (FUNDING_ROWS.get(row, row), FUNDING_COLUMNS.get(column, column)) if part)
    return HEAD.get(cell, cell)


def row_index(cell: str) -> int | None:
    """The index of the indicator that a cell belongs to."""
    m = _ROW.match(cell)
    return int(m[2]) if m and m[1] == "indicators" else None
