"""Where the points of a page end up in its scan or photo: skew, perspective and curl, forwards and backwards."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

Image = np.ndarray
"""Height x width x 3, uint8, RGB."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_STEPS = 9


@dataclass(frozen=True)
class Placement:
    """How a page of `size` pixels (width, height) is put into a picture of `canvas` pixels.

    A point of the page first sinks by the curl (`curl` pixels at the middle of the width, none at the sides), then goes through the
    homography.

    Attributes:
        scale: pixels of the page per point.
        homography: 3 x 3, row by row.
    """

    size: tuple[int, int]
    canvas: tuple[int, int]
    scale: float
    homography: tuple[float, ...]
    curl: float = 0.0

    @property
    def matrix(self) -> np.ndarray:
        """The homography as an array."""
        return np.array(self.homography).reshape(3, 3)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of the picture in which a point of the page (in points) is found."""
        px, py = x * self.scale, y * self.scale
        u, v, w = self.matrix @ (px, py + self._sink(px), 1.0)
        return float(u / w), float(v / w)

    def find(self, u: float, v: float) -> tuple[float, float]:
        """The point of the page (in points) that is seen at a pixel of the picture: `place` backwards."""
        x, y, w = np.linalg.inv(self.matrix) @ (u, v, 1.0)
        px = float(x / w)
        return px / self.scale, (float(y / w) - self._sink(px)) / self.scale

    def box(self, box: Box) -> Box:
        """The upright box, in pixels, around a box of the page: what evidence on the picture is compared with.

        Divided by `scale` it is in points of the sheet that `eval.degrade.tool.write` makes of the picture.
        """
        x0, y0, x1, y1 = box
        # The curl bends level edges, so that corners alone do not bound them.
        across = np.linspace(x0, x1, _STEPS) if self.curl else (x0, x1)
        us, vs = zip(*(self.place(x, y) for x in across for y in (y0, y1)), strict=True)
        return min(us), min(vs), max(us), max(vs)

    def _sink(self, px: float) -> float:
        return self.curl * math.sin(math.pi * px / self.size[0])

    def apply(self, page: Image, desk: Image | None = None) -> Image:
        """The page in its picture; around it the desk, or white."""
        if desk is None and not self.curl:
            return np.asarray(cv2.warpPerspective(page, self.matrix, self.canvas, borderValue=(255, 255, 255)))
        width, height = self.canvas
        u, v = np.arange(width, dtype=np.float32)[None, :], np.arange(height, dtype=np.float32)[:, None]
        inverse = np.linalg.inv(self.matrix).astype(np.float32)
        x, y, w = (inverse[i, 0] * u + (inverse[i, 1] * v + inverse[i, 2]) for i in range(3))
        x, y = x / w, y / w
        y = y - np.float32(self.curl) * np.sin(np.float32(np.pi) * np.clip(x / self.size[0], 0, 1))
        mapped = cv2.remap(page, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        inside = (x >= 0) & (x < self.size[0]) & (y >= 0) & (y < self.size[1])
        around = np.full((height, width, 3), 255, np.uint8) if desk is None else desk.copy()
        return np.asarray(cv2.copyTo(mapped, inside.astype(np.uint8), around))

    def quarter(self, turns: int) -> Placement:
        """The same, with the finished picture turned clockwise by so many quarters: sheets fed sideways or upside down."""
        matrix, (width, height) = self.matrix, self.canvas
        for _ in range(turns % 4):
            matrix = np.array([[0, -1, height - 1], [1, 0, 0], [0, 0, 1]], np.float64) @ matrix
            width, height = height, width
        return replace(self, canvas=(width, height), homography=tuple(map(float, matrix.ravel())))

    def to_json(self) -> dict[str, Any]:
        """For the truth beside a picture; `Placement(**value)` gives it back once lists are tuples."""
        return {"size": self.size, "canvas": self.canvas, "scale": self.scale, "homography": self.homography, "curl": self.curl}


def turned(size: tuple[int, int], scale: float, degrees: float) -> Placement:
    """The page turned about its middle, as a sheet that went through the scanner askew."""
    width, height = size
    matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0, 0, 1]])
    return Placement(size, size, scale, tuple(map(float, matrix.ravel())))


def photographed(size: tuple[int, int], scale: float, shifts: np.ndarray, margin: float, curl: float) -> Placement:
    """The page seen from a slant: `shifts` moves its corners by shares of its sides (4 x 2), `margin` is the desk shown around it."""
    width, height = size
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    canvas = (round(width * (1 + 2 * margin)), round(height * (1 + 2 * margin)))
    after = ((corners + shifts) * [width, height] + [width * margin, height * margin]).astype(np.float32)
    matrix = cv2.getPerspectiveTransform((corners * [width, height]).astype(np.float32), after)
    return Placement(size, canvas, scale, tuple(map(float, np.asarray(matrix).ravel())), curl)
