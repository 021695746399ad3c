"""`jihe ingest`: documents in."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from agents.modelling import ExtractorName, ModelRun, model_run
from agents.modelling import estimate as estimate_cost
from agents.pipeline import Outcome, Plan, plan, run
from agents.reading_pool import Pool
from ingest.limits import limited
from ingest.settings import DEFAULT, Ocr, Settings
from schema.errors import UsageError
from schema.reading import PageReport
from store import Store
from store.export.labels import METHODS
from ui.cli import INTERRUPTED
from ui.cli.console import STYLES, complain, err, make_table, out, print_table, seconds_told
from ui.cli.home import HomeOption, open_store
from ui.cli.indexing import update_index

STATUSES = {"done": "完成", "partial": "部分完成", "known": "已有", "failed": "失败"}
EXTRACTOR_HELP = (
    "读取方式：auto 按版面读取，设置了语言模型时请它核对读不出或没有把握的部分；layout 只按版面；llm 每张表都请模型读（已读过的"
    "文件也重新读；有缓存的回答不再付费），与版面读数逐格比对。"
)
BUDGET_HELP = "语言模型最多用多少：token 数（200000、20万）、金额（5元、$2，需 JIHE_MODEL_PRICE）或两者（20万+5元）。用完即停止提问。"
REFRESH_HELP = "不用缓存的回答，重新提问。"
ESTIMATE_HELP = "只估计要问模型多少、花多少，不提问也不保存。"
OCR_HELP = (
    "扫描页和图片：auto 没有文字层或文字层靠不住的页做 OCR，always 每页都做 OCR（已读过的文件也重新读，以新的结果为准，"
    "人工更正保留），never 不做，扫描页列为失败。"
)
Engine = Literal["local", "ray"]
ENGINE_HELP = "在哪里读：local 为本机的读取进程；ray 为 Ray 集群（需安装 jihe[ray]），不写 --address 时在本机临时启动一个。"
ADDRESS_HELP = "Ray 集群的地址：头节点的“主机:端口”，或 auto（本机所在的集群）；与 --engine ray 一起用。"
PATHS_HELP = (
    "文件、文件夹（含子文件夹）、通配符，或 s3:// 等地址（见 docs/cluster.md）：PDF、图片、Word、Excel、OFD、文本。"
    "按页编号的一组图片放在一个文件夹里，算一个文件。"
)
NOTES_SHOWN = 3
"""Notes of one document that the report of a run tells; the others stand in `jihe show`."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(
    ctx: typer.Context,
    paths: Annotated[list[str], typer.Argument(help=PATHS_HELP, metavar="PATH…")],
    *,
    workers: Annotated[int | None, typer.Option(min=1, help="读取进程数；默认按文件总量决定，最多与处理器（集群）核数相同。")] = None,
    extractor: Annotated[ExtractorName, typer.Option(help=EXTRACTOR_HELP)] = "auto",
    ocr: Annotated[Ocr, typer.Option(help=OCR_HELP)] = "auto",
    engine: Annotated[Engine, typer.Option(help=ENGINE_HELP)] = "local",
    address: Annotated[str | None, typer.Option(help=ADDRESS_HELP, metavar="ADDR")] = None,
    budget: Annotated[str | None, typer.Option(help=BUDGET_HELP, metavar="限额")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help=REFRESH_HELP)] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help=ESTIMATE_HELP)] = False,
    home: HomeOption = None,
) -> None:
    """读取文件中的自评表并保存。

    同样的内容只读一次（--ocr always 除外）；中断后再次运行会接着做。读不了的文件会说明原因，其余照常。
    有文件或页面没有读成时退出码为 1。
    """
    with (
        open_store(ctx, home, create=True) as store,
        model_run(store.home, os.environ, extractor, budget, refresh=refresh) as model,
    ):
        settings = limited(os.environ, Settings(ocr=ocr, texts=model is not None))
        if estimate:
            _print_estimate(plan(paths, store, settings, anew=extractor == "llm"), model, extractor, workers)
            return
        with _readers(engine, address, workers, settings) as readers:
            outcomes = run_ingest(paths, store, readers, settings, model, anew=extractor == "llm")
        print_summary(outcomes, store, model)
        update_index(store)
    if any(outcome.status in ("failed", "partial") for outcome in outcomes):
        raise typer.Exit(1)


def _readers(engine: Engine, address: str | None, workers: int | None, settings: Settings) -> AbstractContextManager[int | Pool | None]:
    """What reads: so many worker processes, or a cluster."""
    if engine == "local":
        if address is not None:
            raise UsageError("--address 要和 --engine ray 一起用。")
        return nullcontext(workers)
    # Imported here: few runs need a cluster.
    from agents.engines.ray_pool import RayPool  # noqa: PLC0415

    return RayPool(address, workers, settings)


def _print_estimate(planned: Plan, model: ModelRun | None, extractor: ExtractorName, workers: int | None) -> None:
    if model is None:
        raise UsageError("没有设置语言模型，不会提问，也不花钱。设置 JIHE_MODEL 后再估计，写法见 docs/models.md。")
    told = estimate_cost(planned, extractor, workers)
    for failed in told.failed:
        complain(failed)
    out().print(told.told(model.endpoint), soft_wrap=True)


