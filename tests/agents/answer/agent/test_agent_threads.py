"""Threads: remembered over restarts, never mixed, taken up where a question was broken off; calls of tools bounded over a thread."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agents.answer.agent.assistant import Assistant
from agents.answer.agent.limits import Limits
from agents.answer.agent.threads import THREADS_NAME, Threads, checked_name
from agents.answer.answer import Answer
from agents.answer.ask import Asker
from agents.models import Budget, endpoint_from_env
from eval.endpoint import Reply, Request, ScriptedEndpoint
from schema.errors import StoreBusy, StoreVersion, UsageError
from store.calls import CALLS_NAME, CallLog
from tests.agents.answer.agent.agent_home import QUICK, UNCERTAIN, Script, call, claims, fill, in_turn

RIGHT = claims("总得分最低的是公共数据平台[F1.project_name]，为 90 分[F1.total_score]。")


@contextmanager
def asking(home: Path, script: Script, limits: Limits | None = None) -> Iterator[tuple[Asker, ScriptedEndpoint]]:
    """An asker with a scripted model."""
    with ScriptedEndpoint(script) as server:
        endpoint = endpoint_from_env({"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url})
        assert endpoint is not None
        assistant = Assistant(endpoint, CallLog.open(home / CALLS_NAME), Budget(), limits=limits, patience=QUICK)
        with Asker.open(home, assistant=assistant) as asker:
            yield asker, server


def asked(asker: Asker, threads: Threads, thread: str, question: str) -> Answer:
    """The answer in a thread."""
    answer = list(asker.in_thread(threads, thread, question))[-1].answer
    assert answer is not None
    return answer


@pytest.fixture
def own(tmp_path: Path) -> Path:
    fill(tmp_path / "home")
    return tmp_path / "home"


def test_a_thread_goes_on_after_a_restart(own: Path) -> None:
    with Asker.open(own) as asker, Threads.open(own) as threads:
        asked(asker, threads, "甲", "政务服务热线运维的总得分是多少？")
    with Asker.open(own) as asker, Threads.open(own) as threads:
        assert asked(asker, threads, "甲", "那公共数据平台呢？").value == 90
        assert asked(asker, threads, "乙", "那公共数据平台呢？").value is None
        assert [one.question for one in threads.turns("甲")] == ["政务服务热线运维的总得分是多少？", "那公共数据平台呢？"]


def test_what_was_said_before_is_told_to_the_model_as_data_and_only_of_its_thread(own: Path) -> None:
    with asking(own, in_turn(RIGHT)) as (asker, server), Threads.open(own) as threads:
        asked(asker, threads, "甲", "宣传推广的总得分是多少？")
        asked(asker, threads, "乙", "政务服务热线运维的总得分是多少？")
        asked(asker, threads, "甲", UNCERTAIN)
        (request,) = server.requests
    told = json.loads(request.user.partition("<documents>")[2].partition("</documents>")[0])
    assert [one["question"] for one in told["earlier"]] == ["宣传推广的总得分是多少？"]
    assert "95.5 分" in told["earlier"][0]["answer"]


def test_a_question_broken_off_is_taken_up_without_doing_its_steps_again(own: Path) -> None:
    def breaks(request: Request) -> Reply | str:
        return call() if request.number == 0 else Reply(status=401, error="off")

    with asking(own, breaks) as (asker, _), Threads.open(own) as threads:
        events = asker.in_thread(threads, "甲", UNCERTAIN)
        for event in events:
            if event.kind == "done":
                break
        events.close()  # type: ignore[attr-defined]
    with asking(own, in_turn(RIGHT)) as (asker, server), Threads.open(own) as threads:
        assert threads.turns("甲")[-1].answer is None
        told = list(asker.in_thread(threads, "甲", UNCERTAIN))
        assert "接着上次" in told[0].text
        assert told[-1].answer is not None
        assert told[-1].answer.mode == "llm"
        (request,) = server.requests
        assert [m["role"] for m in request.body["messages"]] == ["system", "user", "assistant", "tool"]
        # The call that was made before it broke off counts, too.
        assert [one.tool_calls for one in threads.turns("甲")] == [1]
    rows = sqlite3.connect(own / THREADS_NAME).execute("SELECT count(*) FROM checkpoints").fetchone()
    assert rows == (0,)


def test_what_was_broken_off_is_not_taken_up_for_another_question_or_other_forms(own: Path) -> None:
    with asking(own, in_turn(call(), Reply(status=401))) as (asker, _), Threads.open(own) as threads:
        events = asker.in_thread(threads, "甲", UNCERTAIN)
        next(event for event in events if event.kind == "done")
        events.close()  # type: ignore[attr-defined]
    with asking(own, in_turn(RIGHT)) as (asker, server), Threads.open(own) as threads:
        asked(asker, threads, "甲", f"{UNCERTAIN}吧")
        assert len(server.requests[0].body["messages"]) == 2
        assert [one.question for one in threads.turns("甲")] == [f"{UNCERTAIN}吧"]


def test_calls_of_tools_are_bounded_over_a_thread(own: Path) -> None:
    def script(request: Request) -> Reply | str:
        return RIGHT if request.body["messages"][-1]["role"] == "tool" else call()

    results = []
    with asking(own, script, Limits(thread_tool_calls=2)) as (asker, server), Threads.open(own) as threads:
        for _ in range(4):
            assert asked(asker, threads, "甲", UNCERTAIN).verified
            results.append("<documents>" in str(server.requests[-1].body["messages"][-1]["content"]))
        assert asked(asker, threads, "乙", UNCERTAIN).mode == "llm"
    assert results == [True, True, False, False]


def test_a_thread_is_held_by_one_conversation(own: Path) -> None:
    with Threads.open(own) as first, Threads.open(own) as second:
        with first.held("甲"):
            with pytest.raises(StoreBusy, match="对话“甲”正在另一个窗口"), second.held("甲", wait=0.1):
                pass
            with second.held("乙"), second.held("甲/../乙"):
                pass
        with second.held("甲"):
            pass


def test_names_of_threads() -> None:
    assert checked_name(" 年终 ") == "年终"
    for wrong in ("", "  ", "甲\n乙", "字" * 81):
        with pytest.raises(UsageError, match="对话名"):
            checked_name(wrong)


def test_threads_of_a_newer_version_are_left_alone(own: Path) -> None:
    Threads.open(own).close()
    with sqlite3.connect(own / THREADS_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreVersion, match="版本 99"):
        Threads.open(own)
