"""Tables as lines, the same from every database: what a home is backed up as, copied between databases as, and verified by.

A line is a JSON array of the values of a row in the order of the names of its columns: integers (amounts in millionths), texts, floats,
moments as ISO text in UTC. Rows come in the order of their keys, so that equal tables give equal lines, whichever database holds them. What
can be made anew from the rest, the index, is left out; whoever is given tables makes it when it is next used.

Tables are taken as the database has them, and not as the models say, so that those of an older version can be put back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, DateTime, MetaData, Table, delete, func, insert, inspect, literal, select, update

from schema.errors import StoreError, UsageError
from store.database import Database
from store.models import Base, ChunkRow, DocumentFileRow, FormRow, IndexOutboxRow, MetaRow, VectorOutboxRow, VersionRow
from store.postgres import NOT_NUL

DERIVED = (ChunkRow.__tablename__, IndexOutboxRow.__tablename__, VectorOutboxRow.__tablename__)
INDEX_FACTS = "index."
"""How the facts about the index begin that stand in the table of facts."""
INDEX_NAME = "index.store"
AT_A_TIME = 2000
_NEXT_ID = """
SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), coalesce(
    (SELECT last_value FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = '{table}_id_seq'), 1)))
FROM {table} HAVING count(*) > 0
"""
"""Ids go on behind the last row, and behind whatever was there before: none is given twice."""
Told = Callable[[str, int, int], None]
"""Told what is at work, how much of it is done, and how much there is (0 where that is not known)."""


class Content(NamedTuple):
    """What a table holds: its columns by name, its number of rows, and the sha256 of its lines."""

    table: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


class Meter:
    """Lines that go through are counted and hashed."""

    def __init__(self, table: str, columns: tuple[str, ...], total: int = 0, told: Told | None = None) -> None:
        self._table, self._columns = table, columns
        self._total, self._told = total, told
        self._digest = hashlib.sha256()
        self._rows = 0

    def through(self, rows: Iterable[str]) -> Iterator[str]:
        """The lines as they are."""
        for line in rows:
            self._digest.update(encoded(line))
            self._rows += 1
            if self._told and self._rows % AT_A_TIME == 0:
                self._told(self._table, self._rows, self._total)
            yield line
        if self._told:
            self._told(self._table, self._rows, self._rows)

    @property
    def content(self) -> Content:
        """What went through so far."""
        return Content(self._table, self._columns, self._rows, self._digest.hexdigest())


class Tables:
    """The tables of one database, inside a transaction of the caller's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        present = set(inspect(connection).get_table_names())
        wanted = (table.name for table in Base.metadata.sorted_tables)
        self.names = tuple(name for name in wanted if name in present and name not in DERIVED)
        """Each behind those it refers to."""
        self._reflected: dict[str, Table] = {}

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a table in the order of a line."""
        return tuple(sorted(self._table(name).columns.keys()))

    def count(self, name: str) -> int:
        """How many rows a table has."""
        table = self._table(name)
        return int(self._connection.execute(_without_index(select(func.count()).select_from(table), table)).scalar_one())

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        return {name: self.count(name) for name in self.names}

    def lines(self, name: str) -> Iterator[str]:
        """The rows of a table as lines, in order and in bounded memory."""
        table = self._table(name)
        columns = [table.c[column] for column in self.columns(name)]
        moments = _moments(table, self.columns(name))
        query = _without_index(select(*columns), table).order_by(*_order(table)).execution_options(yield_per=AT_A_TIME)
        for row in self._connection.execute(query):
            values = list(row)
            for i in moments:
                values[i] = _written(values[i])
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    def content(self, name: str, told: Told | None = None) -> Content:
        """What a table holds, gone through row by row."""
        meter = Meter(name, self.columns(name), self.count(name) if told else 0, told)
        for _ in meter.through(self.lines(name)):
            pass
        return meter.content

    def load(self, name: str, columns: tuple[str, ...], rows: Iterable[str]) -> Content:
        """Put lines into a table; what it holds then.

        That is what was given, but for the character NUL, which PostgreSQL does not take: U+FFFD stands in its place.

        Raises:
            StoreError: there is no such table here, or the lines do not fit it.
        """
        if name not in self.names or columns != self.columns(name):
            raise StoreError(f"数据表 {name} 与这里的表结构对不上。请确认两处用的是同一版本的 jihe。")
        table = self._table(name)
        moments = _moments(table, columns)
        statement = insert(table)
        meter = Meter(name, columns)
        batch: list[dict[str, Any]] = []
        for line in meter.through(rows if self._connection.dialect.name == "sqlite" else map(_without_nul, rows)):
            batch.append(_values(name, columns, moments, line))
            if len(batch) == AT_A_TIME:
                self._connection.execute(statement, batch)
                batch = []
        if batch:
            self._connection.execute(statement, batch)
        return meter.content

    def clear(self) -> None:
        """Take all rows away, of the index, too; the name of its vectors stays, so that they can be taken away as well."""
        for name in reversed(self.names):
            table = self._table(name)
            kept = table.c.key != INDEX_NAME if name == MetaRow.__tablename__ else None
            self._connection.execute(delete(table) if kept is None else delete(table).where(kept))

    def finish(self) -> None:
        """After tables were put in: new rows get ids of their own, and the index is to be made of all forms."""
        if self._connection.dialect.name == "postgresql":
            for name in self.names:
                if "id" in self._table(name).columns:
                    self._connection.exec_driver_sql(_NEXT_ID.format(table=name))
        if inspect(self._connection).has_table(IndexOutboxRow.__tablename__):
            for derived in (ChunkRow, IndexOutboxRow, VectorOutboxRow):
                self._connection.execute(delete(derived))
            self._connection.execute(insert(IndexOutboxRow).from_select(["form_pk"], select(FormRow.id).order_by(FormRow.id)))

    def rebase(self, old: str, new: str) -> None:
        """Documents that lie in a home are found in another one now."""
        if old == new:
            return
        inside = DocumentFileRow.path.startswith(f"{old}/", autoescape=True)
        rest = func.substr(DocumentFileRow.path, len(old) + 1)
        self._connection.execute(update(DocumentFileRow).where(inside).values(path=literal(new).concat(rest)))

    def _table(self, name: str) -> Table:
        if name not in self._reflected:
            self._reflected[name] = Table(name, MetaData(), autoload_with=self._connection, resolve_fks=False)
        return self._reflected[name]


def copy_tables(
    source: Database, target: Database, homes: tuple[Path, Path], *, replace: bool = False, told: Told | None = None
) -> list[Content]:
    """Copy every table from one database to another, in one transaction, and verify the copy; what was copied.

    Args:
        homes: the folders that belong to the two.
        replace: take away what the target holds.

    Raises:
        UsageError: the target is not empty.
        StoreError: one of them cannot be used, or the copy differs; the target is then as it was.
    """
    copied, held = list[Content](), list[Content]()
    with source.read() as reading, target.write() as writing:
        old, new = Tables(reading), Tables(writing)
        make_room(new.counts(), target.name, replace)
        new.clear()
        for name in old.names:
            meter = Meter(name, old.columns(name), old.count(name), told)
            held.append(new.load(name, old.columns(name), meter.through(old.lines(name))))
            copied.append(meter.content)
        verify(new, held, told)
        new.rebase(str(homes[0]), str(homes[1]))
        new.finish()
    return copied


def make_room(present: Mapping[str, int], name: str, replace: bool) -> None:
    """Refuse a database that holds something, unless it may be replaced."""
    held = {table: count for table, count in present.items() if count and table != MetaRow.__tablename__}
    if held and not replace:
        told = "、".join(f"{table} {count} 行" for table, count in list(held.items())[:4])
        raise UsageError(f"{name}：目标不是空的（{told}），没有写入。请换一个空的目标；确实要覆盖时加 --replace，原有内容会全部删除。")


def verify(tables: Tables, expected: Iterable[Content], told: Told | None = None) -> None:
    """Read back what was put in, and compare.

    Raises:
        StoreError: a table differs.
    """
    for one in expected:
        found = tables.content(one.table, told and (lambda name, done, total: told(f"核对 {name}", done, total)))
        if found != one:
            raise StoreError(
                f"核对不符：数据表 {one.table} 应有 {one.rows} 行，实有 {found.rows} 行，或内容不同。已撤销，没有写入任何内容。"
                "请检查磁盘后重试；仍不行请报告给开发者。"
            )


def encoded(line: str) -> bytes:
    """A line as bytes, with its end."""
    return (line + "\n").encode("utf-8", "surrogatepass")


def _moments(table: Table, columns: tuple[str, ...]) -> list[int]:
    return [i for i, column in enumerate(columns) if isinstance(table.c[column].type, DateTime)]


def _written(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    # SQLite keeps UTC without saying so.
    return (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _order(table: Table) -> list[Any]:
    # A version that people corrected comes behind the reading it is derived from.
    first = [table.c.base_id.is_not(None)] if table.name == VersionRow.__tablename__ else []
    return [*first, *table.primary_key.columns]


def _without_index(query: Any, table: Table) -> Any:
    return query.where(~table.c.key.startswith(INDEX_FACTS)) if table.name == MetaRow.__tablename__ else query


def _without_nul(line: str) -> str:
    if "\\u0000" not in line:
        return line
    values = [value.replace("\0", NOT_NUL) if isinstance(value, str) else value for value in json.loads(line)]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _values(name: str, columns: tuple[str, ...], moments: list[int], line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
        for i in moments:
            values[i] = values[i] and datetime.fromisoformat(values[i]).astimezone(UTC)
        return dict(zip(columns, values, strict=True))
    except (ValueError, TypeError, IndexError) as e:
        raise StoreError(f"数据表 {name} 里有一行读不懂，内容已损坏。请用另一份备份。") from e
