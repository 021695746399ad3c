"""Where text stands in a straightened picture, line by line and cell by cell, and what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.page import Glyph
from ingest.rulings import Rulings
from ingest.scan.engine import Engine, Reading
from ingest.scan.raster import Pixels
from schema.evidence import Box

_SHRINK, _SHRINK_NOISY = 2.0, 1.5
"""Text is found on a picture this many times smaller, where it is found as well in a fourth of the time."""
_NOISY = 12.0
"""Grey levels by which the paper's pixels stray on a noisy picture."""
_RULING = 1.1
"""Points on either side of a ruling that are painted over."""
_TRACK = 24
"""Pixels of a ruling over which its exact place is looked for."""
_MARGIN = -0.07
"""Share of a line's height added around it; the detector's boxes are wide, and in noise the recogniser does better without."""
_CALM = 0.4
"""Points over which noise is evened out before ink is looked for."""
_INK = 25.0
"""Grey levels by which ink is darker than the paper, at least."""
_INSET = 2.0
"""Points inside a cell's border that are not looked at: remains of the ruling."""
_LOWEST, _HIGHEST = 5.0, 30.0
"""Points that a line of characters is high."""
_PALE = 0.6
"""Share of the usual darkness of a page's print."""
_LETTER_GAP = 4.0
"""Points between characters of one line."""
_STREAK_HIGH = 0.75
"""Share of a cell's height that a thin blob of no character covers."""
_FILLED = 0.3
"""Share of its box that a blob of characters fills."""
_SLIVER = 0.35
"""Of a line's height: narrower pieces cut off by a ruling belong to the other side."""


@dataclass(frozen=True)
class Strip:
    """One line of text within one cell: its box in pixels of the straightened picture; `found` says that the detector took it for text."""

    x0: float
    y0: float
    x1: float
    y1: float
    found: bool = True


def erase_rulings(straight: Pixels, tables: Iterable[Rulings], scale: float) -> Pixels:
    """The picture with the rulings painted over, so that no line of text is joined to the next cell's or read with a border."""
    out = straight.copy()
    for rulings in tables:
        for r in rulings.horizontal:
            _paint(out, r.at * scale, r.start * scale, r.end * scale, scale)
        turned = np.ascontiguousarray(out.T)
        for r in rulings.vertical:
            _paint(turned, r.at * scale, r.start * scale, r.end * scale, scale)
        out = np.ascontiguousarray(turned.T)
    return out


def _paint(pixels: Pixels, at: float, start: float, end: float, scale: float) -> None:
    """Paint a level ruling white, following it where it wavers."""
    reach, half = max(2, round(1.6 * scale)), max(1, round(_RULING * scale))
    top, bottom = round(at) - reach, round(at) + reach + 1
    if top < 0 or bottom > pixels.shape[0]:
        return
    for x in range(max(0, round(start) - half), round(end) + half, _TRACK):
        block = pixels[top:bottom, x : x + _TRACK]
        if block.size == 0:
            break
        centre = top + int(np.argmin(cv2.blur(block.mean(axis=1).reshape(-1, 1), (1, 3))))
        pixels[max(0, centre - half) : centre + half + 1, x : x + _TRACK] = 255


