"""What scanners, cameras and offices do to a page; each a pure function of a picture, its strength and a random generator."""

from __future__ import annotations

import cv2
import numpy as np

from eval.degrade.geometry import Image

_RED, _INK = (200, 40, 45), (40, 40, 60)
_STAMP_WIDTH = 0.055


def _smooth(shape: tuple[int, ...], coarseness: int, rng: np.random.Generator) -> np.ndarray:
    """A smooth random field between 0 and 1."""
    small = rng.random((max(2, shape[0] // coarseness), max(2, shape[1] // coarseness))).astype(np.float32)
    return np.asarray(np.clip(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1))


def _clip(picture: np.ndarray) -> Image:
    return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)


def faint_toner(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """Print that fades in patches: dark becomes lighter by up to this share; thin rulings break there."""
    field = _smooth(picture.shape, 160, rng) * _smooth(picture.shape, 12, rng)
    fade = np.clip(field * 2 - 0.4, 0, 1)[..., None] * strength
    return _clip(picture + (255 - picture.astype(np.float32)) * fade)


def uneven_light(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """Light that falls off to one side, by up to this share."""
    height, width = picture.shape[:2]
    angle = rng.uniform(0, 2 * np.pi)
    u, v = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32))
    slope = (u * np.cos(angle) + v * np.sin(angle) + 1.5) / 3
    return _clip(picture * (1 - strength * slope)[..., None])


def shadow(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """The soft-edged shadow of a hand or an arm across a part of the page."""
    height, width = picture.shape[:2]
    mask = np.zeros((height // 8, width // 8), np.float32)
    middle = rng.uniform((0.2, 0.2), (0.8, 0.8)) * (width // 8, height // 8)
    angle = rng.uniform(0, 180)
    cv2.ellipse(mask, (tuple(map(float, middle)), (width / 8 * rng.uniform(0.3, 0.6), height / 8 * rng.uniform(0.8, 1.6)), angle), 1.0, -1)
    mask = cv2.resize(cv2.GaussianBlur(mask, (0, 0), max(1.0, width / 8 * 0.03)), (width, height))
    return _clip(picture * (1 - strength * mask)[..., None])


def tint(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """The cast of a lamp: each channel scaled by up to this share."""
    return _clip(picture * (1 - rng.uniform(0, strength, 3).astype(np.float32)))


def noise(picture: Image, spread: float, rng: np.random.Generator) -> Image:
    """Noise of this many grey levels, a little of it coloured."""
    height, width = picture.shape[:2]
    grey = rng.normal(0, spread, (height, width, 1)).astype(np.float32)
    colour = rng.normal(0, spread / 3, picture.shape).astype(np.float32)
    return _clip(picture + grey + colour)


def blur(picture: Image, sigma: float) -> Image:
    """A picture out of focus by this many pixels."""
    return cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0 else picture


def jpeg(picture: Image, quality: int) -> Image:
    """The picture after JPEG of this quality."""
    done, raw = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(quality)
    return np.asarray(cv2.cvtColor(np.asarray(cv2.imdecode(raw, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB))


def bleed_through(picture: Image, strength: float) -> Image:
    """The print of the other side, mirrored and blurred, shining through by this share."""
    behind = cv2.GaussianBlur(picture[:, ::-1], (0, 0), 1.5).astype(np.float32)
    return _clip(picture - (255 - behind) * strength)


def stamp(picture: Image, rng: np.random.Generator) -> Image:
    """A round red stamp with a star, pressed unevenly somewhere on the lower two thirds."""
    height, width = picture.shape[:2]
    radius = round(width * rng.uniform(0.07, 0.1))
    middle = (round(width * rng.uniform(0.3, 0.85)), round(height * rng.uniform(0.25, 0.9)))
    mask = np.zeros((height, width), np.float32)
    cv2.circle(mask, middle, radius, 1.0, max(2, round(radius * _STAMP_WIDTH)), cv2.LINE_AA)
    cv2.fillPoly(mask, [_star(middle, radius * 0.32)], 1.0, cv2.LINE_AA)
    for angle in np.linspace(np.pi * 0.8, np.pi * 2.2, 11):
        # Marks in place of the characters around the rim.
        x, y = middle[0] + radius * 0.76 * np.cos(angle), middle[1] + radius * 0.76 * np.sin(angle)
        cv2.ellipse(mask, ((x, y), (radius * 0.12, radius * 0.24), float(np.degrees(angle)) + 90), 1.0, 2, cv2.LINE_AA)
    ink = (mask * (0.55 + 0.45 * _smooth(picture.shape, 40, rng)))[..., None] * 0.85
    return _clip(picture * (1 - ink) + np.array(_RED, np.float32) * ink)


def _star(middle: tuple[int, int], radius: float) -> np.ndarray:
    turns = np.arange(10) * np.pi / 5 - np.pi / 2
    radii = np.where(np.arange(10) % 2 == 0, radius, radius * 0.4)
    return np.stack([middle[0] + radii * np.cos(turns), middle[1] + radii * np.sin(turns)], 1).astype(np.int32)


def pen(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Marks of a pen: ticks, loops around words, scribbles."""
    out = picture.copy()
    height, width = picture.shape[:2]
    for _ in range(count):
        x, y, size = rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height, width * rng.uniform(0.015, 0.04)
        if rng.random() < 0.4:
            cv2.ellipse(out, ((x, y), (size * 2.2, size), rng.uniform(-10, 10)), _INK, 2, cv2.LINE_AA)
        else:
            walk = np.cumsum(rng.normal(0, size / 4, (12, 2)), 0) + np.array([x, y])
            cv2.polylines(out, [walk.astype(np.int32)], False, _INK, 2, cv2.LINE_AA)
    return out


def dust(picture: Image, count: int, rng: np.random.Generator) -> Image:
    """Specks and hairs on the glass, and a faint streak down the page."""
    out = picture.copy()
    height, width = picture.shape[:2]
    for x, y in rng.uniform(0, 1, (count, 2)):
        cv2.circle(out, (int(x * width), int(y * height)), int(rng.integers(1, 3)), (90, 90, 90), -1)
    streak = int(rng.uniform(0.05, 0.95) * width)
    out[:, streak : streak + 1] = (out[:, streak : streak + 1] * 0.8).astype(np.uint8)
    return out


def fold(picture: Image, strength: float, rng: np.random.Generator) -> Image:
    """A crease across the page: darker on one side of it, lighter on the other."""
    height = picture.shape[0]
    at = rng.uniform(0.3, 0.7) * height
    away = (np.arange(height, dtype=np.float32) - at) / (height * 0.01)
    shade = -np.sign(away) * np.exp(-np.abs(away)) * strength
    return _clip(picture * (1 + shade)[:, None, None])


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
    grain = _smooth((height, width), 7, rng) * 14 + _smooth((height, 1), 2, rng) * 16
    base = np.array(rng.uniform((35, 30, 28), (80, 72, 66)), np.float32)
    return _clip(np.broadcast_to(base, (height, width, 3)) + grain[..., None])
