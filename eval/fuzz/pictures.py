"""Mutations of pictures: headers that promise other sizes, with sums that are right again."""

from __future__ import annotations

import struct
import zlib
from random import Random

from eval.fuzz.spoil import ANY, Mutation

_PNG = b"\x89PNG\r\n\x1a\n"
_SIZES = (0, 1, 7, 1000, 30_000, 65_535, 2**31 - 1, 2**31, 2**32 - 1)
_HEADER = 8 + 8 + 13
"""Bytes up to the sum over a PNG's first chunk."""


def header_lies(raw: bytes, rng: Random) -> bytes:
    """Width, height, depth or colours of a PNG; numbers near the beginning of other pictures."""
    if raw.startswith(_PNG) and len(raw) > _HEADER + 4:
        header = bytearray(raw[12:_HEADER])
        how = rng.randrange(3)
        if how < 2:
            header[4 + 4 * how : 8 + 4 * how] = struct.pack(">I", rng.choice(_SIZES))
        else:
            header[12 + rng.randrange(5)] = rng.randrange(256)
        return raw[:12] + bytes(header) + struct.pack(">I", zlib.crc32(header)) + raw[_HEADER + 4 :]
    at = rng.randrange(4, 200)
    order = rng.choice("<>")
    return raw[:at] + struct.pack(f"{order}I", rng.choice(_SIZES)) + raw[at + 4 :]


PICTURE: tuple[Mutation, ...] = (*(header_lies,) * 3, *ANY[:-1])
