"""Names looked up by what a question says of them: whole, in part, with parts left out, with wrong characters that sound alike."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_NO_KEY = re.compile(r"[\W_]+")
LONGEST = 40
"""Characters of a suffix that are kept for comparing; no question quotes more of a name than that without naming it whole."""
_FEW = 400
"""Up to so many names all are compared by sound; beyond, only those that share two characters in a row."""
_LEAST_SHARE = 0.75


def name_key(text: str | None) -> str:
    """Letters and digits of a name only, widths and cases folded: quotes, brackets and stops are left out of questions at will."""
    return _NO_KEY.sub("", unicodedata.normalize("NFKC", text or "")).casefold()


@lru_cache(maxsize=8192)
def sounds(character: str) -> frozenset[str]:
    """The readings of a character without tones; the character itself where it has none."""
    # Imported late: the table of readings takes a third of a second to load, and many questions need none of it.
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    readings = PINYIN_DICT.get(ord(character)) if len(character) == 1 else None
    if not readings:
        return frozenset({character})
    return frozenset(to_normal(reading).replace("ü", "v") for reading in readings.split(","))


def sound_alike(one: str, other: str) -> bool:
    """Whether two texts of one length could be read alike, character by character."""
    return len(one) == len(other) and all(a == b or not sounds(a).isdisjoint(sounds(b)) for a, b in zip(one, other, strict=True))


class NameIndex:
    """The names of one kind. Words are given as keys (`name_key`); names are answered by their number in `names`."""

    def __init__(self, names: Iterable[str]) -> None:
        # Very many forms have the same few names.
        keyed = {name: name_key(name) for name in dict.fromkeys(names)}
        self.names: tuple[str, ...] = tuple(name for name, key in keyed.items() if key)
        self.keys: tuple[str, ...] = tuple(key for key in keyed.values() if key)
        self.exact: dict[str, list[int]] = {}
        self._pairs: dict[str, list[int]] = {}
        self._sounds: dict[int, frozenset[str]] = {}
        suffixes: list[tuple[str, int]] = []
        for number, key in enumerate(self.keys):
            self.exact.setdefault(key, []).append(number)
            suffixes += ((key[i : i + LONGEST], number) for i in range(len(key)))
            for pair in {key[i : i + 2] for i in range(len(key) - 1)}:
                self._pairs.setdefault(pair, []).append(number)
        suffixes.sort()
        self._suffixes = [suffix for suffix, _ in suffixes]
        self._owners = [owner for _, owner in suffixes]
        self.lengths: tuple[int, ...] = tuple(sorted({len(key) for key in self.keys}, reverse=True))

    def longest(self, key: str, start: int) -> int:
        """How many characters of the text from `start` on stand in one of the names in a row."""
        rest = key[start : start + LONGEST]
        place = bisect_left(self._suffixes, rest)
        near = self._suffixes[max(place - 1, 0) : place + 1]
        return max((_shared(rest, suffix) for suffix in near), default=0)

    def holding(self, word: str) -> list[int]:
        """The names that hold the word, in their order."""
        if not word:
            return []
        first, last = bisect_left(self._suffixes, word[:LONGEST]), bisect_left(self._suffixes, word[:LONGEST] + "\U0010ffff")
        return sorted(set(self._owners[first:last]))

    def alike(self, word: str, among: set[int] | None = None) -> list[int]:
        """The names that most nearly say the word: heard the same, then with parts left out, then with some characters amiss."""
        if not 2 <= len(word) <= LONGEST:
            return []
        best, found = 0.0, []
        for number in self._near(word, among):
            score = _likeness(word, self.keys[number])
            if score > best + 1e-9:
                best, found = score, [number]
            elif score and abs(score - best) <= 1e-9:
                found.append(number)
        return found

    def paired(self, pair: str) -> Sequence[int]:
        """The names that hold two characters in a row."""
        return self._pairs.get(pair, ())

    def gapped(self, word: str) -> list[int]:
        """The names that say the word with parts left out."""
        numbers = sorted({n for i in range(len(word) - 1) for n in self._pairs.get(word[i : i + 2], ())})
        return [n for n in numbers if _left_out(word, self.keys[n])]

    def _near(self, word: str, among: set[int] | None) -> Iterable[int]:
        if among is None and len(self.keys) > _FEW:
            counted = Counter(n for i in range(len(word) - 1) for n in self._pairs.get(word[i : i + 2], ()))
            numbers: Iterable[int] = (n for n, _ in counted.most_common(_FEW))
        else:
            numbers = sorted(among) if among is not None else range(len(self.keys))
        readings = [sounds(c) for c in word]
        least = max(2, _LEAST_SHARE * len(word))
        return (n for n in numbers if sum(1 for reading in readings if not reading.isdisjoint(self._heard(n))) >= least)

    def _heard(self, number: int) -> frozenset[str]:
        if number not in self._sounds:
            self._sounds[number] = frozenset().union(*map(sounds, self.keys[number]))
        return self._sounds[number]


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _likeness(word: str, name: str) -> float:
    """From 1 (heard the same) to 0 (not meant)."""
    if sound_alike(word, name):
        return 1.0
    size = len(word)
    if any(sound_alike(word, name[i : i + size]) for i in range(len(name) - size + 1)) and size > 2:
        return 0.95
    if _left_out(word, name):
        return 0.9
    return 0.0


def _left_out(word: str, name: str) -> bool:
    """Whether the word is the name with parts left out: pieces of two characters or more in their order, the last one of one or more."""
    place, i = 0, 0
    while i < len(word):
        size = next((n for n in range(len(word) - i, 0, -1) if (n > 1 or i + n == len(word)) and name.find(word[i : i + n], place) >= 0), 0)
        if not size or (size == 1 and i == 0):
            return False
        place = name.find(word[i : i + size], place) + size
        i += size
    return True
