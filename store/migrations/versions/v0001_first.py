"""The first version of the tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    _documents()
    _forms()
    _cells()
    _evidence()
    _words()


def _documents() -> None:
    """Runs, documents and their pages."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_documents_run_id_runs"),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
    )
    op.create_index("ix_documents_run_id", "documents", ["run_id"])
    op.create_table(
        "document_files",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_document_files_document_id_documents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "position", name="pk_document_files"),
    )
    op.create_index("ix_document_files_path", "document_files", ["path"])
    op.create_table(
        "pages",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_pages_document_id_documents", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id", "page", name="pk_pages"),
        sqlite_with_rowid=False,
    )


def _forms() -> None:
    """Forms and their versions."""
    op.create_table(
        "forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("project_key", sa.String(), nullable=False),
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forms"),
        sa.UniqueConstraint("form_id", name="uq_forms_form_id"),
    )
    op.create_index("ix_forms_project_key", "forms", ["project_key"])
    op.create_index("ix_forms_unit_key", "forms", ["unit_key"])
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_pk", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("chosen_by", sa.String(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_count", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("project_name", sa.String(), nullable=True),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("implementing_unit", sa.String(), nullable=True),
        sa.Column("unit_of_money", sa.String(), nullable=True),
        sa.Column("expected_goal", sa.String(), nullable=True),
        sa.Column("actual_result", sa.String(), nullable=True),
        sa.Column("total_weight", sa.BigInteger(), nullable=True),
        sa.Column("total_score", sa.BigInteger(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("source_file", sa.String(), nullable=True),
        sa.Column("source_sha256", sa.String(), nullable=True),
        sa.Column("source_kind", sa.String(), nullable=True),
        sa.Column("source_method", sa.String(), nullable=True),
        sa.Column("source_model", sa.String(), nullable=True),
        sa.Column("source_seconds", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["form_pk"], ["forms.id"], name="fk_versions_form_pk_forms", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_versions_document_id_documents", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["base_id"], ["versions.id"], name="fk_versions_base_id_versions", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
    )
    op.create_index("ix_versions_base_id", "versions", ["base_id"])
    op.create_index("ix_versions_document_id", "versions", ["document_id"])
    op.create_index("ix_versions_form_pk", "versions", ["form_pk"])
    op.create_index(
        "uq_versions_current_form_pk",
        "versions",
        ["form_pk"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    _lines(
        "version_pages",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        keys=["position"],
    )


def _cells() -> None:
    """What a version says."""
    _lines(
        "funding",
        sa.Column("row", sa.String(), nullable=False),
        sa.Column("original_budget", sa.BigInteger(), nullable=True),
        sa.Column("adjusted_budget", sa.BigInteger(), nullable=True),
        sa.Column("outturn", sa.BigInteger(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("execution_rate", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        keys=["row"],
    )
    _lines(
        "indicators",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level1", sa.String(), nullable=True),
        sa.Column("level2", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("actual", sa.String(), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("deviation", sa.String(), nullable=True),
        keys=["position"],
    )
    _lines(
        "extras",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        keys=["position"],
    )


def _evidence() -> None:
    """Where it says so, what is doubtful and what is left over."""
    _lines(
        "evidence",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("x0", sa.Double(), nullable=True),
        sa.Column("y0", sa.Double(), nullable=True),
        sa.Column("x1", sa.Double(), nullable=True),
        sa.Column("y1", sa.Double(), nullable=True),
        sa.Column("line_from", sa.Integer(), nullable=True),
        sa.Column("line_to", sa.Integer(), nullable=True),
        sa.Column("span_from", sa.Integer(), nullable=True),
        sa.Column("span_to", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(), nullable=True),
        sa.Column("ref", sa.String(), nullable=True),
        sa.Column("word_table", sa.Integer(), nullable=True),
        sa.Column("word_row", sa.Integer(), nullable=True),
        sa.Column("word_column", sa.Integer(), nullable=True),
        keys=["position", "part"],
    )
    _lines(
        "review_marks",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        keys=["position"],
    )
    _lines(
        "review_readings",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        keys=["position", "part"],
    )
    _lines(
        "leftovers",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        keys=["position"],
    )


def _words() -> None:
    """Findings and corrections."""
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_pk", sa.Integer(), nullable=False),
        sa.Column("across", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("computed", sa.String(), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["form_pk"], ["forms.id"], name="fk_findings_form_pk_forms", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
    )
    op.create_index("ix_findings_form_pk", "findings", ["form_pk"])
    op.create_table(
        "dirty_units",
        sa.Column("unit_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unit_key", name="pk_dirty_units"),
    )
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=True),
        sa.Column("level1", sa.String(), nullable=True),
        sa.Column("level2", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=True),
        sa.Column("old_number", sa.BigInteger(), nullable=True),
        sa.Column("old_text", sa.String(), nullable=True),
        sa.Column("new_number", sa.BigInteger(), nullable=True),
        sa.Column("new_text", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_form_id", "corrections", ["form_id"])


def _lines(table: str, *columns: sa.Column[object], keys: list[str]) -> None:
    """A table below versions, keyed by the version and a place in it, and clustered by that key in SQLite."""
    op.create_table(
        table,
        sa.Column("version_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=f"fk_{table}_version_id_versions", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("version_id", *keys, name=f"pk_{table}"),
        sqlite_with_rowid=False,
    )
