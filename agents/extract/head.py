"""The head of a form: title, year, project, department, unit, money unit; and the lines around the table."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from agents.extract.sheet import Item, Sheet
from agents.extract.trace import LooseLine, Printed, Trace, joined
from ingest.blocks import is_title
from ingest.page import Glyph, Line
from schema.form import Extra
from schema.vocabulary import FUNDING_HEADING, GRADE, HEAD, HEAD_LABELS, MONEY_UNITS, TOTAL, label_key

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_BUDGET_YEAR = re.compile(r"((?:19|20)\d\d)\s*年度")
_NUMERAL_YEAR = re.compile(r"([一二][〇○零九][〇○零一二三四五六七八九]{2})年")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_UNIT = re.compile("|".join(MONEY_UNITS))
_PAIR = re.compile(r"([^:：]{2,24})[:：]\s*(.+)", re.DOTALL)

_WORDS = sorted((re.escape(word) for words in HEAD_LABELS.values() for word in words), key=len, reverse=True)
_LABELLED = re.compile(f"(?:{'|'.join(_WORDS)})(?=[:：])")

HeadValues = dict[str, str | int | None]


def read_head(sheet: Sheet, before: Sequence[LooseLine], end: int, trace: Trace) -> HeadValues:
    """The head's cells, from labelled cells above the row `end` and from the lines above the table."""
    values: HeadValues = {"title": _title(sheet, before, end, trace)}
    for item in (item for row in range(end) for item in sheet.starting(row)):
        field, label = _head_label(sheet, item)
        value = next(sheet.right_of(item), None)
        if field and field != "unit_of_money" and values.get(field) is None and value is not None:
            rest = sheet.over_break(value) if sheet.over_break(item) in (label[-1], *_blank_below(sheet, item)) else None
            values[field] = _labelled(field, label, [value] if rest is None else [value, rest], trace)
    for line in before:
        pair = _PAIR.fullmatch(line.text)
        field = HEAD.get(label_key(pair[1])) if pair else None
        if pair and field and field != "unit_of_money" and values.get(field) is None:
            values[field] = _year(line, _YEAR, trace) if field == "fiscal_year" else trace.text(field, [line], slice(pair.start(2), None))
    if values.get("fiscal_year") is None:
        values["fiscal_year"] = _printed_year(sheet, before, end, trace)
    return values


def split_pairs(line: Line) -> list[Line]:
    """A line above the table cut where labels of the head begin: 主管部门：…  填报单位：… is two."""
    starts = [0, *(match.start() for match in _LABELLED.finditer(line.text) if match.start() > 0)]
    ends = accumulate(len(glyph.text) for glyph in line.glyphs)
    parts: list[list[Glyph]] = [[] for _ in starts]
    for glyph, end in zip(line.glyphs, ends, strict=True):
        parts[bisect_right(starts, end - len(glyph.text)) - 1].append(glyph)
    return [Line(tuple(part), line.origin) for part in parts if any(not glyph.text.isspace() for glyph in part)]


def read_money_unit(candidates: Iterable[Printed], trace: Trace) -> str | None:
    """The unit the amounts are in: the first that a heading, a column label or a line 单位：… names."""
    for piece in candidates:
        match = _UNIT.search(piece.text)
        if match:
            return trace.text("unit_of_money", [piece], slice(*match.span()))
    return None


def names_unit(line: LooseLine) -> bool:
    """Whether a line above the table says which money unit it is in."""
    return "单位" in line.text and _UNIT.search(line.text) is not None


def is_funding_heading(item: Item) -> bool:
    """Whether the cell heads the funding section: 项目资金（万元）, 预算执行情况(20分)."""
    return item.label in FUNDING_HEADING


def read_head_extras(sheet: Sheet, end: int, trace: Trace, extras: list[Extra]) -> None:
    """Labelled cells of the head that have no slot (项目负责人, 联系电话 …), as extras. Goes after everything else was read."""
    for row in range(end):
        cells = list(sheet.starting(row))
        for label, value in pairwise(cells):
            if not label.blank and not trace.used(label) and not trace.used(value) and label.row == value.row:
                add_extra(trace, extras, [label], [value])


