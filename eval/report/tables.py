"""The tables of reports, the same in Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agents.models.price import told_money
from eval.metrics.bootstrap import Interval
from eval.metrics.extraction import GroupFigures
from eval.report.errors import FieldErrors
from eval.report.gather import SetReport
from eval.report.words import CONDITIONS, FIGURES, GATE, GROUPS, SETTINGS, VERDICTS, gate_figure, percent, said, shortened
from eval.runs.cells import field_label
from eval.runs.compare import CellChange, Comparison, SetComparison
from eval.runs.leaderboard import Board, RunLine
from eval.runs.record import RunRecord, SetRun
from store.export.labels import cell_label


@dataclass(frozen=True)
class Table:
    """A table as text; columns in `numbers` are set to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    title: str = ""
    note: str = ""


def card(run: RunRecord) -> Table:
    """The figures of a run, a row per set."""
    columns = ("集合", "文件", "页", "表", "完全正确", "行 召回/准确", *GROUPS.values(), "已标", "未标出的错", "秒/页", "内存 MB", "费用")
    note = (
        "表：读到/应有（+多出的）。数字、标签、文本、偏差原因：F1。已标：标为待核对的格。"
        "未标出的错：读错而没有提醒的格（其中数字），目标与完成情况的文本另计。"
    )
    return Table(columns, tuple(_card_row(one) for one in run.sets), frozenset(range(1, len(columns))), note=note)


def failures(run: RunRecord) -> Table | None:
    """Documents that could not be read."""
    rows = tuple((one.name, file, reason) for one in run.sets for file, reason in one.failed.items())
    return Table(("集合", "文件", "原因"), rows) if rows else None


def intervals(sets: Sequence[SetReport]) -> Table | None:
    """Every figure with its interval, a column per set."""
    drawn = [one for one in sets if one.intervals]
    if not drawn:
        return None
    rows = tuple((FIGURES[figure], *(interval_text(one.intervals[figure]) for one in drawn)) for figure in drawn[0].intervals)
    limits = ("全对时仍可能出错的表（上限）", *(percent(one.unseen, 1) for one in drawn))
    names = tuple(f"{one.run.name}（{one.run.extraction.forms} 张）" for one in drawn)
    first = next(iter(drawn[0].intervals.values()))
    note = f"括号里是 {percent(first.level, 0)} 区间：按表重抽样 {first.draws} 次，种子 {first.seed}。"
    return Table(("指标", *names), (*rows, limits), frozenset(range(1, len(names) + 1)), note=note)


def field_errors(sets: Iterable[SetReport]) -> Table | None:
    """The fields in which anything is wrong."""
    held = [one for chosen in sets for one in chosen.fields]
    rows = tuple(_field_row(one) for one in held)
    return Table(("集合", "字段", "错/格", "未标出", "例：应为 → 读成"), rows, frozenset({2, 3})) if rows else None


def compared_settings(comparison: Comparison) -> Table | None:
    """What two runs were made with and that differs."""
    rows = tuple((SETTINGS.get(one.name, one.name), said(one.first), said(one.second)) for one in comparison.settings)
    return Table(("不同之处", comparison.first, comparison.second), rows) if rows else None


def compared_figures(one: SetComparison) -> Table:
    """The figures of a set in both runs, and the interval of the difference."""
    rows = tuple(
        (FIGURES[told.figure], percent(told.first), percent(told.second), difference_text(told.change), VERDICTS[told.verdict])
        for told in one.figures
    )
    return Table(("指标", "前", "后", "差（95% 区间）", "看法"), rows, frozenset({1, 2, 3}), title=f"{one.name}：{one.forms} 张表")


def compared_silent(one: SetComparison) -> Table | None:
    """The errors that nobody is told of now and was before, or that were none."""
    rows = tuple(_change_row(change) for change in one.new_silent)
    more = f"共 {one.new_silent_count} 格，列出前 {len(rows)} 格。" if one.new_silent_count > len(rows) else ""
    columns = ("表", "单元格", "应为", "前", "后")
    return Table(columns, rows, title=f"{one.name}：新出现的、没有标出的错误", note=more) if rows else None


def compared_fields(one: SetComparison) -> Table | None:
    """Fields in which cells went wrong or were mended."""
    rows = tuple(
        (
            field_label(field.field),
            f"{field.broken}（未标 {field.silent}）",
            str(field.mended),
            "；".join(
                f"{change.form} {cell_label(change.cell)}：应为 {shortened(change.want, 24)}，"
                f"前 {shortened(change.first, 24)}，后 {shortened(change.second, 24)}"
                for change in field.examples
            ),
        )
        for field in one.fields
    )
    return Table(("字段", "变错", "变对", "例"), rows, frozenset({1, 2}), title=f"{one.name}：逐字段的差别") if rows else None


