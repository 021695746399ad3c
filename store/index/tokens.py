"""Texts to tokens for full text, without a dictionary, so that every word of two characters is found: 停车 in 停车票.

A text is cut into units: a Chinese character, a Latin word, a number. *Singles* are the units one after the other; *pairs* are each two
characters that stand together, and whatever stands alone. A term is found where its tokens stand in a row. Punctuation is passed over, so
a name is found with and without its quotation marks; lines, which are cells, end a row. Numbers lose commas and trailing zeros, so
100,000.00 is found as 100000.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TOKENS_VERSION = 1
"""Counts up when the same text gives other tokens; full text is then made anew."""

_UNIT = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|[a-zà-ɏ]+|[^\W_]")
_DIGITS = "0123456789"


def units(text: str) -> list[str]:
    """The units of a text, widths and cases folded, in order."""
    return [_number(unit) if unit[0] in _DIGITS else unit for unit in _UNIT.findall(unicodedata.normalize("NFKC", text).casefold())]


def singles(text: str) -> str:
    """The units, apart."""
    return " ".join(units(text))


def pairs(text: str) -> str:
    """Each two characters that stand together, and the units that have no neighbour to stand with, apart."""
    return " ".join(singles_and_pairs(text)[1])


@lru_cache(maxsize=512)
def context_pairs(context: str) -> str:
    """The pairs of a context, which all chunks of a form have in common."""
    return pairs(context)


def singles_and_pairs(text: str) -> tuple[list[str], list[str]]:
    """The tokens of both kinds, for a text that is to be kept: it is cut into units once."""
    alone: list[str] = []
    together: list[str] = []
    for line in text.split("\n"):
        parts = units(line)
        alone += parts
        _pair(parts, together)
    return alone, together


def is_plain(term: str) -> bool:
    """Whether a term is nothing but two or more Chinese characters: its pairs then find it wherever it stands."""
    parts = units(term)
    return len(parts) > 1 and all(is_character(part) for part in parts)


def is_character(unit: str) -> bool:
    """Whether a unit is a single character of a script without spaces, and not a Latin word or a number."""
    return len(unit) == 1 and not unit.isascii() and not "à" <= unit <= "ɏ"


def _pair(parts: list[str], tokens: list[str]) -> None:
    """Put the pairs of a line after the tokens there are."""
    before, waits = "", False
    for part in parts:
        if not is_character(part):
            if waits:
                tokens.append(before)
            tokens.append(part)
            before, waits = "", False
        else:
            if before:
                tokens.append(before + part)
            waits = not before
            before = part
    if waits:
        tokens.append(before)


def _number(text: str) -> str:
    whole, _, places = text.replace(",", "").partition(".")
    places = places.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{places}" if places else whole
