"""Skew, perspective and curl undone, by the page's own rulings.

Every drawn line of a form was straight and level or upright once. A smooth displacement of the picture that makes all line pieces found
in it level or upright again undoes skew, perspective and curl at one go, with no need to know which of them the page suffers from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.scan.raster import Pixels

Floats = NDArray[np.float64]

_BLUR = 0.55
"""Points over which noise is evened out before line pieces are looked for, on a picture of one pixel a point."""
_SHORTEST = 15.0
"""Points below which a piece is more likely a stroke of a character."""
_WITHIN = 15.0
"""Degrees off the page's main direction within which a piece may be a ruling."""
_DEGREES = ((40, 4), (12, 2), (5, 1))
"""Of the polynomials, by the number of pieces they are to fit: four are enough for a curled page, one for a slanted one."""
_TOLERANCES = (0.2, 0.1, 0.05, 0.03, 0.02, 0.012, 0.008, 0.006, 0.006)
"""Slope by which a piece of a ruling may stray, round by round; farther ones count less and less."""
_RIDGE = 0.001
_BENT = 0.008
"""Share of the page's longer side by which a bent page strays from a flat one."""
_NODES = 33
"""Nodes along each side of the grid on which the displacement is inverted."""


@dataclass(frozen=True)
class Warp:
    """Where each pixel of the straightened picture comes from: two fields in pixels of the source, on a coarse grid over its size."""

    width: int
    height: int
    x: NDArray[np.float32]
    y: NDArray[np.float32]

    @cached_property
    def bent(self) -> bool:
        """Whether it does more than shift, turn and scale: perspective or curl, as on photos."""
        rows, columns = (
            side.reshape(-1) for side in np.meshgrid(np.linspace(-1, 1, len(self.x)), np.linspace(-1, 1, len(self.x)), indexing="ij")
        )
        plane = np.stack([np.ones_like(rows), rows, columns], axis=1)
        left = [
            np.abs(field.reshape(-1) - plane @ np.linalg.lstsq(plane, field.reshape(-1), rcond=None)[0]).max() for field in (self.x, self.y)
        ]
        return bool(max(left) > _BENT * max(self.width, self.height))

    def apply(self, pixels: Pixels) -> Pixels:
        """The picture straightened; what lies outside the source is white."""
        size = (self.width, self.height)
        x, y = (cv2.resize(field, size, interpolation=cv2.INTER_LINEAR) for field in (self.x, self.y))
        white = (255,) * (3 if pixels.ndim == 3 else 1)
        warped = cv2.remap(pixels, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=white)
        return np.asarray(warped, np.uint8)

    def source(self, points: Floats) -> Floats:
        """Points (n x 2, in pixels) of the straightened picture in the source."""
        rows, columns = self.x.shape
        # cv2.resize puts nodes at the middles of equal parts of the picture.
        at_x = np.clip((points[:, 0] + 0.5) * columns / self.width - 0.5, 0, columns - 1).astype(np.float32)
        at_y = np.clip((points[:, 1] + 0.5) * rows / self.height - 0.5, 0, rows - 1).astype(np.float32)
        fields = (cv2.remap(field, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for field in (self.x, self.y))
        return np.stack([field.reshape(-1).astype(np.float64) for field in fields], axis=1)


def find_warp(flat: Pixels, scale: float) -> Warp | None:
    """The displacement that straightens a flattened grey picture; None where too few lines say what is straight.

    `scale` is pixels per point.
    """
    height, width = flat.shape
    pieces = _line_pieces(flat, scale)
    if not len(pieces):
        return None
    level, upright = _directions(pieces)
    fewest = _DEGREES[-1][0]
    if len(level) < fewest or len(upright) < fewest:
        return None
    centre, half = np.array([width, height]) / 2, max(width, height) / 2
    down = _fit((level - np.tile(centre, 2)) / half)
    # Exchanging x and y makes upright pieces level ones.
    right = _fit((upright[:, [1, 0, 3, 2]] - np.tile(centre[::-1], 2)) / half)
    return _invert(down, right, (width, height))


def _line_pieces(flat: Pixels, scale: float) -> Floats:
    """Straight pieces (x0, y0, x1, y1 in pixels of the full picture)."""
    smooth = cv2.GaussianBlur(flat, (0, 0), _BLUR * scale)
    small = cv2.resize(smooth, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD, 1.0).detect(small)[0]
    if found is None:
        return np.zeros((0, 4))
    pieces = found.reshape(-1, 4).astype(np.float64)
    return pieces[_lengths(pieces) >= _SHORTEST] * scale


def _lengths(pieces: Floats) -> Floats:
    return np.asarray(np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]))


