"""The named layouts: each a combination met in some province or year, most of them without a sample of their own."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import get_args

from eval.synthesis.layout import COLUMNS, HEAD, LANDSCAPE, Breaks, Column, FundingTable, Goals, Head, Layout, Page, Ruling, Spans

_LEVELS = COLUMNS[:3]
_SPLIT_TARGET = (
    Column("sign", "指标性质", 0.06, group="年度指标值"),
    Column("value", "指标值", 0.1, group="年度指标值"),
    Column("unit", "度量单位", 0.06, group="年度指标值"),
)
_TOTAL = ("total", "年度资金总额：")
_APPROPRIATION = ("appropriation", "其中：当年财政拨款")
_CARRYOVER = ("carryover", "上年结转资金")
_OTHER = ("other", "其他资金")
_HEAD_LINES: Head = (
    (("项目名称", "project_name"),),
    (("主管部门", "department"), ("填报单位", "implementing_unit"), ("金额单位", "unit_of_money")),
)
_LETTERED = (
    ("original_budget", "年初预算数（A）"),
    ("adjusted_budget", "全年预算数（B）"),
    ("outturn", "全年执行数（C）"),
    ("weight", "分值"),
    ("execution_rate", "执行率（C/B）"),
    ("score", "得分"),
)


def _tail(target: str, actual: str, weight: str, score: str, deviation: str) -> tuple[Column, ...]:
    """The columns after the levels in the usual order, under other labels."""
    labels = dict(zip(("target", "actual", "weight", "score", "deviation"), (target, actual, weight, score, deviation), strict=True))
    return tuple(replace(column, label=labels[column.field]) for column in COLUMNS[3:])


_ALL = (
    Layout("plain"),
    Layout(
        "weight-first",
        columns=(*_LEVELS, COLUMNS[5], COLUMNS[3], COLUMNS[4], COLUMNS[6], COLUMNS[7]),
        breaks=Breaks(cut_rows=True, repeat_header=True),
        page=Page(ruling="lines", spans="run"),
    ),
    Layout(
        "score-last",
        funding=FundingTable(
            corner="预算执行情况\n（{unit}）\n（{weight}分）",
            columns=(("adjusted_budget", "预算数(A)"), ("outturn", "执行数(B)"), ("execution_rate", "执行率(B/A)"), ("score", "得分")),
            rows=(_TOTAL, ("appropriation", "其中：财政拨款"), ("carryover", "上年结转"), _OTHER),
            blank="—",
        ),
        goals=Goals("年度\n绩效\n目标", "年初设定目标", "全年实际完成情况"),
        columns=(*_LEVELS, COLUMNS[5], COLUMNS[3], COLUMNS[4], Column("deviation", "备注", 0.2, "left"), Column("score", "自评得分", 0.07)),
        points="({points}分)",
        places=None,
        percent=True,
        total="合计",
        grade="自评等级",
        breaks=Breaks(cut_rows=True),
        page=Page(ruling="lines"),
    ),
    Layout(
        "three-columns",
        columns=(*_LEVELS, *_SPLIT_TARGET, *_tail("", "全年完成值", "权重", "自评得分", "未完成原因及拟采取措施")[1:]),
        breaks=Breaks(labels="repeat"),
        page=Page(ruling="fills", shaded=True),
    ),
    Layout(
        "transfer",
        title="{year}年度转移支付区域绩效目标自评表",
        subtitle=None,
        funding=FundingTable(
            columns=(("adjusted_budget", "全年预算数(A)"), ("outturn", "全年执行数(B)"), ("execution_rate", "预算执行率\n(B/A×100%)")),
            blank="-",
        ),
        goals=Goals("总体\n目标\n完成\n情况", "总体目标", "全年实际完成情况"),
        columns=(
            *_LEVELS,
            Column("target", "指标值", 0.14),
            Column("actual", "全年实际完成值", 0.15),
            Column("deviation", "未完成原因和改进措施", 0.24, "left"),
        ),
        outer="绩\n效\n指\n标",
        percent=True,
        total=None,
        grade=None,
        page=Page(ruling="open"),
    ),
    Layout(
        "lettered-landscape",
        funding=FundingTable(columns=_LETTERED, blank="-"),
        columns=(*_LEVELS, *_tail("指标值", "完成值", "权重", "得分", "偏差原因分析及改进措施")),
        numbering="指标{n}：",
        thousands=True,
        breaks=Breaks(labels="first", repeat_header=True),
        page=Page(size=LANDSCAPE, ruling="cells", spans="run"),
    ),
    Layout(
        "outer-label",
        title="财政项目支出绩效自评表",
        lead="附件3",
        funding=FundingTable(blank="—"),
        columns=(*_LEVELS, *_tail("年度\n指标值", "实际\n完成值", "分\n值", "得\n分", "偏差原因分析\n及改进措施")),
        outer="绩\n效\n指\n标",
        template_row="……",
        places=None,
        percent=True,
        grade=None,
        page=Page(ruling="jitter"),
    ),
    Layout(
        "extra-blocks",
        head=(HEAD[0], (("主管部门", "department"), ("项目单位", "implementing_unit"))),
        funding=FundingTable(
            rows=(_TOTAL, _APPROPRIATION, _CARRYOVER, _OTHER, ("account", "财政专户管理资金"), ("own", "单位资金")), blank="/"
        ),
        total="总计",
        grade="评价等级",
        extra_rows=("评价结论", "存在问题", "其他需要说明的问题"),
        extra_lines=("填报人", "联系电话", "填报日期"),
        breaks=Breaks(cut_rows=True, labels="repeat"),
        page=Page(ruling="lines"),
    ),
    Layout(
        "lines-above",
        title="{year}年度项目支出绩效自评表",
        subtitle=None,
        head=(),
        head_lines=_HEAD_LINES,
        funding=FundingTable(corner="年度\n预算\n执行", columns=_LETTERED, rows=(_TOTAL, _APPROPRIATION, _CARRYOVER, _OTHER)),
        goals=Goals("", "年初设定目标", "全年实际完成情况"),
        columns=(*_LEVELS, *_tail("目标值", "实际完成值", "分值", "得分", "未完成原因及拟采取措施")),
        places=None,
        page=Page(ruling="double"),
    ),
    Layout(
        "flowing",
        breaks=Breaks(cut_rows=True),
        grade="自评等级",
        page=Page(flow=True, font_size=7, margin=28, ruling="lines", spans="char"),
    ),
    Layout(
        "turned",
        columns=(*_LEVELS, *_SPLIT_TARGET, *_tail("", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")[1:]),
        numbering="{n}.",
        thousands=True,
        breaks=Breaks(cut_rows=True),
        page=Page(size=LANDSCAPE, rotated=True, ruling="fills", spans="run"),
    ),
    Layout(
        "tight",
        columns=(*_LEVELS, *_tail("年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")),
        thousands=True,
        breaks=Breaks(cut_rows=True),
        page=Page(font_size=10.5, margin=72, ruling="cells"),
    ),
    Layout(
        "unmerged",
        columns=(
            *_LEVELS,
            *_tail("年度指标值", "全年完成值", "分值", "自评得分", "未完成原因")[:-1],
            Column("deviation", "备注", 0.2, "left"),
        ),
        merged=False,
        template_row="",
        places=None,
        total="合计",
        grade=None,
        breaks=Breaks(repeat_header=True),
        page=Page(ruling="jitter", spans="char", shaded=True),
    ),
    Layout(
        "first-page-labels",
        goals=Goals("年度总体目标", "年初设定目标", "年度总体目标完成情况综述"),
        points="（{points}分）",
        template_row="……",
        extra_rows=("存在问题",),
        breaks=Breaks(cut_rows=True, labels="first"),
        page=Page(ruling="open", spans="run"),
    ),
)

LAYOUTS = {layout.name: layout for layout in _ALL}
"""By name."""


def vary(layout: Layout, rng: random.Random) -> Layout:
    """The same columns and labels with other rulings, spans, breaks and font size: what programs differ in, not provinces."""
    page = replace(
        layout.page,
        ruling=rng.choice(get_args(Ruling)),
        spans=rng.choice(get_args(Spans)),
        font_size=rng.choice((layout.page.font_size, 8, 9, 10.5)),
    )
    breaks = Breaks(cut_rows=rng.random() < 0.6, labels=rng.choice(("split", "repeat", "first")), repeat_header=rng.random() < 0.3)
    return replace(layout, page=page, breaks=breaks)
