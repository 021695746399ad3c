"""`jihe mcp` as a process on stdin and stdout: every tool, nothing else on stdout, several clients, and an import going on meanwhile."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from data import samples
from eval.endpoint import Reply, Request, ScriptedEndpoint
from tests.ui.loops import run_apart
from tests.ui.mcp_client import CALLS, ROOT, TOOLS, documents, fill, no_reform, resource, spawned, surroundings, text_of

PDFS = samples() / "pdf"
OLD_CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


def _started(*words: object, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ui.cli", *(str(word) for word in words)],
        cwd=ROOT, env=surroundings() | environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def _ask(server: subprocess.Popen[str], number: int, method: str, params: dict[str, Any]) -> Any:
    """One request of an older protocol, written by hand, and its reply."""
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}, ensure_ascii=False) + "\n")
    server.stdin.flush()
    reply = json.loads(server.stdout.readline())
    assert reply["id"] == number
    return reply


@pytest.mark.slow
def test_two_clients_at_once_call_every_tool_and_nothing_is_traced(tmp_path: Path) -> None:
    home = fill(tmp_path / "home")
    tracing = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{tracing.getsockname()[1]}"

    async def use() -> list[str]:
        async with spawned(home, LANGSMITH_TRACING="true", LANGSMITH_API_KEY="none", LANGSMITH_ENDPOINT=address) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            told = {name: documents(await client.call_tool(name, arguments)) for name, arguments in CALLS.items()}
            assert told["ask"]["value"] == 3
            wrong = await client.call_tool("read_form", {"form": "没有的项目"})
            assert wrong.is_error and "没有" in text_of(wrong)
            assert (await resource(client, "jihe://forms"))["total"] == 3
            return list(told)

    async def both() -> list[list[str]]:
        return list(await asyncio.gather(use(), use()))

    with tracing:
        assert run_apart(both()) == [TOOLS, TOOLS]
        # LangChain would have reported calls there by now, with all that documents say.
        tracing.settimeout(0.1)
        with pytest.raises(TimeoutError):
            tracing.accept()


def test_stdout_is_the_protocol_and_the_home_stays_as_it_was(tmp_path: Path) -> None:
    home = fill(tmp_path / "home")
    # The index is made by whoever reads first, here by a question.
    assert _started("--home", home, "ask", "机构改革影响了哪些项目？").communicate(timeout=60)
    before = {path: path.read_bytes() for path in sorted(home.iterdir()) if path.is_file()}
    server = _started("--home", home, "mcp")
    assert _ask(server, 1, "initialize", OLD_CLIENT)["result"]["serverInfo"]["name"] == "jihe"
    assert server.stdin is not None
    server.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    for number, name in enumerate(("ask", "query_forms", "read_form", "list_findings", "judge_deviations"), 2):
        assert not _ask(server, number, "tools/call", {"name": name, "arguments": CALLS[name]})["result"].get("isError")
    assert "error" in _ask(server, 8, "tools/call", {"name": "nothing"})
    assert "error" in _ask(server, 9, "nothing", {})
    server.stdin.write("this is no JSON\n")
    assert "result" in _ask(server, 10, "tools/list", {})
    rest, errors = server.communicate(timeout=20)
    assert (rest, server.returncode) == ("", 0)
    assert "Traceback" not in errors
    assert {path: path.read_bytes() for path in sorted(home.iterdir()) if path.is_file()} == before


@pytest.mark.slow
def test_a_model_judges_where_one_is_set_and_nobody_waits_for_it_at_the_end(tmp_path: Path) -> None:
    home, reached, hold = fill(tmp_path / "home"), threading.Event(), threading.Event()

    def script(request: Request) -> Reply | str:
        if "慢" not in request.user:
            return no_reform(request)
        reached.set()
        hold.wait(60)
        return Reply(status=500)

    async def use(url: str) -> Any:
        async with spawned(home, JIHE_MODEL="scripted", OPENAI_BASE_URL=url) as client:
            return documents(await client.call_tool("judge_deviations", CALLS["judge_deviations"]))

    with ScriptedEndpoint(script) as server:
        told = run_apart(use(server.url))
        assert (told["by_model"], told["related"][0]["span"]) == (1, "机构改革")
        mcp = _started("--home", home, "mcp", JIHE_MODEL="scripted", OPENAI_BASE_URL=server.url)
        _ask(mcp, 1, "initialize", OLD_CLIENT)
        assert mcp.stdin is not None
        call = {"name": "judge_deviations", "arguments": {"topic": "慢"}}
        mcp.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}) + "\n")
        mcp.stdin.flush()
        assert reached.wait(30)
        began = time.monotonic()
        errors = mcp.communicate(timeout=30)[1]
        hold.set()
    assert (mcp.returncode, time.monotonic() - began < 10, "Traceback" in errors) == (0, True, False)


@pytest.mark.slow
def test_questions_go_on_while_another_process_imports(tmp_path: Path) -> None:
    home = fill(tmp_path / "home")

    async def use() -> list[int]:
        async with spawned(home) as client:
            counted = [documents(await client.call_tool("ask", CALLS["ask"]))["value"]]
            writer = _started("--home", home, "ingest", PDFS / "jiading-2024.pdf", PDFS / "baoshan-2020.pdf")
            while writer.poll() is None:
                counted.append(documents(await client.call_tool("ask", CALLS["ask"]))["value"])
                documents(await client.call_tool("search_text", {"topic": "巡检"}))
                documents(await client.call_tool("query_forms", CALLS["query_forms"]))
            writer.communicate()
            assert writer.returncode == 0
            counted.append(documents(await client.call_tool("ask", CALLS["ask"]))["value"])
            found = documents(await client.call_tool("search_text", {"topic": "培训经费 组织培训"}))["passages"]
            assert found[0]["form"]["project"] == "培训经费"
            return counted

    counted = run_apart(use())
    assert counted == sorted(counted)
    assert (counted[0], counted[-1]) == (3, 11)


def test_ctrl_c_ends_it_though_its_client_hangs(tmp_path: Path) -> None:
    server = _started("--home", fill(tmp_path / "home"), "mcp")
    _ask(server, 1, "initialize", OLD_CLIENT)
    began = time.monotonic()
    # Its stdin stays open.
    server.send_signal(signal.SIGINT)
    try:
        assert server.wait(timeout=15) == 130
    finally:
        server.kill()
        errors = server.communicate()[1]
    assert time.monotonic() - began < 10
    assert "Traceback" not in errors
