"""What carrying out a query yields: rows of forms with the cells they stand on, figures with how they were reckoned, what was left out."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, chain
from typing import Literal

from agents.answer.execute.lazy import Lazy
from agents.answer.query import Cause, Query
from schema.checks import Finding
from store.facts import Head, RowFact, Spot

LINES_SHOWN = 60
CellKey = tuple[str, str]
"""form_id and address of a cell."""
Op = Literal["cell", "sum", "mean", "min", "max", "median", "count", "difference", "scale", "ratio"]
Reason = Literal["unknown", "no-form", "no-row", "no-value", "no-text", "empty-store"]
"""Why there is no answer: the query names what no form holds; no form, no indicator, no value, no text fits; nothing is stored."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A printed value.

    Attributes:
        what: the measure or field it answers.
        unit: of a number.
        quote: the words of a long text that matter, as they stand; None for the whole cell.
    """

    form: Head
    cell: str
    what: str
    value: Decimal | int | str | None
    unit: str | None = None
    quote: str | None = None

    @property
    def key(self) -> CellKey:
        """Which cell it is."""
        return self.form.form_id, self.cell


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and how it comes from printed ones.

    Attributes:
        op: cell: as printed; scale: `of[0]` times `by`; count: how many different `keys`; difference: `of[0]` less `of[1]`;
            ratio: `of[0]` divided by `of[1]`, times `by`, to six places.
        keys: for cell the one cell; for count what is counted.
    """

    op: Op
    value: Decimal
    of: Sequence[Figure] = ()
    keys: Sequence[CellKey] = ()
    by: Decimal = Decimal(1)

    def cells(self) -> Iterable[CellKey]:
        """Every cell that it stands on."""
        if self.op == "cell":
            yield from self.keys
        for one in self.of:
            yield from one.cells()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a result: a form, or an indicator of it.

    Attributes:
        figure: what it is ranked, summed or compared by.
        spans: words of the explanation that fit the topic or the cause.
        causes: classes of its explanation.
    """

    form: Head
    facts: tuple[Fact, ...] = ()
    row: RowFact | None = None
    figure: Figure | None = None
    spans: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    findings: tuple[Finding, ...] = ()

    def fact(self, what: str) -> Fact | None:
        """Its value for a measure or a field."""
        return next((fact for fact in self.facts if fact.what == what), None)


class Lines(Lazy[Line]):
    """Very many lines, each made when it is looked at and then kept.

    Args:
        heads: the form of each.
        make: the line of a place.
        told: how many of the first ones have cells; the others have no more than their form. None for all of them.
        of: what the lines are of: lines over the same forms with the same `of` are equal.
        figures: the figures of the lines, where each has one.

    Attributes:
        parts: what was joined to make them, in their order.
        keys: what tells each from the others, where lines are rows or places of forms.
        lost: the points that each row lost, where lines are rows; of the first ones only, where the others have no cells.
    """

    __slots__ = ("_forms", "_made", "_make", "_places", "figures", "heads", "keys", "lost", "of", "parts", "told")

    def __init__(
        self,
        heads: Sequence[Head],
        make: Callable[[int], Line],
        told: int | None = None,
        of: object = None,
        figures: Sequence[Figure] | None = None,
    ) -> None:
        self.heads = heads
        self.told = len(heads) if told is None else told
        self.of = of
        self.figures = figures
        self.parts: tuple[Sequence[Line], ...] = ()
        self.keys: Sequence[Hashable] | None = None
        self.lost: Sequence[Decimal | None] | None = None
        self._make = make
        self._made: dict[int, Line] = {}
        self._forms: tuple[Head, ...] | None = None
        self._places: dict[str, list[int]] | None = None

    def __len__(self) -> int:
        """How many."""
        return len(self.heads)

    def member(self, place: int) -> Line:
        """A line."""
        if place not in self._made:
            self._made[place] = self._make(place)
        return self._made[place]

    def __eq__(self, other: object) -> bool:
        """Whether they are of the same forms and the same things of them."""
        if not isinstance(other, Lines):
            return False
        return self is other or (self.of is not None and self.of == other.of and self.heads == other.heads)

    def __hash__(self) -> int:
        """Of what they are of."""
        return hash((self.of, len(self.heads)))

    @property
    def forms(self) -> tuple[Head, ...]:
        """The forms, each once, in their order."""
        if self._forms is None:
            self._forms = tuple(dict(zip(map(id, self.heads), self.heads, strict=True)).values())
        return self._forms

    def part(self, places: Sequence[int], figures: Sequence[Figure] | None = None) -> Lines:
        """The lines at these places; they are the same lines."""
        told = None if self.told == len(self.heads) else sum(place < self.told for place in places)
        lines = Lines([self.heads[i] for i in places], lambda i: self[places[i]], told, figures=figures)
        lines.keys = [self.keys[i] for i in places] if self.keys is not None else None
        return lines

    def of_form(self, form_id: str) -> Iterator[Line]:
        """The lines of a form."""
        if self._places is None:
            self._places = defaultdict(list)
            for i, head in enumerate(self.heads):
                self._places[head.form_id].append(i)
        yield from (self[i] for i in self._places.get(form_id, ()))


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind: a cause, a unit, a year, a direction of measures."""

    name: str
    lines: Sequence[Line]
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader should know beside the answer: a key of compose's phrases, the forms it is about, and how many things."""

    key: str
    forms: tuple[Head, ...] = ()
    words: tuple[str, ...] = ()
    figure: Figure | None = None
    lines: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A query carried out.

    Attributes:
        lines: what answers it, in rank order where it ranks; for cause the explicit ones.
        related: for cause: lines that only a neighbour of the topic connects.
        sides: for compare, in the order of the query.
        figure: the one number asked for, in `unit`.
        scope: the forms that were looked at; judged: the explanations that were.
        missing: why there is no answer; `offered` are forms to point at instead.
        holds: for check, whether the statement is true; None when that cannot be told.
    """

    query: Query
    lines: Sequence[Line] = ()
    related: Sequence[Line] = ()
    sides: tuple[Group, ...] = ()
    groups: tuple[Group, ...] = ()
    figure: Figure | None = None
    unit: str | None = None
    scope: tuple[Head, ...] = ()
    judged: int = 0
    notes: tuple[Note, ...] = ()
    missing: Reason | None = None
    offered: tuple[Head, ...] = ()
    holds: bool | None = None
    spots: dict[CellKey, Spot] = field(default_factory=dict)
    _forms: dict[str, Head] = field(init=False, repr=False, compare=False, default_factory=dict)
    _every: list[Line] = field(init=False, repr=False, compare=False, default_factory=list)


def every_line(result: Result) -> Sequence[Line]:
    """All lines of a result, whatever part they stand in, each once; of `Lines` those that an answer may show."""
    # Whoever composes and verifies an answer asks for them several times, and there may be a hundred thousand.
    every = result._every
    if not every:
        every += {id(line): line for part in _parts(result) for line in (part[:LINES_SHOWN] if isinstance(part, Lines) else part)}.values()
    return every


def every_form(result: Result) -> dict[str, Head]:
    """The forms of all lines of a result, by their ids."""
    forms = result._forms
    if not forms:
        heads: dict[int, Head] = {}
        for part in {id(part): part for part in _parts(result)}.values():
            own = forms_of(part)
            heads.update(zip(map(id, own), own, strict=True))
        forms |= {head.form_id: head for head in heads.values()}
    return forms


def fact_at(result: Result, key: CellKey) -> Fact | None:
    """The cell of a line that nobody has looked at yet; None where no `Lines` of the result have it."""
    form_id, cell = key
    lots = {id(part): part for part in _parts(result) if isinstance(part, Lines)}.values()
    for line in (line for part in lots for line in part.of_form(form_id)):
        if line.row is not None and cell == line.row.cell("name"):
            return Fact(line.form, cell, "name", line.row.name)
        for fact in line.facts:
            if fact.cell == cell:
                return fact
    return None


def doubtful_lines(result: Result) -> list[Line]:
    """The lines of forms whose money unit is doubtful, each once."""
    found: dict[int, Line] = {}
    for part in _parts(result):
        if isinstance(part, Lines):
            own = [part[i] for i, head in enumerate(part.heads[: part.told]) if head.doubtful]
        else:
            own = [line for line in part if line.form.doubtful]
        found |= {id(line): line for line in own}
    return list(found.values())


def shown_lines(result: Result) -> list[Line]:
    """The lines that an answer shows at the most: the first ones of each part."""
    return list({id(line): line for part in _parts(result) for line in part[:LINES_SHOWN]}.values())


def _parts(result: Result) -> list[Sequence[Line]]:
    groups = (*result.sides, *result.groups)
    return [result.lines, result.related, *(group.lines for group in groups), *(note.lines for note in result.notes)]


def forms_of(lines: Sequence[Line]) -> Sequence[Head]:
    """The forms of lines, each once, in their order."""
    return lines.forms if isinstance(lines, Lines) else tuple({line.form.version_id: line.form for line in lines}.values())


def projects(lines: Sequence[Line]) -> tuple[str, ...]:
    """The projects of lines, each once, in their order."""
    return tuple(dict.fromkeys([head.name for head in forms_of(lines)]))


def joined(parts: Sequence[Sequence[Line]]) -> Sequence[Line]:
    """The lines of several parts one after another."""
    if not any(isinstance(part, Lines) for part in parts):
        return tuple(chain.from_iterable(parts))
    heads = [head for part in parts for head in (part.heads if isinstance(part, Lines) else [line.form for line in part])]
    ends = list(accumulate(map(len, parts)))

    def make(i: int) -> Line:
        number = bisect_right(ends, i)
        return parts[number][i - (ends[number - 1] if number else 0)]

    told = None if all(len(part.heads) == part.told for part in parts if isinstance(part, Lines)) else 0
    lines = Lines(heads, make, told)
    lines.parts = tuple(parts)
    keys = [part.keys for part in parts if isinstance(part, Lines) and part.keys is not None]
    lines.keys = list(chain.from_iterable(keys)) if len(keys) == len(parts) else None
    return lines
