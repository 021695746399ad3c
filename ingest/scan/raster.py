"""Pages and image files as pixels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.mupdf import pymupdf

Pixels = NDArray[np.uint8]
"""Rows x columns of grey, or x 3 in the order blue, green, red."""

DPI = 200
"""Resolution of a picture whose own is not known or not sensible."""
_LOWEST, _HIGHEST = 150, 300
_POINTS_PER_INCH = 72


@dataclass(frozen=True)
class Raster:
    """A page as pixels; `scale` is pixels per point."""

    pixels: Pixels
    scale: float


def rasterise(page: pymupdf.Page, most: int) -> Raster:
    """The page as displayed, at the resolution of its largest picture within sensible bounds; at most `most` pixels."""
    dpi = min(_HIGHEST, max(_LOWEST, _own_dpi(page) or DPI))
    inches = page.rect.width * page.rect.height / _POINTS_PER_INCH**2
    dpi = min(dpi, max(1.0, (most / max(inches, 1e-6)) ** 0.5))
    scale = dpi / _POINTS_PER_INCH
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False, colorspace=pymupdf.csRGB)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)
    return Raster(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8), scale)


def _own_dpi(page: pymupdf.Page) -> float | None:
    """Resolution of the picture that covers most of the page."""
    largest, dpi = 0.0, None
    for info in page.get_image_info():
        box = pymupdf.Rect(info["bbox"])
        if box.get_area() > largest and box.width > 0:
            # A picture placed turned has its height along the box's width; the longer sides belong together.
            largest = box.get_area()
            dpi = max(info["width"], info["height"]) / max(box.width, box.height) * _POINTS_PER_INCH
    return dpi
