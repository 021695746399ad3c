"""Findings as a list to work through: filtered, sorted, in slices, each with the place to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select

from schema.cells import FUNDING_COLUMNS, CellValue, get_cell, row_cell
from schema.checks import RULES
from schema.errors import UsageError
from schema.evidence import Place
from schema.form import Form
from store.columns import AnyRow, AnySelect
from store.models import FindingRow, FormRow, VersionRow
from store.repository import readings
from store.repository.findings import as_finding
from store.repository.findings_counted import OF_VERSION, SEVERITIES, Counted, Kinds, choices, named, of_kind, of_place
from store.repository.review_order import ROW
from store.review_records import FindingsPage, FindingsWanted, ListedFinding

_GRAVITY = case({severity: place for place, severity in enumerate(SEVERITIES)}, value=FindingRow.severity, else_=len(SEVERITIES))
_RULE = case({rule: place for place, rule in enumerate(RULES)}, value=FindingRow.rule, else_=len(RULES))
_GRAVITIES = {severity: place for place, severity in enumerate(SEVERITIES)}
_RULES = {rule: place for place, rule in enumerate(RULES)}
_ORDERS: dict[str, tuple[Any, ...]] = {
    "severity": (_GRAVITY, _RULE, FindingRow.form_pk, FindingRow.id),
    "rule": (_RULE, FindingRow.form_pk, FindingRow.id),
    "form": (FindingRow.form_pk, _GRAVITY, FindingRow.id),
}
_IN_GROUP = (FindingRow.form_pk, FindingRow.id)
"""The order of findings of one severity and rule: that of an index."""


def page_of(connection: Connection, wanted: FindingsWanted, offset: int, limit: int, counted: Counted) -> FindingsPage:
    """A slice of the findings, and what there is to choose from.

    Args:
        counted: what `count_findings` tells of the same findings.
    """
    kinds = counted.wanted_kinds(wanted)
    return FindingsPage(
        findings=tuple(_slice(connection, wanted, kinds, offset, limit)),
        total=sum(kinds.values()),
        **choices(counted, wanted)._asdict(),
    )


def listed(connection: Connection, wanted: FindingsWanted) -> Iterator[ListedFinding]:
    """The findings in the wanted order, with their forms read a batch at a time."""
    yield from _with_forms(connection, connection.execute(_found(wanted).order_by(*_ORDERS[wanted.sort])).all())


def place_beside(form: Form, cell: str) -> Place | None:
    """Where to look for a cell: its own first place, else that of a cell of its row, else that of any cell of its block."""
    row = ROW.match(cell)
    beside: list[str] = [cell]
    if row is not None and form.indicators:
        beside += [f"{row[0]}.{field}" for field in ("name", "target", "weight", "score", "actual")]
    elif cell.startswith("funding."):
        beside += [f"{cell.rpartition('.')[0]}.{column}" for column in FUNDING_COLUMNS] + [f"{cell}.{column}" for column in FUNDING_COLUMNS]
    elif cell == "indicators":
        beside += [row_cell(0, "name")]
    for name in beside:
        known = form.evidence.get(name)
        if known is not None and known.at:
            return known.at[0]
    return None


def _slice(connection: Connection, wanted: FindingsWanted, kinds: Kinds, offset: int, limit: int) -> Iterator[ListedFinding]:
    """Some findings from the middle of the list. Whole groups before them are passed over by their size, and not sorted to be skipped."""
    rows: list[AnyRow] = []
    for conditions, size in _groups(wanted.sort, kinds):
        if offset >= size:
            offset -= size
            continue
        order = _ORDERS["form"] if wanted.sort == "form" else _IN_GROUP
        part = _found(wanted).where(*conditions).order_by(*order).offset(offset).limit(limit - len(rows))
        rows += connection.execute(part).all()
        offset = 0
        if len(rows) >= limit:
            break
    yield from _with_forms(connection, rows)


def _groups(sort: str, kinds: Kinds) -> list[tuple[tuple[ColumnElement[bool], ...], int]]:
    """What stands together in an order, group after group: which findings, and how many of them."""
    if sort == "form":
        return [((), sum(kinds.values()))]
    sizes: dict[tuple[int, ...], int] = defaultdict(int)
    members: dict[tuple[int, ...], set[tuple[str, str]]] = defaultdict(set)
    for (rule, severity), count in kinds.items():
        rank = _RULES.get(rule, len(_RULES))
        place = (_GRAVITIES.get(severity, len(_GRAVITIES)), rank) if sort == "severity" else (rank,)
        sizes[place] += count
        members[place].add((rule, severity))
    return [(tuple(_among(members[place])), sizes[place]) for place in sorted(sizes)]


def _among(members: set[tuple[str, str]]) -> Iterator[ColumnElement[bool]]:
    for column, values in ((FindingRow.rule, {rule for rule, _ in members}), (FindingRow.severity, {severity for _, severity in members})):
        # One value by itself lets the database go along its index.
        yield column == next(iter(values)) if len(values) == 1 else column.in_(sorted(values))


def _with_forms(connection: Connection, rows: Sequence[AnyRow]) -> Iterator[ListedFinding]:
    for start in range(0, len(rows), readings.BATCH):
        batch = rows[start : start + readings.BATCH]
        forms = readings.load_forms(connection, sorted({row.version_id for row in batch}))
        yield from (_listed(row, forms[row.version_id]) for row in batch)


def _listed(row: AnyRow, form: Form) -> ListedFinding:
    source = form.source
    return ListedFinding(
        finding=as_finding(row, form.project_name),
        year=form.fiscal_year,
        department=form.department,
        unit=form.implementing_unit,
        row=_row_name(form, row.cell),
        value=_value(form, row.cell),
        place=place_beside(form, row.cell),
        document=source.sha256 if source else None,
        file=Path(source.file).name if source else None,
        pages=source.pages if source else (),
    )


def _row_name(form: Form, cell: str) -> str | None:
    row = ROW.match(cell)
    if row is None or not cell.startswith("indicators"):
        return None
    index = int(row[1])
    return form.indicators[index].name if index < len(form.indicators) else None


def _value(form: Form, cell: str) -> CellValue:
    try:
        return get_cell(form, cell)
    except UsageError:
        # A finding about a whole block.
        return None


def _found(wanted: FindingsWanted) -> AnySelect:
    query = select(FindingRow, FormRow.form_id, VersionRow.id.label("version_id")).select_from(FindingRow)
    query = query.join(FormRow, FormRow.id == FindingRow.form_pk).join(VersionRow, OF_VERSION)
    return query.where(*of_kind(wanted), *of_place(wanted), *named(wanted))
