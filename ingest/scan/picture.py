"""One picture of a page to the page: flattened, straightened, ruled, read."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grid import build_table
from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.page import Glyph, Page
from ingest.scan.clean import flatten
from ingest.scan.engine import Engine, Reading
from ingest.scan.labels import mend_labels
from ingest.scan.lattice import find_tables
from ingest.scan.raster import Pixels, Raster
from ingest.scan.reader import look_hard, read_strips
from ingest.scan.straighten import Warp, find_warp
from ingest.scan.words import Strip, add_missed, erase_rulings, find_strips, glyphs_of
from schema.evidence import Box

_PNG_LEVEL = 1


def read_picture(raster: Raster, number: int, engine: Engine) -> Page:
    """The page that a picture shows. Glyphs know their box on the page as displayed; all else is in the straightened picture."""
    started = time.perf_counter()
    scale = raster.scale
    flat = flatten(raster.pixels)
    warp = find_warp(flat, scale)
    straight = warp.apply(flat) if warp else flat
    ruled = find_tables(straight, scale)
    erased = erase_rulings(straight, ruled, scale)
    cells = [cell.box for rulings in ruled for cell in build_table(number, rulings, ())[0].cells]
    strips = add_missed(erased, cells, find_strips(engine, erased, cells, scale), scale)
    readings = read_strips(engine, erased, strips)
    glyphs = _shown(strips, readings, warp, scale)
    found = []
    for rulings in ruled:
        table, glyphs = build_table(number, rulings, glyphs)
        found.append(mend_labels(table))
    lines = tuple(part for line in glyphs_to_lines(glyphs) for part in split_at_gaps(line))
    height, width = (side / scale for side in raster.pixels.shape[:2])
    return Page(
        number,
        width,
        height,
        tuple(found),
        lines,
        method="ocr",
        seconds=time.perf_counter() - started,
        rulings=tuple(ruled),
        picture=ScannedPicture(_packed(erased), tuple(strips), _boxes(strips, warp, scale), scale, engine),
        bent=warp is not None and warp.bent,
    )


@dataclass(frozen=True)
class ScannedPicture:
    """The straightened picture without its rulings, compressed; the strips of text on it, and their boxes on the page as displayed."""

    packed: bytes
    strips: tuple[Strip, ...]
    boxes: NDArray[np.float64]
    scale: float
    engine: Engine

    def reread(self, box: Box) -> list[tuple[str, float]]:
        """What the text in this box (points, page as displayed) reads in several ways of looking, each with its confidence; best first.

        Only a box that lies on one strip can be read again; none is read for others.
        """
        if not len(self.boxes):
            return []
        across = np.minimum(box[2], self.boxes[:, 2]) - np.maximum(box[0], self.boxes[:, 0])
        down = np.minimum(box[3], self.boxes[:, 3]) - np.maximum(box[1], self.boxes[:, 1])
        on = np.flatnonzero((across > 0.5 * (box[2] - box[0])) & (down > 0.5 * (box[3] - box[1])))
        if len(on) != 1:
            return []
        erased = np.asarray(cv2.imdecode(np.frombuffer(self.packed, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
        return look_hard(self.engine, erased, self.strips[on[0]])


def _packed(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL])[1])


def _shown(strips: Sequence[Strip], readings: Sequence[Reading], warp: Warp | None, scale: float) -> list[Glyph]:
    """The characters of all strips, each with its box on the page as displayed."""
    glyphs = [glyph for strip, reading in zip(strips, readings, strict=True) for glyph in glyphs_of(strip, reading, scale)]
    boxes = _displayed(np.array([glyph[1:5] for glyph in glyphs], np.float64).reshape(-1, 4), warp, scale)
    return [glyph._replace(printed=(b[0], b[1], b[2], b[3])) for glyph, b in zip(glyphs, boxes.tolist(), strict=True)]


def _boxes(strips: Sequence[Strip], warp: Warp | None, scale: float) -> NDArray[np.float64]:
    straight = np.array([(s.x0, s.y0, s.x1, s.y1) for s in strips], np.float64).reshape(-1, 4) / scale
    return _displayed(straight, warp, scale)


def _displayed(boxes: NDArray[np.float64], warp: Warp | None, scale: float) -> NDArray[np.float64]:
    """Boxes (n x 4, points of the straightened page) around the same places of the page as displayed."""
    if warp is None or not len(boxes):
        return boxes
    corners = np.concatenate([boxes[:, [i, j]] for i in (0, 2) for j in (1, 3)]) * scale
    source = warp.source(corners).reshape(4, len(boxes), 2) / scale
    return np.concatenate([source.min(axis=0), source.max(axis=0)], axis=1)
