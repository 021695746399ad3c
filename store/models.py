"""The tables: documents and pages, forms and their readings, what was found and what people corrected.

A *form* has one or more *versions*: every reading of it, whatever document it came from, and, when people corrected cells, one more
version derived from the best reading with the corrections applied. Exactly one version of a form is current; whoever asks what a form
says joins on `VersionRow.current`. Readings are never changed after they were written.

The rows below a version (funding, indicators, evidence …) are keyed by the version and their position in it, and go when it goes.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.columns import Amount, Moment

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
CLUSTERED = {"sqlite_with_rowid": False}
"""Rows of a version stand together in the order of their key: reading a form is one range per table."""
NEVER_REUSED = {"sqlite_autoincrement": True}
"""Who reads a queue and later deletes what it read must not meet another entry under the same id."""


FULL_TEXT = "chunk_text"
"""The table of full text over chunks, which store.index makes itself; SQLite keeps its parts in tables whose names begin with it."""


def is_declared(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether migrations are to look at this: everything but full text. Alembic's `include_name`."""
    return kind != "table" or name is None or not name.startswith(FULL_TEXT)


class Base(DeclarativeBase):
    """The metadata that migrations are compared with."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {Decimal: Amount, datetime: Moment}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class RunRow(Base):
    """One call of a command that writes documents."""

    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    command: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DocumentRow(Base):
    """One document, known by its bytes; a document that could not be opened has no sha256 and is known by its path."""

    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(Integer().with_variant(BigInteger, "postgresql"))
    kind: Mapped[str | None]
    """digital, scan, photo, office, text; canonical for imported JSON; null when it failed."""
    status: Mapped[str]
    """done or failed."""
    reason: Mapped[str | None]
    seconds: Mapped[float | None]
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    stored_at: Mapped[datetime]


class DocumentFileRow(Base):
    """A path under which a document was met; position 0 is the first."""

    __tablename__ = "document_files"
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(index=True)


class PageRow(Base):
    """What became of one page."""

    __tablename__ = "pages"
    __table_args__ = CLUSTERED
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    method: Mapped[str | None]
    """layout, ocr, office, text; null when it was not read, or by a jihe that did not note it."""
    seconds: Mapped[float | None]
    notes: Mapped[str | None]
    """A line each."""


class FormRow(Base):
    """One form, whatever documents it was read from. The keys are folded texts of the current version, for look-up and grouping."""

    __tablename__ = "forms"
    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(unique=True)
    project_key: Mapped[str] = mapped_column(index=True)
    unit_key: Mapped[str] = mapped_column(index=True)
    """Implementing unit, else department: what cross-form rules group by."""


class VersionRow(Base):
    """One reading of a form, or (with `base_id`) that reading with the corrections of people applied."""

    __tablename__ = "versions"
    __table_args__ = (
        Index(
            "uq_versions_current_form_pk",
            "form_pk",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        # What lists are filtered, counted and joined by, without the long texts of the rows.
        Index(
            "ix_versions_current_heads",
            "form_pk",
            "fiscal_year",
            "department",
            "review_count",
            sqlite_where=text("current = 1"),
            postgresql_where=text("current"),
        ),
        # Few, and found without going through all.
        Index("ix_versions_others", "id", sqlite_where=text("current = 0"), postgresql_where=text("NOT current")),
        # Ids are never given again: what other processes keep by them would be taken for the new row.
        {"sqlite_autoincrement": True},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    form_pk: Mapped[int] = mapped_column(ForeignKey("forms.id", ondelete="CASCADE"), index=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), index=True)
    current: Mapped[bool]
    chosen_by: Mapped[str | None]
    """Who chose this reading over better ranked ones."""
    chosen_at: Mapped[datetime | None]
    review_count: Mapped[int]
    stored_at: Mapped[datetime]
    title: Mapped[str | None]
    fiscal_year: Mapped[int | None]
    project_name: Mapped[str | None]
    department: Mapped[str | None]
    implementing_unit: Mapped[str | None]
    unit_of_money: Mapped[str | None]
    expected_goal: Mapped[str | None]
    actual_result: Mapped[str | None]
    total_weight: Mapped[Decimal | None]
    total_score: Mapped[Decimal | None]
    grade: Mapped[str | None]
    source_file: Mapped[str | None]
    source_sha256: Mapped[str | None]
    source_kind: Mapped[str | None]
    source_method: Mapped[str | None]
    source_model: Mapped[str | None]
    source_seconds: Mapped[float | None]


class VersionPageRow(Base):
    """A page of its document that a version was read from."""

    __tablename__ = "version_pages"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]


class FundingLine(Base):
    """One row of the funding table in which something is printed."""

    __tablename__ = "funding"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    row: Mapped[str] = mapped_column(primary_key=True)
    original_budget: Mapped[Decimal | None]
    adjusted_budget: Mapped[Decimal | None]
    outturn: Mapped[Decimal | None]
    weight: Mapped[Decimal | None]
    execution_rate: Mapped[Decimal | None]
    score: Mapped[Decimal | None]


class IndicatorLine(Base):
    """One indicator; position counts from 0, as in cell addresses."""

    __tablename__ = "indicators"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    level1: Mapped[str | None]
    level2: Mapped[str | None]
    name: Mapped[str]
    target: Mapped[str | None]
    actual: Mapped[str | None]
    weight: Mapped[Decimal | None]
    score: Mapped[Decimal | None]
    deviation: Mapped[str | None]


class ExtraLine(Base):
    """A printed block without a slot."""

    __tablename__ = "extras"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    text: Mapped[str]


class EvidenceLine(Base):
    """One place of one cell (a cell without any place has one row with a null text). Which columns are filled tells the kind of place."""

    __tablename__ = "evidence"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    cell: Mapped[str]
    match: Mapped[str]
    read_by: Mapped[str]
    confidence: Mapped[float]
    text: Mapped[str | None]
    page: Mapped[int | None]
    x0: Mapped[float | None]
    y0: Mapped[float | None]
    x1: Mapped[float | None]
    y1: Mapped[float | None]
    line_from: Mapped[int | None]
    line_to: Mapped[int | None]
    span_from: Mapped[int | None]
    span_to: Mapped[int | None]
    sheet: Mapped[str | None]
    ref: Mapped[str | None]
    word_table: Mapped[int | None]
    word_row: Mapped[int | None]
    word_column: Mapped[int | None]


class MarkLine(Base):
    """A cell that a person should look at."""

    __tablename__ = "review_marks"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    cell: Mapped[str]
    reason: Mapped[str]


class MarkReadingLine(Base):
    """What one reader took a marked cell for: a number or a text, or neither for an empty cell."""

    __tablename__ = "review_readings"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    read_by: Mapped[str]
    number: Mapped[Decimal | None]
    text: Mapped[str | None]


class LeftoverLine(Base):
    """Text of a page that no cell used."""

    __tablename__ = "leftovers"
    __table_args__ = CLUSTERED
    version_id: Mapped[int] = mapped_column(ForeignKey("versions.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[int]
    text: Mapped[str]


class FindingRow(Base):
    """What a check found on the current version of a form; `across` when it took the unit's other forms to find it."""

    __tablename__ = "findings"
    __table_args__ = (Index("ix_findings_rule_severity_form_pk_id", "rule", "severity", "form_pk", "id"), {"sqlite_autoincrement": True})
    id: Mapped[int] = mapped_column(primary_key=True)
    form_pk: Mapped[int] = mapped_column(ForeignKey("forms.id", ondelete="CASCADE"), index=True)
    across: Mapped[bool]
    rule: Mapped[str]
    severity: Mapped[str]
    cell: Mapped[str]
    message: Mapped[str]
    computed: Mapped[str | None]
    basis: Mapped[str]


