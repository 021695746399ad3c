"""`jihe export`, `jihe import` and `jihe remove`: forms in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from schema.errors import UsageError
from store.export import FORMATS, Format, export
from store.importing import import_files
from ui.cli.console import complain, out
from ui.cli.home import HomeOption, open_store
from ui.cli.indexing import update_index


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export_forms)
    app.command("import")(import_forms)
    app.command("remove")(remove)


def export_forms(
    ctx: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个文件。", metavar="FILE")],
    to: Annotated[Format | None, typer.Option("--to", help="格式；不写则按文件扩展名。")] = None,
    home: HomeOption = None,
) -> None:
    """导出全部表：json、jsonl、csv、xlsx、parquet。

    json 是规范格式，含出处与待核对；jsonl 每行一张表；csv 和 parquet 每行一个指标；xlsx 有项目、指标、问题清单三张工作表。
    csv 中会被表格软件当作公式的文字前加了一个撇号，其余格式一字不改。
    """
    chosen = to or _by_suffix(output)
    with open_store(ctx, home) as store:
        count = export(store, chosen, output)
    out().print(f"已导出 {count} 张表到 {output}（{chosen}）。")


def import_forms(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="规范 JSON 文件。", metavar="FORMS.json…")],
    home: HomeOption = None,
) -> None:
    """导入规范 JSON 里的表。

    同一文件再次导入不会改变任何内容。
    """
    failed = False
    with open_store(ctx, home, create=True) as store:
        for one in import_files(store, files):
            if one.result is None:
                complain(str(one.error))
                failed = True
                continue
            told = f"存入 {one.result.forms} 张表，其中 {one.result.current} 张为当前版本" if one.result.new else "之前已导入，没有变化"
            out().print(f"{one.file}：{told}。")
        update_index(store)
    if failed:
        raise typer.Exit(1)


def remove(
    ctx: typer.Context,
    document: Annotated[str, typer.Argument(help="文件路径、文件名或 sha256 开头。", metavar="DOCUMENT")],
    home: HomeOption = None,
) -> None:
    """移除一个文件及其读取结果。

    同一张表若另有来源，则改用其中最好的一份；人工更正保留。
    """
    with open_store(ctx, home) as store:
        removed = store.remove(document)
        console = out()
        console.print(f"已移除 {removed.files[0] if removed.files else document}：{removed.forms_gone} 张表不再保存。")
        if removed.forms_kept:
            console.print(f"{removed.forms_kept} 张表另有来源，已改用其中最好的一份。")
        if removed.corrections_kept:
            console.print(f"{removed.corrections_kept} 处人工更正仍保留，重新导入后会自动生效。")
        update_index(store)


def _by_suffix(output: Path) -> Format:
    for form in FORMATS:
        if output.suffix == f".{form}":
            return form
    raise UsageError(f"看不出 {output} 要用什么格式。请用 --to 指定：{'、'.join(FORMATS)}。")
