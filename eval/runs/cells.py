"""What comparisons and reports say of cells: the field a cell belongs to, its values as text, and which errors come first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from eval.metrics.compare import CellResult, FormResult, Group
from schema.cells import CellValue
from store.export.labels import INDICATOR_COLUMNS, cell_label

NO_ROW = "（没有这一行）"
"""What stands for the value of a cell in a row too many."""
_INDEX = re.compile(r"\[\d+\]")
_ROW = re.compile(r"indicators\[\]\.(\w+)\Z")
_GROUPS: dict[Group, int] = {"number": 0, "label": 1, "deviation": 2, "text": 3}


def field_of(cell: str) -> str:
    """The field of a cell, the same for all rows: `indicators[].score`."""
    return _INDEX.sub("[]", cell)


def field_label(field: str) -> str:
    """What people call a field: 指标行·得分, 年度资金总额·全年执行数."""
    row = _ROW.match(field)
    return f"指标行·{INDICATOR_COLUMNS.get(row[1], row[1])}" if row else cell_label(field)


def as_text(value: CellValue) -> str | None:
    """A value as a report prints it, None for a blank: a Decimal and the text that was kept of it are told alike."""
    return None if value is None or value == "" else str(value)


def wanted(cell: CellResult) -> str | None:
    """What a cell should have been, as a report prints it."""
    return NO_ROW if cell.gold_cell is None else as_text(cell.want)


def consequence(group: Group, *, marked: bool) -> tuple[int, int]:
    """Where an error stands among others: numbers before labels before texts, those that nobody is told of before marked ones."""
    return _GROUPS[group], int(marked)


def wrong_cells(forms: Iterable[FormResult]) -> list[CellResult]:
    """The wrong cells of forms that were found, the most consequential first. Of a form that was not found all cells are wrong alike."""
    found = (cell for form in forms if form.found for cell in form.cells if not cell.right)
    return sorted(found, key=lambda cell: consequence(cell.group, marked=cell.marked))


def told_apart(forms: Sequence[FormResult]) -> tuple[FormResult, ...]:
    """The same forms, those that share a name with an earlier one numbered, in order: gold forms of two documents may."""
    seen: Counter[str] = Counter()
    out = []
    for form in forms:
        seen[form.form] += 1
        name = form.form if seen[form.form] == 1 else f"{form.form}#{seen[form.form]}"
        out.append(form if name == form.form else replace(form, form=name, cells=tuple(replace(cell, form=name) for cell in form.cells)))
    return tuple(out)
