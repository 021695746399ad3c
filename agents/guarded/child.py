"""The worker's side: `python -P -m agents.guarded.child MEMORY OUTPUT` does what it is sent, one thing after the other.

Standard input and output are the channel to whoever started it; what foreign libraries print goes to standard error. It ends when that one
is gone, even in the middle of something: a thread waits for the end of standard input, and nothing but that thread reads it.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, NoReturn

from agents.guarded.frames import Beat, FrameBroken, Lost, packed, receive, send
from agents.guarded.group import end_own_group

WORK_BYTES = 2**30
"""The most that a piece of work may be: an OFD drawn as PDF is handed over with it."""


Beats = Callable[[int, int], None]


def main(arguments: Sequence[str]) -> NoReturn:
    """Serve until the channel ends."""
    memory, output = (int(argument) for argument in arguments)
    incoming, channel = _channel()
    _bound(memory)
    work: queue.SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...], bool]] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(incoming, work), daemon=True).start()
    while True:
        function, given, told = work.get()
        done = _done(function, (*given, _beats(channel)) if told else given)
        try:
            send(channel, _packed(done, output))
        except OSError:
            # Nobody reads any more. The thread that reads may not be asked to end, and holds nothing.
            os._exit(0)


def _channel() -> tuple[BinaryIO, BinaryIO]:
    """What comes in and goes out; nothing that is printed or asked for, here or by programs that are started from here, stands between."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def _done(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    try:
        return function(*given)
    except MemoryError:
        return Lost("memory")
    except Exception as e:  # noqa: BLE001 - whatever a file does to its reader, only this file is lost; the parent says so and logs it
        return Lost("fault", f"{type(e).__name__}: {e}\n{traceback.format_exc()}")


def _packed(done: Any, most: int) -> bytes:
    try:
        raw = packed(done)
    except MemoryError:
        return packed(Lost("memory"))
    return raw if len(raw) <= most else packed(Lost("output"))


def _beats(channel: BinaryIO) -> Beats:
    def beat(pages: int, read: int) -> None:
        send(channel, packed(Beat(pages, read)))

    return beat


def _take(stream: BinaryIO, work: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            work.put(receive(stream, WORK_BYTES))
    except (EOFError, FrameBroken, OSError):
        end_own_group()


def _bound(memory: int) -> None:
    """What the system can hold a process to; on Windows there is nothing of the kind, and time is the only bound."""
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    # Data is what is asked for and may be written: mapped files, of which models make large ones, do not count.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))


if __name__ == "__main__":
    main(sys.argv[1:])
