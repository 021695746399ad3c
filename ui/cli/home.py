"""The `--home` option, before or after the command, and the store it leads to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from store import Store, resolve_home

HOME_HELP = "数据文件夹（默认取环境变量 JIHE_HOME，否则为当前目录下的 .jihe）。"
HomeOption = Annotated[Path | None, typer.Option("--home", help=HOME_HELP, metavar="DIR")]
"""Every command takes it, so that it may stand behind the command as well."""


def chosen_home(ctx: typer.Context, home: Path | None) -> Path:
    """The home meant: the option behind the command, the one before it, or the default."""
    return resolve_home(home or ctx.obj)


def open_store(ctx: typer.Context, home: Path | None, *, create: bool = False) -> Store:
    """The store of that home; commands that only read do not make one."""
    return Store.open(chosen_home(ctx, home), create=create)
