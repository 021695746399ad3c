"""Threads of conversation in HOME/threads.db: what was asked and answered, and the steps of a question that was broken off.

A question and its answer are a row of `turns`, which needs no LangChain; the steps of the question under way are kept by LangGraph's
SqliteSaver in the same file, and dropped once it is answered. Threads never mix: every row and every step bears its thread's name.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import ValidationError

from agents.answer.query import Query
from schema.errors import StoreVersion, UsageError
from store.failures import translated
from store.home import make_home
from store.locks import file_lock

THREADS_NAME = "threads.db"
VERSION = 1
LOCKS_NAME = "threads.locks"
WAIT_SECONDS = 2.0
"""How long a conversation waits for another one under the same name to end."""
BUSY_SECONDS = 15.0
LONGEST_NAME = 80
WRITING = threading.Lock()
"""Held by whoever writes in this process: SQLite has those who wait sleep, longer and longer, and the last may sleep for seconds."""
_TABLES = """
CREATE TABLE IF NOT EXISTS turns (
    thread TEXT NOT NULL,
    number INTEGER NOT NULL,
    question TEXT NOT NULL,
    answer TEXT,
    query TEXT,
    tool_calls INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (thread, number)
)
"""


@dataclass(frozen=True, slots=True)
class Past:
    """One question of a thread; `answer` is None while it is open."""

    number: int
    question: str
    answer: str | None
    query: Query | None
    tool_calls: int = 0


class Threads:
    """The threads of one home. It is a context manager; one thread of a process uses it at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._steps: sqlite3.Connection | None = None

    @classmethod
    def open(cls, home: Path) -> Self:
        """The threads of this home.

        Raises:
            StoreVersion: a newer jihe wrote them.
            StoreError: the file cannot be used.
        """
        make_home(home)
        path = home / THREADS_NAME
        with translated(str(path)):
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            version = _prepared(connection)
        if version > VERSION:
            connection.close()
            raise StoreVersion(f"{path}：由更新版本的 jihe 写成（版本 {version}，本版本认识 {VERSION}）。请升级 jihe，或移走该文件。")
        return cls(path, connection)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        if self._steps is not None:
            self._steps.close()

    def __enter__(self) -> Self:
        """The threads themselves."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close them."""
        self.close()

    @contextmanager
    def held(self, thread: str, wait: float = WAIT_SECONDS) -> Iterator[None]:
        """Keep everybody else out of a thread: two conversations under one name would answer each other's questions.

        Raises:
            StoreBusy: another process, or another conversation of this one, held it all the time.
            StoreError: the home cannot be written.
        """
        folder = self._path.parent / LOCKS_NAME
        # A name may hold what no file name can.
        name = hashlib.sha256(thread.encode()).hexdigest()[:32]
        busy = f"对话“{thread}”正在另一个窗口或进程里进行。请到那里接着谈，或等它结束，也可以换一个对话名。"
        with file_lock(folder / f"{name}.lock", wait, busy, lambda why: f"{folder}：写不了（{why}）。请检查写权限和磁盘空间。"):
            yield

    def turns(self, thread: str) -> list[Past]:
        """Everything asked in a thread, in order.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._work() as connection:
            rows = connection.execute(
                "SELECT number, question, answer, query, tool_calls FROM turns WHERE thread = ? ORDER BY number", (thread,)
            ).fetchall()
        return [Past(row[0], row[1], row[2], _query(row[3]), row[4]) for row in rows]

    def begin(self, thread: str, question: str) -> int:
        """Note a question; one that is open already with the same words is taken up. Gives its number.

        Raises:
            StoreError: the file cannot be written.
        """
        with WRITING, self._work() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                last = connection.execute(
                    "SELECT number, question, answer IS NULL FROM turns WHERE thread = ? ORDER BY number DESC LIMIT 1", (thread,)
                ).fetchone()
                if last is not None and last[2] and last[1] == question:
                    number = int(last[0])
                else:
                    number = last[0] + 1 if last is not None and not last[2] else last[0] if last is not None else 1
                    connection.execute(
                        "INSERT OR REPLACE INTO turns (thread, number, question) VALUES (?, ?, ?)", (thread, number, question)
                    )
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise
        return number

    def finish(self, thread: str, number: int, answer: str, query: Query | None, tool_calls: int) -> None:
        """Note the answer, and drop the steps that led to it.

        Raises:
            StoreError: the file cannot be written.
        """
        told = query.model_dump_json(exclude_defaults=True) if query is not None else None
        with WRITING, self._work() as connection:
            connection.execute(
                "UPDATE turns SET answer = ?, query = ?, tool_calls = ? WHERE thread = ? AND number = ?",
                (answer, told, tool_calls, thread, number),
            )
            if self._steps is not None:
                self.saver().delete_thread(steps_of(thread, number))

    def saver(self) -> Any:
        """LangGraph's saver over the same file; it imports LangGraph."""
        from langgraph.checkpoint.sqlite import SqliteSaver  # noqa: PLC0415 - nobody pays for it before a model is asked

        if self._steps is None:
            with translated(str(self._path)):
                self._steps = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        saver = SqliteSaver(self._steps)
        with translated(str(self._path)):
            saver.setup()
        return saver

    @contextmanager
    def _work(self) -> Iterator[sqlite3.Connection]:
        with translated(str(self._path)):
            yield self._connection


def quick(connection: sqlite3.Connection) -> None:
    """Have a connection not wait for the disk with every answer: what a power cut may take is the last of a conversation, and whole."""
    connection.execute("PRAGMA synchronous = NORMAL")


def _prepared(connection: sqlite3.Connection) -> int:
    """Make the tables where there are none; the version of those that are there."""
    quick(connection)
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version < VERSION:
        with WRITING:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_TABLES)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    return version


def steps_of(thread: str, number: int) -> str:
    """Under what the steps of a question are kept."""
    return f"{thread}#{number}"


def checked_name(name: str) -> str:
    """The name of a thread.

    Raises:
        UsageError: it is empty, too long, or has characters that do not print.
    """
    plain = name.strip()
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise UsageError(f"对话名 {name[:LONGEST_NAME]!r} 不可用。应为 1 到 {LONGEST_NAME} 个可见的字，如：--thread 年终复核。")
    return plain


def _query(text: str | None) -> Query | None:
    if text is None:
        return None
    try:
        return Query.model_validate_json(text)
    except ValidationError:
        # An earlier version wrote it: the thread goes on without.
        return None
