"""Faults in figures and in which cell a value is put: digits, points, columns, neighbours, other forms."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from eval.simulate.sheet import HEAD_ADDRESSES, POINTS, VALUES, Key, Sheet, differs, flatten, is_number, read_number
from schema.cells import AMOUNT_COLUMNS, FUNDING_COLUMNS, FUNDING_ROWS, funding_cell
from schema.numerals import NUMBER
from schema.transcript import LEVEL1_CHOICES, LEVEL2_CHOICES, OTHER_LABEL

Edits = dict[Key, str | None]
"""Cells and what is told for each instead; empty where the form offers no place."""
Planter = Callable[[Sheet, random.Random, int], Edits]
"""Chooses places for one fault, of at most so many cells, among those that are free."""

_T = TypeVar("_T")

FIGURES = (*POINTS, *VALUES, *(address for address in HEAD_ADDRESSES if is_number(address)))
_NUMBER = re.compile(NUMBER)
_DIGIT = re.compile(r"[0-9]")
_CHOICES = {"level1": LEVEL1_CHOICES, "level2": LEVEL2_CHOICES}


def digit_changed(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """One digit of a figure is another."""

    def change(text: str) -> Iterator[str]:
        for m in shuffled(rng, _DIGIT.finditer(text)):
            # A number that begins with 0 would be no misreading but nonsense.
            first = not text[: m.start()][-1:].isdigit() and text[m.end() :][:1].isdigit()
            digit = rng.choice([d for d in "0123456789"[first:] if d != m[0]])
            yield text[: m.start()] + digit + text[m.end() :]

    return one_changed(sheet, rng, FIGURES, change)


def decimal_moved(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """The decimal point of a figure stands one place to the left or right."""

    def change(text: str) -> Iterator[str]:
        for m in shuffled(rng, _NUMBER.finditer(text)):
            moved = Decimal(m[0].replace(",", "")).scaleb(rng.choice((-1, 1)))
            yield text[: m.start()] + (f"{moved:,f}" if "," in m[0] else f"{moved:f}") + text[m.end() :]

    return one_changed(sheet, rng, [name for name in FIGURES if name != "fiscal_year"], change)


def value_of_neighbour(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A cell of a row holds what the row above or below prints there."""
    for (row, name), right in shuffled(rng, sheet.printed((*POINTS, *VALUES, "name"))):
        for other in shuffled(rng, (-1, 1)):
            wrong = sheet.value(((row or 0) + other, name))
            if row is not None and wrong is not None and differs(name, right, wrong):
                return {(row, name): wrong}
    return {}


