"""The lines of a question beside gold forms: what texts and numbers stand in them, and where the rows of a form begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate

from schema.form import Form, Indicator
from schema.numerals import NUMBER, normalise, number
from schema.text import fold

_NUMBER = re.compile(NUMBER)
_PIECES = re.compile(r"\s*[|\t]\s*")
_SIGNS = str.maketrans({"<": "≤", ">": "≥", "=": ""})
_GRAM = 2
_CACHED = 2**15
REACH = 8
"""Lines below its first over which the cells of one row may be spread; a long deviation beside it takes more, but little else then."""
_NAME_SHARE = 0.5
_VALUES_WITH_NAME = 0.2
_VALUES_ALONE = 0.5
"""Least shares of a row's name and of its values that must stand where it begins; more of the values where the name is not whole."""


@lru_cache(maxsize=_CACHED)
def spelled(text: str | None) -> str:
    """A text as it is compared here: folded, with <= and ≤ as one sign."""
    return fold(text).translate(_SIGNS)


@lru_cache(maxsize=_CACHED)
def grams(text: str | None) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, or its one character."""
    plain = spelled(text)
    return frozenset({plain} if len(plain) == 1 else (plain[i : i + _GRAM] for i in range(len(plain) - _GRAM + 1)))


@lru_cache(maxsize=_CACHED)
def numbers(text: str | None) -> frozenset[Decimal]:
    """The numbers printed in a text; those of neighbouring words are kept apart."""
    found = (number(m[0]) for word in (text or "").split() for m in _NUMBER.finditer(normalise(word)))
    return frozenset(n.normalize() for n in found if n is not None)


def covered(text: str | None, known: frozenset[str]) -> float:
    """The share of a text's grams that are known; 1 for no text."""
    own = grams(text)
    return len(own & known) / len(own) if own else 1.0


@dataclass(frozen=True)
class PrintedLine:
    """A line of a question and what is looked for in it."""

    id: str
    text: str

    @cached_property
    def plain(self) -> str:
        """Its text without separators of cells, as it is compared."""
        return spelled(_PIECES.sub("", self.text))

    @cached_property
    def pieces(self) -> frozenset[str]:
        """Its cells, and its words where no cells are told apart."""
        words = self.text.split() if "|" not in self.text else ()
        return frozenset(map(spelled, (*_PIECES.split(self.text), *words)))

    @cached_property
    def breaks(self) -> frozenset[int]:
        """Where in `plain` words and cells begin and end."""
        return frozenset(accumulate((len(spelled(word)) for word in re.split(r"[|\s]+", self.text)), initial=0))

    @cached_property
    def grams(self) -> frozenset[str]:
        """Pairs of characters, none of them across two cells."""
        return frozenset().union(*map(grams, _PIECES.split(self.text)))

    @cached_property
    def numbers(self) -> frozenset[Decimal]:
        """The numbers it prints."""
        return numbers(self.text.replace("|", " "))


def prepare(lines: Iterable[tuple[str, str]]) -> list[PrintedLine]:
    """The lines of a question, ids and texts, for comparing."""
    return [PrintedLine(number, text) for number, text in lines]


def find_rows(form: Form, lines: Sequence[PrintedLine]) -> dict[int, int]:
    """Where rows of a form begin: the position of a line for each indicator (from 0) that stands in the lines."""
    return _aligned(form, lines)[0]


def agreement(form: Form, lines: Sequence[PrintedLine]) -> float:
    """How well rows of a form account for lines: what speaks for each row that is found, and how much of its line it explains."""
    found, gain = _aligned(form, lines)
    return gain + sum(explained(form.indicators[row], lines[at]) for row, at in found.items())


def explained(row: Indicator, line: PrintedLine) -> float:
    """The share of a line that is text or numbers of a row, apart from the levels it stands under."""
    texts = (row.name, row.target, row.actual, row.deviation)
    own = frozenset().union(*map(grams, texts))
    figures = numbers(" ".join(str(n) for n in (row.weight, row.score) if n is not None))
    size = len(line.grams) + len(line.numbers)
    return (len(line.grams & own) + len(line.numbers & figures)) / size if size else 0.0


def _aligned(form: Form, lines: Sequence[PrintedLine]) -> tuple[dict[int, int], float]:
    """Rows and lines are in one order, so the best of all ordered assignments is taken: a name that also stands in a goal, or in two
    rows, goes where its figures are.
    """
    gains = [[_gain(row, lines, at) for at in range(len(lines))] for row in form.indicators]
    best = [[0.0] * (len(lines) + 1) for _ in range(len(gains) + 1)]
    for i in reversed(range(len(gains))):
        for j in reversed(range(len(lines))):
            taken = gains[i][j] + best[i + 1][j + 1] if gains[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    found, i, j = {}, 0, 0
    while i < len(gains) and j < len(lines):
        if gains[i][j] and best[i][j] == gains[i][j] + best[i + 1][j + 1]:
            found[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return found, best[0][0]


def _gain(row: Indicator, lines: Sequence[PrintedLine], at: int) -> float:
    """How much speaks for a row beginning on a line; 0 where too little does."""
    line, name = lines[at], spelled(row.name)
    begun, shared = _begun(name, lines, at), covered(row.name, lines[at].grams)
    if max(begun, shared) < _NAME_SHARE:
        return 0.0
    values = _values(row, line, lines[at : at + REACH])
    # A goal may name an indicator, and a project share words with one: a row has its figures with it.
    if values < (_VALUES_WITH_NAME if begun == 1 else _VALUES_ALONE):
        return 0.0
    return 2 * max(begun, 0.8 * shared) + 0.5 * (name in line.pieces) + 1.4 * values + 0.1 * covered(row.level2, line.grams)


def _values(row: Indicator, line: PrintedLine, below: Sequence[PrintedLine]) -> float:
    """The share of a row's values that stand on a line, or, for less, on one below it."""
    near = frozenset[str]().union(*(other.grams for other in below))
    shares = [0.7 * covered(text, line.grams) + 0.3 * covered(text, near) for text in (row.target, row.actual) if text]
    for points in (row.weight, row.score):
        if points is not None:
            value = points.normalize()
            shares.append(0.7 * (value in line.numbers) + 0.3 * any(value in other.numbers for other in below))
    return sum(shares) / len(shares) if shares else 0.0


def _begun(name: str, lines: Sequence[PrintedLine], at: int) -> float:
    """The share of a name that stands on a line and, piece after piece, on those below it, if it begins on the line."""
    seen = _longest_start(name, lines[at])
    if seen == 0 or seen == len(name):
        return float(seen > 0)
    for line in lines[at + 1 : at + REACH]:
        seen += _longest_start(name[seen:], line, goes_on=True)
        if seen == len(name):
            break
    return seen / len(name)


def _longest_start(name: str, line: PrintedLine, goes_on: bool = False) -> int:
    """The length of the longest beginning of a name that stands in a line.

    A part of a name must end where a word of the line ends, and if the name goes on from a line above, begin where a word begins.
    """
    for size in range(len(name), 0, -1):
        at = line.plain.find(name[:size])
        while at >= 0:
            if (size == len(name) or (size > 1 and at + size in line.breaks)) and (not goes_on or at in line.breaks):
                return size
            at = line.plain.find(name[:size], at + 1)
    return 0
