"""Texts known by their wording that a dump breaks over pieces: standard results, and the labels of levels.

A page break may cut a label, which then goes on with some rows later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ingest.dump.pieces import Piece
from schema.text import fold
from schema.vocabulary import LEVEL1_LABELS, LEVEL2_LABELS, LEVELS, RESULTS, level1_suits, strip_points

_MOST = 8
"""Pieces that a label is broken into at most."""
_LONGEST = 18
_ENDING = "指标"
_UNKNOWN = 4.0
"""Cost of a label that only its ending tells."""
_BEGUN = 2.0
"""Cost of a label of which only the beginning is printed."""
_PART = 3.0
"""Cost of a label whose next piece would make it longer."""
_SYNONYM = 0.5
_OTHER_LEVEL = 4.0
_FITS_NOT = 2.0
_FAR = 4.0
"""Cost of a label that goes on behind rows of its own without a page break."""
NEAR = 0.5
_UNSAID = 1.5
_TORN = 6.0
_UNSAID_CHARACTERS = 2


_FIRST_OF_RESULT = frozenset(text[0] for text in RESULTS)
_FIRST = frozenset(label[0] for label in LEVELS)
_PREFIXES = frozenset(label[:n] for label in LEVELS for n in range(1, len(label)))
_BEGINNINGS = _PREFIXES | LEVELS
_USUAL = {"level1": LEVEL1_LABELS, "level2": LEVEL2_LABELS}


def tokens(pieces: Sequence[Piece], at: int, level: str) -> list[tuple[int, str, float]]:
    """The labels of a level that may start with this piece: index behind the last piece, folded text, cost."""
    if pieces[at].text[0] not in _FIRST and _ENDING not in pieces[at].text:
        return []
    return list(_tokens(pieces, at, level))


def _tokens(pieces: Sequence[Piece], at: int, level: str) -> Iterator[tuple[int, str, float]]:
    begun: tuple[int, str] | None = None
    whole: list[tuple[int, str, float]] = []
    for end, text in _joined(pieces, at):
        bare = strip_points(text)
        if bare in LEVELS:
            whole.append((end, bare, _unusual(level, bare)))
        elif text in _PREFIXES:
            begun = (end, text)
        elif bare.endswith(_ENDING) and len(bare) > len(_ENDING) and end == at + 1:
            whole.append((end, bare, _UNKNOWN))
    for i, (end, text, cost) in enumerate(whole):
        # 成本 | 指标 is one label, although 成本 is one too.
        yield end, text, cost + (_PART if i < len(whole) - 1 else 0.0)
    if begun is not None and not whole:
        yield *begun, _BEGUN


def extensions(pieces: Sequence[Piece], at: int, held: str) -> Iterator[tuple[int, str, float]]:
    """How a label that was begun above some rows may go on with this piece."""
    if (held + pieces[at].text[0]) not in _BEGINNINGS:
        return
    for end, text in _joined(pieces, at):
        longer = held + text
        if longer in LEVELS or longer in _PREFIXES:
            yield end, longer, NEAR if pieces[at].broken else _FAR


def phrases(pieces: Sequence[Piece], at: int) -> Iterator[int]:
    """Where a standard result that starts with this piece and is broken over several ends: the index behind its last piece."""
    if pieces[at].text[0] in _FIRST_OF_RESULT:
        yield from (end for end, text in _joined(pieces, at) if end > at + 1 and text in RESULTS)


def _joined(pieces: Sequence[Piece], at: int) -> Iterator[tuple[int, str]]:
    text = ""
    for end in range(at + 1, min(at + _MOST, len(pieces)) + 1):
        text += fold(pieces[end - 1].text)
        if len(text) > _LONGEST:
            return
        yield end, text


@lru_cache(maxsize=512)
def _unusual(level: str, label: str) -> float:
    """The cost of a label at this level; 质量 is short for 质量指标, so it is of the same level."""
    of = [name for name, usual in _USUAL.items() if label in usual] or [
        name for name, usual in _USUAL.items() if any(known.startswith(label) for known in usual)
    ]
    if not of or level in of:
        return 0.0 if label in _USUAL[level] else _SYNONYM
    return _OTHER_LEVEL


@lru_cache(maxsize=2048)
def suits(level1: str, level2: str) -> float:
    """The cost of a level-2 label below a level-1 label."""
    return _FITS_NOT if level1_suits(level1, level2) is False else 0.0


def lost(label: str) -> float:
    """The cost of a label's missing end."""
    if not label or label in LEVELS or label.endswith(_ENDING):
        return 0.0
    return _UNSAID if completed(label) is not None else _TORN


@lru_cache(maxsize=512)
def completed(label: str) -> str | None:
    """The usual label of which all but the last character or two is printed; None where there is none, or more than one."""
    usual = {*LEVEL1_LABELS, *LEVEL2_LABELS}
    found = [known for known in usual if known.startswith(label) and 0 < len(known) - len(label) <= _UNSAID_CHARACTERS]
    return found[0] if len(found) == 1 else None
