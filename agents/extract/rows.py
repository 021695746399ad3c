"""The rows of an indicator table: cells put into columns, halves of rows cut by a page break put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.extract.columns import Columns
from agents.extract.numbers import parse_number
from agents.extract.sheet import Item, Sheet
from agents.extract.trace import Trace, joined
from ingest.blocks import indicator_header
from schema.text import fold, is_blank
from schema.vocabulary import GRADE, TOTAL

_SUBTOTAL = "小计"
_LONGEST_SUBTOTAL = 10
_TEXTS = frozenset({"target", "actual"})
_DOTS = re.compile(r"[.…⋯·—-]+")


def is_unused(name: str) -> bool:
    """Whether a name cell prints the dots of an unused template row."""
    return _DOTS.fullmatch(fold(name)) is not None


@dataclass
class Row:
    """One indicator row: the sheet rows it covers and its items by column; `tails` are halves of it from later pages.

    `open` holds, by field, a text on the other side of a page break that may belong to the row too.
    """

    rows: list[int]
    cells: dict[str, list[Item]]
    after_break: bool = False
    tails: list[Row] = field(default_factory=list)
    open: dict[str, str] = field(default_factory=dict)

    def filled(self, field: str) -> bool:
        """Whether something is printed in that column."""
        return not is_blank(joined(self.cells.get(field, ())))


@dataclass
class Body:
    """The rows between header and total row, the items of the total row and of subtotals, and the sheet row where the table ends."""

    rows: list[Row] = field(default_factory=list)
    total: list[Item] = field(default_factory=list)
    subtotals: list[list[Item]] = field(default_factory=list)
    total_row: int | None = None


def read_body(sheet: Sheet, columns: Columns, trace: Trace) -> Body:
    """The rows below the header, up to the total row or the end of the block."""
    body = Body()
    fresh, header_end = False, -1
    for row in range(columns.first, len(sheet.rows)):
        starting = list(sheet.starting(row))
        fresh = fresh or row in sheet.breaks
        total = next((item for item in starting if _is_total(item, columns)), None)
        if total is not None:
            trace.use(total)
            body.total, body.total_row = _total_items(sheet, row), row
            break
        if any(item.label in GRADE for item in starting[:1]):
            break
        if indicator_header(item.cell for item in starting):
            header_end = max(item.last for item in starting)
        if row <= header_end:
            trace.use(*starting)
            continue
        if any(_is_subtotal(item) for item in starting):
            body.subtotals.append([item for item in starting if not item.blank])
        elif _add(sheet, columns, row, fresh, body.rows):
            fresh = False
    usual = _usual(body.rows, columns)
    whole: list[Row] = []
    for part in body.rows:
        if part.after_break and whole and _continues(whole[-1], part, columns.keys, usual):
            _append(whole[-1], part)
        else:
            whole.append(part)
    body.rows = whole
    return body


def _total_items(sheet: Sheet, row: int) -> list[Item]:
    """The items of the total row; where a page break cuts it, those of its unlabelled lower half too."""
    items = list(sheet.rows[row])
    if row + 1 in sheet.breaks and sheet.rows[row + 1][0].blank:
        items += sheet.rows[row + 1]
    return items


def _is_total(item: Item, columns: Columns) -> bool:
    """A total label stands left of the numbers and is no level-3 name: it covers more than its own column, or the first one."""
    if item.label not in TOTAL or _is_subtotal(item):
        return False
    name = columns.spans["name"]
    return item.x0 < name.x0 - 1 or sum(span.holds(item) for span in columns.spans.values()) > 1


def _is_subtotal(item: Item) -> bool:
    """小计, 产出指标小计."""
    return item.label.endswith(_SUBTOTAL) and len(item.label) <= _LONGEST_SUBTOTAL


def _add(sheet: Sheet, columns: Columns, row: int, fresh: bool, rows: list[Row]) -> bool:
    """Put a sheet row into the row it belongs to: that of its name cell, which may span several.

    `fresh` says that it is the first row of a page, repeated header aside. False when the sheet row is no indicator row.
    """
    names = sheet.in_column([row], columns.spans["name"])
    if not names:
        return False
    wide = any(sum(span.holds(item) for span in columns.spans.values()) > _left_columns(columns) for item in names)
    if wide:
        return False
    if rows and rows[-1].cells["name"] == names and not fresh:
        rows[-1].rows.append(row)
        for column, items in _cells(sheet, columns, [row]):
            held = rows[-1].cells.setdefault(column, [])
            held += [item for item in items if item not in held]
        return True
    rows.append(Row([row], dict(_cells(sheet, columns, [row])), after_break=fresh))
    return True


def _left_columns(columns: Columns) -> int:
    """How many columns a name cell may cover: its own and the levels, in templates that merge an unused level into it."""
    return sum(name in columns.spans for name in ("level1", "level2", "name"))


def _cells(sheet: Sheet, columns: Columns, rows: list[int]) -> Iterator[tuple[str, list[Item]]]:
    for column, span in columns.spans.items():
        yield column, sheet.in_column(rows, span)


def _usual(rows: list[Row], columns: Columns) -> set[str]:
    """The key columns that most rows fill: forms without actuals or scores exist, and their rows are whole all the same."""
    named = [row for row in rows if row.filled("name")]
    return {key for key in columns.keys if 2 * sum(row.filled(key) for row in named) > len(named)}


def _continues(above: Row, below: Row, keys: list[str], usual: set[str]) -> bool:
    """Whether the first row of a page is the second half of the last row of the page before.

    Two halves hardly ever both print a number, unless a narrow cell wraps it (3.0 | 0); and a row with its own name and its own
    numbers is a row.
    """
    have, has = ({key for key in keys if row.filled(key)} for row in (above, below))
    named = below.filled("name")
    if is_unused(joined(below.cells["name"])):
        return False
    for key in have & has:
        # A text may be cut anywhere; a number only where a narrow cell wraps it.
        cut = key in _TEXTS or _cut_number(joined(above.cells[key]), joined(below.cells[key]))
        if named or not cut:
            return False
    if not named:
        return True
    return bool(usual) and not usual <= has and usual <= have | has


def _cut_number(head: str, tail: str) -> bool:
    """Whether two texts are one number cut behind its decimal point; 3 and 5 may as well be two."""
    return "." in head and tail.isdigit() and parse_number(head + tail) is not None


def _append(above: Row, below: Row) -> None:
    above.rows += below.rows
    above.tails.append(below)
    for column, items in below.cells.items():
        # Level labels are put together over the whole table, see levels.py.
        if column not in ("level1", "level2"):
            above.cells.setdefault(column, []).extend(items)
