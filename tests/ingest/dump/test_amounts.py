"""Amounts under their columns where blank cells leave no trace."""

from __future__ import annotations

import pytest

from ingest.dump.amounts import Amounts, place
from ingest.dump.pieces import pieces_of

FIELDS = ("original_budget", "adjusted_budget", "outturn", "weight", "execution_rate", "score")


def _row(text: str) -> Amounts:
    label, *values = pieces_of(text)
    row = Amounts([label], [[value] for value in values])
    place(row, FIELDS)
    return row


@pytest.mark.parametrize(
    ("text", "columns", "sure"),
    [
        ("总额 1 2 3 10 4 5", [0, 1, 2, 3, 4, 5], True),
        ("拨款  265 246.66 — 93.08% — ", [1, 2, 3, 4, 5], True),
        ("结转    —  — ", [3, 5], True),
        ("总额 100 95 10 95% 9.5", [1, 2, 3, 4, 5], True),
        ("总额 100 95", [0, 1], False),
        ("总额 1 2 3 4 5 6 7", [0, 1, 2, 3, 4, 5], False),
    ],
)
def test_values_find_their_columns_or_are_in_doubt(text: str, columns: list[int], sure: bool) -> None:
    row = _row(text)
    assert (row.doubt is None) is sure
    if sure:
        assert row.columns == columns
