"""What PostgreSQL is told so that it behaves as SQLite does: one writer at a time, texts in the order of their characters' codes.

The order of texts is that of the collation "C", which columns get when tables are made (`as_in_sqlite`): the order of another server's
language would show the same list in another order on every machine, and tables could not be compared line by line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from schema.errors import StoreError

BACKEND = "postgresql"
DRIVER = f"{BACKEND}+psycopg"
CONNECT_SECONDS = 10
NOT_NUL = "\ufffd"
"""What is kept in the place of a NUL."""
STALLED_SECONDS = 300
"""A writer that is not heard of for so long in the middle of a transaction lost its machine or its network: others get their turn."""
WRITING, INDEXING = 0x6A696865, 0x6A696866
"""What PostgreSQL calls our locks: of whoever writes tables, and of whoever writes vectors."""
TAKE_STOCK = "VACUUM (ANALYZE) forms, versions, indicators, findings, review_marks"
"""Statistics for the planner, and which pages hold nothing but what everybody sees, without which it cannot answer from indexes alone."""
_TURN = f"SELECT pg_advisory_xact_lock({WRITING})"
_TEXTS = text("""
SELECT c.table_name, c.column_name FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
WHERE c.table_schema = current_schema() AND c.data_type IN ('character varying', 'text') AND c.collation_name IS DISTINCT FROM 'C'
ORDER BY 1, 2
""")
_SIZE = text("""
SELECT data_type FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'documents' AND column_name = 'size'
""")


def with_driver(url: URL) -> URL:
    """The address with the driver jihe brings along, where it names none."""
    return url.set(drivername=DRIVER) if url.drivername in (BACKEND, "postgres") else url


def make_engine(url: URL, busy_seconds: float) -> Engine:
    """An engine for a PostgreSQL server.

    Args:
        busy_seconds: how long a writer waits for its turn.

    Raises:
        ModuleNotFoundError: the driver is not installed.
    """
    options: dict[str, Any] = {"application_name": "jihe", "connect_timeout": CONNECT_SECONDS}
    # What the address says itself goes first.
    engine = create_engine(url, pool_pre_ping=True, connect_args={name: v for name, v in options.items() if name not in url.query})
    waits = f"SET LOCAL lock_timeout = {int(busy_seconds * 1000)}"
    stalls = f"SET LOCAL idle_in_transaction_session_timeout = {STALLED_SECONDS * 1000}"

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("jihe_writes", False):
            connection.exec_driver_sql(f"{waits}; {stalls}; {_TURN}")

    event.listen(engine, "begin", begin)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    from psycopg.types.string import StrDumper  # noqa: PLC0415 - the driver is an extra

    class WithoutNul(StrDumper):
        """PostgreSQL takes no NUL in texts; documents that are damaged, or meant to do harm, hold some."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", NOT_NUL) if "\0" in obj else obj)

    connection.adapters.register_dumper(str, WithoutNul)
    # For queries of a few milliseconds compiling costs more than it saves.
    connection.execute("SET jit = off")
    connection.commit()


def copy_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows by COPY, inside the transaction: while they are made here, the server already takes those before them.

    Raises:
        DBAPIError: the server refuses them, or is gone.
    """
    from psycopg import Error  # noqa: PLC0415 - the driver is an extra
    from psycopg.types.string import StrDumper  # noqa: PLC0415

    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'COPY "{table}" ({names}) FROM STDIN'
    try:
        with closing(connection.connection.cursor()) as cursor:
            # NUL is looked for here, so that the driver's own, quicker way with texts does.
            cursor.adapters.register_dumper(str, StrDumper)
            with cursor.copy(statement.encode()) as copy:
                for row in rows:
                    copy.write_row(_without_nul(row) if any(type(value) is str and "\0" in value for value in row) else row)
    except Error as e:
        # The rest of jihe knows the errors of SQLAlchemy, which does not see this statement.
        raise DBAPIError.instance(statement, None, e, Error, dialect=connection.dialect) from e


def _without_nul(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value.replace("\0", NOT_NUL) if isinstance(value, str) else value for value in row)


def try_index(connection: Connection) -> bool:
    """Take the lock of the index for this connection, if it is free."""
    return bool(connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({INDEXING})").scalar())


def leave_index(connection: Connection) -> None:
    """Let go of the lock of the index; a server that is gone has done so itself."""
    try:
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({INDEXING})")
    except DBAPIError:
        connection.invalidate()


def as_in_sqlite(connection: Connection) -> None:
    """Texts in the order of their codes, and sizes beyond 2 GB, in tables that were made just now. Cheap where that is so already.

    Raises:
        StoreError: the database cannot hold Chinese texts.
    """
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StoreError(
            f"数据库的编码是 {encoding}，存不下所有汉字。请另建一个库：CREATE DATABASE jihe ENCODING 'UTF8' TEMPLATE template0。"
        )
    changes: dict[str, list[str]] = {}
    for table, column in connection.execute(_TEXTS):
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE varchar COLLATE "C"')
    if connection.execute(_SIZE).scalar() == "integer":
        changes.setdefault("documents", []).append("ALTER COLUMN size TYPE bigint")
    for table, parts in changes.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(parts)}')