class DirtyUnitRow(Base):
    """A unit whose forms changed since its cross-form findings were computed."""

    __tablename__ = "dirty_units"
    unit_key: Mapped[str] = mapped_column(primary_key=True)


class MetaRow(Base):
    """A fact about the store itself, by name."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CorrectionRow(Base):
    """A person's word on one cell of a form. It names the form and the row's identity, so it outlives readings and documents."""

    __tablename__ = "corrections"
    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[str] = mapped_column(index=True)
    cell: Mapped[str]
    """The address when it was made; for an indicator the index may be another by now."""
    field: Mapped[str]
    """The address outside of rows, else the field of the row."""
    block: Mapped[str | None]
    """indicators or extras for a cell in a row."""
    level1: Mapped[str | None]
    level2: Mapped[str | None]
    name: Mapped[str | None]
    ordinal: Mapped[int | None]
    """Counts from 1 among rows of equal identity."""
    old_number: Mapped[Decimal | None]
    old_text: Mapped[str | None]
    new_number: Mapped[Decimal | None]
    new_text: Mapped[str | None]
    note: Mapped[str | None]
    """unreadable where the cell is empty because the original cannot be read there."""
    who: Mapped[str]
    made_at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]


class IndexOutboxRow(Base):
    """A form that changed since its chunks were made, or that is gone; see store.repository.outbox."""

    __tablename__ = "index_outbox"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(primary_key=True)
    form_pk: Mapped[int] = mapped_column(index=True)


class VectorOutboxRow(Base):
    """A chunk whose vector is to be written, or to be deleted when there is no such chunk any more."""

    __tablename__ = "vector_outbox"
    __table_args__ = NEVER_REUSED
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]


class ChunkRow(Base):
    """One meaning of a form, as it is searched (store.index). Derived: nothing refers to it, and it may be made anew at any time.

    It counts while its version is current and its form is not in `index_outbox`. No foreign keys: the full text over it has to be told of
    every row that goes, which only the index does.
    """

    __tablename__ = "chunks"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    form_pk: Mapped[int] = mapped_column(index=True)
    version_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    row: Mapped[int | None]
    level1: Mapped[str | None]
    level2: Mapped[str | None]
    lost: Mapped[Decimal | None]
    deviation: Mapped[int]
    """How many characters at the end of the text are the explanation."""
    page: Mapped[int | None]
    cell: Mapped[str]
    context: Mapped[str]
    text: Mapped[str]
