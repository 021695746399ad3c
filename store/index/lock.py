"""One writer of vectors at a time: a lock on a file in the home, and with a database server one of its own, since several homes on several
machines may share it. The system, or the server, lets go of them when their process ends, however it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema.errors import StoreBusy
from store.database import Database
from store.failures import translated
from store.locks import file_lock
from store.postgres import leave_index, try_index

LOCK_NAME = "index.lock"
WAIT_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""
POLL_SECONDS = 0.05


@contextmanager
def index_lock(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the index in this folder.

    Raises:
        StoreBusy: another process, or another thread, held it all the time.
        StoreError: the folder cannot be written.
    """
    with file_lock(folder / LOCK_NAME, wait, _busy(folder, wait), lambda why: f"{folder}：索引写不了（{why}）。请检查写权限和磁盘空间。"):
        yield


@contextmanager
def index_turn(database: Database, home: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the index of this database, opened in this home, against everybody who uses either.

    Raises:
        StoreBusy: somebody else held it all the time.
        StoreError: the home cannot be written, or the server does not answer.
    """
    began = time.monotonic()
    with index_lock(home, wait):
        if database.is_sqlite:
            yield
            return
        with _server_lock(database, began + wait, _busy(database.name, wait)):
            yield


@contextmanager
def _server_lock(database: Database, until: float, busy: str) -> Iterator[None]:
    # Of a connection and not of a transaction: it is held over many of them, and an open one would keep rows from being cleaned up.
    with translated(database.name):
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with translated(database.name):
            while not try_index(connection):
                if time.monotonic() > until:
                    raise StoreBusy(busy)
                time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            leave_index(connection)
    finally:
        connection.close()


def _busy(place: object, wait: float) -> str:
    return f"{place}：另一个 jihe 进程正在写索引（等了 {wait:.0f} 秒）。请等它结束后再试；已存的表不受影响。"
