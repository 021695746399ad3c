"""`jihe ask` and `jihe chat` with a scripted model, most as processes: modes, JSON, threads over kill -9, Ctrl-C, the budget."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.endpoint import Reply, Request, ScriptedEndpoint, ToolCall
from store import Store
from tests.factories import D, make_form, make_indicator, make_reading
from tests.ui.conftest import Jihe

ROOT = Path(__file__).parents[2]
UNCERTAIN = "说说总得分垫底的那位，顺便写首诗"
CERTAIN = "公共数据平台的总得分是多少？"
RANK = ToolCall("query_forms", json.dumps({"query": {"intent": "rank", "measures": ["total_score"], "order": "asc"}}))
RIGHT = json.dumps(
    {"missing": False, "claims": [{"sentence": "总得分最低的是公共数据平台[F1.project_name]，为 90 分[F1.total_score]。", "cites": []}]},
    ensure_ascii=False,
)
SHOWN = "总得分最低的是公共数据平台[1]，为 90 分[2]。"


def script(request: Request) -> Reply | str:
    """One call, then the answer; a composed answer is given back with a word in front."""
    if request.format == "json_schema" and not request.body.get("stream"):
        text = request.user.partition("回答：\n")[2].removesuffix("\n</文档>")
        return json.dumps({"text": text.replace("的总得分为", "的自评总得分是")}, ensure_ascii=False)
    return RIGHT if any(m["role"] == "tool" for m in request.body["messages"]) else Reply(tool_calls=(RANK,))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    with Store.open(path) as store:
        store.save(
            make_reading([make_form("政务服务热线运维"), make_form("公共数据平台", total_score=90)], "自评表.pdf"), store.start_run("t")
        )
    return path


@pytest.fixture
def server() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(script) as running:
        yield running


def started(home: Path, url: str | None, *words: object, typed: bool = False) -> subprocess.Popen[str]:
    """A command as a process."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "JIHE_"))}
    if url is not None:
        environ |= {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": url, "JIHE_MODEL_PRICE": "2/8元"}
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), *map(str, words)]
    stdin = subprocess.PIPE if typed else subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def done(process: subprocess.Popen[str], typed: str | None = None) -> tuple[int, str, str]:
    out, error = process.communicate(typed, timeout=120)
    return process.returncode, out, error


Here = Callable[..., tuple[int, str, str]]


