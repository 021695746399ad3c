"""Several rankings as one: reciprocal rank fusion, which compares places and never scores of different kinds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from typing import NamedTuple

from store.index.records import How

STEADINESS = 20
"""How little the very first places count above the next ones (60 in Cormack, Clarke and Büttcher, 2009). Rows are short and questions
quote them, so the first place by words is mostly right: with 60, a chunk that is tenth by everything would go before it."""


class Ranking(NamedTuple):
    """Keys by one way of searching, best first."""

    how: How
    keys: tuple[str, ...]
    share: float = 1.0
    """How much a place in it counts."""


class Fused(NamedTuple):
    """A key with its place among all."""

    key: str
    score: float
    how: tuple[How, ...]


def fuse(rankings: Sequence[Ranking], known: Container[str]) -> list[Fused]:
    """The known keys of all rankings, best first; equals by key, so that the order is always the same."""
    scores: dict[str, float] = defaultdict(float)
    ways: dict[str, list[How]] = defaultdict(list)
    for ranking in rankings:
        for place, key in enumerate((key for key in ranking.keys if key in known), start=1):
            scores[key] += ranking.share / (STEADINESS + place)
            ways[key].append(ranking.how)
    fused = [Fused(key, score, tuple(dict.fromkeys(ways[key]))) for key, score in scores.items()]
    return sorted(fused, key=lambda one: (-one.score, one.key))
