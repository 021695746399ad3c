"""The queue of cells that a person should look at, over all forms, and what people said of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from store.columns import AnyRow
from store.models import CorrectionRow, FindingRow, FormRow, FundingLine, MarkLine, VersionRow
from store.repository import corrections, readings
from store.repository.review_order import CLASSES, Found, class_of, hold_of, plain_reason, rank, row_number
from store.review_records import CellRef, MadeCorrection, QueuedCell, ReviewFacets, ReviewFilter, ReviewQueue, Share

_YUAN = {"万元": 10_000, "元": 1, "亿元": 10**8, "千元": 1000}
_MOST_SHARES = 300
"""Choices of one filter that are offered; who has more of them types."""


class _Head(NamedTuple):
    """Of a form with marks, what filters and order ask of it; plain, as there may be a hundred thousand marks."""

    form_pk: int
    form_id: str
    name: str
    department: str
    yuan: int


class _Marked(NamedTuple):
    """A marked cell of such a form."""

    head: _Head
    cell: str
    reason: str
    position: int


def queue(connection: Connection, wanted: ReviewFilter, left_out: Sequence[CellRef], limit: int) -> ReviewQueue:
    """The first cells of the queue, without those left out (which stay in the count)."""
    heads = {row.version_id: _head(row) for row in connection.execute(_heads())}
    marked = list(_marked(connection, heads))
    matching = [mark for mark in marked if _matches(mark, wanted)]
    found = _found(connection)
    skipped = {(ref.form_id, ref.cell) for ref in left_out}
    ranked = []
    for mark in matching:
        if (mark.head.form_id, mark.cell) in skipped:
            continue
        hold, kind, yuan = hold_of(mark.cell, mark.reason, found.get(mark.head.form_pk, ())), class_of(mark.cell), mark.head.yuan
        ranked.append(((*rank(hold, kind, yuan), mark.head.form_pk, row_number(mark.cell), mark.position), hold, kind, yuan, mark))
    ranked.sort(key=lambda entry: entry[0])
    cells = tuple(
        QueuedCell(form_id=mark.head.form_id, cell=mark.cell, hold=hold, kind=kind, yuan=yuan)
        for _, hold, kind, yuan, mark in ranked[:limit]
    )
    return ReviewQueue(cells=cells, matching=len(matching), left=len(marked), today=_made_today(connection), facets=_facets(marked))


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


def _heads() -> Any:
    total = (FundingLine.version_id == VersionRow.id) & (FundingLine.row == "total")
    return (
        select(
            VersionRow.id.label("version_id"),
            VersionRow.form_pk,
            FormRow.form_id,
            VersionRow.project_name,
            VersionRow.fiscal_year,
            VersionRow.department,
            VersionRow.unit_of_money,
            FundingLine.adjusted_budget,
        )
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .outerjoin(FundingLine, total)
        .where(VersionRow.current, VersionRow.review_count > 0)
    )


def _marked(connection: Connection, heads: Mapping[int, _Head]) -> Iterator[_Marked]:
    query = (
        select(MarkLine.version_id, MarkLine.cell, MarkLine.reason, MarkLine.position)
        .join(VersionRow, VersionRow.id == MarkLine.version_id)
        .where(VersionRow.current, VersionRow.review_count > 0)
    )
    seen: set[tuple[int, str]] = set()
    for version_id, cell, reason, position in connection.execute(query):
        # Two reasons may stand at one cell; one word on it settles both.
        if (version_id, cell) not in seen:
            seen.add((version_id, cell))
            yield _Marked(heads[version_id], cell, reason, position)


def _found(connection: Connection) -> Mapping[int, list[Found]]:
    doubtful = select(VersionRow.form_pk).where(VersionRow.current, VersionRow.review_count > 0)
    query = select(FindingRow.form_pk, FindingRow.rule, FindingRow.severity, FindingRow.cell).where(FindingRow.form_pk.in_(doubtful))
    found: dict[int, list[Found]] = defaultdict(list)
    for form_pk, rule, severity, cell in connection.execute(query):
        found[form_pk].append(Found(rule, severity, cell))
    return found


def _matches(mark: _Marked, wanted: ReviewFilter) -> bool:
    return (
        (wanted.form is None or mark.head.form_id == wanted.form)
        and (wanted.department is None or mark.head.department == wanted.department)
        and (wanted.kind is None or class_of(mark.cell) == wanted.kind)
        and (wanted.reason is None or plain_reason(mark.reason) == wanted.reason)
    )


def _head(row: AnyRow) -> _Head:
    name = f"{row.project_name or '（无项目名称）'}（{row.fiscal_year or '无年度'}）"
    amount = row.adjusted_budget or Decimal(0)
    yuan = int(amount * _YUAN.get(row.unit_of_money or "万元", 10_000))
    return _Head(row.form_pk, row.form_id, name, row.department or "", yuan)


def _facets(marked: Sequence[_Marked]) -> ReviewFacets:
    forms = Counter(mark.head for mark in marked)
    departments: Counter[str] = Counter()
    for head, count in forms.items():
        departments[head.department] += count
    reasons = Counter(plain_reason(mark.reason) for mark in marked)
    kinds = Counter(class_of(mark.cell) for mark in marked)
    return ReviewFacets(
        forms=tuple(Share(value=head.form_id, label=head.name, count=n) for head, n in forms.most_common(_MOST_SHARES)),
        departments=tuple(Share(value=key, label=key, count=n) for key, n in departments.most_common(_MOST_SHARES) if key),
        kinds=tuple(Share(value=kind, label=kind, count=kinds[kind]) for kind in CLASSES if kinds[kind]),
        reasons=tuple(Share(value=key, label=key, count=n) for key, n in reasons.most_common(_MOST_SHARES)),
    )


def _made_today(connection: Connection) -> int:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count()).select_from(CorrectionRow).where(CorrectionRow.made_at >= midnight, CorrectionRow.undone_at.is_(None))
    return int(connection.execute(query).scalar_one())
