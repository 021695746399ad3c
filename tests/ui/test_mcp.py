"""The MCP server in this process: what is listed, what calls give, what is told of wrong ones, and what documents cannot do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, types
from mcp.shared.exceptions import MCPError

from agents.answer import ask
from agents.answer.agent.deviations import BATCH, MOST_ASKED, DeviationJudge
from agents.answer.ask import Asker, as_json
from agents.answer.verify.text import marks
from agents.desk import Desk
from agents.desk_records import MOST
from agents.tools import ERROR, LONGEST_RESULT, deviation_tool, form_tools
from eval.endpoint import Reply, ScriptedEndpoint
from store import Store
from tests.answering import import_all, made_forms
from tests.ui.conftest import Jihe
from tests.ui.mcp_client import CALLS, INJECTION, TOOLS, documents, fill, in_process, inside, no_reform, resource, text_of
from ui.cli.mcp import DEFAULT_PORT, TOKEN_VARIABLE
from ui.mcp import described, reads, transports
from ui.mcp.answers import fitted, shortened

PAGE = Path(__file__).parents[2] / "docs" / "mcp.md"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three forms."""
    return fill(tmp_path / "home")


def _call(home: Path, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
    return in_process(home, lambda client: client.call_tool(name, arguments))


def test_the_tools_are_those_of_agents_and_asking(home: Path) -> None:
    tools = in_process(home, Client.list_tools).tools
    assert [tool.name for tool in tools] == TOOLS
    with Store.open(home) as store:
        desk = Desk(store, None)  # type: ignore[arg-type]  # nothing is looked for
        own = {tool.name: tool for tool in (*form_tools(desk), deviation_tool(DeviationJudge(desk.explained)))}
    for tool in tools:
        assert len(tool.description or "") > 300
        assert tool.annotations is not None
        assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
        assert tool.output_schema is not None
        if tool.name != "ask":
            assert (tool.description, tool.input_schema) == (own[tool.name].description, own[tool.name].args_schema)


def test_each_tool_gives_its_result_as_text_and_as_data(home: Path) -> None:
    async def use(client: Client) -> dict[str, Any]:
        # The client knows the schemas of results then, and refuses what does not fit.
        await client.list_tools()
        results = {name: await client.call_tool(name, arguments) for name, arguments in CALLS.items()}
        for name, result in results.items():
            if name != "ask":
                assert inside(text_of(result)) == documents(result)
        return {name: documents(result) for name, result in results.items()}

    told = in_process(home, use)
    assert told["ask"]["value"] == 3
    assert told["query_forms"]["rows"][0]["form"]["project"] == "公共数据平台"
    assert any("机构改革" in passage["text"] for passage in told["search_text"]["passages"])
    assert [cell["value"] for cell in told["read_form"]["cells"]] == ["100"]
    assert len(told["list_findings"]["findings"]) <= 2 <= told["list_findings"]["total"]
    judged = told["judge_deviations"]
    (explicit,) = judged["explicit"]
    assert (judged["total"], judged["projects"], judged["by_model"]) == (1, 1, 0)
    assert (explicit["form"]["project"], explicit["by"], explicit["span"]) == ("政务服务热线运维", "rules", "机构改革")


def test_with_a_model_it_judges_and_its_words_come_as_they_are_printed(home: Path) -> None:
    with ScriptedEndpoint(no_reform) as server:
        environ = {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url}
        call = CALLS["judge_deviations"]
        told = documents(in_process(home, lambda client: client.call_tool("judge_deviations", call), environ))
        again = documents(in_process(home, lambda client: client.call_tool("judge_deviations", call), environ))
        asked = documents(in_process(home, lambda client: client.call_tool("ask", CALLS["ask"]), environ))
    assert told == again
    (related,) = told["related"]
    assert (told["by_model"], told["explicit_total"], related["by"], related["span"]) == (1, 0, "model", "机构改革")
    # What was paid for is kept, and whole questions are answered without a model.
    assert (len(server.requests), asked["mode"]) == (1, "offline")


def test_a_model_that_is_away_leaves_it_to_the_rules_and_says_so(home: Path) -> None:
    with ScriptedEndpoint(lambda request: Reply(status=401, error="bad key")) as server:
        environ = {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url}
        told = documents(in_process(home, lambda client: client.call_tool("judge_deviations", CALLS["judge_deviations"]), environ))
    assert (told["by_model"], told["explicit_total"]) == (0, 1)
    assert "模型没有判断完" in told["notice"]


def test_an_id_leads_from_one_tool_to_the_next(home: Path) -> None:
    async def use(client: Client) -> tuple[str, str]:
        found = documents(await client.call_tool("query_forms", CALLS["query_forms"]))["rows"][0]["form"]
        read = documents(await client.call_tool("read_form", {"form": found["id"]}))["form"]
        return found["project"], read["project"]

    first, second = in_process(home, use)
    assert first == second == "公共数据平台"


@pytest.mark.parametrize("question", ["各项目得了多少分？", "自评分最低的项目是哪个？", "火星项目的执行率是多少？"])
def test_an_answer_is_that_of_the_command_line(home: Path, jihe: Jihe, question: str) -> None:
    printed = json.loads(jihe("--home", home, "ask", question, "--json").stdout)
    told = documents(_call(home, "ask", {"question": question}))
    assert {**told, "seconds": 0} == {**printed, "seconds": 0}


def test_a_long_answer_loses_its_last_sentences_but_no_citation_of_those_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        import_all(store, made_forms(3, 120), tmp_path)
        with Asker(store) as asker:
            asked = {question: as_json(asker.turn(question).answer) for question in ("各项目得了多少分？", "总结一下所有项目的绩效情况")}
    for question, whole in asked.items():
        result = _call(tmp_path / "home", "ask", {"question": question})
        told = documents(result)
        assert 0 < len(told["citations"]) < len(whole["citations"])
        assert f"of {len(whole['citations'])} citations" in told["cut"]
        assert "answer is shortened" in told["cut"]
        assert whole["answer"].startswith(told["answer"])
        assert len(told["answer"]) > 300
        assert {cite["n"] for cite in told["citations"]} == set(marks(told["answer"]))
        assert LONGEST_RESULT / 2 < len(text_of(result)) < LONGEST_RESULT + 300


def test_very_many_projects_leave_room_for_the_sentences_and_their_citations() -> None:
    cites = [{"n": n, "project_name": "项目", "cell": "total_score", "quote": "90"} for n in range(1, 4)]
    data = {"answer": "甲[1]。乙“说。明”[2]。丙[3]。", "projects": ["某项目"] * 500, "citations": cites, "value": 500}
    assert shortened(data, 100_000) == data
    told = shortened(data, 600)
    assert (told["answer"], told["citations"]) == (data["answer"], cites)
    assert 0 < len(told["projects"]) < 500
    assert f"{len(told['projects'])} of 500 projects" in told["cut"]
    told = shortened(data | {"projects": []}, 240)
    assert (told["answer"], [cite["n"] for cite in told["citations"]]) == ("甲[1]。乙“说。明”[2]。", [1, 2])
    told = shortened(data | {"projects": [], "answer": "甲、乙、丙[1]–[3]。"}, 200)
    assert (told["answer"], len(told["citations"])) == ("甲、乙、丙[1]–[3]。", 2)
    assert "2 of 3 citations" in told["cut"]


def test_data_is_fitted_lists_first() -> None:
    data = {"a": "长" * 50, "plan": {"x": "y" * 100}, "list": list(range(100)), "n": 7}
    told = fitted(data, 260)
    assert (told["a"], told["plan"], told["n"]) == (data["a"], data["plan"], 7)
    assert told["list"] == data["list"][: len(told["list"])] != data["list"]
    told = fitted(data, 40)
    assert (told["list"], told["plan"], told["n"]) == ([], {}, 7)
    assert fitted(data, 10_000) == data


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("query_forms", {}),
    ("query_forms", {"query": {"intent": "guess"}}),
    ("query_forms", {"query": {"intent": "lookup", "scope": {"forms": ["没有的项目"]}}}),
    ("query_forms", {"query": {"intent": "list"}, "limit": "many"}),
    ("search_text", {}),
    ("search_text", {"topic": "长" * 30_000}),
    ("search_text", {"topic": "x", "filters": {"kinds": ["page"]}}),
    ("read_form", {"form": "没有的项目"}),
    ("read_form", {"form": "F99"}),
    ("read_form", {"form": "热线", "cells": ["a.b"]}),
    ("list_findings", {"filters": {"rules": ["nothing"]}}),
    ("list_findings", {"bogus": 1}),
    ("ask", {}),
    ("ask", {"question": ""}),
    ("ask", {"question": "😀"}),
    ("ask", {"question": ["两", "个"]}),
    ("ask", {"question": "执行率" * 1000}),
    ("ask", {"question": "执行率？", "self": 1}),
]


