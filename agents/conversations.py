"""Conversations of many people over one home: what each asked, in whole answers with their places, and whose it is.

They lie in HOME/threads.db beside the threads of agents.answer.agent.threads, which they go on from: there a question and the text of its
answer, here the answer with its citations, and to whom the conversation belongs. Nobody gets at a conversation of somebody else.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path

from pydantic import Field, ValidationError

from agents.answer.agent.threads import BUSY_SECONDS, THREADS_NAME, WRITING, Threads, quick, steps_of
from agents.answer.answer import Answer
from schema.errors import UsageError
from schema.record import Record
from store.failures import translated

MOST_OF_ONE = 100
"""Conversations of one person that are kept; the ones longest untouched go first."""
MOST_OF_STRANGERS = 5000
"""The same for all who did not log in together: whoever deletes their cookies comes as somebody new."""
STRANGER = "~"
"""What the owner's name begins with where nobody logged in."""
_TITLE = 60
_TABLES = """
CREATE TABLE IF NOT EXISTS conversations (
    thread TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    changed REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_conversations_owner ON conversations (owner, changed);
CREATE TABLE IF NOT EXISTS answers (
    thread TEXT NOT NULL,
    number INTEGER NOT NULL,
    answer TEXT NOT NULL,
    documents TEXT NOT NULL,
    PRIMARY KEY (thread, number)
);
"""
_FOUND = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'checkpoints'"


class ConversationSummary(Record):
    """One line of the list: its id, its first question, and when it was last used, in seconds since 1970."""

    conversation: str
    title: str
    changed: float


class Told(Record):
    """A question of a conversation with what became of it.

    Attributes:
        answer: None where it was broken off, or nobody answered yet.
        documents: sha256 of the document behind each form that is cited, by form_id, as it was when the answer was given.
    """

    number: int
    question: str
    answer: Answer | None = None
    documents: dict[str, str] = Field(default_factory=dict)


class Conversations:
    """The conversations of one home. Threads and processes may share it: every call has a connection of its own.

    Raises:
        StoreError: of every method, where the file cannot be used.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / THREADS_NAME
        Threads.open(home).close()
        with self._writing() as connection:
            connection.executescript(_TABLES)

    def threads(self) -> Threads:
        """The threads beneath, for one question; whoever asks closes them."""
        return Threads.open(self._home)

    def of(self, owner: str) -> list[ConversationSummary]:
        """The conversations of a person, last used first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT thread, title, changed FROM conversations WHERE owner = ? ORDER BY changed DESC", (owner,)
            ).fetchall()
        return [ConversationSummary(conversation=row[0], title=row[1], changed=row[2]) for row in rows]

    def begin(self, owner: str, question: str) -> str:
        """A new conversation that opens with this question; its id cannot be guessed."""
        conversation = secrets.token_urlsafe(16)
        with self._writing() as connection:
            connection.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, owner, question[:_TITLE], time.time()))
            surplus = self._surplus(connection, owner)
            for one in surplus:
                self._drop(connection, one)
        return conversation

    def touch(self, owner: str, conversation: str) -> None:
        """Note that a conversation is used.

        Raises:
            UsageError: the person has no such conversation.
        """
        with self._writing() as connection:
            self._owned(connection, owner, conversation)
            connection.execute("UPDATE conversations SET changed = ? WHERE thread = ?", (time.time(), conversation))

    def told(self, owner: str, conversation: str) -> list[Told]:
        """Everything asked in a conversation, in order.

        Raises:
            UsageError: the person has no such conversation.
        """
        with self._reading() as connection:
            self._owned(connection, owner, conversation)
            rows = connection.execute(
                "SELECT t.number, t.question, t.answer, a.answer, a.documents FROM turns t "
                "LEFT JOIN answers a ON a.thread = t.thread AND a.number = t.number WHERE t.thread = ? ORDER BY t.number",
                (conversation,),
            ).fetchall()
        return [_told(*row) for row in rows]

    def keep(self, conversation: str, answer: Answer, documents: dict[str, str]) -> None:
        """Keep the whole answer to the last question of a conversation; nothing, where it was deleted meanwhile."""
        with self._writing() as connection:
            number = connection.execute(
                "SELECT max(t.number) FROM turns t JOIN conversations c ON c.thread = t.thread WHERE t.thread = ?", (conversation,)
            ).fetchone()[0]
            if number is not None:
                values = (conversation, number, answer.model_dump_json(), json.dumps(documents))
                connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", values)

    def remove(self, owner: str, conversation: str) -> None:
        """Delete a conversation with all that was asked in it.

        Raises:
            UsageError: the person has no such conversation.
        """
        with self._writing() as connection:
            self._owned(connection, owner, conversation)
            self._drop(connection, conversation)

    def _owned(self, connection: sqlite3.Connection, owner: str, conversation: str) -> None:
        row = connection.execute("SELECT owner FROM conversations WHERE thread = ?", (conversation,)).fetchone()
        if row is None or row[0] != owner:
            raise UsageError("没有这个对话，它可能已被删除。请开始新的对话。")

    def _surplus(self, connection: sqlite3.Connection, owner: str) -> list[str]:
        longest_untouched = "SELECT thread FROM conversations WHERE {} ORDER BY changed DESC LIMIT -1 OFFSET ?"
        rows = connection.execute(longest_untouched.format("owner = ?"), (owner, MOST_OF_ONE)).fetchall()
        if owner.startswith(STRANGER):
            rows += connection.execute(longest_untouched.format("owner GLOB ?"), (f"{STRANGER}*", MOST_OF_STRANGERS)).fetchall()
        return [row[0] for row in rows]

    def _drop(self, connection: sqlite3.Connection, conversation: str) -> None:
        if connection.execute(_FOUND).fetchone()[0]:
            numbers = connection.execute("SELECT number FROM turns WHERE thread = ?", (conversation,)).fetchall()
            steps = [(steps_of(conversation, number),) for (number,) in numbers]
            connection.executemany("DELETE FROM checkpoints WHERE thread_id = ?", steps)
            connection.executemany("DELETE FROM writes WHERE thread_id = ?", steps)
        for table in ("turns", "answers", "conversations"):
            connection.execute(f"DELETE FROM {table} WHERE thread = ?", (conversation,))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with translated(str(self._path)), closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS)) as connection, connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with WRITING, self._reading() as connection:
            quick(connection)
            yield connection


def _told(number: int, question: str, text: str | None, answer: str | None, documents: str | None) -> Told:
    if text is None:
        return Told(number=number, question=question)
    try:
        whole = _answer(answer) if answer is not None else None
    except ValidationError:
        # An earlier version wrote it.
        whole = None
    return Told(
        number=number, question=question, answer=whole or Answer(question=question, answer=text), documents=json.loads(documents or "{}")
    )


def _answer(text: str) -> Answer:
    # Figures are exact, so they must not become binary numbers on the way; the plan is plain JSON data.
    exact = json.loads(text, parse_float=Decimal)
    return Answer.model_validate(exact | {"plan": json.loads(text)["plan"]})
