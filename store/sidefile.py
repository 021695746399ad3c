"""A SQLite file beside the database, with a shape of its own: the ledger of a model, the queue of imports.

Other files of the home may be lost without loss to the forms, so they are kept apart from the tables and their migrations.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Literal, Self

from schema.errors import StoreVersion
from store.failures import translated
from store.home import make_home

BUSY_SECONDS = 15.0
"""How long a call waits for another process."""


class SideFile:
    """One file. Open one with `open_file`; it is a context manager, and safe to share between threads and processes.

    Attributes:
        TABLES: statements that make its tables, parted by semicolons.
        VERSION: the shape of the tables, kept in user_version.
        SYNCHRONOUS: FULL where not even a power cut may lose what was written.
        IF_LOST: what goes with the file when it is moved away; ends the message about one that a newer jihe wrote.
    """

    TABLES: ClassVar[str]
    VERSION: ClassVar[int]
    SYNCHRONOUS: ClassVar[Literal["NORMAL", "FULL"]] = "NORMAL"
    IF_LOST: ClassVar[str]

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._turn = threading.Lock()

    @classmethod
    def open_file(cls, path: Path) -> Self:
        """The file at this path, made where it is missing.

        Raises:
            StoreVersion: a newer jihe wrote it.
            StoreError: it cannot be used.
        """
        make_home(path.parent)
        with translated(str(path)):
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            with translated(str(path)):
                cls._prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(path, connection)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()

    def __enter__(self) -> Self:
        """The file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def _work(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one call; a transaction that was begun and not ended is taken back."""
        with self._turn, translated(str(self.path)):
            try:
                yield self._connection
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @classmethod
    def _prepare(cls, connection: sqlite3.Connection, path: Path) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {cls.SYNCHRONOUS}")
        connection.execute("BEGIN IMMEDIATE")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in filter(str.strip, cls.TABLES.split(";")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {cls.VERSION}")
        connection.execute("COMMIT")
        if version > cls.VERSION:
            raise StoreVersion(
                f"{path}：由更新版本的 jihe 写成（版本 {version}，本版本认识 {cls.VERSION}）。请升级 jihe，或移走该文件（{cls.IF_LOST}）。"
            )
