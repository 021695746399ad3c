"""One picture of a page to the page: flattened, straightened, ruled, read."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from ingest.grid import build_table
from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.page import Glyph, Page
from ingest.rulings import Rulings
from ingest.scan.clean import flatten
from ingest.scan.engine import Engine
from ingest.scan.lattice import find_tables
from ingest.scan.raster import Raster
from ingest.scan.reader import read_strips
from ingest.scan.straighten import Warp, find_warp
from ingest.scan.words import add_missed, erase_rulings, find_strips, glyphs_of


def read_picture(raster: Raster, number: int, engine: Engine) -> Page:
    """The page that a picture shows. Glyphs know their box on the page as displayed; all else is in the straightened picture."""
    started = time.perf_counter()
    flat = flatten(raster.pixels)
    warp = find_warp(flat, raster.scale)
    straight = warp.apply(flat) if warp else flat
    ruled = find_tables(straight, raster.scale)
    glyphs = _read(straight, ruled, raster, engine, warp)
    found = []
    for rulings in ruled:
        table, glyphs = build_table(number, rulings, glyphs)
        found.append(table)
    lines = tuple(part for line in glyphs_to_lines(glyphs) for part in split_at_gaps(line))
    height, width = (side / raster.scale for side in raster.pixels.shape[:2])
    return Page(number, width, height, tuple(found), lines, method="ocr", seconds=time.perf_counter() - started)


def _read(straight: np.ndarray, ruled: list[Rulings], raster: Raster, engine: Engine, warp: Warp | None) -> list[Glyph]:
    erased = erase_rulings(straight, ruled, raster.scale)
    cells = [cell.box for rulings in ruled for cell in build_table(1, rulings, ())[0].cells]
    strips = add_missed(erased, cells, find_strips(engine, erased, cells, raster.scale), raster.scale)
    readings = read_strips(engine, erased, strips)
    glyphs = [glyph for strip, reading in zip(strips, readings, strict=True) for glyph in glyphs_of(strip, reading, raster.scale)]
    return [_shown(glyph, warp, raster.scale) for glyph in glyphs]


def _shown(glyph: Glyph, warp: Warp | None, scale: float) -> Glyph:
    """The glyph with its box on the page as displayed."""
    box = (glyph.x0, glyph.y0, glyph.x1, glyph.y1)
    if warp is not None:
        corners = np.array([[x, y] for x in (glyph.x0, glyph.x1) for y in (glyph.y0, glyph.y1)]) * scale
        source = warp.source(corners) / scale
        box = (*source.min(axis=0).tolist(), *source.max(axis=0).tolist())
    return glyph._replace(printed=box)
