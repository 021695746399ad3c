"""Glyphs to lines."""

from __future__ import annotations

import random

from ingest.lines import glyphs_to_lines, split_at_gaps
from ingest.page import Glyph


def _text(text: str, x: float, y: float, size: float = 10) -> list[Glyph]:
    return [Glyph(ch, x + i * size, y, x + (i + 1) * size, y + size) for i, ch in enumerate(text)]


def test_lines_top_to_bottom_left_to_right_whatever_the_order() -> None:
    glyphs = _text("第一行", 0, 0) + _text("第二行", 0, 14)
    random.Random(1).shuffle(glyphs)
    assert [line.text for line in glyphs_to_lines(glyphs)] == ["第一行", "第二行"]


def test_mixed_fonts_on_one_line_stay_one_line() -> None:
    assert [line.text for line in glyphs_to_lines(_text("第", 0, 0) + _text("2", 12, 1.8) + _text("年", 24, 0))] == ["第2年"]


def test_latin_words_apart_get_a_space_and_chinese_does_not() -> None:
    assert glyphs_to_lines(_text("AB", 0, 0) + _text("CD", 23, 0))[0].text == "AB CD"
    assert glyphs_to_lines(_text("甲乙", 0, 0) + _text("丙", 30, 0))[0].text == "甲乙丙"


def test_lines_of_spaces_are_none_and_ends_are_trimmed() -> None:
    assert glyphs_to_lines(_text("   ", 0, 0)) == ()
    line = glyphs_to_lines(_text(" 甲 ", 0, 0))[0]
    assert line.text == "甲"
    assert line.box == (10, 0, 20, 10)


def test_texts_far_apart_are_cut() -> None:
    line = glyphs_to_lines(_text("主管部门", 0, 0) + _text("填报单位", 90, 0))[0]
    assert [part.text for part in split_at_gaps(line)] == ["主管部门", "填报单位"]
