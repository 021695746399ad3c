"""The funding table: amounts, rate, weight and score of the total and of what it is made of.

Two shapes are known: columns under a header row (年初预算数 | 全年预算数 | …), and pairs of label and value
(预算数： | 100 | 执行数： | 95).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from agents.extract import guess
from agents.extract.head import add_row_extra, is_funding_heading
from agents.extract.numbers import parse_number
from agents.extract.sheet import Item, Sheet, Span
from agents.extract.trace import Trace, joined
from schema.cells import AMOUNT_COLUMNS, FUNDING_ROWS, funding_cell
from schema.form import Extra, Funding
from schema.vocabulary import FUNDING_COLUMN, FUNDING_ROW, GOAL, GOAL_HEADING, MONEY_UNITS, label_key, printed_points

_POINTS = re.compile(r"(\d+(?:\.\d+)?)\s*分")


@dataclass
class FundingTable:
    """Where the funding table stands: its header cells by column, and its rows (last one exclusive)."""

    header: Mapping[str, Item]
    first: int
    end: int
    paired: bool
    guessed: frozenset[str] = frozenset()
    values: dict[str, dict[str, Decimal | None]] = field(default_factory=lambda: {row: {} for row in FUNDING_ROWS})


def find_funding(sheet: Sheet, end: int) -> FundingTable | None:
    """The funding table above the row `end`, if there is one."""
    for row in range(end):
        header = {name: item for item in reversed(list(sheet.starting(row))) if (name := _column(sheet, item))}
        if len(header) < 2 or not header.keys() & set(AMOUNT_COLUMNS):
            continue
        paired = all(_is_value(next(sheet.right_of(item), None)) for item in header.values())
        guessed = _guessed(sheet, row, header) if sheet.scanned and not paired else {}
        header |= guessed
        first = row if paired else max(item.last + len(_tail(sheet, item)) for item in header.values()) + 1
        last = first
        while last < end and not _ends(sheet, last, header):
            last += 1
        return FundingTable(header, first, last, paired, frozenset(guessed))
    return None


def _column(sheet: Sheet, item: Item) -> str | None:
    """The column that a header cell names, with its lower half where a page break cuts it."""
    return FUNDING_COLUMN.get(item.label) or FUNDING_COLUMN.exact(label_key(joined([item, *_tail(sheet, item)])))


def _guessed(sheet: Sheet, row: int, header: Mapping[str, Item]) -> dict[str, Item]:
    """Columns whose labels could not be read, by their place among the others."""
    left = min(item.x0 for item in header.values())
    leaves = [item for item in sheet.starting(row) if item in header.values() or item.x0 >= left or item.blank]
    known = min(leaves.index(item) for item in header.values())
    # Left of the first column, what is blank may as well belong to the labels of the rows.
    return guess.columns(leaves[known:], header, guess.FUNDING_ORDER)


def _tail(sheet: Sheet, item: Item) -> list[Item]:
    below = sheet.over_break(item)
    if below is None or item.blank or item.label in FUNDING_COLUMN:
        return []
    return [below] if FUNDING_COLUMN.exact(label_key(joined([item, below]))) else []


def announce_missing(sheet: Sheet, end: int, trace: Trace) -> None:
    """Say so where a form has rows of funding but no funding table was found."""
    row = next(
        (
            row
            for row in range(end)
            if any(item.label in FUNDING_ROW and FUNDING_ROW.get(item.label) != "other" for item in sheet.starting(row))
        ),
        None,
    )
    if row is not None:
        said = " ".join(item.text for item in sheet.starting(row) if not item.blank)
        trace.doubt("funding.total.outturn", f"没有读出资金表的栏目，这一行像是资金：{said[:60]}")


def read_funding(sheet: Sheet, table: FundingTable, trace: Trace, extras: list[Extra]) -> Funding:
    """The amounts of all rows. Rows without a slot (财政专户管理资金 …) become extras."""
    trace.use(*(half for item in table.header.values() for half in (item, *_tail(sheet, item))))
    if table.paired:
        _read_pairs(sheet, table, trace)
    else:
        _read_columns(sheet, table, trace, extras)
    if table.values["total"].get("weight") is None:
        table.values["total"]["weight"] = _weight_in_heading(sheet, table, trace)
    return Funding.model_validate(table.values)


def doubt_other_units(unit: object, trace: Trace) -> None:
    """Mark amounts that print a money unit of their own which is not the table's: 5000元 under 万元."""
    for cell in (funding_cell(row, column) for row in FUNDING_ROWS for column in AMOUNT_COLUMNS):
        evidence = trace.evidence.get(cell)
        parsed = parse_number("".join(place.text for place in evidence.at)) if evidence else None
        if parsed and parsed[1] in MONEY_UNITS and unit is not None and parsed[1] != unit:
            trace.doubt(cell, f"这个金额自带单位“{parsed[1]}”，与表中的“{unit}”不同", parsed[0])


