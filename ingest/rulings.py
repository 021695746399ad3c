"""Drawn lines and thin boxes to clean rulings: snapped to common positions, joined where they touch, grouped into tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

SNAP = 2.5
"""Points within which parallel rulings are one: double lines, lines drawn twice, slightly misaligned ones."""
THIN = 3.0
"""A filled box at most this thick is a line drawn as a box."""
SLANT = 1.0
"""Points a line may run off the straight and still be a ruling."""
SHORTEST = 4.0
"""Shorter pieces are no rulings: they are corners, ticks and strokes of glyphs drawn as paths."""


BESIDE = 0.8
"""Share of a table's height that a loose upright ruling must run along to belong to it."""
WIDEST_LABEL = 150.0
"""Points such a ruling may stand off the table."""


class Ruling(NamedTuple):
    """A horizontal or vertical line: `at` is its y (or x), from `start` to `end` along the other axis."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Rulings:
    """The rulings of one table."""

    horizontal: tuple[Ruling, ...]
    vertical: tuple[Ruling, ...]


def rulings_of_drawings(drawings: Iterable[dict[str, Any]]) -> tuple[list[Ruling], list[Ruling]]:
    """Horizontal and vertical pieces of PyMuPDF's `get_cdrawings()`, unjoined. White paths and wide fills are no rulings."""
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    for path in drawings:
        stroked = "s" in path["type"]
        if _is_white(path.get("color" if stroked else "fill")):
            continue
        for item in path["items"]:
            kind = item[0]
            if kind == "l":
                # A thin box filled on a turned page comes as its four edges; the two long ones snap into one ruling.
                _add_line(item[1], item[2], horizontal, vertical)
            elif kind == "re":
                _add_box(item[1], stroked, horizontal, vertical)
            elif kind == "qu":
                xs, ys = zip(*item[1], strict=True)
                _add_box((min(xs), min(ys), max(xs), max(ys)), stroked, horizontal, vertical)
    return horizontal, vertical


def on_page(pieces: Iterable[Ruling], depth: float, length: float) -> list[Ruling]:
    """The pieces that show on a page: `depth` is its extent across them, `length` along them.

    Browsers draw a table's lines for all of its pages on each of them; what lies off the page is cut away like text there.
    """
    shown = (r._replace(start=max(r.start, 0.0), end=min(r.end, length)) for r in pieces if -SNAP <= r.at <= depth + SNAP)
    return [r for r in shown if r.start < r.end]


def join(pieces: Sequence[Ruling]) -> list[Ruling]:
    """Parallel pieces snapped to common positions and joined where they touch."""
    out: list[Ruling] = []
    for group in _clusters(pieces):
        at = sum(r.at for r in group) / len(group)
        joined: list[Ruling] = []
        for piece in sorted(group, key=lambda r: r.start):
            if joined and piece.start <= joined[-1].end + SNAP:
                joined[-1] = joined[-1]._replace(end=max(joined[-1].end, piece.end))
            else:
                joined.append(Ruling(at, piece.start, piece.end))
        out += [r for r in joined if r.end - r.start >= SHORTEST]
    return out


def tables(horizontal: Sequence[Ruling], vertical: Sequence[Ruling]) -> list[Rulings]:
    """The rulings grouped into tables: those that touch, directly or through others. From top to bottom."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, h in enumerate(horizontal):
        for j, v in enumerate(vertical, len(horizontal)):
            if h.start - SNAP <= v.at <= h.end + SNAP and v.start - SNAP <= h.at <= v.end + SNAP:
                parent[root(j)] = root(i)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i, r in enumerate([*horizontal, *vertical]):
        groups.setdefault(root(i), ([], []))[i >= len(horizontal)].append(r)
    found = [(hs, vs) for hs, vs in groups.values() if len(hs) >= 2 and vs]
    for lone in (v for hs, vs in groups.values() if not hs for v in vs):
        _adopt(lone, found)
    return sorted((Rulings(tuple(hs), tuple(vs)) for hs, vs in found), key=lambda t: min(r.at for r in t.horizontal))


def _adopt(lone: Ruling, found: Sequence[tuple[list[Ruling], list[Ruling]]]) -> None:
    """Give an upright ruling that touches nothing to the table it runs beside: the outer edge of a merged cell that fills the page."""
    for horizontal, vertical in found:
        top, bottom = min(r.at for r in horizontal), max(r.at for r in horizontal)
        beside = min(lone.end, bottom) - max(lone.start, top) >= BESIDE * (bottom - top)
        if beside and min(abs(lone.at - r.at) for r in vertical) <= WIDEST_LABEL:
            vertical.append(lone)
            return


def _clusters(pieces: Sequence[Ruling]) -> list[list[Ruling]]:
    groups: list[list[Ruling]] = []
    first = 0.0
    for piece in sorted(pieces):
        # Measured from the first of the group, so that a run of close lines cannot drift into its neighbour.
        if groups and piece.at - first <= SNAP:
            groups[-1].append(piece)
        else:
            groups.append([piece])
            first = piece.at
    return groups


def _is_white(color: Sequence[float] | None) -> bool:
    return color is not None and min(color) > 0.95


def _add_line(a: Sequence[float], b: Sequence[float], horizontal: list[Ruling], vertical: list[Ruling]) -> None:
    (x0, y0), (x1, y1) = a, b
    if abs(y1 - y0) <= SLANT < abs(x1 - x0):
        horizontal.append(Ruling((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x1 - x0) <= SLANT < abs(y1 - y0):
        vertical.append(Ruling((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def _add_box(box: Sequence[float], stroked: bool, horizontal: list[Ruling], vertical: list[Ruling]) -> None:
    x0, y0, x1, y1 = box
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    if y1 - y0 <= THIN and x1 - x0 <= THIN and not stroked:
        return
    if y1 - y0 <= THIN:
        horizontal.append(Ruling((y0 + y1) / 2, x0, x1))
    elif x1 - x0 <= THIN:
        vertical.append(Ruling((x0 + x1) / 2, y0, y1))
    elif stroked:
        horizontal += [Ruling(y0, x0, x1), Ruling(y1, x0, x1)]
        vertical += [Ruling(x0, y0, y1), Ruling(x1, y0, y1)]
