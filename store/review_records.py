"""What the review of doubtful cells and the list of problems tell: the queue, its filters, what people did, findings with their places."""

from __future__ import annotations

from typing import Literal

from schema.cells import CellValue
from schema.checks import Finding, Severity
from schema.evidence import Place
from schema.record import Record
from store.records import Correction, Note

CellClass = Literal["figure", "weight", "text"]
"""Amounts, rates and scores; weights and what else counts rows; texts."""
Hold = Literal["error", "equation", "notice", "none"]
"""What hangs on a doubtful cell: an error-level finding, an equation of the form that fails, a milder finding, nothing."""
Sort = Literal["severity", "rule", "form"]


class ReviewFilter(Record):
    """Which marked cells; every condition given must hold."""

    form: str | None = None
    """The form_id."""
    department: str | None = None
    kind: CellClass | None = None
    reason: str | None = None
    """As ReviewFacets names it."""


class CellRef(Record):
    """A cell of a form."""

    form_id: str
    cell: str


class QueuedCell(Record):
    """A marked cell in its place of the queue, and why it stands there."""

    form_id: str
    cell: str
    hold: Hold
    kind: CellClass
    yuan: int
    """The form's budget, by which cells of one rank are ordered; 0 where it is not known."""


class Share(Record):
    """One choice of a filter, and how many there are of it."""

    value: str
    label: str
    count: int


class ReviewFacets(Record):
    """What the queue can be narrowed to."""

    forms: tuple[Share, ...] = ()
    departments: tuple[Share, ...] = ()
    kinds: tuple[Share, ...] = ()
    reasons: tuple[Share, ...] = ()


class ReviewQueue(Record):
    """A slice of the queue, most consequential first, and how long it is."""

    cells: tuple[QueuedCell, ...]
    matching: int
    """Cells that the filter lets through."""
    left: int
    """Cells marked in all."""
    today: int
    """Corrections and confirmations that people made since midnight, local time, and that stand."""
    facets: ReviewFacets


class Verdict(Record):
    """What a reviewer says of a cell, and what they saw when they said it."""

    form_id: str
    cell: str
    value: str | None
    """As typed, an empty text or a dash for an empty cell; None for the present value, whatever it is."""
    note: Note | None = None
    seen_value: CellValue
    seen_row: str | None
    """As `store.repository.changes.row_name` tells it."""


class MadeCorrection(Record):
    """A correction with the name of its form, for the log."""

    event: Correction
    project_name: str | None


class FindingsWanted(Record):
    """Which findings, in which order; every condition given must hold."""

    rule: str | None = None
    severity: Severity | None = None
    department: str | None = None
    year: int | None = None
    form: str | None = None
    text: str | None = None
    """Part of the message, the project name or the unit."""
    sort: Sort = "severity"

    @property
    def unsorted(self) -> FindingsWanted:
        """The same findings, in whichever order they are wanted."""
        return self.model_copy(update={"sort": "severity"})


class ListedFinding(Record):
    """A finding with what a reader needs beside it."""

    finding: Finding
    year: int | None
    department: str | None
    unit: str | None
    row: str | None
    """The name of the indicator it is about."""
    value: CellValue
    """What the form has in the cell; None, too, where the finding is about more than a cell."""
    place: Place | None
    """Where to look: the cell's own place, else that of its row."""
    document: str | None
    """The sha256 of the document."""
    file: str | None
    pages: tuple[int, ...]


class FindingsPage(Record):
    """A slice of the findings, and how many there are by rule, severity, department and year.

    Rules are counted as if no rule were chosen, severities as if no severity was, and so on: what a click on each would show. Of very many
    departments only those with the most findings are told, and of the rest how many they are.
    """

    findings: tuple[ListedFinding, ...]
    total: int
    rules: tuple[Share, ...]
    severities: tuple[Share, ...]
    departments: tuple[Share, ...]
    years: tuple[Share, ...]
    departments_left: int = 0
