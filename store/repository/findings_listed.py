"""Findings as a list to work through: filtered, sorted, in slices, each with the place to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from schema.cells import FUNDING_COLUMNS, CellValue, get_cell, row_cell
from schema.checks import RULES, Finding
from schema.errors import UsageError
from schema.evidence import Place
from schema.form import Form
from schema.text import fold
from store.columns import AnyRow, AnySelect
from store.models import FindingRow, FormRow, VersionRow
from store.repository import readings
from store.repository.review_order import ROW
from store.review_records import FindingsPage, FindingsWanted, ListedFinding, Share

_SEVERITIES = ("error", "warning", "info")
_GRAVITY = case({severity: place for place, severity in enumerate(_SEVERITIES)}, value=FindingRow.severity, else_=len(_SEVERITIES))
_RULE = case({rule: place for place, rule in enumerate(RULES)}, value=FindingRow.rule, else_=len(RULES))
_ORDERS: dict[str, tuple[Any, ...]] = {
    "severity": (_GRAVITY, _RULE, FormRow.id, FindingRow.id),
    "rule": (_RULE, FormRow.id, FindingRow.id),
    "form": (FormRow.id, _GRAVITY, FindingRow.id),
}


def page_of(connection: Connection, wanted: FindingsWanted, offset: int, limit: int) -> FindingsPage:
    """A slice of the findings, and what there is to choose from."""
    return FindingsPage(
        findings=tuple(listed(connection, wanted, offset, limit)),
        total=_count(connection, wanted),
        rules=_shares(connection, wanted, "rule"),
        severities=_shares(connection, wanted, "severity"),
        departments=_shares(connection, wanted, "department"),
        years=_shares(connection, wanted, "year"),
    )


def listed(connection: Connection, wanted: FindingsWanted, offset: int = 0, limit: int | None = None) -> Iterator[ListedFinding]:
    """The findings in the wanted order, with their forms read a batch at a time."""
    query = _joined(select(FindingRow, FormRow.form_id, VersionRow.id.label("version_id")), wanted)
    rows = connection.execute(query.order_by(*_ORDERS[wanted.sort]).offset(offset).limit(limit)).all()
    for start in range(0, len(rows), readings.BATCH):
        batch = rows[start : start + readings.BATCH]
        forms = readings.load_forms(connection, sorted({row.version_id for row in batch}))
        yield from (_listed(row, forms[row.version_id]) for row in batch)


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


def _listed(row: AnyRow, form: Form) -> ListedFinding:
    finding = Finding(
        form_id=row.form_id,
        project_name=form.project_name,
        rule=row.rule,
        severity=row.severity,
        cell=row.cell,
        message=row.message,
        computed=row.computed,
        basis=row.basis,
    )
    source = form.source
    return ListedFinding(
        finding=finding,
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


def _joined(query: AnySelect, wanted: FindingsWanted) -> AnySelect:
    return (
        query.select_from(FindingRow)
        .join(FormRow, FormRow.id == FindingRow.form_pk)
        .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: FindingsWanted) -> Iterable[ColumnElement[bool]]:
    for column, value in (
        (FindingRow.rule, wanted.rule),
        (FindingRow.severity, wanted.severity),
        (VersionRow.department, wanted.department),
        (VersionRow.fiscal_year, wanted.year),
        (FormRow.form_id, wanted.form),
    ):
        if value is not None:
            yield column == value
    if wanted.text:
        folded = fold(wanted.text)
        yield or_(
            FindingRow.message.contains(wanted.text, autoescape=True),
            FormRow.project_key.contains(folded, autoescape=True),
            FormRow.unit_key.contains(folded, autoescape=True),
        )


def _count(connection: Connection, wanted: FindingsWanted) -> int:
    return int(connection.execute(_joined(select(func.count()), wanted)).scalar_one())


def _shares(connection: Connection, wanted: FindingsWanted, name: str) -> tuple[Share, ...]:
    """How many findings each choice of one filter would leave, the other filters standing."""
    columns: dict[str, Any] = {
        "rule": FindingRow.rule,
        "severity": FindingRow.severity,
        "department": VersionRow.department,
        "year": VersionRow.fiscal_year,
    }
    column = columns[name]
    without = wanted.model_copy(update={name: None})
    rows = connection.execute(_joined(select(column, func.count()), without).group_by(column)).all()
    counts = {str(value): count for value, count in rows if value is not None}
    return tuple(Share(value=value, label=_label(name, value), count=counts[value]) for value in _ordered(name, counts))


def _ordered(name: str, counts: dict[str, int]) -> Sequence[str]:
    if name == "severity":
        return [value for value in _SEVERITIES if value in counts]
    if name == "rule":
        return sorted(counts, key=lambda value: -counts[value])
    return sorted(counts, reverse=name == "year")


def _label(name: str, value: str) -> str:
    return RULES[value].title if name == "rule" and value in RULES else value
