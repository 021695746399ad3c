"""Tables found in pictures: straight, turned, in perspective, in noise, with strokes, streaks and worn rulings in the way."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.grid import build_table
from ingest.scan.lattice import find_tables
from ingest.scan.straighten import find_warp
from tests.ingest.scan.pictures import SCALE, XS, YS, moved, noisy, table, turned

CELLS = (len(XS) - 1) * (len(YS) - 1)


def cells(page: np.ndarray) -> list[int]:
    return [len(build_table(1, rulings, ())[0].cells) for rulings in find_tables(page, SCALE)]


def straightened(page: np.ndarray) -> np.ndarray:
    warp = find_warp(page, SCALE)
    assert warp is not None
    return warp.apply(page)


def test_a_clean_grid_has_all_its_cells() -> None:
    assert cells(table()) == [CELLS]


@pytest.mark.parametrize("degrees", [-4.0, -0.7, 1.3, 5.0])
def test_a_turned_page_is_straightened(degrees: float) -> None:
    assert cells(straightened(turned(table(), degrees))) == [CELLS]


@pytest.mark.parametrize(
    "corners",
    [
        [(0.05, 0.03), (-0.02, 0.0), (0.0, -0.02), (0.02, -0.04)],
        [(0.0, 0.06), (-0.06, 0.0), (0.0, 0.0), (0.0, -0.03)],
    ],
)
def test_perspective_is_undone_and_seen(corners: list[tuple[float, float]]) -> None:
    page, _ = moved(table(), corners)
    warp = find_warp(page, SCALE)
    assert warp is not None and warp.bent
    assert cells(warp.apply(page)) == [CELLS]


def test_a_point_of_the_straightened_page_is_found_on_the_page_as_displayed() -> None:
    page, matrix = moved(table(), [(0.04, 0.02), (-0.03, 0.0), (0.0, -0.03), (0.03, -0.01)])
    warp = find_warp(page, SCALE)
    assert warp is not None
    rulings = find_tables(warp.apply(page), SCALE)[0]
    corner = np.array([[min(r.at for r in rulings.vertical), min(r.at for r in rulings.horizontal)]]) * SCALE
    wanted = cv2.perspectiveTransform(np.array([[[XS[0] * SCALE, YS[0] * SCALE]]], np.float32), matrix)[0, 0]
    assert np.abs(warp.source(corner)[0] - wanted).max() < 3


def test_noise_hides_no_ruling_and_makes_none() -> None:
    assert cells(noisy(table(), 45)) == [CELLS]


def test_strokes_of_characters_inside_a_row_are_no_walls() -> None:
    page = table()
    for x in (80, 150, 160, 270):
        cv2.line(page, (round(x * SCALE), round(99 * SCALE)), (round(x * SCALE), round(113 * SCALE)), 20, 3)
    assert cells(page) == [CELLS]


def test_a_scanner_streak_is_no_wall() -> None:
    page = table()
    cv2.line(page, (round(180 * SCALE), 0), (round(180 * SCALE), page.shape[0]), 110, 2)
    assert cells(page) == [CELLS]


def test_a_worn_ruling_still_parts_cells() -> None:
    page = table()
    y = round(YS[3] * SCALE)
    for x in range(0, page.shape[1], 40):
        page[y - 3 : y + 4, x : x + 12] = 245
    assert cells(page) == [CELLS]


def test_a_bold_title_is_no_table() -> None:
    page = np.full((800, 1600), 245, np.uint8)
    for x in range(400, 700, 40):
        cv2.rectangle(page, (x, 300), (x + 30, 336), 20, 4)
    assert cells(page) == []


def test_a_page_without_lines_is_left_as_it_is() -> None:
    assert find_warp(np.full((1200, 900), 245, np.uint8), SCALE) is None


def test_a_table_without_its_left_border_keeps_its_first_column() -> None:
    page = table()
    left, right = round((XS[0] - 4) * SCALE), round((XS[0] + 4) * SCALE)
    page[:, left:right] = 245
    # Its first column is merged over groups of rows: only every fourth ruling runs out to the open side.
    for i, y in enumerate(YS):
        if i % 4 and i < len(YS) - 1:
            page[round((y - 4) * SCALE) : round((y + 4) * SCALE), left : round((XS[1] - 3) * SCALE)] = 245
    groups = len([i for i in range(len(YS) - 1) if i % 4 == 0])
    assert cells(page) == [(len(XS) - 2) * (len(YS) - 1) + groups]
