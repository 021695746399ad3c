"""Pictures of pages kept on disk while their document is read, so that memory does not grow with its pages."""

from __future__ import annotations

import atexit
import tempfile
import threading
import weakref
from functools import cache
from typing import IO


class Kept:
    """Bytes on disk, for as long as something refers to them."""

    def __init__(self, spool: Spool, start: int, length: int) -> None:
        self._spool, self._start, self._length = spool, start, length

    def read(self) -> bytes:
        """The bytes."""
        return self._spool.read(self._start, self._length)


class Spool:
    """One temporary file, emptied whenever nothing in it is referred to any more. The system removes it when the process ends."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._alive = 0
        self._lock = threading.RLock()

    def keep(self, data: bytes) -> Kept:
        """Put bytes on disk."""
        with self._lock:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="jihe-")  # noqa: SIM115 - lives as long as the process
            start = self._file.seek(0, 2)
            self._file.write(data)
            self._alive += 1
        kept = Kept(self, start, len(data))
        weakref.finalize(kept, self._release)
        return kept

    def read(self, start: int, length: int) -> bytes:
        """Bytes that were put there."""
        with self._lock:
            if self._file is None:
                return b""
            self._file.seek(start)
            return self._file.read(length)

    def size(self) -> int:
        """Bytes on disk."""
        with self._lock:
            return 0 if self._file is None else self._file.seek(0, 2)

    def close(self) -> None:
        """Give the file back to the system."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _release(self) -> None:
        with self._lock:
            self._alive -= 1
            if self._alive == 0 and self._file is not None:
                self._file.truncate(0)


@cache
def our_spool() -> Spool:
    """The process's spool."""
    spool = Spool()
    atexit.register(spool.close)
    return spool