def find_strips(engine: Engine, erased: Pixels, cells: Sequence[Box], scale: float) -> list[Strip]:
    """The lines of text, cut where they run over the borders of cells (boxes in points)."""
    noisy = noise_of(erased) > _NOISY
    calm, shrink = (cv2.GaussianBlur(erased, (0, 0), _CALM * scale), _SHRINK_NOISY) if noisy else (erased, _SHRINK)
    small = cv2.resize(calm, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
    quads = engine.detect(np.asarray(small, np.uint8)) * shrink
    found = [(*quad.min(axis=0), *quad.max(axis=0)) for quad in quads]
    borders = np.array(cells, np.float64).reshape(-1, 4) * scale
    return [strip for box in found for strip in _cut(box, borders)]


def _cut(box: tuple[float, float, float, float], cells: NDArray[np.float64]) -> Iterator[Strip]:
    """The parts of a line in the cells it touches; whole where it stands in no cell."""
    x0, y0, x1, y1 = box
    height = y1 - y0
    across = np.minimum(x1, cells[:, 2]) - np.maximum(x0, cells[:, 0])
    down = np.minimum(y1, cells[:, 3]) - np.maximum(y0, cells[:, 1])
    touched = np.flatnonzero(
        (across > min(_SLIVER * height, 0.5 * (x1 - x0))) & (down > 0.5 * np.minimum(height, cells[:, 3] - cells[:, 1]))
    )
    if not len(touched):
        yield Strip(*box)
        return
    for i in touched:
        cell = cells[i]
        yield Strip(max(x0, cell[0]), max(y0, cell[1]), min(x1, cell[2]), min(y1, cell[3]))


def add_missed(erased: Pixels, cells: Sequence[Box], strips: Sequence[Strip], scale: float) -> list[Strip]:
    """The strips, with print in cells (boxes in points) that no strip covers: single characters in wide cells are overlooked, and ends
    of numbers. What goes on with a strip lengthens it; other ink of a character's size becomes one of its own."""
    dark = _ink(erased, scale)
    for s in strips:
        dark[max(0, round(s.y0)) : max(0, round(s.y1)), max(0, round(s.x0)) : max(0, round(s.x1))] = 0
    out = list(strips)
    for box in cells:
        x0, y0, x1, y1 = (round(side * scale) for side in box)
        inset = round(_INSET * scale)
        for blob in _blobs(dark[y0 + inset : y1 - inset, x0 + inset : x1 - inset], (x0 + inset, y0 + inset), scale):
            if blob.y1 - blob.y0 >= _STREAK_HIGH * (y1 - y0) and blob.x1 - blob.x0 < (blob.y1 - blob.y0) / 2:
                continue
            beside = next((i for i, strip in enumerate(out) if _goes_on(strip, blob, scale)), None)
            if beside is None:
                out.append(blob)
            else:
                strip = out[beside]
                out[beside] = replace(strip, x0=min(strip.x0, blob.x0), x1=max(strip.x1, blob.x1))
    return out


def noise_of(flat: Pixels) -> float:
    """Grey levels by which pixels of the paper stray."""
    sample = flat[::3, ::3].astype(np.float32)
    return 1.5 * float(np.median(np.abs(sample - np.median(sample))))


def _ink(erased: Pixels, scale: float) -> Pixels:
    """1 where the picture is darker than paper and noise explain."""
    calm = cv2.GaussianBlur(erased, (0, 0), _CALM * scale)
    paper = float(np.median(calm))
    noise = 1.5 * float(np.median(np.abs(calm.astype(np.float32) - paper)))
    return np.asarray(calm < paper - max(_INK, 4 * noise), np.uint8)


def _blobs(dark: Pixels, corner: tuple[int, int], scale: float) -> Iterator[Strip]:
    """Blobs of ink of a character's size, those side by side as one."""
    if dark.size == 0 or not dark.any():
        return
    joined = cv2.dilate(dark, np.ones((max(1, round(0.8 * scale)), max(1, round(_LETTER_GAP * scale))), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for x, y, width, height, area in stats[1:count]:
        if _LOWEST <= height / scale <= _HIGHEST and width >= _LOWEST * scale / 2 and area >= _FILLED * width * height:
            left, top = corner[0] + x, corner[1] + y
            if x <= 1 or y <= 1 or x + width >= dark.shape[1] - 1 or y + height >= dark.shape[0] - 1:
                # What reaches the border is the ruling's remains, a stamp or a pen.
                continue
            pad = 0.15 * height
            yield Strip(left - pad, top - pad, left + width + pad, top + height + pad, found=False)


def _goes_on(strip: Strip, blob: Strip, scale: float) -> bool:
    """Whether the blob stands on the strip's line, right before or behind it."""
    down = min(strip.y1, blob.y1) - max(strip.y0, blob.y0)
    gap = max(strip.x0, blob.x0) - min(strip.x1, blob.x1)
    return down >= 0.6 * min(strip.y1 - strip.y0, blob.y1 - blob.y0) and gap <= _LETTER_GAP * scale


def without_ghosts(erased: Pixels, strips: Sequence[Strip]) -> list[Strip]:
    """The strips without those whose ink is so much paler than the page's print that it is none: faded stamps, the other side's print.

    Where the detector saw text, only what is no longer than two characters is dropped.
    """
    depths = [_depth(erased, strip) for strip in strips]
    pale = _PALE * float(np.median(depths)) if depths else 0.0
    return [s for s, depth in zip(strips, depths, strict=True) if depth >= pale or (s.found and s.x1 - s.x0 > 2.5 * (s.y1 - s.y0))]


def _depth(erased: Pixels, strip: Strip) -> float:
    """How dark the ink of a strip is."""
    inside = erased[max(0, int(strip.y0)) : int(strip.y1) + 1, max(0, int(strip.x0)) : int(strip.x1) + 1]
    return 255 - float(np.percentile(inside, 4)) if inside.size else 0.0


def crop(pixels: Pixels, strip: Strip, share: float = _MARGIN) -> Pixels:
    """The strip with a little margin, a share of its height."""
    margin = share * (strip.y1 - strip.y0)
    height, width = pixels.shape[:2]
    y0, y1 = max(0, round(strip.y0 - margin)), min(height, round(strip.y1 + margin))
    x0, x1 = max(0, round(strip.x0 - margin)), min(width, round(strip.x1 + margin))
    return pixels[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)]


def glyphs_of(strip: Strip, reading: Reading, scale: float) -> Iterator[Glyph]:
    """The characters of a strip with their boxes in points of the straightened picture."""
    width = strip.x1 - strip.x0
    y0, y1 = strip.y0 / scale, strip.y1 / scale
    middles = [(c.x0 + c.x1) / 2 for c in reading.characters]
    for i, character in enumerate(reading.characters):
        left = (middles[i - 1] + middles[i]) / 2 if i else max(0.0, middles[0] - _half(middles, 0))
        right = (middles[i] + middles[i + 1]) / 2 if i + 1 < len(middles) else min(1.0, middles[i] + _half(middles, i))
        x0, x1 = ((strip.x0 + width * x) / scale for x in (left, right))
        yield Glyph(character.text, x0, y0, x1, y1, character.confidence)


def _half(middles: Sequence[float], i: int) -> float:
    """Half the width of the first or last character: as far as to its neighbour's border."""
    if len(middles) == 1:
        return 0.5
    return abs(middles[1] - middles[0]) / 2 if i == 0 else abs(middles[-1] - middles[-2]) / 2
