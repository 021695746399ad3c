"""Forms whose index has to be brought up to date: noted in the transaction that changes them, so that none is forgotten.

The index is written afterwards (store.index). While a form is noted here, its old chunks do not count. Notes are only ever added, and
whoever has indexed a form deletes just the notes it had read: one that is added meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from store.models import IndexOutboxRow
from store.repository.rows import put_rows


def note_changed(connection: Connection, form_pks: Iterable[int]) -> None:
    """Note that these forms have another current version now, or are gone."""
    put_rows(connection, IndexOutboxRow, ("form_pk",), [(form_pk,) for form_pk in form_pks])
