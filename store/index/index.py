"""The index over the forms of a store: searched by words and by likeness, and brought up to date by whoever uses it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import Subquery

from schema import thesaurus
from schema.errors import JiheError, StoreBusy, StoreError, VectorsGone
from store.index import lookup, upkeep
from store.index.embedder import Embedder, Vectors
from store.index.fulltext import full_text
from store.index.fusion import Fused, Ranking, fuse
from store.index.lock import WAIT_SECONDS, index_turn
from store.index.mend import Mender, Progress
from store.index.records import Chunk, ChunkFilter, Hit, How, IndexFaults, IndexState, Match
from store.index.tokens import singles
from store.index.vectors import URL_VARIABLE, Near, VectorBook, load_library
from store.store import Store

ANY = ChunkFilter()
MEND_SECONDS, MEND_WAIT, SHORT_WAIT = 1.5, 2.0, 0.5
"""How long a question spends on vectors that are missing, and waits for whoever is writing them, before it is answered without: longer
where there are none at hand at all."""
CANDIDATES = 50
"""How many chunks each way of searching proposes at the least."""
CLOSE = 0.25
"""What share of the best chunk's rank by words another one needs to be ranked: the rest has only the common words of the question."""
HINT_SHARE = 0.5
"""What a place counts by words that only go with a cause."""
FEW, MANY = 300, 20_000
"""Chunks that are compared one by one; vectors among which filtering takes Chroma longer than a question may take."""
LONGEST_QUESTION = 500
"""Characters of a question that are searched for."""


