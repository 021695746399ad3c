"""What offices leave on a page: stamps, marks of pens, punch holes, dust. Pure functions of a picture and a random generator."""

from __future__ import annotations

import io
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from eval.degrade.effects import clip, smooth
from eval.degrade.geometry import Image
from ingest.mupdf import pymupdf

_RED = (200, 40, 45)
_INKS = ((40, 40, 60), (40, 60, 160), (30, 30, 30))
_RIM = 0.055
"""Width of the rim of a stamp, in radii."""
_NAMES = "市区县镇行政务服审批数据管理中心局财科技教育卫生规划资源"
_PURPOSES = ("", "财务专用章", "业务专用章")


def stamp(picture: Image, rng: np.random.Generator) -> Image:
    """A round red stamp, unevenly pressed: rim, star, a name around, at times a line below; on the lower two thirds."""
    height, width = picture.shape[:2]
    radius = round(width * rng.uniform(0.07, 0.1))
    middle = (round(width * rng.uniform(0.3, 0.85)), round(height * rng.uniform(0.25, 0.9)))
    mask = np.zeros((height, width), np.float32)
    cv2.circle(mask, middle, radius, 1.0, max(2, round(radius * _RIM)), cv2.LINE_AA)
    cv2.fillPoly(mask, [_star(middle, radius * 0.32)], 1.0, cv2.LINE_AA)
    tilt = rng.uniform(-0.3, 0.3)
    name = rng.choice(list(_NAMES), int(rng.integers(8, 14)))
    for angle, letter in zip(np.linspace(np.pi * 0.8, np.pi * 2.2, len(name)) + tilt, name, strict=True):
        at = (middle[0] + radius * 0.77 * np.cos(angle), middle[1] + radius * 0.77 * np.sin(angle))
        _press(mask, _letters(str(letter), max(8, round(radius * 0.3))), at, -np.degrees(angle) - 90)
    purpose = _PURPOSES[int(rng.integers(len(_PURPOSES)))]
    if purpose:
        at = (middle[0] - radius * 0.55 * np.sin(tilt), middle[1] + radius * 0.55 * np.cos(tilt))
        _press(mask, _letters(purpose, max(8, round(radius * 0.2))), at, -np.degrees(tilt))
    ink = (mask * (0.55 + 0.45 * smooth(picture.shape, 40, rng)))[..., None] * 0.85
    return clip(picture * (1 - ink) + np.array(_RED, np.float32) * ink)


def _star(middle: tuple[int, int], radius: float) -> np.ndarray:
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    return np.stack([middle[0] + radii * np.cos(turns), middle[1] + radii * np.sin(turns)], 1).astype(np.int32)


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # The CJK font inside MuPDF: the same on every machine.
    return ImageFont.truetype(io.BytesIO(pymupdf.Font("china-s").buffer), size)


def _letters(text: str, size: int) -> np.ndarray:
    """Text as a mask from 0 to 1."""
    picture = Pillow.new("L", (size * len(text) + 2, round(size * 1.3)))
    ImageDraw.Draw(picture).text((1, 0), text, fill=255, font=_font(size))
    return np.asarray(picture, np.float32) / 255


def _press(mask: np.ndarray, letters: np.ndarray, at: tuple[float, float], degrees: float) -> None:
    """Put letters on the mask, their middle at a point, turned against the clock; what falls off the page is lost."""
    side = int(np.hypot(*letters.shape)) + 2
    matrix = cv2.getRotationMatrix2D((letters.shape[1] / 2, letters.shape[0] / 2), degrees, 1.0)
    matrix = np.add(matrix, [[0, 0, (side - letters.shape[1]) / 2], [0, 0, (side - letters.shape[0]) / 2]])
    turned = cv2.warpAffine(letters, matrix, (side, side))
    left, top = round(at[0] - side / 2), round(at[1] - side / 2)
    x, y = max(left, 0), max(top, 0)
    place = mask[y : top + side, x : left + side]
    np.maximum(place, turned[y - top : y - top + place.shape[0], x - left : x - left + place.shape[1]], out=place)


def pen(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Marks of a pen: ticks, loops around words, strokes under them, scribbles."""
    out = picture.copy()
    height, width = picture.shape[:2]
    ink = _INKS[int(rng.integers(len(_INKS)))]
    for _ in range(count):
        at = rng.uniform(0.1, 0.9, 2) * (width, height)
        _mark(out, at, width * rng.uniform(0.015, 0.04), ink, rng)
    return out


def _mark(out: Image, at: np.ndarray, size: float, ink: tuple[int, int, int], rng: np.random.Generator) -> None:
    kind = int(rng.integers(4))
    if kind == 0:
        cv2.ellipse(out, (tuple(map(float, at)), (size * 2.2, size), rng.uniform(-10, 10)), ink, 2, cv2.LINE_AA)
        return
    shapes = (
        np.array([[-0.5, 0], [-0.15, 0.4], [0.6, -0.6]]) * size + rng.normal(0, size * 0.05, (3, 2)),
        np.stack([np.linspace(-1.5, 1.5, 8) * size, rng.normal(0, size * 0.04, 8)], 1),
        np.cumsum(rng.normal(0, size / 4, (12, 2)), 0),
    )
    cv2.polylines(out, [(shapes[kind - 1] + at).astype(np.int32)], False, ink, 2, cv2.LINE_AA)


def punch_holes(picture: Image, rng: np.random.Generator) -> Image:
    """Two holes of a binder at the left edge, 80 mm apart as ISO 838 has them (the sheet taken for 210 mm wide); dark lies behind."""
    out = picture.copy()
    height, width = picture.shape[:2]
    mm = width / 210
    grey = int(rng.integers(30, 90))
    x, middle = rng.uniform(10, 13) * mm, height / 2 + rng.uniform(-4, 4) * mm
    for y in (middle - 40 * mm, middle + 40 * mm):
        cv2.circle(out, (round(x), round(y)), round(2.8 * mm), (grey, grey, grey), -1, cv2.LINE_AA)
    return out


def dust(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Specks on the glass, and a faint streak down the page."""
    out = picture.copy()
    height, width = picture.shape[:2]
    for x, y in rng.uniform(0, 1, (count, 2)):
        cv2.circle(out, (int(x * width), int(y * height)), int(rng.integers(1, 3)), (90, 90, 90), -1)
    streak = int(rng.uniform(0.05, 0.95) * width)
    out[:, streak : streak + 1] = (out[:, streak : streak + 1] * 0.8).astype(np.uint8)
    return out
