"""Drawn pieces to rulings."""

from __future__ import annotations

import pytest

from ingest.rulings import Ruling, join, on_page, rulings_of_drawings, tables

BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


def _path(kind: str, *items: tuple[object, ...], color: tuple[float, float, float] = BLACK) -> dict[str, object]:
    return {"type": kind, "items": list(items), "color" if "s" in kind else "fill": color}


@pytest.mark.parametrize(
    ("path", "horizontal", "vertical"),
    [
        pytest.param(_path("s", ("l", (0, 10), (50, 10))), 1, 0, id="line"),
        pytest.param(_path("s", ("l", (0, 10), (50, 10.8))), 1, 0, id="slightly-slanted"),
        pytest.param(_path("s", ("l", (0, 10), (50, 40))), 0, 0, id="diagonal"),
        pytest.param(_path("s", ("re", (0, 0, 50, 20), 1)), 2, 2, id="stroked-box"),
        pytest.param(_path("f", ("re", (0, 0, 50, 0.5), 1)), 1, 0, id="thin-fill"),
        pytest.param(_path("f", ("re", (0, 0, 0.5, 50), 1)), 0, 1, id="thin-upright-fill"),
        pytest.param(_path("f", ("re", (0, 0, 50, 20), 1)), 0, 0, id="shading"),
        pytest.param(_path("f", ("re", (0, 0, 0.5, 0.5), 1)), 0, 0, id="corner-dot"),
        pytest.param(_path("s", ("l", (0, 10), (50, 10)), color=WHITE), 0, 0, id="white"),
        pytest.param(_path("s", ("qu", ((0, 0), (50, 0), (0, 20), (50, 20)))), 2, 2, id="quad"),
    ],
)
def test_pieces(path: dict[str, object], horizontal: int, vertical: int) -> None:
    found = rulings_of_drawings([path])
    assert (len(found[0]), len(found[1])) == (horizontal, vertical)


def test_double_and_misaligned_lines_are_one() -> None:
    assert join([Ruling(10, 0, 50), Ruling(11.5, 50.5, 100), Ruling(10.4, 0, 100)]) == [Ruling(pytest.approx(10.63, abs=0.01), 0, 100)]


def test_close_lines_do_not_drift_into_their_neighbours() -> None:
    rows = [Ruling(at, 0, 50) for at in (10, 12, 14, 16)]
    assert len(join(rows)) == 2


def test_short_pieces_are_no_rulings() -> None:
    assert join([Ruling(10, 0, 3)]) == []


def test_tables_apart_are_two_from_top_to_bottom() -> None:
    low = [Ruling(100, 0, 50), Ruling(120, 0, 50)], [Ruling(0, 100, 120), Ruling(50, 100, 120)]
    high = [Ruling(10, 0, 50), Ruling(30, 0, 50)], [Ruling(0, 10, 30), Ruling(50, 10, 30)]
    found = tables([*low[0], *high[0]], [*low[1], *high[1]])
    assert [t.horizontal[0].at for t in found] == [10, 100]


def test_an_upright_ruling_beside_a_table_belongs_to_it() -> None:
    """The outer edge of a merged cell that fills the page touches no horizontal ruling."""
    horizontal = [Ruling(0, 20, 60), Ruling(40, 20, 60)]
    vertical = [Ruling(20, 0, 40), Ruling(60, 0, 40), Ruling(0, 0, 40)]
    (table,) = tables(horizontal, vertical)
    assert sorted(r.at for r in table.vertical) == [0, 20, 60]


def test_an_upright_ruling_elsewhere_does_not() -> None:
    horizontal = [Ruling(0, 20, 60), Ruling(40, 20, 60)]
    vertical = [Ruling(20, 0, 40), Ruling(60, 0, 40), Ruling(0, 100, 140), Ruling(300, 0, 40)]
    (table,) = tables(horizontal, vertical)
    assert sorted(r.at for r in table.vertical) == [20, 60]


def test_rulings_off_the_page_are_none() -> None:
    """Browsers draw the lines of a long table for all of its pages on each of them."""
    pieces = [Ruling(-300, 0, 100), Ruling(50, -300, 80), Ruling(50, 90, 900), Ruling(400, 0, 100), Ruling(60, 700, 900)]
    assert on_page(pieces, 200, 500) == [Ruling(50, 0.0, 80), Ruling(50, 90, 500)]
