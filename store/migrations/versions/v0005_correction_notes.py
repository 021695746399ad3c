"""What else a person says of a cell: that the original cannot be read there."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for the corrections of an older home."""
    with op.batch_alter_table("corrections") as batch:
        batch.add_column(sa.Column("note", sa.String(), nullable=True))
