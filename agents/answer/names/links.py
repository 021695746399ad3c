"""How strongly words speak of names: by the pairs of characters that both hold in a row, each weighed by how few names hold it.

A word need not stand in a name as it is: 免费快递送证照 speaks of 免费证照快递费用 though neither holds the other. Long runs weigh more
than their pieces, because the pairs that join the pieces count as well; everyday words are looked for as the words names have for them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import log
from typing import NamedTuple

from agents.answer.names.keys import NameIndex, sound_alike
from agents.answer.words.asking import EDGES
from agents.answer.words.kin import COMMON, KIN

_SHARE_OF_COMMON = 0.25
"""A pair of COMMON counts as if a quarter of all names held it besides: of a handful of stored names few hold it by chance."""
MARGIN = 0.3
"""Weights that differ by less say the same: a third of a pair that singles out one name."""
_OFTEN = 1500
"""Names that a pair may be in and still be used for finding candidates; the rarest pair always is."""
_CANDIDATES = 400
_KIN = 0.8
"""An everyday word counts a little less than the word itself."""
_HEARD = 0.6
"""So does a character that only sounds right, beside two that are."""
_HEARD_OF = 8
"""Candidates that are compared by sound: the others are too far off for one character to matter."""


class Link(NamedTuple):
    """What a word shares with one name.

    Attributes:
        number: the name's in its index.
        weight: sum over shared pairs; 1 for each pair that no other name holds.
        mask: bits of the word's characters that are shared.
        covered: share of the word's telling characters that are.
    """

    number: int
    weight: float
    mask: int
    covered: float


class Links:
    """Evidence between words and the names of one index."""

    def __init__(self, index: NameIndex) -> None:
        self._index = index
        self._count = len(index.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The names, by their numbers."""
        return self._index.names

    def weight(self, piece: str) -> float:
        """How much a piece of a name tells: the sum over its pairs of characters; 0 for what no name holds."""
        return sum(self._pair(piece[i : i + 2]) for i in range(len(piece) - 1))

    def best(self, word: str, among: Collection[int] | None = None) -> list[Link]:
        """The names that a key word speaks of most, all of them that are as good as the best; of the given ones only."""
        scored = self.scored(word, among)
        top = max((link.weight for link in scored), default=0.0)
        return [link for link in scored if link.weight >= top - MARGIN] if top else []

    def scored(self, word: str, among: Collection[int] | None = None) -> list[Link]:
        """Every name that a key word shares something telling with, the heaviest first."""
        pairs = [(i, word[i : i + 2], self._pair(word[i : i + 2])) for i in range(len(word) - 1)]
        kin = [(start, said, terms) for start, said, terms in _kin_of(word)]
        found = [self._link(word, number, pairs, kin) for number in self._candidates(pairs, kin, among)]
        found = sorted((link for link in found if link.weight > 0), key=lambda link: (-link.weight, link.number))
        missing = any(word[i] not in EDGES and not found[0].mask >> i & 1 for i in range(len(word))) if found else False
        if missing and len(word) > 2:
            found[:_HEARD_OF] = [self._heard(word, link) for link in found[:_HEARD_OF]]
            found.sort(key=lambda link: (-link.weight, link.number))
        return found

    def _pair(self, pair: str) -> float:
        held = len(self._index.paired(pair))
        if not held:
            return 0.0
        besides = _SHARE_OF_COMMON * self._count if pair in COMMON else 0.0
        return max(0.0, log((self._count + 2) / (held + besides)) / log(self._count + 2))

    def _candidates(
        self, pairs: list[tuple[int, str, float]], kin: list[tuple[int, str, tuple[str, ...]]], among: Collection[int] | None
    ) -> Iterator[int]:
        known = sorted((self._index.paired(pair) for _, pair, weight in pairs if weight), key=len)
        seen: dict[int, None] = {}
        for held in [*known[:1], *(more for more in known[1:] if len(more) <= _OFTEN)]:
            seen.update(dict.fromkeys(held if among is None else (n for n in held if n in among)))
        for _, _, terms in kin:
            for term in terms:
                held = self._index.holding(term)
                if len(held) <= _OFTEN:
                    seen.update(dict.fromkeys(n for n in held if among is None or n in among))
        if len(seen) <= _CANDIDATES:
            return iter(seen)
        rare = {pair for _, pair, _ in pairs}
        return iter(sorted(seen, key=lambda n: -sum(pair in self._index.keys[n] for pair in rare))[:_CANDIDATES])

    def _link(self, word: str, number: int, pairs: list[tuple[int, str, float]], kin: list[tuple[int, str, tuple[str, ...]]]) -> Link:
        key, mask, total = self._index.keys[number], 0, 0.0
        for i, pair, weight in pairs:
            if weight and pair in key:
                mask |= 0b11 << i
                total += weight
        for start, said, terms in kin:
            bits = ((1 << len(said)) - 1) << start
            held = [term for term in terms if term in key]
            if held and mask & bits != bits:
                mask |= bits
                total += _KIN * min(1.5, max(self.weight(term) for term in held))
        return Link(number, total, mask, covered(word, mask))

    def _heard(self, word: str, link: Link) -> Link:
        """The link with characters counted that only sound like those of the name, beside one or two that are the very ones."""
        key, mask, total = self._index.keys[link.number], link.mask, link.weight
        for i in range(len(word)):
            if mask >> i & 1:
                continue
            if i + 1 < len(word) and not mask >> (i + 1) & 1 and (pair := _sounding(key, word[i : i + 2])):
                mask |= 0b11 << i
                total += _HEARD * self._pair(pair)
                continue
            before = word[i - 2 : i] if i > 1 and mask >> (i - 2) & 0b11 == 0b11 else ""
            after = word[i + 1 : i + 3] if mask >> (i + 1) & 0b11 == 0b11 else ""
            places = [p + 2 for p in _places(key, before)] + [p - 1 for p in _places(key, after)]
            if any(0 <= p < len(key) and sound_alike(word[i], key[p]) for p in places):
                mask |= 1 << i
                total += _HEARD
        return Link(link.number, total, mask, covered(word, mask)) if mask != link.mask else link


def _sounding(key: str, pair: str) -> str | None:
    """Two characters of a name in a row that are heard as a pair of the word, one of them being the very one."""
    for at in (0, 1):
        for place in _places(key, pair[at]):
            start = place - at
            found = key[start : start + 2] if start >= 0 else ""
            if len(found) == 2 and found != pair and sound_alike(found, pair):
                return found
    return None


def covered(word: str, mask: int) -> float:
    """The share of a word's telling characters whose bits are set."""
    telling = [i for i, c in enumerate(word) if c not in EDGES or mask >> i & 1]
    return sum(mask >> i & 1 for i in telling) / len(telling) if telling else 0.0


def _kin_of(word: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    end = 0
    for start in range(len(word)):
        if start < end:
            continue
        for size in (4, 3, 2, 1):
            said = word[start : start + size]
            if len(said) == size and (terms := KIN.get(said)):
                end = start + size
                yield start, said, terms
                break


def _places(key: str, piece: str) -> Iterator[int]:
    place = key.find(piece) if piece else -1
    while place >= 0:
        yield place
        place = key.find(piece, place + 1)
