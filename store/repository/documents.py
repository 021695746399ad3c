"""Documents, their pages and the paths they were met under: saving, remembering, failing, removing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from schema.checks import Finding, Profile
from schema.errors import CanonicalError
from schema.form import Form
from schema.reading import PageReport
from schema.text import fold
from store.columns import AnyRow, now
from store.models import CorrectionRow, DocumentFileRow, DocumentRow, FormRow, PageRow, VersionRow
from store.places import absolute
from store.records import RemovedDocument, SavedDocument
from store.repository.corrections import active_corrections, apply_corrections, as_record
from store.repository.current import keys_of, refresh
from store.repository.findings import mark_dirty, write_findings
from store.repository.outbox import note_changed
from store.repository.readings import Draft, load_forms, write_versions
from store.repository.rows import put_rows, take_ids

# Statements of the way every document takes are made once: building one costs SQLAlchemy more than SQLite needs to carry it out.
_BY_BYTES = select(DocumentRow).where(DocumentRow.sha256 == bindparam("sha256"))
_PATHS = select(DocumentFileRow.path).where(DocumentFileRow.document_id == bindparam("document_id"))
_KNOWN = select(FormRow.form_id, FormRow.id).where(FormRow.form_id.in_(bindparam("form_ids", expanding=True)))
_FAILED_HERE = (
    select(DocumentRow.id)
    .join(DocumentFileRow, DocumentFileRow.document_id == DocumentRow.id)
    .where(DocumentFileRow.path == bindparam("path"), DocumentRow.status == "failed")
)
_INSERT_DOCUMENT = insert(DocumentRow).returning(DocumentRow.id)
_INSERT_FILE = insert(DocumentFileRow)
_INSERT_PAGE = insert(PageRow)
_KEY_COLUMNS = ("project_key", "unit_key")
_keys = itemgetter(*_KEY_COLUMNS)

FORMS_AT_A_TIME = 500
"""A bound on the size of statements; an imported file may hold tens of thousands of forms."""


class Incoming(NamedTuple):
    """One document about to be stored."""

    file: str
    sha256: str
    size: int
    kind: str
    pages: tuple[PageReport, ...]
    forms: tuple[Form, ...]
    seconds: float | None
    findings: Mapping[str, list[Finding]] | None = None
    """Of each form by itself, by form_id, where they were looked for already."""


def save_document(connection: Connection, incoming: Incoming, run_id: int, profile: Profile) -> SavedDocument:
    """Store a document with everything read from it; for bytes that are stored already, remember the path only."""
    path = absolute(incoming.file)
    present = connection.execute(_BY_BYTES, {"sha256": incoming.sha256}).first()
    if present and present.status == "done":
        remember_file(connection, present.id, path)
        return SavedDocument(document_id=present.id, new=False)
    _forget_failures(connection, path, but=present.id if present else None)
    values = {"size": incoming.size, "kind": incoming.kind, "status": "done", "reason": None, "seconds": incoming.seconds, "run_id": run_id}
    document_id = _put_document(connection, present, {"sha256": incoming.sha256, **values})
    remember_file(connection, document_id, path)
    if incoming.pages:
        connection.execute(_INSERT_PAGE, [_page_values(document_id, page) for page in incoming.pages])
    saved = SavedDocument(document_id=document_id, new=True)
    for start in range(0, len(incoming.forms), FORMS_AT_A_TIME):
        part = incoming._replace(forms=incoming.forms[start : start + FORMS_AT_A_TIME])
        saved = _add(saved, _save_forms(connection, document_id, part, profile))
    return saved


def refuse_strangers(connection: Connection, incoming: Incoming) -> None:
    """Refuse imported forms whose id is that of a stored form of another name: ids of made-up schemes (001-1) collide between files.

    Raises:
        CanonicalError: there is one; the message names both.
    """
    for start in range(0, len(incoming.forms), FORMS_AT_A_TIME):
        forms = incoming.forms[start : start + FORMS_AT_A_TIME]
        query = select(FormRow.form_id, VersionRow.project_name).join(VersionRow, VersionRow.form_pk == FormRow.id)
        names: dict[str, list[str | None]] = {}
        for row in connection.execute(query.where(FormRow.form_id.in_([form.form_id for form in forms]))):
            names.setdefault(row.form_id, []).append(row.project_name)
        for form in forms:
            present = names.get(form.form_id)
            if present and fold(form.project_name) not in {fold(name) for name in present}:
                whose = f"form_id {form.form_id}（{form.project_name}）已是另一张表（{present[0]}）的编号"
                raise CanonicalError(f"{incoming.file}：{whose}。请改用别的 form_id。")


def save_failure(connection: Connection, failed: Incoming, reason: str, run_id: int) -> int:
    """List a document as failed; a document that was read before stays as it is."""
    path = absolute(failed.file)
    sha256 = failed.sha256 or None
    present = connection.execute(_BY_BYTES, {"sha256": sha256}).first() if sha256 else None
    if present and present.status == "done":
        remember_file(connection, present.id, path)
        return int(present.id)
    _forget_failures(connection, path, but=present.id if present else None)
    values = {"sha256": sha256, "size": failed.size, "kind": None, "status": "failed", "reason": reason, "seconds": None, "run_id": run_id}
    document_id = _put_document(connection, present, values)
    remember_file(connection, document_id, path)
    return document_id


def forget_reading(connection: Connection, sha256: str, profile: Profile) -> None:
    """Make room for another reading of the document with these bytes; the paths it was met under stay known.

    Corrections belong to the forms and to their rows, so they find the new reading.
    """
    present = connection.execute(_BY_BYTES, {"sha256": sha256}).first()
    if present is None:
        return
    files = remove_document(connection, present, profile).files
    values = {name: getattr(present, name) for name in ("size", "kind", "reason", "seconds", "run_id", "stored_at")}
    document_id = connection.execute(_INSERT_DOCUMENT, {"sha256": sha256, "status": "failed", **values}).scalar_one()
    for position, path in enumerate(files):
        connection.execute(_INSERT_FILE, {"document_id": document_id, "position": position, "path": path})


def remember_file(connection: Connection, document_id: int, path: str) -> None:
    """Note one more path under which the document was met."""
    paths = list(connection.execute(_PATHS, {"document_id": document_id}).scalars())
    if path not in paths:
        connection.execute(_INSERT_FILE, {"document_id": document_id, "position": len(paths), "path": path})


def remove_document(connection: Connection, document: AnyRow, profile: Profile) -> RemovedDocument:
    """Take a document and its readings out; forms fall back to their next best reading, or go with their last one."""
    of_document = select(VersionRow.form_pk).where(VersionRow.document_id == document.id).distinct()
    form_pks = list(connection.execute(of_document).scalars())
    paths = select(DocumentFileRow.path).where(DocumentFileRow.document_id == document.id).order_by(DocumentFileRow.position)
    files = tuple(connection.execute(paths).scalars())
    # A version derived from one of its readings belongs to the document as well, so nothing of it stays.
    connection.execute(delete(DocumentRow).where(DocumentRow.id == document.id))
    gone = kept = 0
    for start in range(0, len(form_pks), FORMS_AT_A_TIME):
        lost = refresh(connection, form_pks[start : start + FORMS_AT_A_TIME], profile).gone
        standing = select(func.count()).where(CorrectionRow.form_id.in_(lost), CorrectionRow.undone_at.is_(None))
        gone, kept = gone + len(lost), kept + connection.execute(standing).scalar_one()
    return RemovedDocument(files=files, forms_gone=gone, forms_kept=len(form_pks) - gone, corrections_kept=kept)


def _page_values(document_id: int, page: PageReport) -> dict[str, Any]:
    told = {"status": page.status, "reason": page.reason, "method": page.method, "seconds": page.seconds}
    # A note is one line, so that lines keep them apart.
    return {"document_id": document_id, "page": page.page, **told, "notes": "\n".join(" ".join(n.split()) for n in page.notes) or None}


def _put_document(connection: Connection, present: AnyRow | None, values: dict[str, Any]) -> int:
    if present:
        connection.execute(update(DocumentRow).where(DocumentRow.id == present.id).values(**values, stored_at=now()))
        return int(present.id)
    inserted = connection.execute(_INSERT_DOCUMENT, values | {"stored_at": now()})
    return int(inserted.scalar_one())


def _save_forms(connection: Connection, document_id: int, incoming: Incoming, profile: Profile) -> SavedDocument:
    forms = incoming.forms
    ids = [form.form_id for form in forms]
    known = dict(connection.execute(_KNOWN, {"form_ids": ids}).all())
    corrected = active_corrections(connection, ids)
    fresh = [form for form in forms if form.form_id not in known]
    form_pks = known | _insert_forms(connection, fresh)
    # Nearly every form is new and uncorrected: it is current at once. The others have to be compared with what is there.
    at_once = {form_pks[form.form_id]: form for form in fresh if form.form_id not in corrected}
    write_versions(connection, [Draft(pk, document_id, form, current=pk in at_once) for form in forms for pk in [form_pks[form.form_id]]])
    mark_dirty(connection, [keys_of(form)["unit_key"] for form in at_once.values()])
    note_changed(connection, at_once)
    findings = write_findings(connection, at_once, profile, new=True, known=incoming.findings) if at_once else []
    current = len(at_once)
    others = [pk for pk in form_pks.values() if pk not in at_once]
    if others:
        refreshed = refresh(connection, others, profile)
        findings += refreshed.findings
        current += _became_current(connection, document_id, refreshed.changed)
    return SavedDocument(
        document_id=document_id,
        new=True,
        forms=len(forms),
        current=current,
        review_marks=sum(len(form.review) for form in forms),
        errors=sum(finding.severity == "error" for finding in findings),
        warnings=sum(finding.severity == "warning" for finding in findings),
        unapplied=_unapplied(connection, form_pks, corrected),
    )


def _add(one: SavedDocument, other: SavedDocument) -> SavedDocument:
    counts = {
        name: getattr(one, name) + getattr(other, name) for name in ("forms", "current", "review_marks", "errors", "warnings", "unapplied")
    }
    return one.model_copy(update=counts)


def _insert_forms(connection: Connection, forms: Sequence[Form]) -> dict[str, int]:
    form_pks = take_ids(connection, FormRow, len(forms))
    rows = [(pk, form.form_id, *_keys(keys_of(form))) for pk, form in zip(form_pks, forms, strict=True)]
    put_rows(connection, FormRow, ("id", "form_id", *_KEY_COLUMNS), rows)
    return {form.form_id: pk for pk, form in zip(form_pks, forms, strict=True)}


def _became_current(connection: Connection, document_id: int, changed: dict[int, Form]) -> int:
    of_document = (VersionRow.document_id == document_id, VersionRow.current, VersionRow.form_pk.in_(list(changed)))
    return int(connection.execute(select(func.count()).where(*of_document)).scalar_one())


def _unapplied(connection: Connection, form_pks: dict[str, int], corrected: dict[str, list[AnyRow]]) -> tuple[str, ...]:
    lost = []
    for form_id, events in corrected.items():
        current = select(func.coalesce(VersionRow.base_id, VersionRow.id)).where(
            VersionRow.form_pk == form_pks[form_id], VersionRow.current
        )
        reading_id = connection.execute(current).scalar_one()
        cells = apply_corrections(load_forms(connection, [reading_id])[reading_id], events).cells
        lost += [as_record(event, applied=False) for event in events if cells[event.id] is None]
    return tuple(f"{event.form_id} {event.row} {event.cell.rpartition('.')[2]}：{event.old} → {event.new}" for event in lost)


def _forget_failures(connection: Connection, path: str, but: int | None) -> None:
    # What lies at this path now replaces what failed there before: a broken file that was fetched again is no longer listed.
    stale = [document_id for document_id in connection.execute(_FAILED_HERE, {"path": path}).scalars() if document_id != but]
    if stale:
        connection.execute(delete(DocumentRow).where(DocumentRow.id.in_(stale)))
