"""`jihe ingest` and `jihe page`: documents in, and a look at their pages."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from agents.pipeline import Outcome, Plan, plan, run
from ingest.files import fingerprint
from ingest.render import render_page
from schema.cells import get_cell
from schema.errors import UsageError
from schema.evidence import Box, PagePlace
from schema.form import Form
from store import Store
from store.export.atomic import replacing
from ui.cli import INTERRUPTED
from ui.cli.console import STYLES, complain, err, make_table, out, print_table
from ui.cli.home import HomeOption, open_store

STATUSES = {"done": "完成", "partial": "部分完成", "known": "已有", "failed": "失败"}
EXTRACTOR_HELP = "读取方式：auto 自动选择，layout 按版面读取。"
OCR_HELP = "扫描页：本版还没有 OCR，两种取值都只读文字层，扫描页会列为失败。"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ingest")(ingest)
    app.command("page")(page)


def ingest(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(help="PDF 文件、文件夹（含子文件夹）或通配符。", metavar="PATH…")],
    *,
    workers: Annotated[int | None, typer.Option(min=1, help="读取进程数；默认按文件总量决定，最多与处理器核数相同。")] = None,
    extractor: Annotated[Literal["auto", "layout"], typer.Option(help=EXTRACTOR_HELP)] = "auto",  # noqa: ARG001 - one extractor so far
    ocr: Annotated[Literal["auto", "never"], typer.Option(help=OCR_HELP)] = "auto",  # noqa: ARG001 - no OCR so far
    engine: Annotated[Literal["local"], typer.Option(help="在哪里读：local 为本机。")] = "local",  # noqa: ARG001 - one engine so far
    home: HomeOption = None,
) -> None:
    """读取文件中的自评表并保存。

    同样的内容只读一次；中断后再次运行会接着做。读不了的文件会说明原因，其余照常。
    有文件或页面没有读成时退出码为 1。
    """
    with open_store(ctx, home, create=True) as store:
        outcomes = run_ingest(paths, store, workers)
        print_summary(outcomes, store)
    if any(outcome.status in ("failed", "partial") for outcome in outcomes):
        raise typer.Exit(1)


def page(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="PDF 文件。", metavar="FILE")],
    number: Annotated[int, typer.Argument(help="页码，从 1 起。", metavar="N")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个 PNG 文件。", metavar="FILE")],
    dpi: Annotated[int, typer.Option(min=36, max=600, help="每英寸点数。")] = 150,
    form: Annotated[str | None, typer.Option(help="表号或项目名称；与 --cell 一起用。")] = None,
    cell: Annotated[str | None, typer.Option(help="把这个单元格的位置框出来，如 indicators[3].score。")] = None,
    home: HomeOption = None,
) -> None:
    """把一页画成 PNG 图片，可框出某个单元格的位置。"""
    if (form is None) != (cell is None):
        raise UsageError("--form 和 --cell 要一起用。")
    identity = fingerprint(file)
    boxes: tuple[Box, ...] = ()
    if form is not None and cell is not None:
        with open_store(ctx, home) as store:
            found = store.get(form)
            if found.source is None or found.source.sha256 != identity.sha256:
                whence = f"而是 {found.source.file}" if found.source else "没有原件"
                raise UsageError(f"表 {found.form_id} 不是从 {file} 读出的，{whence}。")
            boxes = tuple(_boxes(found, cell, number))
    picture = render_page(file, number, dpi, boxes)
    with replacing(output) as part:
        part.write_bytes(picture)
    out().print(f"第 {number} 页已画到 {output}。")


def run_ingest(paths: Iterable[str], store: Store, workers: int | None = None) -> list[Outcome]:
    """Read documents into the store with progress on stderr; an interrupt stops cleanly and says what was kept."""
    planned = plan(paths, store)
    outcomes: list[Outcome] = []
    try:
        for outcome in _tracked(planned, run(planned, store, workers, shlex.join(["jihe", *sys.argv[1:]]))):
            outcomes.append(outcome)
    except KeyboardInterrupt as e:
        kept = sum(outcome.status in ("done", "partial") for outcome in outcomes)
        complain(f"已中断。本次已保存 {kept} 个文件；再次运行同一命令会接着读其余的。")
        raise typer.Exit(INTERRUPTED) from e
    return outcomes


def print_summary(outcomes: Iterable[Outcome], store: Store) -> None:
    """What became of each document that needs a look, and the totals."""
    outcomes = list(outcomes)
    console = out()
    notable = [o for o in outcomes if o.error is not None or o.status == "partial" or o.marks]
    if notable:
        table = make_table("文件", "结果", "表", "待核对", "说明", right=("表", "待核对"), fixed=("结果",))
        for outcome in notable:
            style = {"failed": STYLES["error"], "partial": STYLES["warning"]}.get(outcome.status, "")
            cells = (str(len(outcome.forms)), str(outcome.marks), _explained(outcome))
            table.add_row(outcome.file, Text(STATUSES[outcome.status], style=style), *cells)
        print_table(table, "表", "待核对")
    by_status = {status: sum(o.status == status for o in outcomes) for status in STATUSES}
    told = "，".join(f"{STATUSES[status]} {count}" for status, count in by_status.items() if count or status == "done")
    read = [o for o in outcomes if o.status in ("done", "partial")]
    forms, marks = sum(len(o.forms) for o in read), sum(o.marks for o in read)
    pages = [page for o in read for page in o.pages]
    accounted = _pages_told(page.status for page in pages)
    console.print(f"文件：{told}。读出 {forms} 张表，待核对 {marks} 处。" + (f"页面：{accounted}。" if pages else ""))
    counts = store.counts()
    console.print(
        f"库中现有 {counts.forms} 张表：错误 {counts.findings.get('error', 0)}，警告 {counts.findings.get('warning', 0)}。"
        "用 jihe forms 列出，jihe show 查看，jihe check 看问题。"
    )


def _tracked(planned: Plan, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes, shown as a progress bar on a terminal and as one line each elsewhere."""
    console = err()
    total = planned.total
    columns = (
        TextColumn("读取"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        for outcome in outcomes:
            progress.update(task, advance=1, description=Path(outcome.file).name)
            if not console.is_terminal:
                console.print(_line(outcome), soft_wrap=True)
            yield outcome


def _line(outcome: Outcome) -> str:
    said = f"{STATUSES[outcome.status]}  {outcome.file}"
    if outcome.error is not None:
        return f"{said}：{outcome.error.told}"
    return f"{said}：{len(outcome.forms)} 张表" if outcome.forms else said


def _explained(outcome: Outcome) -> str:
    if outcome.error is not None:
        return outcome.error.told
    failed = [f"第 {page.page} 页{page.reason}" for page in outcome.pages if page.status == "failed"]
    return "；".join(failed) or "有单元格需要核对，用 jihe show 查看"


def _pages_told(statuses: Iterable[str]) -> str:
    names = {"done": "已读", "empty": "空白", "failed": "失败", "other": "不含表"}
    counted = list(statuses)
    return "，".join(f"{name} {counted.count(status)}" for status, name in names.items() if status in counted)


def _boxes(found: Form, cell: str, number: int) -> Iterator[Box]:
    get_cell(found, cell)
    evidence = found.evidence.get(cell)
    places = [place for place in (evidence.at if evidence else ()) if isinstance(place, PagePlace)]
    here = [place.bbox for place in places if place.page == number]
    if not here:
        pages = "、".join(str(page) for page in sorted({place.page for place in places}))
        raise UsageError(
            f"{cell} 不在第 {number} 页" + (f"，在第 {pages} 页。" if pages else "：它是空的，没有出处；可以看同一行的其他单元格。")
        )
    yield from here