def add_extra(
    trace: Trace, extras: list[Extra], label: Sequence[Printed], text: Sequence[Printed], parts: tuple[slice, slice] | None = None
) -> None:
    """Keep a printed block without a slot. Nothing is kept where its text is blank."""
    place = f"extras[{len(extras)}]"
    said = trace.text(f"{place}.text", text, parts[1] if parts else None)
    named = trace.text(f"{place}.label", label, parts[0] if parts else None)
    if said is None or named is None:
        trace.evidence.pop(f"{place}.text", None)
        trace.evidence.pop(f"{place}.label", None)
        return
    extras.append(Extra(label=named.rstrip(":："), text=said))


def add_row_extra(trace: Trace, extras: list[Extra], label: Sequence[Item], cells: Sequence[Item]) -> None:
    """Keep a row without a slot: what its cells print, from left to right, parted by spaces."""
    trace.use(*label, *cells)
    printed = [cell for cell in cells if not cell.blank]
    if printed:
        place = f"extras[{len(extras)}]"
        named = trace.text(f"{place}.label", label)
        extras.append(Extra(label=(named or "").rstrip(":："), text=trace.words(f"{place}.text", printed)))


def read_pair(piece: Printed, trace: Trace, extras: list[Extra]) -> bool:
    """A piece that reads 标签：内容 as an extra; False when it does not."""
    pair = _PAIR.fullmatch(piece.text)
    if not pair:
        return False
    add_extra(trace, extras, [piece], [piece], (slice(*pair.span(1)), slice(*pair.span(2))))
    return True


def closing_pair(piece: Printed) -> tuple[str, slice] | None:
    """A total score or grade printed as 标签：值 in one piece: its cell and where the value stands in the text."""
    pair = _PAIR.fullmatch(piece.text)
    if not pair:
        return None
    key = label_key(pair[1])
    cell = "grade" if key in GRADE else "total_score" if key in TOTAL else None
    return (cell, slice(*pair.span(2))) if cell else None


def _head_label(sheet: Sheet, item: Item) -> tuple[str | None, list[Item]]:
    """The head field that a cell labels and the cells that print the label: two where a page break cuts it."""
    below = sheet.over_break(item)
    if below is not None and not item.blank and item.label not in HEAD and (field := HEAD.get(label_key(joined([item, below])))):
        return field, [item, below]
    return HEAD.get(item.label), [item]


def _blank_below(sheet: Sheet, label: Item) -> list[Item]:
    """The blank cell below a label that a page break ends: the row goes on there."""
    below = sheet.over_break(label)
    return [below] if below is not None and below.blank else []


def _labelled(field: str, label: Sequence[Item], value: Sequence[Item], trace: Trace) -> str | int | None:
    trace.use(*label)
    if field != "fiscal_year":
        return trace.text(field, value)
    return _year(value[0], re.compile(r"((?:19|20)\d\d)"), trace)


def _title(sheet: Sheet, before: Sequence[LooseLine], end: int, trace: Trace) -> str | None:
    cells = [item for row in range(end) for item in sheet.starting(row)]
    pieces: list[Printed] = [*before, *cells]
    for piece in pieces:
        if is_title(piece.text):
            return trace.text("title", [piece])
    return None


def _printed_year(sheet: Sheet, before: Sequence[LooseLine], end: int, trace: Trace) -> int | None:
    """The year from 2024年度 above or inside the head; the title may also say 2024年 or 二〇二四年."""
    lone = [item for row in range(end) for item in sheet.starting(row) if not trace.used(item) or is_title(item.text)]
    pieces: list[Printed] = [*before, *lone]
    for pattern, wanted in ((_BUDGET_YEAR, pieces), (_YEAR, [p for p in pieces if is_title(p.text)]), (_NUMERAL_YEAR, pieces)):
        for piece in wanted:
            year = _year(piece, pattern, trace)
            if year is not None:
                return year
    return None


def _year(piece: Printed, pattern: re.Pattern[str], trace: Trace) -> int | None:
    match = pattern.search(piece.text)
    if not match:
        return None
    text = trace.text("fiscal_year", [piece], slice(*match.span(1)))
    return int(text.translate(_NUMERALS)) if text else None
