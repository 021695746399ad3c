"""Mutations of texts and XML: hostile characters and encodings, elements doubled and nested, entities, attributes of office formats."""

from __future__ import annotations

import re
from random import Random

from eval.fuzz import words
from eval.fuzz.spoil import ANY, Mutation, words_in

_ELEMENT = re.compile(rb"<(\w+:)?(\w+)\b[^<>]*?(?:/>|>[^<>]*</\1?\2>)")
_ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>'
)
_VALUE = re.compile(rb"(?:=\"|>)([^<>\"]{0,40})(?=[\"<])")
_BETWEEN = re.compile(rb">(?=<)")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-8-sig", "utf-32", "big5", "utf-7")
_DEEP = (10, 200, 300, 3000, 20_000)


def elements_moved(raw: bytes, rng: Random) -> bytes:
    """Whole elements doubled, dropped, or put elsewhere."""
    found = [match.span() for match in _ELEMENT.finditer(raw)]
    for _ in range(min(len(found), rng.choice((1, 2, 5)))):
        a, b = rng.choice(found)
        at, times = rng.choice(found)[0], rng.choice((1, 1, 2, 500))
        raw = raw[:a] + raw[b:] if rng.random() < 0.3 else raw[:at] + raw[a:b] * times + raw[at:]
    return raw


def elements_nested(raw: bytes, rng: Random) -> bytes:
    """An element inside of itself, many times."""
    found = list(_ELEMENT.finditer(raw))
    if not found:
        return raw
    match, deep = rng.choice(found), rng.choice(_DEEP)
    tag = (match[1] or b"") + match[2]
    return raw[: match.start()] + b"<%s>" % tag * deep + match[0] + b"</%s>" % tag * deep + raw[match.end() :]


def entities_declared(raw: bytes, rng: Random) -> bytes:
    """Entities that blow up, or fetch a file, declared and used."""
    head = raw.find(b"?>") + 2
    at = rng.randrange(head, len(raw) + 1) if len(raw) > head else len(raw)
    return raw[:head] + _ENTITIES + raw[head:at] + rng.choice((b"&d;", b"&e;")) + raw[at:]


def other_encoding(raw: bytes, rng: Random) -> bytes:
    """The text in another encoding, or said to be in one that it is not in."""
    if rng.random() < 0.3:
        return raw.replace(b"UTF-8", rng.choice(_ENCODINGS).encode()).replace(b"utf-8", rng.choice((b"gbk", b"x-none", b"utf-7", b"cp037")))
    return raw.decode(errors="replace").encode(rng.choice(_ENCODINGS), errors="replace")


def lines_moved(raw: bytes, rng: Random) -> bytes:
    """Lines of a text dropped, doubled, shuffled, joined."""
    lines = raw.split(b"\n")
    for _ in range(rng.choice((1, 3, 10))):
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        how = rng.randrange(4)
        if how == 0 and len(lines) > 1:
            del lines[at]
        elif how == 1:
            lines[to:to] = lines[at : at + 5] * rng.choice((1, 2, 50))
        elif how == 2:
            lines[at], lines[to] = lines[to], lines[at]
        else:
            lines[at] += rng.choice((b"", b"\t", b"|", b"   ")) + lines[to]
    return b"\n".join(lines)


def numbers_in_marks(raw: bytes, rng: Random) -> bytes:
    """Attributes and short texts made extreme, of any kind of number or hostile characters; the XML stays whole."""
    found = [match.span(1) for match in _VALUE.finditer(raw)]
    for a, b in sorted(rng.sample(found, min(len(found), rng.choice((1, 1, 2, 5)))), reverse=True):
        value = rng.choice((rng.choice(words.NUMBERS), rng.choice(words.VALUES), raw[slice(*rng.choice(found))] if raw[a:b] else b"7"))
        raw = raw[:a] + value + raw[b:]
    return raw


def elements_put(raw: bytes, rng: Random) -> bytes:
    """Elements of office formats where others begin or end."""
    for _ in range(rng.choice((1, 1, 3))):
        places = [match.start() for match in _BETWEEN.finditer(raw)]
        at = rng.choice(places) + 1 if places else 0
        raw = raw[:at] + rng.choice(words.ELEMENTS) + raw[at:]
    return raw


def characters_put(raw: bytes, rng: Random) -> bytes:
    """Labels, numbers and hostile characters between the characters of a text, which stays one."""
    text = raw.decode(errors="replace")
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(text) + 1)
        put = rng.choice(
            (
                rng.choice(words.LABELS),
                rng.choice(words.CHARACTERS),
                rng.choice(words.NUMBERS).decode(),
                text[at : at + rng.choice((1, 30, 300))],
            )
        )
        text = text[:at] + put * rng.choice((1, 1, 1, 3, 40)) + text[at + rng.choice((0, 0, 1, 5, 60)) :]
    return text.encode(errors="replace")


WHOLE_XML: tuple[Mutation, ...] = (*(numbers_in_marks,) * 3, elements_put, elements_moved, elements_nested)
"""What leaves XML that can be parsed, mostly."""
XML: tuple[Mutation, ...] = (*ANY, words_in(words.ELEMENTS + words.FRAGMENTS), words_in(words.HOSTILE), entities_declared, other_encoding)
TEXT: tuple[Mutation, ...] = (
    *(characters_put,) * 6,
    *(lines_moved,) * 6,
    *ANY,
    words_in(words.TEXT),
    words_in(words.HOSTILE),
    other_encoding,
)
