"""What `jihe eval` prints: the card of a run, what broke behind a gate, the leaderboard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ui.cli.console import complain, make_table, out, print_table

if TYPE_CHECKING:
    from eval.runs.gate import Broken, Worse
    from eval.runs.leaderboard import Board
    from eval.runs.record import RunRecord

GROUPS = {"number": "数字", "label": "标签", "text": "文本", "deviation": "偏差原因"}
MOST_BROKEN = 20


def print_card(record: RunRecord) -> None:
    """The figures of a run, a line per set."""
    table = make_table("集合", "页", "表", "完全正确", "行", *GROUPS.values(), "已标", "未标出的错", "秒/页", right=())
    for one in record.sets:
        told = one.extraction
        rows = f"{told.rows_recall:.1%}/{told.rows_precision:.1%}"
        silent = f"{told.silent + told.silent_texts}（数字 {told.silent_numbers}）"
        speed = f"{one.seconds_per_page:.2f}" if one.seconds_per_page is not None else ""
        found = f"{told.forms_found}/{told.forms}" + (f"+{told.forms_extra}" if told.forms_extra else "")
        groups = [_told(told.groups[group].f1, ".2%") for group in GROUPS]
        marked = f"{told.calibration.marked_share:.1%}"
        table.add_row(one.name, str(one.pages), found, str(told.forms_exact), rows, *groups, marked, silent, speed)
    print_table(table)
    out().print("行：召回/准确；数字、标签、文本、偏差原因：F1；已标：标为待核对的单元格；未标出的错：读错而没有提醒的单元格。")
    for line in _beside(record):
        out().print(line, soft_wrap=True)
    for one in record.sets:
        for file, reason in one.failed.items():
            complain(f"{one.name}：{file}：{reason}")


def print_worse(found: list[Worse]) -> None:
    """The figures that got worse."""
    from eval.report.words import gate_figure  # noqa: PLC0415 - metrics take a moment to load

    table = make_table("集合", "变差的指标", "基线", "现在", right=("基线", "现在"))
    for one in found:
        table.add_row(one.set, gate_figure(one.figure), f"{one.baseline:g}", f"{one.now:g}")
    print_table(table)


def print_broken(broken: Broken) -> None:
    """The cells behind a set's figures, by field, form, what was to be read and what was."""
    from eval.report.words import said, shortened  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.cells import as_text, field_label, field_of, wanted  # noqa: PLC0415 - the same

    if broken.lost:
        out().print(f"{broken.set}：没有读到 {'、'.join(broken.lost)}。", soft_wrap=True)
    if not broken.cells:
        return
    shown = broken.cells[:MOST_BROKEN]
    more = f"，列出前 {len(shown)} 格" if len(shown) < len(broken.cells) else ""
    out().print(f"{broken.set}：基线里对而现在错的有 {len(broken.cells)} 格{more}：")
    table = make_table("字段", "表", "单元格", "应为", "读成", "标记")
    for cell in shown:
        values = (shortened(said(value), 40) for value in (wanted(cell), as_text(cell.got)))
        field = field_label(field_of(cell.gold_cell or cell.cell))
        table.add_row(field, cell.form, cell.cell, *values, "已标" if cell.marked else "未标出")
    print_table(table)


def print_board(one: Board) -> None:
    """The runs over the same documents, best first."""
    read = "，快速" * one.quick + (f"，每集合至多 {one.limit} 份" if one.limit is not None else "")
    out().print(f"{one.dataset}（版本 {one.dataset_sha256[:8]}{read}）：{'、'.join(one.sets)}，{one.forms} 张表，按 {one.by} 排")
    table = make_table("编号", "日期", "抽取", "模型", *GROUPS.values(), "未标出的错", "秒/页")
    for line in one.runs:
        groups = [_told(line.overall.get(f"{group}.f1"), ".2%") for group in GROUPS]
        rest = (_told(line.overall.get("silent"), "g"), _told(line.overall.get("seconds_per_page"), ".2f"))
        table.add_row(line.id, f"{line.started_at:%Y-%m-%d}", line.extractor, line.model or "", *groups, *rest)
    print_table(table)


def _beside(record: RunRecord) -> Iterator[str]:
    """What was measured beside reading, a line each."""
    grounded = [(one.name, one.grounding.all) for one in record.sets if one.grounding is not None]
    if grounded:
        yield "出处（页/框重合过半）：" + "，".join(
            f"{name} {_told(all_.on_page, '.1%')}/{_told(all_.near, '.1%')}" for name, all_ in grounded
        )
    if (checker := record.checker) is not None:
        found_of = f"埋错 {checker.planted} 处，找到 {checker.found}，多报 {checker.beyond}"
        yield f"检查：{found_of}；{checker.clean_forms} 张无错的表误报 {checker.false_alarms} 条"
    if (told := record.injection) is not None:
        became = f"模型埋错 {told.planted} 处，改正 {told.repaired}，标出 {told.faults_marked}，未标出 {told.faults_silent}"
        silent = "、".join(f"{GROUPS[group]} {count}" for group, count in told.silent.items())
        yield f"{became}；最后读错而未标出的格：{silent}"
    if (answers := record.answers) is not None:
        yield f"问答：{answers.right}/{answers.questions}；引文在所指单元格 {_told(answers.citations_in_cell, '.1%')}"
    if (found := record.retrieval) is not None:
        ways = "，".join(f"{way} {figures.all.recall:.1%}" for way, figures in found.ways.items())
        yield f"检索（前 {found.k} 条召回，{found.counted} 问）：{ways}"


def _told(figure: float | None, form: str) -> str:
    return format(figure, form) if figure is not None else ""
