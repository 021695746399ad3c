"""The two goal texts of a form, printed one after the other without a mark between them: where the first one ends.

Each fills a column of its own width, so a line that is not full ends a paragraph, and no line is wider than its column. The widths are
those of the template, the same for all forms of a dump that share it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.dump.costs import short_line
from ingest.dump.pieces import Piece

_OVER = 3.0
"""Cost of a line that is wider than its column."""
_PARAGRAPH = 0.6
_UNENDED = 1.0
"""Cost of a text that does not end like a sentence."""
_ONE_ONLY = 4.0
"""Cost of one of the two being blank."""
_LOOSE = 3.0
_ENDS = tuple("。；;：:.！!？?）)”")
_OPENINGS = 6
_WIDEST = 140
_SURE = 2.2
"""Difference of costs from which the second best boundary is out of the question."""


@dataclass(frozen=True)
class Paragraphs:
    """The lines of print below the labels of both goals."""

    lines: tuple[tuple[Piece, ...], ...]

    @cached_property
    def widths(self) -> list[int]:
        """The width of each line, in half widths."""
        return [sum(piece.width for piece in line) + sum(piece.gap for piece in line[1:]) for line in self.lines]

    @cached_property
    def narrow(self) -> list[int]:
        """How many letters, digits and signs of Latin width each line has."""
        return [sum(ch.isascii() for piece in line for ch in piece.text) for line in self.lines]

    @cached_property
    def ends(self) -> list[bool]:
        """Whether each line ends like a sentence."""
        return [line[-1].text.endswith(_ENDS) for line in self.lines]

    @cached_property
    def tight(self) -> bool:
        """Whether lines of a cell follow one another without a blank line."""
        return len(self.lines) > 2 and 2 * sum(line[0].blanks == 0 for line in self.lines[1:]) > len(self.lines) - 1


def paragraphs(pieces: Sequence[Piece]) -> Paragraphs:
    """Pieces by their lines."""
    lines: list[list[Piece]] = []
    for piece in pieces:
        if not lines or piece.line != lines[-1][-1].line:
            lines.append([])
        lines[-1].append(piece)
    return Paragraphs(tuple(map(tuple, lines)))


def boundaries(texts: Sequence[Paragraphs]) -> list[tuple[int, bool]]:
    """For each form of one template, how many lines the first text has, and whether that is sure."""
    filled = [text for text in texts if text.lines]
    candidates = sorted({w for text in filled for w in text.widths if w <= _WIDEST})
    candidates = _telling(candidates, filled)
    lefts = {w: [_before(text, w) for text in filled] for w in candidates}
    rights = {w: [_behind(text, w) for text in filled] for w in candidates}
    totals = [[0.0] * (len(text.lines) + 1) for text in filled]
    weights: list[tuple[float, int, int]] = []
    for left in candidates:
        for right in candidates:
            cost = sum(min(map(sum, zip(a, b, strict=True))) for a, b in zip(lefts[left], rights[right], strict=True))
            weights.append((cost, left, right))
    if not weights:
        return [(0, True) for _ in texts]
    least = min(weights)[0]
    near = [(math.exp(least - cost), left, right) for cost, left, right in weights if cost < least + 6.0]
    for i, text in enumerate(filled):
        bonus = _bonus(text)
        for n in range(len(text.lines) + 1):
            totals[i][n] = sum(share * math.exp(-lefts[left][i][n] - rights[right][i][n] - bonus[n]) for share, left, right in near)
    chosen = iter(totals)
    return [_choice(next(chosen)) if text.lines else (0, True) for text in texts]


def _choice(odds: Sequence[float]) -> tuple[int, bool]:
    best = max(range(len(odds)), key=lambda n: odds[n])
    rest = sum(odds) - odds[best]
    return best, odds[best] > 0 and rest < math.exp(-_SURE) * odds[best]


def _telling(candidates: Sequence[int], texts: Sequence[Paragraphs]) -> list[int]:
    """Widths that a column may have: those of several lines, or the widest of some text."""
    counts: dict[int, int] = {}
    for text in texts:
        for w in text.widths:
            counts[w] = counts.get(w, 0) + 1
    widest = {max(text.widths) for text in texts}
    kept = [w for w in candidates if counts[w] > 1 or w in widest or len(texts) < 3]
    return sorted(kept, key=lambda w: -counts[w])[:40]


def _bonus(text: Paragraphs) -> list[float]:
    """What speaks against each boundary besides the widths."""
    cost = [0.0] * (len(text.lines) + 1)
    cost[0] = cost[-1] = _ONE_ONLY
    first = "".join(piece.text for piece in text.lines[0])[:_OPENINGS]
    for n in range(1, len(text.lines)):
        line = text.lines[n]
        if text.tight and line[0].blanks == 0:
            cost[n] += _LOOSE
        if "".join(piece.text for piece in line)[:_OPENINGS] == first:
            # A result that repeats the goal begins like it.
            cost[n] -= 1.5
    return cost


def _before(text: Paragraphs, limit: int) -> list[float]:
    """For each boundary, the cost of the lines above it in a column of this width."""
    costs, so_far = [0.0], 0.0
    for i in range(len(text.lines)):
        so_far += _over(text, i, limit)
        costs.append(so_far + (0.0 if text.ends[i] else _UNENDED))
        so_far += _inner(text, i, limit) if i < len(text.lines) - 1 else 0.0
    return costs


def _behind(text: Paragraphs, limit: int) -> list[float]:
    """For each boundary, the cost of the lines below it in a column of this width."""
    count = len(text.lines)
    costs = [0.0] * (count + 1)
    so_far = 0.0
    for i in range(count - 1, -1, -1):
        so_far += _over(text, i, limit)
        so_far += _inner(text, i, limit) if i < count - 1 else (0.0 if text.ends[i] else _UNENDED)
        costs[i] = so_far
    return costs


def _over(text: Paragraphs, i: int, limit: int) -> float:
    """The cost of a line that is wider than its column; letters and digits may print narrower than half a character."""
    return _OVER if text.widths[i] > limit + 1 + text.narrow[i] // 2 else 0.0


def _inner(text: Paragraphs, i: int, limit: int) -> float:
    """The cost of the line not being the last of its text."""
    cost = short_line(limit - text.widths[i], text.lines[i + 1][0], free=True)
    return min(cost, _PARAGRAPH) if text.ends[i] else cost
