"""The list of forms, the readings of one, and how much there is of everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from schema.text import fold
from store.columns import AnySelect
from store.models import (
    CorrectionRow,
    DirtyUnitRow,
    DocumentFileRow,
    DocumentRow,
    FindingRow,
    FormRow,
    FundingLine,
    IndicatorLine,
    PageRow,
    RunRow,
    VersionPageRow,
    VersionRow,
)
from store.records import Counts, FormFilter, FormSummary, VersionSummary


def list_forms(connection: Connection, wanted: FormFilter) -> list[FormSummary]:
    """One line per form, in the order they were first read."""
    query = summaries().where(*conditions(wanted))
    return [FormSummary.model_construct(**row._mapping) for row in connection.execute(query)]


def list_versions(connection: Connection, form_pk: int) -> list[VersionSummary]:
    """The kept readings of a form, oldest first."""
    derived = aliased(VersionRow)
    query = (
        select(VersionRow, DocumentFileRow.path, or_(VersionRow.current, derived.current).label("stands"))
        .join(DocumentFileRow, and_(DocumentFileRow.document_id == VersionRow.document_id, DocumentFileRow.position == 0))
        .outerjoin(derived, derived.base_id == VersionRow.id)
        .where(VersionRow.form_pk == form_pk, VersionRow.base_id.is_(None))
        .order_by(VersionRow.id)
    )
    rows = connection.execute(query).all()
    return [
        VersionSummary(
            version_id=row.id,
            file=row.path,
            pages=_pages(connection, row.id),
            kind=row.source_kind,
            method=row.source_method,
            review_marks=row.review_count,
            current=bool(row.stands),
            chosen_by=row.chosen_by,
            stored_at=row.stored_at,
        )
        for row in rows
    ]


class Standing(NamedTuple):
    """What takes longest to count, and changes with the forms, their findings and corrections only."""

    forms: int
    indicators: int
    review_marks: int
    findings: Mapping[str, int]


def count_standing(connection: Connection) -> Standing:
    """Count the forms as they stand, and what is in them."""
    by_severity = select(FindingRow.severity, func.count()).group_by(FindingRow.severity)
    # Nearly all rows are of current versions, so it is the others that are looked up.
    of_others = IndicatorLine.version_id.in_(select(VersionRow.id).where(~VersionRow.current))
    return Standing(
        forms=_count(connection, select(FormRow)),
        indicators=_count(connection, select(IndicatorLine)) - _count(connection, select(IndicatorLine).where(of_others)),
        review_marks=connection.execute(select(func.coalesce(func.sum(VersionRow.review_count), 0)).where(VersionRow.current)).scalar_one(),
        findings=dict(connection.execute(by_severity).all()),
    )


def count_everything(connection: Connection, standing: Standing | None = None) -> Counts:
    """How much the store holds; `standing` need not be counted again."""
    return Counts(
        **(standing or count_standing(connection))._asdict(),
        documents=_count(connection, select(DocumentRow)),
        failed=_count(connection, select(DocumentRow).where(DocumentRow.status == "failed")),
        pages=_count(connection, select(PageRow)),
        versions=_count(connection, select(VersionRow).where(VersionRow.base_id.is_(None))),
        corrections=_count(connection, select(CorrectionRow).where(CorrectionRow.undone_at.is_(None))),
        unfinished_runs=_count(connection, select(RunRow).where(RunRow.finished_at.is_(None))),
        unsettled_units=_count(connection, select(DirtyUnitRow)),
    )


def summaries(form_pks: Sequence[int] | None = None) -> AnySelect:
    """One line per form (of these) as FormSummary has it, in the order they were first read."""
    of_findings = [] if form_pks is None else [FindingRow.form_pk.in_(form_pks)]
    of_versions = [] if form_pks is None else [VersionRow.form_pk.in_(form_pks)]
    of_forms = [] if form_pks is None else [FormRow.id.in_(form_pks)]
    found = (
        select(
            FindingRow.form_pk,
            func.sum(case((FindingRow.severity == "error", 1), else_=0)).label("errors"),
            func.sum(case((FindingRow.severity == "warning", 1), else_=0)).label("warnings"),
        )
        .where(*of_findings)
        .group_by(FindingRow.form_pk)
        .subquery()
    )
    kept = (
        select(VersionRow.form_pk, func.count().label("versions"))
        .where(VersionRow.base_id.is_(None), *of_versions)
        .group_by(VersionRow.form_pk)
        .subquery()
    )
    total = and_(FundingLine.version_id == VersionRow.id, FundingLine.row == "total")
    first_page = and_(VersionPageRow.version_id == VersionRow.id, VersionPageRow.position == 0)
    first_path = and_(DocumentFileRow.document_id == VersionRow.document_id, DocumentFileRow.position == 0)
    rows = select(func.count()).where(IndicatorLine.version_id == VersionRow.id).correlate(VersionRow).scalar_subquery()
    return (
        select(
            FormRow.form_id,
            VersionRow.project_name,
            VersionRow.fiscal_year,
            VersionRow.department,
            VersionRow.implementing_unit,
            VersionRow.unit_of_money,
            FundingLine.adjusted_budget,
            FundingLine.outturn,
            FundingLine.execution_rate,
            VersionRow.total_score,
            VersionRow.grade,
            rows.label("indicators"),
            func.coalesce(found.c.errors, 0).label("errors"),
            func.coalesce(found.c.warnings, 0).label("warnings"),
            VersionRow.review_count.label("review_marks"),
            VersionRow.source_kind.label("kind"),
            DocumentFileRow.path.label("file"),
            VersionPageRow.page,
            kept.c.versions,
        )
        .join(VersionRow, and_(VersionRow.form_pk == FormRow.id, VersionRow.current))
        .join(DocumentFileRow, first_path)
        .join(kept, kept.c.form_pk == FormRow.id)
        .outerjoin(found, found.c.form_pk == FormRow.id)
        .outerjoin(FundingLine, total)
        .outerjoin(VersionPageRow, first_page)
        .where(*of_forms)
        .order_by(FormRow.id)
    )


def conditions(wanted: FormFilter) -> Iterable[ColumnElement[bool]]:
    """What a filter asks of a form (FormRow) and its current version (VersionRow)."""
    if wanted.text is not None:
        # The names as printed are not folded in the tables; the folded keys find 闵行区(2023) for 闵行区（2023）.
        folded = fold(wanted.text)
        yield or_(
            FormRow.project_key.contains(folded, autoescape=True),
            FormRow.unit_key.contains(folded, autoescape=True),
            VersionRow.department.contains(wanted.text, autoescape=True),
        )
    if wanted.year is not None:
        yield VersionRow.fiscal_year == wanted.year
    if wanted.rule is not None or wanted.severity is not None:
        found = select(FindingRow.form_pk)
        if wanted.rule is not None:
            found = found.where(FindingRow.rule == wanted.rule)
        if wanted.severity is not None:
            found = found.where(FindingRow.severity == wanted.severity)
        yield FormRow.id.in_(found)
    if wanted.review:
        yield VersionRow.review_count > 0
    if wanted.department is not None:
        yield VersionRow.department == wanted.department
    if wanted.corrected:
        yield FormRow.form_id.in_(select(CorrectionRow.form_id).where(CorrectionRow.undone_at.is_(None)))


def _pages(connection: Connection, version_id: int) -> tuple[int, ...]:
    query = select(VersionPageRow.page).where(VersionPageRow.version_id == version_id).order_by(VersionPageRow.position)
    return tuple(connection.execute(query).scalars())


def _count(connection: Connection, query: AnySelect) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())
