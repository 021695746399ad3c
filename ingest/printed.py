"""From the straightened picture of a page back to the page as displayed, by the characters whose place is known in both."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ingest.page import Glyph, Line, bounds
from schema.evidence import Box

Floats = NDArray[np.float64]

_FEWEST = 30
"""Characters below which boxes are moved and turned together, but not bent."""


class Straight:
    """Places of a straightened page on the page as displayed: the smooth displacement that fits all characters best."""

    def __init__(self, fit: Floats | None = None, degree: int = 0) -> None:
        self._fit = fit
        self._degree = degree

    @classmethod
    def of(cls, glyphs: Iterable[Glyph]) -> Straight:
        """Learned from the characters that know both of their boxes; pages that were not straightened stay as they are."""
        known = [(glyph, glyph.printed) for glyph in glyphs if glyph.printed is not None]
        if len(known) < 3:
            return cls()
        degree = 3 if len(known) >= _FEWEST else 1
        places = np.array([((g.x0 + g.x1) / 2, (g.y0 + g.y1) / 2) for g, _ in known])
        moved = np.array([((p[0] + p[2]) / 2, (p[1] + p[3]) / 2) for _, p in known])
        return cls(np.asarray(np.linalg.lstsq(_powers(places, degree), moved, rcond=None)[0], np.float64), degree)

    def box(self, box: Box) -> Box:
        """The box around the displaced corners."""
        x0, y0, x1, y1 = box
        corners = self._moved([(x0, y0), (x1, y0), (x0, y1), (x1, y1)])
        return bounds((x, y, x, y) for x, y in corners)

    def line(self, ends: Box) -> Box:
        """The displaced ends of a line."""
        (x0, y0), (x1, y1) = self._moved([ends[:2], ends[2:]])
        return (x0, y0, x1, y1)

    def _moved(self, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        if self._fit is None:
            return points
        return [(float(x), float(y)) for x, y in _powers(np.array(points), self._degree) @ self._fit]


def printed_box(line: Line) -> Box:
    """The box of a line of print on the page as displayed."""
    return bounds(g.printed or (g.x0, g.y0, g.x1, g.y1) for g in line.glyphs if not g.text.isspace())


def _powers(places: Floats, degree: int) -> Floats:
    """Columns of the powers x^i y^j up to a degree, of positions in hundreds of points, so that the numbers stay near 1."""
    x, y = places[:, 0] / 100 - 3, places[:, 1] / 100 - 4
    return np.stack([x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)], axis=1)
