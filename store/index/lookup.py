"""Chunks by filter, by key and by the row ids full text found; only such as count: of current versions that are indexed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Subquery, func, or_, select

from store.columns import AnySelect
from store.index.records import Chunk, ChunkFilter
from store.models import ChunkRow, FormRow, IndexOutboxRow, VersionRow

KEYS_AT_A_TIME = 500
_IN_LISTS: dict[str, Any] = {
    "forms": FormRow.form_id,
    "projects": VersionRow.project_name,
    "departments": VersionRow.department,
    "units": VersionRow.implementing_unit,
    "years": VersionRow.fiscal_year,
    "kinds": ChunkRow.kind,
    "level1": ChunkRow.level1,
    "level2": ChunkRow.level2,
}


class Found(NamedTuple):
    """A chunk that full text found; its rank is below 0, the lower the better."""

    chunk: Chunk
    rank: float


def chunks_of(connection: Connection, wanted: ChunkFilter) -> Iterator[Chunk]:
    """Every chunk that fits, form by form, in the order of its form."""
    query = _counting(_columns()).where(*conditions(wanted)).order_by(ChunkRow.form_pk, ChunkRow.id)
    for row in connection.execute(query):
        yield as_chunk(row)


def found_chunks(connection: Connection, found: Subquery, wanted: ChunkFilter, limit: int | None) -> list[Found]:
    """The chunks among the found rows that fit, best rank first; equals in the order they were indexed."""
    query = _columns().add_columns(found.c.rank).join(found, found.c.id == ChunkRow.id)
    query = _counting(query).where(*conditions(wanted)).order_by(found.c.rank, ChunkRow.id)
    return [Found(as_chunk(row), row.rank) for row in connection.execute(query if limit is None else query.limit(limit))]


def chunks_by_key(connection: Connection, keys: Sequence[str], wanted: ChunkFilter) -> dict[str, Chunk]:
    """The chunks with these keys that fit; keys that no longer count are left out."""
    found: dict[str, Chunk] = {}
    for start in range(0, len(keys), KEYS_AT_A_TIME):
        some = keys[start : start + KEYS_AT_A_TIME]
        query = _counting(_columns()).where(ChunkRow.key.in_(some), *conditions(wanted))
        found |= {row.key: as_chunk(row) for row in connection.execute(query)}
    return found


def first_keys(connection: Connection, wanted: ChunkFilter, limit: int) -> list[str]:
    """Keys of the chunks that fit, some of them where there are more than `limit`."""
    query = _counting(select(ChunkRow.key).select_from(ChunkRow)).where(*conditions(wanted)).limit(limit)
    return list(connection.execute(query).scalars())


def count_chunks(connection: Connection, wanted: ChunkFilter) -> int:
    """How many chunks fit."""
    query = _counting(select(func.count()).select_from(ChunkRow)).where(*conditions(wanted))
    return int(connection.execute(query).scalar_one())


def conditions(wanted: ChunkFilter) -> Iterable[ColumnElement[bool]]:
    """The filter as conditions on chunks joined with versions and forms."""
    for name, column in _IN_LISTS.items():
        values = getattr(wanted, name)
        if values is not None:
            yield column.in_(values)
    if wanted.lost is not None:
        # Where it cannot be told whether points were lost, they were not.
        yield ChunkRow.lost > Decimal(0) if wanted.lost else or_(ChunkRow.lost.is_(None), ChunkRow.lost == Decimal(0))
    if wanted.deviation is not None:
        yield ChunkRow.deviation > 0 if wanted.deviation else ChunkRow.deviation == 0


def as_chunk(row: Sequence[Any]) -> Chunk:
    """A row of the query as a chunk: its columns by their places, which is what makes many of them quick."""
    key, form_id, version, kind, context, text, cell, place, project, department, unit, year, level1, level2, lost, tail, page = row[:17]
    deviation = text[-tail:] if tail else None
    return Chunk(
        key, form_id, version, kind, context, text, cell, place, project, department, unit, year, level1, level2, lost, deviation, page
    )  # fmt: skip


def _columns() -> AnySelect:
    return select(
        ChunkRow.key,
        FormRow.form_id,
        ChunkRow.version_id,
        ChunkRow.kind,
        ChunkRow.context,
        ChunkRow.text,
        ChunkRow.cell,
        ChunkRow.row,
        VersionRow.project_name,
        VersionRow.department,
        VersionRow.implementing_unit,
        VersionRow.fiscal_year,
        ChunkRow.level1,
        ChunkRow.level2,
        ChunkRow.lost,
        ChunkRow.deviation,
        ChunkRow.page,
    ).select_from(ChunkRow)


def _counting(query: AnySelect) -> AnySelect:
    """Of chunks, those whose version is current and whose form has not changed since they were made."""
    waiting = select(IndexOutboxRow.id).where(IndexOutboxRow.form_pk == ChunkRow.form_pk).exists()
    return (
        query.join(VersionRow, (VersionRow.id == ChunkRow.version_id) & VersionRow.current)
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .where(~waiting, FormRow.id == ChunkRow.form_pk)
    )
