"""Vectors that were paid for, by the hash of their text, in a file of their own in the home. It may be deleted, which forgets them."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from store.failures import translated
from store.home import make_home
from store.index.embedder import Vectors

CACHE_NAME = "embeddings.db"
BUSY_SECONDS = 15.0
KEYS_AT_A_TIME = 500
_TABLE = "CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"


class VectorCache:
    """Vectors by the name of what made them and the text. Safe to share between threads and processes.

    Args:
        path: the file; made, with its folder, when something is first kept or looked up.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()

    def get(self, name: str, texts: Sequence[str]) -> dict[str, Vectors]:
        """The kept vectors among those of these texts, by text.

        Raises:
            StoreError: the file cannot be read.
        """
        keys = {_key(name, text): text for text in texts}
        found: dict[str, Vectors] = {}
        with self._guard, translated(str(self._path)), self._connect() as connection:
            wanted = list(keys)
            for start in range(0, len(wanted), KEYS_AT_A_TIME):
                some = wanted[start : start + KEYS_AT_A_TIME]
                query = f"SELECT key, vector FROM vectors WHERE key IN ({','.join('?' * len(some))})"
                for key, stored in connection.execute(query, some):
                    found[keys[key]] = np.frombuffer(stored, dtype="<f4").astype(np.float32)
        connection.close()
        return found

    def keep(self, name: str, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by text.

        Raises:
            StoreError: the file cannot be written.
        """
        rows = [(_key(name, text), vector.astype("<f4").tobytes()) for text, vector in vectors.items()]
        with self._guard, translated(str(self._path)), self._connect() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", rows)
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        make_home(self._path.parent)
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(_TABLE)
        return connection


def _key(name: str, text: str) -> str:
    return hashlib.sha256(f"{name}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()
