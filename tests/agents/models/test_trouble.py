"""Errors of the client library to troubles: what each is called, and what may follow. The library's own errors are made by hand here."""

from __future__ import annotations

from typing import Any

import httpx2
import openai
import pytest

from agents.models import Endpoint
from agents.models.trouble import LONGEST_DETAIL, Trouble, no_reply, refusal_of, shortened
from agents.models.wire import Wire
from tests.agents.models.conftest import KEY

REQUEST = httpx2.Request("POST", "http://127.0.0.1:1/v1/chat/completions")


def _refused(status: int, body: Any, **headers: str) -> Trouble:
    response = httpx2.Response(
        status, request=REQUEST, headers={name.replace("_", "-"): value for name, value in headers.items()}, json=body
    )
    return refusal_of(openai.APIStatusError("", response=response, body=body))


@pytest.mark.parametrize(
    ("status", "body", "expected", "kind", "words"),
    [
        (400, {"error": {"message": "plain"}}, "rejected", "final", "HTTP 400：plain"),
        (400, {"message": "plain"}, "rejected", "final", "HTTP 400：plain"),
        (400, {"detail": [{"loc": ["body"]}]}, "rejected", "final", '[{"loc": ["body"]}]'),
        (400, "text", "rejected", "final", "HTTP 400：text"),
        (400, {"error": {"message": "", "code": None}}, "rejected", "final", "HTTP 400"),
        (400, {"error": {"message": "This model's maximum context length is 8192 tokens"}}, "rejected", "final", "上下文"),
        (
            400,
            {"error": {"message": "'response_format' of type 'json_schema' is not supported"}},
            "unsupported",
            "format",
            "400",
        ),
        (400, {"error": {"message": "data_inspection_failed"}}, "filtered", "final", "400"),
        (401, {"error": {"message": "no"}}, "rejected", "closed", "OPENAI_API_KEY"),
        (404, {"error": {"message": "model not found"}}, "rejected", "closed", "JIHE_MODEL"),
        (429, {"error": {"message": "You exceeded your current quota"}}, "rejected", "closed", "充值"),
        (429, {"error": {"message": "Rate limit reached"}}, "server", "passing", "429"),
        (500, {"error": {"message": "peg-native format"}}, "server", "passing", "500"),
        (529, None, "server", "passing", "529"),
    ],
)
def test_refusals(status: int, body: Any, expected: str, kind: str, words: str) -> None:
    trouble = _refused(status, body)
    assert (trouble.status, trouble.kind) == (expected, kind)
    assert words in trouble.detail


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry_after": "2"}, 2.0),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
        ({"retry_after": "soon"}, None),
        ({"retry_after_ms": "?", "retry_after": ""}, None),
    ],
)
def test_waits(headers: dict[str, str], wait: float | None) -> None:
    assert _refused(429, {}, **headers).wait == wait


def test_a_date_to_wait_for_may_be_past() -> None:
    wait = _refused(503, {}, retry_after="Wed, 21 Oct 2015 07:28:00 GMT").wait
    assert wait is not None
    assert wait < 0


@pytest.mark.parametrize(
    ("cause", "kind"),
    [(httpx2.ReadTimeout("t"), "slow"), (httpx2.WriteTimeout("t"), "slow"), (httpx2.ConnectTimeout("t"), "passing")],
)
def test_no_connection_in_time_is_not_a_slow_answer(cause: Exception, kind: str) -> None:
    error = openai.APITimeoutError(REQUEST)
    error.__cause__ = cause
    trouble = no_reply(error)
    assert (trouble.status, trouble.kind) == ("unreachable", kind)


def test_the_key_is_taken_out_before_words_are_cut() -> None:
    wire = Wire(Endpoint("http://127.0.0.1:1/v1", KEY, "m"))
    for padding in range(LONGEST_DETAIL - len(KEY) - 2, LONGEST_DETAIL + 2):
        attempt = wire._troubled(Trouble("rejected", "final", "x" * padding + KEY + "y" * 50), 0.0)
        assert attempt.trouble is not None
        assert "sk-" not in attempt.detail + attempt.trouble.detail
    wire.close()


def test_words_are_kept_on_one_line() -> None:
    assert shortened(" a\n\tb ") == "a b"
    assert len(shortened("长" * 1000)) == LONGEST_DETAIL + 1
