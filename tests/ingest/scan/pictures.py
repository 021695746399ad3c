"""Pictures of tables drawn for tests."""

from __future__ import annotations

import cv2
import numpy as np

SCALE = 200 / 72
XS = (60, 120, 240, 330, 420, 540)
YS = tuple(range(90, 480, 30))


def table(xs: tuple[int, ...] = XS, ys: tuple[int, ...] = YS, size: tuple[int, int] = (595, 842)) -> np.ndarray:
    """A white page (points at 200 dpi) with a full grid of black rulings."""
    page = np.full((round(size[1] * SCALE), round(size[0] * SCALE)), 245, np.uint8)
    for x in xs:
        cv2.line(page, _at(x, ys[0]), _at(x, ys[-1]), 40, 2)
    for y in ys:
        cv2.line(page, _at(xs[0], y), _at(xs[-1], y), 40, 2)
    return page


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round(y * SCALE)


def moved(page: np.ndarray, corners: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """The page with its corners moved by these shares of its sides; and the homography that did it."""
    height, width = page.shape[:2]
    before = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    after = before + np.array(corners, np.float32) * np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(before, after.astype(np.float32))
    return cv2.warpPerspective(page, matrix, (width, height), borderValue=245), matrix


def turned(page: np.ndarray, degrees: float) -> np.ndarray:
    """The page turned about its middle."""
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=245)


def noisy(page: np.ndarray, spread: float, seed: int = 1) -> np.ndarray:
    """The page with noise of this many grey levels."""
    noise = np.random.default_rng(seed).normal(0, spread, page.shape)
    return np.clip(page + noise, 0, 255).astype(np.uint8)
