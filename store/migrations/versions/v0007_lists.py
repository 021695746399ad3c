"""Indexes for lists: heads of current versions without their long texts, other versions, findings by rule and severity."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them."""
    op.create_index(
        "ix_versions_current_heads",
        "versions",
        ["form_pk", "fiscal_year", "department", "review_count"],
        sqlite_where=sa.text("current = 1"),
        postgresql_where=sa.text("current"),
    )
    op.create_index("ix_versions_others", "versions", ["id"], sqlite_where=sa.text("current = 0"), postgresql_where=sa.text("NOT current"))
    op.create_index("ix_findings_rule_severity_form_pk_id", "findings", ["rule", "severity", "form_pk", "id"])
