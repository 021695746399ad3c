"""The queue of imports at rest: a file of its own in the home, shared by the web process and the worker.

It may be deleted, which forgets what was imported when, and nothing of what is stored. Every call is one transaction; a process that is
killed leaves whole rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import time
from typing import Any, Self

from agents.imports.records import LIVE, Ending, Item, Job, Kept, Options, Status
from store.sidefile import SideFile

QUEUE_NAME = "imports.db"
VERSION = 1
"""The shape of the tables, kept in user_version."""
_TABLES = """
CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    batch TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL,
    ocr TEXT NOT NULL,
    model INTEGER NOT NULL,
    budget TEXT,
    status TEXT NOT NULL,
    pages INTEGER NOT NULL DEFAULT 0,
    read INTEGER NOT NULL DEFAULT 0,
    forms TEXT NOT NULL DEFAULT '[]',
    marks INTEGER NOT NULL DEFAULT 0,
    trouble TEXT NOT NULL DEFAULT '',
    told TEXT NOT NULL DEFAULT '',
    again INTEGER NOT NULL DEFAULT 0,
    cancel INTEGER NOT NULL DEFAULT 0,
    started REAL,
    ended REAL
);
CREATE INDEX items_owner ON items (owner, batch);
CREATE INDEX items_status ON items (status);
CREATE TABLE said (name TEXT PRIMARY KEY, text TEXT NOT NULL);
"""
_NEXT = """
SELECT id, path, sha256, ocr, model, budget, batch FROM items WHERE status = 'waiting'
ORDER BY (SELECT coalesce(max(o.started), 0) FROM items o WHERE o.owner = items.owner), id LIMIT 1
"""
"""Visitors take turns, so that one file does not wait behind the five hundred of somebody else."""
_KEPT = "id, status, path, sha256, ocr, cancel"
INDEXING, NOTE = "indexing", "note"
"""What the worker leaves word of for the page: that the index is behind the store; trouble outside of any one document."""
_LIVE = ", ".join(f"'{status}'" for status in LIVE)


class Entry:
    """What a new row says of a document."""

    def __init__(self, owner: str, batch: str, name: str, size: int, options: Options) -> None:
        self.values: dict[str, Any] = {
            "owner": owner, "batch": batch, "name": name, "size": size,
            "ocr": options.ocr, "model": int(options.model), "budget": options.budget,
        }  # fmt: skip


class ImportQueue(SideFile):
    """The rows. Open one with `ImportQueue.open`; it is a context manager, and safe to share between threads and processes."""

    TABLES = _TABLES
    VERSION = VERSION
    IF_LOST = "只会忘掉导入的经过，已存的表不受影响"

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        super().__init__(path, connection)
        connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, home: Path) -> Self:
        """The queue of this home, made where it is missing.

        Raises:
            StoreVersion: a newer jihe wrote it.
            StoreError: it cannot be used.
        """
        return cls.open_file(home / QUEUE_NAME)

    # What visitors do and see

    def add(self, entry: Entry, status: Status, **values: Any) -> int:
        """A new row, with further values by column; its id."""
        row = entry.values | {"status": status} | values
        names = ", ".join(row)
        with self._work() as connection:
            cursor = connection.execute(f"INSERT INTO items ({names}) VALUES ({', '.join(f':{name}' for name in row)})", row)
            return int(cursor.lastrowid or 0)

    def items(self, owner: str) -> tuple[Item, ...]:
        """The rows of a visitor, the latest batch first."""
        first = "(SELECT min(b.id) FROM items b WHERE b.owner = items.owner AND b.batch = items.batch)"
        query = f"SELECT *, {first} AS first FROM items WHERE owner = ? ORDER BY first DESC, id"
        with self._work() as connection:
            return tuple(_as_item(row) for row in connection.execute(query, (owner,)).fetchall())

    def kept(self, owner: str, statuses: Sequence[str], item_id: int | None = None) -> list[Kept]:
        """Rows of a visitor in one of these states: one of them, or all."""
        marks = ", ".join("?" * len(statuses))
        query = f"SELECT {_KEPT} FROM items WHERE owner = ? AND status IN ({marks}) AND (? IS NULL OR id = ?)"
        with self._work() as connection:
            rows = connection.execute(query, (owner, *statuses, item_id, item_id)).fetchall()
        return [self._as_kept(row) for row in rows]

    def waiting(self, owner: str | None = None) -> tuple[int, int]:
        """How many documents wait or are being read, and their bytes: of one visitor, or of all."""
        query = f"SELECT count(*), coalesce(sum(size), 0) FROM items WHERE status IN ({_LIVE}) AND (? IS NULL OR owner = ?)"
        with self._work() as connection:
            row = connection.execute(query, (owner, owner)).fetchone()
        return int(row[0]), int(row[1])

    def wait_again(self, item_ids: Sequence[int]) -> None:
        """Put rows back into the queue, as they were when they came."""
        self._set(
            item_ids,
            "status = 'waiting', pages = 0, read = 0, trouble = '', told = '', again = 0, cancel = 0, started = NULL, ended = NULL",
        )

    def drop(self, item_id: int) -> bool:
        """Cancel a document that nobody reads; False where somebody does by now."""
        query = "UPDATE items SET status = 'cancelled', ended = ? WHERE id = ? AND status IN ('waiting', 'interrupted')"
        with self._work() as connection:
            return connection.execute(query, (time(), item_id)).rowcount == 1

    def ask_cancel(self, item_id: int) -> None:
        """Note that a document being read is no longer wanted."""
        self._set([item_id], "cancel = 1")

    def forget(self, item_ids: Sequence[int]) -> None:
        """Take rows out."""
        with self._work() as connection:
            connection.executemany("DELETE FROM items WHERE id = ?", [(item_id,) for item_id in item_ids])

    # What the worker and its keeper do

    def take(self) -> Job | None:
        """The next document, noted as being read; None where none waits."""
        with self._work() as connection:
            connection.execute("BEGIN IMMEDIATE")
            row = connection.execute(_NEXT).fetchone()
            if row is not None:
                connection.execute(
                    "UPDATE items SET status = 'reading', started = ?, pages = 0, read = 0 WHERE id = ?", (time(), row["id"])
                )
            connection.execute("COMMIT")
        if row is None:
            return None
        options = Options(row["ocr"], bool(row["model"]), row["budget"])
        return Job(item_id=row["id"], path=self._absolute(row["path"]), sha256=row["sha256"], options=options, batch=row["batch"])

    def progress(self, item_id: int, pages: int, read: int) -> None:
        """Note how far a document is."""
        with self._work() as connection:
            connection.execute("UPDATE items SET pages = ?, read = ? WHERE id = ?", (pages, read, item_id))

    def finish(self, item_id: int, ending: Ending) -> None:
        """Note what became of a document."""
        values = ending.model_dump(mode="json") | {"forms": json.dumps(ending.forms, ensure_ascii=False), "at": time(), "id": item_id}
        with self._work() as connection:
            connection.execute(
                "UPDATE items SET status = :status, forms = :forms, marks = :marks, trouble = :trouble, told = :told, again = :again,"
                " ended = :at WHERE id = :id",
                values,
            )

    def in_state(self, *statuses: Status) -> list[Kept]:
        """Rows of all visitors in one of these states."""
        marks = ", ".join("?" * len(statuses))
        with self._work() as connection:
            rows = connection.execute(f"SELECT {_KEPT} FROM items WHERE status IN ({marks})", statuses).fetchall()
        return [self._as_kept(row) for row in rows]

    def interrupt(self) -> None:
        """Nobody works on what waits or was being read."""
        with self._work() as connection:
            connection.execute(f"UPDATE items SET status = 'interrupted', cancel = 0 WHERE status IN ({_LIVE})")

    def standing_on(self, path: Path, but: int) -> bool:
        """Whether another row still needs this file."""
        query = "SELECT 1 FROM items WHERE path = ? AND id <> ? AND (again = 1 OR status IN ('waiting', 'reading', 'interrupted'))"
        with self._work() as connection:
            return connection.execute(query, (self.relative(path), but)).fetchone() is not None

    def say(self, name: str, text: str) -> None:
        """Leave a word for the page, in place of an earlier one; an empty text takes it away."""
        with self._work() as connection:
            connection.execute("INSERT OR REPLACE INTO said VALUES (?, ?)", (name, text))

    def said(self, name: str) -> str:
        """The word left under a name."""
        with self._work() as connection:
            row = connection.execute("SELECT text FROM said WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def relative(self, path: Path) -> str:
        """How a file in the home is written down: a home may be moved."""
        return path.relative_to(self.path.parent).as_posix()

    def _absolute(self, written: str) -> Path:
        return self.path.parent / written

    def _as_kept(self, row: sqlite3.Row) -> Kept:
        return Kept(
            item_id=row["id"],
            status=row["status"],
            path=self._absolute(row["path"]),
            sha256=row["sha256"],
            ocr=row["ocr"],
            cancel=bool(row["cancel"]),
        )

    def _set(self, item_ids: Sequence[int], assignments: str) -> None:
        with self._work() as connection:
            connection.executemany(f"UPDATE items SET {assignments} WHERE id = ?", [(item_id,) for item_id in item_ids])


def _as_item(row: sqlite3.Row) -> Item:
    began, ended = row["started"], row["ended"]
    seconds = None if began is None else max(0.0, (ended or time()) - began)
    plain = {name: row[name] for name in ("name", "size", "ocr", "status", "pages", "read", "marks", "trouble", "told")}
    forms = tuple((form_id, name) for form_id, name in json.loads(row["forms"]))
    return Item(item_id=row["id"], model=bool(row["model"]), again=bool(row["again"]), forms=forms, seconds=seconds, **plain)
