"""What the store tells: summaries of documents, forms, versions, corrections and runs, and the filters of a listing."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from schema.cells import CellValue
from schema.checks import Finding
from schema.record import Number, Record

DocumentKind = Literal["digital", "scan", "photo", "office", "text", "canonical"]
DocumentStatus = Literal["done", "failed"]
Note = Literal["unreadable"]
"""What a correction says besides the value: that the original cannot be read there."""


class DocumentSummary(Record):
    """One stored document."""

    document_id: int
    sha256: str | None
    files: tuple[str, ...]
    """Absolute paths under which it was met, the first one first."""
    size: int
    kind: DocumentKind | None
    status: DocumentStatus
    reason: str | None
    pages: int
    forms: int


class SavedDocument(Record):
    """What saving one document did."""

    document_id: int
    new: bool
    """False when the same bytes were stored already; the counts are then zero."""
    forms: int = 0
    current: int = 0
    """Its forms that became the current version; the others have a better reading from elsewhere."""
    review_marks: int = 0
    errors: int = 0
    """Error-level findings on the forms that became current, without cross-form ones (see Store.settle)."""
    warnings: int = 0
    unapplied: tuple[str, ...] = ()
    """Corrections of its forms that found no row to apply to, as text."""


class RemovedDocument(Record):
    """What removing one document did."""

    files: tuple[str, ...]
    forms_gone: int
    forms_kept: int
    """Forms that another document still holds; its best reading is current now."""
    corrections_kept: int
    """Corrections of forms that are gone; they apply again when the form comes back."""


class FormSummary(Record):
    """One line of the list of forms, read from its current version."""

    form_id: str
    project_name: str | None
    fiscal_year: int | None
    department: str | None
    implementing_unit: str | None
    unit_of_money: str | None
    adjusted_budget: Number | None
    outturn: Number | None
    execution_rate: Number | None
    total_score: Number | None
    grade: str | None
    indicators: int
    errors: int
    warnings: int
    review_marks: int
    kind: str | None
    file: str
    """The path of the document the current version was read from."""
    page: int | None
    """Its first page there."""
    versions: int
    """Readings kept, the current one among them."""


class FormFilter(Record):
    """Which forms; every condition given must hold."""

    text: str | None = None
    """Part of the project name, the department or the implementing unit."""
    year: int | None = None
    rule: str | None = None
    """Forms with a finding of this rule."""
    severity: Literal["error", "warning", "info"] | None = None
    """Forms with a finding of this severity."""
    review: bool = False
    """Forms with review marks only."""
    department: str | None = None
    """As printed."""
    corrected: bool = False
    """Forms with corrections that stand only."""


class FormLine(FormSummary):
    """One line of a list of forms to look through."""

    lost: Number | None
    """Points lost: the total weight (100 where none is printed) less the total score."""
    corrected: int
    """Corrections that stand."""


LineOrder = Literal[
    "stored", "year", "department", "unit", "project", "budget", "outturn", "rate", "score", "lost", "grade", "findings", "review",
    "corrected",
]  # fmt: skip
"""What a list of forms may be ordered by. Amounts are compared in one unit of money, findings by errors first."""


class Slice(Record):
    """A part of a list of forms: in which order, from which line (from 0), how many."""

    by: LineOrder = "stored"
    descending: bool = False
    offset: int = 0
    limit: int = 100


class FormLines(Record):
    """A part of a list of forms, and how many lines the whole has."""

    total: int
    lines: tuple[FormLine, ...]


class FormFacets(Record):
    """What a list of forms can be filtered by."""

    forms: int
    years: tuple[int, ...]
    """Latest first."""
    departments: tuple[str, ...]
    """Those with the most forms, in the order of their names."""
    departments_left: int = 0
    """How many there are beyond those."""


class VersionSummary(Record):
    """One kept reading of a form."""

    version_id: int
    file: str
    pages: tuple[int, ...]
    kind: str | None
    method: str | None
    review_marks: int
    current: bool
    """Whether the form is read from here (with the corrections, where there are any)."""
    chosen_by: str | None
    stored_at: datetime


class Correction(Record):
    """A person's word on one cell."""

    correction_id: int
    form_id: str
    cell: str
    """The address when it was made."""
    row: str | None
    """The row's identity as text, for a cell in a row."""
    old: CellValue
    new: CellValue
    note: Note | None = None
    who: str
    made_at: datetime
    undone_by: str | None = None
    undone_at: datetime | None = None
    applied: bool = True
    """False when it is undone, or the current reading has no such row."""


class Change(Record):
    """What a correction, or undoing one, did."""

    event: Correction
    old: CellValue
    """The cell before."""
    new: CellValue
    """The cell now."""
    gone: tuple[Finding, ...] = ()
    """Findings of the form that are no more."""
    come: tuple[Finding, ...] = ()
    """Findings of the form that are new."""


class ImportResult(Record):
    """What importing one file of canonical forms did."""

    file: str
    new: bool
    forms: int
    current: int = 0


class Run(Record):
    """One call of a command that wrote documents."""

    run_id: int
    command: str
    started_at: datetime
    finished_at: datetime | None
    """None while it runs, and for good when it was killed."""


class Counts(Record):
    """How much the store holds."""

    documents: int
    failed: int
    pages: int
    forms: int
    versions: int
    indicators: int
    review_marks: int
    corrections: int
    unfinished_runs: int
    unsettled_units: int
    findings: dict[str, int] = Field(default_factory=dict)
    """By severity."""
