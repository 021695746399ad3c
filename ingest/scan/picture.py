"""One picture of a page to the page: flattened, straightened, ruled, read."""

from __future__ import annotations

import time
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ingest.grid import build_table
from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.page import Glyph, Page
from ingest.rulings import Rulings
from ingest.scan.clean import flatten
from ingest.scan.engine import Engine, Reading
from ingest.scan.labels import mend_labels
from ingest.scan.lattice import find_tables
from ingest.scan.orient import TURNS, legible, turned, turned_back, upright_turns
from ingest.scan.raster import Pixels, Raster
from ingest.scan.reader import look_hard, read_closely, read_once
from ingest.scan.spool import Kept, our_spool
from ingest.scan.straighten import Warp, find_warp
from ingest.scan.words import Strip, add_missed, erase_rulings, find_strips, glyphs_of, without_ghosts
from schema.evidence import Box

_PNG_LEVEL = 1


def read_picture(raster: Raster, number: int, engine: Engine) -> Page:
    """The page that a picture shows, set upright first where it is not.

    Glyphs know their box on the page as displayed; all else is in the straightened picture.
    """
    started = time.perf_counter()
    flat = flatten(raster.pixels)
    seen = _look(flat, raster.scale, engine)
    notes: tuple[str, ...] = ()
    if not legible(seen.readings):
        quarters = upright_turns(flat, engine)
        if quarters:
            seen = _look(flat, raster.scale, engine, quarters)
            notes = (f"页面{TURNS[quarters]}，已转正识别",)
    glyphs = seen.glyphs(read_closely(engine, seen.erased, seen.strips, seen.readings))
    found = []
    for rulings in seen.ruled:
        table, glyphs = build_table(number, rulings, glyphs)
        found.append(mend_labels(table))
    height, width = (side / raster.scale for side in flat.shape)
    kept = our_spool().keep(_packed(seen.erased))
    return Page(
        number,
        width,
        height,
        tuple(found),
        tuple(part for line in glyphs_to_lines(glyphs) for part in split_at_gaps(line)),
        method="ocr",
        seconds=time.perf_counter() - started,
        notes=notes,
        rulings=tuple(seen.ruled),
        picture=ScannedPicture(kept, tuple(seen.strips), seen.displayed(seen.strip_boxes()), raster.scale, engine),
        bent=seen.warp is not None and seen.warp.bent,
    )


@dataclass(frozen=True)
class _Seen:
    """What was seen on a picture: turned by `quarters` clockwise, straightened, its rulings painted over; `size` is that before turning."""

    erased: Pixels
    ruled: list[Rulings]
    strips: list[Strip]
    readings: list[Reading]
    warp: Warp | None
    scale: float
    quarters: int
    size: tuple[int, int]

    def glyphs(self, readings: list[Reading]) -> list[Glyph]:
        """The characters of all strips as finally read, each with its box on the page as displayed."""
        glyphs = [g for strip, reading in zip(self.strips, readings, strict=True) for g in glyphs_of(strip, reading, self.scale)]
        boxes = self.displayed(np.array([glyph[1:5] for glyph in glyphs], np.float64).reshape(-1, 4))
        return [glyph._replace(printed=(b[0], b[1], b[2], b[3])) for glyph, b in zip(glyphs, boxes.tolist(), strict=True)]

    def strip_boxes(self) -> NDArray[np.float64]:
        """The boxes (n x 4) of the strips in points of the straightened page."""
        return np.array([(s.x0, s.y0, s.x1, s.y1) for s in self.strips], np.float64).reshape(-1, 4) / self.scale

    def displayed(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes (n x 4, points of the straightened page) around the same places of the page as displayed."""
        if not len(boxes):
            return boxes
        corners = np.concatenate([boxes[:, [i, j]] for i in (0, 2) for j in (1, 3)]) * self.scale
        source = corners if self.warp is None else self.warp.source(corners)
        source = turned_back(source, self.quarters, self.size).reshape(4, len(boxes), 2) / self.scale
        return np.concatenate([source.min(axis=0), source.max(axis=0)], axis=1)


def _look(flat: Pixels, scale: float, engine: Engine, quarters: int = 0) -> _Seen:
    height, width = flat.shape
    flat = turned(flat, quarters)
    warp = find_warp(flat, scale)
    straight = warp.apply(flat) if warp else flat
    ruled = find_tables(straight, scale)
    erased = erase_rulings(straight, ruled, scale)
    cells = [cell.box for rulings in ruled for cell in build_table(1, rulings, ())[0].cells]
    strips = without_ghosts(erased, add_missed(erased, cells, find_strips(engine, erased, cells, scale), scale))
    return _Seen(erased, ruled, strips, read_once(engine, erased, strips), warp, scale, quarters, (width, height))


@dataclass(frozen=True)
class ScannedPicture:
    """The straightened picture without its rulings, on disk; the strips of text on it, and their boxes on the displayed page."""

    packed: Kept
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
        erased = np.asarray(cv2.imdecode(np.frombuffer(self.packed.read(), np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
        return look_hard(self.engine, erased, self.strips[on[0]])


def _packed(pixels: Pixels) -> bytes:
    return bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, _PNG_LEVEL])[1])
