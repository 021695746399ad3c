"""`jihe doctor`: versions, home, database, disk and what is switched on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from agents.models import endpoint_from_env
from agents.models.price import told_money
from schema.errors import JiheError, UsageError
from store.calls import CALLS_NAME, CallLog
from store.health import Probe, examine, is_sound
from store.index.vectors import URL_VARIABLE as CHROMA_VARIABLE
from store.index.vectors import server_version
from ui.cli.console import err, make_table, out, print_table
from ui.cli.home import HomeOption, chosen_home

if TYPE_CHECKING:
    from agents.models.probe import ProbeReport

OCR_LIBRARIES = ("rapidocr", "onnxruntime", "opencv-python-headless")
OFFICE_PROGRAMS = ("soffice", "libreoffice")
LIBRARIES = ("pymupdf", "sqlalchemy", "alembic", "pydantic", "openpyxl", "pyarrow")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    ctx: typer.Context,
    deep: Annotated[bool, typer.Option("--deep", help="通读数据库、每张表、原件和索引，检查是否完好（表多时要几分钟）。")] = False,
    model: Annotated[bool, typer.Option("--model", help="向语言模型发几个小问题，看它支持哪些写法（会用少量 token）。")] = False,
    home: HomeOption = None,
) -> None:
    """检查版本、数据文件夹、数据库和磁盘。

    也列出已启用的功能。有不妥之处时退出码为 1。
    """
    place = chosen_home(ctx, home)
    examined = examine(place, deep=deep)
    probes = [*_versions(), *examined, *(_through(place, examined) if deep else ()), *_switches(place)]
    report = _probed() if model else None
    probes += report.lines if report is not None else ()
    table = make_table("", "项目", "现状")
    for probe in probes:
        mark = Text("✓", style="green") if probe.ok else Text("✗", style="bold red")
        table.add_row(mark, probe.name, probe.value if probe.ok else f"{probe.value}  {probe.advice}")
    print_table(table)
    if report is not None and report.settings:
        out().print("建议设置：" + "  ".join(report.settings), soft_wrap=True)
    if not all(probe.ok for probe in probes):
        raise typer.Exit(1)


def _through(home: Path, examined: list[Probe]) -> list[Probe]:
    """What reading everything finds; where the database itself is unsound or of another version, there is nothing more to say."""
    if not is_sound(examined):
        return []
    # Vectors take a second to import.
    from agents.examining import examine_all  # noqa: PLC0415
    from store.store import Store  # noqa: PLC0415

    with Store.open(home) as store, err().status("") as status:
        return examine_all(store, os.environ, lambda what, done, total: status.update(f"通读{what} {done}/{total}"))


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


def _probed() -> ProbeReport:
    endpoint = endpoint_from_env(os.environ)
    if endpoint is None:
        raise UsageError("没有设置语言模型，没有可检查的。请先设置 JIHE_MODEL，写法见 docs/models.md。")
    from agents.models.probe import probe  # noqa: PLC0415 - it imports LangChain

    return probe(endpoint)


def _switches(home: Path) -> list[Probe]:
    server = "已启用（JIHE_DATABASE_URL）" if os.environ.get("JIHE_DATABASE_URL") else "未启用（用数据文件夹里的 SQLite）"
    return [_model(), *_ledger(home), Probe("数据库服务器", server), _vectors()]


def _vectors() -> Probe:
    address = os.environ.get(CHROMA_VARIABLE)
    if not address:
        return Probe("向量服务器", "未启用（向量在数据文件夹里）")
    try:
        return Probe("向量服务器", f"已启用（{address}，Chroma {server_version(address)}）")
    except JiheError as e:
        return Probe("向量服务器", "没有应答", False, str(e))


def _model() -> Probe:
    try:
        endpoint = endpoint_from_env(os.environ)
    except UsageError as e:
        return Probe("语言模型", "设置有误", False, str(e))
    if endpoint is None:
        return Probe("语言模型", "未启用（不需要：设置 JIHE_MODEL 等变量后启用，见 docs/models.md）")
    return Probe("语言模型", f"已启用（{endpoint.model}，{endpoint.host}，{endpoint.preset}）")


def _ledger(home: Path) -> list[Probe]:
    """What models were asked from this home so far."""
    path = home / CALLS_NAME
    if not path.exists():
        return []
    with CallLog.open(path) as log:
        totals = log.totals()
    costs = "".join(f"，{told_money(money.amount, money.currency)}" for money in totals.costs)
    tokens = f"输入 {totals.prompt_tokens}、输出 {totals.completion_tokens} token"
    return [Probe("模型用量", f"请求 {totals.requests} 次，取自缓存 {totals.cached} 次，{tokens}{costs}")]
