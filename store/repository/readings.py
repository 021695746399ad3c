"""A form as rows of the tables, and rows as a form again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS
from schema.evidence import Leftover, Source
from schema.form import Extra, Form, Funding, FundingRow, Indicator
from store.columns import AnyRow, now
from store.models import (
    Base,
    EvidenceLine,
    ExtraLine,
    FormRow,
    FundingLine,
    IndicatorLine,
    LeftoverLine,
    MarkLine,
    MarkReadingLine,
    VersionPageRow,
    VersionRow,
)
from store.repository.places import (
    EVIDENCE_COLUMNS,
    MARK_COLUMNS,
    READING_COLUMNS,
    evidence_lines,
    load_evidence,
    load_marks,
    mark_lines,
)
from store.repository.rows import Values, put_rows, take_ids

PLAIN_CELLS = (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS)
"""Cells that are columns of the version itself."""
BATCH = 200
"""Versions read at a time: few enough for memory, many enough that the number of queries does not matter."""

_COLUMNS: dict[type[Base], tuple[str, ...]] = {
    VersionPageRow: ("version_id", "position", "page"),
    FundingLine: ("version_id", "row", *FUNDING_COLUMNS),
    IndicatorLine: ("version_id", "position", *ROW_CELLS),
    ExtraLine: ("version_id", "position", "label", "text"),
    EvidenceLine: EVIDENCE_COLUMNS,
    MarkLine: MARK_COLUMNS,
    MarkReadingLine: READING_COLUMNS,
    LeftoverLine: ("version_id", "position", "page", "text"),
}
"""What is written of the rows below a version."""
_SOURCE_FIELDS = ("file", "sha256", "kind", "method", "model", "seconds")
_VERSION_COLUMNS = (
    "id", "form_pk", "document_id", "base_id", "current", "review_count", "stored_at",
    *PLAIN_CELLS, *(f"source_{name}" for name in _SOURCE_FIELDS),
)  # fmt: skip
_plain_cells = attrgetter(*PLAIN_CELLS)
_source_fields = attrgetter(*_SOURCE_FIELDS)
_funding_cells = attrgetter(*FUNDING_COLUMNS)
_row_cells = attrgetter(*ROW_CELLS)

Lines = dict[type[Base], list[Values]]


class Draft(NamedTuple):
    """A version about to be written."""

    form_pk: int
    document_id: int
    form: Form
    base_id: int | None = None
    current: bool = False


def write_versions(connection: Connection, drafts: Sequence[Draft]) -> list[int]:
    """Write the versions with all their rows; their ids, in order."""
    if not drafts:
        return []
    ids = take_ids(connection, VersionRow, len(drafts))
    stored_at = now()
    versions = [_version_values(version_id, draft, stored_at) for version_id, draft in zip(ids, drafts, strict=True)]
    put_rows(connection, VersionRow, _VERSION_COLUMNS, versions)
    lines: Lines = {table: [] for table in _COLUMNS}
    for version_id, draft in zip(ids, drafts, strict=True):
        _collect(lines, version_id, draft.form)
    for table, rows in lines.items():
        put_rows(connection, table, _COLUMNS[table], rows)
    return ids


def load_forms(connection: Connection, version_ids: Sequence[int], *, located: bool = True) -> dict[int, Form]:
    """The forms of these versions by version id; without `located`, no evidence, review marks, leftovers and extras (cheaper)."""
    heads = connection.execute(
        select(VersionRow, FormRow.form_id).join(FormRow, FormRow.id == VersionRow.form_pk).where(VersionRow.id.in_(version_ids))
    ).all()
    parts: dict[int, dict[str, Any]] = {
        head.id: {"form_id": head.form_id, **{name: getattr(head, name) for name in PLAIN_CELLS}} for head in heads
    }
    for version_id, rows in _lines(connection, FundingLine, version_ids, FundingLine.row).items():
        parts[version_id]["funding"] = Funding(**{row.row: FundingRow(**_only(row, FUNDING_COLUMNS)) for row in rows})
    for version_id, rows in _lines(connection, IndicatorLine, version_ids, IndicatorLine.position).items():
        parts[version_id]["indicators"] = tuple(Indicator(**_only(row, ROW_CELLS)) for row in rows)
    if located:
        _load_located(connection, version_ids, heads, parts)
    return {version_id: Form(**values) for version_id, values in parts.items()}


def iter_current(connection: Connection, unit_keys: Sequence[str] | None = None, *, located: bool = True) -> Iterator[Form]:
    """The current version of every form (of these units), in the order the forms were first read, a batch at a time."""
    wanted = select(VersionRow.id).join(FormRow, FormRow.id == VersionRow.form_pk).where(VersionRow.current).order_by(FormRow.id)
    if unit_keys is not None:
        wanted = wanted.where(FormRow.unit_key.in_(unit_keys))
    ids = list(connection.execute(wanted).scalars())
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        forms = load_forms(connection, batch, located=located)
        yield from (forms[version_id] for version_id in batch)


def _version_values(version_id: int, draft: Draft, stored_at: datetime) -> Values:
    form = draft.form
    source = _source_fields(form.source) if form.source else (None,) * len(_SOURCE_FIELDS)
    head = (version_id, draft.form_pk, draft.document_id, draft.base_id, draft.current, len(form.review), stored_at)
    return (*head, *_plain_cells(form), *source)


def _collect(lines: Lines, version_id: int, form: Form) -> None:
    if form.source:
        lines[VersionPageRow] += [(version_id, i, page) for i, page in enumerate(form.source.pages)]
    for row in FUNDING_ROWS:
        values = _funding_cells(getattr(form.funding, row))
        if any(value is not None for value in values):
            lines[FundingLine].append((version_id, row, *values))
    lines[IndicatorLine] += [(version_id, i, *_row_cells(indicator)) for i, indicator in enumerate(form.indicators)]
    lines[ExtraLine] += [(version_id, i, extra.label, extra.text) for i, extra in enumerate(form.extras)]
    lines[LeftoverLine] += [(version_id, i, leftover.page, leftover.text) for i, leftover in enumerate(form.leftover)]
    lines[EvidenceLine] += evidence_lines(version_id, form.evidence)
    marks, readings = mark_lines(version_id, form.review)
    lines[MarkLine] += marks
    lines[MarkReadingLine] += readings


def _load_located(connection: Connection, ids: Sequence[int], heads: Sequence[AnyRow], parts: dict[int, dict[str, Any]]) -> None:
    pages = _lines(connection, VersionPageRow, ids, VersionPageRow.position)
    documents = {head.id: head for head in heads if head.source_file is not None}
    for version_id, head in documents.items():
        parts[version_id]["source"] = Source(
            file=head.source_file,
            sha256=head.source_sha256,
            pages=tuple(row.page for row in pages.get(version_id, ())),
            kind=head.source_kind,
            method=head.source_method,
            model=head.source_model,
            seconds=head.source_seconds,
        )
    for version_id, rows in _lines(connection, ExtraLine, ids, ExtraLine.position).items():
        parts[version_id]["extras"] = tuple(Extra(label=row.label, text=row.text) for row in rows)
    for version_id, rows in _lines(connection, LeftoverLine, ids, LeftoverLine.position).items():
        parts[version_id]["leftover"] = tuple(Leftover(page=row.page, text=row.text) for row in rows)
    for version_id, evidence in load_evidence(_lines(connection, EvidenceLine, ids, EvidenceLine.position, EvidenceLine.part)).items():
        parts[version_id]["evidence"] = evidence
    readings = _lines(connection, MarkReadingLine, ids, MarkReadingLine.position, MarkReadingLine.part)
    for version_id, rows in _lines(connection, MarkLine, ids, MarkLine.position).items():
        parts[version_id]["review"] = load_marks(rows, readings.get(version_id, ()))


def _lines(connection: Connection, table: type[Any], version_ids: Sequence[int], *order: Any) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.version_id.in_(version_ids)).order_by(table.version_id, *order)):
        found[row.version_id].append(row)
    return found


def _only(row: AnyRow, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
