"""One state of the forms, told apart from every other, and what was counted from it, kept as long as it stands."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from store.models import CorrectionRow, FindingRow, FormRow, VersionRow

T = TypeVar("T")
MOST_KEPT = 100
_STAMP = "jihe-facts-stamp"


class Remembered:
    """What was counted from the forms as they stand, their findings and corrections. Threads may ask for it at the same time."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._stamp: tuple[Any, ...] | None = None
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, connection: Connection, key: Hashable, make: Callable[[], T]) -> T:
        """What goes by this key: made by looking at this state of the tables and nothing else, or kept from when that was done."""
        now = known_stamp(connection)
        with self._turn:
            if now == self._stamp and key in self._kept:
                self._kept.move_to_end(key)
                kept: T = self._kept[key]
                return kept
        made = make()
        with self._turn:
            if now != self._stamp:
                self._kept.clear()
                self._stamp = now
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def known_stamp(connection: Connection) -> tuple[Any, ...]:
    """`stamp_of`, counted anew only where something was committed since this connection counted last.

    SQLite tells a connection whether others have changed the file, and how many rows it changed itself; PostgreSQL which transactions a
    snapshot sees. Where that is as it was, so is everything else.
    """
    if connection.dialect.name == "sqlite":
        # What the version says holds for the state that is read from here on; so the reading has to begin first.
        connection.execute(select(FormRow.id).limit(1)).first()
        own = getattr(connection.connection.dbapi_connection, "total_changes", None)
        sees: Any = (connection.exec_driver_sql("PRAGMA data_version").scalar(), own)
    else:
        sees = connection.exec_driver_sql("SELECT CAST(txid_current_snapshot() AS text)").scalar()
    known = connection.info.get(_STAMP)
    if known is None or known[0] != sees:
        known = connection.info[_STAMP] = (sees, stamp_of(connection))
    stamp: tuple[Any, ...] = known[1]
    return stamp


def stamp_of(connection: Connection) -> tuple[Any, ...]:
    """Numbers that change with every change of what forms say: current versions by their ids, findings, corrections."""
    versions = connection.execute(
        select(func.count(VersionRow.id), func.sum(VersionRow.id), func.max(VersionRow.id)).where(VersionRow.current)
    ).one()
    findings = connection.execute(select(func.max(FindingRow.id), func.count(FindingRow.id))).one()
    corrections = connection.execute(select(func.count(CorrectionRow.id), func.count(CorrectionRow.undone_at))).one()
    return (*versions, *findings, *corrections)
