"""The caller against scripted endpoints: every way a question can end, on every kind of endpoint where it can."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import get_args

import pytest

from agents.models import Status, Usage
from agents.models.question import MEANINGS
from eval.endpoint import PROFILES, Profile, Reply, Request, ScriptedEndpoint, profile_named
from schema.errors import UsageError
from store.calls import CallLog
from tests.agents.models.conftest import GOOD, GOOD_TEXT, KEY, Asks, Script, in_turn, question, wrong

WITHOUT_THINKING = {
    "deepseek": {"thinking": {"type": "disabled"}},
    "qwen": {"enable_thinking": False},
    "ollama": {"reasoning_effort": "none"},
    "ollama-cloud": {"reasoning_effort": "none"},
    "vllm": {"chat_template_kwargs": {"enable_thinking": False}},
}
MODE = {"deepseek": "json_object", "qwen": "json_object"}
EVERYWHERE = [pytest.param(profile, id=profile.name) for profile in PROFILES]
UNBOUND = [pytest.param(profile, id=profile.name) for profile in PROFILES if MODE.get(profile.name, "json_schema") not in profile.binds]


def _fitting(profile: Profile) -> dict[str, object]:
    """Settings that suit a kind of endpoint."""
    limit = "max_completion_tokens" if profile.name == "openai" else "max_tokens"
    return {"mode": MODE.get(profile.name, "json_schema"), "limit_field": limit, "extra_body": WITHOUT_THINKING.get(profile.name, {})}


@pytest.mark.parametrize("profile", EVERYWHERE)
def test_a_good_answer_takes_one_request_everywhere(profile: Profile, asks: Asks) -> None:
    caller, server = asks(profile.script(lambda _: GOOD_TEXT), **_fitting(profile))
    outcome = caller.ask(question())
    assert (outcome.status, outcome.value, outcome.attempts, caller.notes) == ("ok", GOOD, 1, ())
    assert outcome.usage == Usage(*server.counted[1:])
    assert len(server.requests) == 1


@pytest.mark.parametrize("profile", EVERYWHERE)
def test_nobody_needs_to_know_the_endpoint_unless_it_thinks(profile: Profile, asks: Asks) -> None:
    extra = WITHOUT_THINKING.get(profile.name, {})
    caller, _ = asks(profile.script(lambda _: GOOD_TEXT), extra_body=extra)
    assert caller.ask(question()).value == GOOD
    assert caller.ask(question("另一题")).attempts == 1


@pytest.mark.parametrize("profile", EVERYWHERE)
def test_a_long_answer_is_asked_for_again_with_twice_the_room(profile: Profile, asks: Asks) -> None:
    caller, server = asks(profile.script(lambda _: GOOD_TEXT), **_fitting(profile))
    outcome = caller.ask(question(max_tokens=10))
    limits = [request.body.get("max_tokens") or request.body.get("max_completion_tokens") for request in server.requests]
    assert (outcome.status, limits) == ("truncated", [10, 20])
    assert outcome.raw
    assert "截断" in outcome.told
    assert outcome.usage == Usage(*server.counted[1:])
    assert caller.ask(question("再", max_tokens=20)).value == GOOD


@pytest.mark.parametrize("profile", UNBOUND)
def test_an_answer_that_nothing_binds_is_checked_here(profile: Profile, asks: Asks) -> None:
    caller, server = asks(profile.script(in_turn(wrong(extra=1), GOOD_TEXT)), **_fitting(profile))
    outcome = caller.ask(question())
    assert (outcome.status, outcome.value, outcome.attempts) == ("ok", GOOD, 2)
    # The second request says what was wrong, and says the schema in words whatever the mode.
    assert "extra：多出的键" in server.requests[1].user
    assert '"cells"' in server.requests[1].system


@pytest.mark.parametrize("profile", [pytest.param(p.values[0], id=p.id) for p in EVERYWHERE if p not in UNBOUND])
def test_an_impossible_script_shows(profile: Profile, asks: Asks) -> None:
    caller, _ = asks(profile.script(lambda _: "prose"), **_fitting(profile))
    outcome = caller.ask(question())
    if profile.binds & {str(_fitting(profile)["mode"])}:
        assert (outcome.status, outcome.attempts) == ("server", 3)
        assert "not producible" in outcome.detail


@pytest.mark.parametrize("profile", EVERYWHERE)
@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(content="", finish_reason="content_filter"), "filtered"),
        (Reply(refusal="I will not."), "refused"),
        (Reply(status=401, error=f"Incorrect API key provided: {KEY}"), "rejected"),
        (Reply(status=500), "server"),
        (Reply(drop=True), "unreachable"),
    ],
    ids=["filtered", "refused", "rejected", "server", "dropped"],
)
def test_what_endpoints_have_in_common(profile: Profile, reply: Reply, status: Status, asks: Asks) -> None:
    caller, server = asks(profile.script(lambda _: reply), **_fitting(profile))
    outcome = caller.ask(question())
    assert outcome.status == status
    assert len(server.requests) == (3 if status in ("server", "unreachable") else 1)
    assert KEY not in outcome.told + repr(outcome) + "".join(caller.notes)


def test_deepseek_gives_blanks_for_what_is_no_json(asks: Asks) -> None:
    caller, _ = asks(profile_named("deepseek").script(in_turn("prose", GOOD_TEXT)), **_fitting(profile_named("deepseek")))
    outcome = caller.ask(question())
    assert (outcome.status, outcome.attempts) == ("ok", 2)
    caller, _ = asks(profile_named("deepseek").script(lambda _: "prose"), **_fitting(profile_named("deepseek")))
    outcome = caller.ask(question("别的"))
    assert (outcome.status, outcome.attempts) == ("empty", 2)


def test_ollama_that_thinks_leaves_nothing(asks: Asks) -> None:
    caller, _ = asks(profile_named("ollama").script(lambda _: GOOD_TEXT))
    outcome = caller.ask(question())
    assert (outcome.status, outcome.attempts) == ("empty", 2)
    assert "思考" in outcome.told


def test_qwen_that_thinks_refuses_every_way_and_is_asked_no_more(asks: Asks) -> None:
    caller, server = asks(profile_named("qwen").script(lambda _: GOOD_TEXT), mode="json_object")
    assert caller.ask(question()).status == "unsupported"
    assert {request.format for request in server.requests} == {"json_schema", "json_object", "tool"}
    assert caller.ask(question("别的")).status == "unasked"
    assert len(server.requests) == 3


@pytest.mark.parametrize("name", ["llama.cpp", "vllm"])
def test_what_does_not_fit_the_context_is_rejected_alone(name: str, asks: Asks) -> None:
    caller, _ = asks(profile_named(name).script(lambda _: GOOD_TEXT), **_fitting(profile_named(name)))
    outcome = caller.ask(question("长" * 40_000))
    assert (outcome.status, outcome.attempts) == ("rejected", 1)
    assert "上下文" in outcome.told
    assert caller.ask(question()).status == "ok"


def test_a_refused_mode_is_left_for_the_run_and_said_once(asks: Asks) -> None:
    caller, server = asks(profile_named("deepseek").script(lambda _: GOOD_TEXT), extra_body=WITHOUT_THINKING["deepseek"], concurrency=4)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda i: caller.ask(question(f"题{i}")), range(12)))
    assert {outcome.status for outcome in outcomes} == {"ok"}
    assert len(caller.notes) == 1
    assert "JIHE_MODEL_MODE=json_object" in caller.notes[0]
    assert sum(request.format == "json_schema" for request in server.requests) <= 4
    assert all("JSON" in request.system for request in server.requests if request.format == "json_object")


def test_modes_step_down_to_tools(asks: Asks) -> None:
    profile = Profile(
        "tools only", refused={"json_schema": "no response_format here", "json_object": "response_format?"}, binds=frozenset({"tool"})
    )
    caller, server = asks(profile.script(lambda _: GOOD_TEXT))
    outcome = caller.ask(question())
    assert (outcome.value, [request.format for request in server.requests]) == (GOOD, ["json_schema", "json_object", "tool"])


def test_a_tool_that_is_not_called_may_answer_in_its_text(asks: Asks) -> None:
    caller, _ = asks(profile_named("llama.cpp").script(lambda _: GOOD_TEXT), mode="tool")
    assert caller.ask(question()).value == GOOD


def test_a_doubled_key_in_a_call_is_seen(asks: Asks) -> None:
    doubled = '{"cells":[],"cells":[]}'
    caller, _ = asks(Profile("loose").script(lambda _: doubled), mode="tool")
    outcome = caller.ask(question())
    assert (outcome.status, outcome.raw, outcome.detail) == ("invalid", doubled, "cells：键重复")


def test_broken_arguments_of_a_call_are_invalid(asks: Asks) -> None:
    caller, _ = asks(Profile("loose").script(lambda _: '{"cells":['), mode="tool")
    assert caller.ask(question()).status == "invalid"


def test_the_other_name_of_the_limit_is_tried(asks: Asks) -> None:
    caller, server = asks(profile_named("openai").script(lambda _: GOOD_TEXT), limit_field="max_tokens")
    assert caller.ask(question()).attempts == 2
    assert caller.ask(question("别的")).attempts == 1
    assert "JIHE_MODEL_LIMIT_FIELD=max_completion_tokens" in caller.notes[0]
    assert "max_tokens" not in server.requests[-1].body


@pytest.mark.parametrize(
    ("reply", "status", "requests"),
    [
        (Reply(body="<html>login</html>"), "server", 3),
        (Reply(content=GOOD_TEXT, finish_reason="insufficient_system_resource"), "server", 3),
        (Reply(content=GOOD_TEXT, finish_reason="none"), "server", 3),
        (Reply(content=None), "empty", 2),
        (Reply(content=" \n\t"), "empty", 2),
        (Reply(content=GOOD_TEXT[:-5]), "invalid", 2),
        (Reply(content=GOOD_TEXT, cut=120), "unreachable", 3),
        (Reply(content=GOOD_TEXT[:9], finish_reason="length"), "truncated", 2),
        (Reply(status=429, error="slow down"), "server", 3),
        (Reply(status=503), "server", 3),
        (Reply(status=402, error="Insufficient Balance"), "rejected", 1),
        (Reply(status=403), "rejected", 1),
        (Reply(status=404, error="model 'm' not found"), "rejected", 1),
        (Reply(status=429, error="You exceeded your current quota", code="insufficient_quota"), "rejected", 1),
        (Reply(status=413), "rejected", 1),
        (Reply(status=400, error="Content Exists Risk"), "filtered", 1),
        (Reply(status=400, error="unknown field"), "rejected", 1),
        (Reply(status=422, error="response_format: wrong"), "unsupported", 3),
    ],
)
def test_replies_that_are_no_answer(reply: Reply, status: Status, requests: int, asks: Asks) -> None:
    caller, server = asks(lambda _: reply)
    outcome = caller.ask(question())
    assert (outcome.status, outcome.value, outcome.attempts, len(server.requests)) == (status, None, requests, requests)
    assert outcome.told.endswith("。")


def test_every_status_is_told() -> None:
    assert set(MEANINGS) == set(get_args(Status))


def test_a_slow_endpoint_is_given_up_after_a_second_try_and_down_after_five_questions(asks: Asks) -> None:
    caller, server = asks(lambda _: Reply(GOOD_TEXT, delay=1.0), timeout=0.3, concurrency=8)
    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(lambda i: caller.ask(question(f"题{i}")), range(5)))
    assert {(outcome.status, outcome.attempts) for outcome in outcomes} == {("unreachable", 2)}
    assert "没有回答" in outcomes[0].told
    assert caller.ask(question("第六题")).status == "unasked"
    assert len(server.requests) == 10


@pytest.mark.parametrize(
    ("first", "requests"),
    [(Reply(status=429, headers={"retry-after": "0.15"}), 2), (Reply(status=503, headers={"retry-after-ms": "150"}), 2)],
)
def test_the_wait_that_is_asked_for_is_kept(first: Reply, requests: int, asks: Asks) -> None:
    caller, server = asks(in_turn(first, GOOD_TEXT))
    assert caller.ask(question()).value == GOOD
    assert 0.14 <= server.requests[1].at - server.requests[0].at < 5
    assert len(server.requests) == requests


@pytest.mark.parametrize("wait", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_wait_is_kept_to_its_limit(wait: str, asks: Asks) -> None:
    caller, server = asks(in_turn(Reply(status=429, headers={"retry-after": wait}), GOOD_TEXT))
    assert caller.ask(question()).value == GOOD
    assert 0.29 <= server.requests[1].at - server.requests[0].at < 10


def test_a_refused_key_ends_the_run(asks: Asks) -> None:
    caller, server = asks(lambda _: Reply(status=401, error=f"bad key {KEY}"))
    assert caller.ask(question()).status == "rejected"
    later = [caller.ask(question(f"题{i}")) for i in range(3)]
    assert {outcome.status for outcome in later} == {"unasked"}
    assert "OPENAI_API_KEY" in later[0].told
    assert len(server.requests) == len(caller.notes) == 1
    assert later[0].again


def test_an_endpoint_that_is_not_there_ends_the_run(asks: Asks) -> None:
    with ScriptedEndpoint(lambda _: GOOD_TEXT) as gone:
        url = gone.url
    caller, _ = asks(lambda _: GOOD_TEXT, base_url=url)
    outcome = caller.ask(question())
    assert (outcome.status, outcome.attempts) == ("unreachable", 3)
    assert "OPENAI_BASE_URL" in outcome.told
    assert caller.ask(question("别的")).status == "unasked"


def test_a_second_asking_costs_nothing(asks: Asks, log: CallLog) -> None:
    caller, server = asks(lambda _: GOOD_TEXT)
    first, second = caller.ask(question()), caller.ask(question(purpose="check", form="表二", max_tokens=999))
    assert (second.status, second.value, second.cached, second.attempts) == ("ok", first.value, True, 0)
    assert len(server.requests) == 1
    assert (log.totals().requests, log.totals().cached) == (1, 1)
    assert caller.ask(question("别的")).cached is False


@pytest.mark.parametrize("changes", [{"model": "n"}, {"mode": "json_object"}, {"extra_body": {"seed": 1}}])
def test_other_settings_ask_again(changes: dict[str, object], asks: Asks) -> None:
    caller, server = asks(lambda _: GOOD_TEXT)
    caller.ask(question())
    other, _ = asks(lambda _: GOOD_TEXT, **{"base_url": server.url} | changes)
    assert other.ask(question()).cached is False
    same, _ = asks(lambda _: GOOD_TEXT, base_url=server.url, timeout=9.0, concurrency=1, price=None)
    assert same.ask(question()).cached is True


@pytest.mark.parametrize(
    "bad", [Reply(status=500), Reply(content=" "), Reply(content="{}"), Reply(refusal="no"), Reply(GOOD_TEXT, finish_reason="length")]
)
def test_what_went_wrong_is_not_kept(bad: Reply, asks: Asks) -> None:
    replies: list[Reply | str] = [bad] * 3
    script: Script = lambda _: replies.pop(0) if replies else GOOD_TEXT  # noqa: E731
    caller, server = asks(script)
    assert caller.ask(question()).value is None
    replies.clear()
    before = len(server.requests)
    outcome = caller.ask(question())
    assert (outcome.value, outcome.cached, len(server.requests)) == (GOOD, False, before + 1)


def test_refresh_asks_again_and_keeps_the_new_answer(asks: Asks) -> None:
    caller, server = asks(lambda _: GOOD_TEXT)
    caller.ask(question())
    new = wrong(cells=[])
    fresh, other = asks(lambda _: new, refresh=True, base_url=server.url)
    assert other.requests == []
    assert fresh.ask(question()).value == GOOD
    assert len(server.requests) == 2
    assert caller.ask(question()).cached


def test_as_many_at_once_as_are_allowed_and_no_more(asks: Asks) -> None:
    together = threading.Barrier(3, timeout=5)

    def script(request: Request) -> str:
        # Broken unless three are there at the same time, three times over.
        together.wait()
        return GOOD_TEXT

    caller, server = asks(script, concurrency=3)
    with ThreadPoolExecutor(9) as pool:
        outcomes = list(pool.map(lambda i: caller.ask(question(f"题{i}")), range(9)))
    assert {outcome.status for outcome in outcomes} == {"ok"}
    assert server.most_at_once == 3


def test_stopping_lets_what_is_under_way_end_and_keeps_it(asks: Asks) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def script(request: Request) -> str:
        arrived.set()
        assert go_on.wait(5)
        return GOOD_TEXT

    caller, server = asks(script, concurrency=1)
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(caller.ask, question(f"题{i}")) for i in range(4)]
        assert arrived.wait(5)
        caller.stop()
        go_on.set()
        outcomes = [future.result() for future in running]
    assert sorted(outcome.status for outcome in outcomes) == ["ok", "unasked", "unasked", "unasked"]
    assert len(server.requests) == 1
    done = next(i for i, outcome in enumerate(outcomes) if outcome.status == "ok")
    assert caller.ask(question(f"题{done}")).cached


def test_stopping_ends_a_long_pause(asks: Asks) -> None:
    caller, server = asks(lambda _: Reply(status=429))
    caller.patience = type(caller.patience)(tries=3, pause=30.0)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(caller.ask, question())
        while not server.requests:
            time.sleep(0.01)
        time.sleep(0.1)
        caller.stop()
        outcome = running.result(timeout=5)
    assert (outcome.status, outcome.attempts) == ("server", 1)
    assert "没有再试：已停止" in outcome.told


def test_pictures_go_along_where_the_model_sees(asks: Asks) -> None:
    picture = b"\x89PNG\r\n\x1a\n0000"
    caller, server = asks(lambda _: GOOD_TEXT, vision=True)
    assert caller.ask(question(images=(picture, b"\xff\xd8\xff0"))).value == GOOD
    assert (server.requests[0].images, server.requests[0].user) == (2, question().user)
    assert caller.ask(question(images=(picture,))).cached is False
    blind, _ = asks(lambda _: GOOD_TEXT)
    with pytest.raises(UsageError, match="JIHE_VISION"):
        blind.ask(question(images=(picture,)))


def test_nothing_is_sent_that_was_not_asked_for(asks: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")
    caller, server = asks(lambda _: GOOD_TEXT)
    assert caller.ask(question()).value == GOOD
    assert set(server.requests[0].body) == {"model", "messages", "response_format", "max_tokens"}
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
