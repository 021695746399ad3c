"""What people change: which reading of a form counts, and the words they type into its cells."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from schema.cells import CellValue
from schema.checks import Finding, Profile
from schema.errors import CellChanged, UsageError
from schema.form import Form
from store.columns import now
from store.models import CorrectionRow, VersionRow
from store.records import Change, Correction, Note
from store.repository import corrections, current, findings, listing, lookup, readings


class Seen(NamedTuple):
    """What a reviewer had before their eyes: the value of a marked cell, and the name of its row."""

    value: CellValue
    row: str | None


class Typed(NamedTuple):
    """What a person typed into a cell; None takes the latest correction back.

    With `seen` the cell has to be as it was, its mark too, and None confirms its value.
    """

    value: str | None
    who: str
    note: Note | None = None
    seen: Seen | None = None


class Changed(NamedTuple):
    """A form before and after a change of a cell, and what was found on it before."""

    form_id: str
    cell: str | None
    """None for one that has no row in the reading."""
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
    if typed.seen is not None:
        _insist_unchanged(connection, before, cell, typed.seen)
    if typed.value is None and typed.seen is None:
        event_id = corrections.record_undo(connection, reading, cell, typed.who)
    else:
        event_id = corrections.record_correction(connection, before, reading, corrections.Word(cell, typed.value, typed.who, typed.note))
    after = current.refresh(connection, [found.form_pk], profile, corrected=True).changed[found.form_pk]
    return Changed(found.form_id, cell, event_id, before, after, old)


def take_back(connection: Connection, event_id: int, who: str, profile: Profile) -> Changed:
    """Take back one correction, whichever came after it.

    Raises:
        UsageError: no such correction, its form is gone, or it was taken back already.
    """
    event = connection.execute(select(CorrectionRow).where(CorrectionRow.id == event_id)).first()
    if event is None:
        raise UsageError("没有这条更正。")
    if event.undone_at is not None:
        raise UsageError(f"这条更正已由 {event.undone_by} 撤销。")
    found = lookup.find_form(connection, event.form_id)
    base = current.best_reading(connection, found.form_pk).id
    loaded = readings.load_forms(connection, [base, found.version_id])
    standing = corrections.active_corrections(connection, [found.form_id])[found.form_id]
    cell = corrections.apply_corrections(loaded[base], standing).cells[event_id]
    old = findings.list_findings(connection, findings.FindingFilter(found.form_id))
    corrections.take_back(connection, event_id, who)
    after = current.refresh(connection, [found.form_pk], profile, corrected=True).changed[found.form_pk]
    # Without a row to apply to it changed nothing; the address when it was made may be another row's by now.
    return Changed(found.form_id, cell, event_id, loaded[found.version_id], after, old)


def told(connection: Connection, changed: Changed) -> Change:
    """A change with the findings that it took away and brought, once units are settled."""
    new = findings.list_findings(connection, findings.FindingFilter(changed.form_id))
    event = next(row for row in corrections.all_corrections(connection, changed.form_id) if row.id == changed.event_id)
    return Change(
        event=corrections.as_record(event, applied=True),
        old=corrections.value_at(changed.before, changed.cell) if changed.cell else None,
        new=corrections.value_at(changed.after, changed.cell) if changed.cell else None,
        gone=tuple(finding for finding in changed.found if finding not in new),
        come=tuple(finding for finding in new if finding not in changed.found),
    )


def _insist_unchanged(connection: Connection, form: Form, cell: str, seen: Seen) -> None:
    """Refuse a word on a cell that is not any more what the reviewer saw."""
    if row_name(form, cell) != seen.row:
        raise CellChanged("这张表在您打开之后重新读取过，这一行换了位置。请再看一遍。")
    value = corrections.value_at(form, cell)
    if value == seen.value and any(mark.cell == cell for mark in form.review):
        return
    events = [event for event in corrections.all_corrections(connection, form.form_id) if event.cell == cell and event.undone_at is None]
    who = f"已由 {events[-1].who} 复核" if events else "在您打开之后变了"
    raise CellChanged(f"这一格{who}，现在是“{'空' if value is None else value}”。请看过再定。")


def row_name(form: Form, cell: str) -> str | None:
    """The name of the row that a cell stands in; None outside of rows, and where there is no such row any more."""
    try:
        key = corrections.row_key(form, cell)
    except IndexError:
        return None
    return f"{key.level1}/{key.level2}/{key.name}/{key.ordinal}" if key else None
