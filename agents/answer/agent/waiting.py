"""Waiting for a model that can be left: Ctrl-C and stopping servers do not wait for an answer that nobody wants any more."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")
_LOOK = 0.1
"""Seconds between two looks whether it was cancelled."""


def waited(work: Callable[[], T], cancelled: Event) -> T | None:
    """What some work gives, or None when it is cancelled before; what it raises is raised here.

    Work that is left goes on to its end, so that an answer that was paid for is still kept, as long as the process lives.
    """
    done: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as e:  # noqa: BLE001 - raised by whoever waits; who left does not want to hear of it
            done.put((None, e))

    # A thread of a pool would be waited for at the end of the process.
    Thread(target=run, daemon=True).start()
    while not cancelled.is_set():
        try:
            value, error = done.get(timeout=_LOOK)
        except Empty:
            continue
        if error is not None:
            raise error
        result: T = value
        return result
    return None
