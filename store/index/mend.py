"""Whatever of the index is missing, made: text in the database first, then vectors, a batch at a time, so that others get their turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread

import numpy as np

from schema.errors import StoreError
from store.database import Database
from store.index import upkeep
from store.index.embedder import Embedder, Vectors
from store.index.fulltext import FullText
from store.index.lock import index_turn
from store.index.upkeep import Work
from store.index.vectors import Entry, VectorBook, load_library, other_embedding
from store.store import Store

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is in all: forms, then vectors."""
VECTORS_AT_A_TIME = 500
BREATH = 0.02
"""Seconds between transactions of a long run of them, in which another process gets its turn."""
MISSING = "运行 jihe reindex --missing 可一次补齐。"


class Mender:
    """What brings the index of a store up to date.

    Args:
        words: the full text of the store's database.
        book: the vectors.
    """

    def __init__(self, store: Store, embedder: Embedder, book: VectorBook, words: FullText) -> None:
        self._home = store.home
        self._database = store.database
        self._embedder = embedder
        self._book = book
        self._words = words
        self._ahead = _Ahead(store.database, embedder)

    def take_in(self, progress: Progress | None = None) -> None:
        """Index the forms that changed. Nothing of it is left for later: text that is behind would leave out answers without a word."""
        with self._database.read() as connection:
            standing = upkeep.standing(connection)
        if standing.shape != upkeep.MADE_BY:
            with self._database.write() as connection:
                if upkeep.standing(connection).shape != upkeep.MADE_BY:
                    upkeep.begin(connection, self._words)
        elif standing.current:
            return
        with self._database.read() as connection:
            total, done = upkeep.counts(connection)[0], 0
        while True:
            with self._database.write() as connection:
                taken = upkeep.take_in(connection, self._words)
            if not taken:
                return
            done += taken
            # SQLite does not queue writers: whoever waits only looks now and then whether it is his turn.
            time.sleep(BREATH if done < total else 0)
            if progress:
                progress(done, max(done, total))

    def bring_vectors(self, wait: float, deadline: float | None, progress: Progress | None) -> str | None:
        """Open the vectors as they stand, and write those that are missing until the deadline; what a question then goes without.

        Raises:
            StoreBusy: another process writes them all the time.
            StoreError: they were made by another embedding, or cannot be written.
            JiheError: an endpoint that is asked for vectors does not answer.
        """
        with self._database.read() as connection:
            standing = upkeep.standing(connection)
        if standing.embedding not in (None, self._embedder.name):
            raise StoreError(other_embedding(str(standing.embedding), self._embedder.name))
        if not standing.vectors and self._book.sound and self._book.is_fresh(standing.store or "", standing.generation):
            return None
        with self._book.turn:
            return self._write_under_lock(wait, deadline, progress)

    def _write_under_lock(self, wait: float, deadline: float | None, progress: Progress | None) -> str | None:
        load_library()
        # The lock is let go between batches, so that a long import and a question get their turns.
        while True:
            with index_turn(self._database, self._home, wait):
                finished = self.write_vectors(1, progress, ahead=deadline is None)
            if finished:
                return None
            if deadline is not None and time.monotonic() > deadline:
                with self._database.read() as connection:
                    waiting = upkeep.counts(connection)[1]
                return f"还有 {waiting} 段没有向量，这次主要按字词查找。{MISSING}"

    def write_vectors(self, batches: int | None, progress: Progress | None, *, ahead: bool = True) -> bool:
        """Write some batches of missing vectors, or all; whether none are left. Under the lock of the index.

        Args:
            ahead: the caller will go on until none are left, so the next ones may be made meanwhile.
        """
        while True:
            with self._database.read() as connection:
                standing = upkeep.standing(connection)
                work = upkeep.next_vectors(connection, VECTORS_AT_A_TIME)
            if not self._book.is_fresh(standing.store or "", standing.generation):
                self._book.open(standing.store or "", standing.generation, self._embedder)
            if not work.notes:
                if self._book.sound or self._compare(standing):
                    return True
                continue
            vectors = self._ahead.vectors_of(work)
            if ahead:
                self._ahead.prepare(work.notes[-1])
            self._book.write(work.write, vectors, work.delete, standing.generation + 1)
            with self._database.write() as connection:
                upkeep.note_written(connection, work.notes, standing.generation + 1, self._embedder.name)
            if progress:
                with self._database.read() as connection:
                    progress(*upkeep.vectors_done(connection))
            if batches is not None and (batches := batches - 1) == 0:
                with self._database.read() as connection:
                    standing = upkeep.standing(connection)
                return not standing.vectors and (self._book.sound or self._compare(standing))

    def _compare(self, standing: upkeep.Standing) -> bool:
        """Whether vectors and chunks belong together; what is missing or left over is queued. Once a process: both go on together."""
        with self._database.read() as connection:
            chunks = upkeep.count_keys(connection)
        wrong = 0
        if not self._book.agrees(standing.generation, chunks):
            present = self._book.keys()
            with self._database.write() as connection:
                wrong = upkeep.queue_difference(connection, present)
        self._book.sound = True
        return wrong == 0

    def empty(self, name: str) -> None:
        """Take all vectors away.

        Raises:
            StoreError: a server does not let it.
        """
        try:
            self._book.drop(name)
        except StoreError:
            if not self._book.local:
                raise
            # What cannot even be opened is taken away.
            self._book.destroy()


class _Ahead:
    """Makes the vectors of the next batch while Chroma takes in those of the one before."""

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._pending: Future[tuple[tuple[Entry, ...], Vectors]] | None = None

    def prepare(self, after: int) -> None:
        """Begin with those after this note."""
        self._pending = Future()
        # Nobody has to wait for it: whoever is interrupted leaves it behind.
        Thread(target=self._make, args=(self._pending, after), name="vectors", daemon=True).start()

    def vectors_of(self, work: Work) -> Vectors:
        """Of what is to be written: those made ahead, where it is the same still.

        Raises:
            JiheError: an endpoint that is asked for vectors does not answer.
        """
        pending, self._pending = self._pending, None
        if pending is not None and work.write and pending.exception() is None:
            entries, vectors = pending.result()
            if entries == work.write:
                return vectors
        # What went wrong ahead may go right now; if not, it is told of what is asked for now.
        return self._embedded(work.write)

    def _embedded(self, entries: Sequence[Entry]) -> Vectors:
        if not entries:
            return np.zeros((0, 0), dtype=np.float32)
        return self._embedder.embed_documents([entry.text for entry in entries])

    def _make(self, promised: Future[tuple[tuple[Entry, ...], Vectors]], after: int) -> None:
        try:
            with self._database.read() as connection:
                entries = upkeep.next_vectors(connection, VECTORS_AT_A_TIME, after).write
            promised.set_result((entries, self._embedded(entries)))
        except BaseException as e:  # noqa: BLE001 - whoever asks for the vectors tries again; not told, he would wait for ever
            promised.set_exception(e)
