"""How strong each effect is, by preset; ranges from which a page's own strengths are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eval.degrade import effects, marks
from eval.degrade.geometry import Image, Placement, photographed, turned

Name = Literal["light", "medium", "heavy", "photo", "fax"]
Range = tuple[float, float]


@dataclass(frozen=True)
class Preset:
    """Ranges of strength; see eval.degrade.effects for what the numbers mean.

    Attributes:
        blurs: kinds of blur, of which a page gets one.
        stamp, holes, fax: odds, from 0 to 1, that a page has it.
        turned: odds that a page lies on its side or upside down.
        pen, dust: how many marks and specks.
        corners: how far a camera may move a corner of the page, in shares of its sides; 0 for a scanner.
        curl: pixels by which the middle of the page sinks.
    """

    dpi: Range = (200, 200)
    skew: Range = (-0.4, 0.4)
    noise: Range = (2, 4)
    blur: Range = (0.3, 0.5)
    jpeg: Range = (70, 85)
    toner: Range = (0.0, 0.05)
    light: Range = (0.0, 0.05)
    shadow: Range = (0.0, 0.0)
    bleed: Range = (0.0, 0.0)
    fold: Range = (0.0, 0.0)
    edge: Range = (0.0, 0.0)
    blurs: tuple[effects.Blur, ...] = ("gaussian",)
    stamp: float = 0.0
    holes: float = 0.0
    turned: float = 0.0
    pen: int = 0
    dust: int = 0
    fax: float = 0.0
    corners: float = 0.0
    curl: Range = (0.0, 0.0)

    @property
    def photo(self) -> bool:
        """Whether it is seen by a camera."""
        return self.corners > 0


PRESETS: dict[Name, Preset] = {
    "light": Preset(),
    "medium": Preset(
        skew=(-1.6, 1.6), noise=(5, 9), blur=(0.6, 1.0), jpeg=(50, 70), toner=(0.1, 0.35), light=(0.1, 0.3), shadow=(0, 0.15),
        bleed=(0, 0.06), fold=(0, 0.15), edge=(0, 0.3),
        blurs=("gaussian", "gaussian", "motion", "defocus"), stamp=0.7, holes=0.15, pen=1, dust=30,
    ),
    "heavy": Preset(
        dpi=(150, 200), skew=(-3, 3), noise=(9, 16), blur=(0.9, 1.4), jpeg=(30, 50), toner=(0.4, 0.7), light=(0.2, 0.55),
        shadow=(0.1, 0.4), bleed=(0.04, 0.12), fold=(0, 0.3), edge=(0, 0.6),
        blurs=("gaussian", "motion", "defocus"), stamp=1.0, holes=0.25, pen=4, dust=80, fax=0.1,
    ),
    "photo": Preset(
        dpi=(180, 210), noise=(3, 6), blur=(0.4, 1.0), jpeg=(60, 80), light=(0.1, 0.35), shadow=(0.1, 0.45), fold=(0, 0.2),
        blurs=("gaussian", "motion", "defocus"), stamp=0.6,
        corners=0.05, curl=(0, 14),
    ),
    "fax": Preset(dpi=(200, 200), skew=(-0.8, 0.8), noise=(4, 8), toner=(0.1, 0.3), dust=60, fax=1.0),
}  # fmt: skip


def degrade(
    draw: Callable[[float], Image], size_in_points: tuple[float, float], preset: Preset, rng: np.random.Generator
) -> tuple[Image, Placement]:
    """A page after all effects of the preset, and where its points are found.

    Args:
        draw: a function that gives the page as a picture at so many dots per inch.
        size_in_points: width and height of the page.
    """
    dpi = float(rng.uniform(*preset.dpi))
    page = _on_paper(draw(dpi), preset, rng)
    size = (page.shape[1], page.shape[0])
    placement = _placement(size, size[0] / size_in_points[0], preset, rng)
    seen = _seen(placement.apply(page, effects.desk(placement.canvas, rng) if preset.photo else None), preset, rng)
    turns = int(rng.integers(1, 4)) if rng.random() < preset.turned else 0
    return np.ascontiguousarray(np.rot90(seen, -turns)), placement.quarter(turns)


def _on_paper(page: Image, preset: Preset, rng: np.random.Generator) -> Image:
    """What happened to the sheet before it was scanned."""
    page = effects.faint_toner(page, rng.uniform(*preset.toner), rng)
    if preset.bleed[1]:
        page = effects.bleed_through(page, rng.uniform(*preset.bleed))
    if rng.random() < preset.stamp:
        page = marks.stamp(page, rng)
    if preset.pen:
        page = marks.pen(page, preset.pen, rng)
    if rng.random() < preset.holes:
        page = marks.punch_holes(page, rng)
    return effects.fold(page, rng.uniform(*preset.fold), rng) if preset.fold[1] else page


def _placement(size: tuple[int, int], scale: float, preset: Preset, rng: np.random.Generator) -> Placement:
    if not preset.photo:
        return turned(size, scale, float(rng.uniform(*preset.skew)))
    shifts = rng.uniform(-preset.corners, preset.corners, (4, 2))
    return photographed(size, scale, shifts, preset.corners * 1.6, float(rng.uniform(*preset.curl)))


def _seen(picture: Image, preset: Preset, rng: np.random.Generator) -> Image:
    """What the scanner or camera makes of it."""
    picture = effects.uneven_light(picture, rng.uniform(*preset.light), rng)
    if preset.shadow[1]:
        picture = effects.shadow(picture, rng.uniform(*preset.shadow), rng)
    if preset.photo:
        picture = effects.tint(picture, 0.12, rng)
    if preset.edge[1]:
        picture = effects.edge_shadow(picture, rng.uniform(*preset.edge), rng)
    picture = effects.blur(picture, rng.uniform(*preset.blur), preset.blurs[int(rng.integers(len(preset.blurs)))], rng)
    picture = effects.noise(picture, rng.uniform(*preset.noise), rng)
    if preset.dust:
        picture = marks.dust(picture, preset.dust, rng)
    if rng.random() < preset.fax:
        picture = effects.fax(picture, rng)
    return effects.jpeg(picture, round(rng.uniform(*preset.jpeg)))
