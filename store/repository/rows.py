"""Many rows into one table at once, as quickly as each database takes them.

Building and sending one statement per row costs more than the database needs to carry it out. Rows are tuples here; SQLite takes them all
with one prepared statement, PostgreSQL by COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, text

from store import postgres
from store.models import Base

Values = tuple[Any, ...]
"""The values of a row in the order of its columns."""
_NEXT = "SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, :count)"
_LAST = "SELECT coalesce(max(id), 0) FROM {table}"
_LAST_EVER = "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = '{table}'), 0), ({last}))"


class _Target(NamedTuple):
    """A table about to be written: its name, the statement of SQLite, and what turns values into what the database keeps, by place."""

    name: str
    statement: str
    bound: tuple[tuple[int, Callable[[Any], Any]], ...]


def put_rows(connection: Connection, table: type[Base], columns: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Add rows, in their order.

    Args:
        columns: which values the rows have; what is left out the database fills in.
    """
    if not rows:
        return
    target = _target(table, columns, connection.dialect)
    bound = _bound(rows, target) if target.bound else rows
    if connection.dialect.name == postgres.BACKEND:
        postgres.copy_rows(connection, target.name, columns, bound)
    else:
        connection.exec_driver_sql(target.statement, list(bound))


def take_ids(connection: Connection, table: type[Base], count: int) -> list[int]:
    """The next ids of a table, ascending, as the database itself would give them; for a writer, who is alone."""
    if not count:
        return []
    name = table.__tablename__
    if connection.dialect.name == postgres.BACKEND:
        return list(connection.execute(text(_NEXT.format(table=name)).bindparams(bindparam("count", count))).scalars())
    last = _LAST.format(table=name)
    if Base.metadata.tables[name].dialect_options["sqlite"]["autoincrement"]:
        last = _LAST_EVER.format(table=name, last=last)
    first = int(connection.exec_driver_sql(last).scalar_one()) + 1
    return list(range(first, first + count))


@lru_cache(maxsize=64)
def _target(table: type[Base], columns: tuple[str, ...], dialect: Dialect) -> _Target:
    declared = table.__table__.c
    made = ((i, declared[name].type.dialect_impl(dialect).bind_processor(dialect)) for i, name in enumerate(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    statement = f'INSERT INTO "{table.__tablename__}" ({names}) VALUES ({", ".join("?" * len(columns))})'
    return _Target(table.__tablename__, statement, tuple((i, bind) for i, bind in made if bind is not None))


def _bound(rows: Iterable[Values], target: _Target) -> Iterator[Values]:
    for row in rows:
        values = list(row)
        for i, bind in target.bound:
            values[i] = bind(values[i])
        yield tuple(values)
