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
from ui.cli.console import complain, err, out, print_json
from ui.cli.evaluation_told import print_board, print_broken, print_card, print_worse
from ui.cli.home import HomeOption, chosen_home, open_store
from ui.cli.usage import ChineseGroup

if TYPE_CHECKING:
    from eval.runs.carry import Step

DATASET_HELP = "数据集：含 dataset.json 的文件夹；不写则用自带的样例。"
EXTRACTOR_HELP = "layout：只按版面读；auto：再请模型核对；llm：以模型为主。后两个要设置语言模型。"
LIMIT_HELP = "每个集合最多读几个文件。"
QUICK_HELP = "只读数据集为快速评测选出的文件；自带的样例约一分钟。"
SETS_HELP = "只评测这个集合，可写多次；清单里标着 on_request 的（样例的 light-all 等）只有写了才评测。"
FILES_HELP = "哪些文件：路径、文件名或 sha256 的开头；不写则全部。"
FAULTS_HELP = "模型埋错至少多少处，0 则不做；不写则做一轮（自带的样例近六千处，快速评测约八百处）。"
SLACK_HELP = "写基线时：扫描件和照片的比率可低多少（0 到 1）。"
GATE_SETS_HELP = "只比较这个集合，可写多次；不写则比较基线里的全部。"
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
    faults: Annotated[int | None, typer.Option("--faults", min=0, help=FAULTS_HELP, metavar="N")] = None,
    reading_only: Annotated[bool, typer.Option("--reading-only", help="只衡量读取，不衡量出处、检查、模型埋错和问答。")] = False,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """评测一次，打印一张成绩单，写出报告（网页、Markdown，数据在 run.json）。

    中断后用同样的选项再运行会接着做；做过的扫描件副本和模型回答都会保留，不会重做，也不会再次付费。
    """
    from eval.dataset.manifest import load_dataset  # noqa: PLC0415 - metrics and OCR take a moment to load
    from eval.report.write import write_report  # noqa: PLC0415 - the same
    from eval.runs.carry import Step, Wish, carry_out  # noqa: PLC0415 - the same
    from eval.runs.folder import Runs  # noqa: PLC0415 - the same

    wish = Wish(tuple(sets or ()), quick, limit, extractor, budget, seed, faults, reading_only)
    runs = Runs(chosen_home(ctx, home))
    with _watched() as watch:
        record = carry_out(load_dataset(dataset), runs, wish, os.environ, watch)
        watch(Step("report", "写报告", 0, 0))
        written = write_report(runs, record)
    if as_json:
        print_json(record.model_dump(mode="json"))
        return
    print_card(record)
    out().print(f"报告：{written.html}\n（同一文件夹里有 {written.markdown.name} 和 run.json。）", soft_wrap=True)


def gate(
    ctx: typer.Context,
    name: RunArgument = "last",
    *,
    baseline: Annotated[Path, typer.Option("--baseline", help="基线文件。", metavar="FILE")],
    write: Annotated[bool, typer.Option("--write", help="不比较，而把这次评测写成基线。")] = False,
    slack: Annotated[float, typer.Option("--slack", min=0, max=1, help=SLACK_HELP, metavar="SHARE")] = 0.0,
    slack_counts: Annotated[int, typer.Option("--slack-counts", min=0, help="写基线时：扫描件和照片的个数可差多少。", metavar="N")] = 0,
    sets: Annotated[list[str] | None, typer.Option("--set", help=GATE_SETS_HELP, metavar="NAME")] = None,
    home: HomeOption = None,
) -> None:
    """把一次评测与基线比较：有一项变差，退出码为 1，指出新错的是哪些格，并写出附截图的报告。"""
    from eval.report.write import write_report  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.folder import Runs  # noqa: PLC0415 - the same
    from eval.runs.gate import broken_cells, make_baseline, read_baseline, worse  # noqa: PLC0415 - the same

    runs = Runs(chosen_home(ctx, home))
    record = runs.get(name)
    if write:
        with replacing(baseline) as part:
            part.write_text(make_baseline(runs, record, slack, slack_counts).model_dump_json(indent=1) + "\n", encoding="utf-8")
        out().print(f"已把 {record.id} 写成基线 {baseline}。")
        return
    wanted = read_baseline(baseline)
    found = worse(record, wanted, sets or ())
    if not found:
        out().print(f"{record.id} 不比基线差（{'、'.join(sets or wanted.sets)}）。")
        return
    print_worse(found)
    broken = broken_cells(runs, record, wanted, found)
    for one in broken:
        print_broken(one)
    # The cells that broke come first, so that they are among those with a piece of the page.
    cells = {(one.set, cell.form, cell.cell) for one in broken for cell in one.cells}
    out().print(f"各处的页面截图见报告：{write_report(runs, record, first=cells).html}", soft_wrap=True)
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
    only: Annotated[str | None, typer.Option("--set", help="只看评测了这个集合的。", metavar="NAME")] = None,
    as_json: JsonOption = False,
    home: HomeOption = None,
) -> None:
    """历次评测排行，读同样文件的排在一张表里；数据集改过就是另一个版本，另排一张。"""
    from eval.runs.folder import Runs  # noqa: PLC0415 - metrics take a moment to load
    from eval.runs.leaderboard import leaderboard  # noqa: PLC0415 - the same

    boards = leaderboard(Runs(chosen_home(ctx, home)).all(), dataset, by, only)
    if as_json:
        print_json([one.model_dump(mode="json") for one in boards])
        return
    if not boards:
        out().print("还没有评测。用 jihe eval run 做一次。")
    for one in boards:
        print_board(one)


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
