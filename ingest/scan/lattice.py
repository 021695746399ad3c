"""Found rulings to those of tables: strokes of characters, pen marks and the edges of the paper end nowhere, rulings end on rulings."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.rulings import Ruling

TOUCH = 3.0
"""Points within which a ruling ends on another."""
_MOST_OF_THE_WAY = 0.4
"""Share of the way to the next crossing ruling from which a broken ruling is taken to go on to it."""


def tidy(horizontal: Sequence[Ruling], vertical: Sequence[Ruling]) -> tuple[list[Ruling], list[Ruling]]:
    """The rulings that cross at least two others, ending where they meet the outermost of them."""
    level, upright = list(horizontal), list(vertical)
    for _ in range(3):
        upright = [r for r in upright if len(_met(r, level)) >= 2]
        level = [r for r in level if len(_met(r, upright)) >= 2]
    return [_ended(r, upright, level) for r in level], [_ended(r, level, ()) for r in upright]


def _met(ruling: Ruling, crossing: Sequence[Ruling]) -> list[float]:
    """Where along the ruling others meet it."""
    return sorted(
        c.at
        for c in crossing
        if c.start - TOUCH <= ruling.at <= c.end + TOUCH and ruling.start - TOUCH <= c.at <= ruling.end + TOUCH
    )


def _ended(ruling: Ruling, crossing: Sequence[Ruling], beside: Sequence[Ruling]) -> Ruling:
    met = _met(ruling, crossing)
    further = sorted(c.at for c in crossing if c.start - TOUCH <= ruling.at <= c.end + TOUCH)
    start = _end(ruling.start, met[0], [at for at in reversed(further) if at < met[0]], [r.start for r in beside])
    end = _end(ruling.end, met[-1], [at for at in further if at > met[-1]], [r.end for r in beside])
    return ruling._replace(start=start, end=end)


def _end(end: float, met: float, further: Sequence[float], ends: Sequence[float]) -> float:
    """Where a ruling that runs to `end` and last meets another at `met` ends."""
    if further and abs(end - met) >= _MOST_OF_THE_WAY * abs(further[0] - met):
        return further[0]
    # A table without side borders: its level rulings all end at one place.
    if not further and abs(end - met) > 4 * TOUCH and sum(abs(end - other) <= TOUCH for other in ends) >= max(2, len(ends) // 2):
        return end
    return met
