"""English words for what Chinese names hold, and units called by an English name: the Minhang District administrative service center."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from agents.answer.words.english import ENGLISH, UNIT_KINDS, UNIT_STOPS
from schema.thesaurus import translated

_HYPHENS = re.compile(r"[-\s]+")
_UNIT = re.compile(rf"(?:[a-z][a-z'-]*\s+){{1,8}}(?:{UNIT_KINDS})\b")
_ADMIN = frozenset({"district", "city", "municipality", "municipal", "county", "province", "new", "area"})


class EnglishUnit(NamedTuple):
    """Where a text names units in English."""

    start: int
    end: int
    units: tuple[str, ...]


def in_chinese(phrase: str) -> list[tuple[str, ...]]:
    """For each English word that names may hold in Chinese, what they hold."""
    return [terms for _, terms in _translations(phrase) if terms]


def english_units(text: str, names: Sequence[str], of_place: Callable[[str], Sequence[str]]) -> Iterator[EnglishUnit]:
    """Units whose names hold everything that an English name says.

    Args:
        text: a question in lower case.
        names: the units as stored.
        of_place: the units of a place in Latin letters.
    """
    for match in _UNIT.finditer(text):
        start, words = match.start(), list[str]()
        for word in re.finditer(r"[a-z][a-z'-]*", match[0]):
            plain = word[0].removesuffix("'s")
            if plain in UNIT_STOPS:
                start, words = match.start() + word.end() + 1, []
            else:
                words.append(plain)
        placed = [unit for word in words for unit in of_place(word)]
        rest = [word for word in words if word not in _ADMIN and not of_place(word)]
        told = _word_by_word([word for word in rest if word != "and"])
        if len(told) + bool(placed) < 2 or not all(terms for _, terms in told):
            continue
        # A name may be of the whole city though the place is one that all units of the city have.
        units = [name for name in names if all(any(term in name for term in terms) for _, terms in told)]
        narrowed = [unit for unit in units if unit in placed] if placed else units
        if narrowed:
            yield EnglishUnit(start, match.end(), tuple(narrowed))


def _word_by_word(words: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Like `_translations`, with no loose translations of several words at once: big data, and then center."""
    found, i = [], 0
    while i < len(words):
        both = " ".join(words[i : i + 2])
        said = both if both in ENGLISH else words[i]
        found.append((said, ENGLISH.get(said) or tuple(translated(said).split())))
        i += 2 if said == both and i + 1 < len(words) else 1
    return found


def _translations(phrase: str) -> list[tuple[str, tuple[str, ...]]]:
    """Word by word what names may hold; several words at once where the table has them, loosely only where it lacks the first."""
    words = _HYPHENS.sub(" ", phrase).split()
    found, i = [], 0
    while i < len(words):
        ways = [" ".join(words[i : i + size]) for size in (3, 2, 1)]
        said = next((way for way in ways if way in ENGLISH), None) or next((way for way in ways if translated(way)), words[i])
        found.append((said, ENGLISH.get(said) or tuple(translated(said).split())))
        i += len(said.split())
    return found
