"""Results of very many lines: the first ones whole, of the rest no more than which form each is of.

An answer shows a few dozen lines and counts the rest. Making a line with its cells and figures for each of a hundred thousand rows takes
longer than the question may, so beyond WHOLE a line only has its form (and its row, where rows are counted). Sums stay sums over printed
cells: rows that lost the same are told by one of them, times how many they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from agents.answer.execute.figures import Column, scaled, total
from agents.answer.execute.records import LINES_SHOWN, Figure, Line, Lines
from store.facts import Head

WHOLE = 500
"""Lines up to which all of them are made whole."""
T = TypeVar("T")


class Making(NamedTuple, Generic[T]):
    """How something that was read becomes a line.

    Attributes:
        worth: the number of the line's figure; None where it has none.
        column: the figures of very many items, where each has one.
    """

    form: Callable[[T], Head]
    worth: Callable[[T], Decimal | None]
    whole: Callable[[T], Line]
    column: Callable[[Sequence[T]], Column] | None = None


class Lights:
    """Lines with nothing but a form, one for each form of a result, so that what is counted twice is held once."""

    def __init__(self) -> None:
        self._lines: dict[int, Line] = {}

    def of(self, head: Head) -> Line:
        """The line of a form."""
        line = self._lines.get(head.version_id)
        if line is None:
            line = self._lines[head.version_id] = Line(head)
        return line


def lines_of(items: Sequence[T], making: Making[T], lights: Lights) -> tuple[Sequence[Line], Figure | None]:
    """Lines for items, and the sum of their figures (None where none has one).

    Returns:
        A line for each item; of more than WHOLE the first ones, the first of each worth, and one for every other form.
    """
    if len(items) <= WHOLE:
        few = tuple(map(making.whole, items))
        figures = [line.figure for line in few if line.figure is not None]
        return few, total(figures) if figures else None
    worths = list(map(making.worth, items))
    first = _first_of_each(worths)
    made = [*range(LINES_SHOWN), *(i for i in first.values() if i >= LINES_SHOWN)]
    heads = list(map(making.form, items))
    every = dict(zip(map(id, heads), heads, strict=True))
    for i in made:
        every.pop(id(heads[i]), None)
    rest = list(every.values())
    lines = _cut_short([making.whole(items[i]) for i in made[:LINES_SHOWN]], [items[i] for i in made], making, rest, lights)
    lines.lost = [worths[i] or Decimal(0) for i in made]
    if making.column is not None:
        return lines, total(making.column(items))
    places = {worth: place for place, i in enumerate(made) if (worth := worths[i]) is not None and first[worth] == i}
    times = Counter(worth for worth in worths if worth is not None)
    parts = [scaled(figure, Decimal(n)) for worth, n in times.items() if (figure := lines[places[worth]].figure) is not None]
    return lines, total(parts) if parts else None


def _first_of_each(worths: Sequence[Decimal | None]) -> dict[Decimal, int]:
    """Where each number stands first, in the order of these places."""
    # Very many numbers are few objects, and objects are told apart faster.
    objects = dict(zip(map(id, reversed(worths)), range(len(worths) - 1, -1, -1), strict=True))
    first: dict[Decimal, int] = {}
    for i in sorted(objects.values()):
        if (worth := worths[i]) is not None:
            first.setdefault(worth, i)
    return first


def _cut_short(whole: list[Line], items: Sequence[T], making: Making[T], rest: Sequence[Head], lights: Lights) -> Lines:
    """The lines of items, the first of them at hand, and one for every other form."""

    def make(i: int) -> Line:
        if i < len(items):
            return whole[i] if i < len(whole) else making.whole(items[i])
        return lights.of(rest[i - len(items)])

    return Lines([*map(making.form, items), *rest], make, len(items))


def each_once(parts: Sequence[Sequence[Line]]) -> Sequence[Line]:
    """The lines of several parts, each once, in their order; equal ones that were made apart stay apart."""
    if not any(isinstance(part, Lines) for part in parts):
        return tuple({id(line): line for part in parts for line in part}.values())
    # A form without cells is one line, whatever part it stands in.
    seen: set[int] = set()
    numbers, places, heads = list[int](), list[int](), list[Head]()
    for number, part in enumerate(parts):
        told = part.told if isinstance(part, Lines) else len(part)
        forms = part.heads if isinstance(part, Lines) else [line.form for line in part]
        # Backwards, so that of several places of a form the first one stays.
        backwards = range(len(forms) - 1, told - 1, -1)
        bare = dict(zip(map(id, map(forms.__getitem__, backwards)), backwards, strict=True))
        added = [*range(told), *sorted(map(bare.__getitem__, bare.keys() - seen))]
        seen |= bare.keys()
        numbers += [number] * len(added)
        places += added
        heads += map(forms.__getitem__, added)
    return Lines(heads, lambda i: parts[numbers[i]][places[i]], 0)
