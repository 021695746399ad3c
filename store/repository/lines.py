"""The list of forms to look through: any order, a part at a time, so that a long list costs no more than what is shown of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, func, literal, select, type_coerce

from store.columns import AnySelect
from store.models import CorrectionRow, FindingRow, FormRow, FundingLine, VersionRow
from store.records import FormFacets, FormFilter, FormLine, FormLines, LineOrder, Slice
from store.repository.findings_counted import most
from store.repository.listing import conditions, summaries

_FULL = 100_000_000
"""100 points in millionths, as amounts are kept."""
_YUAN = 10_000
_GRADES = ("优", "良", "中", "合格", "差", "不合格")


def list_lines(connection: Connection, wanted: FormFilter, part: Slice) -> FormLines:
    """A part of the list, in the wanted order; forms without the value they are ordered by come last."""
    asked = tuple(conditions(wanted))
    among = select(FormRow.id).join(VersionRow, and_(VersionRow.form_pk == FormRow.id, VersionRow.current)).where(*asked)
    # Every form has its current version, so that without conditions there is nothing to join.
    counted = select(func.count()).select_from(among.subquery() if asked else FormRow)
    total = connection.execute(counted).scalar_one()
    ids = list(connection.execute(_ordered(among, part).offset(part.offset).limit(part.limit)).scalars())
    lines = {row.pk: FormLine.model_construct(**_fields(row)) for row in connection.execute(_lines(ids))}
    return FormLines.model_construct(total=total, lines=tuple(lines[pk] for pk in ids))


def list_facets(connection: Connection) -> FormFacets:
    """The years of all forms, and the departments with the most."""
    current = select(VersionRow).where(VersionRow.current)
    years = connection.execute(current.with_only_columns(VersionRow.fiscal_year).distinct().order_by(VersionRow.fiscal_year.desc()))
    counted = current.with_only_columns(VersionRow.department, func.count()).group_by(VersionRow.department)
    departments = Counter[str]({name: count for name, count in connection.execute(counted) if name})
    shown = most(departments)
    return FormFacets(
        forms=connection.execute(select(func.count()).select_from(FormRow)).scalar_one(),
        years=tuple(year for year in years.scalars() if year is not None),
        departments=tuple(shown),
        departments_left=len(departments) - len(shown),
    )


def _ordered(query: AnySelect, part: Slice) -> AnySelect:
    if part.by in ("budget", "outturn", "rate"):
        query = query.outerjoin(FundingLine, and_(FundingLine.version_id == VersionRow.id, FundingLine.row == "total"))
    order: list[ColumnElement[Any]] = []
    for key in _keys(part.by):
        order += [key.is_(None), key.desc() if part.descending else key.asc()]
    return query.order_by(*order, FormRow.id)


def _keys(by: LineOrder) -> tuple[ColumnElement[Any], ...]:
    """What decides the order, most important first."""
    if by == "findings":
        return (_found("error"), _found("warning"))
    if by == "corrected":
        return (_corrections(),)
    table: dict[LineOrder, Any] = {
        "stored": FormRow.id,
        "year": VersionRow.fiscal_year,
        "department": VersionRow.department,
        "unit": VersionRow.implementing_unit,
        "project": VersionRow.project_name,
        "budget": _in_one_unit(FundingLine.adjusted_budget),
        "outturn": _in_one_unit(FundingLine.outturn),
        "rate": FundingLine.execution_rate,
        "score": VersionRow.total_score,
        "lost": _lost(),
        "grade": case({grade: place for place, grade in enumerate(_GRADES)}, value=VersionRow.grade),
        "review": VersionRow.review_count,
    }
    return (table[by],)


def _lines(form_pks: Sequence[int]) -> AnySelect:
    return summaries(form_pks).add_columns(FormRow.id.label("pk"), _lost().label("lost"), _corrections().label("corrected")).order_by(None)


def _fields(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "pk"}


def _lost() -> ColumnElement[Any]:
    full = func.coalesce(type_coerce(VersionRow.total_weight, BigInteger), literal(_FULL))
    return type_coerce(full - type_coerce(VersionRow.total_score, BigInteger), VersionRow.total_score.type)


def _in_one_unit(amount: Any) -> ColumnElement[Any]:
    plain = type_coerce(amount, BigInteger)
    return case((VersionRow.unit_of_money == "元", plain), else_=plain * _YUAN)


def _found(severity: str) -> ColumnElement[Any]:
    one = select(func.count()).where(FindingRow.form_pk == FormRow.id, FindingRow.severity == severity)
    return one.correlate(FormRow).scalar_subquery()


def _corrections() -> ColumnElement[Any]:
    one = select(func.count()).where(CorrectionRow.form_id == FormRow.form_id, CorrectionRow.undone_at.is_(None))
    return one.correlate(FormRow).scalar_subquery()
