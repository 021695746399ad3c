"""The process around the server: started, waited for, stopped, and what is said when that fails. The program is a stand-in here."""

from __future__ import annotations

import http.client
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from eval.llama import LlamaServer
from schema.errors import UsageError

STAND_IN = f"""#!{sys.executable}
import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    asked = 0
    def do_GET(self):
        Handler.asked += 1
        self.send_response(200 if self.path == "/health" and Handler.asked > 2 else 503)
        self.send_header("content-length", "0")
        self.end_headers()
    def log_message(self, *args): pass
print("started", os.getpid(), *sys.argv[1:], "ARG" if "LLAMA_ARG_PORT" in os.environ else "clean", flush=True)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
"""


def _program(folder: Path, text: str) -> Path:
    path = folder / "llama-server"
    path.write_text(text)
    path.chmod(0o755)
    return path


def _health(url: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("GET", "/health")
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_is_waited_for_and_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_ARG_PORT", "1")
    with LlamaServer(_program(tmp_path, STAND_IN), tmp_path / "m.gguf", context=512) as server:
        assert _health(server.url) == 200
        said = server.said.split()
        assert said[0] == "started"
        assert said[-1] == "clean"
        assert {"--offline", "512", "127.0.0.1", str(tmp_path / "m.gguf")} <= set(said)
    with pytest.raises(ProcessLookupError):
        os.kill(int(said[1]), 0)
    with pytest.raises(ConnectionRefusedError):
        _health(server.url)


def test_it_is_stopped_when_a_test_fails(tmp_path: Path) -> None:
    with pytest.raises(LookupError), LlamaServer(_program(tmp_path, STAND_IN), tmp_path / "m.gguf") as server:
        number = int(server.said.split()[1])
        raise LookupError
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/bin/sh\necho out of memory\nexit 3\n", r"返回码 3[\s\S]*out of memory"),
        ("#!/bin/sh\necho thinking\nexec sleep 60\n", r"1 秒内没有就绪[\s\S]*thinking"),
    ],
    ids=["ends", "hangs"],
)
def test_a_server_that_does_not_come_up_shows_its_log(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said), LlamaServer(_program(tmp_path, text), tmp_path / "m.gguf", seconds=1.0):
        pass


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="LLAMA_SERVER"), LlamaServer(tmp_path / "none", tmp_path / "m.gguf"):
        pass
