"""What paper, light and optics do to a page; each a pure function of a picture, its strength and a random generator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np

from eval.degrade.geometry import Image

Blur = Literal["gaussian", "motion", "defocus"]
_FINER = 8
"""Kernels are drawn this much finer and averaged down, so that blurs below a pixel differ too."""


def smooth(shape: tuple[int, ...], coarseness: int, rng: np.random.Generator) -> np.ndarray:
    """A smooth random field between 0 and 1."""
    small = rng.random((max(2, shape[0] // coarseness), max(2, shape[1] // coarseness))).astype(np.float32)
    return np.asarray(np.clip(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1))


def clip(picture: np.ndarray) -> Image:
    """Grey levels of any kind as bytes, what is out of range at its end."""
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def _shaded(picture: Image, factor: np.ndarray) -> Image:
    """The picture times a field (height x width), all channels alike."""
    layer = np.ascontiguousarray(np.broadcast_to(factor, picture.shape[:2]), np.float32)
    return np.asarray(cv2.multiply(picture, cv2.merge([layer, layer, layer]), dtype=cv2.CV_8U))


def faint_toner(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """Print that fades in patches: dark becomes lighter by up to this share; thin rulings break there."""
    field = smooth(picture.shape, 160, rng) * smooth(picture.shape, 12, rng)
    return np.asarray(255 - _shaded(255 - picture, 1 - np.clip(field * 2 - 0.4, 0, 1) * strength))


def uneven_light(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """Light that falls off to one side, by up to this share."""
    height, width = picture.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    across = np.linspace(-1, 1, width, dtype=np.float32) * np.float32(np.cos(angle))
    down = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    return _shaded(picture, 1 - strength * (across + down + 1.5) / 3)


def edge_shadow(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """The dark rim that a lid ajar or the fold of a book leaves along one side, by up to this share."""
    height, width = picture.shape[:2]
    side = int(rng.integers(4))
    reach = rng.uniform(0.006, 0.025) * width
    away = np.arange(width if side < 2 else height, dtype=np.float32)
    rim = 1 - strength * np.exp(-(away if side % 2 == 0 else away[::-1]) / reach)
    return _shaded(picture, rim if side < 2 else rim[:, None])


def shadow(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """The soft-edged shadow of a hand or an arm across a part of the page."""
    height, width = picture.shape[:2]
    mask = np.zeros((height // 8, width // 8), np.float32)
    middle = rng.uniform((0.2, 0.2), (0.8, 0.8)) * (width // 8, height // 8)
    angle = rng.uniform(0, 180)
    cv2.ellipse(mask, (tuple(map(float, middle)), (width / 8 * rng.uniform(0.3, 0.6), height / 8 * rng.uniform(0.8, 1.6)), angle), 1.0, -1)
    mask = cv2.resize(cv2.GaussianBlur(mask, (0, 0), max(1.0, width / 8 * 0.03)), (width, height))
    return _shaded(picture, 1 - strength * mask)


def tint(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """The cast of a lamp: each channel scaled by up to this share."""
    scales = 1 - rng.uniform(0, strength, 3)
    return np.asarray(cv2.merge([cv2.convertScaleAbs(picture[..., c], alpha=float(scales[c])) for c in range(3)]))


def noise(picture: Image, spread: float, rng: np.random.Generator) -> Image:
    """Noise of this many grey levels, and a third of it coloured and coarser, as sensors have it."""
    height, width = picture.shape[:2]
    coarse = rng.standard_normal((height // 2, width // 2, 3), dtype=np.float32) * np.float32(spread / 2)
    out = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    grey = rng.standard_normal((height, width), dtype=np.float32) * np.float32(spread)
    out = np.asarray(cv2.add(out, cv2.merge([grey, grey, grey])))
    return np.asarray(cv2.add(picture, out, dtype=cv2.CV_8U))


def blur(picture: Image, sigma: float, kind: Blur, rng: np.random.Generator) -> Image:
    """A picture out of focus or shaken: each kind spreads a point by `sigma` pixels (standard deviation, motion along its way)."""
    if sigma <= 0:
        return picture
    return _BLURS[kind](picture, sigma, rng)


def _gaussian(picture: Image, sigma: float, _: np.random.Generator) -> Image:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma))


def _motion(picture: Image, sigma: float, rng: np.random.Generator) -> Image:
    """An even line of length L spreads by L / sqrt(12)."""
    half, angle = sigma * 12**0.5 / 2, rng.uniform(0, np.pi)

    def inside(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        along, aside = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        return np.asarray((abs(along) <= half) & (abs(aside) <= 0.5))

    return _spread(picture, half + 1, inside)


def _defocus(picture: Image, sigma: float, _: np.random.Generator) -> Image:
    """An even disc of radius r spreads by r / 2 each way."""
    return _spread(picture, 2 * sigma, lambda x, y: np.hypot(x, y) <= 2 * sigma)


def _spread(picture: Image, reach: float, inside: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Image:
    size = 2 * int(np.ceil(reach)) + 1
    at = (np.arange(size * _FINER) + 0.5) / _FINER - size / 2
    kernel = inside(at[None, :], at[:, None]).astype(np.float32).reshape(size, _FINER, size, _FINER).mean((1, 3))
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()))


_BLURS: dict[Blur, Callable[[Image, float, np.random.Generator], Image]] = {
    "gaussian": _gaussian,
    "motion": _motion,
    "defocus": _defocus,
}


def jpeg(picture: Image, quality: int) -> Image:
    """The picture after JPEG of this quality."""
    done, raw = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(quality)
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(raw, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB))


def bleed_through(picture: Image, strength: float) -> Image:
    """The print of the other side, mirrored and blurred, shining through by this share."""
    behind = 255 - cv2.GaussianBlur(np.ascontiguousarray(picture[:, ::-1]), (0, 0), 1.5)
    return np.asarray(cv2.subtract(picture, cv2.convertScaleAbs(behind, alpha=strength)))


def fold(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """A crease across the page: darker on one side of it, lighter on the other."""
    height = picture.shape[0]
    at = rng.uniform(0.3, 0.7) * height
    away = (np.arange(height, dtype=np.float32) - at) / (height * 0.01)
    return _shaded(picture, (1 - np.sign(away) * np.exp(-np.abs(away)) * strength)[:, None])


def fax(picture: Image, rng: np.random.Generator) -> Image:
    """Black and white with lines dropped, as from a fax machine."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    light = cv2.GaussianBlur(grey, (0, 0), 25)
    out = np.where(grey < light - 12, 0, 255).astype(np.uint8)
    for row in rng.integers(0, out.shape[0], 6):
        out[row : row + 2] = 255
    return cv2.cvtColor(out, cv2.COLOR_GRAY2RGB)


def desk(size: tuple[int, int], rng: np.random.Generator) -> Image:
    """A dark desk with grain, width x height."""
    width, height = size
    grain = smooth((height, width), 7, rng) * 14 + smooth((height, 1), 2, rng) * 16
    base = np.array(rng.uniform((35, 30, 28), (80, 72, 66)), np.float32)
    return clip(np.broadcast_to(base, (height, width, 3)) + grain[..., None])
