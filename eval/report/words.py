"""What reports call figures, groups and settings; and what their figures do not show."""

from __future__ import annotations

GROUPS = {"number": "数字", "label": "标签", "text": "文本", "deviation": "偏差原因"}
FIGURES = {
    "numbers": "数字读对",
    "labels": "标签读对",
    "deviations": "偏差原因读对",
    "texts": "文本相似度",
    "forms_found": "读到的表",
    "forms_exact": "完全正确的表",
    "rows_recall": "指标行召回率（recall）",
    "rows_precision": "指标行准确率（precision）",
    "marked": "标为待核对",
    "wrong_marked": "读错的格中已标出",
    "silent": "读错而未标出",
}
"""The figures of eval.metrics.bootstrap."""
GATE = {
    "forms_found": "读到的表",
    "forms_exact": "完全正确的表",
    "forms_extra": "多出的表",
    "silent": "读错而未标出（格）",
    "silent_numbers": "读错而未标出的数字（格）",
    "silent_texts": "读错而未标出的文本（格）",
    "rows_recall": "指标行召回率（recall）",
    "rows_precision": "指标行准确率（precision）",
    "marked_share": "标为待核对",
    "seconds_per_page": "秒/页",
    "cost": "费用",
    "tokens": "token",
    "checker.found": "检查：找到的埋错",
    "checker.beyond": "检查：多报",
    "checker.false_alarms": "检查：误报",
    "answers.right": "问答：对",
    "faults.number": "模型埋错后未标出的数字（格）",
    "faults.label": "模型埋错后未标出的标签（格）",
    "faults.text": "模型埋错后未标出的文本（格）",
    "faults.deviation": "模型埋错后未标出的偏差原因（格）",
}
"""The figures of eval.runs.gate and of the leaderboard; those of groups are put together by `gate_figure`."""
_OF_GROUPS = {"f1": "F1", "blank": "空白读对"}
SETTINGS = {
    "dataset": "数据集",
    "dataset_sha256": "数据集 sha256",
    "sets": "集合",
    "quick": "快速",
    "limit": "每集合文件数上限",
    "extractor": "读取方式",
    "model": "模型",
    "ocr": "OCR",
    "seed": "种子（seed）",
    "faults": "模型埋错至少",
    "reading_only": "只评读取",
    "version": "jihe 版本",
    "commit": "代码提交（commit）",
    "python": "Python",
    "machine": "机器",
    "cores": "核数",
    "libraries": "库",
}
VERDICTS = {"better": "变好", "worse": "变差", "open": "看不出", "same": "不变"}
CONDITIONS = {"digital": "电子", "text": "纯文本", "scan": "扫描", "photo": "照片", "office": "办公文件"}

LIMITS = (
    "区间是按表重抽样得到的 95% 百分位区间（bootstrap）：一张表里的格往往一起对或一起错，所以按表而不按格抽。",
    "样本里没有出现的错误，重抽样也抽不到：全对时区间缩成一点，不等于不会错；此时另给出在这个表数下仍可能有的最大出错率。",
    "扫描件和照片由电子件按固定种子做旧而成，不是真实的扫描件：真实文件的污损、倾斜、印章可能更重，也可能更轻。",
    "样例只有少数几个单位的表样；没有见过的表样读得如何，这里看不出。",
    "标准答案由人核对，也可能有错；发现后应改标准答案，并说明原因。",
    "秒数和内存取决于机器和当时的负载，不参与比较好坏。",
)
"""What the figures of every run do not show."""


def gate_figure(name: str) -> str:
    """What people call a figure of the gate: 数字 F1."""
    group, _, figure = name.partition(".")
    if figure and name not in GATE:
        return f"{GROUPS.get(group, group)} {_OF_GROUPS.get(figure, figure)}"
    return GATE.get(name, name)


def percent(value: float | None, places: int = 2) -> str:
    """A share from 0 to 1 as people write it; a dash for none."""
    return "—" if value is None else f"{100 * value:.{places}f}%"


def said(value: str | None) -> str:
    """A value in a sentence."""
    return "（空）" if value is None else value


def shortened(text: str | None, most: int = 60) -> str:
    """A value cut to a length, and whether it was cut is seen."""
    told = " ".join(said(text).split())
    return told if len(told) <= most else f"{told[: most - 1]}…"