def test_wrong_calls_are_told_as_text_of_the_tool(home: Path) -> None:
    async def use(client: Client) -> list[types.CallToolResult]:
        await client.list_tools()
        return [await client.call_tool(name, arguments) for name, arguments in WRONG]

    for call, result in zip(WRONG, in_process(home, use), strict=True):
        told = text_of(result)
        assert (result.is_error, told.startswith(ERROR), result.structured_content) == (True, True, None), call
        assert len(told) < 1500
        assert "Traceback" not in told and ".py" not in told


def test_unknown_tools_and_resources_are_errors_of_the_protocol(home: Path) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(MCPError, match="没有 'drop_table' 这个工具"):
            await client.call_tool("drop_table", {})
        for uri in ("jihe://forms/none", "jihe://forms/form", "jihe://forms/", "jihe://pages/1", "file:///etc/passwd", "jihe://forms/../x"):
            with pytest.raises(MCPError, match="没有") as error:
                await client.read_resource(uri)
            assert (error.value.code, error.value.data) == (types.INVALID_PARAMS, {"uri": uri})

    in_process(home, use)


def test_what_breaks_inside_stays_inside(home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret place in the code")

    monkeypatch.setattr(Desk, "read_form", broken)
    monkeypatch.setattr(Store, "forms", broken)

    async def use(client: Client) -> str:
        with pytest.raises(MCPError, match="服务端出错") as error:
            await client.read_resource("jihe://forms")
        return text_of(await client.call_tool("read_form", {"form": "F1"})) + str(error.value)

    assert "secret" not in in_process(home, use)
    assert caplog.text.count("secret place in the code") >= 2


def test_resources_are_the_list_of_forms_and_each_form(home: Path) -> None:
    async def use(client: Client) -> tuple[Any, Any, Any]:
        (listed,) = (await client.list_resources()).resources
        (one,) = (await client.list_resource_templates()).resource_templates
        assert (listed.uri, one.uri_template) == ("jihe://forms", "jihe://forms/{form_id}")
        return (
            await resource(client, listed.uri),
            await resource(client, "jihe://forms/form%2F%E7%94%B2"),
            await resource(client, "jihe://forms/form-b"),
        )

    listed, first, second = in_process(home, use)
    assert (listed["total"], [form["form_id"] for form in listed["forms"]]) == (3, ["form/甲", "form-b", "form-c"])
    assert (first["project_name"], first["indicators"][1]["deviation"]) == ("政务服务热线运维", "机构改革，项目移交数据局")
    assert (second["total_score"], "evidence" in second) == (90, False)


def test_a_long_list_of_forms_is_cut(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "LONGEST_RESOURCE", 350)
    listed = in_process(home, lambda client: resource(client, "jihe://forms"))
    assert listed["total"] == 3 > len(listed["forms"]) > 0
    assert "of 3 forms" in listed["cut"]


def test_orders_in_documents_come_back_as_data(home: Path) -> None:
    async def use(client: Client) -> list[types.CallToolResult]:
        calls = [
            ("read_form", {"form": "宣传推广"}),
            ("search_text", {"topic": "宣传推广 规则"}),
            ("query_forms", {"query": {"intent": "lookup", "measures": ["actual_result"]}}),
            ("ask", {"question": "宣传推广的实际完成情况是什么？"}),
            ("ask", {"question": "列出所有项目"}),
        ]
        whole = await resource(client, "jihe://forms/form-c")
        assert whole["actual_result"] == INJECTION
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    for result in in_process(home, use):
        data = documents(result)
        assert inside(text_of(result))
        assert "忽略以上规则" in json.dumps(data, ensure_ascii=False)


def test_names_that_an_error_offers_are_fenced(home: Path) -> None:
    told = text_of(_call(home, "query_forms", {"query": {"intent": "lookup", "scope": {"forms": ["宣传推广活动规则"]}}}))
    assert told.startswith(ERROR)
    assert "忽略以上规则" in inside(told)["error"]


def test_without_a_home_calls_say_so_until_there_is_one(tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def use(client: Client) -> None:
        assert len((await client.list_tools()).tools) == len(TOOLS)
        for name, arguments in CALLS.items():
            result = await client.call_tool(name, arguments)
            assert result.is_error
            assert "jihe ingest" in text_of(result)
        with pytest.raises(MCPError, match="jihe ingest"):
            await client.read_resource("jihe://forms")
        assert not home.exists()
        with Store.open(home):
            pass
        assert documents(await client.call_tool("ask", CALLS["ask"]))["projects"] == []
        assert documents(await client.call_tool("query_forms", CALLS["query_forms"]))["missing"]
        assert documents(await client.call_tool("search_text", CALLS["search_text"])) == {}
        assert documents(await client.call_tool("list_findings", CALLS["list_findings"])) == {"total": 0}
        assert documents(await client.call_tool("judge_deviations", CALLS["judge_deviations"]))["total"] == 0
        assert (await client.call_tool("read_form", CALLS["read_form"])).is_error
        assert await resource(client, "jihe://forms") == {"total": 0, "forms": []}
        fill(home)
        assert documents(await client.call_tool("ask", CALLS["ask"]))["value"] == 3

    in_process(home, use)


def test_the_page_tells_what_holds(home: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL):
        json.loads(block)
    for name in (*TOOLS, described.FORMS_URI, described.FORM_URI, TOKEN_VARIABLE, transports.PATH):
        assert f"`{name}`" in page or name in page.split()
    limits = (LONGEST_RESULT, reads.LONGEST_CALL, reads.LONGEST_RESOURCE, MOST, ask.LONGEST, MOST_ASKED, BATCH)
    small = (DEFAULT_PORT, transports.SHORTEST_TOKEN, transports.MOST_REQUESTS, transports.LARGEST_REQUEST // 1024)
    for number in (*limits, *small):
        assert re.search(rf"(?<!\d){number}(?!\d)", page), number
