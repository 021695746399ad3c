"""Texts to tokens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.index.tokens import is_plain, pairs, singles, units


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("停车票", "停车 车票"),
        ("OCR识别", "ocr 识别"),
        ("票", "票"),
        ("A区B", "a 区 b"),
        ("≥85,000.00(辆)", "85000 辆"),
        ("“一网通办”实际", "一网 网通 通办 办实 实际"),
        ("指标\n产出", "指标 产出"),
        ("Power BI", "power bi"),
        ("５Ｇ", "5 g"),
        ("😀！", ""),
    ],
)
def test_pairs(text: str, wanted: str) -> None:
    assert pairs(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), [("100,000.00", "100000"), ("087.50", "87.5"), ("0.00", "0"), ("2024年", "2024 年")])
def test_numbers_are_compared_by_value(text: str, wanted: str) -> None:
    assert singles(text) == wanted


def test_what_is_plain_is_found_by_its_pairs_alone() -> None:
    assert is_plain("停车")
    assert not any(is_plain(term) for term in ("停", "5G", "OCR识别", "", "ABC"))


@given(st.text(alphabet="停车票数量一二", min_size=2, max_size=12), st.data())
def test_every_word_of_two_characters_is_among_the_pairs(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    assert text[start : start + 2] in pairs(text).split()


@given(st.text(max_size=40))
def test_any_text_gives_tokens_that_hold_no_mark(text: str) -> None:
    for unit in units(text):
        assert unit
        assert '"' not in unit
        assert "'" not in unit
        assert " " not in unit
