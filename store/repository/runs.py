"""Runs: which call of a command wrote what, and whether it came to its end."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from store.columns import now
from store.models import RunRow
from store.records import Run


def start_run(connection: Connection, command: str) -> int:
    """Note that a run begins; its id."""
    values = {"command": command, "started_at": now(), "finished_at": None}
    return int(connection.execute(insert(RunRow).returning(RunRow.id), values).scalar_one())


def finish_run(connection: Connection, run_id: int) -> None:
    """Note that a run came to its end."""
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(finished_at=now()))


def list_runs(connection: Connection, limit: int) -> list[Run]:
    """The latest runs, newest first."""
    rows = connection.execute(select(RunRow).order_by(RunRow.id.desc()).limit(limit))
    return [Run(run_id=row.id, command=row.command, started_at=row.started_at, finished_at=row.finished_at) for row in rows]
