"""The text of a question as it is worked through: normalised once, orders dropped, then every stretch that was understood is taken out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from agents.answer.names.keys import sound_alike
from agents.answer.plan.orders import order_stretches
from agents.answer.words import measures as words
from agents.answer.words.orders import DOUBTED, EXCLUDED

LONGEST = 600
"""Characters of a question that are read; what is longer is no question, and is cut."""
TAKEN = "\ufffc"
"""Stands in `rest` for each character that was understood."""
_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』《》〈〉«»＂", '"') | dict.fromkeys("‘’‛`´", "'"))
_SPACES = re.compile(r"\s+")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STOP = re.compile(r"[。?!;]|\.(?=\s|$)")
_PART = re.compile(rf"[^\s{TAKEN}。?!;,:()\[\]{{}}\"'、/…~]+")
_QUOTED = re.compile(r"\"([^\"]{2,60})\"")


def normalise(question: str) -> str:
    """Widths, quotes and white space of a question made one; cut to a length that a question has."""
    plain = unicodedata.normalize("NFKC", question[: 4 * LONGEST]).translate(_QUOTES)
    plain = "".join(c for c in plain if c in "\n\t " or unicodedata.category(c)[0] not in "CM")
    return _SPACES.sub(" ", plain).strip()[:LONGEST]


def lowered(text: str) -> str:
    """The text in lower case, every character in its place."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


class Text:
    """A question at work. Places are characters of `plain`; `shown` is the same as it was typed, cases kept, misspellings too."""

    def __init__(self, question: str, is_name: Callable[[str], bool]) -> None:
        self.shown = normalise(question)
        self.plain = corrected(lowered(self.shown), is_name)
        self._taken = [False] * len(self.plain)
        self.ordered = False
        self.excluded = False
        for match in EXCLUDED.finditer(self.plain):
            if DOUBTED.search(match[0]):
                self.take(*match.span())
                self.excluded = True

    @property
    def rest(self) -> str:
        """The text with everything that was taken blotted out, in its places."""
        return "".join(TAKEN if taken else c for c, taken in zip(self.plain, self._taken, strict=True))

    def drop_orders(self, keep: Iterable[tuple[int, int]] = ()) -> None:
        """Take out orders; names inside of them may still be what the question is about, and stretches to keep end an order."""
        kept = {i for start, end in keep for i in range(start, end)}
        blotted = "".join("|" if i in kept else c for i, c in enumerate(self.plain))
        for start, end in order_stretches(blotted):
            self.take(start, end)
            self.ordered = True

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as understood."""
        self._taken[start:end] = [True] * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing of a stretch was taken."""
        return not any(self._taken[start:end])

    def first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match in what is left; it is taken."""
        match = pattern.search(self.rest)
        if match:
            self.take(*match.span())
        return match

    def parts(self) -> Iterator[tuple[int, int]]:
        """What is left, in stretches without stops and white space in Chinese."""
        for match in _PART.finditer(self.rest):
            yield match.span()

    def quoted(self) -> Iterator[tuple[int, int]]:
        """What stands in quotes, without them."""
        for match in _QUOTED.finditer(self.plain):
            yield match.span(1)

    def sentence(self, place: int) -> tuple[int, int]:
        """The sentence that a place stands in."""
        before = [match.end() for match in _STOP.finditer(self.plain, 0, place)]
        after = _STOP.search(self.plain, place)
        return (before[-1] if before else 0), (after.start() if after else len(self.plain))


def corrected(plain: str, is_name: Callable[[str], bool]) -> str:
    """Words of the domain that are misspelt by sound put right, where the misspelling is in no stored name: 执行绿 -> 执行率."""
    if not _HAN.search(plain):
        return plain
    for word in words.SUBSTITUTED:
        if word in plain:
            continue
        for i in range(len(plain) - len(word) + 1):
            window = plain[i : i + len(word)]
            wrong = sum(a != b for a, b in zip(window, word, strict=True))
            if wrong == 1 and all(map(_HAN.match, window)) and sound_alike(window, word) and not is_name(window):
                plain = plain[:i] + word + plain[i + len(word) :]
    return plain
