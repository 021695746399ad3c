"""What a database can refuse, told as errors of the store.

Every error of the driver passes through `translated`, so callers meet only StoreError, StoreBusy and StoreVersion, each saying what to do.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError, StatementError

from schema.errors import JiheError, StoreBusy, StoreError

BUSY, READ_ONLY, FULL, CRAMPED, BROKEN, CLOSED, LOST = "busy", "read-only", "full", "cramped", "broken", "closed", "lost"
SILENT, UNKNOWN, MISSING, CROWDED = "silent", "unknown", "missing", "crowded"
"""Of servers: none there; who calls is not let in; no such database; no more room for connections."""

_SHARED_MEMORY = 2**15
"""Bytes of the smallest file of shared memory that SQLite keeps beside a database while anybody has it open."""

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
_SQLSTATE |= {"57P03": SILENT, "53300": CROWDED, "3D000": MISSING}
_SQLSTATE_CLASS = {"08": CLOSED, "28": UNKNOWN, "3D": CLOSED, "57": LOST, "58": LOST}
_WORDS = (
    (
        re.compile(r"password authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist|认证失败|角色"),
        UNKNOWN,
    ),
    (re.compile(r"database .* does not exist|数据库.*不存在"), MISSING),
    (re.compile(r"too many (clients|connections)|remaining connection slots|连接槽"), CROWDED),
    (
        re.compile(
            r"Connection refused|could not translate host|resolve host|[Nn]o route|timeout|starting up|shutting down|拒绝|No such file"
        ),
        SILENT,
    ),
)
"""What a server or its driver says while no connection stands, when there are no codes: in the words of the C library and of English or
Chinese servers."""

_MESSAGES = {
    BUSY: "{name}：另一个 jihe 进程正在写入。请等它结束后再试。",
    READ_ONLY: "{name}：数据库或所在文件夹是只读的。请检查写权限，或把整个数据文件夹复制到可写的位置，再用 --home 指定。",
    FULL: "{name}：磁盘已满，本次写入没有保存（已有数据完好）。请腾出空间后再试。",
    CRAMPED: "{name}：磁盘已满，连读取需要的几十 KB 也没有（已有数据完好）。请腾出空间后再试。",
    BROKEN: "{name}：数据库已损坏或不是 jihe 的数据库。请从备份恢复，或移走该文件后重新导入原件。",
    CLOSED: "{name}：打不开数据库。请检查路径、权限和 JIHE_DATABASE_URL。",
    SILENT: "{name}：打不开数据库，服务器没有应答。请检查 JIHE_DATABASE_URL 里的主机和端口、服务器是否已启动、网络是否通。",
    UNKNOWN: "{name}：打不开数据库，服务器不认可这个用户或密码。请检查 JIHE_DATABASE_URL 里的用户名和密码，以及服务器的 pg_hba.conf。",
    MISSING: "{name}：打不开数据库，服务器上没有这个库。请检查 JIHE_DATABASE_URL 末尾的库名，或先建一个 UTF8 编码的库。",
    CROWDED: "{name}：打不开数据库，服务器的连接数已满。请稍后再试，或调大服务器的 max_connections。",
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
    except UnicodeEncodeError as e:
        raise StoreError(f"{name}：有一段文字含不完整的字符（第 {e.start + 1} 个），存不下。请更正来源文件后再试。") from e


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
    if kind == LOST and _is_cramped(Path(name).parent):
        kind = CRAMPED
    message = _MESSAGES[kind].format(name=name, detail=detail)
    return StoreBusy(message) if kind == BUSY else StoreError(message)


def _is_cramped(folder: Path) -> bool:
    """Whether SQLite's shared memory, which readers need too, finds no room; it then speaks of an error of the disk."""
    return folder.is_dir() and shutil.disk_usage(folder).free < _SHARED_MEMORY


def _kind(cause: BaseException | None) -> str | None:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)
    state = getattr(cause, "sqlstate", None)
    if state:
        return _SQLSTATE.get(state) or _SQLSTATE_CLASS.get(state[:2])
    if type(cause).__module__.partition(".")[0] != "psycopg" or type(cause).__name__ != "OperationalError":
        return None
    # Without a code: no connection came about, or it broke.
    words = str(cause)
    return next((kind for pattern, kind in _WORDS if pattern.search(words)), LOST)
