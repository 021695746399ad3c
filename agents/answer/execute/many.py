"""Results of very many lines: the first ones whole, of the rest no more than which form each is of.

An answer shows a few dozen lines and counts the rest. Making a line with its cells and figures for each of a hundred thousand rows takes
longer than the question may, so beyond WHOLE a line only has its form (and its row, where rows are counted). Sums stay sums over printed
cells: rows that lost the same are told by one of them, times how many they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from agents.answer.execute.figures import scaled, total
from agents.answer.execute.records import LINES_SHOWN, Figure, Line
from store.facts import Head

WHOLE = 500
"""Lines up to which all of them are made whole."""
T = TypeVar("T")


class Making(NamedTuple, Generic[T]):
    """How something that was read becomes a line.

    Attributes:
        worth: the number of the line's figure; None where it has none.
    """

    form: Callable[[T], Head]
    worth: Callable[[T], Decimal | None]
    whole: Callable[[T], Line]


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


def lines_of(items: Sequence[T], making: Making[T], lights: Lights) -> tuple[tuple[Line, ...], Figure | None]:
    """Lines for items, and the sum of their figures (None where none has one).

    Returns:
        A line for each item; of more than WHOLE the first ones, the first of each worth, and one for every other form.
    """
    if len(items) <= WHOLE:
        lines = tuple(map(making.whole, items))
        figures = [line.figure for line in lines if line.figure is not None]
        return lines, total(figures) if figures else None
    made = [making.whole(item) for item in items[:LINES_SHOWN]]
    times = Counter(map(making.worth, items))
    times.pop(None, None)
    by_worth: dict[Decimal | None, Line] = {}
    for item, line in zip(items, made, strict=False):
        by_worth.setdefault(making.worth(item), line)
    for item in items[LINES_SHOWN:] if times else ():
        worth = making.worth(item)
        if worth is not None and worth not in by_worth:
            by_worth[worth] = making.whole(item)
            made.append(by_worth[worth])
    told = {line.form.version_id for line in made}
    rest = {head.version_id: head for head in map(making.form, items) if head.version_id not in told}
    parts = [scaled(figure, Decimal(n)) for worth, n in times.items() if (figure := by_worth[worth].figure) is not None]
    return (*made, *map(lights.of, rest.values())), total(parts) if parts else None


def each_once(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines, each once, in their order; equal ones that were made apart stay apart."""
    return tuple({id(line): line for line in lines}.values())
