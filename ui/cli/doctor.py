"""`jihe doctor`: versions, home, database, disk and what is switched on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sqlite3
from typing import Annotated

import typer
from rich.text import Text

from store.health import Probe, examine
from ui.cli.console import make_table, print_table
from ui.cli.home import HomeOption, chosen_home

OCR_LIBRARIES = ("rapidocr", "onnxruntime", "opencv-python-headless")
OFFICE_PROGRAMS = ("soffice", "libreoffice")
LIBRARIES = ("pymupdf", "sqlalchemy", "alembic", "pydantic", "openpyxl", "pyarrow")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    ctx: typer.Context,
    deep: Annotated[bool, typer.Option("--deep", help="通读数据库，检查是否损坏。")] = False,
    home: HomeOption = None,
) -> None:
    """检查版本、数据文件夹、数据库和磁盘。

    也列出已启用的功能。有不妥之处时退出码为 1。
    """
    probes = [*_versions(), *examine(chosen_home(ctx, home), deep=deep), *_switches()]
    table = make_table("", "项目", "现状")
    for probe in probes:
        mark = Text("✓", style="green") if probe.ok else Text("✗", style="bold red")
        table.add_row(mark, probe.name, probe.value if probe.ok else f"{probe.value}  {probe.advice}")
    print_table(table)
    if not all(probe.ok for probe in probes):
        raise typer.Exit(1)


def _versions() -> list[Probe]:
    libraries = "，".join(f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES)
    return [
        Probe("jihe", importlib.metadata.version("jihe")),
        Probe("Python", f"{platform.python_version()}（{platform.system()} {platform.machine()}），SQLite {sqlite3.sqlite_version}"),
        Probe("主要依赖", libraries),
        _ocr(),
        _office(),
    ]


def _ocr() -> Probe:
    try:
        versions = "，".join(f"{name} {importlib.metadata.version(name)}" for name in OCR_LIBRARIES)
    except importlib.metadata.PackageNotFoundError as e:
        return Probe("OCR", f"没有安装 {e.name}", False, "扫描页和图片读不了。请重新安装 jihe。")
    return Probe("OCR", f"{versions}（模型随附，不联网）")


def _office() -> Probe:
    program = next((found for name in OFFICE_PROGRAMS if (found := shutil.which(name))), None)
    return Probe("LibreOffice", program or "没有（只有 .doc、.wps、.et、.rtf 等旧格式要用它）")


def _switches() -> list[Probe]:
    model = os.environ.get("JIHE_MODEL", "默认模型") if os.environ.get("OPENAI_API_KEY") else None
    server = "已启用（JIHE_DATABASE_URL）" if os.environ.get("JIHE_DATABASE_URL") else "未启用（用数据文件夹里的 SQLite）"
    return [
        Probe("语言模型", f"已启用（{model}）" if model else "未启用（不需要：设置 OPENAI_API_KEY 后启用）"),
        Probe("数据库服务器", server),
    ]
