"""What the checks found: per form, written with its current version; across the forms of a unit, brought up to date by `settle`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select

from schema.checks import Finding, Profile, check_form, check_group, rules_version
from schema.form import Form
from store.columns import AnyRow
from store.models import DirtyUnitRow, FindingRow, FormRow, MetaRow, VersionRow
from store.repository.readings import load_forms
from store.repository.rows import put_rows
from store.repository.units import load_units

UNITS_AT_A_TIME = 50
_DIRTY_AMONG = select(DirtyUnitRow.unit_key).where(DirtyUnitRow.unit_key.in_(bindparam("unit_keys", expanding=True)))
_INSERT_DIRTY = insert(DirtyUnitRow)
_FINDING_FIELDS = ("rule", "severity", "cell", "message", "computed", "basis")
_FINDING_COLUMNS = ("form_pk", "across", *_FINDING_FIELDS)
_fields = attrgetter(*_FINDING_FIELDS)
_RULES = "rules"
"""The key under which the store keeps by which rules its findings were made."""


class FindingFilter(NamedTuple):
    """Which findings; every condition given must hold."""

    form_id: str | None = None
    rule: str | None = None
    severity: str | None = None


def write_findings(
    connection: Connection,
    forms: Mapping[int, Form],
    profile: Profile,
    *,
    new: bool = False,
    known: Mapping[str, list[Finding]] | None = None,
) -> list[Finding]:
    """Check the current forms (by form key) each by itself and replace what was found before, if they are not `new`; the findings.

    What is `known` (by form_id) is not looked for again.
    """
    at_hand = known or {}
    found = {form_pk: at_hand[form.form_id] if form.form_id in at_hand else check_form(form, profile) for form_pk, form in forms.items()}
    if not new:
        connection.execute(delete(FindingRow).where(FindingRow.form_pk.in_(list(found)), ~FindingRow.across))
    _insert(connection, ((form_pk, finding) for form_pk, findings in found.items() for finding in findings), across=False)
    return [finding for findings in found.values() for finding in findings]


def mark_dirty(connection: Connection, unit_keys: Iterable[str]) -> None:
    """Note that forms of these units changed."""
    keys = sorted({key for key in unit_keys if key})
    if not keys:
        return
    known = set(connection.execute(_DIRTY_AMONG, {"unit_keys": keys}).scalars())
    fresh = [{"unit_key": key} for key in keys if key not in known]
    if fresh:
        connection.execute(_INSERT_DIRTY, fresh)


def dirty_units(connection: Connection) -> list[str]:
    """The units noted, a few at a time."""
    return list(connection.execute(select(DirtyUnitRow.unit_key).order_by(DirtyUnitRow.unit_key).limit(UNITS_AT_A_TIME)).scalars())


def settle_units(connection: Connection, unit_keys: Sequence[str], profile: Profile) -> None:
    """Replace the cross-form findings of these units and forget that they changed."""
    units = load_units(connection, unit_keys)
    form_pks = {form.form_id: form_pk for forms in units.values() for form_pk, form in forms.items()}
    found = [finding for forms in units.values() for finding in check_group(list(forms.values()), profile)]
    of_units = select(FormRow.id).where(FormRow.unit_key.in_(unit_keys))
    connection.execute(delete(FindingRow).where(FindingRow.form_pk.in_(of_units), FindingRow.across))
    _insert(connection, ((form_pks[finding.form_id], finding) for finding in found), across=True)
    connection.execute(delete(DirtyUnitRow).where(DirtyUnitRow.unit_key.in_(unit_keys)))


def is_outdated(connection: Connection, profile: Profile) -> bool:
    """Whether the findings were made by other rules, or with other figures of the profile, than those at hand."""
    made_by = connection.execute(select(MetaRow.value).where(MetaRow.key == _RULES)).scalar()
    return made_by != rules_version(profile)


def renew(connection: Connection, form_pks: Sequence[int], profile: Profile) -> None:
    """Check these forms again as they stand."""
    current = select(VersionRow.form_pk, VersionRow.id).where(VersionRow.current, VersionRow.form_pk.in_(form_pks))
    versions = dict(connection.execute(current).all())
    forms = load_forms(connection, list(versions.values()))
    write_findings(connection, {form_pk: forms[version_id] for form_pk, version_id in versions.items()}, profile)


def note_renewed(connection: Connection, profile: Profile) -> None:
    """Note that every form was checked by the rules at hand, and leave the comparisons between forms to `settle_units`."""
    mark_dirty(connection, connection.execute(select(FormRow.unit_key).distinct()).scalars())
    connection.execute(delete(MetaRow).where(MetaRow.key == _RULES))
    connection.execute(insert(MetaRow), {"key": _RULES, "value": rules_version(profile)})


def list_findings(connection: Connection, wanted: FindingFilter) -> list[Finding]:
    """The findings on current forms, form by form in the order they were first read."""
    query = (
        select(FindingRow, FormRow.form_id, VersionRow.project_name)
        .join(FormRow, FormRow.id == FindingRow.form_pk)
        .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .where(*_conditions(wanted))
        .order_by(FormRow.id, FindingRow.across, FindingRow.id)
    )
    return [as_finding(row, row.project_name) for row in connection.execute(query)]


def as_finding(row: AnyRow, project_name: str | None) -> Finding:
    """The finding of a row that holds its columns and the form_id."""
    return Finding(
        form_id=row.form_id,
        project_name=project_name,
        rule=row.rule,
        severity=row.severity,
        cell=row.cell,
        message=row.message,
        computed=row.computed,
        basis=row.basis,
    )


def _conditions(wanted: FindingFilter) -> Iterable[ColumnElement[bool]]:
    if wanted.form_id is not None:
        yield FormRow.form_id == wanted.form_id
    if wanted.rule is not None:
        yield FindingRow.rule == wanted.rule
    if wanted.severity is not None:
        yield FindingRow.severity == wanted.severity


def _insert(connection: Connection, findings: Iterable[tuple[int, Finding]], *, across: bool) -> None:
    put_rows(connection, FindingRow, _FINDING_COLUMNS, [(form_pk, across, *_fields(finding)) for form_pk, finding in findings])
