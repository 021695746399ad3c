"""预期目标 and 实际完成情况: two texts side by side under their labels, or each to the right of its label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from agents.extract.sheet import Item, Sheet, Span
from agents.extract.trace import Trace
from schema.vocabulary import GOAL, GOAL_HEADING, HEADINGS

_BOTH = 2
_LONG = 20
"""Characters from which a cell between funding and indicators holds a goal text and no label."""


def read_goals(sheet: Sheet, first: int, end: int, trace: Trace) -> dict[str, str | None]:
    """The goal texts between the rows `first` and `end` (exclusive)."""
    labels = _with_heading(sheet, range(first, end), _labels(sheet, range(first, end)))
    if sheet.scanned and len(labels) < _BOTH and (texts := _side_by_side(sheet, range(first, end))):
        return dict(_guessed(texts, trace))
    trace.use(*(item for row in range(first, end) for item in sheet.rows[row] if item.label in HEADINGS))
    if not labels:
        return _under_heading(sheet, range(first, end), trace)
    side_by_side = len(labels) == 2 and len({item.row for item in labels.values()}) == 1 and not _parted(sheet, *labels.values())
    values: dict[str, str | None] = {}
    for field, label in labels.items():
        trace.use(label)
        others = [Span(item.x0, item.x1) for item in labels.values()]
        found = _below(sheet, label, end, others, trace) if side_by_side else _beside(sheet, label, trace)
        values[field] = trace.text(field, found)
    return values


def _side_by_side(sheet: Sheet, rows: Iterable[int]) -> list[Item]:
    """Two long texts beside each other with nothing long around them: the goals of a picture whose labels could not be read."""
    long = [[item for item in sheet.starting(row) if len(item.text) >= _LONG] for row in rows]
    found = [items for items in long if items]
    return found[0] if len(found) == 1 and len(found[0]) == _BOTH else []


def _guessed(texts: Sequence[Item], trace: Trace) -> Iterator[tuple[str, str | None]]:
    for field, item in zip(("expected_goal", "actual_result"), texts, strict=True):
        value = trace.text(field, [item])
        trace.doubt(field, "没有认出这一栏的标签，按位置推定", value)
        yield field, value


def _labels(sheet: Sheet, rows: Iterable[int]) -> dict[str, Item]:
    """The label cell of each goal field. A heading left of a label (绩效目标 | 预期目标) is no label: the rightmost of a row counts."""
    found: dict[str, Item] = {}
    labels = [item for row in rows for item in sheet.starting(row) if item.label in GOAL]
    for item in labels:
        field = GOAL.get(item.label)
        if field and not _heads(item, labels) and (field not in found or item.row == found[field].row):
            found[field] = item
    return found


def _heads(item: Item, labels: Iterable[Item]) -> bool:
    """Whether a cell stands beside labels of its own, some in its lower rows: 目标完成情况 | 预期目标 over 实际完成情况."""
    return any(item.row < other.row <= item.last and other.x0 >= item.x1 - 1 for other in labels)


def _with_heading(sheet: Sheet, rows: Iterable[int], labels: dict[str, Item]) -> dict[str, Item]:
    """The labels; where only the result has one, a heading level with it or in a row above it labels the goal.

    年度总体目标 | 完成情况综述 over two texts, or each to the left of its text.
    """
    result = labels.get("actual_result")
    if result is None or "expected_goal" in labels:
        return labels
    for item in (item for row in rows for item in sheet.starting(row) if item.label in GOAL_HEADING and item is not result):
        level = (item.row, item.last) == (result.row, result.last) and item.x1 <= result.x0 + 1
        if level or item.last < result.row:
            return {"expected_goal": item, **labels}
    return labels


def _parted(sheet: Sheet, left: Item, right: Item) -> bool:
    """Whether a text stands between the two labels, as in 预期目标 | … | 实际完成情况 | …."""
    low, high = sorted((left, right), key=lambda item: item.x0)
    return any(item.x0 >= low.x1 - 1 and item.x1 <= high.x0 + 1 for item in sheet.rows[low.row])


def _below(sheet: Sheet, label: Item, end: int, columns: list[Span], trace: Trace) -> list[Item]:
    found = sheet.in_column(range(label.last + 1, end), Span(label.x0, label.x1))
    return [item for item in found if sheet.covers(item, columns) == 1 and not trace.used(item)]


def _beside(sheet: Sheet, label: Item, trace: Trace) -> list[Item]:
    below = sheet.over_break(label)
    # The text may go on overleaf, beside the blank lower half of its label.
    rows = range(label.row, (below.last if below is not None and below.blank else label.last) + 1)
    right = {id(item): item for row in rows for item in sheet.rows[row] if item.x0 >= label.x1 - 1 and item.row >= label.row}
    out = []
    for item in sorted(right.values(), key=lambda item: (item.row, item.x0)):
        if item.label in GOAL:
            break
        if not trace.used(item):
            out.append(item)
    return out


def _under_heading(sheet: Sheet, rows: Iterable[int], trace: Trace) -> dict[str, str | None]:
    """A form with one goal text only, beside the heading of its section."""
    for item in (item for row in rows for item in sheet.starting(row)):
        if item.label in GOAL_HEADING:
            return {"expected_goal": trace.text("expected_goal", _beside(sheet, item, trace))}
    return {}
