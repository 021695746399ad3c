"""The thesaurus: its data, and what is looked up in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema import thesaurus

CAUSES = (
    "机构改革与职能划转",
    "预算与资金",
    "需求或计划变化",
    "外部单位与业务制约",
    "技术故障",
    "系统易用性与培训",
    "管理与机制不足",
    "人员",
    "工期",
    "指标设置",
)


def test_there_are_the_ten_causes() -> None:
    assert tuple(cause.name for cause in thesaurus.causes()) == CAUSES
    for cause in thesaurus.causes():
        assert len(cause.terms) >= 20
        assert len(cause.hints) >= 10
        assert cause.english


def test_no_word_is_said_twice_within_a_concept_and_english_is_lower_case() -> None:
    for concept in thesaurus.concepts():
        for words in ((*concept.terms, *concept.hints), concept.english):
            assert len(words) == len(set(words)), concept.name
        assert all(len(word) > 1 for word in (*concept.terms, *concept.hints, *concept.english))
        assert all(word == word.lower() for word in concept.english)


def test_a_term_says_one_cause_only() -> None:
    said = [term for cause in thesaurus.causes() for term in cause.terms]
    assert [term for term in said if said.count(term) > 1] == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("因机构改革，此项工作已移交", [("机构改革", False), ("移交", True)]),
        ("lack of training", [("lack of training", False), ("training", False)]),
        ("Staffing and STAFF", [("staffing", False), ("staff", False)]),
        ("distaffs", []),
        ("", []),
    ],
)
def test_mentions(text: str, named: list[tuple[str, bool]]) -> None:
    assert [(mention.word, mention.hint) for mention in thesaurus.mentions(text)] == named


def test_terms_of_a_cause_are_those_that_say_it() -> None:
    assert {"职能划转", "撤并"} <= set(thesaurus.terms_of("机构改革"))
    assert "移交" not in thesaurus.terms_of("机构改革")
    assert thesaurus.terms_of("各项目的得分与预算") == []
    assert "人员离职" in thesaurus.terms_of("staff turnover")


def test_english_is_translated_and_chinese_is_not() -> None:
    assert thesaurus.translated("parking satisfaction") == "停车 车辆 满意度"
    assert thesaurus.translated("停车满意度") == ""
    assert thesaurus.translated("score of the project") == ""


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("哪些项目因为机构改革丢了分？", "项目 机构改革丢了分？"),
        ("Which projects lost points?", "projects lost points?"),
        ("多少", "多少"),
        ("witheld", "witheld"),
    ],
)
def test_question_words_are_taken_out(question: str, rest: str) -> None:
    assert thesaurus.without_question_words(question) == rest


@given(st.text(max_size=80))
def test_any_text_can_be_looked_up(text: str) -> None:
    for mention in thesaurus.mentions(text):
        assert text.casefold()[mention.start :].startswith(mention.word)
    assert isinstance(thesaurus.terms_of(text), list)
    assert thesaurus.without_question_words(text) or not text
