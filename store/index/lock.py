"""One writer of vectors at a time: a lock on a file in the home, which the system lets go of when its process ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from schema.errors import StoreBusy, StoreError

LOCK_NAME = "index.lock"
WAIT_SECONDS = 5.0
"""How long a writer waits for another one before it gives up."""


@contextmanager
def index_lock(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of the index in this folder.

    Raises:
        StoreBusy: another process, or another thread, held it all the time.
        StoreError: the folder cannot be written.
    """
    # Not of the thread: a lock of its own per call, so that two threads shut each other out as two processes do.
    lock = FileLock(folder / LOCK_NAME, timeout=wait, poll_interval=0.02, thread_local=False)
    try:
        lock.acquire()
    except Timeout as e:
        raise StoreBusy(f"{folder}：另一个 jihe 进程正在写索引（等了 {wait:.0f} 秒）。请等它结束后再试；已存的表不受影响。") from e
    except OSError as e:
        raise StoreError(f"{folder}：索引写不了（{e.strerror or e}）。请检查写权限和磁盘空间。") from e
    try:
        yield
    finally:
        lock.release()
