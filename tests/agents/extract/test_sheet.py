"""Tables of several pages on one sheet."""

from __future__ import annotations

from itertools import pairwise

import pytest

from agents.extract.sheet import Sheet, Span
from ingest.page import Block, Cell, Table


def _table(page: int, edges: list[float], rows: int = 2) -> Table:
    cells = tuple(
        Cell(page, row, column, 1, 1, (x0, 20.0 * row, x1, 20.0 * row + 20), ())
        for row in range(rows)
        for column, (x0, x1) in enumerate(pairwise(edges))
    )
    return Table(page, (edges[0], 0, edges[-1], 20.0 * rows), cells)


FIRST = [30.0, 60.0, 100.0, 300.0, 400.0, 560.0]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(FIRST, id="same-place"),
        pytest.param([x + 12 for x in FIRST], id="shifted"),
        pytest.param([30 + (x - 30) * 0.9 for x in FIRST], id="scaled"),
        pytest.param(FIRST[1:], id="first-column-without-borders"),
        pytest.param([30.0, 100.0, 300.0, 400.0, 560.0], id="two-columns-merged"),
    ],
)
def test_columns_of_a_later_page_come_onto_those_of_the_first(second: list[float]) -> None:
    sheet = Sheet(Block(tables=[_table(1, FIRST), _table(2, second)]))
    assert sheet.breaks == {2}
    found = sheet.in_column([2], Span(300, 400))
    assert [(item.page, round(item.x0), round(item.x1)) for item in found] == [(2, 300, 400)]


def test_two_tables_of_one_page_are_no_page_break() -> None:
    assert Sheet(Block(tables=[_table(1, FIRST), _table(1, FIRST)])).breaks == set()


def test_an_item_that_spans_rows_is_in_each_of_them() -> None:
    tall = Cell(1, 0, 0, 2, 1, (0, 0, 20, 40), ())
    rows = [Cell(1, row, 1, 1, 1, (20, 20.0 * row, 80, 20.0 * row + 20), ()) for row in (0, 1)]
    sheet = Sheet(Block(tables=[Table(1, (0, 0, 80, 40), (tall, *rows))]))
    assert [len(row) for row in sheet.rows] == [2, 2]
    assert [item.row for item in sheet.starting(1)] == [1]
