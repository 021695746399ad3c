"""A form beside its gold form: which numbers are wrong, and of which of these nobody is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from functools import lru_cache

from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, CellValue, funding_cell, get_cell, row_cell
from schema.form import Form, Indicator
from schema.text import fold

NUMBERS = ("fiscal_year", "total_weight", "total_score", *(funding_cell(row, column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS))
POINTS = ("weight", "score")
TEXTS = ("level1", "level2", "name", "target", "actual")
_LEAST = Decimal("0.7")
Wrong = tuple[str, CellValue, CellValue]
"""A cell, what is printed, what the form has."""


def silent_numbers(gold: Form, form: Form) -> list[Wrong]:
    """Wrong numbers whose very cell is not marked. A missing row is told by the mark `indicators`, one too many by those of its points."""
    marked = {mark.cell for mark in form.review}
    return [wrong for wrong in _wrong_numbers(gold, form) if wrong[0] not in marked]


def silent_texts(gold: Form, form: Form) -> list[Wrong]:
    """The same for names, levels, targets and actuals of rows, and the names in the head."""
    marked = {mark.cell for mark in form.review}
    out: list[Wrong] = []
    for name in ("project_name", "department", "implementing_unit", "unit_of_money", "grade"):
        out += _differing(name, get_cell(gold, name), get_cell(form, name))
    for i, j in pair_rows(gold.indicators, form.indicators).items():
        for name in TEXTS:
            out += _differing(row_cell(j, name), getattr(gold.indicators[i], name), getattr(form.indicators[j], name))
    return [wrong for wrong in out if wrong[0] not in marked]


def _differing(cell: str, want: CellValue, got: CellValue) -> list[Wrong]:
    same = fold(str(want or "")) == fold(str(got or ""))
    return [] if same else [(cell, want, got)]


def _wrong_numbers(gold: Form, form: Form) -> Iterator[Wrong]:
    for cell in NUMBERS:
        if get_cell(gold, cell) != get_cell(form, cell):
            yield cell, get_cell(gold, cell), get_cell(form, cell)
    pairs = pair_rows(gold.indicators, form.indicators)
    for i, j in pairs.items():
        for name in POINTS:
            want, got = getattr(gold.indicators[i], name), getattr(form.indicators[j], name)
            if want != got:
                yield row_cell(j, name), want, got
    if len(pairs) < len(gold.indicators):
        yield "indicators", len(gold.indicators), len(form.indicators)
    for j in set(range(len(form.indicators))) - set(pairs.values()):
        yield from ((row_cell(j, name), None, getattr(form.indicators[j], name)) for name in POINTS)


def pair_rows(gold: Sequence[Indicator], found: Sequence[Indicator]) -> dict[int, int]:
    """Rows that are the same one, in order: by name, target and weight."""
    best: list[list[Decimal]] = [[Decimal(0)] * (len(found) + 1) for _ in range(len(gold) + 1)]
    for i in reversed(range(len(gold))):
        for j in reversed(range(len(found))):
            likeness = _likeness(gold[i], found[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness + best[i + 1][j + 1] if likeness else Decimal(0))
    pairs, i, j = {}, 0, 0
    while i < len(gold) and j < len(found):
        likeness = _likeness(gold[i], found[j])
        if likeness and best[i][j] == likeness + best[i + 1][j + 1]:
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(one: Indicator, other: Indicator) -> Decimal:
    score = _alike(one.name, other.name) + Decimal("0.3") * (_alike(one.target, other.target) + (one.weight == other.weight))
    if score < _LEAST and all(getattr(one, name) == getattr(other, name) for name in ("target", "actual", *POINTS)):
        # A name that was misread makes no other row.
        score = _LEAST
    return score if score >= _LEAST else Decimal(0)


@lru_cache(maxsize=65536)
def _alike(one: str | None, other: str | None) -> Decimal:
    a, b = fold(one), fold(other)
    return Decimal(1) if a == b else Decimal(repr(SequenceMatcher(None, a, b, autojunk=False).ratio())) if a and b else Decimal(0)