class Index:
    """Chunks of all forms as they stand. Open one with `Index.open`; it is a context manager.

    It needs no care: text and vectors that are missing are made when it is used, and what another process committed is seen by the next
    call. One Index may be used by several threads, one home by several processes.
    """

    def __init__(self, store: Store, embedder: Embedder, book: VectorBook) -> None:
        self._store = store
        self._database = store.database
        self._embedder = embedder
        self._book = book
        self._words = full_text(store.database)
        self._mender = Mender(store, embedder, book, self._words)
        self.shortfall: str | None = None
        """Why the last question went without vectors, or without what was written just now; None when it did not."""

    @classmethod
    def open(cls, store: Store, embedder: Embedder, url: str | None = None) -> Self:
        """The index of this store. Nothing is read, made or imported before it is used.

        Args:
            store: it has to stay open as long as the index.
            embedder: what turns texts into vectors.
            url: a Chroma server; default JIHE_CHROMA_URL, else the folder in the home.

        Raises:
            UsageError: the address of the server is none.
        """
        return cls(store, embedder, VectorBook.at(store.home, url or os.environ.get(URL_VARIABLE) or None))

    def close(self) -> None:
        """Let go of the vectors."""
        self._book.close()

    def __enter__(self) -> Self:
        """The index itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def search(self, text: str, filters: ChunkFilter = ANY, k: int = 10, terms: Sequence[str] = ()) -> list[Hit]:
        """The chunks that are most about a text, in Chinese or in English (by the thesaurus), best first.

        Words (BM25), terms (those of the causes that the text names, and `terms`), and likeness of vectors each rank the chunks that fit;
        the ranks are fused. Where vectors cannot be had (another process makes them anew, an endpoint does not answer), words alone
        decide, and `shortfall` says why.

        Raises:
            StoreError: the index was made by another embedding, or cannot be read.
        """
        question = thesaurus.without_question_words(text[:LONGEST_QUESTION])
        if not singles(question):
            return []
        self._be_ready()
        each = max(CANDIDATES, 2 * k)
        proposed = self._near(question, filters, each)
        with self._database.read() as connection:
            rankings = [Ranking("dense", tuple(proposed), self._embedder.share)]
            known = lookup.chunks_by_key(connection, list(proposed), filters)
            by_words: list[tuple[How, float, Subquery | None]] = [
                ("text", 1.0, self._words.like(connection, question)),
                ("terms", 1.0, self._words.holding(connection, [*thesaurus.terms_of(question), *terms])),
                ("terms", HINT_SHARE, self._words.holding(connection, thesaurus.hints_of(question))),
            ]
            for how, share, found in by_words:
                if found is not None:
                    ranked = lookup.found_chunks(connection, found, filters, each)
                    chunks = [one.chunk for one in ranked if one.rank <= CLOSE * ranked[0].rank]
                    known |= {chunk.id: chunk for chunk in chunks}
                    rankings.append(Ranking(how, tuple(chunk.id for chunk in chunks), share))
        return [_hit(known[one.key], one, proposed.get(one.key)) for one in fuse(rankings, known)[:k]]

    def match_terms(self, terms: Sequence[str], filters: ChunkFilter = ANY) -> list[Match]:
        """Every chunk whose text holds one of the terms, with those it holds, form by form; width, case and punctuation do not matter.

        What a context says (names of projects and units) is not looked at. Nothing is left out, however many there are.
        """
        self._be_ready()
        with self._database.read() as connection:
            found = self._words.holding(connection, terms)
            chunks = [one.chunk for one in lookup.found_chunks(connection, found, filters, None)] if found is not None else []
        # Padded, so that a term begins and ends where words and numbers do.
        wanted = {term: f" {singles(term)} " for term in dict.fromkeys(terms) if singles(term)}
        matches = []
        for chunk in chunks:
            lines = [f" {singles(line)} " for line in chunk.text.split("\n")]
            held = tuple(term for term, tokens in wanted.items() if any(tokens in line for line in lines))
            if held:
                matches.append(Match(chunk=chunk, terms=held))
        return sorted(matches, key=lambda match: (match.chunk.form_id, match.chunk.row if match.chunk.row is not None else -1))

    def chunks(self, filters: ChunkFilter = ANY) -> list[Chunk]:
        """Every chunk that fits, form by form."""
        self._be_ready()
        with self._database.read() as connection:
            return list(lookup.chunks_of(connection, filters))

    def state(self) -> IndexState:
        """How the index stands, as it is: nothing is mended for this."""
        with self._database.read() as connection:
            forms, vectors = upkeep.counts(connection)
            return IndexState(
                chunks=lookup.count_chunks(connection, ANY),
                waiting_forms=forms,
                waiting_vectors=vectors,
                embedding=upkeep.standing(connection).embedding,
            )

    def faults(self) -> IndexFaults:
        """Compare chunks, full text and vectors, one by one; nothing is mended. Takes the keys of all chunks into memory.

        Raises:
            StoreBusy: another process writes the index.
            StoreError: it was made by another embedding, or cannot be read.
        """
        with self._book.turn, index_turn(self._database, self._store.home, WAIT_SECONDS), self._database.read() as connection:
            standing = upkeep.standing(connection)
            keys, waiting = upkeep.settled_keys(connection)
            present: set[str] = set()
            if standing.embedding is not None:
                load_library()
                self._book.open(standing.store or "", standing.generation, self._embedder)
                present = self._book.keys()
            return IndexFaults(
                chunks=len(keys),
                texts=self._words.size(connection) if standing.shape is not None else 0,
                vectors_missing=len(keys - present - waiting),
                vectors_left=len(present - keys - waiting),
            )

    def catch_up(self, progress: Progress | None = None) -> None:
        """Bring text and vectors up to date; cheap when they are. For whoever has just written forms.

        Raises:
            StoreBusy: another process writes the index all the time; what is missing is mended later, by whoever comes next.
            StoreError: the index was made by another embedding, or cannot be written.
            JiheError: an endpoint that is asked for vectors does not answer.
        """
        self._mender.take_in(progress)
        self._mender.bring_vectors(WAIT_SECONDS, None, progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make the whole index anew, with the embedding at hand, whatever was there before.

        Raises:
            StoreBusy: another process writes the index.
            StoreError: it cannot be written.
            JiheError: an endpoint that is asked for vectors does not answer.
        """
        with self._book.turn, index_turn(self._database, self._store.home, WAIT_SECONDS):
            with self._database.read() as connection:
                old = upkeep.standing(connection).store
            self._mender.empty(old or "")
            with self._database.write() as connection:
                upkeep.begin(connection, self._words)
            self._mender.take_in(progress)
            self._mender.write_vectors(None, progress)

    def _be_ready(self) -> None:
        """Take in what others committed, before a question is answered; where another process does not let it, say so and go on."""
        self.shortfall = None
        try:
            self._mender.take_in()
        except StoreBusy:
            self.shortfall = "另一个 jihe 进程正在写入，刚导入或更正的表这次可能没有查到。请等它结束后再问。"

    def _near(self, question: str, filters: ChunkFilter, k: int) -> dict[str, float]:
        """Keys and likeness of the chunks nearest to a question, nearest first; none where vectors cannot be had."""
        try:
            wait = SHORT_WAIT if self._book.is_open else MEND_WAIT
            self.shortfall = self._mender.bring_vectors(wait, time.monotonic() + MEND_SECONDS, None) or self.shortfall
        except StoreBusy as e:
            self.shortfall = str(e)
        except VectorsGone as e:
            self.shortfall = str(e)
            return {}
        except StoreError:
            raise
        except JiheError as e:
            self.shortfall = str(e)
        try:
            vector = self._embedder.embed_query(question)
        except JiheError as e:
            self.shortfall = str(e)
            return {}
        with self._book.turn:
            # Behind by what another process is writing right now, a client still serves; one that was never opened does not.
            if not self._book.is_open:
                return {}
            try:
                return {near.key: near.likeness for near in self._nearest(vector, filters, k)}
            except VectorsGone as e:
                self.shortfall = str(e)
                return {}
            except StoreError:
                # Whoever is making the index anew has taken the vectors away; whoever is not, has no excuse.
                if self.shortfall is None:
                    raise
                return {}

    def _nearest(self, vector: Vectors, filters: ChunkFilter, k: int) -> list[Near]:
        if filters == ANY:
            return self._book.near(vector, k, ANY)
        with self._database.read() as connection:
            keys = lookup.first_keys(connection, filters, FEW + 1)
        if len(keys) <= FEW:
            return self._book.likeness(vector, keys)[:k] if keys else []
        # Chroma goes through the metadata of all its entries to filter; with very many of them, filtering what it finds is quicker.
        large = self._book.size() > MANY
        return self._book.near(vector, FEW, ANY) if large else self._book.near(vector, k, filters)


def _hit(chunk: Chunk, fused: Fused, likeness: float | None) -> Hit:
    return Hit(chunk=chunk, score=fused.score, how=fused.how, likeness=likeness)
