"""Secrets come from the environment and go nowhere: not into output, files of the home, logs, exports, backups or pages."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.endpoint.replies import Reply
from eval.endpoint.server import ScriptedEndpoint
from eval.synthesis.drawing import draw
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS

ROOT = Path(__file__).parents[2]
SECRETS = {
    "OPENAI_API_KEY": "sk-geheim1OpenAiKey0123456789",
    "JIHE_MCP_TOKEN": "geheim2McpToken0123456789",
    "PGPASSWORD": "geheim3PgPassword",
    "AWS_SECRET_ACCESS_KEY": "geheim4AwsSecret/+x",
    "OTEL_EXPORTER_OTLP_HEADERS": "authorization=geheim5OtelBearer",
}
"""Every variable that holds a secret of ours or of what we are built on, with one that can be recognised."""
URL_PASSWORD = "geheim6UrlPassword"
WITH_PASSWORD = f"postgresql://jihe:{URL_PASSWORD}@127.0.0.1:1/jihe"
PAGES = ("/", "/ask", "/config", "/import", "/findings", "/review", "/analysis", "/gradio_api/info", "/nowhere")


@pytest.fixture(scope="module")
def refusing() -> Iterator[str]:
    """An endpoint that refuses the key, and says which one it was."""
    with ScriptedEndpoint(lambda _: Reply(status=401, error=f"Incorrect API key provided: {SECRETS['OPENAI_API_KEY']}")) as server:
        yield server.url


_SEVERAL = """
import json, sys
from ui.cli.__main__ import main
for command in json.load(sys.stdin):
    for stream in (sys.stdout, sys.stderr):
        print(">>>", *command, file=stream, flush=True)
    sys.argv = ["jihe", *command]
    try:
        main()
    except SystemExit:
        pass
"""
"""Commands one after the other; a process of its own for each would spend most of its time on starting."""


def _run(folder: Path, endpoint: str, *arguments: str, program: tuple[str, ...] = ("-m", "ui.cli"), stdin: str = "", **environ: str) -> str:
    """Everything that a command says."""
    model = {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": endpoint}
    logs = {"JIHE_LOG": str(folder / "jihe.log"), "JIHE_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, *program, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | SECRETS | model | logs | environ,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout + done.stderr


def _forms_of_secrets() -> Iterator[bytes]:
    for secret in (*SECRETS.values(), URL_PASSWORD):
        word = secret.partition("=")[2] or secret
        yield from (word.encode(), word.encode("utf-16-le"), base64.b64encode(word.encode()).rstrip(b"=")[:-1])
        yield urllib.parse.quote(word, safe="").encode()


FORMS = tuple(dict.fromkeys(_forms_of_secrets()))


def _found(raw: bytes) -> list[bytes]:
    return [form for form in FORMS if form in raw]


def _kept(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The content of every file, that of packages unpacked."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())


def test_the_search_itself_finds_secrets(tmp_path: Path) -> None:
    key = SECRETS["OPENAI_API_KEY"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", f"Authorization: Bearer {key}" * 50)
    assert [name for name, raw in _kept(tmp_path) if _found(raw)] == ["a.zip/x"]
    assert _found(base64.b64encode(key.encode()))
    assert _found(urllib.parse.quote(SECRETS["AWS_SECRET_ACCESS_KEY"], safe="").encode())


def test_commands_keep_secrets_to_themselves(tmp_path: Path, refusing: str) -> None:
    (tmp_path / "a.pdf").write_bytes(draw(list(make_forms(1)), LAYOUTS["plain"]))
    (tmp_path / "none.txt").write_text("没有表的文本", "utf-8")
    commands = [
        ["ingest", "a.pdf", "none.txt", "--extractor", "llm"],
        ["ask", "执行率是多少？", "--mode", "llm"],
        ["doctor", "--deep"],
        ["doctor", "--model"],
        ["check"],
        *(["export", "-o", f"forms.{kind}"] for kind in ("json", "xlsx", "parquet")),
        ["backup", "backup.zip"],
    ]
    said = _run(tmp_path, refusing, program=("-c", _SEVERAL), stdin=json.dumps(commands))
    told: dict[str, str] = {}
    for part in said.split(">>> ")[1:]:
        name, _, text = part.partition("\n")
        told[name] = told.get(name, "") + text
    assert list(told) == [" ".join(command) for command in commands]
    assert {name: found for name, text in told.items() if (found := _found(text.encode()))} == {}
    assert {name: found for name, raw in _kept(tmp_path) if (found := _found(raw))} == {}
    # It did happen: the endpoint was asked, the files are there, the log was written.
    assert "401" in told["doctor --model"] or "密钥" in told["doctor --model"] or "OPENAI_API_KEY" in told["doctor --model"]
    made = {path.name for path in tmp_path.iterdir()}
    assert {"forms.json", "forms.xlsx", "forms.parquet", "backup.zip", "jihe.log", "home"} <= made


@pytest.mark.parametrize(
    "environ",
    [
        {"JIHE_DATABASE_URL": WITH_PASSWORD},
        {"JIHE_DATABASE_URL": f"{WITH_PASSWORD}?password={URL_PASSWORD}"},
        {"JIHE_DATABASE_URL": f"nosuch://jihe:{URL_PASSWORD}@127.0.0.1/jihe"},
        {"JIHE_CHROMA_URL": f"http://jihe:{URL_PASSWORD}@127.0.0.1:1"},
        {"OPENAI_BASE_URL": f"http://jihe:{URL_PASSWORD}@127.0.0.1:1/v1"},
        {"JIHE_MCP_TOKEN": "zu kurz geheim6UrlPassword"},
    ],
    ids=["database", "parameter", "dialect", "vectors", "endpoint", "token"],
)
def test_settings_that_do_not_work_are_told_without_their_secrets(environ: dict[str, str], tmp_path: Path, refusing: str) -> None:
    command = (
        ["mcp", "--http"] if "JIHE_MCP_TOKEN" in environ else ["doctor"] if "OPENAI_BASE_URL" in environ else ["ask", "执行率是多少？"]
    )
    assert _found(_run(tmp_path, refusing, *command, **environ).encode()) == []
    assert {name: found for name, raw in _kept(tmp_path) if (found := _found(raw))} == {}


def test_pages_hold_no_secrets(tmp_path: Path, refusing: str) -> None:
    command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "ui", "--port", "0"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)} | SECRETS | {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": refusing}
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stderr is not None
            address = re.search(r"http://[\d.]+:\d+", process.stderr.readline())
            assert address is not None
            found = {page: _found(_fetched(address[0] + page)) for page in PAGES}
            whole = len(_fetched(address[0] + "/config"))
        finally:
            process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
    assert {page: forms for page, forms in found.items() if forms} == {}
    assert whole > 10_000
    assert _found(rest.encode()) == []
    assert {name: forms for name, raw in _kept(tmp_path) if (forms := _found(raw))} == {}


def _fetched(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as e:
        return bytes(e.read())
