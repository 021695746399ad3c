"""Labels that a picture did not give up, told from the order that templates keep.

Only for pages read by OCR: where a label of a header or a funding row is unread between known ones, and as many labels are missing there
as cells are unread, each gets its own. What is read under them is then trusted less, until the form's arithmetic vouches for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from agents.extract.sheet import Item
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS

INDICATOR_ORDER = ("level1", "level2", "name", "target", "actual", "weight", "score", "deviation")
FUNDING_ORDER = FUNDING_COLUMNS
ROW_ORDER = FUNDING_ROWS
CONFIDENCE = 0.6
"""Confidence of what stands under a guessed label."""


def between(known: Mapping[int, str], count: int, order: Sequence[str]) -> dict[int, str]:
    """Names for the unread ones of `count` cells in a row, by their position.

    Args:
        known: the name of each read cell by its position from 0.
        order: all names in the order of the template.

    A gap is filled only if just as many names are missing in it as cells; nothing is guessed where the known names keep another order.
    """
    places = sorted(known)
    ranks = [order.index(known[place]) for place in places if known[place] in order]
    if len(ranks) != len(places) or ranks != sorted(ranks):
        return {}
    guessed: dict[int, str] = {}
    edges = [(-1, -1), *zip(places, ranks, strict=True), (count, len(order))]
    for (low, first), (high, last) in pairwise(edges):
        cells, names = range(low + 1, high), order[first + 1 : last]
        if cells and len(cells) == len(names):
            guessed |= dict(zip(cells, names, strict=True))
    return guessed


def columns(leaves: Sequence[Item], fields: Mapping[str, Item], order: Sequence[str]) -> dict[str, Item]:
    """The unread cells of a header, from left to right among all of its cells, by the field that each seems to name."""
    ranked = sorted(leaves, key=lambda item: item.x0)
    known = {ranked.index(item): name for name, item in fields.items() if item in ranked}
    return {name: ranked[place] for place, name in between(known, len(ranked), order).items()}
