"""Documents looked up: all of them, one by its bytes, one by what a person calls it, the pages of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, false, func, select

from schema.errors import UsageError
from schema.reading import PageReport
from store.columns import AnyRow
from store.models import DocumentFileRow, DocumentRow, PageRow, VersionRow
from store.places import absolute
from store.records import DocumentSummary

SHORTEST_HASH = 6
"""Characters of a sha256 that name a document."""


def known_document(connection: Connection, sha256: str) -> DocumentSummary | None:
    """The document with these bytes, done or failed."""
    found = list_documents(connection, DocumentRow.sha256 == sha256)
    return found[0] if found else None


def list_documents(connection: Connection, *conditions: Any) -> list[DocumentSummary]:
    """The documents, in the order they were stored."""
    rows = connection.execute(select(DocumentRow).where(*conditions).order_by(DocumentRow.id)).all()
    ids = [row.id for row in rows] if conditions else None
    files: dict[int, list[str]] = {}
    of_ids = [] if ids is None else [DocumentFileRow.document_id.in_(ids)]
    paths = select(DocumentFileRow).where(*of_ids).order_by(DocumentFileRow.document_id, DocumentFileRow.position)
    for file in connection.execute(paths):
        files.setdefault(file.document_id, []).append(file.path)
    pages = _counts(connection, PageRow.document_id, ids)
    forms = _counts(connection, VersionRow.document_id, ids, VersionRow.base_id.is_(None))
    return [
        DocumentSummary(
            document_id=row.id,
            sha256=row.sha256,
            files=tuple(files.get(row.id, ())),
            size=row.size,
            kind=row.kind,
            status=row.status,
            reason=row.reason,
            pages=pages.get(row.id, 0),
            forms=forms.get(row.id, 0),
        )
        for row in rows
    ]


def list_pages(connection: Connection, sha256: str) -> list[PageReport]:
    """What became of the pages of the document with these bytes, in order."""
    query = select(PageRow).join(DocumentRow, DocumentRow.id == PageRow.document_id).where(DocumentRow.sha256 == sha256)
    return [
        PageReport(
            page=row.page,
            status=row.status,
            reason=row.reason,
            method=row.method,
            seconds=row.seconds,
            notes=tuple(row.notes.split("\n")) if row.notes else (),
        )
        for row in connection.execute(query.order_by(PageRow.page))
    ]


def find_document(connection: Connection, reference: str) -> AnyRow:
    """The document with this path, unique file name or beginning of its sha256.

    Raises:
        UsageError: none, or several.
    """
    name = Path(reference).name
    by_path = select(DocumentFileRow.document_id).where(DocumentFileRow.path == absolute(reference))
    by_name = select(DocumentFileRow.document_id, DocumentFileRow.path).where(DocumentFileRow.path.endswith(name, autoescape=True))
    named = [row.document_id for row in connection.execute(by_name) if Path(row.path).name == reference]
    # A letter or two, or an unset variable of a shell, must not name whatever happens to be the only match.
    begins = DocumentRow.sha256.startswith(reference, autoescape=True)
    by_hash = select(DocumentRow.id).where(begins if len(reference) >= SHORTEST_HASH else false())
    for ids in (list(connection.execute(by_path).scalars()), named, list(connection.execute(by_hash).scalars())):
        found = connection.execute(select(DocumentRow).where(DocumentRow.id.in_(ids))).all()
        if len(found) == 1:
            return found[0]
        if found:
            hashes = "、".join(str(row.sha256)[:12] for row in found)
            raise UsageError(f"“{reference}”对应 {len(found)} 个文件。请写完整路径，或 sha256 开头：{hashes}。")
    raise UsageError(f"没有导入过“{reference}”这个文件。请写导入时的路径、文件名或 sha256 开头；用 jihe forms 查看各表的来源文件。")


def _counts(connection: Connection, column: Any, ids: Sequence[int] | None, *conditions: Any) -> dict[int, int]:
    of_ids = [] if ids is None else [column.in_(ids)]
    return dict(connection.execute(select(column, func.count()).where(*of_ids, *conditions).group_by(column)).all())
