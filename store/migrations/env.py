"""Alembic's entry: runs the migrations on the connection that store.migrate hands in, inside its transaction."""

from alembic import context

from store.models import Base, is_declared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    include_name=is_declared,
    transactional_ddl=True,
)
context.run_migrations()
