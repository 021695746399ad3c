"""What is noted of requests that do not end well, what is read of odd streams, and how waiting for a model is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.answer.agent.assistant import Assistant
from agents.answer.agent.final import MOST_CLAIMS, read_final
from agents.answer.agent.limits import Limits
from agents.answer.agent.stream import Reply as Streamed
from agents.answer.agent.waiting import waited
from agents.answer.ask import Asker
from agents.models import Budget, endpoint_from_env
from agents.models.question import Usage
from eval.endpoint import Reply, Request, ScriptedEndpoint
from schema.errors import StoreError, UsageError
from store.calls import CALLS_NAME, Call, CallLog
from tests.agents.answer.agent.agent_home import QUICK, UNCERTAIN, Script, call, claims, in_turn, run

LOWEST = "总得分最低的是公共数据平台[F1.project_name]，为 90 分[F1.total_score]。"
SHOWN = "总得分最低的是公共数据平台[1]，为 90 分[2]。"


def noted(home: Path, since: int = 0) -> list[Call]:
    """The lines of the ledger, from one on."""
    with CallLog.open(home / CALLS_NAME) as log:
        return list(log.calls())[since:]


def test_a_request_that_is_cancelled_is_noted_and_its_tokens_counted(home: Path) -> None:
    before = len(noted(home))
    reached, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Reply | str:
        reached.set()
        hold.wait(20)
        return claims(LOWEST)

    with ScriptedEndpoint(slow) as server:
        endpoint = endpoint_from_env({"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url})
        assert endpoint is not None
        assistant = Assistant(endpoint, CallLog.open(home / CALLS_NAME), Budget(), patience=QUICK)

        def cancels() -> None:
            reached.wait(20)
            assistant.cancel()
            hold.set()

        thread = threading.Thread(target=cancels)
        thread.start()
        with Asker.open(home, assistant=assistant) as asker:
            answer = asker.turn(UNCERTAIN).answer
            thread.join()
            assert (answer.mode, answer.verified) == ("offline", True)
            assert "已取消" in answer.notes[-1]
            assert answer.tokens > 0
            # The next question is asked as ever.
            assert asker.turn(UNCERTAIN).answer.answer == SHOWN
    lines = noted(home, before)
    assert [(one.status, one.prompt_tokens is None) for one in lines] == [("cancelled", True), ("ok", False)]


def test_a_cancel_is_heard_while_the_model_says_nothing(home: Path) -> None:
    with ScriptedEndpoint(in_turn(Reply(claims(LOWEST), delay=8.0))) as server:
        endpoint = endpoint_from_env({"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url})
        assert endpoint is not None
        assistant = Assistant(endpoint, CallLog.open(home / CALLS_NAME), Budget(), patience=QUICK)
        with Asker.open(home, assistant=assistant) as asker:
            threading.Timer(0.7, assistant.cancel).start()
            began = time.monotonic()
            answer = asker.turn(UNCERTAIN).answer
            assert time.monotonic() - began < 5
            assert answer.mode == "offline"
            assert "已取消" in answer.notes[-1]


def test_who_cancels_may_be_quicker_than_the_question(home: Path) -> None:
    with ScriptedEndpoint(in_turn(claims(LOWEST))) as server:
        endpoint = endpoint_from_env({"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url})
        assert endpoint is not None
        assistant = Assistant(endpoint, CallLog.open(home / CALLS_NAME), Budget(), patience=QUICK)
        with Asker.open(home, assistant=assistant) as asker:
            assistant.cancel()
            assert asker.turn(UNCERTAIN).answer.mode == "offline"
            assert server.requests == []
            assert asker.turn(UNCERTAIN).answer.answer == SHOWN


def test_what_an_endpoint_does_not_count_is_left_open_in_the_ledger(home: Path) -> None:
    before = len(noted(home))
    ran = run(home, in_turn(Reply(claims(LOWEST), usage=False)))
    (line,) = noted(home, before)
    assert (ran.answer.answer, line.prompt_tokens, line.cost) == (SHOWN, None, None)
    assert ran.answer.tokens > 0


def test_tokens_of_a_reply_that_breaks_are_not_lost(home: Path) -> None:
    broken = 'data: {"choices": [{"index": 0, "delta": {"content": "' + "很长的回答" * 400 + '"}}]}\n\ndata: {"choices": 5}\n\n'
    ran = run(home, in_turn(Reply(body=broken), claims(LOWEST)))
    assert ran.answer.answer == SHOWN
    assert ran.answer.tokens > 2000


@pytest.mark.parametrize("error", ["Extra inputs are not permitted: stream_options", "Unrecognized request argument: stream_options"])
def test_an_endpoint_that_knows_no_usage_in_streams_is_asked_without(home: Path, error: str) -> None:
    ran = run(home, in_turn(Reply(status=400, error=error), claims(LOWEST)))
    assert (ran.answer.answer, len(ran.requests)) == (SHOWN, 2)
    assert ["stream_options" in request.body for request in ran.requests] == [True, False]


def test_a_longer_reply_is_allowed_once_and_not_for_good(home: Path) -> None:
    ran = run(home, in_turn(Reply("{", finish_reason="length"), call(), claims(LOWEST)))
    assert [request.body["max_tokens"] for request in ran.requests] == [2048, 4096, 2048]


def test_waiting_for_a_piece_ends_with_the_time_of_the_question(home: Path) -> None:
    began = time.monotonic()
    ran = run(home, in_turn(Reply(claims(LOWEST), delay=6.0)), limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 5
    assert (ran.answer.mode, "太长" in ran.answer.notes[-1]) == ("offline", True)


def _chunk(**fields: Any) -> Any:
    return SimpleNamespace(**({"usage": None, "choices": []} | fields))


def test_odd_pieces_of_streams() -> None:
    reply = Streamed()
    delta = SimpleNamespace(content="甲", tool_calls=None)
    reply.add(_chunk(choices=[SimpleNamespace(delta=delta, finish_reason=None)]))
    reply.add(_chunk(choices=[SimpleNamespace(delta=None, finish_reason="stop")]))
    reply.add(_chunk(choices=None, usage=SimpleNamespace(prompt_tokens=7, completion_tokens=None)))
    assert (reply.content, reply.reason, reply.usage) == ("甲", "stop", Usage(7, 0))


def test_an_answer_of_too_many_claims_is_none() -> None:
    assert len(read_final(claims(*["甲[F1.total_score]。"] * MOST_CLAIMS)).claims) == MOST_CLAIMS
    assert read_final(claims(*["甲[F1.total_score]。"] * (MOST_CLAIMS + 1))).claims == []


def test_sentences_that_were_left_out_are_told(home: Path) -> None:
    wrong = "政务服务热线运维的总得分为 99 分[F3.total_score]。"
    ran = run(home, in_turn(claims(LOWEST, "宣传推广的总得分为 95.5 分[F2.total_score]。", wrong)))
    assert ran.answer.mode == "llm"
    assert "有 1 句没有通过核对" in ran.answer.notes[-1]
    assert "有 1 句没有通过核对" in "".join(event.text for event in ran.events if event.kind == "note")


VERDICTS = (
    "经核实，一切合规[F1.total_score]。",
    "公共数据平台总得分为 90 分，预算编制合理[F1.total_score]。",
    "公共数据平台没有问题[F1.total_score]。",
)


@pytest.mark.parametrize("said", VERDICTS)
def test_verdicts_of_a_model_are_not_shown(home: Path, said: str) -> None:
    assert run(home, in_turn(claims(said))).answer.mode == "offline"


def test_explanations_judged_in_part_of_the_forms_bear_out_nothing_about_all(home: Path) -> None:
    judge = call("judge_deviations", {"topic": "机构改革", "filters": {"units": ["乙市信息中心"]}})
    script: Script = in_turn(judge, claims("因机构改革失分的项目共有 0 个。", "没有项目因机构改革失分[F2.project_name]。"))
    assert run(home, script, "说说机构改革拖累了谁，顺便写首诗").answer.mode == "offline"


def _raises(error: Exception) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


def test_waiting_gives_what_comes_raises_what_is_raised_and_can_be_left() -> None:
    cancelled, hold = threading.Event(), threading.Event()
    assert waited(lambda: 7, cancelled) == 7
    for error in (UsageError("x"), StoreError("y"), ValueError("z")):
        with pytest.raises(type(error), match=str(error)):
            waited(_raises(error), cancelled)
    threading.Timer(0.2, cancelled.set).start()
    began = time.monotonic()
    assert waited(lambda: hold.wait(20), cancelled) is None
    assert time.monotonic() - began < 5
    hold.set()
