"""Mutations of PDFs: references that go in circles, lengths and boxes that lie, streams that blow up, content of any operators."""

from __future__ import annotations

import re
import zlib
from random import Random

from eval.fuzz import words
from eval.fuzz.spoil import ANY, Mutation, extreme_numbers, words_in

_REFERENCE = re.compile(rb"\d+ 0 R")
_OBJECT = re.compile(rb"\d+ 0 obj\b.*?endobj", re.DOTALL)
_KEY = re.compile(
    rb"(/(?:Length|Count|MediaBox|CropBox|W|Width|Height|Rotate|Size|Index|First|N|Prev|BitsPerComponent|DW)\b\s*\[?\s*)-?[\d.]+"
)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_DEEP = (100, 1000, 50_000)


def references_moved(raw: bytes, rng: Random) -> bytes:
    """References to other objects: a page that is its own parent, a font that is a page."""
    found = list(_REFERENCE.finditer(raw))
    for match in rng.sample(found, min(len(found), rng.choice((1, 1, 2, 4)))):
        to = rng.choice(found)[0].ljust(len(match[0]))[: len(match[0])]
        raw = raw[: match.start()] + to + raw[match.end() :]
    return raw


def objects_moved(raw: bytes, rng: Random) -> bytes:
    """Objects dropped, doubled, or one with another's content."""
    found = list(_OBJECT.finditer(raw))
    if not found:
        return raw
    one, other, how = rng.choice(found), rng.choice(found), rng.randrange(3)
    if how == 0:
        return raw[: one.start()] + raw[one.end() :]
    content = other[0][other[0].find(b"obj") :] if how == 1 else other[0]
    return raw[: one.start()] + one[0][: one[0].find(b"obj")] * (how == 1) + content + raw[one.end() :]


def keys_extreme(raw: bytes, rng: Random) -> bytes:
    """Lengths, counts, boxes and sizes that lie."""
    found = list(_KEY.finditer(raw))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 2)))), key=lambda m: -m.start()):
        raw = raw[: match.start()] + match[1] + rng.choice(words.NUMBERS) + raw[match.end() :]
    return raw


def nested(raw: bytes, rng: Random) -> bytes:
    """Arrays, dictionaries or strings inside of each other, many times."""
    found = list(_REFERENCE.finditer(raw))
    if not found:
        return raw
    match, deep = rng.choice(found), rng.choice(_DEEP)
    before, after = rng.choice(((b"[", b"]"), (b"<</A ", b">>"), (b"(", b")"), (b"[", b"")))
    return raw[: match.start()] + before * deep + match[0] + after * deep + raw[match.end() :]


def stream_replaced(raw: bytes, rng: Random) -> bytes:
    """A stream that unpacks to very much, or is noise."""
    found = list(_STREAM.finditer(raw))
    if not found:
        return raw
    match = rng.choice(found)
    flood = rng.choice(words.FLOODS)
    content = rng.choice((flood * rng.choice((10, 3000, 40_000)), bytes(rng.choice((10**5, 10**7))), rng.randbytes(2000)))
    packed = zlib.compress(content, 1) if rng.random() < 0.8 else content
    return raw[: match.start()] + b"stream\n" + packed + b"\nendstream" + raw[match.end() :]


def content_spoiled(content: bytes, rng: Random) -> bytes:
    """What a page draws, with operators put in, numbers extreme, strings hostile."""
    for _ in range(rng.choice((1, 2, 4))):
        content = rng.choice((words_in(words.OPERATORS), extreme_numbers, _lines_moved, _strings_spoiled))(content, rng)
    return content


def _lines_moved(content: bytes, rng: Random) -> bytes:
    lines = content.split(b"\n")
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[to:to] = lines[at : at + rng.choice((1, 5, 50))] * rng.choice((1, 1, 3, 100))
    return b"\n".join(lines)


def _strings_spoiled(content: bytes, rng: Random) -> bytes:
    found = list(re.finditer(rb"<([0-9a-fA-F]{4,})>", content))
    for match in sorted(rng.sample(found, min(len(found), 4)), key=lambda m: -m.start()):
        code = rng.choice((b"0000", b"D800", b"FFFF", b"202E", b"200B", b"E000", b"000A", b"0", b"zz"))
        content = content[: match.start(1)] + code * rng.choice((1, 2, 400)) + content[match.end(1) :]
    return content


PDF: tuple[Mutation, ...] = (
    *ANY,
    *(words_in(words.PDF),) * 2,
    words_in(words.HOSTILE),
    *(references_moved,) * 2,
    *(objects_moved,) * 2,
    *(keys_extreme,) * 2,
    nested,
    stream_replaced,
)
