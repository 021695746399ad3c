"""Full text in PostgreSQL: the same tokens as in SQLite, kept as tsvector with positions, found by phrase queries over a GIN index.

PostgreSQL has no BM25; what is ranked is the sum of the rarities (inverse document frequencies) of the words a chunk shares with the
question, words of its context counting half. How often a word stands in a chunk, and how long the chunk is, play no part.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BindParameter, Connection, Float, Integer, Subquery, bindparam, column, text

from store.index.tokens import is_plain, pairs, singles, singles_and_pairs, units
from store.models import FULL_TEXT
from store.postgres import copy_rows

if TYPE_CHECKING:
    from store.index.fulltext import Doc

TABLE = FULL_TEXT
WORDS = f"{FULL_TEXT}_words"
"""In how many chunks each token of pairs and contexts stands; under no word at all, how many chunks there are. Counting would take a second
for each frequent word of a question once there are a million chunks."""
_MAKE = (
    f"DROP TABLE IF EXISTS {TABLE}, {WORDS}",
    f"CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, singles tsvector NOT NULL, pairs tsvector NOT NULL, context tsvector NOT NULL)",
    f'CREATE TABLE {WORDS} (word VARCHAR COLLATE "C" PRIMARY KEY, chunks INTEGER NOT NULL)',
    *(f"CREATE INDEX ix_{TABLE}_{name} ON {TABLE} USING gin ({name})" for name in ("singles", "pairs", "context")),
)
_COLUMNS = ("id", "singles", "pairs", "context")
_REMOVE = text(f"DELETE FROM {TABLE} WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_COUNT = text(
    f"INSERT INTO {WORDS} (word, chunks) SELECT * FROM unnest(CAST(:words AS varchar[]), CAST(:counts AS integer[]))"
    f" ON CONFLICT (word) DO UPDATE SET chunks = {WORDS}.chunks + excluded.chunks"
)
_COUNTS = text(f"SELECT word, chunks FROM {WORDS} WHERE word IN :words").bindparams(bindparam("words", expanding=True))
MOST_POSTINGS = 60_000
"""Chunks that are ranked for one question, about: words beyond that, the most frequent ones, say little and cost most."""
MOST_POSITION = 16_383
"""The last position a tsvector knows; phrases beyond it are not found."""
MOST_BYTES, LONGEST = 500_000, 200
"""Bytes of a tsvector, which takes no more than a megabyte; characters of a token, above which a number stands for it."""
LONGEST_CHARACTER = 4
"""Bytes in UTF-8."""


class PostgresText:
    """See store.index.fulltext.FullText."""

    def make(self, connection: Connection) -> None:
        """Make the table anew and empty."""
        for statement in _MAKE:
            connection.exec_driver_sql(statement)

    def add(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Take chunks in."""
        if docs:
            counts = Counter({"": len(docs)})
            copy_rows(connection, TABLE, _COLUMNS, [_row(doc, counts) for doc in docs])
            _count(connection, counts, 1)

    def remove(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Let go of chunks; their texts have to be those that were added."""
        if docs:
            counts = Counter({"": len(docs)})
            for doc in docs:
                counts.update(_words(singles_and_pairs(doc.text)[1]) | _context(doc.context).words)
            connection.execute(_REMOVE, {"ids": [doc.id for doc in docs]})
            _count(connection, counts, -1)

    def size(self, connection: Connection) -> int:
        """How many chunks it holds."""
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {TABLE}").scalar_one())

    def holding(self, connection: Connection, terms: Sequence[str]) -> Subquery | None:  # noqa: ARG002
        """Chunks whose text holds at least one term; rank is minus the number of terms it holds."""
        found: dict[str, str] = {}
        for n, term in enumerate(dict.fromkeys(terms)):
            if units(term):
                name = "pairs" if is_plain(term) else "singles"
                found[f"q{n}"] = f"{name} @@ CAST(:q{n} AS tsquery)"
        if not found:
            return None
        queries = {f"q{n}": _phrase(term) for n, term in enumerate(dict.fromkeys(terms)) if f"q{n}" in found}
        rank = " + ".join(f"CAST({condition} AS integer)" for condition in found.values())
        return _found(f"SELECT id, -1.0 * ({rank}) AS rank FROM {TABLE} WHERE {' OR '.join(found.values())}", queries)

    def like(self, connection: Connection, words: str) -> Subquery | None:
        """Chunks that share words with a text, ranked by how rare the shared words are; its most frequent ones are left out where they are
        in too many chunks."""
        tokens = list(dict.fromkeys(_word(token) for token in pairs(words).split()))
        counts: dict[str, int] = dict(connection.execute(_COUNTS, {"words": ["", *tokens]}).all()) if tokens else {}
        total = counts.pop("", 0)
        parts: list[str] = []
        queries: dict[str, str] = {}
        postings = 0
        for n, (token, count) in enumerate(sorted(((token, count) for token, count in counts.items() if count > 0), key=_by_count)):
            postings += count
            if parts and postings > MOST_POSTINGS:
                break
            rarity = math.log(1 + max(0.0, total - count + 0.5) / (count + 0.5))
            queries[f"q{n}"] = f"'{token}'"
            # A word at a time: its chunks come out of the GIN index, and no other chunk is looked at.
            parts += [
                f"SELECT id, {weight * rarity:.6f} AS rarity FROM {TABLE} WHERE {name} @@ CAST(:q{n} AS tsquery)"
                for name, weight in (("pairs", 1.0), ("context", 0.5))
            ]
        if not parts:
            return None
        return _found(f"SELECT id, -sum(rarity) AS rank FROM ({' UNION ALL '.join(parts)}) AS shared GROUP BY id", queries)


def _by_count(counted: tuple[str, int]) -> tuple[int, str]:
    return counted[1], counted[0]


def _count(connection: Connection, counts: Mapping[str, int], sign: int) -> None:
    """Keep the numbers of chunks by word."""
    words = sorted(counts)
    connection.execute(_COUNT, {"words": words, "counts": [sign * counts[word] for word in words]})


class _Context(NamedTuple):
    """What the chunks of a form have in common, ready to be kept."""

    vector: str
    words: frozenset[str]


@lru_cache(maxsize=512)
def _context(context: str) -> _Context:
    tokens = singles_and_pairs(context)[1]
    return _Context(_vector(tokens), _words(tokens))


def _words(tokens: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_word, tokens))


def _phrase(term: str) -> str:
    tokens = (pairs(term) if is_plain(term) else singles(term)).split()
    return " <-> ".join(_lexeme(token) for token in tokens)


def _found(statement: str, queries: dict[str, str]) -> Subquery:
    bound: list[BindParameter[str]] = [bindparam(name, value, unique=True) for name, value in queries.items()]
    return text(statement).bindparams(*bound).columns(column("id", Integer), column("rank", Float)).subquery()


def _row(doc: Doc, counts: Counter[str]) -> tuple[int, str, str, str]:
    """A chunk as the table takes it; its words are counted."""
    alone, together = singles_and_pairs(doc.text)
    context = _context(doc.context)
    counts.update(_words(together) | context.words)
    return doc.id, _vector(alone), _vector(together), context.vector


def _vector(tokens: Sequence[str]) -> str:
    lexemes = [_lexeme(token) for token in tokens[:MOST_POSITION]]
    # Few texts could be too long: only those are measured.
    if sum(map(len, lexemes)) > MOST_BYTES // LONGEST_CHARACTER:
        sizes = accumulate(len(lexeme.encode()) for lexeme in lexemes)
        lexemes = [lexeme for lexeme, size in zip(lexemes, sizes, strict=True) if size <= MOST_BYTES]
    return " ".join([f"{lexeme}:{n}" for n, lexeme in enumerate(lexemes, start=1)])


def _lexeme(token: str) -> str:
    # Tokens hold letters, digits and points only; quoted, PostgreSQL takes them as they are.
    return f"'{_word(token)}'"


def _word(token: str) -> str:
    # No more than 2 KB.
    return token if len(token) <= LONGEST else hashlib.sha256(token.encode()).hexdigest()
