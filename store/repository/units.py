"""The forms of units with no more than rules across forms look at.

Whenever one form of a unit changes, all of its unit are compared. Whole forms would make an import in many pieces slow: each piece reads
what all pieces before it wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Connection, select, type_coerce

from schema.form import Form, Funding, FundingRow, Indicator
from schema.record import MAX_PLACES, plain
from schema.text import fold
from store.columns import AnyRow
from store.models import FormRow, FundingLine, IndicatorLine, VersionRow

AT_A_TIME = 500
# Weights in millionths, as they are kept: of nearly all rows they are not needed.
_ROW_COLUMNS = (
    *(getattr(IndicatorLine, name) for name in ("version_id", "position", "level1", "level2", "name", "actual")),
    type_coerce(IndicatorLine.weight, BigInteger),
)
_HEAD_FIELDS = ("form_id", "fiscal_year", "project_name", "unit_of_money")
# All fields are given to `model_construct`, which makes those that are not by copying their defaults.
_EMPTY = FundingRow()
_NOTHING: dict[str, Any] = dict(Form(form_id=""))
_NO_FUNDING: dict[str, Any] = dict(Funding())
_NO_TOTAL: dict[str, Any] = dict(_EMPTY)
Units = dict[str, dict[int, Form]]
_Key = tuple[str, int | None, str, str]


class _Line(NamedTuple):
    """What an Indicator holds."""

    level1: str | None
    level2: str | None
    name: str
    target: str | None
    actual: str | None
    weight: Decimal | None
    score: Decimal | None
    deviation: str | None


_ALONE = _Line(None, None, "", None, None, None, None, None)
"""In the place of a row that no other form has: nothing to compare, but the rows behind it keep their positions."""


def load_units(connection: Connection, unit_keys: Sequence[str]) -> Units:
    """The current forms of units by unit and form key, in the order they were first read.

    They have their head, the adjusted total, and of the indicators that at least two forms of the unit and year have, with different
    actuals, levels, name, actual and weight. That is what schema.checks.siblings reads; a test holds the two together.
    """
    query = (
        select(FormRow.id, FormRow.form_id, FormRow.unit_key, VersionRow.id.label("version_id"), VersionRow.fiscal_year)
        .add_columns(VersionRow.project_name, VersionRow.unit_of_money, FundingLine.adjusted_budget)
        .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .outerjoin(FundingLine, (FundingLine.version_id == VersionRow.id) & (FundingLine.row == "total"))
        .where(FormRow.unit_key.in_(unit_keys))
        .order_by(FormRow.id)
    )
    heads = connection.execute(query).all()
    rows = _compared_rows(connection, {head.version_id: (head.unit_key, head.fiscal_year) for head in heads})
    units: Units = defaultdict(dict)
    for head in heads:
        # Not validated: these values were when they were stored, and there may be very many.
        told = {name: getattr(head, name) for name in _HEAD_FIELDS}
        funding = Funding.model_construct(**_NO_FUNDING | {"total": _total(head.adjusted_budget)})
        indicators = _in_place(rows.get(head.version_id, ()))
        units[head.unit_key][head.id] = Form.model_construct(**_NOTHING | told | {"funding": funding, "indicators": indicators})
    return units


class _Row(NamedTuple):
    """What `_ROW_COLUMNS` reads."""

    version_id: int
    position: int
    level1: str | None
    level2: str | None
    name: str
    actual: str | None
    weight: int | None
    """In millionths."""


def _compared_rows(connection: Connection, groups: dict[int, tuple[str, int | None]]) -> dict[int, list[_Row]]:
    """By version, the rows whose level and name another form of the same unit and year has, too, where not all print the same actual."""
    versions, found = list(groups), list[tuple[_Key, AnyRow]]()
    holders: dict[_Key, set[int]] = defaultdict(set)
    actuals: dict[_Key, set[str | None]] = defaultdict(set)
    for start in range(0, len(versions), AT_A_TIME):
        query = select(*_ROW_COLUMNS).where(IndicatorLine.version_id.in_(versions[start : start + AT_A_TIME]))
        for row in connection.execute(query.order_by(IndicatorLine.version_id, IndicatorLine.position)).all():
            version_id, _, _, level2, name, actual, _ = row
            key = (*groups[version_id], _folded(level2), _folded(name))
            found.append((key, row))
            holders[key].add(version_id)
            actuals[key].add(actual)
    rows: dict[int, list[_Row]] = defaultdict(list)
    for key, one in found:
        if len(actuals[key]) > 1 and len(holders[key]) > 1:
            rows[one[0]].append(_Row(*one))
    return rows


def _total(adjusted_budget: Decimal | None) -> FundingRow:
    return FundingRow.model_construct(**_NO_TOTAL | {"adjusted_budget": adjusted_budget}) if adjusted_budget is not None else _EMPTY


def _in_place(rows: Sequence[_Row]) -> tuple[Indicator, ...]:
    lines = [_ALONE] * (rows[-1].position + 1 if rows else 0)
    for row in rows:
        weight = None if row.weight is None else plain(Decimal(row.weight).scaleb(-MAX_PLACES))
        lines[row.position] = _Line(row.level1, row.level2, row.name, None, row.actual, weight, None, None)
    # Rules read the fields of a row and ask no more of it; of records there would be millions.
    return cast("tuple[Indicator, ...]", tuple(lines))


@lru_cache(maxsize=65536)
def _folded(text: str | None) -> str:
    return fold(text)
