"""Full text in PostgreSQL: the same tokens as in SQLite, kept as tsvector with positions, found by phrase queries over a GIN index.

PostgreSQL has no BM25; what is ranked is the sum of the rarities (inverse document frequencies) of the words a chunk shares with the
question, words of its context counting half. How often a word stands in a chunk, and how long the chunk is, play no part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import BindParameter, Connection, Float, Integer, Subquery, bindparam, column, text

from store.index.tokens import is_plain, pairs, singles, units
from store.models import FULL_TEXT

if TYPE_CHECKING:
    from store.index.fulltext import Doc

TABLE = FULL_TEXT
_MAKE = (
    f"DROP TABLE IF EXISTS {TABLE}",
    f"CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, singles tsvector NOT NULL, pairs tsvector NOT NULL, context tsvector NOT NULL)",
    *(f"CREATE INDEX ix_{TABLE}_{name} ON {TABLE} USING gin ({name})" for name in ("singles", "pairs", "context")),
)
_ADD = text(
    f"INSERT INTO {TABLE} (id, singles, pairs, context)"
    " VALUES (:id, CAST(:singles AS tsvector), CAST(:pairs AS tsvector), CAST(:context AS tsvector))"
)
_REMOVE = text(f"DELETE FROM {TABLE} WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
_TOTAL = text(f"SELECT count(*) FROM {TABLE}")
_COUNT = text(f"SELECT count(*) FROM {TABLE} WHERE pairs @@ CAST(:query AS tsquery) OR context @@ CAST(:query AS tsquery)")
MOST_WORDS = 40
"""Words of a question that are looked up."""
MOST_POSITION = 16_383
"""The last position a tsvector knows; phrases beyond it are not found."""


class PostgresText:
    """See store.index.fulltext.FullText."""

    def make(self, connection: Connection) -> None:
        """Make the table anew and empty."""
        for statement in _MAKE:
            connection.exec_driver_sql(statement)

    def add(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Take chunks in."""
        if docs:
            connection.execute(_ADD, [_values(doc) for doc in docs])

    def remove(self, connection: Connection, docs: Sequence[Doc]) -> None:
        """Let go of chunks."""
        if docs:
            connection.execute(_REMOVE, {"ids": [doc.id for doc in docs]})

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
        """Chunks that share words with a text, ranked by how rare the shared words are."""
        tokens = list(dict.fromkeys(pairs(words).split()))[:MOST_WORDS]
        total = connection.execute(_TOTAL).scalar_one() if tokens else 0
        conditions, ranks, queries = [], [], {}
        for n, token in enumerate(tokens):
            query = _lexeme(token)
            count = connection.execute(_COUNT, {"query": query}).scalar_one()
            if not count:
                continue
            rarity = math.log(1 + (total - count + 0.5) / (count + 0.5))
            queries[f"q{n}"] = query
            conditions += [f"{name} @@ CAST(:q{n} AS tsquery)" for name in ("pairs", "context")]
            ranks += [f"{weight * rarity:.6f} * CAST({c} AS integer)" for c, weight in zip(conditions[-2:], (1.0, 0.5), strict=True)]
        if not conditions:
            return None
        return _found(f"SELECT id, -({' + '.join(ranks)}) AS rank FROM {TABLE} WHERE {' OR '.join(conditions)}", queries)


def _phrase(term: str) -> str:
    tokens = (pairs(term) if is_plain(term) else singles(term)).split()
    return " <-> ".join(_lexeme(token) for token in tokens)


def _found(statement: str, queries: dict[str, str]) -> Subquery:
    bound: list[BindParameter[str]] = [bindparam(name, value, unique=True) for name, value in queries.items()]
    return text(statement).bindparams(*bound).columns(column("id", Integer), column("rank", Float)).subquery()


def _values(doc: Doc) -> dict[str, str | int]:
    return {"id": doc.id, "singles": _vector(singles(doc.text)), "pairs": _vector(pairs(doc.text)), "context": _vector(pairs(doc.context))}


def _vector(tokens: str) -> str:
    return " ".join(f"{_lexeme(token)}:{n}" for n, token in enumerate(tokens.split(), start=1) if n <= MOST_POSITION)


def _lexeme(token: str) -> str:
    # Tokens hold letters, digits and points only; quoted, PostgreSQL takes them as they are.
    return f"'{token}'"
