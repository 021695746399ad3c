"""The header of an indicator table: which column is which, whatever their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.extract.sheet import Item, Sheet, Span
from agents.extract.trace import Trace
from ingest.blocks import indicator_header
from schema.vocabulary import INDICATOR_COLUMN, label_key

_WEAK_DEVIATION = frozenset(map(label_key, ("备注", "说明", "完成情况说明")))
"""Labels that mean the deviation only where no better column does."""


@dataclass(frozen=True)
class Columns:
    """Columns of the indicator table by field, those without a slot by their label, and the first row below the header."""

    spans: dict[str, Span]
    others: list[tuple[Item, Span]]
    first: int

    @property
    def keys(self) -> list[str]:
        """The fields that tell whether a row is whole: weight and score, or target and actual where there are none."""
        scored: list[str] = [name for name in ("weight", "score") if name in self.spans]
        return scored or [name for name in ("target", "actual") if name in self.spans]


def find_header(sheet: Sheet) -> int | None:
    """The row in which the header of the indicator table starts."""
    return next((row for row in range(len(sheet.rows)) if indicator_header(item.cell for item in sheet.starting(row))), None)


def read_columns(sheet: Sheet, row: int, trace: Trace) -> Columns:
    """The columns that the header at this row names. A group over sub-columns (年度指标值 over 性质, 值, 单位) gives way to them."""
    name_cell = next(item for item in sheet.starting(row) if INDICATOR_COLUMN.get(item.label) == "name")
    band = list(dict.fromkeys(item for r in range(row, name_cell.last + 1) for item in sheet.rows[r] if item.row >= row))
    left = min(item.x0 for item in band if item.label in INDICATOR_COLUMN)
    fields: dict[str, Item] = {}
    others: list[Item] = []
    for item in sorted(band, key=lambda item: item.x0):
        # What stands left of the first column is the heading of the section.
        if not item.blank and item.x1 > left + 1:
            trace.use(item)
            if not _is_group(item, band):
                _assign(item, fields, others)
    spans = {name: Span(item.x0, item.x1) for name, item in fields.items()}
    return Columns(spans, [(item, Span(item.x0, item.x1)) for item in others], name_cell.last + 1)


def _is_group(item: Item, band: Sequence[Item]) -> bool:
    span = Span(item.x0, item.x1)
    below = [other for other in band if other.row > item.last and span.holds(other) and other.x1 - other.x0 < item.x1 - item.x0]
    return len(below) >= 2


def _assign(item: Item, fields: dict[str, Item], others: list[Item]) -> None:
    name = INDICATOR_COLUMN.get(item.label)
    if name == "deviation" and name in fields and fields[name].label in _WEAK_DEVIATION:
        others.append(fields.pop(name))
    if name is None or name in fields:
        others.append(item)
    else:
        fields[name] = item
