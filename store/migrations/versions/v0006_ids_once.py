"""Ids of versions and findings are given once: SQLite gives that of the last row again when it is gone, and what is kept by id is stale."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables anew in SQLite; PostgreSQL's sequences never go back."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in ("versions", "findings"):
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            # Nothing else about them changes.
            continue
