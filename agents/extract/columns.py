"""The header of an indicator table: which column is which, whatever their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.extract import guess
from agents.extract.numbers import parse_number
from agents.extract.sheet import Item, Sheet, Span
from agents.extract.trace import Trace, joined
from ingest.blocks import indicator_header
from schema.vocabulary import INDICATOR_COLUMN, label_key

_WEAK_DEVIATION = frozenset(map(label_key, ("备注", "说明", "完成情况说明")))
"""Labels that mean the deviation only where no better column does."""


@dataclass(frozen=True)
class Columns:
    """Columns of the indicator table by field, those without a slot by their label, and the first row below the header.

    `guessed` are fields whose labels could not be read in a picture.
    """

    spans: dict[str, Span]
    others: list[tuple[Item, Span]]
    first: int
    guessed: frozenset[str] = frozenset()

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
    tails = _tails(sheet, band, name_cell.last + 1)
    left = min(item.x0 for item in band if _label(item, tails) in INDICATOR_COLUMN)
    fields: dict[str, Item] = {}
    others: list[Item] = []
    for item in sorted(band, key=lambda item: item.x0):
        # What stands left of the first column is the heading of the section.
        if not item.blank and item.x1 > left + 1:
            trace.use(item)
            if not _is_group(item, band):
                _assign(item, _label(item, tails), fields, others)
    trace.use(*tails.values())
    guessed = _guessed(sheet, [item for item in band if item.x1 > left + 1 and not _is_group(item, band)], fields) if sheet.scanned else {}
    fields |= guessed
    trace.use(*guessed.values())
    others = [item for item in others if item not in guessed.values()]
    spans = {name: Span(item.x0, item.x1) for name, item in fields.items()}
    return Columns(spans, [(item, Span(item.x0, item.x1)) for item in others], name_cell.last + (2 if tails else 1), frozenset(guessed))


def _guessed(sheet: Sheet, leaves: Sequence[Item], fields: Mapping[str, Item]) -> dict[str, Item]:
    """Fields of unread labels, as far as the cells below them look like it: points are numbers."""
    spans = [Span(item.x0, item.x1) for item in leaves]
    lowest = [i for i, span in zip(leaves, spans, strict=True) if not any(o.row > i.row and span.holds(o) for o in leaves)]
    found = guess.columns(lowest, fields, guess.INDICATOR_ORDER)
    return {name: item for name, item in found.items() if name not in ("weight", "score") or _holds_numbers(sheet, item)}


def _holds_numbers(sheet: Sheet, header: Item) -> bool:
    below = [item for item in sheet.in_column(range(header.last + 1, len(sheet.rows)), Span(header.x0, header.x1)) if not item.blank]
    return 2 * sum(parse_number(item.text) is not None for item in below) > len(below)


def _tails(sheet: Sheet, band: Sequence[Item], row: int) -> dict[int, Item]:
    """The lower halves of header cells that a page break cuts, by the id of the upper half; none unless all of them complete a label."""
    if row not in sheet.breaks:
        return {}
    tails: dict[int, Item] = {}
    for below in (item for item in sheet.starting(row) if not item.blank):
        span = Span(below.x0, below.x1)
        above = next((item for item in band if item.last == row - 1 and span.holds(item)), None)
        if above is None or label_key(joined([above, below])) not in INDICATOR_COLUMN:
            return {}
        tails[id(above)] = below
    return tails


def _label(item: Item, tails: Mapping[int, Item]) -> str:
    return label_key(joined([item, tails[id(item)]])) if id(item) in tails else item.label


def _is_group(item: Item, band: Sequence[Item]) -> bool:
    span = Span(item.x0, item.x1)
    below = [other for other in band if other.row > item.last and span.holds(other) and other.x1 - other.x0 < item.x1 - item.x0]
    return len(below) >= 2


def _assign(item: Item, label: str, fields: dict[str, Item], others: list[Item]) -> None:
    name = INDICATOR_COLUMN.get(label)
    if name == "deviation" and name in fields and fields[name].label in _WEAK_DEVIATION:
        others.append(fields.pop(name))
    if name is None or name in fields:
        others.append(item)
    else:
        fields[name] = item
