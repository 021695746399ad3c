"""Rulings of a straightened picture, by how much darker a thin strip is than what is beside it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.rulings import Ruling
from ingest.scan.raster import Pixels

_RUN = 15.0
"""Points over which darkness is averaged along a ruling: noise and broken print even out, strokes of characters are shorter."""
_BESIDE = 2.6
"""Points beside a ruling that must be lighter than it."""
_SHORTEST = 11.0
"""Points below which a piece is no ruling."""
_FAINTEST = 9.0
"""Grey levels below which a strip is not darker than its surroundings."""
_SHARE = 0.3
"""Of the typical ruling's contrast that the faintest must have."""
_DARKEST = 170
"""Darkness beyond which ink counts no more: bold characters are no better rulings than faint lines."""

Ridge = NDArray[np.float32]


def find_rulings(flat: Pixels, scale: float) -> tuple[list[Ruling], list[Ruling]]:
    """Horizontal and vertical rulings in points; `scale` is pixels per point."""
    return _rulings(flat, scale), _rulings(np.ascontiguousarray(flat.T), scale)


def _rulings(flat: Pixels, scale: float) -> list[Ruling]:
    ridge = ridges(flat, scale)
    least = threshold(ridge)
    mask = ((ridge >= least) & (ridge >= cv2.dilate(ridge, np.ones((5, 1), np.uint8)) - 1e-3)).astype(np.uint8)
    # A ruling wavers by a pixel from column to column.
    mask = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    out: list[Ruling] = []
    for i in range(1, count):
        x, _, width, height, _ = stats[i]
        if width >= _SHORTEST * scale and height <= max(6, 0.03 * width):
            out.append(Ruling(float(centres[i][1] + 0.5) / scale, float(x) / scale, float(x + width) / scale))
    return out


def ridges(flat: Pixels, scale: float) -> Ridge:
    """For each pixel: how much darker a level strip around it is than the strips above and below."""
    dark = np.minimum(255 - flat, _DARKEST).astype(np.float32)
    strip = cv2.boxFilter(dark, -1, (max(3, round(_RUN * scale)) | 1, 3))
    shift = max(3, round(_BESIDE * scale))
    padded = cv2.copyMakeBorder(strip, shift, shift, 0, 0, cv2.BORDER_REPLICATE)
    return np.asarray(strip - np.maximum(padded[: -2 * shift], padded[2 * shift :]), np.float32)


def threshold(ridge: Ridge) -> float:
    """The contrast from which a strip is a ruling: a share of what the clearest ones have."""
    clear = float(np.percentile(ridge, 99.7))
    return max(_FAINTEST, _SHARE * clear)
