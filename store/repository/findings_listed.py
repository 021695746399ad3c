"""Findings as a list to work through: filtered, sorted, in slices, each with the place to look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from schema.cells import FUNDING_COLUMNS, CellValue, get_cell, row_cell
from schema.checks import RULES
from schema.errors import UsageError
from schema.evidence import Place
from schema.form import Form
from schema.text import fold
from store.columns import AnyRow, AnySelect
from store.models import FindingRow, FormRow, VersionRow
from store.repository import readings
from store.repository.findings import as_finding
from store.repository.review_order import ROW
from store.review_records import FindingsPage, FindingsWanted, ListedFinding, Share

_SEVERITIES = ("error", "warning", "info")
_GRAVITY = case({severity: place for place, severity in enumerate(_SEVERITIES)}, value=FindingRow.severity, else_=len(_SEVERITIES))
_RULE = case({rule: place for place, rule in enumerate(RULES)}, value=FindingRow.rule, else_=len(RULES))
_GRAVITIES = {severity: place for place, severity in enumerate(_SEVERITIES)}
_RULES = {rule: place for place, rule in enumerate(RULES)}
MOST_CHOICES = 200
"""Departments that one may choose from."""
_CHOICES = ("rule", "severity", "department", "year")
Tally = Mapping[tuple[str, str, str | None, int | None], int]
"""How many findings, by the values of _CHOICES."""
_ORDERS: dict[str, tuple[Any, ...]] = {
    "severity": (_GRAVITY, _RULE, FindingRow.form_pk, FindingRow.id),
    "rule": (_RULE, FindingRow.form_pk, FindingRow.id),
    "form": (FindingRow.form_pk, _GRAVITY, FindingRow.id),
}
_IN_GROUP = (FindingRow.form_pk, FindingRow.id)
"""The order of findings of one severity and rule: that of an index."""


def page_of(connection: Connection, wanted: FindingsWanted, offset: int, limit: int) -> FindingsPage:
    """A slice of the findings, and what there is to choose from."""
    tally = _tally(connection, wanted)
    kept = _left(tally, wanted)
    departments = _shares(tally, wanted, "department")
    shown = _most(departments, wanted.department)
    return FindingsPage(
        findings=tuple(_slice(connection, wanted, kept, offset, limit)),
        total=sum(kept.values()),
        rules=_shares(tally, wanted, "rule"),
        severities=_shares(tally, wanted, "severity"),
        departments=shown,
        years=_shares(tally, wanted, "year"),
        departments_left=len(departments) - len(shown),
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


def _slice(connection: Connection, wanted: FindingsWanted, kept: Tally, offset: int, limit: int) -> Iterator[ListedFinding]:
    """Some findings from the middle of the list. Whole groups before them are passed over by their size, and not sorted to be skipped."""
    rows: list[AnyRow] = []
    for conditions, size in _groups(wanted.sort, kept):
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


def _groups(sort: str, kept: Tally) -> list[tuple[tuple[ColumnElement[bool], ...], int]]:
    """What stands together in an order, group after group: which findings, and how many of them."""
    if sort == "form":
        return [((), sum(kept.values()))]
    sizes: dict[tuple[int, ...], int] = defaultdict(int)
    members: dict[tuple[int, ...], set[tuple[str, str]]] = defaultdict(set)
    for (rule, severity, _, _), count in kept.items():
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
    chosen = [column == value for column, value in _chosen(wanted) if value is not None]
    return _joined(query.join(FormRow, FormRow.id == FindingRow.form_pk)).where(*chosen, *_named(wanted))


def _tally(connection: Connection, wanted: FindingsWanted) -> Tally:
    """How many findings there are of every rule, severity, department and year, whichever of these are chosen."""
    columns = (FindingRow.rule, FindingRow.severity, VersionRow.department, VersionRow.fiscal_year)
    query = select(*columns, func.count()).select_from(FindingRow)
    if wanted.text or wanted.form is not None:
        query = query.join(FormRow, FormRow.id == FindingRow.form_pk).where(*_named(wanted))
    rows = connection.execute(_joined(query).group_by(*columns)).all()
    return {(rule, severity, department, year): count for rule, severity, department, year, count in rows}


def _joined(query: AnySelect) -> AnySelect:
    return query.join(VersionRow, (VersionRow.form_pk == FindingRow.form_pk) & VersionRow.current)


def _chosen(wanted: FindingsWanted) -> tuple[tuple[Any, str | int | None], ...]:
    return (
        (FindingRow.rule, wanted.rule),
        (FindingRow.severity, wanted.severity),
        (VersionRow.department, wanted.department),
        (VersionRow.fiscal_year, wanted.year),
    )


def _named(wanted: FindingsWanted) -> Iterable[ColumnElement[bool]]:
    if wanted.form is not None:
        yield FormRow.form_id == wanted.form
    if wanted.text:
        folded = fold(wanted.text)
        yield or_(
            FindingRow.message.contains(wanted.text, autoescape=True),
            FormRow.project_key.contains(folded, autoescape=True),
            FormRow.unit_key.contains(folded, autoescape=True),
        )


def _left(tally: Tally, wanted: FindingsWanted) -> Tally:
    """What the filters leave of a tally."""
    asked = [(i, value) for i, name in enumerate(_CHOICES) if (value := getattr(wanted, name)) is not None]
    return {key: count for key, count in tally.items() if all(key[i] == value for i, value in asked)}


def _shares(tally: Tally, wanted: FindingsWanted, name: str) -> tuple[Share, ...]:
    """How many findings each choice of one filter would leave, the other filters standing."""
    place, counts = _CHOICES.index(name), defaultdict[str, int](int)
    for key, count in _left(tally, wanted.model_copy(update={name: None})).items():
        if key[place] is not None:
            counts[str(key[place])] += count
    return tuple(Share(value=value, label=_label(name, value), count=counts[value]) for value in _ordered(name, counts))


def _most(shares: tuple[Share, ...], chosen: str | None) -> tuple[Share, ...]:
    """The choices with the most findings, in their order, and the one that is chosen: nobody looks through thousands."""
    if len(shares) <= MOST_CHOICES:
        return shares
    most = {share.value for share in sorted(shares, key=lambda share: -share.count)[:MOST_CHOICES]} | {chosen}
    return tuple(share for share in shares if share.value in most)


def _ordered(name: str, counts: dict[str, int]) -> Sequence[str]:
    if name == "severity":
        return [value for value in _SEVERITIES if value in counts]
    if name == "rule":
        return sorted(counts, key=lambda value: -counts[value])
    return sorted(counts, reverse=name == "year")


def _label(name: str, value: str) -> str:
    return RULES[value].title if name == "rule" and value in RULES else value
