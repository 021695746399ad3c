"""What `jihe doctor` asks of a home: is it there, sound, current, writable, and is there room."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from schema.errors import StoreError
from store.database import Database, parse_url, sqlite_url
from store.home import database_file, resolve_url
from store.migrate import HEAD, current_revision
from store.records import Counts
from store.repository.listing import count_everything

DATABASE, SHAPE, INTEGRITY = "数据库", "表结构版本", "完整性"
"""What is asked of the tables themselves."""
LOW_DISK = 500 * 1024**2
"""Free bytes below which a larger batch may not fit."""


class Probe(NamedTuple):
    """One thing looked at."""

    name: str
    value: str
    ok: bool = True
    advice: str = ""


def examine(home: Path, *, deep: bool = False) -> list[Probe]:
    """Look at a home without changing it; `deep` reads the whole database."""
    address = resolve_url()
    probes = [Probe("数据文件夹", str(home)), *_folder(home)]
    if address is None and not database_file(home).exists():
        return [*probes, Probe(DATABASE, "还没有（首次 jihe ingest 时建立）")]
    try:
        database = Database(parse_url(address) if address else sqlite_url(database_file(home)))
    except StoreError as e:
        return [*probes, Probe(DATABASE, "打不开", False, str(e))]
    try:
        return [*probes, *_database(database, deep=deep)]
    except StoreError as e:
        return [*probes, Probe(DATABASE, database.name, False, str(e))]
    finally:
        database.close()


def is_sound(probes: Iterable[Probe]) -> bool:
    """Whether `examine` found tables that this version can read."""
    told = {probe.name: probe.ok for probe in probes}
    return all(told.get(name, False) for name in (DATABASE, SHAPE)) and told.get(INTEGRITY, True)


def _folder(home: Path) -> list[Probe]:
    present = next((folder for folder in (home, *home.parents) if folder.exists()), home)
    free = shutil.disk_usage(present).free
    writable = os.access(present, os.W_OK)
    return [
        Probe("可写", "是" if writable else "否", writable, "请检查该文件夹的权限，或用 --home 指定另一个位置。"),
        Probe("磁盘剩余", _bytes(free), free >= LOW_DISK, "空间不足，大批导入可能失败。请先腾出空间。"),
    ]


def _database(database: Database, *, deep: bool) -> list[Probe]:
    probes = [Probe(DATABASE, database.name)]
    if database.file is not None:
        parts = [database.file.with_name(database.file.name + suffix) for suffix in ("", "-wal")]
        probes.append(Probe("数据库大小", _bytes(sum(part.stat().st_size for part in parts if part.exists()))))
    with database.read() as connection:
        revision = current_revision(connection)
        newest = revision == HEAD
        probes.append(
            Probe(
                SHAPE,
                f"{revision}（本版本：{HEAD}）",
                newest or revision is None,
                "版本不同。下次打开时会升级；若提示版本更新，请升级 jihe。",
            )
        )
        if database.is_sqlite:
            probes += _sqlite(connection, deep=deep)
        else:
            probes.append(Probe("数据库版本", str(connection.exec_driver_sql("SELECT version()").scalar()).split(",")[0]))
        if newest:
            probes += _contents(count_everything(connection))
    return probes


def _sqlite(connection: Connection, *, deep: bool) -> list[Probe]:
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    probes = [Probe("写入方式", mode.upper(), mode == "wal", "不是 WAL：该磁盘（例如网络盘）可能不支持。请把数据文件夹放在本机磁盘上。")]
    if deep:
        verdict = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())
        probes.append(
            Probe(INTEGRITY, "完好" if verdict == "ok" else verdict, verdict == "ok", "数据库已损坏。请从备份恢复，或重新导入原件。")
        )
    return probes


def _contents(counts: Counts) -> list[Probe]:
    found = counts.findings
    return [
        Probe("文件", f"{counts.documents}（失败 {counts.failed}），{counts.pages} 页"),
        Probe("表", f"{counts.forms}（读取版本 {counts.versions}），指标 {counts.indicators} 行"),
        Probe("问题", f"错误 {found.get('error', 0)}，警告 {found.get('warning', 0)}，提示 {found.get('info', 0)}"),
        Probe("待核对", f"{counts.review_marks} 处；有效更正 {counts.corrections} 处"),
        Probe("中断的批次", str(counts.unfinished_runs)),
    ]


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"
