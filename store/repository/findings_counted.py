"""How many findings there are of what one may choose from: by rule and severity, and by department and year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, or_, select

from schema.checks import RULES
from schema.text import fold
from store.columns import AnySelect
from store.models import FindingRow, FormRow, VersionRow
from store.review_records import FindingsWanted, Share

MOST_CHOICES = 200
"""Departments that one may choose from."""
SEVERITIES = ("error", "warning", "info")
"""The gravest first."""
OF_VERSION = (VersionRow.form_pk == FindingRow.form_pk) & VersionRow.current
"""The condition of a join of findings with the versions they are about."""
Kinds = Mapping[tuple[str, str], int]
"""Findings by rule and severity."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many findings fit.

    Attributes:
        kinds: by rule and severity, whichever of these are wanted.
        places: by department and year, whichever of these are wanted.
    """

    kinds: Kinds
    places: Mapping[tuple[str | None, int | None], int]

    def wanted_kinds(self, wanted: FindingsWanted) -> Kinds:
        """Of the wanted rule and severity."""
        return {
            (rule, severity): count
            for (rule, severity), count in self.kinds.items()
            if wanted.rule in (None, rule) and wanted.severity in (None, severity)
        }


class Choices(NamedTuple):
    """What the filters offer, each with how many findings it would leave, the other filters standing."""

    rules: tuple[Share, ...]
    severities: tuple[Share, ...]
    departments: tuple[Share, ...]
    years: tuple[Share, ...]
    departments_left: int


def count_findings(connection: Connection, wanted: FindingsWanted) -> Counted:
    """Count them. Hundreds of thousands of findings are counted form by form first: names of departments are slow to compare."""
    kinds: AnySelect = select(FindingRow.rule, FindingRow.severity, func.count()).group_by(FindingRow.rule, FindingRow.severity)
    if narrowed := [*of_place(wanted)]:
        kinds = kinds.join(VersionRow, OF_VERSION).where(*narrowed)
    by_form: AnySelect = select(FindingRow.form_pk, func.count().label("count")).where(*of_kind(wanted)).group_by(FindingRow.form_pk)
    if names := [*named(wanted)]:
        kinds, by_form = (query.join(FormRow, FormRow.id == FindingRow.form_pk).where(*names) for query in (kinds, by_form))
    forms = by_form.subquery()
    places = (
        select(VersionRow.department, VersionRow.fiscal_year, func.sum(forms.c.count))
        .join(forms, forms.c.form_pk == VersionRow.form_pk)
        .where(VersionRow.current)
        .group_by(VersionRow.department, VersionRow.fiscal_year)
    )
    return Counted(
        {(rule, severity): count for rule, severity, count in connection.execute(kinds)},
        {(department, year): int(count) for department, year, count in connection.execute(places)},
    )


def choices(counted: Counted, wanted: FindingsWanted) -> Choices:
    """What the filters offer."""
    rules, severities = defaultdict[str, int](int), defaultdict[str, int](int)
    for (rule, severity), count in counted.kinds.items():
        if wanted.severity in (None, severity):
            rules[rule] += count
        if wanted.rule in (None, rule):
            severities[severity] += count
    departments, years = Counter[str](), defaultdict[int, int](int)
    for (department, year), count in counted.places.items():
        if department is not None and wanted.year in (None, year):
            departments[department] += count
        if year is not None and wanted.department in (None, department):
            years[year] += count
    shown = most(departments, wanted.department)
    return Choices(
        rules=_shares(rules, sorted(rules, key=lambda rule: -rules[rule])),
        severities=_shares(severities, [severity for severity in SEVERITIES if severity in severities]),
        departments=_shares(departments, shown),
        years=tuple(Share(value=str(year), label=str(year), count=years[year]) for year in sorted(years, reverse=True)),
        departments_left=len(departments) - len(shown),
    )


def most(departments: Counter[str], chosen: str | None = None) -> list[str]:
    """Those that come most often, and the one that is chosen, in the order of their names: nobody looks through thousands."""
    shown = {name for name, _ in departments.most_common(MOST_CHOICES)}
    if chosen is not None and chosen in departments:
        shown.add(chosen)
    return sorted(shown)


def of_kind(wanted: FindingsWanted) -> Iterator[ColumnElement[bool]]:
    """The conditions on rule and severity."""
    return _equal((FindingRow.rule, wanted.rule), (FindingRow.severity, wanted.severity))


def of_place(wanted: FindingsWanted) -> Iterator[ColumnElement[bool]]:
    """The conditions on department and year."""
    return _equal((VersionRow.department, wanted.department), (VersionRow.fiscal_year, wanted.year))


def named(wanted: FindingsWanted) -> Iterator[ColumnElement[bool]]:
    """The conditions on the form and the words."""
    if wanted.form is not None:
        yield FormRow.form_id == wanted.form
    if wanted.text:
        folded = fold(wanted.text)
        yield or_(
            FindingRow.message.contains(wanted.text, autoescape=True),
            FormRow.project_key.contains(folded, autoescape=True),
            FormRow.unit_key.contains(folded, autoescape=True),
        )


def _equal(*wanted: tuple[Any, str | int | None]) -> Iterator[ColumnElement[bool]]:
    return (column == value for column, value in wanted if value is not None)


def _shares(counts: Mapping[str, int], order: Sequence[str]) -> tuple[Share, ...]:
    return tuple(Share(value=value, label=RULES[value].title if value in RULES else value, count=counts[value]) for value in order)
