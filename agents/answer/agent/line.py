"""The line to an endpoint for a conversation with tools: budget, retries, ledger, cancelling; one request in, one whole reply out."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import openai

from agents.answer.agent.final import FinalAnswer
from agents.answer.agent.limits import Limits
from agents.answer.agent.stream import ANSWER_TOOL, Reply, put_together
from agents.answer.agent.trouble import Unanswered
from agents.answer.agent.waiting import waited
from agents.models.budget import Budget
from agents.models.course import Patience
from agents.models.endpoint import Endpoint
from agents.models.question import Status, Usage
from agents.models.run_names import new_run_name
from agents.models.tokens import MESSAGE_TOKENS, estimate_tokens
from agents.models.trouble import Trouble, bad_reply, no_reply, refusal_of, shortened
from schema.transcript import wire_schema
from store.calls import Call, CallLog

SHAPES = ("json_schema", "tool", "words")
"""How the structure of the final answer is told, the strictest first. It stands in the prompt in any case."""
_FIRST = {"json_schema": "json_schema", "tool": "tool", "json_object": "words"}
"""By the mode of the endpoint. JSON mode and tools together are refused by some, ignored by others."""
PURPOSE = "ask"
_CONNECT = 10.0
_SHORTEST = 0.1
_BROKEN_OFF = "cancelled"
"""What the ledger calls a request whose end nobody waited for."""


@dataclass
class Spent:
    """What a question came to so far."""

    requests: int = 0
    prompt: int = 0
    completion: int = 0

    @property
    def tokens(self) -> int:
        """Sent and received."""
        return self.prompt + self.completion


@dataclass(frozen=True)
class Run:
    """What a line needs of the run it belongs to: whom to ask, where it is noted, what may be spent, and for how long.

    Attributes:
        cancelled: set by any thread to wait no longer for the request under way, and to send no more.
    """

    endpoint: Endpoint
    log: CallLog
    budget: Budget
    limits: Limits = field(default_factory=Limits)
    patience: Patience = field(default_factory=Patience)
    cancelled: threading.Event = field(default_factory=threading.Event)


class Line:
    """Sends requests of one question. Not to be shared between questions.

    Args:
        shape: how the final answer is asked for; an endpoint that refuses steps down, and `shape` says to what.
    """

    def __init__(self, run: Run, client: openai.OpenAI, shape: str = "") -> None:
        self._run = run
        self._client = client
        self.shape = shape or _FIRST[run.endpoint.mode]
        self.spent = Spent()
        self.name = new_run_name()
        self._limit_field = run.endpoint.limit_field
        self._limit = run.limits.answer_tokens
        self._usage_told = True
        self._ends = time.monotonic() + run.limits.seconds

    def complete(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request until a whole reply comes.

        Args:
            payload: messages and tools as LangChain made them.

        Returns:
            A chat completion as data.

        Raises:
            Unanswered: none comes; or budget, tokens or time are used up, or it was cancelled.
        """
        failures, asked_again = 0, False
        self._limit = self._run.limits.answer_tokens
        while True:
            reply, status, trouble = self._send(payload)
            if status == "ok":
                return self._completion(reply)
            if trouble is None:
                if asked_again or status not in ("empty", "truncated"):
                    raise Unanswered(status, reply.refusal[:200])
                asked_again = True
                self._limit *= 2 if status == "truncated" else 1
                continue
            failures += 1
            pause = self._next(trouble, failures)
            if pause is None:
                raise Unanswered(trouble.status, trouble.detail)
            self._run.cancelled.wait(min(pause, max(0.0, self._ends - time.monotonic())))

    def _next(self, trouble: Trouble, failures: int) -> float | None:
        """Seconds until the next try; None where there is none."""
        patience = self._run.patience
        if self._usage_told and "stream_options" in trouble.detail:
            # Whatever else such a refusal speaks of: without that field the request is the plainest there is.
            self._usage_told = False
            return 0.0
        if trouble.kind in ("passing", "slow"):
            tries = patience.slow_tries if trouble.kind == "slow" else patience.tries
            if failures >= tries:
                return None
            return float(min(max(patience.pause * 2 ** (failures - 1), trouble.wait or 0.0), patience.longest_pause))
        if trouble.kind == "format":
            return self._step_down()
        if trouble.kind == "limit" and self._limit_field == self._run.endpoint.limit_field:
            self._limit_field = "max_completion_tokens" if self._limit_field == "max_tokens" else "max_tokens"
            return 0.0
        return None

    def _step_down(self) -> float | None:
        at = SHAPES.index(self.shape)
        if at + 1 == len(SHAPES):
            return None
        self.shape = SHAPES[at + 1]
        return 0.0

    def _send(self, payload: Mapping[str, Any]) -> tuple[Reply, Status, Trouble | None]:
        """One request: what came, what that is, and what stood in the way."""
        fields = self._fields(payload)
        estimate = estimate_tokens(json.dumps(fields, ensure_ascii=False, default=str)) + MESSAGE_TOKENS
        self._permit(estimate)
        reservation = self._run.budget.reserve(estimate, self._limit)
        if reservation is None:
            raise Unanswered("预算不够", f"已用 {self._run.budget.spent}，上限 {self._run.budget.told}")
        reply, trouble, started = Reply(), None, time.monotonic()
        # What breaks a request off from here on (cancelled, no time left, Ctrl-C) leaves it unfinished, but sent and to be paid for.
        noted = _BROKEN_OFF
        try:
            trouble = self._stream(fields, reply)
            noted = status = trouble.status if trouble else _status(reply)
        finally:
            counted = reply.usage or (Usage(0, 0) if _refused(trouble, reply) else None)
            used = counted or Usage(estimate, estimate_tokens(reply.text))
            self._run.budget.settle(reservation, used.prompt, used.completion)
            self.spent.requests += 1
            self.spent.prompt += used.prompt
            self.spent.completion += used.completion
            self._note(noted, counted, time.monotonic() - started)
        if trouble is None and status == "server":
            trouble = Trouble("server", "passing", f"回答没有正常结束：finish_reason 为 {reply.reason}")
        return reply, status, trouble

    def _permit(self, estimate: int) -> None:
        if self._run.cancelled.is_set():
            raise Unanswered("已取消")
        if time.monotonic() >= self._ends:
            raise Unanswered("这个问题用的时间太长", f"上限 {self._run.limits.seconds:g} 秒")
        if self.spent.tokens + estimate > self._run.limits.question_tokens:
            raise Unanswered("这个问题用的 token 太多", f"已用 {self.spent.tokens}，上限 {self._run.limits.question_tokens}")

    def _fields(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        own = {name: value for name, value in payload.items() if name not in ("stream", "stream_options", "response_format", "extra_body")}
        if self.shape == "json_schema":
            schema = {"name": FinalAnswer.__name__, "strict": True, "schema": wire_schema(FinalAnswer)}
            own["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif self.shape == "tool":
            function = {"name": ANSWER_TOOL, "description": "交出最后的回答", "parameters": wire_schema(FinalAnswer)}
            own["tools"] = [*own.get("tools", ()), {"type": "function", "function": function}]
        if self._usage_told:
            own["stream_options"] = {"include_usage": True}
        return {**own, "extra_body": {**self._run.endpoint.extra_body, self._limit_field: self._limit}}

    def _stream(self, fields: dict[str, Any], reply: Reply) -> Trouble | None:
        """Put the reply together as it comes; a cancel is heard at once, also while nothing comes."""
        done = waited(lambda: (self._received(fields, reply),), self._run.cancelled)
        if done is None:
            raise Unanswered("已取消")
        return done[0]

    def _received(self, fields: dict[str, Any], reply: Reply) -> Trouble | None:
        endpoint = self._run.endpoint
        try:
            with self._client.chat.completions.create(stream=True, timeout=self._timeout(), **fields) as stream:
                put_together((self._looked(chunk) for chunk in stream), reply)
        except openai.APIStatusError as e:
            return self._told(refusal_of(e))
        except openai.APIConnectionError as e:
            return self._told(no_reply(e))
        except (openai.OpenAIError, ValueError, TypeError, KeyError, IndexError, AttributeError) as e:
            return self._told(bad_reply(e))
        if not reply.whole and not reply.text:
            return Trouble("server", "passing", f"{endpoint.host} 返回的不是对话补全，请检查 OPENAI_BASE_URL")
        return None if reply.whole else Trouble("unreachable", "passing", "回答没有写完就断了")

    def _timeout(self) -> openai.Timeout:
        """Waiting for the next piece ends with the time of the question."""
        return _timeout(min(self._run.endpoint.timeout, max(_SHORTEST, self._ends - time.monotonic())))

    def _looked(self, chunk: Any) -> Any:
        if self._run.cancelled.is_set():
            raise Unanswered("已取消")
        if time.monotonic() >= self._ends:
            raise Unanswered("这个问题用的时间太长", f"上限 {self._run.limits.seconds:g} 秒")
        return chunk

    def _told(self, trouble: Trouble) -> Trouble:
        detail = shortened(self._run.endpoint.without_key(trouble.detail))
        return Trouble(trouble.status, trouble.kind, detail, trouble.wait)

    def _note(self, status: str, counted: Usage | None, seconds: float) -> None:
        """A line of the ledger, which holds what the endpoint counted and no estimates."""
        endpoint, price = self._run.endpoint, self._run.endpoint.price
        self._run.log.write(
            Call(
                run=self.name,
                model=endpoint.model,
                host=endpoint.host,
                purpose=PURPOSE,
                form="",
                status=status,
                attempt=self.spent.requests,
                prompt_tokens=counted.prompt if counted else None,
                completion_tokens=counted.completion if counted else None,
                seconds=seconds,
                cost=price.cost(counted.prompt, counted.completion) if counted and price else None,
                currency=price.currency if price else "",
            )
        )

    def _completion(self, reply: Reply) -> dict[str, Any]:
        message = reply.message(self.spent.requests)
        reason = "tool_calls" if message.get("tool_calls") else "stop"
        choice = {"index": 0, "message": message, "finish_reason": reason}
        # The id is the message's in the thread: it has to differ from all others.
        name = f"{self.name}-{time.monotonic_ns()}"
        return {"id": name, "object": "chat.completion", "created": 0, "model": self._run.endpoint.model, "choices": [choice]}


def connect(endpoint: Endpoint) -> openai.OpenAI:
    """A client of the endpoint; whoever made it closes it."""
    timeout = _timeout(endpoint.timeout)
    # A proxy of the environment is for the world outside.
    client = openai.DefaultHttpx2Client(trust_env=not endpoint.local, timeout=timeout)
    return openai.OpenAI(api_key=endpoint.api_key, base_url=endpoint.base_url, http_client=client, max_retries=0, timeout=timeout)


def _timeout(seconds: float) -> openai.Timeout:
    return openai.Timeout(seconds, connect=min(_CONNECT, seconds))


def _status(reply: Reply) -> Status:
    if reply.refusal:
        return "refused"
    if reply.reason == "length":
        return "truncated"
    if reply.reason == "content_filter":
        return "filtered"
    if reply.reason not in ("stop", "tool_calls", "function_call"):
        return "server"
    return "ok" if reply.content.strip() or reply.calls else "empty"


def _refused(trouble: Trouble | None, reply: Reply) -> bool:
    """Whether the endpoint took no request at all: then it cost nothing. What breaks in mid-reply does."""
    return trouble is not None and not reply.text and trouble.status in ("rejected", "unsupported", "server", "filtered")
