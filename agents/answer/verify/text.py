"""The text of an answer taken apart: lines, sentences, quotations, marks, bare numbers; folded with every character in its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from schema.numerals import NUMBER, normalise

MARK = re.compile(r"\[(\d+)\](?:\s*[–—~-]\s*\[(\d+)\])?")
RUN = re.compile(r"\[\d+\](?:\s*[–—~、,，-]?\s*\[\d+\])*")
"""Marks behind one another: they stand for the same words."""
BOLD = re.compile(r"\*\*(.+?)\*\*")
MASK = "\ue000"
"""Stands in place of what is understood already; no pattern matches it."""
_NUMBER = re.compile(rf"-?{NUMBER}")
_HYPHEN = re.compile(r"(?<=[\w)）”])-(?=\d)")
_OPENING, _CLOSING = "“「『", "”」』"
_LOOKALIKES = str.maketrans({"。": ".", "、": ",", "【": "[", "】": "]", "—": "-", "–": "-", "−": "-", "·": ".", "‘": "'", "’": "'"})
_MOST_MARKS = 200


def split(text: str) -> Iterator[str]:
    """A text as lines, and those of running text as sentences; a full stop between quotation marks ends none."""
    for line in text.split("\n"):
        if line.startswith(("|", "- ")):
            yield line.strip()
            continue
        depth, begin = 0, 0
        for i, c in enumerate(line):
            depth += (c in _OPENING) - (c in _CLOSING)
            ends = c in "。！？" or (c in ".!?" and line[i + 1 : i + 2] in (" ", ""))
            if ends and depth <= 0:
                yield line[begin : i + 1].strip()
                begin = i + 1
        yield line[begin:].strip()


def quotations(text: str) -> Iterator[str]:
    """What stands between Chinese quotation marks, the outermost ones."""
    for begin, end in quoted_spans(text):
        yield text[begin:end]


def quoted_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where quotations stand, their marks left out; straight quotation marks open and close in turn."""
    depth, begin, straight = 0, 0, -1
    for i, c in enumerate(text):
        if c in _OPENING:
            depth += 1
            begin = i + 1 if depth == 1 else begin
        elif c in _CLOSING and depth:
            depth -= 1
            if depth == 0:
                yield begin, i
        elif c == '"' and depth == 0:
            if straight >= 0:
                yield straight, i
            straight = -1 if straight >= 0 else i + 1


def numbers(text: str) -> Iterator[Decimal]:
    """The numbers of a text; a hyphen between two words is no sign."""
    for m in _NUMBER.finditer(_HYPHEN.sub(" ", normalise(text))):
        yield Decimal(m[0].replace(",", ""))


def marks(text: str) -> Iterator[int]:
    """The numbers of the citations that marks stand for, ranges written out."""
    for m in MARK.finditer(text):
        first, last = int(m[1]), int(m[2] or m[1])
        yield from range(first, min(last, first + _MOST_MARKS) + 1)


@lru_cache(maxsize=65536)
def level(text: str) -> str:
    """A text as it is searched: width and look-alikes folded, one character for one."""
    return "".join(_leveled(c) for c in text)


def _leveled(c: str) -> str:
    if c.isascii() or "\u4e00" <= c <= "\u9fff":
        return c.lower()
    plain = unicodedata.normalize("NFKC", c)
    return (plain if len(plain) == 1 else c).translate(_LOOKALIKES).lower()


def blotted(text: str, begin: int, end: int) -> str:
    """The text with a stretch masked."""
    return text[:begin] + MASK * (end - begin) + text[end:]
