"""Messages between a process and its workers: a length of eight bytes and so many bytes of pickle."""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import IO, Any, Literal

Why = Literal["crashed", "stalled", "long", "memory", "output", "fault"]
"""Why work was lost: the process ended by itself; nothing moved for too long; it took too long in all; it wanted too much memory; its
result is too large; an error nobody foresaw."""


@dataclass(frozen=True)
class Lost:
    """Work that came to nothing, and what is known of it: for the log, not for users."""

    why: Why
    detail: str = ""


@dataclass(frozen=True)
class Beat:
    """Work goes on: so many pages, so many of them done."""

    pages: int
    read: int


_LENGTH = struct.Struct("<Q")


class FrameBroken(Exception):
    """What the other side sends is more than is taken, or nothing that can be understood."""


def packed(message: object) -> bytes:
    """A message as it goes over."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def send(stream: IO[bytes], raw: bytes) -> None:
    """Write a packed message and see it off.

    Raises:
        OSError: nobody reads any more.
    """
    stream.write(_LENGTH.pack(len(raw)))
    stream.write(raw)
    stream.flush()


def receive(stream: IO[bytes], most: int) -> Any:
    """The next message.

    Raises:
        EOFError: the other side is gone, perhaps in the middle of a message.
        FrameBroken: it is longer than `most` bytes, or no message.
    """
    length = _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]
    if length > most:
        raise FrameBroken(f"{length} bytes")
    raw = _exactly(stream, length)
    try:
        return pickle.loads(raw)
    except (pickle.UnpicklingError, AttributeError, ImportError, EOFError, IndexError) as e:
        raise FrameBroken(str(e)) from e


def _exactly(stream: IO[bytes], count: int) -> bytes:
    raw = stream.read(count)
    if len(raw) < count:
        raise EOFError
    return raw
