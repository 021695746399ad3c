"""Light, stamps and pens taken out of a picture, so that paper is white and print is dark."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.scan.raster import Pixels

_PAPER = 245
"""Grey that the paper around print is brought to."""
_FINEST = 8
"""The background is found on a picture this many times smaller."""


def flatten(pixels: Pixels) -> Pixels:
    """The picture in grey with even light: each colour divided by the paper behind it, then the lightest of the three.

    Coloured ink (red stamps, blue pens) is light in its own colour and so fades, while black print is dark in all three.
    """
    if pixels.ndim == 2:
        return _even(pixels)
    blue, green, red = (_even(np.ascontiguousarray(pixels[:, :, i])) for i in range(3))
    return np.maximum(np.maximum(blue, green), red)


def _even(channel: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """One colour divided by its background: the light there would be without print."""
    height, width = channel.shape
    small = cv2.resize(channel, (max(1, width // _FINEST), max(1, height // _FINEST)), interpolation=cv2.INTER_AREA)
    # Print covers less than half of any neighbourhood, so a high grey of it is paper; the opening removes specks of light.
    background = cv2.morphologyEx(cv2.dilate(small, np.ones((5, 5), np.uint8)), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    background = cv2.GaussianBlur(cv2.medianBlur(background, 7), (0, 0), 4)
    full = cv2.resize(background, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(channel, np.maximum(full, 16).astype(np.uint8), scale=_PAPER), np.uint8)
