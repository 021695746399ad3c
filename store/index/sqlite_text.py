"""Full text in SQLite: an FTS5 table beside the chunks, over tokens that Python cuts, ranked by BM25.

The table keeps no texts of its own (they stand in `chunks`), so a chunk is taken out by telling FTS5 the tokens it was put in with. That
is sound because chunks are never changed, only replaced, and because other tokens (TOKENS_VERSION) make the table anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Float, Integer, Subquery, bindparam, column, select, text

from store.index.tokens import context_pairs, is_character, is_plain, pairs, singles, singles_and_pairs, units
from store.models import FULL_TEXT

if TYPE_CHECKING:
    from store.index.fulltext import Doc

TABLE = FULL_TEXT
# ascii: every character beyond ASCII belongs to a token, whatever Unicode this SQLite knows; tokens come cut and folded.
_MAKE = f"""CREATE VIRTUAL TABLE {TABLE} USING fts5(singles, pairs, context, content='', tokenize="ascii tokenchars '.'")"""
_VOCABULARY = f"CREATE VIRTUAL TABLE {TABLE}_words USING fts5vocab('{TABLE}', 'row')"
_ADD = text(f"INSERT INTO {TABLE} (rowid, singles, pairs, context) VALUES (:id, :singles, :pairs, :context)")
_REMOVE = text(f"INSERT INTO {TABLE} ({TABLE}, rowid, singles, pairs, context) VALUES ('delete', :id, :singles, :pairs, :context)")
_FOUND = f"SELECT rowid AS id, bm25({TABLE}, 1.0, 1.0, 0.5) AS rank FROM {TABLE} WHERE {TABLE} MATCH :match"
_COUNTS = text(f"SELECT term, doc FROM {TABLE}_words WHERE term IN :terms").bindparams(bindparam("terms", expanding=True))
MOST_POSTINGS = 60_000
"""Chunks that are ranked for one question, about: words beyond that, the most frequent ones, say little and cost most."""


class SqliteText:
    """See store.index.fulltext.FullText."""

    def make(self, connection: Connection) -> None:
        """Make the table anew and empty."""
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}_words")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
        connection.exec_driver_sql(_MAKE)
        connection.exec_driver_sql(_VOCABULARY)

    def add(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Take chunks in."""
        if docs:
            connection.execute(_ADD, [_values(doc) for doc in docs])

    def remove(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Let go of chunks; their texts have to be those that were added."""
        if docs:
            connection.execute(_REMOVE, [_values(doc) for doc in docs])

    def size(self, connection: Connection) -> int:
        """How many chunks it holds."""
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {TABLE}_docsize").scalar_one())

    def holding(self, connection: Connection, terms: Sequence[str]) -> Subquery | None:  # noqa: ARG002
        """Chunks whose text holds at least one term; a term is found where its tokens stand in a row."""
        phrases = [phrase for term in dict.fromkeys(terms) if (phrase := _phrase(term))]
        return _found(" OR ".join(phrases)) if phrases else None

    def like(self, connection: Connection, words: str) -> Subquery | None:
        """Chunks that share words with a text, ranked by BM25; its most frequent words are left out where they are in too many chunks."""
        tokens = list(dict.fromkeys(pairs(words).split()))
        if not tokens:
            return None
        counts: dict[str, int] = dict(connection.execute(_COUNTS, {"terms": tokens}).all())
        chosen: list[str] = []
        postings = 0
        for token in sorted((token for token in tokens if token in counts), key=lambda token: counts[token]):
            postings += counts[token]
            if chosen and postings > MOST_POSTINGS:
                break
            chosen.append(f'"{token}"')
        # The column of single characters is left out, save for a question of one character.
        columns = "{pairs context}" if any(not is_character(token) for token in tokens) else "{singles pairs context}"
        return _found(f"{columns} : ({' OR '.join(chosen)})") if chosen else None


def _phrase(term: str) -> str | None:
    if not units(term):
        return None
    # Pairs are rarer than characters, so looking them up is quicker; what is mixed with Latin or digits, or is a single character, has
    # no pairs that stand for it wherever it stands.
    return f'pairs : "{pairs(term)}"' if is_plain(term) else f'singles : "{singles(term)}"'


def _found(match: str) -> Subquery:
    # Kept whole: folded into a larger query, SQLite would not know how to rank any more.
    hits = text(_FOUND).bindparams(bindparam("match", match, unique=True)).columns(column("id", Integer), column("rank", Float))
    ranked = hits.cte("found").prefix_with("MATERIALIZED")
    return select(ranked).subquery()


def _values(doc: Doc) -> dict[str, str | int]:
    alone, together = singles_and_pairs(doc.text)
    return {"id": doc.id, "singles": " ".join(alone), "pairs": " ".join(together), "context": context_pairs(doc.context)}
