"""The connection to the tables: SQLite in WAL mode by default, or the PostgreSQL that JIHE_DATABASE_URL names (store.postgres).

One process writes at a time. A transaction that means to write says so when it begins (BEGIN IMMEDIATE, on PostgreSQL a lock of our own):
it then waits for its turn at the start, where waiting is harmless, and not in the middle, where SQLite would refuse at once and PostgreSQL
find two writers in each other's way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from schema.errors import StoreError
from store import postgres
from store.failures import translated
from store.home import URL_VARIABLE

BUSY_SECONDS = 15.0
"""How long a writer waits for its turn; the longest transaction writes one document."""


_BAD_ADDRESS = f"{URL_VARIABLE} 的写法不对，或不是 jihe 支持的数据库。写法如 postgresql+psycopg://用户@主机/库名。"
_NO_DRIVER = "缺少数据库驱动 {name}。请安装：pip install 'jihe[postgres]'。"


class Database:
    """An engine with two kinds of transaction.

    Args:
        url: where the tables are.
        busy_seconds: how long to wait for another writer.
    """

    def __init__(self, url: URL, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.engine = _engine(url, busy_seconds)
        # A SQLite transaction sees one state anyway; elsewhere that has to be asked for.
        self._snapshot: dict[str, str] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}

    @property
    def file(self) -> Path | None:
        """The database file, where there is one."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @property
    def name(self) -> str:
        """What messages call the database: its file, or its address without the password and whatever else is no name."""
        return str(self.file or self.url.set(password=None, query={}).render_as_string())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the tables from start to end."""
        with translated(self.name), self.engine.connect().execution_options(**self._snapshot) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is kept whole or not at all."""
        with translated(self.name), self.engine.connect().execution_options(jihe_writes=True) as connection, connection.begin():
            yield connection

    def take_stock(self) -> None:
        """Have a server see what was written, for whoever wrote a great deal: lists are found the long way until it looks itself.

        Raises:
            StoreError: it does not let us.
        """
        if not self.is_sqlite:
            with translated(self.name), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(postgres.TAKE_STOCK)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def sqlite_url(file: Path) -> URL:
    """The address of a database file."""
    return URL.create("sqlite", database=str(file))


def parse_url(text: str) -> URL:
    """The address of a database server.

    Raises:
        StoreError: the address is malformed or its driver is missing.
    """
    try:
        url = postgres.with_driver(make_url(text))
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError) as e:
        # Not even as a cause is an address shown that may hold a password.
        raise StoreError(_BAD_ADDRESS) from (e if isinstance(e, NoSuchModuleError) else None)
    if url.get_backend_name() not in ("sqlite", postgres.BACKEND):
        raise StoreError(_BAD_ADDRESS)
    return url


def _engine(url: URL, busy_seconds: float) -> Engine:
    is_sqlite = url.get_backend_name() == "sqlite"
    try:
        engine = create_engine(url, connect_args={"timeout": busy_seconds}) if is_sqlite else postgres.make_engine(url, busy_seconds)
    except ArgumentError as e:
        raise StoreError(_BAD_ADDRESS) from e
    except ModuleNotFoundError as e:
        raise StoreError(_NO_DRIVER.format(name=e.name)) from e
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite does, and knows which kind.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("jihe_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
