"""Places of a straightened page on the page as displayed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.page import Glyph, Line
from ingest.printed import Straight, printed_box


def _glyphs(turn: float, curl: float, count: int) -> list[Glyph]:
    """Characters on a grid, printed on a page that is turned and curled."""
    out = []
    for i in range(count):
        x, y = 60 + 50 * (i % 10), 60 + 50 * (i // 10)
        px, py = _displaced(x, y, turn, curl)
        out.append(Glyph("字", x - 5, y - 5, x + 5, y + 5, 1.0, (px - 5, py - 5, px + 5, py + 5)))
    return out


def _displaced(x: float, y: float, turn: float, curl: float) -> tuple[float, float]:
    return x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn) + curl * ((x - 300) / 300) ** 2


@given(st.floats(-0.05, 0.05), st.floats(-20, 20))
def test_lines_follow_skew_and_curl(turn: float, curl: float) -> None:
    straight = Straight.of(_glyphs(turn, curl, 100))
    x0, y0, x1, y1 = straight.line((100, 200, 480, 200))
    assert (x0, y0) == pytest.approx(_displaced(100, 200, turn, curl), abs=0.5)
    assert (x1, y1) == pytest.approx(_displaced(480, 200, turn, curl), abs=0.5)


def test_few_characters_turn_but_do_not_bend() -> None:
    straight = Straight.of(_glyphs(0.02, 0.0, 12))
    assert straight.box((100, 80, 200, 120)) == pytest.approx(
        (
            _displaced(100, 120, 0.02, 0)[0],
            _displaced(100, 80, 0.02, 0)[1],
            _displaced(200, 80, 0.02, 0)[0],
            _displaced(200, 120, 0.02, 0)[1],
        ),
        abs=0.5,
    )


def test_a_page_with_a_text_layer_stays_as_it_is() -> None:
    plain = [glyph._replace(printed=None) for glyph in _glyphs(0, 0, 40)]
    assert Straight.of(plain).box((1, 2, 3, 4)) == (1, 2, 3, 4)
    assert printed_box(Line(tuple(plain[:2]))) == (55, 55, 115, 65)
    assert printed_box(Line(tuple(_glyphs(0, 0, 2)))) == pytest.approx((55, 55, 115, 65), abs=20)
