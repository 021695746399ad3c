"""Vectors of chunks in Chroma: in the home by default, or on the server that JIHE_CHROMA_URL names.

What Chroma holds is derived, and what it answers is only a proposal: a key counts when the database says so. Its local client keeps the
index in memory and does not see what another process writes, so it is let go and opened anew when the generation in the database is
another than the one it was opened at. One client per folder and process: Chroma shares them by folder in any case, and one that somebody
else holds on to would not let go. Opening one may write (the log is folded in), so whoever opens holds the lock of the index.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from langchain_core.embeddings import Embeddings

from schema.errors import StoreError, UsageError, VectorsGone
from store.index.embedder import Embedder, Vectors
from store.index.records import ChunkFilter

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from langchain_chroma import Chroma

FOLDER = "index"
URL_VARIABLE = "JIHE_CHROMA_URL"
PREFIX = "jihe-"
SERVER_SECONDS = 60.0
"""How long a server may take for one answer."""
_EMBEDDING, _GENERATION = "embedding", "generation"
ENTRIES_AT_A_TIME, ENTRIES_ON_SERVER = 1000, 2000
"""After how many new vectors Chroma writes down the list of all of them, which takes the longer the more there are; those behind it are
gone through again for every batch, and whenever a client in the home opens."""
REINDEX = "请运行 jihe reindex 重建索引；已存的表不受影响。"


class Near(NamedTuple):
    """A key that a search proposes, and how like it is (cosine)."""

    key: str
    likeness: float


class Entry(NamedTuple):
    """A vector to be written.

    Attributes:
        text: what it is made from. It stands in the database; Chroma would take more room for it, and longer.
        cell: the address that stands for the text there.
        metadata: what it is filtered by.
    """

    key: str
    text: str
    cell: str
    metadata: dict[str, Any]


class VectorBook:
    """One collection of vectors, whichever client holds it at the moment. Get one with `VectorBook.at`; let it go with `close`."""

    _open: ClassVar[dict[str, VectorBook]] = {}
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, place: str, folder: Path | None) -> None:
        self.place = place
        self._folder = folder
        self._users = 0
        self._key = place
        self._client: ClientAPI | None = None
        self._store: Chroma | None = None
        self._generation = -1
        self._name = ""
        self.sound = False
        """Whether the keys were compared with those of the database since the client was opened first."""
        self.turn = threading.RLock()
        """Held by the thread that uses the client."""

    @classmethod
    def at(cls, home: Path, url: str | None) -> VectorBook:
        """The book of this home, or on this server; shared within the process.

        Raises:
            UsageError: the address of the server is none.
        """
        place = _checked(url) if url else str(home / FOLDER)
        # Several homes may be on one server: each has a book of its own.
        key = f"{place} {home}"
        with cls._guard:
            book = cls._open.setdefault(key, cls(place, None if url else home / FOLDER))
            book._key, book._users = key, book._users + 1
        return book

    def close(self) -> None:
        """Let go; the last one to do so closes the client."""
        with self._guard:
            self._users -= 1
            if self._users:
                return
            self._open.pop(self._key, None)
        self.release()

    @property
    def local(self) -> bool:
        """Whether it lies in the home."""
        return self._folder is not None

    @property
    def is_open(self) -> bool:
        """Whether there is a client, be it behind."""
        return self._store is not None

    def is_fresh(self, name: str, generation: int) -> bool:
        """Whether the client has this collection and has seen what was written so far."""
        return self._store is not None and self._name == name and (not self.local or self._generation == generation)

    def open(self, name: str, generation: int, embedder: Embedder) -> None:
        """Open the collection anew, made when missing, as it stands at this generation; under the lock of the index.

        Raises:
            StoreError: it cannot be read, or it was made by another embedding.
        """
        with self._told():
            if self._client is None or self.local:
                self.release()
                self._client = _client(self._folder, self.place)
            self._store = _collection(self._client, PREFIX + name, embedder, local=self.local)
            facts = self._store._collection.metadata or {}
            if facts.get(_EMBEDDING) != embedder.name:
                raise StoreError(other_embedding(str(facts.get(_EMBEDDING)), embedder.name))
            # The first question would load the index otherwise, and fold the log into it, without the lock.
            if self._store._collection.count():
                self.near(embedder.embed_query("索引"), 1, ChunkFilter())
            self._name, self._generation = name, generation

    def release(self) -> None:
        """Let the client go, with what it has in memory."""
        client, self._client, self._store, self._generation = self._client, None, None, -1
        if client is not None:
            client.close()  # type: ignore[attr-defined]
            # Chroma leaves its connections to the garbage collector.
            for session in _sessions(client):
                session.close()

    def write(self, entries: Sequence[Entry], vectors: Vectors, gone: Sequence[str], generation: int) -> None:
        """Write vectors, one for each entry, delete others, and note the generation this makes."""
        collection = self._opened()._collection
        with self._told():
            if entries:
                collection.upsert(
                    ids=[entry.key for entry in entries],
                    embeddings=vectors,
                    documents=[entry.cell for entry in entries],
                    metadatas=[entry.metadata for entry in entries],
                )
            if gone:
                collection.delete(list(gone))
            facts = {_EMBEDDING: str((collection.metadata or {})[_EMBEDDING]), _GENERATION: generation}
            collection.modify(metadata=facts)
        self._generation = generation

    def near(self, vector: Vectors, k: int, wanted: ChunkFilter) -> list[Near]:
        """The keys nearest to a vector among those that fit, nearest first."""
        store = self._opened()
        # Chroma takes no empty lists; nothing is in one.
        if any(value == () for value in wanted.model_dump().values()):
            return []
        with self._told():
            found = store.similarity_search_by_vector_with_relevance_scores(vector.tolist(), k, filter=_where(wanted))
        return [Near(str(document.id), 1.0 - distance) for document, distance in found]

    def likeness(self, vector: Vectors, keys: Sequence[str]) -> list[Near]:
        """How like a vector each of these keys is, the nearest first; keys without a vector are left out. For some hundreds at the most."""
        with self._told():
            found = self._opened().get(list(keys), include=["embeddings"])
        if not found["ids"]:
            return []
        rows = np.asarray(found["embeddings"], dtype=np.float32)
        lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(vector)
        cosines = np.divide(rows @ vector, lengths, out=np.zeros(len(rows), dtype=np.float32), where=lengths > 0)
        return sorted(
            (Near(key, float(cosine)) for key, cosine in zip(found["ids"], cosines, strict=True)), key=lambda near: -near.likeness
        )

    def size(self) -> int:
        """How many vectors there are."""
        with self._told():
            return int(self._opened()._collection.count())

    def agrees(self, generation: int, count: int) -> bool:
        """Whether generation and number of vectors are what the database expects."""
        collection = self._opened()._collection
        with self._told():
            return (collection.metadata or {}).get(_GENERATION, 0) == generation and collection.count() == count

    def keys(self) -> set[str]:
        """Every key there is."""
        with self._told():
            return set(self._opened()._collection.get(include=[])["ids"])

    def drop(self, name: str) -> None:
        """Delete a collection with all its vectors, and in the home all others of ours; under the lock of the index."""
        with self._told():
            self.release()
            self._client = _client(self._folder, self.place)
            for collection in self._client.list_collections():
                if collection.name == PREFIX + name or (self.local and collection.name.startswith(PREFIX)):
                    self._client.delete_collection(collection.name)

    def destroy(self) -> None:
        """Take the folder away, whatever state it is in; under the lock of the index."""
        self._client = self._store = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _opened(self) -> Chroma:
        if self._store is None:
            raise StoreError(f"{self.place}：向量索引没有打开。{REINDEX}")
        return self._store

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of Chroma as errors of the store."""
        from chromadb.errors import ChromaError  # noqa: PLC0415 - Chroma takes a second to import
        from httpx import HTTPError  # noqa: PLC0415

        try:
            yield
        except (ChromaError, HTTPError, OSError, ValueError, AttributeError) as e:
            raise (StoreError if self.local else VectorsGone)(self._complaint(e)) from e
        except BaseException as e:
            # What Chroma's Rust part cannot handle comes as a panic, which is no Exception.
            if type(e).__name__ != "PanicException":
                raise
            raise StoreError(self._complaint(e)) from e

    def _complaint(self, error: BaseException) -> str:
        detail = " ".join(str(error).split())[:200]
        if self.local:
            return f"{self.place}：向量索引读写出错（{detail}）。{REINDEX}"
        return f"Chroma 服务器 {self.place} 出错（{detail}）。请检查 {URL_VARIABLE} 和服务器；不用服务器时去掉该变量。"