def run_ingest(
    paths: Iterable[str],
    store: Store,
    workers: int | Pool | None = None,
    settings: Settings = DEFAULT,
    model: ModelRun | None = None,
    *,
    anew: bool = False,
) -> list[Outcome]:
    """Read documents into the store with progress on stderr; an interrupt stops cleanly and says what was kept."""
    planned = plan(paths, store, settings, anew=anew)
    outcomes: list[Outcome] = []
    stage = model.stage if model is not None else None
    try:
        for outcome in _tracked(planned, run(planned, store, workers, shlex.join(["jihe", *sys.argv[1:]]), stage)):
            outcomes.append(outcome)
    except KeyboardInterrupt as e:
        kept = sum(outcome.status in ("done", "partial") for outcome in outcomes)
        rest = "再次运行同一命令会从头重读" if settings.ocr == "always" or anew else "再次运行同一命令会接着读其余的"
        paid = "已得到的模型回答都在缓存里，不会再次付费。" if model is not None else ""
        complain(f"已中断。本次已保存 {kept} 个文件；{rest}。{paid}")
        raise typer.Exit(INTERRUPTED) from e
    return outcomes


def print_summary(outcomes: Iterable[Outcome], store: Store, model: ModelRun | None = None) -> None:
    """What became of each document that needs a look, the totals, and what a model was asked."""
    outcomes = list(outcomes)
    console = out()
    notable = [o for o in outcomes if o.error is not None or o.status == "partial" or o.marks or any(page.notes for page in o.pages)]
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
    console.print(f"文件：{told}。读出 {forms} 张表，待核对 {marks} 处。" + (f"页面：{_pages_told(pages)}。" if pages else ""))
    if speeds := _speeds_told(pages):
        console.print(f"读取方式：{speeds}。")
    for line in model.told() if model is not None else ():
        console.print(line)
    counts = store.counts()
    console.print(
        f"库中现有 {counts.forms} 张表：错误 {counts.findings.get('error', 0)}，警告 {counts.findings.get('warning', 0)}。"
        "用 jihe forms 列出，jihe show 查看，jihe check 看问题。"
    )


class _PageProgress(Progress):
    """A bar that counts pages, looked up whenever it is drawn, so that it moves while workers are amid a long document."""

    def __init__(self, planned: Plan, console: Console) -> None:
        self.planned = planned
        text = TextColumn("{task.fields[counted]}")
        columns = (TextColumn("读取"), BarColumn(), text, TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        super().__init__(*columns, console=console, transient=True, disable=not console.is_terminal)

    def get_renderables(self) -> Iterable[RenderableType]:
        """The bar as things stand."""
        pages = self.planned.pages
        for task in self.tasks:
            total = max(pages.total, pages.read)
            # Told through update, a new total would begin the estimate of the time left anew.
            task.total = total
            self.update(task.id, completed=pages.read, counted=f"{pages.read}/{'' if pages.exact else '约 '}{total} 页")
        yield from super().get_renderables()


def _tracked(planned: Plan, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    """The outcomes, shown as a progress bar on a terminal and as one line each elsewhere."""
    console = err()
    with _PageProgress(planned, console) as progress:
        task = progress.add_task("", total=None, counted="")
        for count, outcome in enumerate(outcomes, 1):
            progress.update(task, description=f"文件 {count}/{planned.total} {Path(outcome.file).name}")
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
    said = [f"第 {page.page} 页{page.reason}" for page in outcome.pages if page.status == "failed"]
    notes = list(_notes(outcome.pages))
    said += notes[:NOTES_SHOWN] + ([f"另有 {len(notes) - NOTES_SHOWN} 条页面说明，用 jihe show 查看"] if len(notes) > NOTES_SHOWN else [])
    if outcome.marks:
        said.append("有单元格需要核对，用 jihe show 查看")
    return "；".join(said)


def _notes(pages: Sequence[PageReport]) -> Iterator[str]:
    """The pages' notes, each once with the pages it holds for."""
    held: dict[str, list[int]] = {}
    for page in pages:
        for note in page.notes:
            held.setdefault(note, []).append(page.page)
    for note, numbers in held.items():
        if len(numbers) <= NOTES_SHOWN:
            yield f"第 {'、'.join(map(str, numbers))} 页{note}"
        else:
            yield f"第 {numbers[0]}、{numbers[1]} … {numbers[-1]}（共 {len(numbers)} 页）{note}"


def _pages_told(pages: Sequence[PageReport]) -> str:
    names = {"done": "已读", "empty": "空白", "failed": "失败", "other": "不含表"}
    counted = [page.status for page in pages]
    return "，".join(f"{name} {counted.count(status)}" for status, name in names.items() if status in counted)


def _speeds_told(pages: Sequence[PageReport]) -> str:
    """How many pages were read in which way, and how long one of them took."""
    told = []
    for method, name in METHODS.items():
        taken = [page.seconds or 0.0 for page in pages if page.method == method]
        if taken:
            told.append(f"{name} {len(taken)} 页（每页 {seconds_told(sum(taken) / len(taken))}）")
    return "，".join(told)
