"""The words of people on cells: events that belong to a form and to the identity of a row, and their effect on a reading.

A reading is never changed. Corrections are applied to a copy of it, again whenever another reading becomes the best one; a row is found
again by (level1, level2, name) folded and its ordinal among equals, so rows inserted before it do not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from schema.cells import CellValue, cell_kind, get_cell, parse_input, set_cell
from schema.errors import UsageError
from schema.evidence import Evidence
from schema.form import Form
from schema.text import fold
from store.columns import AnyRow, now
from store.models import CorrectionRow
from store.records import Correction, Note

_ROW_ADDRESS = re.compile(r"(indicators|extras)\[(\d+)\]\.(\w+)\Z")
_ACTIVE = (
    select(CorrectionRow)
    .where(CorrectionRow.form_id.in_(bindparam("form_ids", expanding=True)), CorrectionRow.undone_at.is_(None))
    .order_by(CorrectionRow.id)
)
_IDENTITY = ("level1", "level2", "name")
ROWS = "indicators"
"""The cell of marks that doubt whether all rows are there. Its value is their number; typed again it says that they are."""


class RowKey(NamedTuple):
    """The identity of a row in a reading; for extras the label is the name."""

    block: str
    level1: str
    level2: str
    name: str
    ordinal: int


class Word(NamedTuple):
    """What a person typed for a cell."""

    cell: str
    typed: str | None
    """None for the value that the cell has."""
    who: str
    note: Note | None = None


class Applied(NamedTuple):
    """A reading with the corrections applied, and where each one went."""

    form: Form
    cells: dict[int, str | None]
    """By correction id; None when the reading has no such row."""


def active_corrections(connection: Connection, form_ids: Sequence[str]) -> dict[str, list[AnyRow]]:
    """The corrections that stand, by form, in the order they were made."""
    found: dict[str, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(_ACTIVE, {"form_ids": form_ids}):
        found[row.form_id].append(row)
    return found


def all_corrections(connection: Connection, form_id: str) -> list[AnyRow]:
    """Every correction of a form, undone ones among them, in the order they were made."""
    return list(connection.execute(select(CorrectionRow).where(CorrectionRow.form_id == form_id).order_by(CorrectionRow.id)))


def apply_corrections(reading: Form, events: Iterable[AnyRow]) -> Applied:
    """The reading as people corrected it: their values, `reviewer` as the reader of those cells, their review marks gone."""
    events = list(events)
    cells = {event.id: _find_cell(reading, event, events) for event in events}
    form = reading
    for event in events:
        cell = cells[event.id]
        if cell is not None:
            form = _with_value(form, cell, new_value(event))
    return Applied(form, cells)


def record_correction(connection: Connection, effective: Form, reading: Form, word: Word) -> int:
    """Note a correction; its id.

    Raises:
        UsageError: the form has no such cell, or what was typed does not fit it.
    """
    cell = word.cell
    old = value_at(effective, cell)
    new = old if word.typed is None else _parsed(effective, cell, word.typed)
    if cell != ROWS:
        set_cell(effective, cell, new)
    key = row_key(reading, cell)
    field = _ROW_ADDRESS.match(cell)
    values = {
        "form_id": reading.form_id,
        "cell": cell,
        "field": field[3] if field else cell,
        "block": key.block if key else None,
        "level1": key.level1 if key else None,
        "level2": key.level2 if key else None,
        "name": key.name if key else None,
        "ordinal": key.ordinal if key else None,
        "note": word.note,
        "who": word.who,
        "made_at": now(),
        **_value_columns("old", old),
        **_value_columns("new", new),
    }
    returned = connection.execute(insert(CorrectionRow).returning(CorrectionRow.id), values)
    return int(returned.scalar_one())


def record_undo(connection: Connection, reading: Form, cell: str, who: str) -> int:
    """Take back the latest correction of a cell that stands; its id.

    Raises:
        UsageError: there is none.
    """
    events = active_corrections(connection, [reading.form_id]).get(reading.form_id, [])
    cells = apply_corrections(reading, events).cells
    # A correction whose row is gone from the reading is still reached by the address it was made with.
    standing = [event.id for event in events if (cells[event.id] or event.cell) == cell]
    if not standing:
        raise UsageError(f"单元格 {cell} 没有可撤销的更正。用 jihe show 查看已有更正。")
    take_back(connection, standing[-1], who)
    return int(standing[-1])


def take_back(connection: Connection, event_id: int, who: str) -> None:
    """Note that a correction stands no more."""
    connection.execute(update(CorrectionRow).where(CorrectionRow.id == event_id).values(undone_by=who, undone_at=now()))


def as_record(row: AnyRow, *, applied: bool) -> Correction:
    """The event as told to callers."""
    names = [name for name in (row.level1, row.level2, row.name) if name]
    again = f"（第 {row.ordinal} 个）" if row.ordinal and row.ordinal > 1 else ""
    return Correction(
        correction_id=row.id,
        form_id=row.form_id,
        cell=row.cell,
        row="/".join(names) + again if row.block else None,
        old=_value(row.cell, row.old_number, row.old_text),
        new=new_value(row),
        note=row.note,
        who=row.who,
        made_at=row.made_at,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
        applied=applied and row.undone_at is None,
    )


def new_value(row: AnyRow) -> CellValue:
    """What the correction puts into its cell."""
    return _value(row.cell, row.new_number, row.new_text)


def value_at(form: Form, cell: str) -> CellValue:
    """The value of a cell; of ROWS the number of rows.

    Raises:
        UsageError: the form has no such cell.
    """
    return len(form.indicators) if cell == ROWS else get_cell(form, cell)


def row_key(form: Form, cell: str) -> RowKey | None:
    """The identity of the row a cell stands in, or None for a cell outside of rows."""
    m = _ROW_ADDRESS.match(cell)
    return _row_keys(form, m[1])[int(m[2])] if m else None


def _row_keys(form: Form, block: str) -> list[RowKey]:
    if block == "extras":
        bare = [("", "", fold(extra.label)) for extra in form.extras]
    else:
        bare = [(fold(row.level1), fold(row.level2), fold(row.name)) for row in form.indicators]
    return [RowKey(block, *key, ordinal=bare[: i + 1].count(key)) for i, key in enumerate(bare)]


def _find_cell(reading: Form, event: AnyRow, events: Sequence[AnyRow]) -> str | None:
    if event.field == ROWS:
        # Who counted the rows of one reading says nothing of another that has more or fewer.
        return ROWS if event.new_number == len(reading.indicators) else None
    if event.block is None:
        return str(event.field)
    key = _key_of(event)
    keys = _row_keys(reading, event.block)
    for wanted in (key, _corrected_key(key, events)):
        if wanted in keys:
            return f"{event.block}[{keys.index(wanted)}].{event.field}"
    return None


def _key_of(event: AnyRow) -> RowKey:
    return RowKey(event.block, event.level1, event.level2, event.name, event.ordinal)


def _corrected_key(key: RowKey, events: Sequence[AnyRow]) -> RowKey:
    # A later reading may print the row's name as a person had corrected it: then that is the row.
    changes: dict[str, Any] = {
        "name" if event.field == "label" else event.field: fold(event.new_text)
        for event in events
        if event.block == key.block and event.field in (*_IDENTITY, "label") and _key_of(event) == key
    }
    return key._replace(**changes)


def _parsed(form: Form, cell: str, typed: str) -> CellValue:
    if cell != ROWS:
        return parse_input(cell, typed)
    count = len(form.indicators)
    if typed.strip() != str(count):
        raise UsageError(f"这张表读出 {count} 行指标；写 {count} 表示核对过、行数没有错。行数不对的，请换清楚的原件重新导入。")
    return count


def _with_value(form: Form, cell: str, value: CellValue) -> Form:
    changed = form if cell == ROWS else set_cell(form, cell, value)
    evidence = dict(changed.evidence)
    before = evidence.pop(cell, None)
    if value is not None and cell != ROWS:
        at = before.at if before else ()
        reads = _same("".join(place.text for place in at), value)
        evidence[cell] = Evidence(match="exact" if reads else "none", read_by="reviewer", confidence=1.0, at=at)
    review = tuple(mark for mark in changed.review if mark.cell != cell)
    return changed.model_copy(update={"evidence": evidence, "review": review})


def _same(printed: str, value: CellValue) -> bool:
    if isinstance(value, str):
        return fold(printed) == fold(value)
    try:
        return parse_input("total_score", printed) == value
    except UsageError:
        return False


def _value_columns(side: str, value: CellValue) -> dict[str, Any]:
    is_text = isinstance(value, str)
    number = None if value is None or isinstance(value, str) else Decimal(value)
    return {f"{side}_text": value if is_text else None, f"{side}_number": number}


def _value(cell: str, number: Decimal | None, text: str | None) -> CellValue:
    if number is None:
        return text
    return int(number) if cell == ROWS or cell_kind(cell) == "year" else number
