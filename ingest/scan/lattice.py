"""The ruled tables of a straightened picture: which found lines are rulings, and between which of their crossings they really run.

Lines are found where print is dark along a run, so strokes of bold characters, pens, folds and the streaks of a dirty scanner are found
too. A ruling crosses others; from one crossing to the next it is printed all the way or not at all; and it ends with its table.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from ingest.grid import positions
from ingest.rulings import SNAP, Ruling, Rulings, join, tables
from ingest.scan.raster import Pixels
from ingest.scan.ridges import PRINTED, Profile, Ridges

_TOUCH = 3.0
"""Points within which a ruling ends on another."""
_WALL = 0.75
"""Share of the way between two crossings along which a ruling is printed; strokes of characters cover less, rulings nearly all of it."""
_BROKEN_WALL = 0.45
"""The same for what was found as part of a run longer than any stroke."""
_LONG = 60.0
"""Points that such a run has."""
_TOO_SHORT = 6.0
_CROSSING = 1.5
"""Points beside a crossing that are left out, since the crossing ruling is dark there."""
_MARGIN = 8.0
"""Points around a table that still belong to it."""
_STREAK = 1.6
"""Times its contrast beyond the table that a line must have inside of it; a streak or a fold is the same all over the page."""
_BEYOND = 50.0
"""Points beyond the table over which a line is looked at for that."""
_OPEN = 0.15
"""Share of a table's level rulings that end together beyond its outermost upright one, where it has no border at that side."""
_NARROWEST, _LOWEST = 100.0, 14.0
"""Points that rulings of a table run at least; bold titles make smaller lattices."""


def find_tables(straight: Pixels, scale: float) -> list[Rulings]:
    """The ruled tables of a straightened picture, in points; `scale` is pixels per point."""
    level, upright = Ridges(straight, scale), Ridges(np.ascontiguousarray(straight.T), scale)
    groups = tables(*_crossing(join(level.pieces()), join(upright.pieces())))
    groups = [group for group in groups if _is_table(group)]
    found = []
    for group in groups:
        others = [other for other in groups if other is not group]
        horizontal = _confirmed(level, group.horizontal, group.vertical, [_extent(o.vertical) for o in others])
        vertical = _confirmed(upright, group.vertical, group.horizontal, [_extent(o.horizontal) for o in others])
        # A wall that did not stand may have been all that joined two tables.
        found += [table for table in tables(horizontal, vertical) if _is_table(table)]
    return found


def _crossing(horizontal: Sequence[Ruling], vertical: Sequence[Ruling]) -> tuple[list[Ruling], list[Ruling]]:
    """The rulings that cross at least two others."""
    level, upright = list(horizontal), list(vertical)
    for _ in range(3):
        upright = [r for r in upright if _crossings(r, level) >= 2]
        level = [r for r in level if _crossings(r, upright) >= 2]
    return level, upright


def _crossings(ruling: Ruling, others: Sequence[Ruling]) -> int:
    return sum(o.start - _TOUCH <= ruling.at <= o.end + _TOUCH and ruling.start - _TOUCH <= o.at <= ruling.end + _TOUCH for o in others)


def _is_table(group: Rulings) -> bool:
    wide = max(r.end - r.start for r in group.horizontal)
    high = max(r.end - r.start for r in group.vertical)
    return wide >= _NARROWEST and high >= _LOWEST


def _extent(rulings: Sequence[Ruling]) -> tuple[float, float]:
    return min(r.start for r in rulings), max(r.end for r in rulings)


def _confirmed(
    ridges: Ridges, rulings: Sequence[Ruling], crossing: Sequence[Ruling], elsewhere: Sequence[tuple[float, float]]
) -> list[Ruling]:
    """The rulings anew, from crossing to crossing wherever they are printed.

    `elsewhere` are the extents of other tables along these rulings, where a like column may go on.
    """
    stops = _stops(rulings, crossing)
    out: list[Ruling] = []
    for at in positions(rulings, ()):
        own = [r for r in rulings if abs(r.at - at) <= SNAP]
        profile = ridges.profile(min(r.at for r in own), max(r.at for r in own))
        usual = float(np.percentile(np.concatenate([profile.between(r.start, r.end) for r in own]), 75))
        least = max(PRINTED * usual, _STREAK * _beyond(profile, (stops[0], stops[-1]), elsewhere))
        for start, end in itertools.pairwise(stops):
            part = profile.between(start + _CROSSING, end - _CROSSING)
            long = any(r.end - r.start >= _LONG and min(r.end, end) - max(r.start, start) >= _WALL * (end - start) for r in own)
            if len(part) and float((part >= least).mean()) >= (_BROKEN_WALL if long else _WALL):
                out.append(Ruling(at, start, end))
    return _bridged(join(out))


def _bridged(pieces: Sequence[Ruling]) -> list[Ruling]:
    """Pieces joined over what two columns that nearly meet leave between them: too short a way to see whether it is printed."""
    out: list[Ruling] = []
    for piece in sorted(pieces):
        if out and out[-1].at == piece.at and piece.start - out[-1].end <= _TOO_SHORT:
            out[-1] = out[-1]._replace(end=piece.end)
        else:
            out.append(piece)
    return out


def _stops(rulings: Sequence[Ruling], crossing: Sequence[Ruling]) -> list[float]:
    """Where rulings may end: at the crossing ones, and at the open sides of a table, where several level rulings end together."""
    stops = positions(crossing, ())
    for ends, outer in (([r.start for r in rulings], stops[0]), ([r.end for r in rulings], stops[-1])):
        far = [end for end in ends if (end < outer if outer == stops[0] else end > outer) and abs(end - outer) > 2 * _MARGIN]
        together = max(([other for other in far if abs(other - end) <= _TOUCH] for end in far), key=len, default=[])
        if len(together) >= max(2, _OPEN * len(rulings)):
            stops.append(float(np.median(together)))
    return sorted(stops)


def _beyond(profile: Profile, inside: tuple[float, float], elsewhere: Sequence[tuple[float, float]]) -> float:
    """The contrast of a line just beyond the two ends of its table, the higher of the two; 0 where it ends with the table."""
    contrasts = [0.0]
    for low, high in ((inside[0] - _MARGIN - _BEYOND, inside[0] - _MARGIN), (inside[1] + _MARGIN, inside[1] + _MARGIN + _BEYOND)):
        part = profile.between(max(0.0, low), max(0.0, high))
        if len(part) >= _BEYOND / 2 * profile.scale and not any(low < end and start < high for start, end in elsewhere):
            contrasts.append(float(np.median(part)))
    return max(contrasts)
