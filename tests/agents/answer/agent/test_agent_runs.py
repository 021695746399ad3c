"""Whatever a model does, a question ends in a verified answer or an honest fallback, within its limits: over real HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.answer.agent.limits import Limits
from eval.endpoint import Reply
from store.calls import CALLS_NAME, CallLog
from tests.agents.answer.agent.agent_home import RANK, UNCERTAIN, UNKNOWN, Script, call, calls, claims, in_turn, offline, run
from tests.factories import D

LOWEST = "总得分最低的是公共数据平台[F1.project_name]，为 90 分[F1.total_score]。"
SHOWN = "总得分最低的是公共数据平台[1]，为 90 分[2]。"
TIMEOUT = {"JIHE_MODEL_TIMEOUT": "0.3"}


MEAN: dict[str, object] = {"intent": "aggregate", "function": "mean", "measures": ["total_score"]}


@dataclass
class Case:
    """A script and what comes of it: the text shown (None: the composed answer), requests at most, words of the reason."""

    script: Script
    shown: str | None = SHOWN
    most: int = 8
    reason: str = ""
    question: str = UNCERTAIN


def always(reply: Reply | str) -> Script:
    return lambda request: reply


CASES: dict[str, Case] = {
    # Right answers, by whatever way
    "at once": Case(in_turn(claims(LOWEST)), most=1),
    "after a query": Case(in_turn(call(), claims(LOWEST)), most=2),
    "after several steps": Case(
        in_turn(
            call("search_text", {"topic": "机构改革"}),
            call("read_form", {"form": "公共数据平台"}),
            call("list_findings", {}),
            claims(LOWEST),
        ),
        most=4,
    ),
    "after parallel calls": Case(in_turn(calls(("query_forms", RANK), ("read_form", {"form": "宣传推广"})), claims(LOWEST)), most=2),
    "cites apart": Case(
        in_turn(json.dumps({"missing": False, "claims": [{"sentence": "公共数据平台的总得分为 90 分。", "cites": ["F1.total_score"]}]})),
        shown="公共数据平台的总得分为 90 分[1]。",
    ),
    "in a fence": Case(in_turn(f"```json\n{claims(LOWEST)}\n```")),
    "after a thought": Case(in_turn(f"<think>最低的是谁？</think>{claims(LOWEST)}")),
    "words around JSON": Case(in_turn(f"好的，回答如下：\n{claims(LOWEST)}\n以上。")),
    "prose with ids": Case(in_turn(LOWEST)),
    "prose as a list": Case(in_turn(f"- {LOWEST}")),
    "other names for keys": Case(in_turn(json.dumps({"sentences": [{"text": LOWEST, "ids": ["F1.total_score"]}]}))),
    "strings as claims": Case(in_turn(json.dumps({"claims": [LOWEST]}))),
    "answer as one string": Case(in_turn(json.dumps({"answer": LOWEST}))),
    "through the answer's tool": Case(in_turn(call("final_answer", claims(LOWEST)))),
    "a query written as a string": Case(in_turn(call(arguments={"query": json.dumps(RANK["query"])}), claims(LOWEST))),
    "after wrong arguments": Case(in_turn(call(arguments={"query": {"intent": "dance"}}), call(), claims(LOWEST)), most=3),
    "after arguments that are no JSON": Case(in_turn(call(arguments="{query: rank"), call(), claims(LOWEST)), most=3),
    "after arguments that are a list": Case(in_turn(call(arguments="[1]"), claims(LOWEST)), most=2),
    "after an unknown tool": Case(in_turn(call("delete_forms", {}), claims(LOWEST)), most=2),
    "after an unknown form": Case(in_turn(call("read_form", {"form": "没有这个项目"}), claims(LOWEST)), most=2),
    "after an unknown cell": Case(in_turn(call("read_form", {"form": "F1", "cells": ["nothing"]}), claims(LOWEST)), most=2),
    "after a busy endpoint": Case(in_turn(Reply(status=429, error="slow down"), Reply(status=500), claims(LOWEST)), most=3),
    "after a cut stream": Case(in_turn(Reply(claims(LOWEST), cut=700), claims(LOWEST)), most=2),
    "after a dropped connection": Case(in_turn(Reply(drop=True), claims(LOWEST)), most=2),
    "after an empty reply": Case(in_turn(Reply(""), claims(LOWEST)), most=2),
    "after a truncated reply": Case(in_turn(Reply(claims(LOWEST)[:20], finish_reason="length"), claims(LOWEST)), most=2),
    "schemas refused": Case(in_turn(Reply(status=400, error="response_format is unavailable now"), claims(LOWEST)), most=2),
    "usage in streams refused": Case(in_turn(Reply(status=400, error="stream_options, guided: unknown"), claims(LOWEST)), most=2),
    "one claim of three is wrong": Case(
        in_turn(claims(LOWEST, "宣传推广的总得分为 95.5 分[F2.total_score]。", "政务服务热线运维的总得分为 99 分[F3.total_score]。")),
        shown=f"{SHOWN}宣传推广的总得分为 95.5 分[3]。",
    ),
    # Wrong answers
    "invented number": Case(in_turn(claims("总得分最低的是公共数据平台，为 89 分[F1.total_score]。")), None, reason="核对"),
    "invented project": Case(in_turn(claims("总得分最低的是火星基地建设项目，为 90 分[F1.total_score]。")), None, reason="核对"),
    "invented form": Case(in_turn(claims("公共数据平台的总得分为 90 分[F9.total_score]。")), None, reason="核对"),
    "invented cell": Case(in_turn(claims("公共数据平台的总得分为 90 分[F1.nothing]。")), None, reason="核对"),
    "wrong citation": Case(in_turn(claims("公共数据平台的总得分为 90 分[F3.total_score]。")), None, reason="核对"),
    "no citation": Case(in_turn(claims("公共数据平台的总得分为 90 分。")), None, reason="核对"),
    "wrong order": Case(in_turn(claims("总得分最低的是宣传推广[F2.project_name]，为 95.5 分[F2.total_score]。")), None, reason="核对"),
    "wrong count": Case(in_turn(claims("一共有 7 个项目[F1.project_name]。")), None, reason="核对"),
    "mostly wrong": Case(in_turn(claims(LOWEST, "宣传推广得 1 分[F2.total_score]。", "它领先全国[F1.total_score]。")), None, reason="核对"),
    "advice": Case(in_turn(claims("建议公共数据平台加强管理[F1.total_score]。")), None, reason="核对"),
    "prose without ids": Case(always("公共数据平台得分最低，只有 90 分，应当整改。"), None, reason="核对"),
    "torn JSON": Case(always(claims(LOWEST)[:-30]), None, reason="核对"),
    "nothing but braces": Case(always("{}"), None, reason="核对"),
    "says that there is nothing": Case(in_turn(claims(missing=True)), None),
    "nothing of what no form holds": Case(in_turn(call("search_text", {"topic": "合同价"}), claims(missing=True)), None, question=UNKNOWN),
    "invents what no form holds": Case(
        in_turn(claims("政务服务热线运维的合同价为 318 万元[F1.project_name]。")), None, question=UNKNOWN, reason="核对"
    ),
    # Models and endpoints that give nothing
    "endless tool calls": Case(always(call()), None),
    "endless wrong calls": Case(always(call(arguments="{")), None),
    "endless calls of unknown tools": Case(always(call("nothing", {})), None),
    "refuses": Case(always(Reply(refusal="I cannot help with that.")), None, 1, "拒绝"),
    "filtered": Case(always(Reply("", finish_reason="content_filter")), None, 1, "审查"),
    "always empty": Case(always(Reply("")), None, 2, "空白"),
    "always truncated": Case(always(Reply("{", finish_reason="length")), None, 2, "截断"),
    "always busy": Case(always(Reply(status=429)), None, 3, "太忙"),
    "always failing": Case(always(Reply(status=500)), None, 3, "出错"),
    "always cut": Case(always(Reply(claims(LOWEST), cut=300)), None, 3, "连不上"),
    "never a connection": Case(always(Reply(drop=True)), None, 3, "连不上"),
    "a wrong key": Case(always(Reply(status=401, error="bad key")), None, 1, "密钥"),
    "a page of a proxy": Case(always(Reply(body="<html>login</html>")), None, 3, "对话补全"),
    "tools refused": Case(always(Reply(status=400, error="tools are not supported")), None, 3, "格式"),
    "context too short": Case(always(Reply(status=400, error="maximum context length exceeded")), None, 1, "上下文"),
    "fails after a tool": Case(in_turn(call(), Reply(status=500), Reply(status=500), Reply(status=500)), None, 4, "出错"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_way_ends_well(home: Path, name: str) -> None:
    case = CASES[name]
    ran = run(home, case.script, case.question)
    answer = ran.answer
    assert len(ran.requests) <= case.most
    assert answer.verified
    assert answer.model == "scripted"
    if case.shown is None:
        composed = offline(home, case.question)
        assert (answer.mode, answer.answer) == ("offline", composed.answer)
        assert (answer.projects, answer.value, answer.abstained) == (composed.projects, composed.value, composed.abstained)
        told = " ".join(answer.notes)
        assert case.reason in told
        assert bool(told) == bool(case.reason or "endless" in name)
    else:
        assert (answer.mode, answer.answer) == ("llm", case.shown)
        assert [cite.n for cite in answer.citations] == list(range(1, len(answer.citations) + 1))
        assert all(cite.quote and cite.file == "自评表.pdf" for cite in answer.citations)
    assert "".join(event.text for event in ran.events if event.kind == "text") == answer.answer


def test_a_slow_endpoint_is_given_up(home: Path) -> None:
    ran = run(home, always(Reply(claims(LOWEST), delay=1.0)), environ=TIMEOUT)
    assert ran.answer.mode == "offline"
    assert len(ran.requests) == 2
    assert "连不上" in ran.answer.notes[-1]


def test_the_last_call_has_no_tools_and_says_so(home: Path) -> None:
    def script(request: object) -> Reply | str:
        return call() if request.body.get("tools") else claims(LOWEST)  # type: ignore[attr-defined]

    ran = run(home, script, limits=Limits(model_calls=3))  # type: ignore[arg-type]
    assert (ran.answer.answer, len(ran.requests)) == (SHOWN, 3)
    assert "工具次数已经用完" in ran.requests[-1].user


def test_tools_are_called_so_often_and_no_more(home: Path) -> None:
    ran = run(home, in_turn(calls(*[("query_forms", RANK)] * 9), claims(LOWEST)), limits=Limits(tool_calls=2))
    results = [m for m in ran.requests[-1].body["messages"] if m["role"] == "tool"]
    assert sum("<documents>" in str(m["content"]) for m in results) == 2
    assert len(results) == 9
    assert ran.answer.mode == "llm"


def test_tokens_of_a_question_are_bounded(home: Path) -> None:
    ran = run(home, always(call()), limits=Limits(question_tokens=9000))
    assert len(ran.requests) <= 3
    assert "token 太多" in ran.answer.notes[-1]


def test_the_budget_stops_before_the_next_request(home: Path) -> None:
    ran = run(home, always(call()), budget=9000)
    assert len(ran.requests) <= 3
    assert ran.answer.tokens <= 9000
    assert "预算不够" in ran.answer.notes[-1]
    assert run(home, always(call()), budget=10).requests == []


def test_tokens_and_cost_are_those_of_the_ledger(home: Path) -> None:
    ran = run(home, in_turn(call(), claims(LOWEST)))
    with CallLog.open(home / CALLS_NAME) as log:
        last = log.calls()[-2:]
    assert ran.answer.tokens == sum((one.prompt_tokens or 0) + (one.completion_tokens or 0) for one in last)
    assert ran.answer.cost == f"{sum(one.cost or 0 for one in last):.4f}元"
    assert {one.purpose for one in last} == {"ask"}


def test_what_the_planner_is_certain_of_costs_nothing(home: Path) -> None:
    ran = run(home, always(claims(LOWEST)), "公共数据平台的总得分是多少？")
    assert (ran.requests, ran.answer.mode, ran.answer.model, ran.answer.value) == ([], "offline", None, 90)


def test_steps_are_told_as_they_happen(home: Path) -> None:
    ran = run(home, in_turn(call(), call("nothing", {}), claims(LOWEST)))
    told = [(event.kind, event.tool) for event in ran.events if event.kind in ("tool", "done")]
    assert told == [("tool", "query_forms"), ("done", "query_forms"), ("tool", "nothing"), ("done", "nothing")]
    assert "查询各表" in ran.events[0].text
    assert [event.kind for event in ran.events].index("text") > 3


@pytest.mark.parametrize("mode", ["json_schema", "json_object", "tool"])
def test_the_answer_is_asked_for_as_the_endpoint_wants_it(home: Path, mode: str) -> None:
    ran = run(home, in_turn(claims(LOWEST)), environ={"JIHE_MODEL_MODE": mode})
    body = ran.requests[0].body
    assert ("response_format" in body) == (mode == "json_schema")
    assert any(tool["function"]["name"] == "final_answer" for tool in body["tools"]) == (mode == "tool")
    assert body["stream"] is True
    assert ran.answer.answer == SHOWN


def test_a_figure_over_many_forms_is_cited_by_code(home: Path) -> None:
    query = {"intent": "aggregate", "function": "mean", "measures": ["total_score"]}
    ran = run(home, in_turn(call(arguments={"query": query}), claims("各项目总得分平均为 95.17 分。")))
    assert (ran.answer.mode, ran.answer.answer) == ("llm", "各项目总得分平均为 95.17 分[1][2][3]。")
    assert {cite.cell for cite in ran.answer.citations} == {"total_score"}
    assert ran.answer.value == D("95.166667")


def test_what_a_query_found_where_the_planner_knew_nothing(home: Path) -> None:
    query = {"intent": "list", "conditions": [{"measure": "total_score", "op": "<", "value": 93}]}
    said = "总得分低于 93 分的项目有 1 个，是公共数据平台[F1.total_score]。"
    ran = run(home, in_turn(call(arguments={"query": query}), claims(said)), "总得分低于93分的项目的合同价是多少？")
    assert (ran.answer.abstained, ran.answer.mode, ran.answer.projects) == (False, "llm", ("公共数据平台",))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        # Sums, counts and means of other forms than those the sentence speaks of.
        (MEAN | {"scope": {"units": ["乙市信息中心"]}}, "各项目总得分平均为 90 分。"),
        ({"intent": "aggregate", "function": "sum", "measures": ["total_score"]}, "乙市信息中心的各项目总得分合计 285.5 分。"),
        ({"intent": "count", "conditions": [{"measure": "total_score", "op": "<", "value": 96}]}, "总得分低于 93 分的项目共有 2 个。"),
        ({"intent": "count", "conditions": [{"measure": "total_score", "op": "<", "value": 96}]}, "一共有 2 个项目。"),
        ({"intent": "rank", "measures": ["total_score"], "order": "asc", "limit": 2}, "总得分最高的是宣传推广[F2.total_score]。"),
        ({"intent": "aggregate", "function": "max", "measures": ["total_score"]}, "各项目总得分平均为 100 分。"),
    ],
)
def test_figures_are_told_of_no_other_forms(home: Path, query: dict[str, object], said: str) -> None:
    ran = run(home, in_turn(call(arguments={"query": query}), claims(said)))
    assert ran.answer.mode == "offline"
    assert said not in ran.answer.answer
