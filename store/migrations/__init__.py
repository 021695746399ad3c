"""Versioned changes of the tables, run by store.migrate; new ones are written with `alembic revision` conventions by hand."""
