"""Unread labels told from the order of the template, and only where nothing else is possible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.extract.guess import INDICATOR_ORDER, ROW_ORDER, between

ALL = len(INDICATOR_ORDER)


@pytest.mark.parametrize(
    ("known", "count", "guessed"),
    [
        ({0: "level1", 2: "name", 3: "target", 4: "actual", 7: "deviation"}, ALL, {1: "level2", 5: "weight", 6: "score"}),
        ({0: "level1", 1: "level2", 2: "name", 3: "target", 4: "actual"}, ALL, {5: "weight", 6: "score", 7: "deviation"}),
        ({0: "level1", 1: "name", 2: "target", 3: "actual", 6: "deviation"}, 7, {4: "weight", 5: "score"}),
        ({0: "name", 1: "target", 3: "weight", 4: "score"}, 5, {2: "actual"}),
        ({0: "name", 1: "target", 4: "deviation"}, 5, {}),
        ({0: "name", 1: "score", 2: "weight"}, 4, {}),
        ({}, ALL, dict(enumerate(INDICATOR_ORDER))),
    ],
)
def test_a_gap_is_filled_where_as_many_names_are_missing(known: dict[int, str], count: int, guessed: dict[int, str]) -> None:
    assert between(known, count, INDICATOR_ORDER) == guessed


def test_rows_of_funding_are_told_by_their_place() -> None:
    assert between({0: "total", 2: "carryover"}, 4, ROW_ORDER) == {1: "appropriation", 3: "other"}


@given(st.sets(st.integers(0, ALL - 1)), st.integers(ALL, ALL + 3))
def test_known_names_are_never_guessed_again(places: set[int], count: int) -> None:
    known = {place: INDICATOR_ORDER[place] for place in places}
    guessed = between(known, count, INDICATOR_ORDER)
    assert not set(guessed) & set(known)
    assert not set(guessed.values()) & set(known.values())
