"""Mutations of any bytes: bits flipped, parts cut, doubled, swapped, numbers made extreme, words put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from eval.fuzz.words import NUMBERS

Mutation = Callable[[bytes, Random], bytes]
"""Bytes to bytes; all choices come from the generator."""

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_LONGEST = 2_000_000
"""Bytes that an input grows to at most."""


def flip_bits(raw: bytes, rng: Random) -> bytes:
    """Some bits the other way round."""
    out = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 4, 16, 64)) if out else 0):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def cut_end(raw: bytes, rng: Random) -> bytes:
    """The file as a broken download leaves it."""
    return raw[: rng.randrange(len(raw) + 1)]


def drop_part(raw: bytes, rng: Random) -> bytes:
    """A part is missing."""
    a, b = _part(raw, rng)
    return raw[:a] + raw[b:]


def double_part(raw: bytes, rng: Random) -> bytes:
    """A part stands there several times."""
    a, b = _part(raw, rng)
    times = rng.choice((2, 2, 2, 3, 10, 10, 300))
    return (raw[:b] + raw[a:b] * min(times, max(1, _LONGEST // max(1, b - a))) + raw[b:])[: len(raw) + _LONGEST]


def swap_parts(raw: bytes, rng: Random) -> bytes:
    """Two parts in each other's place."""
    a, b, c, d = sorted(rng.randrange(len(raw) + 1) for _ in range(4))
    return raw[:a] + raw[c:d] + raw[b:c] + raw[a:b] + raw[d:]


def fill_part(raw: bytes, rng: Random) -> bytes:
    """A part made zeros, ones, or noise."""
    a, b = _part(raw, rng)
    fill = rng.choice((b"\0", b"\xff", b"")) or rng.randbytes(1)
    return raw[:a] + (rng.randbytes(b - a) if rng.random() < 0.3 else fill * (b - a)) + raw[b:]


def extreme_numbers(raw: bytes, rng: Random) -> bytes:
    """Numbers that stand in it replaced."""
    places = [match.span() for match in _NUMBER.finditer(raw)]
    for a, b in sorted(rng.sample(places, min(len(places), rng.choice((1, 1, 2, 5)))), reverse=True):
        raw = raw[:a] + rng.choice(NUMBERS) + raw[b:]
    return raw


def words_in(words: Sequence[bytes]) -> Mutation:
    """Put words of a language in."""

    def put(raw: bytes, rng: Random) -> bytes:
        for _ in range(rng.choice((1, 1, 2, 4))):
            at = rng.randrange(len(raw) + 1)
            raw = raw[:at] + rng.choice(words) + raw[at + rng.choice((0, 0, 0, 1, 8)) :]
        return raw

    return put


ANY: tuple[Mutation, ...] = (flip_bits, cut_end, drop_part, double_part, swap_parts, fill_part, extreme_numbers)


def _part(raw: bytes, rng: Random) -> tuple[int, int]:
    a = rng.randrange(len(raw) + 1)
    return a, min(len(raw), a + rng.choice((1, 4, 16, 64, 256, 1024, 4096)))
