"""Dumps as pieces: nothing lost, fields and glued labels parted."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.dump.pieces import lines_of, pieces_of


@given(st.text(alphabet="数量指标 1.0(%)年\t\n\r\f|-：项目名称\u3000", max_size=120))
def test_pieces_hold_all_print_where_they_say(text: str) -> None:
    pieces = pieces_of(text)
    for piece in pieces:
        assert text[piece.start : piece.end] == piece.text
    assert all(a.end <= b.start and a.line <= b.line for a, b in pairwise(pieces))
    if "|" not in text and "\t" not in text:
        assert "".join(piece.text for piece in pieces).split() == ["".join(text.split())][: bool(text.split())]


def test_lines_count_from_one_and_page_breaks_show() -> None:
    pieces = pieces_of("甲\r\n\r\n乙 丙\n\f丁")
    assert [(p.text, p.line, p.opens, p.blanks, p.broken) for p in pieces] == [
        ("甲", 1, True, 0, False),
        ("乙", 3, True, 1, False),
        ("丙", 3, False, 0, False),
        ("丁", 4, True, 0, True),
    ]


def test_fields_of_tables_are_pieces_however_they_are_parted() -> None:
    tabs = "项目名称\t\t运维 项目\n主管部门\t\t某局\n甲\t乙\t丙\n"
    bars = "| 项目名称 | 项目名称 | 运维 项目 |\n|---|---|---|\n| 甲 | 乙 | 丙 |\n"
    assert [(p.text, p.gap) for p in pieces_of(tabs)][:2] == [("项目名称", 0), ("运维 项目", 2)]
    assert [p.text for p in pieces_of(bars)] == ["项目名称", "运维 项目", "甲", "乙", "丙"]


def test_glued_cells_are_parted() -> None:
    assert [p.text for p in pieces_of("项目名称：运维\n满意度指标服务对象满\n数量\n指标巡检次数")] == [
        "项目名称：",
        "运维",
        "满意度指标",
        "服务对象满",
        "数量",
        "指标",
        "巡检次数",
    ]


def test_evidence_is_one_line_for_what_stands_together() -> None:
    text = "及时（按期\n\n完成）\n别的\n尾"
    pieces = pieces_of(text)
    lines = lines_of(text, [pieces[0], pieces[1], pieces[3]])
    assert [line.text for line in lines] == ["及时（按期 完成）", "尾"]
    assert lines[0].glyphs[0].x0 == 0
    assert lines[0].glyphs[-1].x1 == text.index("）") + 1
    assert [line.glyphs[0].y0 for line in lines] == [1, 5]