def board_table(board: Board) -> Table:
    """The leaderboard: a row per run, figures of each set and of all."""
    names = [one.set for one in board.runs[0].sets]
    columns = ("评测", "读取方式", "模型", "日期", "提交", gate_figure(board.by), *names, "未标出的错", "已标", "秒/页", "费用")
    note = (
        f"按{gate_figure(board.by)}排序；各集合一栏：数字 / 标签 / 文本的 F1。{board.forms} 张表，只列读同样文件的评测"
        f"（数据集版本 {board.dataset_sha256[:8]}；数据集改过的另成一张）。费用为“—”：回答有取自缓存的，这一次没有付全。"
    )
    return Table(columns, tuple(_board_row(line, board.by) for line in board.runs), frozenset(range(5, len(columns))), note=note)


def stamp(run: RunRecord) -> Table:
    """With what a run was made."""
    told = {**run.settings.model_dump(mode="json"), **run.stamp.model_dump(mode="json")}
    rows = [("评测", run.id), ("开始", f"{run.started_at:%Y-%m-%d %H:%M:%S} UTC")]
    if run.finished_at is not None:
        rows.append(("完成", f"{run.finished_at:%Y-%m-%d %H:%M:%S} UTC"))
    rows += [(SETTINGS.get(name, name), _setting(value)) for name, value in told.items()]
    return Table(("", ""), tuple(rows))


def interval_text(told: Interval) -> str:
    """A share with its interval."""
    if told.value is None:
        return "—"
    return percent(told.value) if told.flat else f"{percent(told.value)}（{percent(told.low)}–{percent(told.high)}）"


def difference_text(told: Interval) -> str:
    """A difference of two shares in percentage points, with its interval."""
    if told.value is None or told.low is None or told.high is None:
        return "—"
    return f"{100 * told.value:+.2f}（{100 * told.low:+.2f} 至 {100 * told.high:+.2f}）"


def _card_row(one: SetRun) -> tuple[str, ...]:
    told = one.extraction
    return (
        f"{one.name}（{CONDITIONS.get(one.condition, one.condition)}）",
        str(one.documents) + (f"，{len(one.failed)} 份失败" if one.failed else ""),
        str(one.pages),
        f"{told.forms_found}/{told.forms}" + (f"+{told.forms_extra}" if told.forms_extra else ""),
        str(told.forms_exact),
        f"{percent(told.rows_recall, 1)}/{percent(told.rows_precision, 1)}",
        *(_f1(told.groups.get(group)) for group in GROUPS),
        percent(told.calibration.marked_share, 1),
        f"{told.silent}（数字 {told.silent_numbers}）+ 文本 {told.silent_texts}",
        "—" if one.seconds_per_page is None else f"{one.seconds_per_page:.2f}",
        "—" if one.peak_megabytes is None else f"{one.peak_megabytes:.0f}",
        _cost(one.cost, one.currency, one.prompt_tokens + one.completion_tokens) + f"（缓存 {one.cached}）" * bool(one.cached),
    )


def _f1(group: GroupFigures | None) -> str:
    return percent(group.f1 if group is not None else None)


def _cost(cost: float | None, currency: str, tokens: float | None) -> str:
    """What was paid; tokens where the price is not known, a dash where neither is."""
    if cost is not None:
        return told_money(Decimal(cost), currency) if currency else f"{cost:.4g}"
    return "—" if tokens is None else f"{tokens:.0f} token"


def _field_row(one: FieldErrors) -> tuple[str, ...]:
    examples = "；".join(f"{shortened(cell.want, 24)} → {shortened(cell.got, 24)}" for cell in one.examples)
    return one.set, field_label(one.field), f"{one.wrong}/{one.cells}", str(one.silent), examples


def _change_row(change: CellChange) -> tuple[str, ...]:
    values = (shortened(value, 40) for value in (change.want, change.first, change.second))
    return change.form, f"{cell_label(change.cell)}（{change.cell}）", *values


def _board_row(line: RunLine, by: str) -> tuple[str, ...]:
    told = line.overall
    sets = (" / ".join(percent(one.figures.get(f"{group}.f1"), 1) for group in ("number", "label", "text")) for one in line.sets)
    return (
        line.id,
        line.extractor,
        line.model or "—",
        f"{line.started_at:%Y-%m-%d %H:%M}",
        line.commit or "—",
        figure_text(by, told.get(by)),
        *sets,
        figure_text("silent", told.get("silent")),
        figure_text("marked_share", told.get("marked_share")),
        figure_text("seconds_per_page", told.get("seconds_per_page")),
        _cost(told.get("cost"), line.currency, told.get("tokens")),
    )


def figure_text(name: str, value: float | None) -> str:
    """A figure of the gate or the leaderboard as people write it: a share in percent, a count as it is."""
    if value is None:
        return "—"
    return percent(value) if name not in GATE or name in ("rows_recall", "rows_precision", "marked_share") else f"{value:.4g}"


def _setting(value: object) -> str:
    return "、".join(_parts(value)) or "—"


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{name} {part}" for name, part in value.items())
    elif isinstance(value, list):
        yield from (str(part) for part in value)
    elif isinstance(value, bool):
        yield "是" if value else "否"
    elif value is not None:
        yield str(value)
