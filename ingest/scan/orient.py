"""Pages that lie on their side or stand on their head, told by how well their lines can be read each way up."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.scan.engine import Engine, Reading
from ingest.scan.raster import Pixels

_SIDE = 1100
"""Pixels of the longer side of the picture on which lines are looked for."""
_LINES = 8
"""The longest lines, which are read each way up."""
_ELONGATED = 3.0
"""Width of a line in heights."""
_BETTER = 1.5
"""Times as much text that another way up must give to be taken."""
_LEGIBLE = 0.8
"""Mean confidence of a page's characters from which it is taken to stand upright."""
TURNS = {1: "逆时针转了 90°", 2: "转了 180°", 3: "顺时针转了 90°"}
"""What turning a page by so many quarters says of how it lay."""


def legible(readings: Sequence[Reading]) -> bool:
    """Whether a page's lines read well enough for it to stand upright; a page without text does."""
    odds = [c.confidence for reading in readings for c in reading.characters]
    return not odds or sum(odds) / len(odds) >= _LEGIBLE


def upright_turns(flat: Pixels, engine: Engine) -> int:
    """Quarter turns clockwise that set the page upright: 0 to 3."""
    shrink = min(1.0, _SIDE / max(flat.shape))
    small = np.asarray(cv2.resize(flat, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    text = [_legible_text(turned(flat, k), turned(small, k), shrink, engine) for k in range(4)]
    best = int(np.argmax(text))
    return best if text[best] > _BETTER * text[0] else 0


def turned(pixels: Pixels, quarters: int) -> Pixels:
    """The picture turned clockwise."""
    return np.ascontiguousarray(np.rot90(pixels, -quarters))


def turned_back(points: NDArray[np.float64], quarters: int, size: tuple[int, int]) -> NDArray[np.float64]:
    """Points (n x 2) of the turned picture on the picture before; `size` is its width and height."""
    width, height = size
    x, y = points[:, 0], points[:, 1]
    back = {0: (x, y), 1: (y, height - x), 2: (width - x, height - y), 3: (width - y, x)}[quarters]
    return np.stack(back, axis=1)


def _legible_text(flat: Pixels, small: Pixels, shrink: float, engine: Engine) -> float:
    """How many characters the longest lines read, each counting by its confidence."""
    quads = engine.detect(small)
    boxes = [(*quad.min(axis=0), *quad.max(axis=0)) for quad in quads]
    lines = sorted((b for b in boxes if b[2] - b[0] >= _ELONGATED * (b[3] - b[1])), key=lambda b: b[0] - b[2])[:_LINES]
    crops = [flat[int(y0 / shrink) : int(y1 / shrink) + 1, int(x0 / shrink) : int(x1 / shrink) + 1] for x0, y0, x1, y1 in lines]
    readings = engine.read([crop for crop in crops if crop.size])
    return sum(c.confidence**2 for reading in readings for c in reading.characters)
