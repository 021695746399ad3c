"""The form itself: 项目支出绩效自评表 as a typed record.

Field order is the order of the canonical JSON. Texts are verbatim with line wrapping undone; what is not printed is None, never computed.
"""

from __future__ import annotations

from pydantic import Field

from schema.evidence import Evidence, Leftover, ReviewMark, Source
from schema.record import Number, Record


class FundingRow(Record):
    """One row of the funding table. Amounts are in the form's `unit_of_money`, the rate in percent."""

    original_budget: Number | None = None
    adjusted_budget: Number | None = None
    outturn: Number | None = None
    weight: Number | None = None
    execution_rate: Number | None = None
    score: Number | None = None


class Funding(Record):
    """年度资金总额 and what it is made of: 当年财政拨款, 上年结转资金, 其他资金."""

    total: FundingRow = FundingRow()
    appropriation: FundingRow = FundingRow()
    carryover: FundingRow = FundingRow()
    other: FundingRow = FundingRow()


class Indicator(Record):
    """One level-3 indicator. `target` and `actual` are strings as printed; schema.values parses them."""

    level1: str | None = None
    level2: str | None = None
    name: str
    target: str | None = None
    actual: str | None = None
    weight: Number | None = None
    score: Number | None = None
    deviation: str | None = None


class Extra(Record):
    """A printed block or row that has no slot: kept with its label, never forced into one."""

    label: str
    text: str


class Form(Record):
    """One self-evaluation form with the evidence of its cells.

    `evidence` is keyed by cell address (schema.cells); None cells have none. `review` names leaf cells, or `indicators` for rows that
    seem to be missing. `leftover` is text of its pages that no cell used.
    """

    form_id: str
    title: str | None = None
    fiscal_year: int | None = None
    project_name: str | None = None
    department: str | None = None
    implementing_unit: str | None = None
    unit_of_money: str | None = None
    funding: Funding = Funding()
    expected_goal: str | None = None
    actual_result: str | None = None
    indicators: tuple[Indicator, ...] = ()
    total_weight: Number | None = None
    total_score: Number | None = None
    grade: str | None = None
    extras: tuple[Extra, ...] = ()
    source: Source | None = None
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    review: tuple[ReviewMark, ...] = ()
    leftover: tuple[Leftover, ...] = ()
