"""What the looks at a strip are made of."""

from __future__ import annotations

import pytest

from ingest.scan.engine import Character, Reading
from ingest.scan.reader import plausible, settle


def reading(text: str, confidence: float) -> Reading:
    return Reading(tuple(Character(ch, confidence, i / len(text), (i + 1) / len(text)) for i, ch in enumerate(text)))


@pytest.mark.parametrize("text", ["≥1000.00(人次)", "≥1000.00(人", "(2024年度)", "1,234.50", "10%", "1份", "11月30日前", "1.00(周/次)", ""])
def test_what_may_be_printed_is_plausible(text: str) -> None:
    assert plausible(text)


@pytest.mark.parametrize("text", ["5,00", ".90.00(%)", "100..00(%)", "116:00(人)", "6.464~19", "A00...00(%)", "12,34.5"])
def test_what_is_no_number_is_not(text: str) -> None:
    assert not plausible(text)


def test_the_reading_that_most_looks_agree_on_is_taken_and_trusted_by_their_share() -> None:
    settled = settle([reading("9.00", 0.9), reading("5.00", 0.9), reading("5.00", 0.95), reading("5.00", 0.9)])
    assert settled.text == "5.00"
    assert 0.6 < settled.confidence < 0.8
    assert settle([reading("5.00", 0.99)] * 4).confidence == pytest.approx(0.99)


def test_a_number_that_breaks_the_grammar_loses_against_one_that_does_not_and_stays_unsure() -> None:
    assert settle([reading("5,00", 0.99), reading("5,00", 0.99), reading("5.00", 0.8)]).text == "5.00"
    assert settle([reading("5,00", 0.99)] * 5).confidence < 0.5


def test_width_does_not_part_votes() -> None:
    settled = settle([reading("（1）", 0.9), reading("(1)", 0.9), reading("11", 0.9)])
    assert settled.text in ("（1）", "(1)")
