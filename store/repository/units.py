"""The forms of units with no more than rules across forms look at.

Whenever one form of a unit changes, all of its unit are compared. Whole forms would make an import in many pieces slow: each piece reads
what all pieces before it wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, select

from schema.form import Form, Funding, FundingRow, Indicator
from schema.text import fold
from store.models import FormRow, FundingLine, IndicatorLine, VersionRow

AT_A_TIME = 500
_ROW_COLUMNS = tuple(getattr(IndicatorLine, name) for name in ("version_id", "position", "level1", "level2", "name", "actual", "weight"))
_ALONE = Indicator(name="")
"""In the place of a row that no other form has: nothing to compare, but the rows behind it keep their positions."""

Units = dict[str, dict[int, Form]]
_Key = tuple[str, int | None, str, str]


def load_units(connection: Connection, unit_keys: Sequence[str]) -> Units:
    """The current forms of units by unit and form key, in the order they were first read.

    They have their head, the adjusted total, and of the indicators that at least two forms of the unit and year have, levels, name,
    actual and weight. That is what schema.checks.siblings reads; a test holds the two together.
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
    rows = _shared_rows(connection, {head.version_id: (head.unit_key, head.fiscal_year) for head in heads})
    units: Units = defaultdict(dict)
    for head in heads:
        # Not validated: these values were when they were stored, and there may be very many.
        units[head.unit_key][head.id] = Form.model_construct(
            form_id=head.form_id,
            fiscal_year=head.fiscal_year,
            project_name=head.project_name,
            unit_of_money=head.unit_of_money,
            funding=Funding.model_construct(total=FundingRow.model_construct(adjusted_budget=head.adjusted_budget)),
            indicators=_in_place(rows.get(head.version_id, ())),
        )
    return units


class _Row(NamedTuple):
    """What `_ROW_COLUMNS` reads."""

    version_id: int
    position: int
    level1: str | None
    level2: str | None
    name: str
    actual: str | None
    weight: Decimal | None


def _shared_rows(connection: Connection, groups: dict[int, tuple[str, int | None]]) -> dict[int, list[_Row]]:
    """By version, the rows whose level and name another form of the same unit and year has, too."""
    versions, found = list(groups), list[tuple[_Key, _Row]]()
    holders: dict[_Key, set[int]] = defaultdict(set)
    for start in range(0, len(versions), AT_A_TIME):
        query = select(*_ROW_COLUMNS).where(IndicatorLine.version_id.in_(versions[start : start + AT_A_TIME]))
        for row in connection.execute(query.order_by(IndicatorLine.version_id, IndicatorLine.position)):
            version_id, _, _, level2, name, _, _ = row
            key = (*groups[version_id], _folded(level2), _folded(name))
            found.append((key, _Row(*row)))
            holders[key].add(version_id)
    rows: dict[int, list[_Row]] = defaultdict(list)
    for key, one in found:
        if len(holders[key]) > 1:
            rows[one.version_id].append(one)
    return rows


def _in_place(rows: Sequence[_Row]) -> tuple[Indicator, ...]:
    indicators = [_ALONE] * (rows[-1].position + 1 if rows else 0)
    for row in rows:
        told = {"level1": row.level1, "level2": row.level2, "name": row.name, "actual": row.actual, "weight": row.weight}
        indicators[row.position] = Indicator.model_construct(**told)  # type: ignore[arg-type]
    return tuple(indicators)


@lru_cache(maxsize=65536)
def _folded(text: str | None) -> str:
    return fold(text)