def other_embedding(made_by: str, present: str) -> str:
    """What to say when vectors of two embeddings would meet."""
    return f"索引是用另一种向量（{made_by}）做的，现在用的是 {present}，两者不能混用。{REINDEX}"


class _Adapter(Embeddings):
    """Our embedder as LangChain wants it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """See store.index.embedder."""
        vectors: list[list[float]] = self._embedder.embed_documents(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """See store.index.embedder."""
        vector: list[float] = self._embedder.embed_query(text).tolist()
        return vector


def server_version(url: str) -> str:
    """The version of the Chroma server at an address.

    Raises:
        UsageError: the address is none.
        StoreError: no Chroma server answers there.
    """
    book = VectorBook(_checked(url), None)
    with book._told():
        client = _client(None, book.place)
        try:
            return str(client.get_version())
        finally:
            client.close()  # type: ignore[attr-defined]
            for session in _sessions(client):
                session.close()


def load_library() -> None:
    """Import what opening a collection needs: a second or two that nobody else should have to wait for under a lock."""
    import chromadb  # noqa: F401, PLC0415
    import langchain_chroma  # noqa: F401, PLC0415


def _client(folder: Path | None, place: str) -> ClientAPI:
    import chromadb  # noqa: PLC0415
    from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415
    from chromadb.config import Settings  # noqa: PLC0415

    # No settings from a .env file that happens to lie in the current folder, and nothing told to anybody.
    settings = Settings(anonymized_telemetry=False, _env_file=None)
    if folder is not None:
        try:
            return chromadb.PersistentClient(str(folder), settings=settings)
        except BaseException:
            # Chroma keeps what it could not start, and would give that to whoever asks for this folder again.
            SharedSystemClient._identifier_to_system.pop(str(folder), None)
            SharedSystemClient._identifier_to_refcount.pop(str(folder), None)
            raise
    parts = urlsplit(place)
    port = parts.port or (443 if parts.scheme == "https" else 8000)
    client = chromadb.HttpClient(parts.hostname or "", port, ssl=parts.scheme == "https", settings=settings)
    for session in _sessions(client):
        # Chroma would wait for ever.
        session.timeout = SERVER_SECONDS
    return client


def _sessions(client: Any) -> Iterator[Any]:
    """The connections of a client to a server: its own, and those of the client inside it that asks whether there is a database."""
    for holder in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(holder, "_server", None), "_session", None)
        if session is not None:
            yield session


def _collection(client: ClientAPI, name: str, embedder: Embedder, *, local: bool) -> Chroma:
    from langchain_chroma import Chroma  # noqa: PLC0415

    return Chroma(
        name,
        embedding_function=_Adapter(embedder),
        client=client,
        collection_metadata={_EMBEDDING: embedder.name, _GENERATION: 0},
        collection_configuration={
            "hnsw": {
                "space": "cosine",
                "ef_construction": 100,
                "max_neighbors": 16,
                "ef_search": 100,
                "sync_threshold": ENTRIES_AT_A_TIME if local else ENTRIES_ON_SERVER,
            }
        },
    )


def _where(wanted: ChunkFilter) -> dict[str, Any] | None:
    parts: list[dict[str, Any]] = []
    for name, value in wanted.model_dump(exclude_none=True).items():
        parts.append({name: value if isinstance(value, bool) else {"$in": list(value)}})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"$and": parts}


def _checked(url: str) -> str:
    parts = urlsplit(url)
    try:
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or "@" in parts.netloc:
        raise UsageError(f"{URL_VARIABLE} 的值不是可用的网址。写法如 http://localhost:8000。")
    return url.rstrip("/")
