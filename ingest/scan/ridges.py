"""Rulings of a straightened picture, by how much darker a thin strip is than what is beside it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.rulings import Ruling
from ingest.scan.raster import Pixels

Ridge = NDArray[np.float32]

_RUN = 15.0
"""Points over which darkness is averaged along a ruling: noise and broken print even out, strokes of characters are shorter."""
_FINE_RUN = 3.0
"""Points over which it is averaged to see where a ruling ends."""
_BESIDE = 2.6
"""Points beside a ruling that must be lighter than it."""
_SHORTEST = 11.0
"""Points below which a piece is no ruling."""
_FAINTEST = 9.0
"""Grey levels below which a strip is not darker than its surroundings."""
_SHARE = 0.3
"""Of the typical ruling's contrast that the faintest must have."""
PRINTED = 0.45
"""Of a ruling's usual contrast: less is a gap."""
_WAVER = 1.2
"""Points by which a ruling may stray from the straight."""
_GAP = 8.0
"""Points over which a worn ruling may be missing."""
_UNBROKEN = 0.6
"""Share of a ruling that must be printed."""
_DARKEST = 170
"""Darkness beyond which ink counts no more: bold characters are no better rulings than faint lines."""


class Ridges:
    """Where strips of a straightened picture in one direction are darker than what is beside them; lengths in points."""

    def __init__(self, flat: Pixels, scale: float) -> None:
        """Level strips of this picture; give it turned for upright ones. `scale` is pixels per point."""
        self._flat, self._scale = flat, scale
        self._fine = _ridges(flat, scale, _FINE_RUN)

    def pieces(self) -> list[Ruling]:
        """Pieces of rulings, unjoined."""
        scale, ridge = self._scale, _ridges(self._flat, self._scale, _RUN)
        least = max(_FAINTEST, _SHARE * float(np.percentile(ridge, 99.7)))
        mask = ((ridge >= least) & (ridge >= cv2.dilate(ridge, np.ones((5, 1), np.uint8)) - 1e-3)).astype(np.uint8)
        # A ruling wavers by a pixel from column to column.
        mask = np.asarray(cv2.dilate(mask, np.ones((3, 1), np.uint8)), np.uint8)
        count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
        out: list[Ruling] = []
        for i in range(1, count):
            x, y, width, height, _ = stats[i]
            if width >= _SHORTEST * scale and height <= max(6, 0.03 * width):
                at = float(centres[i][1] + 0.5) / scale
                runs = _printed_runs(self._fine[y : y + height, x : x + width], round(_GAP * scale))
                out += [Ruling(at, (x + start) / scale, (x + end) / scale) for start, end in runs if end - start >= _SHORTEST * scale]
        return out

    def profile(self, low: float, high: float) -> Profile:
        """The contrast along a level line between these heights, followed where it wavers."""
        top, bottom = round((low - _WAVER) * self._scale), round((high + _WAVER) * self._scale) + 1
        return Profile(self._fine[max(0, top) : max(1, bottom)].max(axis=0), self._scale)


@dataclass(frozen=True)
class Profile:
    """The contrast of a line along the page."""

    contrast: Ridge
    scale: float

    def between(self, start: float, end: float) -> Ridge:
        """The part between two places (points)."""
        return self.contrast[max(0, round(start * self.scale)) : max(0, round(end * self.scale))]


def _printed_runs(fine: Ridge, gap: int) -> list[tuple[int, int]]:
    """Where within its columns a ruling is printed: averaging has smeared it out, and joined it to a streak in its prolongation."""
    profile = fine.max(axis=0)
    printed = np.flatnonzero(profile >= PRINTED * np.percentile(profile, 75))
    groups = np.split(printed, np.flatnonzero(np.diff(printed) > gap) + 1)
    return [(int(g[0]), int(g[-1]) + 1) for g in groups if len(g) >= _UNBROKEN * (g[-1] - g[0] + 1)]


def _ridges(flat: Pixels, scale: float, run: float) -> Ridge:
    """For each pixel: how much darker a level strip of some points around it is than the strips above and below."""
    dark = np.minimum(255 - flat, _DARKEST).astype(np.float32)
    strip = cv2.boxFilter(dark, -1, (max(3, round(run * scale)) | 1, 3))
    shift = max(3, round(_BESIDE * scale))
    padded = cv2.copyMakeBorder(strip, shift, shift, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(strip - np.maximum(padded[: -2 * shift], padded[2 * shift :]), np.float32)
