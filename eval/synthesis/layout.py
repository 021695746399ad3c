"""What can differ between two printed forms with the same content: one record of options, read by sheet, paging, drawing and expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ruling = Literal["cells", "lines", "fills", "double", "jitter", "open"]
"""cells: a stroked rectangle per cell; lines: long lines; fills: thin filled rectangles; double: every edge drawn twice, a little apart;
jitter: cells whose edges miss their neighbours' by up to 0.8 pt; open: long lines without the outer left and right border."""
Spans = Literal["line", "run", "char"]
"""How a line of text gets onto the page: in one go per font, word by word, or character by character."""
Align = Literal["left", "center"]

A4 = (595.0, 842.0)
LANDSCAPE = (842.0, 595.0)


@dataclass(frozen=True)
class Column:
    """A column of the indicator table.

    `field` is a field of schema.form.Indicator, one of sign, value and unit (the target in three columns), or "" for a column without a
    slot. Neighbours with the same `group` stand under one heading, and the table has two header rows.
    """

    field: str
    label: str
    width: float
    align: Align = "center"
    group: str = ""


@dataclass(frozen=True)
class FundingTable:
    """The funding block: a corner label, columns and rows as (field, label). An unknown row field makes the row an extra.

    In the corner, {unit} and {weight} stand for the unit of money and the budget's weight. A null value prints as `blank`.
    """

    corner: str = "项目资金\n（{unit}）"
    columns: tuple[tuple[str, str], ...] = (
        ("original_budget", "年初预算数"),
        ("adjusted_budget", "全年预算数"),
        ("outturn", "全年执行数"),
        ("weight", "分值"),
        ("execution_rate", "执行率"),
        ("score", "得分"),
    )
    rows: tuple[tuple[str, str], ...] = (
        ("total", "年度资金总额"),
        ("appropriation", "其中：当年财政拨款"),
        ("carryover", "上年结转资金"),
        ("other", "其他资金"),
    )
    blank: str = ""


@dataclass(frozen=True)
class Goals:
    """The goal block: a label at the side (or none) and the labels of goal and result."""

    side: str = "年度\n总体\n目标"
    expected: str = "预期目标"
    actual: str = "实际完成情况"


@dataclass(frozen=True)
class Breaks:
    """What happens at the end of a page.

    Args:
        cut_rows: a row may be cut, its text going on overleaf; otherwise the whole row moves.
        labels: a merged label over the break is split between the pages, repeated, or only on the first.
        repeat_header: the header rows of the indicator table are printed again.
    """

    cut_rows: bool = False
    labels: Literal["split", "repeat", "first"] = "split"
    repeat_header: bool = False


@dataclass(frozen=True)
class Page:
    """Sheet, fonts and rulings. `rotated` is a page stored upright and turned by its /Rotate entry."""

    size: tuple[float, float] = A4
    margin: float = 42
    font_size: float = 9
    rotated: bool = False
    flow: bool = False
    ruling: Ruling = "cells"
    spans: Spans = "line"
    shaded: bool = False


Head = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of (label, field of the form)."""

HEAD: Head = (
    (("项目名称", "project_name"),),
    (("主管部门", "department"), ("实施单位", "implementing_unit")),
)
COLUMNS = (
    Column("level1", "一级指标", 0.07),
    Column("level2", "二级指标", 0.09),
    Column("name", "三级指标", 0.24),
    Column("target", "年度指标值", 0.13),
    Column("actual", "实际完成值", 0.13),
    Column("weight", "分值", 0.07),
    Column("score", "得分", 0.07),
    Column("deviation", "偏差原因分析及改进措施", 0.2, "left"),
)


@dataclass(frozen=True)
class Layout:
    """One way of printing a form.

    Args:
        name: the key in LAYOUTS.
        title: with {year} where the title holds the year.
        subtitle: a line under the title, usually the year in brackets.
        lead: a line over the title (附件3).
        head: rows of label and value in the table.
        head_lines: the same as 标签：值 lines above the table; the field unit_of_money is the unit.
        outer: a merged label to the left of the indicator table.
        numbering: printed before each name, with {n} counting within its level 2.
        points: level-1 labels carry their points: 产出指标(50分).
        merged: level labels are merged cells; otherwise printed on each row.
        places: decimal places of weights and scores, enough for all of them; None drops trailing zeros.
        percent: execution rates are printed with %.
        thousands: amounts are printed with separators.
        template_row: what unused template rows print as a name; None for no such rows.
        total: label of the total row, None for no such row.
        grade: label of the grade, None for none.
        extra_rows: labels of blocks after the table's last row; the texts are made up from the form.
        extra_lines: labels of 标签：值 lines under the table.
    """

    name: str
    title: str = "项目支出绩效自评表"
    subtitle: str | None = "（{year}年度）"
    lead: str | None = None
    head: Head = HEAD
    head_lines: Head = ()
    funding: FundingTable = FundingTable()
    goals: Goals = Goals()
    columns: tuple[Column, ...] = COLUMNS
    outer: str | None = None
    numbering: str | None = None
    points: str | None = None
    merged: bool = True
    places: int | None = 2
    percent: bool = False
    thousands: bool = False
    template_row: str | None = None
    total: str | None = "总分"
    grade: str | None = "评分等级"
    extra_rows: tuple[str, ...] = ()
    extra_lines: tuple[str, ...] = ()
    breaks: Breaks = Breaks()
    page: Page = Page()

    def prints(self, field: str) -> bool:
        """Whether the indicator table has a column for a field of the indicator."""
        fields = {column.field for column in self.columns}
        return field in fields or (field == "target" and "value" in fields)