def value_of_other_form(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A cell holds what another form prints there."""
    if not sheet.others:
        return {}
    for (row, name), right in shuffled(rng, sheet.printed((*HEAD_ADDRESSES, *POINTS, *VALUES, "name"))):
        other = flatten(rng.choice(sheet.others))
        values = [text for (i, field), text in other.items() if field == name and (i is None) == (row is None) and text is not None]
        wrong = rng.choice(values) if values else None
        if wrong is not None and differs(name, right, wrong):
            return {(row, name): wrong}
    return {}


def exchange(*pairs: tuple[str, str]) -> Planter:
    """The planter that puts two cells of a row, or of the head, in each other's place."""

    def plant(sheet: Sheet, rng: random.Random, room: int) -> Edits:
        places: list[int | None] = [None, *range(sheet.count)]
        for row, (first, second) in shuffled(rng, [(row, pair) for row in places for pair in pairs]):
            edits = exchanged(sheet, [((row, first), (row, second))])
            if 0 < len(edits) <= room:
                return edits
        return {}

    return plant


def funding_rows_exchanged(sheet: Sheet, rng: random.Random, room: int) -> Edits:
    """Two rows of the funding table have each other's cells."""
    pairs = [(a, b) for i, a in enumerate(FUNDING_ROWS) for b in FUNDING_ROWS[i + 1 :]]
    for a, b in shuffled(rng, pairs):
        cells: list[tuple[Key, Key]] = [((None, funding_cell(a, c)), (None, funding_cell(b, c))) for c in FUNDING_COLUMNS]
        edits = exchanged(sheet, cells)
        if 0 < len(edits) <= room:
            return edits
    return {}


def exchanged(sheet: Sheet, pairs: Iterable[tuple[Key, Key]]) -> Edits:
    """Both cells of each pair that differ, with the other's text; nothing if one is in use."""
    edits: Edits = {}
    for first, second in pairs:
        a, b = sheet.value(first), sheet.value(second)
        if not differs(first[1], a, b) or not differs(second[1], a, b):
            continue
        if not sheet.free(first) or not sheet.free(second):
            return {}
        edits |= {first: b, second: a}
    return edits


def column_shifted(sheet: Sheet, rng: random.Random, room: int) -> Edits:
    """From some row on, a column stands one row too low (with a gap where that begins) or too high (with a gap at the end)."""
    choices = [(name, start, step) for name in (*POINTS, *VALUES) for start in range(sheet.count - 1) for step in (-1, 1)]
    for name, start, step in shuffled(rng, choices):
        column = sheet.column(name)
        tail = column[start:]
        moved = [None, *tail[:-1]] if step > 0 else [*tail[1:], None]
        edits: Edits = {
            (start + i, name): wrong
            for i, (right, wrong) in enumerate(zip(tail, moved, strict=True))
            if (right is not None or wrong is not None) and differs(name, right, wrong)
        }
        if 2 <= len(edits) <= room and all(map(sheet.free, edits)):
            return edits
    return {}


def cell_emptied(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A cell is left out."""
    names = (*HEAD_ADDRESSES, *POINTS, *VALUES, *_CHOICES, "name", "deviation")
    cells = sheet.printed(names)
    return {rng.choice(cells)[0]: None} if cells else {}


def level_wrong(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A row stands under another label of the closed list."""
    cells = sheet.printed(_CHOICES)
    if not cells:
        return {}
    key, right = rng.choice(cells)
    return {key: rng.choice([label for label in _CHOICES[key[1]] if label not in (right, OTHER_LABEL)])}


def level_carried_on(sheet: Sheet, rng: random.Random, room: int) -> Edits:
    """The label of a group goes on to the first rows of the next one."""
    starts = [
        (i, name) for name in _CHOICES for i in range(1, sheet.count) if differs(name, sheet.value((i, name)), sheet.value((i - 1, name)))
    ]
    for start, name in shuffled(rng, starts):
        label, own = sheet.value((start - 1, name)), sheet.value((start, name))
        end = next((i for i in range(start, sheet.count) if sheet.value((i, name)) != own), sheet.count)
        rows = range(start, min(end, start + rng.randint(1, min(3, room))))
        if label is not None and all(sheet.free((i, name)) for i in rows):
            return {(i, name): label for i in rows}
    return {}


def total_corrected(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    """A total or a rate reads what it should be, where something else is printed."""
    due = {"total_weight": _sum(sheet, "weight"), "total_score": _sum(sheet, "score")}
    due |= {funding_cell(row, "execution_rate"): _rate(sheet, row) for row in FUNDING_ROWS}
    for address, value in shuffled(rng, due.items()):
        right = sheet.value((None, address))
        if value is None or right is None or not sheet.free((None, address)):
            continue
        places = Decimal(1).scaleb(-len(right.partition(".")[2].rstrip("%")))
        wrong = f"{value.quantize(places, ROUND_HALF_UP):f}" + ("%" if right.endswith("%") else "")
        if differs(address, right, wrong):
            return {(None, address): wrong}
    return {}


def one_changed(sheet: Sheet, rng: random.Random, names: Iterable[str], change: Callable[[str], Iterator[str]]) -> Edits:
    """The first of the printed cells, in random order, that a change turns into something that reads differently."""
    for key, right in shuffled(rng, sheet.printed(names)):
        for wrong in change(right):
            if differs(key[1], right, wrong):
                return {key: wrong}
    return {}


def shuffled(rng: random.Random, items: Iterable[_T]) -> list[_T]:
    """The items in random order."""
    mixed = list(items)
    rng.shuffle(mixed)
    return mixed


def _sum(sheet: Sheet, name: str) -> Decimal | None:
    numbers = [read_number(text) for text in (*sheet.column(name), sheet.value((None, funding_cell("total", name))))]
    found = [n for n in numbers if n is not None]
    return sum(found, Decimal(0)) if found else None


def _rate(sheet: Sheet, row: str) -> Decimal | None:
    _, budget, spent = (read_number(sheet.value((None, funding_cell(row, column)))) for column in AMOUNT_COLUMNS)
    return spent / budget * 100 if budget and spent is not None else None
