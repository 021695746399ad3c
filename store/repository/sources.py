"""From which documents forms were read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from store.models import DocumentRow, FormRow, VersionRow

_AT_A_TIME = 500


def documents_of(connection: Connection, forms: Collection[str]) -> dict[str, str]:
    """The sha256 of the document that each of these forms, by its id, stands in now; without those that have none."""
    wanted = sorted(set(forms))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_A_TIME):
        query = (
            select(FormRow.form_id, DocumentRow.sha256)
            .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
            .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
            .where(FormRow.form_id.in_(wanted[start : start + _AT_A_TIME]), DocumentRow.sha256.is_not(None))
        )
        found.update((row.form_id, str(row.sha256)) for row in connection.execute(query))
    return found