@pytest.fixture
def here(jihe: Jihe, home: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A command in this process, which saves seconds of imports."""

    def run(url: str | None, *words: object) -> tuple[int, str, str]:
        for name, value in (("JIHE_MODEL", "scripted"), ("OPENAI_BASE_URL", url), ("JIHE_MODEL_PRICE", "2/8元")):
            if url is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, str(value))
        ran = jihe("--home", home, *words)
        return ran.exit_code, ran.stdout, ran.stderr

    return run


def test_a_question_is_answered_by_the_agent(home: Path, server: ScriptedEndpoint, here: Here) -> None:
    code, out, error = done(started(home, server.url, "ask", UNCERTAIN, "--json"))
    told = json.loads(out)
    assert (code, told["answer"], told["mode"], told["verified"], told["model"]) == (0, SHOWN, "llm", True, "scripted")
    assert told["tokens"] > 0
    assert told["cost"].endswith("元")
    assert "查询各表：完成" in error
    code, out, _ = here(server.url, "ask", UNCERTAIN)
    assert SHOWN in out
    assert "模型 scripted" in out
    assert " token，" in out


def test_modes(server: ScriptedEndpoint, here: Here) -> None:
    code, out, _ = here(server.url, "ask", UNCERTAIN, "--json", "--mode", "offline")
    assert (code, json.loads(out)["mode"], server.requests) == (0, "offline", [])
    code, out, _ = here(server.url, "ask", CERTAIN, "--json")
    assert (code, json.loads(out)["mode"], server.requests) == (0, "offline", [])
    code, out, _ = here(server.url, "ask", CERTAIN, "--json", "--mode", "llm")
    told = json.loads(out)
    assert (code, told["mode"], told["value"], len(server.requests)) == (0, "llm", 90, 1)
    assert "自评总得分是 90 分[1]" in told["answer"]
    code, out, error = here(None, "ask", CERTAIN, "--mode", "llm")
    assert (code, out, len(error.strip().splitlines())) == (2, "", 1)
    assert "JIHE_MODEL" in error
    code, _, error = here(None, "ask", CERTAIN, "--budget", "5元")
    assert code == 2
    assert "--budget" in error


def test_a_budget_stops_and_the_answer_says_so(server: ScriptedEndpoint, here: Here) -> None:
    code, out, error = here(server.url, "ask", UNCERTAIN, "--json", "--budget", "100")
    told = json.loads(out)
    assert (code, told["mode"], told["verified"], server.requests) == (0, "offline", True, [])
    assert "预算不够" in error


@pytest.mark.slow
def test_a_chat_killed_in_mid_answer_goes_on_in_its_thread(home: Path) -> None:
    reached, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Reply | str:
        if any(m["role"] == "tool" for m in request.body["messages"]) and not hold.is_set():
            reached.set()
            hold.wait(30)
            return Reply(status=500)
        return script(request)

    with ScriptedEndpoint(slow) as server:
        chat = started(home, server.url, "chat", "--thread", "年终", typed=True)
        assert chat.stdin is not None
        chat.stdin.write(f"{CERTAIN}\n{UNCERTAIN}\n")
        chat.stdin.flush()
        assert reached.wait(60)
        os.kill(chat.pid, signal.SIGKILL)
        chat.communicate()
        hold.set()
        before = len(server.requests)
        other = done(started(home, server.url, "chat", "--thread", "别的", typed=True), "\n")
        assert (other[0], other[1].count("总得分"), len(server.requests)) == (0, 0, before)
        code, out, error = done(started(home, server.url, "chat", "--thread", "年终", typed=True), "\n")
        assert code == 0
        assert SHOWN in out
        assert f"上次的问题“{UNCERTAIN}”没有答完" in error
        assert "接着上次没有答完的地方继续" in error
        # The tool that had run is not asked for again.
        assert len(server.requests) == before + 1
        assert [m["role"] for m in server.requests[-1].body["messages"]] == ["system", "user", "assistant", "tool"]
        code, out, error = done(started(home, server.url, "chat", "--thread", "年终", typed=True), "那政务服务热线运维呢？\n")
        assert "此前问过 2 个问题" in error


def test_ctrl_c_ends_a_question_at_once(home: Path) -> None:
    reached, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Reply | str:
        reached.set()
        hold.wait(30)
        return Reply(status=500)

    with ScriptedEndpoint(slow) as server:
        asking = started(home, server.url, "ask", UNCERTAIN)
        assert reached.wait(60)
        time.sleep(0.2)
        began = time.monotonic()
        asking.send_signal(signal.SIGINT)
        code, out, error = done(asking)
        hold.set()
    assert time.monotonic() - began < 10
    assert code == 130
    assert "Traceback" not in error
    assert out == ""


def test_a_thread_needs_a_name(here: Here) -> None:
    code, _, error = here(None, "chat", "--thread", " ")
    assert code == 2
    assert "对话名" in error


def test_ctrl_c_does_not_wait_for_a_tool_that_asks_the_model(home: Path) -> None:
    with Store.open(home) as store:
        told = make_indicator(0, weight=D(6), score=D(3), deviation="机构改革，项目移交数据局")
        store.save(make_reading([make_form("宣传推广", indicators=(told,))], "另一张表.pdf"), store.start_run("t"))
    reached, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Reply | str:
        if request.body.get("tools"):
            return Reply(tool_calls=(ToolCall("judge_deviations", '{"topic": "机构改革"}'),))
        reached.set()
        hold.wait(30)
        return Reply(status=500)

    with ScriptedEndpoint(slow) as server:
        asking = started(home, server.url, "ask", UNCERTAIN)
        assert reached.wait(60)
        time.sleep(0.2)
        began = time.monotonic()
        asking.send_signal(signal.SIGINT)
        code, out, error = done(asking)
        hold.set()
    assert time.monotonic() - began < 5
    assert (code, out, "Traceback" in error) == (130, "", False)


@pytest.mark.slow
def test_a_thread_is_for_one_conversation_at_a_time(home: Path) -> None:
    first = started(home, None, "chat", "--thread", "年终", typed=True)
    assert first.stdin is not None and first.stdout is not None
    first.stdin.write(f"{CERTAIN}\n")
    first.stdin.flush()
    while "总得分" not in (first.stdout.readline() or "总得分"):
        pass
    began = time.monotonic()
    code, out, error = done(started(home, None, "chat", "--thread", "年终", typed=True), f"{CERTAIN}\n")
    assert time.monotonic() - began < 20
    assert (code, out, len(error.strip().splitlines())) == (1, "", 1)
    assert "对话“年终”正在另一个窗口或进程里进行" in error
    assert done(started(home, None, "chat", "--thread", "别的", typed=True), "\n")[0] == 0
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    code, _, error = done(started(home, None, "chat", "--thread", "年终", typed=True), "\n")
    assert (code, "此前问过 1 个问题" in error) == (0, True)


@pytest.mark.parametrize("command", ["ask", "chat", "mcp"])
def test_no_help_is_cut_at_80_columns(here: Here, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = here(None, command, "--help")
    assert "--mode" in out
    assert "…" not in out