def headings(sheet: Sheet, table: FundingTable) -> Iterator[Item]:
    """Cells that may name the money unit or the points of the section, most telling first."""
    top = min(item.row for item in table.header.values())
    yield from (item for item in sheet.rows[top] if is_funding_heading(item))
    for row in range(top, min(table.end + 1, len(sheet.rows))):
        yield from (item for item in sheet.starting(row) if is_funding_heading(item))
    yield from table.header.values()
    left = min(item.x0 for item in table.header.values())
    for row in range(top, table.end):
        # Row labels, and the lower half of a heading that a page break cuts.
        yield from (item for item in sheet.starting(row) if item.x1 <= left + 1)


def _is_value(item: Item | None) -> bool:
    return item is not None and item.label not in FUNDING_COLUMN and (item.blank or parse_number(item.text) is not None)


def _ends(sheet: Sheet, row: int, header: Mapping[str, Item]) -> bool:
    """Whether this row is no longer one of the funding table: goals begin, or no cell stands in one amount column alone."""
    labels = {item.label for item in sheet.starting(row)}
    if labels & GOAL_HEADING or any(label in GOAL for label in labels):
        return True
    columns = [Span(item.x0, item.x1) for item in header.values()]
    amounts = [Span(item.x0, item.x1) for name, item in header.items() if name in AMOUNT_COLUMNS]
    return not any(sheet.covers(item, amounts) == sheet.covers(item, columns) == 1 for item in sheet.starting(row))


def _read_columns(sheet: Sheet, table: FundingTable, trace: Trace, extras: list[Extra]) -> None:
    columns = {name: Span(item.x0, item.x1) for name, item in table.header.items()}
    left = min(span.x0 for span in columns.values())
    known = len(extras)
    named = _guessed_rows(sheet, table, left) if sheet.scanned else {}
    for row in range(table.first, table.end):
        cells = {column: sheet.in_column([row], span) for column, span in columns.items()}
        label = _label(sheet, row, left)
        if row + 1 in sheet.breaks:
            label += _label_tail(label, _label(sheet, row + 1, left))
        # Amounts in a single row need no label: it is the total.
        alone = not label and table.end - table.first == 1
        if not alone and row not in named and all(trace.used(item) for item in label):
            continue
        name = "total" if alone else FUNDING_ROW.get(label_key(joined(label))) or named.get(row)
        if name is None or table.values[name]:
            values = sorted({id(i): i for found in cells.values() for i in found}.values(), key=lambda i: i.x0)
            add_row_extra(trace, extras, label, values)
            continue
        trace.use(*label)
        table.values[name] = {column: trace.number(funding_cell(name, column), found) for column, found in cells.items()}
        for column in columns if row in named else table.guessed:
            trace.guess(funding_cell(name, column))
    if not table.values["total"] and (unknown := extras[known:]):
        # The total row is the one every form has, so its label is likely to be a new one; its amounts now stand in an extra.
        for column in (column for column in columns if column in AMOUNT_COLUMNS):
            trace.doubt(funding_cell("total", column), f"没有找到资金总额一行，“{unknown[0].label}”可能就是：{unknown[0].text}")


def _guessed_rows(sheet: Sheet, table: FundingTable, left: float) -> dict[int, str]:
    """The names of rows whose labels could not be read, by their place among the others."""
    rows = [row for row in range(table.first, table.end) if row not in sheet.breaks]
    known = {i: name for i, row in enumerate(rows) if (name := FUNDING_ROW.get(label_key(joined(_label(sheet, row, left)))))}
    if len(set(known.values())) != len(known):
        return {}
    return {rows[i]: name for i, name in guess.between(known, len(rows), guess.ROW_ORDER).items()}


def _label(sheet: Sheet, row: int, left: float) -> list[Item]:
    """The row's label: the cell nearest to the first column."""
    found = next((item for item in reversed(sheet.rows[row]) if item.x1 <= left + 1 and item.row == row and not item.blank), None)
    return [] if found is None else [found]


def _label_tail(head: Sequence[Item], below: Sequence[Item]) -> Sequence[Item]:
    """The label on top of a page, if it is the end of the one cut at the bottom of the page before."""
    whole = label_key(joined([*head, *below]))
    return below if head and below and whole in FUNDING_ROW and below[0].label not in FUNDING_ROW else []


def _read_pairs(sheet: Sheet, table: FundingTable, trace: Trace) -> None:
    """Each label's value stands to its right; a label below another belongs to that one's column."""
    for row in range(table.first, table.end):
        for item in sheet.starting(row):
            column = FUNDING_COLUMN.get(item.label) or _column_above(item, table.header)
            name = "total" if item.label in FUNDING_COLUMN else FUNDING_ROW.get(item.label)
            value = next(sheet.right_of(item), None)
            if name and column and _is_value(value) and value is not None and column not in table.values[name]:
                trace.use(item)
                table.values[name][column] = trace.number(funding_cell(name, column), [value])


def _column_above(item: Item, header: Mapping[str, Item]) -> str | None:
    return next((name for name, label in header.items() if Span(label.x0, label.x1).holds(item)), None)


def _weight_in_heading(sheet: Sheet, table: FundingTable, trace: Trace) -> Decimal | None:
    """The points that only a heading names: 预算执行情况(20分), 得分（20分*执行率）."""
    for item in headings(sheet, table):
        match = _POINTS.search(item.text)
        if match and printed_points(item.text):
            return trace.number_in("funding.total.weight", item, match)
    return None
