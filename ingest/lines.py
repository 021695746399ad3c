"""Glyphs to lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.page import Glyph, Line

_SAME_LINE = 0.45
"""Share of a glyph's height by which the middles of two glyphs of one line may differ (mixed fonts differ by up to a fifth)."""
_WORD_GAP = 0.13
"""Share of the height from which a gap between two Latin letters is a word space that the file does not spell out."""


def glyphs_to_lines(glyphs: Iterable[Glyph]) -> tuple[Line, ...]:
    """Lines from top to bottom, each from left to right; lines of nothing but spaces are left out.

    The glyphs are those of one cell, so what stands at one height is one line, however wide the gaps.
    """
    rows: list[list[Glyph]] = []
    middle = height = 0.0
    for glyph in sorted(glyphs, key=_vertical_middle):
        here = _vertical_middle(glyph)
        if not rows or here - middle > _SAME_LINE * min(height, glyph.y1 - glyph.y0):
            rows.append([glyph])
            middle, height = here, glyph.y1 - glyph.y0
        else:
            rows[-1].append(glyph)
    lines = (_line(row) for row in rows)
    return tuple(line for line in lines if line is not None)


def split_at_gaps(line: Line, gap: float = 2.0) -> tuple[Line, ...]:
    """The line cut where nothing is printed over `gap` times its height: texts side by side outside of any table."""
    parts: list[list[Glyph]] = []
    right = 0.0
    for glyph in line.glyphs:
        if glyph.text.isspace():
            if parts:
                parts[-1].append(glyph)
            continue
        if not parts or glyph.x0 - right > gap * (glyph.y1 - glyph.y0):
            parts.append([])
        parts[-1].append(glyph)
        right = glyph.x1
    return tuple(part for part in map(_line, parts) if part is not None)


def _vertical_middle(glyph: Glyph) -> float:
    return (glyph.y0 + glyph.y1) / 2


def _line(glyphs: Sequence[Glyph]) -> Line | None:
    ordered = sorted(glyphs, key=lambda g: g.x0)
    while ordered and ordered[-1].text.isspace():
        ordered.pop()
    first = next((i for i, g in enumerate(ordered) if not g.text.isspace()), None)
    return None if first is None else Line(tuple(_spaced(ordered[first:])))


def _spaced(glyphs: Sequence[Glyph]) -> Iterable[Glyph]:
    """The glyphs, with a space put in where two Latin words stand apart without one."""
    before: Glyph | None = None
    for glyph in glyphs:
        if before is not None and _is_word_gap(before, glyph):
            yield Glyph(" ", before.x1, before.y0, glyph.x0, before.y1)
        yield glyph
        before = glyph


def _is_word_gap(left: Glyph, right: Glyph) -> bool:
    if not (left.text[-1].isascii() and left.text[-1].isalpha() and right.text[0].isascii() and right.text[0].isalpha()):
        return False
    return right.x0 - left.x1 > _WORD_GAP * (left.y1 - left.y0)
