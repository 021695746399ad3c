"""Documents that lie elsewhere, copied next to us while they are read: the folder `spool` of the home, bounded in bytes.

A document is fetched to learn its identity, and kept for its reader as long as there is room; where there is none it is fetched again when
its turn comes. Each run has a folder of its own and holds a lock in it; folders that nobody holds are leftovers of runs that were killed.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from filelock import FileLock, Timeout

from agents.engines.names import called
from ingest.files import Fingerprint, fingerprint
from ingest.urls import fetch
from schema.errors import DocumentError, StoreError

FOLDER = "spool"
MOST_BYTES = 2 * 2**30
"""Bytes that wait for their readers; and of one document."""
_LEFT_SECONDS = 600.0
"""Age from which a folder that nobody holds is a leftover."""


class Spool:
    """The copies of one run.

    Args:
        home: where the folder is made, once something is fetched.
        most_bytes: that wait for their readers; those that are being read come on top.
    """

    def __init__(self, home: Path, most_bytes: int = MOST_BYTES) -> None:
        self._parent, self.most_bytes = home / FOLDER, most_bytes
        self._folder: Path | None = None
        self._lock: FileLock | None = None
        self.waiting = 0

    def bring(self, url: str) -> tuple[Remote, Fingerprint]:
        """A document with its identity; its copy stays where there is room for it.

        Raises:
            DocumentError: it cannot be had, or is none.
            StoreError: there is nowhere to put it.
        """
        remote = Remote(url, self)
        try:
            identity = fingerprint(remote.take())
        except DocumentError as e:
            remote.leave()
            raise called(e, url) from e
        if self.waiting + identity.size > self.most_bytes:
            remote.leave()
        else:
            remote.waits = identity.size
            self.waiting += identity.size
        return remote, identity

    def copy(self, url: str) -> Path:
        """Where a copy of it lies from now on; the name keeps its suffix, which tells what it is.

        Raises:
            DocumentError, StoreError: as `bring`.
        """
        folder = self._opened()
        target = folder / (hashlib.sha256(url.encode()).hexdigest()[:32] + PurePosixPath(url).suffix[:16])
        fetch(url, target, self.most_bytes)
        return target

    def close(self) -> None:
        """Let all copies go."""
        if self._lock is not None and self._folder is not None:
            self._lock.release()
            shutil.rmtree(self._folder, ignore_errors=True)
            self._lock = self._folder = None

    def _opened(self) -> Path:
        if self._folder is not None:
            return self._folder
        try:
            self._parent.mkdir(parents=True, exist_ok=True)
            _sweep(self._parent)
            folder = Path(mkdtemp(dir=self._parent, prefix="run-"))
            self._lock = FileLock(folder / ".lock")
            self._lock.acquire()
        except OSError as e:
            raise StoreError(f"{self._parent} 写不了（{e.strerror}），远处的文件没有地方暂存。请检查权限和磁盘空间。") from e
        self._folder = folder
        return folder


@dataclass(eq=False)
class Remote:
    """A document that lies elsewhere."""

    url: str
    spool: Spool
    waits: int = 0
    _copy: Path | None = field(default=None, repr=False)

    def take(self) -> Path:
        """A copy to read.

        Raises:
            DocumentError, StoreError: as `Spool.copy`.
        """
        self.spool.waiting -= self.waits
        self.waits = 0
        if self._copy is None:
            self._copy = self.spool.copy(self.url)
        return self._copy

    def leave(self) -> None:
        """The copy is not needed any more."""
        copy, self._copy = self._copy, None
        if copy is not None:
            with suppress(OSError):
                copy.unlink()


def _sweep(parent: Path) -> None:
    """Remove what runs that were killed left behind."""
    for folder in parent.glob("run-*"):
        with suppress(Timeout, OSError):
            # One that another process is just making holds no lock yet.
            if time.time() - folder.stat().st_mtime > _LEFT_SECONDS:
                with FileLock(folder / ".lock", blocking=False):
                    shutil.rmtree(folder, ignore_errors=True)
