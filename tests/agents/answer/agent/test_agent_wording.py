"""Answers that the planner is certain of, in a model's words: shown where nothing is lost and all stands, else as composed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.endpoint import Reply, Request
from tests.agents.answer.agent.agent_home import offline, run

QUESTION = "公共数据平台的总得分是多少？"
LIST = "总得分低于99分的项目有哪些？"


def says(text: str) -> object:
    return lambda request: json.dumps({"text": text}, ensure_ascii=False)


@pytest.mark.parametrize("text", ["公共数据平台的自评总分是 90 分[1]。", "**公共数据平台**（2024年度）得了 90 分[1]。"])
def test_right_words_are_shown(home: Path, text: str) -> None:
    ran = run(home, says(text), QUESTION, wording=True)  # type: ignore[arg-type]
    composed = offline(home, QUESTION)
    if "2024" not in composed.answer or "2024" in text:
        assert (ran.answer.mode, ran.answer.answer) == ("llm", text)
    assert (ran.answer.value, ran.answer.projects, ran.answer.verified) == (90, ("公共数据平台",), True)


@pytest.mark.parametrize(
    "text",
    [
        "公共数据平台（2024年度）的总得分为 91 分[1]。",
        "公共数据平台（2024年度）的总得分为 90 分。",
        "公共数据平台（2024年度）的总得分为 90 分[7]。",
        "宣传推广（2024年度）的总得分为 90 分[1]。",
        "公共数据平台（2024年度）的总得分为 90 分[1]，表现优异。",
        "公共数据平台（2024年度）得分不错[1]。",
        "",
    ],
)
def test_wrong_words_are_not(home: Path, text: str) -> None:
    ran = run(home, says(text), QUESTION, wording=True)  # type: ignore[arg-type]
    assert (ran.answer.mode, ran.answer.answer) == ("offline", offline(home, QUESTION).answer)


def test_no_project_of_a_list_is_lost(home: Path) -> None:
    ran = run(home, says("总得分低于 99 分的有公共数据平台，90 分[1]。"), LIST, wording=True)  # type: ignore[arg-type]
    assert ran.answer.answer == offline(home, LIST).answer


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(refusal="no"), "prose", Reply(drop=True)])
def test_an_endpoint_that_fails_costs_nothing_but_the_words(home: Path, reply: Reply | str) -> None:
    def script(request: Request) -> Reply | str:
        return reply

    ran = run(home, script, QUESTION, wording=True)
    assert (ran.answer.mode, ran.answer.value) == ("offline", 90)
    assert ran.answer.notes


def test_the_same_words_are_paid_for_once(home: Path) -> None:
    text = "公共数据平台（2024年度）总得分是 90 分[1]。"
    ran = run(home, says(text), QUESTION, wording=True, before=(QUESTION,))  # type: ignore[arg-type]
    assert (ran.answer.answer, ran.answer.tokens, len(ran.requests)) == (text, 0, 1)
