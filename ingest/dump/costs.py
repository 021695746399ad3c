"""How unlikely it is that a piece of a dump stands in a column, or that two pieces follow each other in one, as a cost.

A cost is the negative logarithm of a likelihood, told from how these forms are filled in; see docs/architecture.md. A cell goes on in
the next line only where its line was full, so the widths of the columns, once they are known, tell most.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute

from ingest.dump.pieces import Piece
from schema.text import fold, is_blank
from schema.vocabulary import LEVEL1_LABELS, LEVEL2_LABELS, LEVELS

NEVER = 1e9


@dataclass(frozen=True)
class Habits:
    """What other rows of the same template tell: the widths of columns in half widths, and texts that often fill a cell of a column."""

    widths: Mapping[str, int] = attribute(default_factory=dict)
    words: Mapping[str, frozenset[str]] = attribute(default_factory=dict)


NUMBERS = frozenset({"weight", "score"})
VALUES = frozenset({"target", "actual"})
_POINTS = re.compile(r"\d{1,3}(?:\.\d{1,4})?分?")
_COMPARATOR = re.compile(r"[≥≤><=≧≦＞＜＝]|大于|小于|不低于|不高于|不少于|不超过")
_UNITS = frozenset("年月日号时个次家人件项条份天户场期名台套")
_LONE = re.compile(r"[≥≤><=≧≦＞＜＝]+")
_NUMERIC = re.compile(r"[\d.,%％]+")
_MOST_POINTS = 100.0
_WIDE = 0x2000
"""Code point from which characters are wide."""
_BLUR = 3
"""Half widths by which a full line may fall short."""
_SENTENCE = 8
"""Characters from which a line of a deviation is part of a sentence."""
_CLAUSE = 0.8
"""Cost of a comma between clauses in a name."""
_USUAL = 1.0
_WHOLE = 1.5
"""Cost of a text that often fills a cell of its column as the rest of one."""
_ELSEWHERE = 1.5
"""Cost of a text that often fills cells of another column."""
BEGUN = frozenset(label[:n] for label in (*LEVEL1_LABELS, *LEVEL2_LABELS) for n in (len(label) - 1, len(label) - 2) if n > 2)
_TORN_LABEL = 2.0
"""Cost of a label without its end as a text."""
_LABEL = 4.0
"""Cost of the label of a level as a text."""
_OVER = 1
"""Half widths by which a line may exceed its column: narrow letters."""
_LONG = {"name": 60, "target": 40, "actual": 60}
_SKIP = {"level1": 0.0, "level2": 0.0, "name": 8.0, "target_sign": 1.0, "target_unit": 1.0, "target": 3.0, "actual": 3.0, "weight": 4.0,
         "score": 4.0, "deviation": 0.0, "other": 0.5}  # fmt: skip


def skip(field: str) -> float:
    """That a cell of this column is blank."""
    return _SKIP[field]


def stands(field: str, piece: Piece, habits: Habits) -> float:
    """That a piece stands in this column."""
    text = fold(piece.text)
    if text in habits.words.get(field, ()):
        return 0.0
    if field in NUMBERS:
        if is_blank(text):
            return 1.0
        return 0.0 if _POINTS.fullmatch(text) and float(text.rstrip("分")) <= _MOST_POINTS else NEVER
    cost = _OF_TEXT[field](text) if field in _OF_TEXT else 0.5
    if field == "name":
        cost += _CLAUSE * sum(ch in "，；" for ch in piece.text)
    if field in ("name", "deviation") and piece.opens and text in LEVELS and text.endswith("指标"):
        cost += _LABEL
    elif field in ("name", "deviation") and piece.opens and text in BEGUN:
        cost += _TORN_LABEL
    limit = habits.widths.get(field)
    if limit is not None and piece.width > limit + _OVER:
        cost += 3.0
    if any(text in words for name, words in habits.words.items() if name != field):
        cost += _ELSEWHERE
    return cost + (2.0 if len(text) > _LONG.get(field, len(text)) else 0.0)


def adds(stands_cost: float) -> float:
    """That a piece which goes on with a cell stands in this column: only what is odd about it counts."""
    return max(0.0, stands_cost - _USUAL)


def explains(weight: str | None, score: str) -> float:
    """That a deviation is printed behind this score: points that were lost are explained, as a rule, and others are not."""
    try:
        lost = weight is not None and float(fold(score).strip("分")) < float(fold(weight).strip("分"))
    except ValueError:
        return 1.0
    return 0.0 if lost else 3.0


def _as_name(text: str) -> float:
    if is_blank(text):
        return 4.0
    if _COMPARATOR.match(text):
        return 8.0
    if _NUMERIC.fullmatch(text):
        return 6.0
    return 0.3 + 3.0 * ("." in text and not any(ch.isdigit() for ch in text))


def _as_target(text: str) -> float:
    if _COMPARATOR.match(text):
        return 0.0
    return 0.5 if text[0].isdigit() else 1.0


def _as_actual(text: str) -> float:
    if _COMPARATOR.match(text):
        return 1.0
    return 0.3 if text[0].isdigit() else 0.8


def _as_deviation(text: str) -> float:
    if is_blank(text) or text == "无":
        return 0.3
    if not any(ch.isalnum() for ch in text):
        # The dots of an unused row.
        return 5.0
    return 5.0 if _NUMERIC.fullmatch(text) else 0.5


_OF_TEXT = {"name": _as_name, "target": _as_target, "actual": _as_actual, "deviation": _as_deviation}


def goes_on(field: str, before: Piece, piece: Piece, width: int, habits: Habits) -> float:
    """That a cell which holds `before` goes on with this piece; `width` is that of the print that ends with `before` on its line."""
    first = piece.text[0]
    if field in NUMBERS or piece.field or before.field:
        return 6.0
    if _is_open(before.text) or first in _NEVER_FIRST:
        return 0.0
    if field in VALUES:
        if before.text[-1].isdigit() and first in "(（":
            return 0.2
        if _COMPARATOR.match(piece.text) or (_NUMERIC.fullmatch(piece.text) and _NUMERIC.fullmatch(before.text)):
            return 5.0
    if _measures(before.text[-1], first):
        return 0.1
    return (_WHOLE if fold(piece.text) in habits.words.get(field, ()) else 0.0) + _wraps(field, before, piece, width, habits)


def _wraps(field: str, before: Piece, piece: Piece, width: int, habits: Habits) -> float:
    """The part of `goes_on` that is told from where the pieces stand."""
    if not piece.opens:
        return 0.3 if _joins(before.text[-1], piece.text[0]) else (2.0 if piece.gap <= 1 else 3.5)
    limit = habits.widths.get(field)
    if limit is None:
        # A line that is narrower than the next one was not full.
        return 1.0 if piece.width <= width + 1 else 3.0
    return short_line(limit - width, piece, field in ("deviation", "other"))


def short_line(left: int, after: Piece, free: bool) -> float:
    """That a text goes on behind a line which leaves so many half widths blank; `free` says that it may have paragraphs.

    A full line is one in which the next character does not fit; narrow letters and what must not stand alone blur that.
    """
    short = left - (2 if ord(after.text[0]) > _WIDE else 1)
    if short < 0:
        return 0.1
    if short < _BLUR:
        return 0.5 + 0.25 * short
    return min(1.0 + 0.5 * short, 3.0 if free else 7.0)


def leaves(before: Piece) -> float:
    """That a cell ends behind this piece: not with an open bracket or a lone ≥."""
    return 4.0 if _is_open(before.text) else 0.0


def breaks_off(before: Piece) -> float:
    """That a deviation ends behind this piece: a long line without the end of a sentence goes on, as a rule."""
    text = fold(before.text)
    return 1.5 if len(text) >= _SENTENCE and not text.endswith((".", ";", "!", ")", '"')) else 0.0


def starts(piece: Piece, row: bool) -> float:
    """That a cell begins with this piece; that of a new row opens a line, as a rule."""
    if piece.text[0] in _NEVER_FIRST:
        return 4.0
    if row:
        return 0.3 if piece.opens else (8.0 if piece.field else 3.0)
    return 0.3 if piece.opens else 0.1


_NEVER_FIRST = frozenset(",.;:、，。；：！？）)】”%％")


def _measures(last: str, first: str) -> bool:
    """Whether a number and its unit, or the parts of a date, stand side by side: 2024年 | 12 | 月底前."""
    return (last.isdigit() and first in _UNITS) or (last in _UNITS and first.isdigit())


def _is_open(text: str) -> bool:
    """Whether a bracket is left open, or a number is missing behind a comparison."""
    folded = fold(text)
    return folded.count("(") > folded.count(")") or folded.count("[") > folded.count("]") or _LONE.fullmatch(folded) is not None


def _joins(last: str, first: str) -> bool:
    """Whether white space between these two is likely to come from a change of fonts within a text."""
    return last.isascii() != first.isascii()