FAULTS = {
    "row-dropped": "漏一行",
    "row-doubled": "一行说两遍",
    "rows-swapped": "相邻两行对调",
    "column-shifted": "整列错位",
    "digit-changed": "改一位数字",
    "decimal-moved": "小数点移位",
    "value-of-neighbour": "抄成邻格",
    "value-of-other-form": "抄成别的表",
    "target-actual-exchanged": "目标与完成互换",
    "weight-score-exchanged": "分值与得分互换",
    "cell-emptied": "漏一格",
    "deviation-invented": "编造偏差原因",
    "deviation-of-neighbour": "抄成邻行的偏差原因",
    "total-corrected": "“改正”合计",
    "level-wrong": "指标级次错",
    "level-carried-on": "级次照抄上行",
    "name-translated": "名称译成英文",
    "text-normalised": "换写法",
    "text-paraphrased": "文本改写",
    "text-truncated": "文本截短",
    "units-exchanged": "部门与单位互换",
    "goals-exchanged": "目标与结果互换",
    "funding-rows-exchanged": "资金行互换",
    "answer-cut": "回答中途截断",
    "answer-ended-early": "回答提前结束",
}
"""The classes of eval.metrics.injection."""
OTHERS = {
    "grounding": "出处（grounding）",
    "checker": "检查规则（planted faults）",
    "answers": "问答（answers）",
    "retrieval": "检索（retrieval）",
}
"""Figures beside those of reading."""
PARTS = {
    **GROUPS,
    "all": "全部",
    "groups": "各类",
    "types": "各题型",
    "ways": "各方法",
    "row": "整行",
    "head": "表头",
    "name": "名称",
    "cells": "格",
    "missing": "无出处",
    "referenced": "可核对",
    "on_page": "页对",
    "near": "IoU ≥ 0.5",
    "iou": "平均 IoU",
    "readable": "有文字层",
    "read": "框内文字相符",
    "rule": "规则",
    "severity": "级别",
    "rules": "各规则",
    "planted": "埋入",
    "found": "找到",
    "occupied": "原已有",
    "beyond": "多报",
    "recall": "召回率",
    "precision": "准确率",
    "clean_forms": "无错的表",
    "false_alarms": "误报",
    "missed": "没有找到的和多报的",
    "fault": "错误种类",
    "faults": "各种错误",
    "harmless": "不改变意思",
    "repaired": "改正",
    "marked": "已标",
    "silent": "未标出",
    "faults_marked": "错误中已标",
    "faults_silent": "错误中未标出",
    "silent_numbers": "未标出的数字",
    "silent_below": "未标出率上限（95%）",
    "accepted": "对的格采信",
    "examples": "例",
    "runs": "各次",
    "share": "出错比例",
    "relapse": "再问仍错",
    "cuts": "截断比例",
    "alone": "只靠模型",
    "agrees": "账目相符",
    "requests": "请求",
    "questions": "题",
    "counted": "计入的题",
    "right": "对",
    "set_precision": "集合准确率",
    "set_recall": "集合召回率",
    "numbers_exact": "数字完全一致",
    "rankings_exact": "排名完全一致",
    "kendall_tau": "Kendall τ",
    "abstention_precision": "不答准确率",
    "abstention_recall": "不答召回率",
    "citations": "引文",
    "citations_resolve": "引文可定位",
    "citations_in_cell": "引文在格内",
    "citations_on_pages": "可对页的引文",
    "citations_on_page": "引文在页上",
    "verified": "逐数核实",
    "seconds_median": "秒（中位）",
    "seconds_p95": "秒（95%）",
    "mrr": "MRR",
    "ndcg": "nDCG",
    "forms": "表",
    "seeds": "种子",
    "seed": "种子",
}
"""Their parts; a name that is not here is printed as it is."""
SHARES = frozenset(
    {
        "on_page", "near", "read", "recall", "precision", "marked", "accepted", "silent_below", "share", "relapse", "cuts", "set_precision",
        "set_recall", "numbers_exact", "rankings_exact", "abstention_precision", "abstention_recall", "citations_resolve",
        "citations_in_cell", "citations_on_page", "verified",
    }
)  # fmt: skip
"""Parts that are shares from 0 to 1, where they are no whole numbers."""
