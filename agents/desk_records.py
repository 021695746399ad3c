"""What the desk hands out: small records whose every value has an id to cite, `F3.indicators[4].score`, and which are bounded in size."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field

from schema.checks.finding import Severity
from schema.record import Record
from store.index.records import ChunkKind

MOST = 50
"""Rows, passages or findings that one call gives at the most."""


class FormFilter(Record):
    """Which forms are meant; every field that is given must hold, and no field means all forms.

    Attributes:
        forms: ids (F3, or a stored form id) or project names; part of a name will do.
        units: names of departments or implementing units; part of a name will do.
        years: fiscal years.
    """

    forms: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


class TextFilter(FormFilter):
    """Which passages are meant.

    Attributes:
        kinds: indicator (a row with its explanation), goal, result, head (names, totals, grade), extra (other printed blocks).
        lost: true for indicator rows that lost points, false for those that did not.
        explained: true for rows with an explanation of a deviation, false for those without.
    """

    kinds: tuple[ChunkKind, ...] = ()
    lost: bool | None = None
    explained: bool | None = None


class FindingFilter(FormFilter):
    """Which findings of the checker are meant.

    Attributes:
        rules: ids of rules, such as low-execution or deduction-unexplained.
        severities: error, warning, info.
    """

    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()


class CellText(Record):
    """A value as it is stored, under the id that cites it.

    Attributes:
        id: of the cell, as F3.funding.total.outturn.
        value: numbers as exact decimals without separators; None where nothing is printed.
        unit: of a number: 万元, 元, %, 分; None for texts.
    """

    id: str
    value: str | None
    unit: str | None = None


class FormText(Record):
    """Which form: the id that begins the ids of its cells, and what tells it from others."""

    id: str
    project: str | None
    unit: str | None
    year: int | None


class LineText(Record):
    """One row of a result.

    Attributes:
        indicator: the name of the indicator, where the row is one.
        figure, unit: what the row is ranked, added or compared by.
        findings: messages of the checker.
    """

    form: FormText
    indicator: str | None = None
    cells: tuple[CellText, ...] = ()
    figure: str | None = None
    unit: str | None = None
    causes: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class GroupText(Record):
    """One figure of several: of a unit, a year, a cause, a side of a comparison."""

    name: str
    figure: str | None
    count: int


class TableText(Record):
    """A query carried out over the tables.

    Attributes:
        figure, unit: the one number asked for, reckoned exactly; None where the query asks for none.
        holds: for check, whether the statement is true.
        rows: the first rows; `total` is how many there are, `related` rows are connected but not explicit.
        notes: what was left out of sums and rankings, and why.
        missing: why there is no answer; then nothing may be claimed.
    """

    figure: str | None = None
    unit: str | None = None
    holds: bool | None = None
    total: int = 0
    rows: tuple[LineText, ...] = ()
    related: tuple[LineText, ...] = ()
    groups: tuple[GroupText, ...] = ()
    notes: tuple[str, ...] = ()
    missing: str | None = None


class PassageText(Record):
    """A passage that a search found: its text, and the id of the cell that stands for it."""

    id: str
    form: FormText
    kind: str
    page: int | None
    text: str
    found_by: tuple[str, ...]


class SearchText(Record):
    """Passages, best first.

    Attributes:
        notice: what the search went without (vectors, the index); None when all was there.
    """

    passages: tuple[PassageText, ...]
    notice: str | None = None


class RowText(Record):
    """One indicator row; each field is cited as `id`.field, as F3.indicators[4].score."""

    id: str
    level1: str | None
    name: str
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    deviation: str | None


class SheetText(Record):
    """One form, or the cells of it that were asked for.

    Attributes:
        file, pages: the document and its pages, from 1.
        left_out: rows that did not fit; ask for them by `indicators[12]` and so on.
    """

    form: FormText
    file: str | None
    pages: tuple[int, ...]
    cells: tuple[CellText, ...]
    rows: tuple[RowText, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Explained:
    """An indicator that lost points and says why; `id` is the cell of its explanation."""

    id: str
    form: FormText
    indicator: str
    lost: Decimal
    text: str


class FindingText(Record):
    """One finding of the checker; `id` is the cell it was found at."""

    id: str
    form: FormText
    rule: str
    title: str
    severity: Severity
    message: str


class FindingsText(Record):
    """Findings, errors first; `total` is how many there are, `by_rule` how many of each rule."""

    total: int
    by_rule: dict[str, int] = Field(default_factory=dict)
    findings: tuple[FindingText, ...] = ()
