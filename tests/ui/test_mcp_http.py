"""`jihe mcp --http`: several clients at once, a token, and who is refused."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from eval.endpoint import Reply, Request, ScriptedEndpoint
from tests.ui.conftest import Jihe
from tests.ui.loops import run_apart
from tests.ui.mcp_client import CALLS, ROOT, TOOLS, documents, fill, resource, surroundings

TOKEN = "a-token-of-some-length"
BODY = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


@contextmanager
def _serving(home: Path, token: str | None = None, **settings: str) -> Iterator[int]:
    """The port of a server for as long as the `with` lasts."""
    environ = surroundings() | settings | ({"JIHE_MCP_TOKEN": token} if token else {})
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "mcp", "--http", "--port", "0"]
    server = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        told = server.stderr.readline()
        assert ("要带令牌" in told) is bool(token)
        yield int(told.partition("http://127.0.0.1:")[2].partition("/mcp")[0])
    finally:
        server.send_signal(signal.SIGINT)
        out, errors = server.communicate(timeout=20)
    assert (out, server.returncode) == ("", 130)
    assert "Traceback" not in errors
    assert token is None or token not in told + errors


def _post(port: int, body: str = BODY, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/mcp", body.encode(), HEADERS | {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server without a token."""
    with _serving(fill(tmp_path_factory.mktemp("served") / "home")) as port:
        yield port


def test_clients_of_all_ages_at_once_share_the_ids_of_forms(port: int) -> None:
    async def use(name: str, mode: str) -> tuple[str, ...]:
        async with Client(f"http://127.0.0.1:{port}/mcp", mode=mode, read_timeout_seconds=60) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            for tool, arguments in CALLS.items():
                documents(await client.call_tool(tool, arguments))
            assert (await client.call_tool("ask", {"question": ""})).is_error
            assert (await resource(client, "jihe://forms"))["total"] == 3
            form = documents(await client.call_tool("read_form", {"form": name}))["form"]
            return form["id"], form["project"]

    async def many() -> list[tuple[str, ...]]:
        return list(await asyncio.gather(*(use(name, mode) for mode in ("auto", "legacy") for name in ("热线", "公共"))))

    told = run_apart(many())
    assert told[0] == told[2] != told[1] == told[3]
    assert [name for _, name in told[:2]] == ["政务服务热线运维", "公共数据平台"]


@pytest.mark.slow
def test_ctrl_c_does_not_wait_for_a_model_that_judges(tmp_path: Path) -> None:
    reached, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Reply:
        reached.set()
        hold.wait(60)
        return Reply(status=500)

    def ask(port: int) -> None:
        call = {"name": "judge_deviations", "arguments": CALLS["judge_deviations"]}
        with suppress(OSError, http.client.HTTPException):
            _post(port, json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}))

    with ScriptedEndpoint(slow) as server:
        with _serving(fill(tmp_path / "home"), JIHE_MODEL="scripted", OPENAI_BASE_URL=server.url) as port:
            asking = threading.Thread(target=ask, args=(port,))
            asking.start()
            assert reached.wait(30)
            began = time.monotonic()
        assert time.monotonic() - began < 10
        hold.set()
        asking.join(20)


def test_other_hosts_origins_and_addresses_are_refused(port: int) -> None:
    assert _post(port) == 200
    assert _post(port, Origin=f"http://localhost:{port}") == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", f"127.0.0.1:{port + 1}"):
        assert _post(port, Host=host) == 421, host
    for origin in ("http://evil.example", "null", f"http://localhost:{port}.evil.example", "http://localhost:1"):
        assert _post(port, Origin=origin) == 403, origin
    assert _post(port, BODY + " " * 300_000) == 413
    assert _post(port, "no JSON") == 400
    # Nothing listens on other addresses of this machine: 127.0.0.2 is one on Linux.
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass


def test_a_token_is_asked_for_when_it_is_set(tmp_path: Path) -> None:
    async def use(port: int) -> int:
        sent = httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
        async with sent, Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=sent)) as client:
            return int(documents(await client.call_tool("ask", CALLS["ask"]))["value"])

    with _serving(fill(tmp_path / "home"), TOKEN) as port:
        assert run_apart(use(port)) == 3
        assert _post(port) == 401
        for wrong in ("Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", "Bearer 令牌".encode().decode("latin-1")):
            assert _post(port, Authorization=wrong) == 401, wrong
        assert _post(port, Authorization=f"Bearer {TOKEN}") == 200
        assert _post(port, Authorization=f"Bearer {TOKEN}", Host=f"evil.example:{port}") == 421


def test_wrong_settings_are_one_line(tmp_path: Path, jihe: Jihe, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = jihe("mcp", "--http", "--port", taken.getsockname()[1])
    assert (told.exit_code, len(told.stderr.splitlines())) == (2, 1)
    assert "用不了" in told.stderr
    assert "--port 要和 --http 一起用" in jihe("mcp", "--port", 1).stderr
    assert jihe("mcp", "--http", "--port", 65536).exit_code == 2
    for token in ("", "short", "有中文的令牌有中文的令牌有中文的令牌", "with a space in between"):
        monkeypatch.setenv("JIHE_MCP_TOKEN", token)
        told = jihe("mcp", "--http", "--port", 0)
        assert (told.exit_code, "JIHE_MCP_TOKEN" in told.stderr, len(told.stderr.splitlines())) == (2, True, 1)
