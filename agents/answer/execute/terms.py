"""The words of a topic, weighed by how telling they are over the texts that are looked at.

A topic is split into pieces, and a piece into words that the texts know: a question says 兄弟部门没按技术标准对接, and an explanation holds
部门, 技术, 标准 and 对接 of it. What no text holds weighs nothing; what few hold weighs most. English words stand for the Chinese ones that
forms have for them, any of which will do.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from agents.answer.words.causes import GLOSSES
from agents.answer.words.english import ENGLISH
from schema.text import fold
from schema.thesaurus import mentions, translated

_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z&' -]*[a-z]")
_APART = re.compile(r"[-\s]+")
_SIZES = (6, 5, 4, 3, 2)
_LONGEST_GLOSS = 4
_WORDS_KEPT = 100
"""Words of which is kept which texts hold them."""
_TELLING = 0.6
"""Of the most telling word of a piece: how much a word has to weigh that is enough for itself."""


class Term(NamedTuple):
    """One word of a topic: what texts may have for it, and how much it weighs."""

    words: tuple[str, ...]
    weight: float

    def held(self, text: str) -> str:
        """The first of its words that a folded text holds; empty where it holds none."""
        return next((word for word in self.words if word in text), "")


class Weights:
    """How telling words are over texts.

    Args:
        texts: what is looked at; what is said several times in the same words counts once.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(dict.fromkeys(plain(text) for text in texts))
        self._all = "\n".join(self._texts)
        self._holding: dict[tuple[str, ...], list[int]] = {}

    def knows(self, word: str) -> bool:
        """Whether any text holds a word."""
        return word in self._all

    def term(self, words: Sequence[str]) -> Term | None:
        """Words that stand for one another with their weight; None where no text holds one."""
        known = tuple(dict.fromkeys(word for word in words if self.knows(word)))
        if not known:
            return None
        return Term(known, math.log(1 + len(self._texts) / len(self.holding(known))))

    def holding(self, words: Sequence[str]) -> list[int]:
        """The numbers of the texts, folded and each once, that hold one of the words."""
        key = tuple(words)
        if key not in self._holding:
            if len(self._holding) >= _WORDS_KEPT:
                self._holding.clear()
            word, *more = key
            found = [i for i, text in enumerate(self._texts) if word in text]
            for other in more:
                found = sorted({*found, *(i for i, text in enumerate(self._texts) if other in text)})
            self._holding[key] = found
        return self._holding[key]

    def heaviest(self, terms: Sequence[Term], least: int) -> float:
        """The greatest weight of terms that one text holds, of the texts that hold so many of them; 0 where none does."""
        weights, counts = defaultdict[int, float](float), Counter[int]()
        for term in terms:
            held = self.holding(term.words)
            counts.update(held)
            for i in held:
                weights[i] += term.weight
        return max((weights[i] for i, count in counts.items() if count >= least), default=0.0)

    def terms(self, piece: str) -> tuple[Term, ...]:
        """The words of a piece that texts know, each once, from left to right; halves of long ones stand beside them."""
        found = [self.term(words) for words in (*self._chinese(plain(piece)), *in_chinese(piece))]
        return tuple(dict.fromkeys(term for term in found if term is not None))

    def _chinese(self, piece: str) -> Iterable[tuple[str]]:
        i = 0
        while i < len(piece) - 1:
            size = next((n for n in _SIZES if i + n <= len(piece) and _HAN.match(piece[i]) and self.knows(piece[i : i + n])), 0)
            if not size:
                i += 1
                continue
            yield (piece[i : i + size],)
            if size >= 4:
                yield from ((piece[at : at + 2],) for at in range(i, i + size - 1, 2))
            i += size


def in_chinese(text: str) -> list[tuple[str, ...]]:
    """For each English word or phrase of a text what Chinese forms have for it; words that mean nothing there are left out."""
    groups = []
    for stretch in _LATIN.findall(text.casefold()):
        words = _APART.sub(" ", stretch).split()
        i = 0
        while i < len(words):
            size, terms = _gloss(tuple(words[i : i + _LONGEST_GLOSS]))
            groups += [terms] if terms else []
            i += size
    return list(dict.fromkeys(groups))


@lru_cache(maxsize=4096)
def _gloss(words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """How many of the words make a phrase that is known, and what it is in Chinese."""
    for size in range(len(words), 0, -1):
        said = " ".join(words[:size])
        terms = GLOSSES.get(said) or ENGLISH.get(said) or _in_thesaurus(said)
        if terms:
            return size, tuple(plain(term) for term in terms)
    return 1, ()


def _in_thesaurus(said: str) -> tuple[str, ...]:
    whole = any(len(mention.word) == len(said) and not mention.concept.of_form for mention in mentions(said))
    return tuple(translated(said).split()) if whole else ()


@lru_cache(maxsize=2)
def weights_of(texts: tuple[str, ...]) -> Weights:
    """The same of texts that are asked about again and again."""
    return Weights(texts)


@lru_cache(maxsize=1_000_000)
def folded(text: str) -> str:
    """A text folded; the same texts are looked at in every question."""
    return fold(text)


@lru_cache(maxsize=1_000_000)
def plain(text: str) -> str:
    """A text as words are looked for in it."""
    found = folded(text)
    lower = found.casefold()
    return found if lower == found else lower


def coverage(terms: Sequence[Term], text: str) -> float:
    """How much of the weight of words a text holds, 0 to 1."""
    whole = sum(term.weight for term in terms)
    folded = plain(text)
    return sum(term.weight for term in terms if term.held(folded)) / whole if whole else 0.0


def telling(terms: Sequence[Term]) -> tuple[Term, ...]:
    """The words that are enough for themselves: not the ones that most texts hold anyway."""
    shorter = [term.weight for term in terms if min(map(len, term.words)) <= 3] or [term.weight for term in terms]
    least = _TELLING * max(shorter, default=0.0)
    return tuple(term for term in terms if term.weight >= least)
