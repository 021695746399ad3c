"""What carrying out a query yields: rows of forms with the cells they stand on, figures with how they were reckoned, what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

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
    of: tuple[Figure, ...] = ()
    keys: tuple[CellKey, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind: a cause, a unit, a year, a direction of measures."""

    name: str
    lines: tuple[Line, ...]
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader should know beside the answer: a key of compose's phrases, the forms it is about, and how many things."""

    key: str
    forms: tuple[Head, ...] = ()
    words: tuple[str, ...] = ()
    figure: Figure | None = None
    lines: tuple[Line, ...] = ()


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
    lines: tuple[Line, ...] = ()
    related: tuple[Line, ...] = ()
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
    _every: list[Line] = field(init=False, repr=False, compare=False, default_factory=list)


def every_line(result: Result) -> Sequence[Line]:
    """All lines of a result, whatever part they stand in, each once."""
    # Whoever composes and verifies an answer asks for them several times, and there may be a hundred thousand.
    every = result._every
    if not every:
        every += {id(line): line for part in _parts(result) for line in part}.values()
    return every


def shown_lines(result: Result) -> list[Line]:
    """The lines that an answer shows at the most: the first ones of each part."""
    return list({id(line): line for part in _parts(result) for line in part[:LINES_SHOWN]}.values())


def _parts(result: Result) -> list[Sequence[Line]]:
    groups = (*result.sides, *result.groups)
    return [result.lines, result.related, *(group.lines for group in groups), *(note.lines for note in result.notes)]


def projects(lines: Iterable[Line]) -> tuple[str, ...]:
    """The projects of lines, each once, in their order."""
    return tuple(dict.fromkeys(line.form.name for line in lines))
