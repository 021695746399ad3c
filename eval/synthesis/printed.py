"""How values look in print under a layout, and what of them can be read back: the two sides of one decision, kept together."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from decimal import Decimal

from eval.synthesis import content
from eval.synthesis.layout import Layout
from schema.cells import AMOUNT_COLUMNS, FUNDING_ROWS
from schema.form import Extra, Form, FundingRow, Indicator

_QUANTITY = re.compile(r"(?P<sign>[≥≤=><]?)(?P<value>\d+(?:\.\d+)?)(?:\((?P<bracketed>[^()]+)\)|(?P<unit>[^\d()\-年月底前]+))\Z")
_ZERO_ROW = FundingRow.model_validate(dict.fromkeys((*AMOUNT_COLUMNS, "execution_rate"), 0))


def split_target(target: str) -> tuple[str, str, str]:
    """Sign, value and unit of a target; a target that is no plain quantity is all value."""
    m = _QUANTITY.match(target)
    return (m["sign"], m["value"], m["bracketed"] or m["unit"]) if m else ("", target, "")


def points(layout: Layout, value: Decimal | None) -> str:
    """A weight or score as the layout prints it."""
    if value is None:
        return ""
    return f"{value:.{layout.places}f}" if layout.places is not None else f"{value:f}"


def funding_text(layout: Layout, row: FundingRow, field: str) -> str:
    """A value of the funding table as the layout prints it."""
    value = getattr(row, field)
    if value is None:
        return layout.funding.blank
    if field in ("weight", "score"):
        return points(layout, value)
    if field == "execution_rate":
        return f"{value:.2f}{'%' if layout.percent else ''}"
    return f"{value:,.2f}" if layout.thousands else f"{value:.2f}"


def funding_row(layout: Layout, form: Form, field: str) -> FundingRow:
    """The values behind a funding row; rows that forms do not know print zeros, except the last of them, which stays empty."""
    if field in FUNDING_ROWS:
        row: FundingRow = getattr(form.funding, field)
        return row
    unknown = [name for name, _ in layout.funding.rows if name not in FUNDING_ROWS]
    return FundingRow() if len(unknown) > 1 and field == unknown[-1] else _ZERO_ROW


def indicator_text(layout: Layout, row: Indicator, field: str) -> str:
    """A cell of the indicator table as the layout prints it, numbering and points left out."""
    if field in ("sign", "value", "unit"):
        return split_target(row.target or "")[("sign", "value", "unit").index(field)]
    value = getattr(row, field) if field else None
    return points(layout, value) if isinstance(value, Decimal) else value or ""


def extras(layout: Layout, form: Form) -> Iterator[Extra]:
    """The blocks without a slot, in printed order; empty ones are no blocks."""
    for field, label in layout.funding.rows:
        if field not in FUNDING_ROWS:
            row = funding_row(layout, form, field)
            texts = [funding_text(layout, row, name) for name, _ in layout.funding.columns]
            filled = [text for text in texts if text != layout.funding.blank]
            if filled:
                yield Extra(label=label, text=" ".join(filled))
    for label in (*layout.extra_rows, *layout.extra_lines):
        yield Extra(label=label, text=extra_text(form, label))


def extra_text(form: Form, label: str) -> str:
    """The invented text of a block, the same for the same form and label."""
    choice = zlib.crc32(f"{form.project_name}{form.implementing_unit}{label}".encode())
    if "电话" in label:
        return f"0{choice % 900 + 100}-{choice % 8000000 + 1000000}"
    if "日期" in label:
        return f"{(form.fiscal_year or 2000) + 1}年{choice % 3 + 1}月{choice % 28 + 1}日"
    pool = {"人": content.NAMES, "论": content.VERDICTS}.get(label[-1], content.SELF_CRITIQUE)
    return pool[choice % len(pool)]
