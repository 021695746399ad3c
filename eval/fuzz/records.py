"""Mutations of old workbooks: their records, in a container that stays whole."""

from __future__ import annotations

import struct
from random import Random

from eval.fuzz.packages import SECTOR
from eval.fuzz.words import RECORDS

_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF)


def records_spoiled(raw: bytes, rng: Random) -> bytes:
    """Records dropped, doubled, of another kind, cut short, or with numbers in them made extreme."""
    records = _records(raw)
    room = sum(map(len, records))
    for _ in range(rng.choice((1, 1, 2, 4))):
        if not records:
            break
        at = rng.randrange(len(records))
        records[at : at + 1] = _spoiled(records[at], rng)
    out = b"".join(records)
    # What grew takes the room behind the last record; what is too long for it is cut.
    whole = _room(raw, room)
    return raw[:SECTOR] + out[:whole].ljust(whole, b"\0") + raw[SECTOR + whole :]


def _spoiled(record: bytes, rng: Random) -> list[bytes]:
    head, content = record[:4], record[4:]
    how = rng.randrange(7)
    if how == 0:
        return []
    if how == 1:
        return [record] * rng.choice((2, 3, 20))
    if how == 2:
        return [struct.pack("<H", rng.choice(RECORDS)) + record[2:]]
    if how == 3:
        return [record[:2] + struct.pack("<H", rng.choice(_NUMBERS)) + content]
    if how == 4:
        cut = content[: rng.randrange(len(content) + 1)]
        return [record[:2] + struct.pack("<H", len(cut)) + cut]
    if len(content) < 2:
        return [head + content]
    place = rng.randrange(len(content) // 2) * 2
    return [head + content[:place] + struct.pack("<H", rng.choice(_NUMBERS)) + content[place + 2 :]]


def _records(raw: bytes) -> list[bytes]:
    """The records of a workbook, both its parts."""
    out, at = list[bytes](), SECTOR
    while at + 4 <= len(raw):
        kind, length = struct.unpack_from("<HH", raw, at)
        if kind == 0:
            break
        out.append(raw[at : at + 4 + length])
        at += 4 + length
    return out


def _room(raw: bytes, used: int) -> int:
    rest = raw[SECTOR + used :]
    return used + len(rest) - len(rest.lstrip(b"\0"))
