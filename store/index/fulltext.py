"""Full text over chunks, on whichever database holds them: what both kinds offer, and the choice between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, Subquery

from store.database import Database
from store.index.postgres_text import PostgresText
from store.index.sqlite_text import SqliteText


class Doc(NamedTuple):
    """What full text is told of a chunk: its row id, and the two texts that are searched."""

    id: int
    text: str
    context: str


class FullText(Protocol):
    """Words to chunk rows. Everything is part of the caller's transaction."""

    def make(self, connection: Connection) -> None:
        """Make the table anew and empty."""

    def add(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Take chunks in."""

    def remove(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Let go of chunks; their texts have to be those that were added."""

    def size(self, connection: Connection) -> int:
        """How many chunks it holds."""

    def holding(self, connection: Connection, terms: Sequence[str]) -> Subquery | None:
        """Chunks whose text holds at least one term, as `id`, `rank` (the lower the better); None when no term has anything to look for."""

    def like(self, connection: Connection, words: str) -> Subquery | None:
        """Chunks that share words with a text, in text or context, as `id`, `rank`; None when it has no words."""


def full_text(database: Database) -> FullText:
    """The full text of this database."""
    return SqliteText() if database.is_sqlite else PostgresText()
