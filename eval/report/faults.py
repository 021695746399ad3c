"""Faults of a model's answers in a report: what became of each class of them, how the model was played, and the worst that passed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.metrics.injection import FaultCounts, FaultRow, Injection, PassedCell
from eval.report.charts import Chart, Kind, stacked
from eval.report.tables import Table
from eval.report.words import FAULTS, GROUPS, percent, said, shortened
from store.export.labels import cell_label

_OUTCOMES: tuple[tuple[str, str, str], ...] = (("repaired", "b2", "改正"), ("marked", "b0", "已标"), ("silent", "b1", "未标出"))
"""What becomes of a fault: its name in the record, its style, what people call it."""
_OF = {**GROUPS, "row": "整行", "head": "表头"}
_BOTH = "核对版面"
_ALONE = "只靠模型"
_MOST = 20


def told_of(figures: Injection) -> tuple[str, ...]:
    """What the figures come to, and what they are of."""
    silent = "，".join(f"{GROUPS[group]} {count}/{figures.cells[group]}" for group, count in figures.silent.items())
    apart = "，".join(f"{GROUPS[group]} {count}" for group, count in figures.silent_apart.items())
    below = "" if figures.silent_below is None else f"没有一处未标出；在这个表数下，有错的表仍可能多到 {percent(figures.silent_below, 1)}。"
    return (
        f"由标准答案扮演模型，按给定比例和种子说错 {figures.planted} 处：{figures.repaired} 处改正，{figures.faults_marked} 处标出，"
        f"{figures.faults_silent} 处未标出。{below}",
        f"最后读错而未标出的格：{silent}。",
        f"名称存疑（已标）的行若不按位置、而按名称比较，算作缺一行又多一行，未标出的格是：{apart}。",
        f"说对的格里 {percent(figures.accepted)} 采信为对且不标，全部的格里 {percent(figures.marked)} 标为待核对。",
        "这些数说的是模型错了会怎样，不说模型多常出错：没有真实模型参与。",
    )


def fault_tables(figures: Injection) -> tuple[Table, ...]:
    """Every class of fault, every setting, and the worst cells that passed."""
    return (_classes(figures), _settings(figures), *([_passed(figures.examples)] if figures.examples else []))


def fault_chart(figures: Injection) -> Chart:
    """What became of the faults of each class, as shares of them."""
    rows = [(_name(row), _parts(row.all), f"{row.all.planted}", _told(row.all)) for row in figures.faults if row.all.planted]
    legend: tuple[tuple[Kind, str, str], ...] = tuple(("square", style, name) for _, style, name in _OUTCOMES)
    return stacked("各类错误的下场", "右边是说错的处数；长度是各种下场所占的比例。", rows, legend)


def _parts(counts: FaultCounts) -> list[tuple[float, str]]:
    return [(getattr(counts, name) / counts.planted, style) for name, style, _ in _OUTCOMES]


def _told(counts: FaultCounts) -> str:
    return "，".join(f"{name} {getattr(counts, of)}" for of, _, name in _OUTCOMES)


def _name(row: FaultRow) -> str:
    return FAULTS.get(row.fault, row.fault)


def _classes(figures: Injection) -> Table:
    every = FaultCounts(planted=figures.planted, repaired=figures.repaired, marked=figures.faults_marked, silent=figures.faults_silent)
    rows = [_class_row(_name(row) + "（不改变意思）" * row.harmless, row.all, row.groups) for row in figures.faults]
    columns = ("错误种类", "说错", "改正", "已标", "未标出", "其中未标出/说错")
    return Table(columns, (*rows, _class_row("全部", every, _over_all(figures.faults))), frozenset(range(1, 5)), title="各类错误")


def _class_row(name: str, counts: FaultCounts, groups: dict[str, FaultCounts]) -> tuple[str, ...]:
    apart = "，".join(f"{_OF.get(group, group)} {told.silent}/{told.planted}" for group, told in groups.items())
    return name, str(counts.planted), str(counts.repaired), str(counts.marked), str(counts.silent), apart or "—"


def _over_all(rows: Iterable[FaultRow]) -> dict[str, FaultCounts]:
    held = list(rows)
    return {
        group: FaultCounts(
            **{name: sum(getattr(row.groups[group], name) for row in held if group in row.groups) for name in FaultCounts.model_fields}
        )
        for group in _OF
    }


def _settings(figures: Injection) -> Table:
    columns = (
        "读的是",
        "方式",
        "说错的比例",
        "再问仍错",
        "截断",
        "种子",
        "表",
        "说错",
        *GROUPS.values(),
        "请求",
        "账目",
    )
    rows = tuple(
        (
            {"digital": "电子件", "dump": "纯文本"}.get(one.name, one.name),
            _ALONE if one.alone else _BOTH,
            percent(one.share, 0),
            percent(one.relapse, 0),
            percent(one.cuts, 0),
            *(str(value) for value in (one.seed, one.forms, one.planted, *(one.silent[group] for group in GROUPS), one.requests)),
            "相符" if one.agrees else "不符",
        )
        for one in figures.runs
    )
    return Table(
        columns, rows, frozenset(range(2, len(columns) - 1)), title="怎样扮演", note="数字、标签、文本、偏差原因：读错而未标出的格。"
    )


def _passed(passed: Sequence[PassedCell]) -> Table:
    rows = tuple(
        (
            GROUPS.get(one.group, one.group),
            f"{one.form} {cell_label(one.cell)}",
            FAULTS.get(one.fault, one.fault) or "没有说错",
            shortened(said(one.want or None), 60),
            shortened(said(one.got or None), 60),
            f"{one.name}，{percent(one.share, 0)}，再问仍错 {percent(one.relapse, 0)}，种子 {one.seed}",
        )
        for one in passed[:_MOST]
    )
    return Table(("类", "格", "错误种类", "应为", "读成", "哪一次"), rows, title="未标出的格，最要紧的在前")
