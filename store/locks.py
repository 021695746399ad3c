"""Locks on files, which the system lets go of when their process ends, however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from schema.errors import StoreBusy, StoreError


@contextmanager
def file_lock(path: Path, wait: float, busy: str, unwritable: Callable[[str], str]) -> Iterator[None]:
    """Hold the lock of a file; not even another thread of this process gets it. Its folder is made where it is missing.

    Args:
        wait: seconds to wait for whoever holds it.
        busy: the message where it was held all the time.
        unwritable: the message where the file cannot be written, from the reason.

    Raises:
        StoreBusy: another process, or another thread, held it all the time.
        StoreError: the file cannot be written.
    """
    # Not of the thread: a lock of its own per call, so that two threads shut each other out as two processes do.
    lock = FileLock(path, timeout=wait, poll_interval=0.02, thread_local=False)
    try:
        path.parent.mkdir(exist_ok=True)
        lock.acquire()
    except Timeout as e:
        raise StoreBusy(busy) from e
    except OSError as e:
        raise StoreError(unwritable(e.strerror or str(e))) from e
    try:
        yield
    finally:
        lock.release()
