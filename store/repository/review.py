"""The queue of cells that a person should look at, over all forms, and what people said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from store.models import CorrectionRow, FormRow, VersionRow
from store.repository import corrections, readings
from store.repository.review_ranked import KeptOrder, Marked
from store.review_records import CellRef, MadeCorrection, QueuedCell, ReviewFilter, ReviewQueue


def queue(
    connection: Connection, wanted: ReviewFilter, left_out: Sequence[CellRef], limit: int, order: KeptOrder | None = None
) -> ReviewQueue:
    """The first cells of the queue, without those left out (which stay in the count).

    Args:
        order: the order that was kept since the queue was last asked for; without one it is made for this once.
    """
    ranked = (order or KeptOrder()).at(connection)
    matching = ranked.cells
    if wanted != ReviewFilter():
        matching = list(filter(_lets_through(wanted), ranked.cells))
    skipped = {(ref.form_id, ref.cell) for ref in left_out}
    first = islice((mark for mark in matching if (mark.head.form_id, mark.cell) not in skipped), limit)
    cells = tuple(
        QueuedCell(form_id=mark.head.form_id, cell=mark.cell, hold=mark.hold, kind=mark.kind, yuan=mark.head.yuan) for mark in first
    )
    counts = {"matching": len(matching), "left": len(ranked.cells), "today": _made_today(connection)}
    return ReviewQueue(cells=cells, facets=ranked.facets, **counts)


def corrections_made(connection: Connection, limit: int, who: str | None) -> list[MadeCorrection]:
    """The latest corrections that stand or were taken back, newest first; of one person, or of all."""
    query = (
        select(CorrectionRow, VersionRow.project_name)
        .outerjoin(FormRow, FormRow.form_id == CorrectionRow.form_id)
        .outerjoin(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .order_by(CorrectionRow.id.desc())
        .limit(limit)
    )
    if who is not None:
        query = query.where(CorrectionRow.who == who)
    return [
        MadeCorrection(event=corrections.as_record(row, applied=row.project_name is not None), project_name=row.project_name)
        for row in connection.execute(query)
    ]


def reviewed_versions(connection: Connection) -> list[int]:
    """The current versions of forms that people worked on and that have no mark left."""
    people = select(CorrectionRow.form_id).where(CorrectionRow.undone_at.is_(None))
    query = (
        select(VersionRow.id)
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .where(VersionRow.current, VersionRow.review_count == 0, FormRow.form_id.in_(people))
        .order_by(FormRow.id)
    )
    return list(connection.execute(query).scalars())


def iter_versions(connection: Connection, version_ids: Sequence[int]) -> Iterator[Any]:
    """The forms of these versions, a batch at a time."""
    for start in range(0, len(version_ids), readings.BATCH):
        batch = version_ids[start : start + readings.BATCH]
        forms = readings.load_forms(connection, batch)
        yield from (forms[version_id] for version_id in batch)


def _lets_through(wanted: ReviewFilter) -> Callable[[Marked], bool]:
    return lambda mark: (
        (wanted.form is None or mark.head.form_id == wanted.form)
        and (wanted.department is None or mark.head.department == wanted.department)
        and (wanted.kind is None or mark.kind == wanted.kind)
        and (wanted.reason is None or mark.reason == wanted.reason)
    )


def _made_today(connection: Connection) -> int:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).select_from(CorrectionRow).where(CorrectionRow.made_at >= midnight, CorrectionRow.undone_at.is_(None))
    return int(connection.execute(query).scalar_one())
