"""What people change: which reading of a form counts, and the words they type into its cells."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, update

from schema.cells import get_cell
from schema.checks import Finding, Profile
from schema.errors import UsageError
from schema.form import Form
from store.columns import now
from store.models import VersionRow
from store.records import Change, Correction
from store.repository import corrections, current, findings, listing, lookup, readings


class Typed(NamedTuple):
    """What a person typed into a cell; None takes the latest correction back."""

    value: str | None
    who: str


class Changed(NamedTuple):
    """A form before and after a change of a cell, and what was found on it before."""

    form_id: str
    cell: str
    event_id: int
    before: Form
    after: Form
    found: list[Finding]


def choose(connection: Connection, form: str, version_id: int | None, who: str, profile: Profile) -> str:
    """Make a reading current over better ranked ones, or let the ranking decide again; the id of the form.

    Raises:
        UsageError: no such form, or it has no such reading.
    """
    found = lookup.find_form(connection, form)
    kept = {version.version_id for version in listing.list_versions(connection, found.form_pk)}
    if version_id is not None and version_id not in kept:
        raise UsageError(f"表 {found.form_id} 没有版本 {version_id}，现有：{'、'.join(str(v) for v in sorted(kept))}。")
    connection.execute(update(VersionRow).where(VersionRow.form_pk == found.form_pk).values(chosen_by=None, chosen_at=None))
    if version_id is not None:
        connection.execute(update(VersionRow).where(VersionRow.id == version_id).values(chosen_by=who, chosen_at=now()))
    current.refresh(connection, [found.form_pk], profile, corrected=True)
    return str(found.form_id)


def corrections_of(connection: Connection, form: str) -> list[Correction]:
    """Every correction of a form, undone ones among them, in the order they were made."""
    found = lookup.find_form(connection, form)
    base = current.best_reading(connection, found.form_pk).id
    events = corrections.all_corrections(connection, found.form_id)
    standing = [event for event in events if event.undone_at is None]
    cells = corrections.apply_corrections(readings.load_forms(connection, [base])[base], standing).cells
    return [corrections.as_record(event, applied=cells.get(event.id) is not None) for event in events]


def change(connection: Connection, form: str, cell: str, typed: Typed, profile: Profile) -> Changed:
    """Set a cell to what a person typed, or take the latest correction of it back.

    Raises:
        UsageError: no such form or cell, the value does not fit it, or there is no correction to take back.
    """
    found = lookup.find_form(connection, form)
    base = current.best_reading(connection, found.form_pk).id
    loaded = readings.load_forms(connection, [base, found.version_id])
    before, reading = loaded[found.version_id], loaded[base]
    old = findings.list_findings(connection, findings.FindingFilter(found.form_id))
    if typed.value is None:
        event_id = corrections.record_undo(connection, reading, cell, typed.who)
    else:
        event_id = corrections.record_correction(connection, before, reading, corrections.Word(cell, typed.value, typed.who))
    after = current.refresh(connection, [found.form_pk], profile, corrected=True).changed[found.form_pk]
    return Changed(found.form_id, cell, event_id, before, after, old)


def told(connection: Connection, changed: Changed) -> Change:
    """A change with the findings that it took away and brought, once units are settled."""
    new = findings.list_findings(connection, findings.FindingFilter(changed.form_id))
    event = next(row for row in corrections.all_corrections(connection, changed.form_id) if row.id == changed.event_id)
    return Change(
        event=corrections.as_record(event, applied=True),
        old=get_cell(changed.before, changed.cell),
        new=get_cell(changed.after, changed.cell),
        gone=tuple(finding for finding in changed.found if finding not in new),
        come=tuple(finding for finding in new if finding not in changed.found),
    )
