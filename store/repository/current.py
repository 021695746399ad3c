"""Which version of a form is current, and what follows from a change of it: keys, findings, units to settle.

The best reading is the one a person chose; else the best by kind (digital, office, scan, photo, text, then forms that came without a
source), then by fewest review marks. Between equals a reading of the document itself goes before imported JSON, then the smaller sha256
decides: arbitrary, but the same whatever the order in which documents were read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from schema.checks import Finding, Profile
from schema.checks.siblings import unit_key
from schema.form import Form
from schema.text import fold
from store.columns import AnyRow
from store.models import DocumentRow, FormRow, VersionRow
from store.repository.corrections import active_corrections, apply_corrections
from store.repository.findings import mark_dirty, write_findings
from store.repository.outbox import note_changed
from store.repository.readings import Draft, load_forms, write_versions

KIND_ORDER = {kind: i for i, kind in enumerate(("digital", "office", "scan", "photo", "text"))}


class Refreshed(NamedTuple):
    """What a refresh did."""

    changed: dict[int, Form]
    """Forms with a new current version, by form key."""
    gone: list[str]
    """Ids of forms that lost their last reading."""
    findings: list[Finding]


def keys_of(form: Form) -> dict[str, str]:
    """The look-up columns of a form."""
    return {"project_key": fold(form.project_name), "unit_key": unit_key(form)}


def refresh(connection: Connection, form_pks: Sequence[int], profile: Profile, *, corrected: bool = False) -> Refreshed:
    """Make the best reading of each form current, with its corrections; `corrected` when the corrections themselves changed."""
    forms = connection.execute(select(FormRow).where(FormRow.id.in_(form_pks)).order_by(FormRow.id)).all()
    corrections = active_corrections(connection, [form.form_id for form in forms])
    readings = _readings(connection, form_pks)
    changed: dict[int, Form] = {}
    gone: list[AnyRow] = []
    for form in forms:
        of_form = readings.get(form.id, [])
        if not of_form:
            gone.append(form)
            continue
        best = min(of_form, key=_rank)
        events = corrections.get(form.form_id, [])
        if corrected or events or not best.current:
            changed[form.id] = _make_current(connection, form.id, best, events)
    connection.execute(delete(FormRow).where(FormRow.id.in_([form.id for form in gone])))
    mark_dirty(connection, [form.unit_key for form in forms if form in gone or form.id in changed])
    note_changed(connection, [*changed, *(form.id for form in gone)])
    findings = _follow(connection, changed, profile) if changed else []
    return Refreshed(changed, [form.form_id for form in gone], findings)


def best_reading(connection: Connection, form_pk: int) -> AnyRow:
    """The reading that the current version stands on."""
    return min(_readings(connection, [form_pk])[form_pk], key=_rank)


def _readings(connection: Connection, form_pks: Sequence[int]) -> Mapping[int, list[AnyRow]]:
    query = (
        select(
            VersionRow.id,
            VersionRow.form_pk,
            VersionRow.document_id,
            VersionRow.current,
            VersionRow.chosen_at,
            VersionRow.review_count,
            VersionRow.source_kind,
            DocumentRow.kind,
            DocumentRow.sha256,
        )
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(VersionRow.form_pk.in_(form_pks), VersionRow.base_id.is_(None))
    )
    found: dict[int, list[AnyRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.form_pk, []).append(row)
    return found


def _rank(reading: AnyRow) -> tuple[bool, int, int, bool, str]:
    kind = KIND_ORDER.get(reading.source_kind, len(KIND_ORDER))
    return reading.chosen_at is None, kind, reading.review_count, reading.kind == "canonical", reading.sha256 or ""


def _make_current(connection: Connection, form_pk: int, best: AnyRow, events: Sequence[AnyRow]) -> Form:
    of_form = VersionRow.form_pk == form_pk
    connection.execute(delete(VersionRow).where(of_form, VersionRow.base_id.is_not(None)))
    connection.execute(update(VersionRow).where(of_form, VersionRow.current).values(current=False))
    reading = load_forms(connection, [best.id])[best.id]
    applied = apply_corrections(reading, events)
    if any(applied.cells.values()):
        write_versions(connection, [Draft(form_pk, best.document_id, applied.form, base_id=best.id, current=True)])
    else:
        connection.execute(update(VersionRow).where(VersionRow.id == best.id).values(current=True))
    return applied.form


def _follow(connection: Connection, changed: Mapping[int, Form], profile: Profile) -> list[Finding]:
    for form_pk, form in changed.items():
        connection.execute(update(FormRow).where(FormRow.id == form_pk).values(**keys_of(form)))
    mark_dirty(connection, [unit_key(form) for form in changed.values()])
    return write_findings(connection, changed, profile)
