"""Requests and replies of the scripted endpoint, and how a reply is written: whole, or as a stream of events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BYTES_PER_TOKEN = 3
PIECE = 4
"""Characters of a streamed event."""


def count_tokens(text: str) -> int:
    """Tokens by the rule of the scripted endpoint: one for every three bytes of UTF-8 begun, so one for a Chinese character."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def first_tokens(text: str, count: int) -> str:
    """As much of a text as so many tokens hold, whole characters only."""
    return text.encode()[: count * BYTES_PER_TOKEN].decode(errors="ignore")


class ToolCall(NamedTuple):
    """A call of a tool; the arguments are text, as models write them."""

    name: str
    arguments: str


class Usage(NamedTuple):
    """Counted tokens of a request and its reply."""

    prompt: int
    completion: int


@dataclass(frozen=True)
class Request:
    """A request as it came.

    Attributes:
        number: from 0, in the order of arrival.
        headers: with names in small letters.
        body: the parsed JSON.
        at: when it came, on the monotonic clock.
    """

    number: int
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    at: float

    @property
    def system(self) -> str:
        """The system message."""
        return self._text("system")

    @property
    def user(self) -> str:
        """The last user message; of several parts, the texts."""
        return self._text("user")

    @property
    def text(self) -> str:
        """All messages: what the prompt tokens are counted of."""
        return "".join(_text_of(message) for message in self.body.get("messages", ()))

    @property
    def images(self) -> int:
        """How many pictures came with it."""
        parts = [part for message in self.body.get("messages", ()) for part in message["content"] if isinstance(message["content"], list)]
        return sum(part["type"] == "image_url" for part in parts)

    @property
    def format(self) -> str:
        """json_schema, json_object, tool (a forced call), or text."""
        asked = self.body.get("response_format") or {}
        if self.body.get("tools") and self.body.get("tool_choice") not in (None, "auto", "none"):
            return "tool"
        return str(asked.get("type", "text"))

    @property
    def schema(self) -> dict[str, Any] | None:
        """The schema that the request itself carries for its answer."""
        if self.format == "json_schema":
            schema: dict[str, Any] = self.body["response_format"]["json_schema"]["schema"]
            return schema
        if self.format == "tool":
            parameters: dict[str, Any] = self.body["tools"][0]["function"]["parameters"]
            return parameters
        return None

    def _text(self, role: str) -> str:
        found = [_text_of(message) for message in self.body.get("messages", ()) if message["role"] == role]
        return found[-1] if found else ""


@dataclass(frozen=True)
class Reply:
    """How to reply.

    Attributes:
        finish_reason: default stop, or tool_calls with calls; "none" leaves it out.
        status: of HTTP; other than 200 with `error` and `code` as the reason.
        body: sent as it is in place of a completion, as a proxy's page would be.
        drop: close the connection without a word.
        cut: close it after so many bytes of the body.
        delay: seconds to wait before replying.
        usage: whether to tell the tokens.
    """

    content: str | None = None
    refusal: str | None = None
    finish_reason: str | None = None
    reasoning_content: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    status: int = 200
    error: str = "scripted error"
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    drop: bool = False
    cut: int | None = None
    delay: float = 0.0
    usage: bool = True

    @property
    def text(self) -> str:
        """All that was generated: what the completion tokens are counted of."""
        parts = (self.reasoning_content, self.content, self.refusal, *(call.arguments for call in self.tool_calls))
        return "".join(part for part in parts if part)


def usage_of(request: Request, reply: Reply) -> Usage:
    """The tokens of a request and its reply."""
    return Usage(count_tokens(request.text), count_tokens(reply.text))


def wants_usage(request: Request) -> bool:
    """Whether a request for a stream asks for its usage at the end."""
    return bool((request.body.get("stream_options") or {}).get("include_usage"))


def completion(request: Request, reply: Reply) -> dict[str, Any]:
    """A reply as a whole chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.content, "refusal": reply.refusal}
    if reply.reasoning_content is not None:
        message["reasoning_content"] = reply.reasoning_content
    if reply.tool_calls:
        message["tool_calls"] = [_call(i, call.name, call.arguments) for i, call in enumerate(reply.tool_calls)]
    choice = {"index": 0, "message": message, "finish_reason": _reason(reply), "logprobs": None}
    value = {**_head(request), "object": "chat.completion", "choices": [choice]}
    return value | ({"usage": _usage(request, reply)} if reply.usage else {})


def events(request: Request, reply: Reply) -> Iterator[str]:
    """A reply as the data of server-sent events."""
    for delta, reason in _deltas(reply):
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        yield _event(request, {"choices": [choice]})
    if reply.usage and wants_usage(request):
        yield _event(request, {"choices": [], "usage": _usage(request, reply)})
    yield "[DONE]"


def _deltas(reply: Reply) -> Iterator[tuple[dict[str, Any], str | None]]:
    yield {"role": "assistant", "content": ""}, None
    for name, text in (("reasoning_content", reply.reasoning_content), ("content", reply.content), ("refusal", reply.refusal)):
        for piece in _pieces(text or ""):
            yield {name: piece}, None
    for i, call in enumerate(reply.tool_calls):
        yield {"tool_calls": [{**_call(i, call.name, ""), "index": i}]}, None
        for piece in _pieces(call.arguments):
            yield {"tool_calls": [{"index": i, "function": {"arguments": piece}}]}, None
    yield {}, _reason(reply)


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]


def _event(request: Request, value: Mapping[str, Any]) -> str:
    return json.dumps({**_head(request), "object": "chat.completion.chunk", **value}, ensure_ascii=False)


def _head(request: Request) -> dict[str, Any]:
    return {"id": f"chatcmpl-{request.number}", "created": int(time.time()), "model": request.body.get("model")}


def _call(number: int, name: str, arguments: str) -> dict[str, Any]:
    return {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}


def _reason(reply: Reply) -> str | None:
    if reply.finish_reason == "none":
        return None
    return reply.finish_reason or ("tool_calls" if reply.tool_calls else "stop")


def _usage(request: Request, reply: Reply) -> dict[str, int]:
    usage = usage_of(request, reply)
    return {"prompt_tokens": usage.prompt, "completion_tokens": usage.completion, "total_tokens": sum(usage)}


def _text_of(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part["text"] for part in content if part["type"] == "text")
