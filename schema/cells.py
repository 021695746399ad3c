"""Addresses of cells: `funding.total.execution_rate`, `indicators[4].deviation`, `extras[0].text`.

One place knows which cells a form has, of what kind they are, and how to read and replace one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from pydantic import ValidationError

from schema.errors import UsageError
from schema.form import Form
from schema.numerals import NUMBER, normalise
from schema.record import told_fault

FUNDING_ROWS = ("total", "appropriation", "carryover", "other")
AMOUNT_COLUMNS = ("original_budget", "adjusted_budget", "outturn")
FUNDING_COLUMNS = (*AMOUNT_COLUMNS, "weight", "execution_rate", "score")
HEAD_CELLS = ("title", "fiscal_year", "project_name", "department", "implementing_unit", "unit_of_money")
TEXT_CELLS = ("expected_goal", "actual_result")
TOTAL_CELLS = ("total_weight", "total_score", "grade")
ROW_CELLS = ("level1", "level2", "name", "target", "actual", "weight", "score", "deviation")
EXTRA_CELLS = ("label", "text")

Kind = Literal["year", "number", "text"]
CellValue = Decimal | int | str | None

_ADDRESS = re.compile(
    r"(?:(?P<top>\w+)|funding\.(?P<row>\w+)\.(?P<column>\w+)|(?P<list>indicators|extras)\[(?P<index>\d+)\]\.(?P<field>\w+))\Z"
)


_TYPED = re.compile(rf"[+-]?{NUMBER}%?\Z")
_YEAR = re.compile(r"(?:19|20)\d\d年?\Z")


def row_cell(index: int, field: str) -> str:
    """The address of a cell of the indicator with this index (from 0)."""
    return f"indicators[{index}].{field}"


def funding_cell(row: str, column: str) -> str:
    """The address of a cell of the funding table."""
    return f"funding.{row}.{column}"


def iter_cells(form: Form) -> Iterator[tuple[str, CellValue]]:
    """Every leaf cell of a form with its value, in canonical order."""
    for name in HEAD_CELLS:
        yield name, getattr(form, name)
    for row in FUNDING_ROWS:
        for column in FUNDING_COLUMNS:
            yield funding_cell(row, column), getattr(getattr(form.funding, row), column)
    for name in TEXT_CELLS:
        yield name, getattr(form, name)
    for i, indicator in enumerate(form.indicators):
        for field in ROW_CELLS:
            yield row_cell(i, field), getattr(indicator, field)
    for name in TOTAL_CELLS:
        yield name, getattr(form, name)
    for i, extra in enumerate(form.extras):
        for field in EXTRA_CELLS:
            yield f"extras[{i}].{field}", getattr(extra, field)


def cell_kind(address: str) -> Kind:
    """Whether the cell holds a year, a number or text.

    Raises:
        UsageError: no form has such a cell.
    """
    field = _parts(address)[-1]
    if field == "fiscal_year":
        return "year"
    numeric = {*FUNDING_COLUMNS, "total_weight", "total_score"}
    return "number" if field in numeric else "text"


def get_cell(form: Form, address: str) -> CellValue:
    """The value at an address.

    Raises:
        UsageError: the form has no such cell.
    """
    node: Any = form
    for part in _parts(address):
        if isinstance(part, int):
            if part >= len(node):
                raise UsageError(f"单元格 {address} 不存在：该表只有 {len(node)} 行。用 jihe show 查看各行。")
            node = node[part]
        else:
            node = getattr(node, part)
    value: CellValue = node
    return value


def set_cell(form: Form, address: str, value: CellValue) -> Form:
    """A copy of the form with one cell replaced.

    Raises:
        UsageError: the form has no such cell, or the value does not fit it.
    """
    get_cell(form, address)
    head, *rest = _parts(address)
    try:
        changed: Form = _replaced(form, [head, *rest], value)
    except ValidationError as e:
        raise UsageError(f"单元格 {address} 不能写成“{'' if value is None else value}”：{told_fault(e)}。") from e
    return changed


def parse_input(address: str, text: str) -> CellValue:
    """What a person typed for a cell, as the cell's own type; an empty string or a dash is None.

    Raises:
        UsageError: no such cell, or the text is not a number where one is wanted.
    """
    kind = cell_kind(address)
    text = text.strip()
    if text in ("", "-", "—", "/"):
        return None
    if kind == "text":
        return text
    printed = normalise(text)
    if kind == "year":
        if not _YEAR.match(printed):
            raise UsageError(f"单元格 {address} 需要一个年份，如 2024，收到的是 {text!r}。")
        return int(printed[:4])
    if not _TYPED.match(printed):
        raise UsageError(f"单元格 {address} 需要一个数字，收到的是 {text!r}。")
    return Decimal(printed.replace(",", "").rstrip("%"))


def _parts(address: str) -> list[str | int]:
    m = _ADDRESS.match(address)
    if m:
        top, row, column, field = m["top"], m["row"], m["column"], m["field"]
        if top and top in (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS):
            return [top]
        if row in FUNDING_ROWS and column in FUNDING_COLUMNS:
            return ["funding", row, column]
        if field in (ROW_CELLS if m["list"] == "indicators" else EXTRA_CELLS if m["list"] else ()):
            return [m["list"], int(m["index"]), field]
    raise UsageError(f"没有 {address!r} 这样的单元格。写法如 project_name、funding.total.outturn、indicators[3].score。")


def _replaced(node: Any, path: list[str | int], value: CellValue) -> Any:
    head, *rest = path
    if isinstance(head, int):
        return (*node[:head], _replaced(node[head], rest, value) if rest else value, *node[head + 1 :])
    new = _replaced(getattr(node, head), rest, value) if rest else value
    # Only the changed field is validated anew; the others are already records.
    kept = {name: getattr(node, name) for name in type(node).model_fields}
    return type(node).model_validate(kept | {head: new})
