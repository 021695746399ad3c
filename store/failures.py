"""What a database can refuse, told as errors of the store.

Every error of the driver passes through `translated`, so callers meet only StoreError, StoreBusy and StoreVersion, each saying what to do.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError, StatementError

from schema.errors import JiheError, StoreBusy, StoreError

BUSY, READ_ONLY, FULL, BROKEN, CLOSED, LOST = "busy", "read-only", "full", "broken", "closed", "lost"

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_AUTH: READ_ONLY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CORRUPT: BROKEN,
    sqlite3.SQLITE_NOTADB: BROKEN,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_IOERR: LOST,
}
"""Primary result codes; SQLite puts details into the higher bits."""

_SQLSTATE = {"40001": BUSY, "40P01": BUSY, "55P03": BUSY, "25006": READ_ONLY, "42501": READ_ONLY, "53100": FULL, "XX001": BROKEN}
_SQLSTATE_CLASS = {"08": CLOSED, "28": CLOSED, "3D": CLOSED, "57": LOST, "58": LOST}

_MESSAGES = {
    BUSY: "{name}：另一个 jihe 进程正在写入。请等它结束后再试。",
    READ_ONLY: "{name}：数据库或所在文件夹是只读的。请检查写权限，或把整个数据文件夹复制到可写的位置，再用 --home 指定。",
    FULL: "{name}：磁盘已满，本次写入没有保存（已有数据完好）。请腾出空间后再试。",
    BROKEN: "{name}：数据库已损坏或不是 jihe 的数据库。请从备份恢复，或移走该文件后重新导入原件。",
    CLOSED: "{name}：打不开数据库。请检查路径、权限和 JIHE_DATABASE_URL。",
    LOST: "{name}：读写数据库时出错（{detail}）。请检查磁盘和网络连接后再试。",
}


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Run a piece of database work; `name` is what messages call the database.

    Raises:
        StoreBusy: another process holds it.
        StoreError: anything else the database refuses.
    """
    try:
        yield
    except SQLAlchemyError as e:
        raise as_store_error(e, name) from e
    except sqlite3.Error as e:
        raise as_store_error(e, name) from e


def as_store_error(error: Exception, name: str) -> JiheError:
    """The error of the store that a driver's error amounts to."""
    cause = error.orig if isinstance(error, StatementError) else error
    if isinstance(cause, JiheError):
        return cause
    detail = " ".join(str(cause).split())
    kind = _kind(cause)
    if kind is None:
        return StoreError(f"{name}：数据库拒绝了操作（{detail}）。请运行 jihe doctor 检查。")
    if kind == CLOSED and Path(name).exists() and not os.access(Path(name).parent, os.W_OK):
        # SQLite keeps its log beside the database, so even reading needs a folder that can be written.
        kind = READ_ONLY
    message = _MESSAGES[kind].format(name=name, detail=detail)
    return StoreBusy(message) if kind == BUSY else StoreError(message)


def _kind(cause: BaseException | None) -> str | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state:
        return _SQLSTATE.get(state) or _SQLSTATE_CLASS.get(state[:2])
    return None
