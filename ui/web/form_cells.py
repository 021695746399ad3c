"""The cells of a form in the words of a page: what they are called, how they show, and what the panel of a chosen one says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from agents.form_change import plain_text
from agents.form_view import GROUPS, CellView, FormView
from schema.cells import AMOUNT_COLUMNS, FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, cell_kind, get_cell, row_cell
from schema.checks import Finding
from schema.evidence import LinePlace, PagePlace, Place, SheetPlace
from store.export.labels import cell_label
from store.export.review_sheet import spot
from store.records import Correction
from ui.web.site import Visitor
from ui.web.vocabulary import reason_told, rule_title

_ROW = re.compile(r"(indicators|extras)\[(\d+)\](?:\.(\w+))?\Z")
_SHORT = 44
"""Characters of a value in a line of the history."""


class Shown(NamedTuple):
    """A finding as the list has it."""

    number: int
    finding: Finding
    label: str
    title: str


def label(visitor: Visitor, cell: str) -> str:
    """What a cell is called in front of the visitor."""
    if m := _ROW.match(cell):
        if m[1] == "extras":
            return visitor.say("form.extra_row", row=int(m[2]) + 1)
        column = visitor.say(f"form.column.{m[3]}") if m[3] else ""
        return visitor.say("form.row", row=int(m[2]) + 1, column=column)
    if cell.startswith("funding."):
        row, _, column = cell.removeprefix("funding.").partition(".")
        return visitor.say(f"form.funding.{row}") + (f"·{visitor.say(f'form.column.{column}')}" if column else "")
    return visitor.say(f"form.{cell}")


def cell_name(visitor: Visitor, cell: str) -> str:
    """The same where cells of many forms stand together: in Chinese as the command line and the exports call it."""
    if visitor.language == "zh":
        return cell_label(cell)
    try:
        return label(visitor, cell).rstrip(", ")
    except KeyError:
        # A cell of another version of the form.
        return cell_label(cell)


def value_shown(value: object) -> str:
    """A value in a table: figures with their thousands set off."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def sheet_values(visitor: Visitor, view: FormView) -> dict[str, Any]:
    """What the template of the form needs besides the form."""
    order = {"error": 0, "warning": 1, "info": 2}
    findings = [
        Shown(number, finding, label(visitor, finding.cell), rule_title(visitor, finding.rule))
        for number, finding in enumerate(view.findings)
    ]
    return {
        "cells": view.cells,
        "shown": value_shown,
        "findings": sorted(findings, key=lambda one: order[one.finding.severity]),
        "marked": [(mark, label(visitor, mark.cell)) for mark in view.form.review],
        "reason": lambda reason: reason_told(visitor, reason),
        "head_cells": HEAD_CELLS,
        "funding_rows": [row for row in FUNDING_ROWS if row == "total" or _printed(view, row)],
        "funding_columns": FUNDING_COLUMNS,
        "amounts": AMOUNT_COLUMNS,
        "row_cells": ROW_CELLS,
        "repeated": _repeated(view),
    }


def cells_told(visitor: Visitor, view: FormView) -> dict[str, dict[str, Any]]:
    """What the panel says of each cell, by address, as JSON-ready data."""
    return {cell: _told(visitor, one) for cell, one in view.cells.items()}


def _told(visitor: Visitor, one: CellView) -> dict[str, Any]:
    told: dict[str, Any] = {
        "label": label(visitor, one.cell),
        "value": plain_text(one.value),
        "state": one.state,
        "kind": "group" if one.cell in GROUPS else cell_kind(one.cell),
        "boxes": [[place.page, *(round(edge, 2) for edge in place.bbox)] for place in one.places if isinstance(place, PagePlace)],
        "place": _places(visitor, one),
        "printed": "".join(place.text for place in one.places),
    }
    if one.beside:
        told["beside"] = one.beside
    if one.read_by:
        sure = visitor.say("form.confidence", percent=_percent(one.confidence))
        told["read"] = visitor.say(f"form.reader.{one.read_by}") + ("" if one.read_by == "reviewer" else visitor.say("words.comma") + sure)
    if one.mark:
        told["reason"] = reason_told(visitor, one.mark.reason)
        told["readings"] = [
            {"value": plain_text(reading.value), "told": _reading(visitor, reading.read_by, reading.value)} for reading in one.mark.readings
        ]
    if one.state == "corrected":
        told["was"] = visitor.say("form.was", value=visitor.say("form.blank") if one.was is None else plain_text(one.was))
    if one.findings:
        told["findings"] = list(one.findings)
    if one.events:
        told["events"] = [_event(visitor, event) for event in one.events]
        told["undo"] = one.standing
    return told


def _percent(confidence: float | None) -> str:
    return "" if confidence is None else f"{100 * confidence:.0f}"


def _reading(visitor: Visitor, reader: str, value: object) -> str:
    shown = visitor.say("form.blank") if value is None else value
    return visitor.say("form.reading", reader=visitor.say(f"form.reader.{reader}"), value=shown)


def _places(visitor: Visitor, one: CellView) -> str:
    if one.places:
        return visitor.say("words.and").join(dict.fromkeys(_place(visitor, place) for place in one.places))
    if one.beside:
        return visitor.say("form.beside", cell=label(visitor, one.beside))
    return visitor.say("form.no_place")


def place_name(visitor: Visitor, place: Place | None, pages: Sequence[int] = ()) -> str:
    """Where to look; without a place the first of these pages."""
    if visitor.language == "zh":
        return spot(place, tuple(pages))
    if place is None:
        return visitor.say("form.place_page", page=pages[0]) if pages else ""
    return _place(visitor, place)


def _place(visitor: Visitor, place: Place) -> str:
    if isinstance(place, PagePlace):
        return visitor.say("form.place_page", page=place.page)
    if isinstance(place, SheetPlace):
        return visitor.say("form.place_sheet", sheet=place.sheet, ref=place.ref)
    if isinstance(place, LinePlace):
        return visitor.say("form.place_line", first=place.line[0], last=place.line[1])
    return visitor.say("form.place_table", table=place.table, row=place.row, column=place.column)


def _event(visitor: Visitor, event: Correction) -> str:
    blank = visitor.say("form.blank")
    unreadable = f"（{visitor.say('form.unreadable')}）" if event.note == "unreadable" else ""
    old, new = (blank if value is None else _cut(plain_text(value)) for value in (event.old, event.new))
    when = f"{event.made_at.astimezone():%Y-%m-%d %H:%M}"
    key = "form.event_confirmed" if event.old == event.new and not unreadable else "form.event"
    state = visitor.say("form.event_undone", who=event.undone_by) if event.undone_at else ""
    if not event.undone_at and not event.applied:
        state = visitor.say("form.event_lost")
    return visitor.say(key, when=when, who=event.who, old=old, new=new) + unreadable + state


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def _printed(view: FormView, row: str) -> bool:
    return any(get_cell(view.form, f"funding.{row}.{column}") is not None for column in FUNDING_COLUMNS)


def _repeated(view: FormView) -> set[str]:
    """Cells that repeat the one above, as merged cells of the page do in the data."""
    return set(_repeating(view))


def _repeating(view: FormView) -> Iterator[str]:
    rows = view.form.indicators
    for index in range(1, len(rows)):
        before, row = rows[index - 1], rows[index]
        if row.level1 is not None and row.level1 == before.level1:
            yield row_cell(index, "level1")
            if row.level2 is not None and row.level2 == before.level2:
                yield row_cell(index, "level2")
