"""Indicator rows to indicators, with totals, evidence and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from agents.extract.columns import Columns
from agents.extract.head import add_extra, add_row_extra
from agents.extract.levels import Label, label_rows
from agents.extract.merged import join_merged
from agents.extract.rows import Body, Row, is_unused
from agents.extract.sheet import Item, Sheet
from agents.extract.trace import Printed, Trace, joined
from schema.cells import row_cell
from schema.form import Extra, Indicator
from schema.text import fold, is_blank
from schema.vocabulary import strip_points

_NUMBERING = re.compile(r"^\s*(?:指标\s*[0-9０-９一二三四五六七八九十]+\s*[:：、.．]?|[(（]?\d{1,2}[)）、．:：]|\d{1,2}\.(?!\d)|[①-⑳])\s*")


def read_indicators(sheet: Sheet, columns: Columns, body: Body, trace: Trace, extras: list[Extra]) -> tuple[Indicator, ...]:
    """The named rows as indicators. Rows without a name are template rows; one that holds a score all the same is announced."""
    _announce_unknown(columns, trace)
    join_merged(body.rows)
    labels = label_rows([[row, *row.tails] for row in body.rows])
    indicators: list[Indicator] = []
    taken: set[int] = set()
    trace.use(*(item for row in body.rows for tail in row.tails for name in ("level1", "level2") for item in tail.cells.get(name, ())))
    for row in body.rows:
        named = name_part(joined(row.cells["name"]))
        if named is None:
            _unnamed(row, trace)
            continue
        indicators.append(_indicator(len(indicators), row, named, labels[id(row)], trace, taken))
        for field in columns.guessed:
            trace.guess(row_cell(len(indicators) - 1, field))
    _announce_unlabelled(indicators, trace)
    for label, *numbers in body.subtotals:
        add_row_extra(trace, extras, [label], numbers)
    for row in body.rows:
        for header, span in columns.others:
            items = [item for item in sheet.in_column(row.rows, span) if not item.blank and not trace.used(item)]
            if items and not is_blank(joined(row.cells["name"])):
                add_extra(trace, extras, [header], items)
    return tuple(indicators)


def _announce_unknown(columns: Columns, trace: Trace) -> None:
    """A column that every table has and this one seems not to, while other columns have labels that nobody knows."""
    name, first = columns.spans["name"], columns.spans.get("level1")
    unknown = [header.text for header, _ in columns.others]
    missing = [field for field in ("target", "actual") if field not in columns.spans] if unknown else []
    between = [header for header, span in columns.others if first is not None and first.x1 <= span.x0 + 1 and span.x1 <= name.x0 + 1]
    if between and "level2" not in columns.spans:
        missing.append("level2")
    for field in missing:
        trace.doubt(row_cell(0, field), f"表头里没有认出这一栏，可能是“{'”“'.join(unknown)}”之一")


def _announce_unlabelled(indicators: Sequence[Indicator], trace: Trace) -> None:
    """Rows without a level-1 label in a table that has them: the text may stand on another page."""
    marked = {mark.cell for mark in trace.review}
    for index in (i for i, row in enumerate(indicators) if row.level1 is None) if any(row.level1 for row in indicators) else ():
        if row_cell(index, "level1") not in marked:
            trace.doubt(row_cell(index, "level1"), "没有读出一级指标，可能印在另一页")


def read_totals(columns: Columns, body: Body, trace: Trace) -> dict[str, Decimal | None]:
    """The total row's weight and score. A lone number across both columns is the score."""
    weight, score = columns.spans.get("weight"), columns.spans.get("score")
    found: dict[str, list[Item]] = {"total_weight": [], "total_score": []}
    for item in body.total:
        if item.blank or trace.used(item):
            continue
        if score is not None and score.holds(item):
            found["total_score"].append(item)
        elif weight is not None and weight.holds(item):
            found["total_weight"].append(item)
    return {name: trace.number(name, items) for name, items in found.items()}


def name_part(text: str) -> slice | None:
    """The name without its numbering; None for unused template rows (blank, ……, 指标1：)."""
    match = _NUMBERING.match(text)
    start = match.end() if match else 0
    rest = text[start:]
    return None if is_blank(rest) or is_unused(rest) else slice(start, len(text))


def _indicator(index: int, row: Row, named: slice, labels: dict[str, Label], trace: Trace, taken: set[int]) -> Indicator:
    cells = row.cells
    target: list[Printed] = [i for name in ("target_sign", "target", "target_unit") for i in cells.get(name, ()) if not i.blank or i.doubt]
    trace.use(*(item for items in cells.values() for item in items if item.blank))
    for field, text in row.open.items():
        trace.doubt(row_cell(index, field), "合并单元格跨页，看不出另一页上的文字是否也属于本行", text)
    return Indicator(
        level1=_label(row_cell(index, "level1"), labels.get("level1"), trace),
        level2=_label(row_cell(index, "level2"), labels.get("level2"), trace),
        name=trace.text(row_cell(index, "name"), cells["name"], named) or "",
        target=trace.text(row_cell(index, "target"), target),
        actual=trace.text(row_cell(index, "actual"), cells.get("actual", ())),
        weight=_number(row_cell(index, "weight"), cells.get("weight", ()), trace, taken),
        score=_number(row_cell(index, "score"), cells.get("score", ()), trace, taken),
        deviation=trace.text(row_cell(index, "deviation"), cells.get("deviation", ())),
    )


def _label(cell: str, label: Label | None, trace: Trace) -> str | None:
    if label is not None and label.doubtful and not label.text:
        trace.doubt(cell, f"没有读出标签；下一页的“{label.doubtful}”与二级指标不符")
    if label is None or not label.items:
        return None
    if label.doubtful:
        trace.doubt(cell, f"合并单元格跨页，看不出属于“{label.text}”还是“{label.doubtful}”", label.text)
    return trace.text(cell, label.items, slice(0, len(strip_points(label.text))))


def _number(cell: str, items: Sequence[Item], trace: Trace, taken: set[int]) -> Decimal | None:
    """A number of this row. One merged over several rows counts for the first; the others say so instead of repeating it."""
    shared = [item for item in items if id(item) in taken and not item.blank]
    if shared:
        trace.doubt(cell, "这个单元格与上一行合并，分数记在上一行", shared[0].text)
        return None
    taken.update(id(item) for item in items)
    return trace.number(cell, items)


def _unnamed(row: Row, trace: Trace) -> None:
    """A row without a name is a template row, unless points are printed in it."""
    trace.use(*(item for name in ("level1", "level2", "name") for item in row.cells.get(name, ())))
    printed = [joined(row.cells[name]) for name in ("weight", "score") if row.filled(name)]
    if any(fold(text).strip("0.") for text in printed):
        page = row.cells["name"][0].page
        trace.doubt("indicators", f"第 {page} 页有一行没有三级指标名称却印着分数 {'、'.join(printed)}，可能漏读了一行")
