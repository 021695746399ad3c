"""Text below the last ruling of a page."""

from __future__ import annotations

from ingest.lines import glyphs_to_lines
from ingest.page import Cell, Glyph, Line, Table
from ingest.spill import take_spill


def _line(text: str, x: float, y: float) -> Line:
    return glyphs_to_lines([Glyph(ch, x + 10 * i, y, x + 10 * i + 10, y + 10) for i, ch in enumerate(text)])[0]


def _table() -> Table:
    label = Cell(1, 0, 0, 1, 1, (0, 0, 20, 40), (_line("产", 5, 3), _line("出", 5, 15), _line("指", 5, 28)))
    name = Cell(1, 0, 1, 1, 1, (20, 0, 200, 40), (_line("名称", 30, 15),))
    return Table(1, (0, 0, 200, 40), (label, name))


def test_the_next_line_of_a_cell_goes_to_it() -> None:
    table, rest = take_spill(_table(), [(1, _line("标", 5, 41))])
    assert table.cells[0].text == "产出指标"
    assert rest == []


def test_a_page_number_stays_outside() -> None:
    for line in (_line("标", 5, 75), _line("3", 90, 41)):
        table, rest = take_spill(_table(), [(1, line)])
        assert table == _table()
        assert rest == [(1, line)]


def test_lines_of_the_next_page_are_not_spill() -> None:
    table, rest = take_spill(_table(), [(2, _line("标", 5, 41))])
    assert table == _table()
    assert len(rest) == 1