def _directions(pieces: Floats) -> tuple[Floats, Floats]:
    """Pieces along the page's main direction and across it; the main direction is taken as level."""
    angles = np.degrees(np.arctan2(pieces[:, 3] - pieces[:, 1], pieces[:, 2] - pieces[:, 0]))
    folded = (angles + 45) % 90 - 45
    lengths = _lengths(pieces)
    counts, edges = np.histogram(folded, bins=90, range=(-45, 45), weights=lengths)
    smooth = np.convolve(np.concatenate([counts[-2:], counts, counts[:2]]), np.ones(5), "valid")
    main = edges[int(np.argmax(smooth))] + 0.5
    near = np.abs((folded - main + 45) % 90 - 45) <= _WITHIN
    level = np.abs((angles - main + 90) % 180 - 90) <= 45
    return pieces[near & level], pieces[near & ~level]


def _powers(degree: int) -> list[tuple[int, int]]:
    """Exponents of x and y up to this degree in all; those without x are left out, since they move level lines as a whole and bend none."""
    return [(i, j) for i in range(1, degree + 1) for j in range(degree + 1 - i)]


def _fit(pieces: Floats) -> Floats:
    """Coefficients of the displacement D of y that makes these pieces level: D_x + slope (1 + D_y) = 0 along each of them."""
    powers = _powers(next(degree for least, degree in _DEGREES if len(pieces) >= least))
    run, rise = pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]
    slope = rise / np.where(np.abs(run) < 1e-9, 1e-9, run)
    x, y = (pieces[:, 0] + pieces[:, 2]) / 2, (pieces[:, 1] + pieces[:, 3]) / 2
    rows = np.stack(
        [i * x ** (i - 1) * y**j + slope * (x**i * j * y ** max(j - 1, 0)) for i, j in powers],
        axis=1,
    )
    ridge = np.diag([_RIDGE * (i + j - 1) for i, j in powers])
    length = np.hypot(run, rise)
    weights, out = length, np.zeros(rows.shape[1])
    out[0] = -np.median(slope)
    for tolerance in _TOLERANCES:
        left = np.asarray(slope + rows @ out)
        weights = length / (1 + (left / tolerance) ** 2)
        scaled = rows * weights[:, None]
        out = np.linalg.solve(rows.T @ scaled + ridge * weights.sum(), -scaled.T @ slope)
    return out


def _displacement(coefficients: Floats, x: Floats, y: Floats) -> Floats:
    degree = next(degree for _, degree in _DEGREES if len(_powers(degree)) == len(coefficients))
    return np.asarray(sum(c * x**i * y**j for c, (i, j) in zip(coefficients, _powers(degree), strict=True)))


def _invert(down: Floats, right: Floats, size: tuple[int, int]) -> Warp:
    """The source of each node of a coarse grid, by fixed-point steps: displacements are small against the page and smooth."""
    width, height = size
    half = max(width, height) / 2
    columns = (np.arange(_NODES) + 0.5) * width / _NODES - 0.5
    rows = (np.arange(_NODES) + 0.5) * height / _NODES - 0.5
    x, y = np.meshgrid((columns - width / 2) / half, (rows - height / 2) / half)
    source_x, source_y = x.copy(), y.copy()
    for _ in range(30):
        source_x, source_y = x - _displacement(right, source_y, source_x), y - _displacement(down, source_x, source_y)
        np.clip(source_x, -1.5, 1.5, out=source_x)
        np.clip(source_y, -1.5, 1.5, out=source_y)
    fields = (source_x * half + width / 2, source_y * half + height / 2)
    return Warp(width, height, *(np.asarray(field, np.float32) for field in fields))
