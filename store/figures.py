"""What charts stand on: heads as plain numbers, losses added up by the database, findings counted; all of it for a selection of forms.

Over ten thousand forms only what is added up comes out of the tables; explanations are read once per version (see `losses_of`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, distinct, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from schema.record import Record
from store.columns import AnySelect
from store.facts_kept import amount, in_parts
from store.models import FindingRow, FormRow, FundingLine, IndicatorLine, VersionRow
from store.store import Store


class Wanted(Record):
    """Which forms; None leaves all."""

    year: int | None = None
    department: str | None = None
    unit: str | None = None


class Choice(NamedTuple):
    """Forms that share year, department and unit."""

    year: int | None
    department: str | None
    unit: str | None
    forms: int


class HeadFigures(NamedTuple):
    """One form as charts see it: budget and outturn in `money` as printed, the rate in percent, weights and scores in points."""

    form_id: str
    version_id: int
    project_name: str | None
    department: str | None
    year: int | None
    grade: str | None
    money: str | None
    doubtful: bool
    total_weight: Decimal | None
    total_score: Decimal | None
    budget: Decimal | None
    outturn: Decimal | None
    rate: Decimal | None
    budget_weight: Decimal | None
    budget_score: Decimal | None


class LossSum(NamedTuple):
    """Indicators of one department at one level: points lost, rows that lost some, forms with such rows, rows whose loss cannot be told."""

    department: str | None
    level1: str | None
    level2: str | None
    points: Decimal
    rows: int
    forms: int
    unread: int


class RuleCount(NamedTuple):
    """How often a rule was broken, and by how many forms."""

    rule: str
    severity: str
    findings: int
    forms: int


class Loss(NamedTuple):
    """An indicator that lost points, and how it explains that."""

    version_id: int
    points: Decimal
    deviation: str | None


class Figures(NamedTuple):
    """One state of the tables."""

    choices: tuple[Choice, ...]
    heads: tuple[HeadFigures, ...]
    losses: tuple[LossSum, ...]
    rules: tuple[RuleCount, ...]


def read_figures(store: Store, wanted: Wanted) -> Figures:
    """Everything but explanations, of the forms that are wanted; the choices are those of all forms.

    Raises:
        StoreError: the tables cannot be read.
    """
    with store.database.read() as connection:
        return Figures(_choices(connection), _heads(connection, wanted), _losses(connection, wanted), _rules(connection, wanted))


def current_versions(store: Store, wanted: Wanted) -> list[int]:
    """The current versions of the forms that are wanted, in the order the forms were first read."""
    with store.database.read() as connection:
        query = select(VersionRow.id).where(*_conditions(wanted)).order_by(VersionRow.form_pk)
        return list(connection.execute(query).scalars())


def losses_of(store: Store, versions: Collection[int]) -> list[Loss]:
    """The indicators of these versions that lost points."""
    with store.database.read() as connection:
        query = select(IndicatorLine.version_id, _lost(), IndicatorLine.deviation).where(_HAS_LOST)
        few = len(versions) <= _FEW
        wanted = frozenset(versions)
        rows = (row for part in in_parts(query, IndicatorLine.version_id, versions if few else None) for row in connection.execute(part))
        return [Loss(version_id, _number(lost), text) for version_id, lost, text in rows if version_id in wanted]


_FEW = 2000
"""From so many versions on, all rows are read rather than named."""
_HAS_LOST = IndicatorLine.score < IndicatorLine.weight


def _raw(column: InstrumentedAttribute[Decimal | None]) -> ColumnElement[int]:
    """A number as the integer of millionths that is stored; sums of it are exact."""
    return type_coerce(column, BigInteger)


def _lost() -> ColumnElement[int]:
    return _raw(IndicatorLine.weight) - _raw(IndicatorLine.score)


def _conditions(wanted: Wanted) -> Iterable[ColumnElement[bool] | InstrumentedAttribute[bool]]:
    yield VersionRow.current
    if wanted.year is not None:
        yield VersionRow.fiscal_year == wanted.year
    if wanted.department is not None:
        yield VersionRow.department == wanted.department
    if wanted.unit is not None:
        yield VersionRow.implementing_unit == wanted.unit


def _choices(connection: Connection) -> tuple[Choice, ...]:
    shared = (VersionRow.fiscal_year, VersionRow.department, VersionRow.implementing_unit)
    query = select(*shared, func.count()).where(VersionRow.current).group_by(*shared)
    return tuple(Choice(*row) for row in connection.execute(query))


def _heads(connection: Connection, wanted: Wanted) -> tuple[HeadFigures, ...]:
    doubted = frozenset(connection.execute(select(FindingRow.form_pk).where(FindingRow.rule == "money-unit").distinct()).scalars())
    texts = (VersionRow.project_name, VersionRow.department, VersionRow.fiscal_year, VersionRow.grade, VersionRow.unit_of_money)
    numbers = (
        VersionRow.total_weight, VersionRow.total_score, FundingLine.adjusted_budget, FundingLine.outturn, FundingLine.execution_rate,
        FundingLine.weight, FundingLine.score,
    )  # fmt: skip
    query = (
        select(FormRow.id, FormRow.form_id, VersionRow.id, *texts, *(_raw(column) for column in numbers))
        .select_from(VersionRow)
        .join(FormRow, FormRow.id == VersionRow.form_pk)
        .outerjoin(FundingLine, and_(FundingLine.version_id == VersionRow.id, FundingLine.row == "total"))
        .where(*_conditions(wanted))
        .order_by(FormRow.id)
    )
    return tuple(
        HeadFigures(form_id, version_id, name, department, year, grade, money, form_pk in doubted, *map(amount, figures))
        for form_pk, form_id, version_id, name, department, year, grade, money, *figures in connection.execute(query)
    )


def _losses(connection: Connection, wanted: Wanted) -> tuple[LossSum, ...]:
    shared = (VersionRow.department, IndicatorLine.level1, IndicatorLine.level2)
    untold = or_(IndicatorLine.weight.is_(None), IndicatorLine.score.is_(None))
    query = (
        select(
            *shared,
            func.sum(case((_HAS_LOST, _lost()), else_=0)),
            func.sum(case((_HAS_LOST, 1), else_=0)),
            func.count(distinct(case((_HAS_LOST, IndicatorLine.version_id)))),
            func.sum(case((untold, 1), else_=0)),
        )
        .select_from(VersionRow)
        .join(IndicatorLine, IndicatorLine.version_id == VersionRow.id)
        .where(*_conditions(wanted), or_(_HAS_LOST, untold))
        .group_by(*shared)
    )
    return tuple(
        LossSum(department, level1, level2, _number(lost), rows, forms, unread)
        for department, level1, level2, lost, rows, forms, unread in connection.execute(query)
    )


def _rules(connection: Connection, wanted: Wanted) -> tuple[RuleCount, ...]:
    query: AnySelect = select(FindingRow.rule, FindingRow.severity, func.count(), func.count(distinct(FindingRow.form_pk)))
    if wanted != Wanted():
        query = query.join(VersionRow, and_(VersionRow.form_pk == FindingRow.form_pk, *_conditions(wanted)))
    query = query.group_by(FindingRow.rule, FindingRow.severity).order_by(func.count().desc(), FindingRow.rule)
    return tuple(RuleCount(*row) for row in connection.execute(query))


def _number(millionths: int) -> Decimal:
    return amount(int(millionths)) or Decimal(0)
