"""What a person does to a form while looking at it: the words of `jihe correct`, refused where the cell is not as it was seen."""

from __future__ import annotations

from typing import Literal

from schema.cells import CellValue, get_cell
from schema.errors import CellChanged, UsageError
from schema.record import Record
from store.records import Change
from store.repository.changes import row_name
from store.review_records import Verdict
from store.store import Store

Do = Literal["correct", "confirm", "empty", "unreadable", "undo"]


class Wish(Record):
    """What to do with a cell.

    Attributes:
        value: what was typed, for `correct`.
        seen: the value that was shown, as `plain_text` writes it.
    """

    form_id: str
    cell: str
    do: Do
    value: str = ""
    seen: str = ""


def plain_text(value: CellValue) -> str:
    """A value as people type it; nothing for an empty cell."""
    return "" if value is None else str(value)


def fulfil(store: Store, wish: Wish, who: str) -> Change:
    """Correct, confirm or take back; what that did to the findings.

    Raises:
        CellChanged: someone else changed the cell since it was seen.
        UsageError: no such form or cell, the value does not fit it, or there is nothing to take back.
        StoreError: the store cannot be written.
    """
    form = store.get(wish.form_id)
    present = get_cell(form, wish.cell)
    if plain_text(present) != wish.seen:
        raise CellChanged(f"这个单元格刚被别人改成“{plain_text(present) or '空'}”，请看过再定。")
    if wish.do == "undo":
        return store.undo(wish.form_id, wish.cell, who)
    if wish.do == "correct" and not wish.value.strip():
        raise UsageError("没有写值。原件此处为空时请用“原件此处为空”。")
    typed = {"correct": wish.value, "confirm": wish.seen, "empty": "", "unreadable": ""}[wish.do] or "-"
    if not any(mark.cell == wish.cell for mark in form.review):
        return store.correct(form.form_id, wish.cell, typed, who)
    note: Literal["unreadable"] | None = "unreadable" if wish.do == "unreadable" else None
    seen_row = row_name(form, wish.cell)
    return store.review(Verdict(form_id=form.form_id, cell=wish.cell, value=typed, note=note, seen_value=present, seen_row=seen_row), who)
