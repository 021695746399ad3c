"""`jihe eval`: reading, checking and answering measured against gold."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from store.export.atomic import replacing
from ui.cli.console import complain, err, make_table, out, print_json, print_table
from ui.cli.home import HomeOption, chosen_home, open_store
from ui.cli.usage import ChineseGroup

if TYPE_CHECKING:
    from eval.runs.carry import Step
    from eval.runs.gate import Worse
    from eval.runs.leaderboard import Board
    from eval.runs.record import RunRecord

DATASET_HELP = "数据集：含 dataset.json 的文件夹；不写则用自带的样例。"
EXTRACTOR_HELP = "layout：只按版面读；auto：再请模型核对；llm：以模型为主。后两个要设置语言模型。"
LIMIT_HELP = "每个集合最多读几个文件。"
QUICK_HELP = "只读数据集为快速评测选出的文件，约一分半钟。"
SETS_HELP = "只评测这个集合，可写多次。"
FILES_HELP = "哪些文件：路径、文件名或 sha256 的开头；不写则全部。"
SLACK_HELP = "写基线时：比率可低多少（0 到 1）。"
GROUPS = {"number": "数字", "label": "标签", "text": "文本", "deviation": "偏差原因"}
ExtractorOption = Annotated[Literal["layout", "auto", "llm"], typer.Option("--extractor", help=EXTRACTOR_HELP, metavar="layout|auto|llm")]
DatasetOption = Annotated[Path | None, typer.Option("--dataset", help=DATASET_HELP, metavar="DIR")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
RunArgument = Annotated[str, typer.Argument(help="评测的编号（可只写开头）、last，或 run.json 的路径。", metavar="RUN")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(name="eval", cls=ChineseGroup, no_args_is_help=True, help="用标准答案衡量读取、检查和回答。")
    group.command("run")(run)
    group.command("gate")(gate)
    group.command("compare")(compare)
    group.command("report")(report)
    group.command("leaderboard")(board)
    group.command("label")(label)
    app.add_typer(group)


def run(
    ctx: typer.Context,
    *,
    dataset: DatasetOption = None,
    sets: Annotated[list[str] | None, typer.Option("--set", help=SETS_HELP, metavar="NAME")] = None,
    quick: Annotated[bool, typer.Option("--quick", help=QUICK_HELP)] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help=LIMIT_HELP, metavar="N")] = None,
    extractor: ExtractorOption = "layout",
    budget: Annotated[str | None, typer.Option("--budget", help="模型最多花多少，如 200000、20万、5元。", metavar="LIMIT")] = None,
    seed: Annotated[int, typer.Option("--seed", help="抽样和埋错所用的种子；同样的种子得到同样的数。", metavar="N")] = 1,
    reading_only: Annotated[bool, typer.Option("--reading-only", help="只衡量读取，不衡量出处、检查和问答。")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """评测一次，打印一张成绩单。

    中断后用同样的选项再运行会接着做；做过的扫描件副本和模型回答都会保留，不会重做，也不会再次付费。
    """
    from eval.dataset.manifest import load_dataset  # noqa: PLC0415 - metrics and OCR take a moment to load
    from eval.runs.carry import Wish, carry_out  # noqa: PLC0415 - the same
    from eval.runs.folder import Runs  # noqa: PLC0415 - the same

    wish = Wish(tuple(sets or ()), quick, limit, extractor, budget, seed, reading_only)
    runs = Runs(chosen_home(ctx, home))
    with _watched() as watch:
        record = carry_out(load_dataset(dataset), runs, wish, os.environ, watch)
    if as_json:
        print_json(record.model_dump(mode="json"))
        return
    print_card(record)
    out().print(f"结果在 {runs.of(record)}。")


def gate(
    ctx: typer.Context,
    name: RunArgument = "last",
    *,
    baseline: Annotated[Path, typer.Option("--baseline", help="基线文件。", metavar="FILE")],
    write: Annotated[bool, typer.Option("--write", help="不比较，而把这次评测写成基线。")] = False,
    slack: Annotated[float, typer.Option("--slack", min=0, max=1, help=SLACK_HELP, metavar="SHARE")] = 0.0,
    slack_counts: Annotated[int, typer.Option("--slack-counts", min=0, help="写基线时：个数可差多少。", metavar="N")] = 0,
    home: HomeOption = None,
) -> None:
    """把一次评测与基线比较：有一项变差，退出码为 1，并指出是哪些格。"""
    from eval.runs.folder import Runs  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.gate import make_baseline, read_baseline, worse  # noqa: PLC0415 - the same

    runs = Runs(chosen_home(ctx, home))
    record = runs.get(name)
    if write:
        with replacing(baseline) as part:
            part.write_text(make_baseline(record, slack, slack_counts).model_dump_json(indent=1) + "\n", encoding="utf-8")
        out().print(f"已把 {record.id} 写成基线 {baseline}。")
        return
    found = worse(record, read_baseline(baseline))
    if not found:
        out().print(f"{record.id} 不比基线差。")
        return
    _print_worse(found)
    raise typer.Exit(1)


def compare(
    ctx: typer.Context,
    first: Annotated[str, typer.Argument(help="较早的一次：编号（可只写开头）或 run.json 的路径。", metavar="A")],
    second: RunArgument = "last",
    *,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """比较两次评测：各项差值及其区间，哪些格由对变错、由错变对。

    区间由成对自助法按表抽样得到；表少，区间就宽，包含零的差别不能算差别。
    """
    from eval.report.markdown import comparison_markdown  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.compare import compare_runs  # noqa: PLC0415 - the same
    from eval.runs.folder import Runs  # noqa: PLC0415 - the same

    runs = Runs(chosen_home(ctx, home))
    compared = compare_runs(runs, runs.get(first), runs.get(second))
    if as_json:
        print_json(compared.model_dump(mode="json"))
    else:
        text, console = comparison_markdown(compared), out()
        console.print(Markdown(text) if console.is_terminal else text, soft_wrap=not console.is_terminal, markup=False)


def report(
    ctx: typer.Context,
    name: RunArgument = "last",
    *,
    against: Annotated[str | None, typer.Option("--against", help="与哪一次比较。", metavar="RUN")] = None,
    crops: Annotated[int, typer.Option("--crops", min=0, help="最多附多少处读错的页面截图。", metavar="N")] = 24,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="写到哪个文件夹，默认在这次评测的文件夹。", metavar="DIR")] = None,
    home: HomeOption = None,
) -> None:
    """写出评测报告：一个自带图表和截图的网页，和一份 Markdown。"""
    from eval.report.write import write_report  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.folder import Runs  # noqa: PLC0415 - the same

    runs = Runs(chosen_home(ctx, home))
    other = runs.get(against) if against is not None else None
    written = write_report(runs, runs.get(name), other, folder=output, crops=crops)
    out().print(f"报告：{written.html}\n　　　{written.markdown}", soft_wrap=True)


def board(
    ctx: typer.Context,
    *,
    dataset: Annotated[str | None, typer.Option("--dataset", help="数据集的名称；不写则全部。", metavar="NAME")] = None,
    by: Annotated[str, typer.Option("--by", help="按哪一项排，如 number.f1、silent、seconds_per_page。", metavar="FIGURE")] = "number.f1",
    only: Annotated[str | None, typer.Option("--set", help=SETS_HELP, metavar="NAME")] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """历次评测排行，读同样文件的排在一张表里。"""
    from eval.runs.folder import Runs  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.leaderboard import leaderboard  # noqa: PLC0415 - the same

    boards = leaderboard(Runs(chosen_home(ctx, home)).all(), dataset, by, only)
    if as_json:
        print_json([one.model_dump(mode="json") for one in boards])
        return
    if not boards:
        out().print("还没有评测。用 jihe eval run 做一次。")
    for one in boards:
        _print_board(one)


def label(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="数据集的文件夹；没有则新建。", metavar="DIR")],
    documents: Annotated[
        list[str] | None, typer.Argument(help="哪些文件：路径、文件名或 sha256 的开头；不写则全部。", metavar="[FILE]...")
    ] = None,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="已有的标准答案不同时，用现在的代替。")] = False,
    unseen: Annotated[bool, typer.Option("--unseen", help="没有人更正或确认过的表也收下（只要没有待核对的格）。")] = False,
    home: HomeOption = None,
) -> None:
    """把核对过的表做成标准答案，连同原件放进一个数据集。"""
    from eval.runs.label import Labelling  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.label import label as make_gold  # noqa: PLC0415 - the same

    with open_store(ctx, home) as store:
        done = make_gold(store, folder, Labelling(tuple(documents or ()), replace, unseen))
    for refused in done.refused:
        complain(f"{refused.file}：{refused.reason}")
    out().print(f"{done.folder}：写了 {len(done.written)} 份标准答案，{len(done.unchanged)} 份没有变化，共 {done.forms} 张表。")
    if done.refused:
        raise typer.Exit(1)


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
    if (answers := record.answers) is not None:
        yield f"问答：{answers.right}/{answers.questions}；引文在所指单元格 {_told(answers.citations_in_cell, '.1%')}"
    if (found := record.retrieval) is not None:
        ways = "，".join(f"{way} {figures.all.recall:.1%}" for way, figures in found.ways.items())
        yield f"检索（前 {found.k} 条召回，{found.counted} 问）：{ways}"


def _print_board(one: Board) -> None:
    out().print(f"{one.dataset}：{'、'.join(one.sets)}，{one.forms} 张表，按 {one.by} 排")
    table = make_table("编号", "日期", "抽取", "模型", *GROUPS.values(), "未标出的错", "秒/页")
    for line in one.runs:
        groups = [_told(line.overall.get(f"{group}.f1"), ".2%") for group in GROUPS]
        rest = (_told(line.overall.get("silent"), "g"), _told(line.overall.get("seconds_per_page"), ".2f"))
        table.add_row(line.id, f"{line.started_at:%Y-%m-%d}", line.extractor, line.model or "", *groups, *rest)
    print_table(table)


def _told(figure: float | None, form: str) -> str:
    return format(figure, form) if figure is not None else ""


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


def _print_worse(found: list[Worse]) -> None:
    table = make_table("集合", "指标", "基线", "现在", right=("基线", "现在"))
    for one in found:
        table.add_row(one.set, one.figure, f"{one.baseline:g}", f"{one.now:g}")
    print_table(table)


@contextmanager
def _watched() -> Iterator[Callable[[Step], None]]:
    """Progress of a run: a bar on a terminal, a line per document elsewhere."""
    console = err()
    columns = (TextColumn("{task.fields[set]}"), BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, set="")

        def watch(step: Step) -> None:
            bar.update(task, description=step.doing, completed=step.done, total=step.total or None, set=step.set)
            if not console.is_terminal:
                console.print(
                    f"{step.set} {step.done}/{step.total} {step.doing}" if step.total else f"{step.set} {step.doing}", soft_wrap=True
                )

        yield watch
