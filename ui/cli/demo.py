"""`jihe demo`: the sample forms through the whole path, without a key or a network."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from data import samples
from schema.checks import RULES, Finding
from schema.evidence import PagePlace
from schema.form import Form
from store import Store, resolve_home
from store.export.labels import SEVERITIES, cell_label
from ui.cli.ask import print_answer
from ui.cli.console import STYLES, make_table, out, print_table, shown
from ui.cli.indexing import update_index
from ui.cli.ingest import print_summary, run_ingest

SHOWN_SEVERITIES = ("error",)
QUESTIONS = (
    "嘉定各项目的平均总得分是多少？",
    "有哪些项目因为机构改革而影响了绩效？",
    "执行率最低的三个项目是哪几个？",
)
FORMS_CITED = 3
"""Forms that are named below an answer; in a demonstration the rest would be in the way."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    ctx: typer.Context,
    home: Annotated[Path | None, typer.Option(help="保存到这个数据文件夹；不写则用临时文件夹，结束后删除。", metavar="DIR")] = None,
    everything: Annotated[bool, typer.Option("--all", help="警告也列出来；默认只列错误级问题。")] = False,
) -> None:
    """读取随附的示例表：列出各表、发现的问题和每个问题在原件中的位置，再回答三个问题。

    示例是公开的表，数字与公布的一致，说明文字经过改写，不是官方文本。
    """
    chosen = home or ctx.obj
    if chosen is not None:
        _run(resolve_home(chosen), everything, keep=True)
        return
    with tempfile.TemporaryDirectory(prefix="jihe-demo-") as folder:
        _run(Path(folder), everything, keep=False)


def _run(home: Path, everything: bool, *, keep: bool) -> None:
    console = out()
    console.print(Text("示例：5 个 PDF，公开的项目支出绩效自评表（说明文字经过改写，不是官方文本）。", style="bold"))
    with Store.open(home) as store:
        outcomes = run_ingest([str(samples() / "pdf")], store)
        forms = {form.form_id: form for form in store.iter_forms()}
        _print_forms(list(forms.values()))
        severities = tuple(SEVERITIES) if everything else SHOWN_SEVERITIES
        _print_findings([f for f in store.findings() if f.severity in severities], forms)
        print_summary(outcomes, store)
        if keep:
            # A folder that is deleted at the end needs none, and these few forms are answered from the tables alone.
            update_index(store)
    if not everything:
        console.print("以上只列了错误级问题；警告和提示用 jihe demo --all。")
    _answer_questions(home)
    console.print("读取自己的文件：jihe ingest 文件或文件夹；提问：jihe ask 问题")


def _answer_questions(home: Path) -> None:
    from agents.answer.ask import Asker  # noqa: PLC0415 - the planner's tables take a moment to load

    console = out()
    with Asker.open(home) as asker:
        for question in QUESTIONS:
            console.print(Text(f"\n问：{question}", style="bold"))
            print_answer(asker.turn(question).answer, FORMS_CITED)
    console.print()


def _print_forms(forms: list[Form]) -> None:
    table = make_table(
        "项目名称",
        "年度",
        "实施单位",
        "全年预算",
        "单位",
        "执行率%",
        "总得分",
        "等级",
        "出处",
        right=("年度", "全年预算", "执行率%", "总得分"),
    )
    for form in forms:
        total = form.funding.total
        numbers = (shown(total.adjusted_budget), form.unit_of_money or "", shown(total.execution_rate), shown(form.total_score))
        head = (form.project_name or "", shown(form.fiscal_year), form.implementing_unit or "")
        table.add_row(*head, *numbers, form.grade or "", _source(form))
    print_table(table, "单位", "实施单位")


def _print_findings(findings: list[Finding], forms: dict[str, Form]) -> None:
    console = out()
    console.print(Text(f"发现的问题（{len(findings)}）", style="bold"))
    for form_id, found in groupby(findings, key=lambda finding: finding.form_id):
        form = forms[form_id]
        console.print(Text(f"  {form.project_name or ''}", style="bold"))
        for finding in found:
            level = (SEVERITIES[finding.severity], STYLES[finding.severity])
            place = (f"  {cell_label(finding.cell)}，{_place(form, finding.cell)}", "dim")
            console.print(Text.assemble("    ", level, f" {RULES[finding.rule].title}：{finding.message}", place))


def _place(form: Form, cell: str) -> str:
    """Where a cell stands: file, page, box; for an empty cell the row's name, or the form."""
    row = cell.partition(".")[0] if cell.startswith("indicators[") else ""
    for candidate in (cell, f"{row}.name"):
        evidence = form.evidence.get(candidate)
        for place in evidence.at if evidence else ():
            if isinstance(place, PagePlace):
                box = ",".join(f"{edge:.0f}" for edge in place.bbox)
                return f"{_file(form)} 第{place.page}页 [{box}]"
    return _source(form)


def _source(form: Form) -> str:
    pages = form.source.pages if form.source else ()
    told = f"{pages[0]}" if len(pages) == 1 else f"{pages[0]}-{pages[-1]}" if pages else "?"
    return f"{_file(form)} 第{told}页"


def _file(form: Form) -> str:
    return Path(form.source.file).name if form.source else ""
