"""Rulings to cells."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ingest.grid import build_table
from ingest.page import Glyph
from ingest.rulings import Ruling, Rulings, join


def _rulings(boxes: list[tuple[float, float, float, float]]) -> Rulings:
    horizontal = [Ruling(y, x0, x1) for x0, y0, x1, y1 in boxes for y in (y0, y1)]
    vertical = [Ruling(x, y0, y1) for x0, y0, x1, y1 in boxes for x in (x0, x1)]
    return Rulings(tuple(join(horizontal)), tuple(join(vertical)))


def _glyph(text: str, x: float, y: float) -> Glyph:
    return Glyph(text, x - 3, y - 5, x + 3, y + 5)


MERGED = [(0.0, 0.0, 20.0, 60.0), (20.0, 0.0, 60.0, 30.0), (20.0, 30.0, 60.0, 60.0), (0.0, 60.0, 60.0, 80.0)]


def test_merged_cells_span_what_they_cover() -> None:
    table, _ = build_table(1, _rulings(MERGED), [])
    assert [(c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1), (2, 0, 1, 2)]


def test_text_goes_by_the_middle_of_each_glyph_and_the_rest_stays_outside() -> None:
    table, outside = build_table(1, _rulings(MERGED), [_glyph("甲", 19, 30), _glyph("乙", 21, 15), _glyph("丙", 90, 15)])
    assert [c.text for c in table.cells] == ["甲", "乙", "", ""]
    assert [g.text for g in outside] == ["丙"]


def test_outer_borders_may_be_missing() -> None:
    horizontal = tuple(Ruling(y, 0, 60) for y in (0, 20, 40))
    table, _ = build_table(1, Rulings(horizontal, (Ruling(30, 0, 40),)), [_glyph("甲", 10, 10), _glyph("乙", 50, 30)])
    assert [c.text for c in table.cells] == ["甲", "", "", "乙"]


def test_a_broken_ruling_still_parts_cells() -> None:
    horizontal = (Ruling(0, 0, 60), Ruling(40, 0, 60))
    vertical = (Ruling(0, 0, 40), Ruling(30, 0, 26), Ruling(60, 0, 40))
    table, _ = build_table(1, Rulings(horizontal, vertical), [])
    assert len(table.cells) == 2


@given(st.integers(0, 2**32 - 1))
def test_any_tiling_comes_back(seed: int) -> None:
    """A rectangle cut at random into boxes, drawn box by box, gives exactly these boxes."""
    boxes = _tiling(random.Random(seed), (0, 0, 400, 300))
    table, _ = build_table(1, _rulings(boxes), [])
    assert sorted(c.box for c in table.cells) == sorted(boxes)


def _tiling(rng: random.Random, box: tuple[int, int, int, int]) -> list[tuple[float, float, float, float]]:
    """Cuts stand on a coarse lattice, as in a form: two rulings are the same or well apart."""
    x0, y0, x1, y1 = box
    across, down = range(x0 + 20, x1 - 19, 20), range(y0 + 20, y1 - 19, 20)
    if not (across or down) or rng.random() < 0.2:
        return [(float(x0), float(y0), float(x1), float(y1))]
    if across and (not down or rng.random() < 0.5):
        cut = rng.choice(across)
        return _tiling(rng, (x0, y0, cut, y1)) + _tiling(rng, (cut, y0, x1, y1))
    cut = rng.choice(down)
    return _tiling(rng, (x0, y0, x1, cut)) + _tiling(rng, (x0, cut, x1, y1))
