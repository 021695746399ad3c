"""The scripted endpoint, spoken to in plain HTTP and by the openai client; its profiles; its honesty."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest

from eval.endpoint import (
    PROFILES,
    Counted,
    Profile,
    Reply,
    Request,
    ScriptedEndpoint,
    ToolCall,
    count_tokens,
    honest,
    profile_named,
    random_answer,
    walk,
)
from eval.endpoint.honest import compile_fault
from eval.endpoint.replies import first_tokens
from eval.endpoint.strict import strict_faults
from schema.transcript import CellsTranscript, HeadTranscript, RowsTranscript, Transcript, wire_schema

WIRE = [pytest.param(model, id=model.__name__) for model in (HeadTranscript, RowsTranscript, CellsTranscript)]
CELLS = wire_schema(CellsTranscript)
GOOD = '{"cells":[{"cell":"a","printed":"一"}]}'
MESSAGES = [{"role": "system", "content": "照抄。"}, {"role": "user", "content": "甲：一"}]
FORMAT = {"type": "json_schema", "json_schema": {"name": "Cells", "strict": True, "schema": CELLS}}
CALL = {
    "tools": [{"type": "function", "function": {"name": "answer", "parameters": CELLS}}],
    "tool_choice": {"type": "function", "function": {"name": "answer"}},
}
EVERYWHERE = [pytest.param(profile, id=profile.name) for profile in PROFILES]


def _post(server: ScriptedEndpoint, connection: http.client.HTTPConnection | None = None, **fields: Any) -> tuple[int, Any]:
    """Status and parsed body of one request."""
    own = connection or http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
    body = json.dumps({"model": "m", "messages": MESSAGES} | fields)
    own.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
    response = own.getresponse()
    data = json.loads(response.read())
    if connection is None:
        own.close()
    return response.status, data


@pytest.fixture
def client() -> Iterator[openai.OpenAI]:
    """The genuine client, without retries; its address is set by `with_options`."""
    with openai.OpenAI(api_key="k", base_url="http://127.0.0.1:1", max_retries=0, timeout=5) as made:
        yield made


def test_a_request_is_kept_and_answered_over_one_connection() -> None:
    with ScriptedEndpoint(lambda request: f"第{request.number}次") as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
        answers = [_post(server, connection)[1]["choices"][0] for _ in range(3)]
        connection.close()
    assert [answer["message"]["content"] for answer in answers] == ["第0次", "第1次", "第2次"]
    assert answers[0]["finish_reason"] == "stop"
    request = server.requests[0]
    assert (request.system, request.user, request.format, request.schema) == ("照抄。", "甲：一", "text", None)
    assert request.headers["content-type"] == "application/json"


def test_tokens_are_counted_by_the_stated_rule() -> None:
    assert [count_tokens(text) for text in ("", "a", "abc", "abcd", "表", "表a")] == [0, 1, 1, 2, 1, 2]
    assert [first_tokens("表ab表", count) for count in (0, 1, 2, 3)] == ["", "表", "表ab", "表ab表"]
    with ScriptedEndpoint(lambda _: Reply("一二三", reasoning_content="想")) as server:
        _, body = _post(server)
        assert body["usage"] == {"prompt_tokens": 6, "completion_tokens": 4, "total_tokens": 10}
        assert server.counted == Counted(1, 6, 4)
        _post(server)
        assert server.counted == Counted(2, 12, 8)


@pytest.mark.parametrize("reply", [Reply(status=500), Reply("一", usage=False), Reply(body="<html>")])
def test_what_tells_no_usage_is_not_counted(reply: Reply) -> None:
    with ScriptedEndpoint(lambda _: reply) as server, openai.OpenAI(api_key="k", base_url=server.url, max_retries=0) as client:
        with contextlib.suppress(openai.OpenAIError):
            client.chat.completions.create(model="m", messages=MESSAGES)  # type: ignore[call-overload]
        assert (len(server.requests), server.counted) == (1, Counted())


def test_errors_carry_status_words_code_and_headers(client: openai.OpenAI) -> None:
    reply = Reply(status=429, error="slow down", code="rate", headers={"retry-after": "7"})
    with ScriptedEndpoint(lambda _: reply) as server, pytest.raises(openai.RateLimitError) as told:
        client.with_options(base_url=server.url).chat.completions.create(model="m", messages=MESSAGES)  # type: ignore[call-overload]
    assert told.value.response.headers["retry-after"] == "7"
    assert told.value.code == "rate"
    assert "slow down" in str(told.value)


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply("一二三四五", cut=40)])
@pytest.mark.parametrize("stream", [False, True])
def test_connections_break_when_told(reply: Reply, stream: bool, client: openai.OpenAI) -> None:
    with ScriptedEndpoint(lambda _: reply) as server:
        # Cut in the middle of a stream, the client lets the error of its HTTP library through.
        with pytest.raises(Exception, match=r"(?i)connection|closed|peer"):
            made = client.with_options(base_url=server.url).chat.completions.create(model="m", messages=MESSAGES, stream=stream)  # type: ignore[call-overload]
            list(made)
        assert server.counted == Counted()


def test_streams_give_the_same_as_whole_replies(client: openai.OpenAI) -> None:
    reply = Reply("一二三四五六七", reasoning_content="想一想", tool_calls=(ToolCall("answer", GOOD),), finish_reason="tool_calls")
    with ScriptedEndpoint(lambda _: reply) as server:
        options = {"stream": True, "stream_options": {"include_usage": True}}
        chunks = list(client.with_options(base_url=server.url).chat.completions.create(model="m", messages=MESSAGES, **options))  # type: ignore[call-overload]
        assert server.counted == Counted(1, 6, count_tokens(reply.text))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == reply.content
    assert "".join(getattr(delta, "reasoning_content", "") for delta in deltas) == reply.reasoning_content
    assert "".join(call.function.arguments for delta in deltas for call in delta.tool_calls or ()) == GOOD
    assert chunks[-2].choices[0].finish_reason == "tool_calls"
    assert chunks[-1].usage.completion_tokens == count_tokens(reply.text)


def test_a_script_that_fails_is_a_500_and_fails_the_test() -> None:
    def script(request: Request) -> str:
        raise LookupError("no such answer")

    with pytest.raises(LookupError, match="no such answer"), ScriptedEndpoint(script) as server:
        status, body = _post(server)
        assert (status, "no such answer" in body["error"]["message"]) == (500, True)


def test_it_counts_how_many_are_there_at_once_and_stops_with_open_connections() -> None:
    barrier = threading.Barrier(4, timeout=5)

    def script(_: Request) -> str:
        barrier.wait()
        return "一"

    with ScriptedEndpoint(script) as server:
        connections = [http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5) for _ in range(4)]
        threads = [threading.Thread(target=_post, args=(server, connection)) for connection in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        assert server.most_at_once == 4
    for connection in connections:
        connection.close()


# Honesty


@pytest.mark.parametrize("model", WIRE)
def test_the_schemas_on_the_wire_are_in_the_strict_subset_and_compile(model: type[Transcript]) -> None:
    schema = wire_schema(model)
    assert strict_faults(schema) == []
    assert compile_fault(schema) == ""


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"type": "array", "items": {"type": "string"}}, "root"),
        ({"additionalProperties": True}, "additionalProperties"),
        ({"required": []}, "not required: cells"),
        ({"default": {}}, "'default'"),
        ({"properties": {"cells": {"oneOf": []}}}, "'oneOf'"),
        ({"properties": {"cells": {"type": "array"}}}, "without items"),
        ({"properties": {"cells": {}}}, "type is missing"),
        ({"properties": {"cells": {"type": "string", "maxLength": 5}}}, "'maxLength'"),
        ({"properties": {"cells": {"enum": [str(i) for i in range(501)]}}}, "enum values"),
    ],
)
def test_what_leaves_the_strict_subset_is_told(change: dict[str, Any], fault: str) -> None:
    assert any(fault in told for told in strict_faults(CELLS | change))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD, ""),
        ('{"cells": [ {"cell": "a", "printed": null} ] }', ""),
        (GOOD[:-1], "incomplete"),
        (GOOD.replace('"a"', "1"), "byte"),
        (GOOD.replace('"cell"', '"kell"'), "byte"),
        ('{"cells":[{"printed":"一","cell":"a"}]}', "byte"),
        (GOOD + "。", "byte"),
        (f"```json\n{GOOD}\n```", "byte 0"),
        ("好", "byte 0"),
    ],
)
def test_only_what_the_engine_could_give_passes(text: str, fault: str) -> None:
    told = walk(CELLS, text)
    assert told.startswith(fault)
    assert bool(told) == bool(fault)


def test_an_answer_that_could_not_be_is_a_500() -> None:
    with ScriptedEndpoint(honest(lambda _: '{"cells":1}')) as server:
        status, body = _post(server, response_format=FORMAT)
        assert status == 500
        assert "not producible: byte" in body["error"]["message"]
        assert _post(server)[0] == 200
    with ScriptedEndpoint(honest(lambda _: Reply(GOOD[:9], finish_reason="length"))) as server:
        assert _post(server, response_format=FORMAT)[0] == 200


@pytest.mark.parametrize("model", WIRE)
def test_random_answers_fit_differ_and_repeat(model: type[Transcript]) -> None:
    schema = wire_schema(model)
    answers = [random_answer(schema, random.Random(seed)) for seed in range(20)]
    for answer in answers:
        model.model_validate_json(answer)
        assert walk(schema, answer) == ""
    assert len(set(answers)) > 10
    assert answers == [random_answer(schema, random.Random(seed)) for seed in range(20)]


def test_a_schema_that_does_not_compile_is_refused() -> None:
    with pytest.raises(ValueError, match="uniqueItems"):
        random_answer({"type": "array", "uniqueItems": True}, random.Random(1))


# Profiles


@pytest.mark.parametrize("profile", EVERYWHERE)
def test_each_kind_takes_at_least_one_way_of_asking(profile: Profile) -> None:
    off = dict([profile.thinking.off]) if profile.thinking else {}
    prompt = [{"role": "user", "content": "JSON"}]
    with ScriptedEndpoint(profile.script(lambda _: GOOD)) as server:
        taken = {
            name
            for name, fields in {
                "json_schema": {"response_format": FORMAT},
                "json_object": {"response_format": {"type": "json_object"}},
                "tool": CALL,
            }.items()
            if _post(server, messages=prompt, **fields, **off)[0] == 200
        }
    assert taken == {"json_schema", "json_object", "tool"} - set(profile.refused)


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("deepseek", {"response_format": FORMAT}, "This response_format type is unavailable now"),
        ("deepseek", {"response_format": {"type": "json_object"}}, "must contain the word 'json'"),
        ("deepseek", CALL, "Thinking mode does not support this tool_choice"),
        ("qwen", {"response_format": {"type": "json_object"}, "enable_thinking": False}, "must contain the word 'json'"),
        (
            "qwen",
            {"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "json"}]},
            "enable_thinking is true",
        ),
        ("qwen", CALL, "does not support being set to required or object"),
        ("qwen", {}, "must be set to false for non-streaming"),
        ("openai", {"max_tokens": 5}, "Use 'max_completion_tokens' instead"),
        (
            "openai",
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "array"}}}},
            "Invalid schema",
        ),
        ("llama.cpp", {"messages": [{"role": "user", "content": "长" * 20_000}]}, "exceeds the available context size"),
    ],
)
def test_refusals_in_their_own_words(name: str, fields: dict[str, Any], words: str) -> None:
    with ScriptedEndpoint(profile_named(name).script(lambda _: GOOD)) as server:
        status, body = _post(server, **fields)
    assert status == 400
    assert words in body["error"]["message"]


@pytest.mark.parametrize("profile", EVERYWHERE)
def test_limits_are_honoured_or_ignored(profile: Profile) -> None:
    off = dict([profile.thinking.off]) if profile.thinking else {}
    for name in ("max_tokens", "max_completion_tokens"):
        with ScriptedEndpoint(profile.script(lambda _: GOOD)) as server:
            status, body = _post(server, **{name: 3}, **off)
        if status == 200:
            cut = body["choices"][0]["finish_reason"] == "length"
            assert cut == (name in profile.limit_fields)
            assert (body["usage"]["completion_tokens"] == 3) == cut


def test_quirks() -> None:
    def content(name: str, said: str, **fields: Any) -> Any:
        with ScriptedEndpoint(profile_named(name).script(lambda _: said)) as server:
            return _post(server, messages=[{"role": "user", "content": "json"}], **fields)[1]["choices"][0]["message"]

    in_json = {"response_format": {"type": "json_object"}}
    assert content("deepseek", "prose", **in_json)["content"].strip() == ""
    assert content("deepseek", GOOD, **in_json)["content"] == GOOD
    assert content("tensorrt", GOOD, response_format=FORMAT)["content"].startswith("```json")
    assert content("ollama", GOOD, response_format=FORMAT) == {
        "role": "assistant",
        "content": "",
        "refusal": None,
        "reasoning_content": "先看表头，再逐行抄写。",
    }
    assert content("ollama", GOOD, response_format=FORMAT, reasoning_effort="none")["content"] == GOOD
    assert content("vllm", "{}", response_format=FORMAT)["content"].startswith("```")
    assert content("llama.cpp", GOOD, **CALL)["content"] == GOOD
    assert content("openai", GOOD, **CALL)["tool_calls"][0]["function"] == {"name": "answer", "arguments": GOOD}
    with ScriptedEndpoint(profile_named("ollama").script(lambda _: GOOD)) as server:
        _, body = _post(server, messages=[{"role": "user", "content": "长" * 4090}], reasoning_effort="none")
    assert body["choices"][0]["finish_reason"] == "length"
