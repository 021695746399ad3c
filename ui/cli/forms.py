"""`jihe forms` and `jihe show`: what is stored."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.text import Text

from schema.canonical import to_json
from schema.checks import RULES
from schema.errors import UsageError
from store import FormFilter, Store
from store.export.labels import KINDS
from store.records import FormSummary
from ui.cli.console import STYLES, make_table, out, print_json, print_table, shown
from ui.cli.home import HomeOption, open_store
from ui.cli.sheet import Known, print_form

OPTIONAL = ("指标", "原件", "执行率%", "等级", "全年预算", "单位")
"""Columns that a narrow terminal goes without, the first first."""
NUMBERS = ("年度", "全年预算", "执行率%", "总得分", "指标", "错误", "警告", "待核对")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("forms")(list_forms)
    app.command("show")(show)


def list_forms(
    ctx: typer.Context,
    *,
    text: Annotated[str | None, typer.Argument(help="项目名称、主管部门或实施单位中的文字。", metavar="[TEXT]")] = None,
    year: Annotated[int | None, typer.Option(help="只列该年度。")] = None,
    rule: Annotated[str | None, typer.Option(help="只列有这条规则问题的表，如 score-sum。")] = None,
    severity: Annotated[Literal["error", "warning", "info"] | None, typer.Option(help="只列有该级别问题的表。")] = None,
    review: Annotated[bool, typer.Option("--review", help="只列有待核对单元格的表。")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="改为列出未能读取的文件及原因。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON。")] = False,
    home: HomeOption = None,
) -> None:
    """列出已保存的表。"""
    if failed:
        _print_failed(ctx, home, as_json)
        return
    if rule is not None and rule not in RULES:
        like = "、".join(get_close_matches(rule, RULES, n=3))
        near = f"是不是 {like}？" if like else "规则的名称见 jihe check 的输出。"
        raise UsageError(f"没有 {rule} 这条规则。{near}")
    with open_store(ctx, home) as store:
        found = store.forms(FormFilter(text=text, year=year, rule=rule, severity=severity, review=review))
        unread = store.counts().failed
    if as_json:
        print_json([form.model_dump(mode="json") for form in found])
        return
    table = make_table(
        "表号", "项目名称", "年度", "全年预算", "单位", "执行率%", "总得分", "等级", "指标", "错误", "警告", "待核对", "原件",
        right=NUMBERS, fixed=("表号", "单位", "等级"),
    )  # fmt: skip
    for form in found:
        table.add_row(*_line(form))
    if found:
        print_table(table, *OPTIONAL, least=16)
    console = out()
    errors, review_marks = sum(form.errors for form in found), sum(form.review_marks for form in found)
    rest = f"另有 {unread} 个文件未能读取（jihe forms --failed）。" if unread else ""
    console.print(f"共 {len(found)} 张表，错误 {errors}，待核对 {review_marks}。{rest}")


def show(
    ctx: typer.Context,
    form: Annotated[str, typer.Argument(help="表号（可只写开头）或项目名称（可只写一部分）。", metavar="FORM")],
    as_json: Annotated[bool, typer.Option("--json", help="输出规范 JSON，含出处与待核对。")] = False,
    home: HomeOption = None,
) -> None:
    """显示一张表，问题标在各自的单元格上。

    依次是表头、资金、目标、指标、问题与待核对、各页的读取方式和用时、更正和读取版本，并注明所在文件和页。
    """
    with open_store(ctx, home) as store:
        found = store.get(form)
        if as_json:
            print_json(to_json(found))
            return
        _print(store, found.form_id)


def _print_failed(ctx: typer.Context, home: Path | None, as_json: bool) -> None:
    with open_store(ctx, home) as store:
        failed = [document for document in store.documents() if document.status == "failed"]
    if as_json:
        print_json([document.model_dump(mode="json") for document in failed])
        return
    for document in failed:
        out().print(Text(f"{'，'.join(document.files)}：{document.reason}"))
    out().print(f"共 {len(failed)} 个文件未能读取。")


def _print(store: Store, form_id: str) -> None:
    form = store.get(form_id)
    pages = store.pages(form.source.sha256) if form.source else []
    print_form(form, Known(store.findings(form_id), store.versions(form_id), store.corrections(form_id), pages))


def _line(form: FormSummary) -> tuple[str | Text, ...]:
    page = f" 第{form.page}页" if form.page else ""
    kind = KINDS.get(form.kind or "", "导入")
    return (
        form.form_id,
        form.project_name or "（未读出）",
        shown(form.fiscal_year),
        shown(form.adjusted_budget),
        form.unit_of_money or "",
        shown(form.execution_rate),
        shown(form.total_score),
        form.grade or "",
        str(form.indicators),
        _count(form.errors, "error"),
        _count(form.warnings, "warning"),
        _count(form.review_marks, "review"),
        f"{Path(form.file).name}{page}（{kind}）",
    )


def _count(count: int, style: str) -> Text:
    return Text(str(count), style=STYLES[style] if count else "dim")
