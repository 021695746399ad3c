"""How each page was read, how long that took, and what a person should know about it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty for the pages of an older home."""
    with op.batch_alter_table("pages") as batch:
        batch.add_column(sa.Column("method", sa.String(), nullable=True))
        batch.add_column(sa.Column("seconds", sa.Double(), nullable=True))
        batch.add_column(sa.Column("notes", sa.String(), nullable=True))
