"""The part of the index that lies in the database, brought up to date: forms that changed, to chunks, full text, and vectors to be written.

Each batch is one transaction: chunks, full text, the notes of what vectors are still missing, and the forms taken out of the queue are kept
together or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from schema.form import Form
from store.index.chunks import CHUNKS_VERSION, context_of, drafts_of, key_of, page_of
from store.index.fulltext import Doc, FullText
from store.index.tokens import TOKENS_VERSION
from store.index.vectors import Entry
from store.models import ChunkRow, FormRow, IndexOutboxRow, MetaRow, VectorOutboxRow, VersionRow
from store.repository.readings import load_forms
from store.repository.rows import put_rows, take_ids

FORMS_AT_A_TIME = 50
MADE_BY = f"{CHUNKS_VERSION}.{TOKENS_VERSION}"
_SHAPE, _STORE, _GENERATION, _EMBEDDING = "index.shape", "index.store", "index.generation", "index.embedding"


class Standing(NamedTuple):
    """What the database knows of the index.

    Attributes:
        shape: by which chunks and tokens it was made; None before it was.
        generation: counts up whenever vectors were written.
        embedding: what made the vectors; None before there were any.
        store: names the vectors of this store where several share a server.
    """

    shape: str | None
    generation: int
    embedding: str | None
    store: str | None
    forms: bool
    vectors: bool

    @property
    def current(self) -> bool:
        """Whether chunks and full text are those this jihe makes, of every form as it stands."""
        return self.shape == MADE_BY and not self.forms


def standing(connection: Connection) -> Standing:
    """How the index stands."""
    facts = dict(connection.execute(select(MetaRow.key, MetaRow.value).where(MetaRow.key.startswith("index."))).all())
    return Standing(
        shape=facts.get(_SHAPE),
        generation=int(facts.get(_GENERATION, 0)),
        embedding=facts.get(_EMBEDDING),
        store=facts.get(_STORE),
        forms=connection.execute(select(IndexOutboxRow.id).limit(1)).first() is not None,
        vectors=connection.execute(select(VectorOutboxRow.id).limit(1)).first() is not None,
    )


def begin(connection: Connection, words: FullText) -> None:
    """Start the index anew: no chunks, every form to be taken in. What vectors there are, belong to no chunk any more."""
    words.make(connection)
    connection.execute(delete(ChunkRow))
    connection.execute(delete(VectorOutboxRow))
    connection.execute(delete(IndexOutboxRow))
    connection.execute(insert(IndexOutboxRow).from_select(["form_pk"], select(FormRow.id).order_by(FormRow.id)))
    # Another name: whatever lies under the old one, written by whomever, is of no concern any more.
    for key, value in ((_SHAPE, MADE_BY), (_STORE, uuid.uuid4().hex[:12]), (_GENERATION, "0"), (_EMBEDDING, None)):
        _put(connection, key, value)


def take_in(connection: Connection, words: FullText) -> int:
    """Index the next forms of the queue; how many."""
    notes = connection.execute(select(IndexOutboxRow.id, IndexOutboxRow.form_pk).order_by(IndexOutboxRow.id).limit(FORMS_AT_A_TIME)).all()
    form_pks = list(dict.fromkeys(note.form_pk for note in notes))
    _drop_chunks(connection, words, form_pks)
    current = select(VersionRow.form_pk, VersionRow.id).where(VersionRow.current, VersionRow.form_pk.in_(form_pks))
    versions = dict(connection.execute(current).all())
    forms = load_forms(connection, list(versions.values()))
    lines = [line for form_pk, version_id in versions.items() for line in _lines(form_pk, version_id, forms[version_id])]
    if lines:
        ids = take_ids(connection, ChunkRow, len(lines))
        put_rows(connection, ChunkRow, ("id", *_Line._fields), [(i, *line) for i, line in zip(ids, lines, strict=True)])
        words.add(connection, [Doc(i, line.text, line.context) for i, line in zip(ids, lines, strict=True)])
        _queue_vectors(connection, [line.key for line in lines])
    connection.execute(delete(IndexOutboxRow).where(IndexOutboxRow.id.in_([note.id for note in notes])))
    return len(form_pks)


def counts(connection: Connection) -> tuple[int, int]:
    """How many forms and how many vectors are waiting."""
    forms = connection.execute(select(func.count(IndexOutboxRow.form_pk.distinct()))).scalar_one()
    vectors = connection.execute(select(func.count(VectorOutboxRow.key.distinct()))).scalar_one()
    return int(forms), int(vectors)


def vectors_done(connection: Connection) -> tuple[int, int]:
    """How many vectors are written, and how many there will be, about: ids of a queue are never used twice."""
    first = connection.execute(select(func.min(VectorOutboxRow.id))).scalar()
    last = connection.execute(select(func.max(VectorOutboxRow.id))).scalar()
    total = count_keys(connection)
    return (total, total) if first is None or last is None else (max(0, total - (last - first + 1)), total)


def count_keys(connection: Connection) -> int:
    """How many chunks there are, those of changed forms among them: as many as there should be vectors."""
    return int(connection.execute(select(func.count()).select_from(ChunkRow)).scalar_one())


def settled_keys(connection: Connection) -> tuple[set[str], set[str]]:
    """Keys of all chunks, and those that wait for a vector to be written or deleted."""
    keys = set(connection.execute(select(ChunkRow.key)).scalars())
    return keys, set(connection.execute(select(VectorOutboxRow.key)).scalars())


class Work(NamedTuple):
    """Vectors to be written and deleted, and the notes that say so."""

    notes: tuple[int, ...]
    write: tuple[Entry, ...]
    delete: tuple[str, ...]


def next_vectors(connection: Connection, limit: int, after: int = 0) -> Work:
    """The next vectors of the queue, after a note in it: written where there is such a chunk, else deleted."""
    queue = select(VectorOutboxRow.id, VectorOutboxRow.key).where(VectorOutboxRow.id > after).order_by(VectorOutboxRow.id)
    notes = connection.execute(queue.limit(limit)).all()
    keys = list(dict.fromkeys(note.key for note in notes))
    query = (
        select(ChunkRow, FormRow.form_id, VersionRow.fiscal_year, VersionRow.department, VersionRow.implementing_unit)
        .add_columns(VersionRow.project_name)
        .join(VersionRow, VersionRow.id == ChunkRow.version_id)
        .join(FormRow, FormRow.id == ChunkRow.form_pk)
        .where(ChunkRow.key.in_(keys))
        .order_by(ChunkRow.id)
    )
    write = tuple(Entry(row.key, f"{row.context}\n{row.text}", row.cell, _metadata(row)) for row in connection.execute(query))
    present = {entry.key for entry in write}
    return Work(tuple(note.id for note in notes), write, tuple(key for key in keys if key not in present))


def note_written(connection: Connection, notes: Sequence[int], generation: int, embedding: str) -> None:
    """Take vectors out of the queue, and tell readers that there are others now."""
    connection.execute(delete(VectorOutboxRow).where(VectorOutboxRow.id.in_(notes)))
    _put(connection, _GENERATION, str(generation))
    _put(connection, _EMBEDDING, embedding)


def queue_difference(connection: Connection, present: set[str]) -> int:
    """Queue the chunks that are missing among the present vectors, and the vectors that belong to no chunk; how many."""
    keys = set(connection.execute(select(ChunkRow.key)).scalars())
    wrong = sorted(keys ^ present)
    _queue_vectors(connection, wrong)
    return len(wrong)


class _Line(NamedTuple):
    """A row of `chunks`; the fields are its columns, but for the id."""

    key: str
    form_pk: int
    version_id: int
    kind: str
    row: int | None
    level1: str | None
    level2: str | None
    lost: Decimal | None
    deviation: int
    page: int | None
    cell: str
    context: str
    text: str


def _lines(form_pk: int, version_id: int, form: Form) -> list[_Line]:
    context = context_of(form)
    return [
        _Line(
            key=key_of(form.form_id, version_id, position, context, draft),
            form_pk=form_pk,
            version_id=version_id,
            kind=draft.kind,
            row=draft.row,
            level1=draft.level1,
            level2=draft.level2,
            lost=draft.lost,
            deviation=len(draft.deviation or ""),
            page=page_of(form, draft.cell),
            cell=draft.cell,
            context=context,
            text=draft.text,
        )
        for position, draft in enumerate(drafts_of(form))
    ]


def _metadata(row: Any) -> dict[str, Any]:
    """What vectors are filtered by; Chroma knows no empty values, so they are left out."""
    values = {
        "forms": row.form_id,
        "projects": row.project_name,
        "departments": row.department,
        "units": row.implementing_unit,
        "years": row.fiscal_year,
        "kinds": row.kind,
        "level1": row.level1,
        "level2": row.level2,
        "lost": bool(row.lost),
        "deviation": row.deviation > 0,
        "version": row.version_id,
    }
    return {name: value for name, value in values.items() if value is not None}


def _drop_chunks(connection: Connection, words: FullText, form_pks: Sequence[int]) -> None:
    old = connection.execute(select(ChunkRow).where(ChunkRow.form_pk.in_(form_pks))).all()
    words.remove(connection, [Doc(row.id, row.text, row.context) for row in old])
    _queue_vectors(connection, [row.key for row in old])
    connection.execute(delete(ChunkRow).where(ChunkRow.form_pk.in_(form_pks)))


def _queue_vectors(connection: Connection, keys: Sequence[str]) -> None:
    put_rows(connection, VectorOutboxRow, ("key",), [(key,) for key in keys])


def _put(connection: Connection, key: str, value: str | None) -> None:
    connection.execute(delete(MetaRow).where(MetaRow.key == key))
    if value is not None:
        connection.execute(insert(MetaRow), {"key": key, "value": value})
