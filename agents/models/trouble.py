"""What an endpoint refuses or fails at, told from its HTTP errors: what it is called here, and what may follow."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

import openai

from agents.models.question import Status

LONGEST_DETAIL = 300
"""Characters of what is told about a trouble."""

_FORMAT_WORDS = (
    "response_format", "json_schema", "json_object", "json mode", "structured output", "guided", "grammar", "tool_choice", "tools",
    "tool call", "function call",
)  # fmt: skip
"""Words of a 400 that mean the way of asking, not the question: the endpoint may take another way."""
_TOO_LONG_WORDS = (
    "context length",
    "context size",
    "context_length",
    "maximum context",
    "context window",
    "prompt is too long",
    "input length",
)
_FILTER_WORDS = ("content_filter", "content exists risk", "data_inspection_failed", "inappropriate content")
_OTHER_LIMIT_WORDS = ("max_tokens", "max_completion_tokens")
_NO_MONEY_WORDS = ("insufficient_quota", "insufficient balance", "exceeded your current quota", "arrearage", "billing")

Kind = Literal["passing", "slow", "format", "limit", "final", "closed"]

_ADVICE = {
    401: "密钥不对或已失效：请检查 OPENAI_API_KEY，以及 OPENAI_BASE_URL 是否是发出该密钥的服务商",
    402: "账户余额不足：请充值",
    403: "密钥没有权限用这个模型或在此地区使用：请检查账户和 JIHE_MODEL",
    404: "没有这个模型或地址：请检查 JIHE_MODEL 和 OPENAI_BASE_URL（多数以 /v1 结尾）",
    405: "地址不对：请检查 OPENAI_BASE_URL（多数以 /v1 结尾）",
}
"""Refusals that every further question would meet, too."""
_TOO_LARGE = "材料超过模型的上下文长度：请换上下文更长的模型；本地模型请加大上下文长度"


@dataclass(frozen=True)
class Trouble:
    """What stood in the way of an answer.

    Attributes:
        kind: passing: may be gone at the next try; slow: no reply in time; format: another way of asking may do; limit: the field of the
            longest answer has the other name; final: this question will not be answered; closed: no question will.
        detail: in the endpoint's own words, as long as they are; it may repeat the key.
        wait: seconds after which the endpoint wants to be asked again, where it says so.
    """

    status: Status
    kind: Kind
    detail: str
    wait: float | None = None


def refusal_of(error: openai.APIStatusError) -> Trouble:
    """What an HTTP error means."""
    code = error.status_code
    words = _words(error)
    told = f"HTTP {code}：{words}" if words else f"HTTP {code}"
    low = words.lower()
    if code in _ADVICE or (code == 429 and any(word in low for word in _NO_MONEY_WORDS)):
        return Trouble("rejected", "closed", f"{_ADVICE.get(code, _ADVICE[402])}；{told}")
    if code in (408, 409, 425, 429) or code >= 500:
        return Trouble("server", "passing", told, _wait(error))
    if code == 413 or any(word in low for word in _TOO_LONG_WORDS):
        return Trouble("rejected", "final", f"{_TOO_LARGE}；{told}")
    if any(word in low for word in _FILTER_WORDS):
        return Trouble("filtered", "final", told)
    if all(word in low for word in _OTHER_LIMIT_WORDS):
        return Trouble("rejected", "limit", told)
    if any(word in low for word in _FORMAT_WORDS):
        return Trouble("unsupported", "format", told)
    return Trouble("rejected", "final", told)


def no_reply(error: openai.APIConnectionError) -> Trouble:
    """What a connection without a whole reply means."""
    if isinstance(error, openai.APITimeoutError) and type(error.__cause__).__name__ != "ConnectTimeout":
        return Trouble("unreachable", "slow", "限定时间内没有回答")
    return Trouble("unreachable", "passing", _connection_words(error))


def bad_reply(error: Exception) -> Trouble:
    """What a reply that is no chat completion means."""
    return Trouble("server", "passing", f"返回的不是对话补全，请检查 OPENAI_BASE_URL：{error}")


def _words(error: openai.APIStatusError) -> str:
    """The endpoint's own words: the message of its error, else its body."""
    body = error.body
    for key in ("error", "message", "detail"):
        if isinstance(body, dict) and key in body:
            body = body[key]
    code = error.code or ""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False) if body else error.response.text
    return f"{text} [{code}]" if code and code not in text else text


def _connection_words(error: openai.APIConnectionError) -> str:
    cause = error.__cause__ or error
    return f"{type(cause).__name__}：{cause}"


def shortened(text: str) -> str:
    """A text on one line, cut where it is long."""
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST_DETAIL else flat[:LONGEST_DETAIL] + "…"


def _wait(error: openai.APIStatusError) -> float | None:
    """Seconds from retry-after-ms or retry-after, which may be a number or a date."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        if "retry-after" in headers:
            return float(headers["retry-after"])
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
