"""`jihe correct`: a person's word on a cell."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from schema.checks import Finding
from schema.errors import UsageError
from store.export.labels import SEVERITIES, cell_label
from store.records import Change
from ui.cli.console import STYLES, out, shown
from ui.cli.home import HomeOption, open_store
from ui.cli.indexing import update_index
from ui.cli.sheet import note_told

VALUE_HELP = "正确的值。- 表示原件此处为空；写现有的值表示确认无误。"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("correct", context_settings={"ignore_unknown_options": True})(correct)


def correct(
    ctx: typer.Context,
    *,
    form: Annotated[str, typer.Argument(help="表号（可只写开头）或项目名称（可只写一部分）。", metavar="FORM")],
    cell: Annotated[str, typer.Argument(help="单元格，如 funding.total.outturn、indicators[3].score。", metavar="CELL")],
    value: Annotated[str | None, typer.Argument(help=VALUE_HELP, metavar="[VALUE]")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="撤销该单元格最近一次更正。")] = False,
    who: Annotated[str | None, typer.Option(help="记在更正上的姓名，默认为登录名。")] = None,
    home: HomeOption = None,
) -> None:
    """更正一个单元格，或撤销更正。

    每次更正都留痕（谁、何时、原值、新值），同一张表重新读取后仍然有效。
    """
    if undo == (value is not None):
        raise UsageError("请写出正确的值，或用 --undo 撤销，二者取一。")
    if value is not None and value.startswith("--"):
        raise UsageError(f"没有 {value} 这个选项。负数和 - 可以直接写；用 jihe correct --help 查看写法。")
    person = who or _login()
    with open_store(ctx, home) as store:
        change = store.undo(form, cell, person) if value is None else store.correct(form, cell, value, person)
        _print_change(change, cell, undo=undo)
        update_index(store)


def _print_change(change: Change, cell: str, *, undo: bool) -> None:
    console = out()
    did = "撤销更正" if undo else "确认" if change.old == change.new and not change.event.note else "更正"
    values = f"{shown(change.old) or '空'} → {shown(change.new) or '空'}"
    console.print(f"{change.event.form_id} {cell_label(cell)}（{cell}）{did}{note_told(change.event)}：{values}")
    _print_findings("不再有的问题", change.gone)
    _print_findings("新出现的问题", change.come)
    if not change.gone and not change.come:
        console.print("问题没有变化。")


def _print_findings(title: str, findings: Sequence[Finding]) -> None:
    if findings:
        out().print(f"{title}：")
    for finding in findings:
        level = (SEVERITIES[finding.severity], STYLES[finding.severity])
        out().print(Text.assemble("  ", level, f" {cell_label(finding.cell)}：{finding.message}"))


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as e:
        raise UsageError("不知道是谁在更正。请用 --who 写上姓名。") from e
