"""Character n-grams of a text as 64-bit hashes: the same on every machine, in every process, in every version of Python."""

from __future__ import annotations

import unicodedata

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
LENGTHS = (1, 2, 3)
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x165667B19E3779F9))
_START = (np.uint64(0x1F83D9ABFB41BD6B), np.uint64(0x5BE0CD19137E2179), np.uint64(0xA54FF53A5F1D36F1))
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))


def gram_hashes(text: str) -> list[Hashes]:
    """The hashes of the 1-, 2- and 3-grams of a text, a list per length, in order. Widths and cases are folded; what is neither letter
    nor digit parts a text like a space does, and n-grams do not reach over it."""
    pieces = "".join(c if c.isalnum() else " " for c in unicodedata.normalize("NFKC", text).casefold())
    codes = np.frombuffer(pieces.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    whole = codes != ord(" ")
    found: list[Hashes] = []
    for n in LENGTHS:
        size = max(0, len(codes) - n + 1)
        mixed = np.full(size, _START[n - 1], dtype=np.uint64)
        inside = np.ones(size, dtype=bool)
        for i in range(n):
            mixed = (mixed ^ codes[i : i + size]) * _ODD[i]
            inside &= whole[i : i + size]
        found.append(_finish(mixed[inside]))
    return found


def name_hashes(name: str, count: int) -> Hashes:
    """`count` hashes of a name that is no text, such as that of a concept."""
    seed = sum((i + 1) * ord(c) * 0x100000001B3 for i, c in enumerate(name)) & 0xFFFFFFFFFFFFFFFF
    return _finish(np.arange(1, count + 1, dtype=np.uint64) * _ODD[1] ^ np.uint64(seed))


def _finish(mixed: Hashes) -> Hashes:
    """The mixing at the end of splitmix64: every bit of the result depends on every bit before."""
    mixed = (mixed ^ (mixed >> _SHIFTS[0])) * _MIX[0]
    mixed = (mixed ^ (mixed >> _SHIFTS[1])) * _MIX[1]
    return mixed ^ (mixed >> _SHIFTS[2])
