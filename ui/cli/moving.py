"""`jihe migrate`, `jihe backup` and `jihe restore`: a home carried to a server and back, put into one file, and taken out of it again."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Annotated, NamedTuple, Self

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from schema.errors import UsageError
from store.backup import Manifest, back_up, restore
from store.database import Database, parse_url, sqlite_url
from store.home import database_file, make_home, resolve_url
from store.home_files import copy_all
from store.migrate import bring_up_to_date
from store.transfer import Content, copy_tables
from ui.cli.console import err, make_table, out, print_table, seconds_told
from ui.cli.home import HomeOption, chosen_home, open_store

QUIET_SECONDS = 10.0
FROM_ENVIRONMENT = "env:"
_PLACE = "数据文件夹，或数据库地址（postgresql+psycopg://用户@主机/库名）；写 env:变量名 则取该环境变量的值，密码就不会出现在命令行里。"
_INDEX = "索引不在其中：首次检索文字时自动重建，也可现在运行 jihe reindex。"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("migrate")(migrate)
    app.command("backup")(backup)
    app.command("restore")(restore_home)


def migrate(
    ctx: typer.Context,
    source: Annotated[str, typer.Option("--from", help=f"从哪里：{_PLACE}", metavar="PLACE")],
    target: Annotated[str, typer.Option("--to", help="到哪里：写法同上。", metavar="PLACE")],
    replace: Annotated[bool, typer.Option("--replace", help="目标里有内容时先全部删除；不写则拒绝。")] = False,
    home: HomeOption = None,
) -> None:
    """把全部数据搬到另一个数据库：本机的数据文件夹与 PostgreSQL 之间，两个方向都可以。

    在一个事务里完成：中断或出错时目标保持原样，重新运行即可。复制后逐表读回，核对行数和内容的 SHA-256。来源不受影响。
    """
    began = time.monotonic()
    old, new = _place(source, chosen_home(ctx, home)), _place(target, chosen_home(ctx, home))
    if old.url is None and not database_file(old.home).exists():
        raise UsageError(f"{old.home}：这里还没有数据。请检查 --from。")
    make_home(new.home)
    with closing(_database(old)) as reading, closing(_database(new)) as writing:
        if reading.name == writing.name:
            raise UsageError("--from 和 --to 是同一处。")
        bring_up_to_date(reading, old.home)
        bring_up_to_date(writing, new.home)
        with MovingProgress() as shown:
            copied = copy_tables(reading, writing, (old.home, new.home), replace=replace, told=shown)
        told = f"{reading.name} → {writing.name}"
    _print_contents(copied)
    if old.home != new.home:
        out().print(f"另复制文件 {copy_all(old.home, new.home)} 个（原件、对话、账目等）。")
    out().print(f"已搬完并核对一致：{told}，用时 {seconds_told(time.monotonic() - began)}。{_INDEX}")
    if new.url is not None:
        out().print("今后使用这个数据库：把环境变量 JIHE_DATABASE_URL 设为它的地址。对话、账目和上传的原件仍在数据文件夹里。")


def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="备份文件，例如 jihe-20260101.zip。", metavar="FILE")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="文件已存在时覆盖。")] = False,
    home: HomeOption = None,
) -> None:
    """备份一个数据文件夹（或它所用的数据库）到一个文件；期间可照常使用。

    备份里有全部表、更正、账目、对话、上传的原件和评测，以及每个成员的行数和 SHA-256；索引不在其中，恢复后自动重建。
    """
    if file.exists() and not overwrite:
        raise UsageError(f"{file}：已经存在。请换一个文件名，或加 --overwrite 覆盖。")
    began = time.monotonic()
    with open_store(ctx, home) as store, MovingProgress() as shown:
        manifest = back_up(store, file, shown)
    size = file.stat().st_size / 1024**2
    out().print(f"已备份到 {file}：{_told(manifest)}，{size:.1f} MB，用时 {seconds_told(time.monotonic() - began)}。")


def restore_home(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="jihe backup 写的文件。", metavar="FILE")],
    home: HomeOption = None,
) -> None:
    """把备份恢复到一个空的数据文件夹（设置了 JIHE_DATABASE_URL 时，表恢复到那个空库）。

    写完后逐表读回，行数和内容的 SHA-256 全部核对一致才生效；否则什么也不留下。
    """
    began = time.monotonic()
    place = chosen_home(ctx, home)
    with MovingProgress() as shown:
        manifest = restore(file, place, resolve_url(), shown)
    _print_contents([Content(one.table, one.columns, one.rows, one.sha256) for one in manifest.tables])
    out().print(f"已恢复到 {place} 并核对一致：{_told(manifest)}，用时 {seconds_told(time.monotonic() - began)}。{_INDEX}")


class MovingProgress:
    """What is carried over and how far it is: a bar on a terminal, elsewhere a line now and then. A context manager, and callable."""

    def __init__(self) -> None:
        self._console = err()
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._bar.add_task("", total=1)
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        """The progress itself."""
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._bar.stop()

    def __call__(self, name: str, done: int, total: int) -> None:
        """Told what is at work, how much is done, and how much there is."""
        if self._console.is_terminal:
            self._bar.update(self._task, description=name, completed=done, total=max(done, total))
        elif time.monotonic() - self._told > QUIET_SECONDS:
            self._told = time.monotonic()
            self._console.print(f"{name} {done}/{max(done, total)}", soft_wrap=True)


class _Place(NamedTuple):
    """A database, and the folder that belongs to it."""

    home: Path
    url: str | None


def _place(written: str, home: Path) -> _Place:
    if written.startswith(FROM_ENVIRONMENT):
        name = written.removeprefix(FROM_ENVIRONMENT)
        written = os.environ.get(name, "")
        if not written:
            raise UsageError(f"环境变量 {name} 没有设置。")
    if "://" in written:
        return _Place(home, written)
    return _Place(Path(written).expanduser().absolute(), None)


def _database(place: _Place) -> Database:
    return Database(parse_url(place.url) if place.url else sqlite_url(database_file(place.home)))


def _print_contents(contents: Sequence[Content]) -> None:
    table = make_table("数据表", "行数", "SHA-256", right=("行数",), fixed=("SHA-256",))
    for one in contents:
        table.add_row(one.table, str(one.rows), one.sha256[:16])
    print_table(table)


def _told(manifest: Manifest) -> str:
    rows = {one.table: one.rows for one in manifest.tables}
    return f"表 {rows.get('forms', 0)} 张，共 {sum(rows.values())} 行，文件 {len(manifest.files)} 个"
