"""What the index over the forms is made of, and which forms and chunks it has yet to take in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and note every form of an older home: the index takes them in when it is first used."""
    op.create_table(
        "index_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_pk", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_index_outbox_form_pk", "index_outbox", ["form_pk"])
    op.create_table(
        "vector_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_vector_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("form_pk", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("level1", sa.String(), nullable=True),
        sa.Column("level2", sa.String(), nullable=True),
        sa.Column("lost", sa.BigInteger(), nullable=True),
        sa.Column("deviation", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chunks"),
        sa.UniqueConstraint("key", name="uq_chunks_key"),
    )
    op.create_index("ix_chunks_form_pk", "chunks", ["form_pk"])
    op.create_index("ix_chunks_version_id", "chunks", ["version_id"])
    op.execute("INSERT INTO index_outbox (form_pk) SELECT id FROM forms ORDER BY id")
