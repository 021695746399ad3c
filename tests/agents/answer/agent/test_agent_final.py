"""The final answer as models write it: in the structure asked for, near it, or in prose."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.agent.deviations import Decisions
from agents.answer.agent.final import FinalAnswer, ids_in, read_final
from agents.answer.agent.wording import Worded
from eval.endpoint.strict import strict_faults
from schema.transcript import Transcript, wire_schema

ONE = {"sentence": "甲得 90 分[F1.total_score]。", "cites": ["F1.total_score"]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"missing": False, "claims": [ONE]}),
        json.dumps({"claims": [ONE]}, ensure_ascii=False, indent=1),
        json.dumps([ONE]),
        json.dumps(ONE),
        f"```json\n{json.dumps({'claims': [ONE]})}\n```",
        f"答案：{json.dumps({'claims': [ONE]})} 完。",
        json.dumps({"claims": [{"claim": ONE["sentence"], "citations": [{"id": "F1.total_score"}]}]}),
        json.dumps({"claims": [{"text": ONE["sentence"], "sources": "F1.total_score"}]}),
    ],
)
def test_structures(text: str) -> None:
    final = read_final(text)
    assert [claim.sentence for claim in final.claims] == [ONE["sentence"]]
    assert final.claims[0].cites == ["F1.total_score"]


def test_prose_is_taken_apart_by_sentences() -> None:
    final = read_final(
        "# 结论\n1. 甲得 90 分[F1.total_score]。乙说“没有。真的”[F2.indicators[0].deviation]。\n- 丙得 1 分（F3.total_score）。\n"
    )
    assert [claim.sentence for claim in final.claims] == [
        "结论", "甲得 90 分[F1.total_score]。", "乙说“没有。真的”[F2.indicators[0].deviation]。", "丙得 1 分（F3.total_score）。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "  ", "{}", "[]", '{"claims": []}', '{"claims": [{"sen', '{"claims": 7}', "null", "[[[[", '{"claims": [1, null]}']
)
def test_what_says_nothing_has_no_claims(text: str) -> None:
    final = read_final(text)
    assert final.claims == [] or text == "null"
    assert final.missing is False


@pytest.mark.parametrize("schema", [FinalAnswer, Decisions, Worded])
def test_schemas_are_of_the_strict_subset(schema: type[Transcript]) -> None:
    assert strict_faults(wire_schema(schema)) == []


def test_missing_is_said_in_so_many_words() -> None:
    assert read_final('{"missing": true, "claims": []}').missing is True
    assert read_final('{"missing": "true", "claims": []}').missing is False


def test_marks_of_our_own_are_no_models_to_give_but_rows_stay() -> None:
    final = read_final(json.dumps({"claims": ["甲得 90 分[1]、[2]–[5]，见[F1.indicators[4].score, F1.total_score]。"]}))
    assert final.claims[0].sentence == "甲得 90 分、，见[F1.indicators[4].score, F1.total_score]。"
    assert [ids for _, _, ids in ids_in(final.claims[0].sentence)] == [("F1.indicators[4].score", "F1.total_score")]


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert isinstance(read_final(text), FinalAnswer)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
KEYS = st.sampled_from(["claims", "sentence", "cites", "missing", "x"])
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12)


@given(VALUES)
def test_no_json_breaks_the_reading(value: object) -> None:
    assert isinstance(read_final(json.dumps(value)), FinalAnswer)
