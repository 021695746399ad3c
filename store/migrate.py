"""Brings the tables of a home to the version this jihe knows.

Migrations run on open, under the write lock, in one transaction; before an upgrade the database is copied into the home's `copies`.
A database that a newer jihe wrote is refused, not guessed at.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from schema.errors import StoreError, StoreVersion
from store import postgres
from store.columns import now
from store.database import Database
from store.failures import translated
from store.home import COPIES

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every version of the tables there has been, oldest first; the last is this one. Known here so that opening needs no Alembic."""
HEAD = REVISIONS[-1]
SCRIPTS = Path(__file__).parent / "migrations"


def current_revision(connection: Connection) -> str | None:
    """The version of the tables, or None when there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_up_to_date(database: Database, home: Path, scripts: Path = SCRIPTS, revisions: tuple[str, ...] = REVISIONS) -> Path | None:
    """Make or upgrade the tables where needed; the copy made before an upgrade, if one was.

    Raises:
        StoreVersion: a newer jihe wrote the database.
        StoreError: it cannot be read, copied or changed.
    """
    with database.read() as connection:
        revision = current_revision(connection)
    if revision == revisions[-1]:
        return None
    if revision is not None and revision not in revisions:
        raise StoreVersion(
            f"{database.name}：由更新版本的 jihe 写成（表结构 {revision}，本版本只认识到 {revisions[-1]}）。"
            "请升级 jihe，或用 --home 另开一处。"
        )
    copy = copy_database(database, home / COPIES, f"before-{revisions[-1]}") if revision is not None else None
    with translated(database.name):
        _upgrade(database, scripts, revisions[-1])
    return copy


def copy_database(database: Database, folder: Path, label: str) -> Path | None:
    """A consistent copy of a database file, whoever else is writing; None for a database server, which has its own means.

    Raises:
        StoreError: the copy cannot be written.
    """
    if database.file is None:
        return None
    target = folder / f"jihe-{label}-{now():%Y%m%dT%H%M%S%f}.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise StoreError(f"{folder}：建不了备份文件夹（{e.strerror or e}），没有升级。请检查权限和磁盘空间。") from e
    with translated(str(target)), closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


def _upgrade(database: Database, scripts: Path, head: str) -> None:
    # Imported here: Alembic takes a quarter of a second, and opening an up-to-date home does not need it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with database.engine.connect().execution_options(jihe_writes=True) as connection:
        if database.is_sqlite:
            # Batch mode drops and re-makes tables; with foreign keys on, dropping one would delete all that refers to it.
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.execute("PRAGMA foreign_keys = OFF")
        # The lock comes first: of two processes opening a new home, the second finds the tables made.
        with connection.begin():
            if current_revision(connection) != head:
                config.attributes["connection"] = connection
                command.upgrade(config, head)
                _check_references(connection, database)
                if not database.is_sqlite:
                    postgres.as_in_sqlite(connection)
        connection.invalidate()


def _check_references(connection: Connection, database: Database) -> None:
    if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise StoreError(f"{database.name}：升级后数据对不上，已撤销升级，原数据未动。请把 copies 里的副本连同版本号报告给开发者。")
