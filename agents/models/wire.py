"""One request to an endpoint and what came of it. No retries, no memory: `agents.models.caller` decides what follows.

LangChain's chat model carries the settings and the connection; its own reading of structured answers is passed by, because it raises
where text was paid for (length, content filter, answers that do not fit), loses the text of tool calls, and warns on the terminal.
"""

from __future__ import annotations

import base64
import json
import time
import weakref
from dataclasses import dataclass, replace
from typing import Any

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatResult
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import SecretStr

from agents.models.endpoint import Endpoint
from agents.models.presets import LimitField, Mode
from agents.models.question import Question, Status, T, Usage
from agents.models.trouble import Trouble, bad_reply, no_reply, refusal_of, shortened
from schema.transcript import wire_schema

CONNECT_SECONDS = 10.0
"""How long to wait for a connection: an endpoint that is there accepts at once, however slow its answers are."""
TOOL = "answer"
IN_WORDS = "只输出一个 JSON 对象，不要任何解释、前言或代码围栏。它必须符合下面的 JSON Schema：所有键都要有，次序照此，没有的填 null。\n"
"""How a schema is told in words. It has to say JSON: two providers refuse the request otherwise."""
NOT_FITTING = "\n\n上一次的回答不合格式：{fault}。请重新作答。"


@dataclass(frozen=True)
class Asking:
    """How a question is put this time.

    Attributes:
        mode: how the endpoint is told the schema.
        limit: how long the answer may be, in tokens.
        limit_field: what that is called.
        in_words: whether the schema stands in the prompt, too.
        fault: what was wrong with the answer before.
    """

    mode: Mode
    limit: int
    limit_field: LimitField = "max_tokens"
    in_words: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of one request.

    Attributes:
        status: ok means that a whole text came; whether it fits is for the caller to check.
        usage: as reported; None where that is not known.
        trouble: what stood in the way, where something did.
    """

    status: Status
    text: str = ""
    detail: str = ""
    usage: Usage | None = None
    seconds: float = 0.0
    trouble: Trouble | None = None


class Wire:
    """The connection to an endpoint. Safe to share between threads; closed when it is dropped."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        timeout = openai.Timeout(endpoint.timeout, connect=min(CONNECT_SECONDS, endpoint.timeout))
        # A proxy of the environment is for the world outside.
        client = openai.DefaultHttpx2Client(trust_env=not endpoint.local, timeout=timeout)
        self.close = weakref.finalize(self, client.close)
        self._chat = _Chat(
            model=endpoint.model,
            base_url=endpoint.base_url,
            api_key=SecretStr(endpoint.api_key),
            timeout=timeout,
            http_client=client,
            max_retries=0,
            use_responses_api=False,
            cache=False,
        )

    def send(self, question: Question[T], asking: Asking) -> Attempt:
        """Send one request and wait for its end."""
        fields = {
            **schema_fields(question, asking.mode),
            "extra_body": {**self.endpoint.extra_body, asking.limit_field: asking.limit},
        }
        started = time.monotonic()
        try:
            # Documents go to the endpoint and nowhere else, whatever tracing the environment asks LangChain for.
            with tracing_context(enabled=False):
                message = self._chat.invoke(messages(question, asking), **fields)
        except openai.APIStatusError as e:
            return self._troubled(refusal_of(e), started, Usage(0, 0))
        except openai.APIConnectionError as e:
            return self._troubled(no_reply(e), started)
        except (openai.OpenAIError, ValueError, TypeError, KeyError, IndexError, AttributeError) as e:
            # The reply is no chat completion: a page of a proxy, an error with status 200, no choices.
            return self._troubled(bad_reply(e), started)
        status, text, detail = _read(message, asking.mode)
        return Attempt(status, text, shortened(self.endpoint.without_key(detail)), _usage(message), time.monotonic() - started)

    def _troubled(self, trouble: Trouble, started: float, usage: Usage | None = None) -> Attempt:
        # The key is taken out before the text is cut, which might leave a half of it.
        detail = shortened(self.endpoint.without_key(trouble.detail))
        return Attempt(trouble.status, "", detail, usage, time.monotonic() - started, replace(trouble, detail=detail))


class _Chat(ChatOpenAI):
    """A chat model that gives back what came, as it came."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - the signature is LangChain's
        **kwargs: Any,
    ) -> ChatResult:
        payload = self._get_request_payload(messages, stop=stop, **kwargs)
        payload.pop("stream", None)
        reply = self.root_client.chat.completions.create(**payload)
        result = self._create_chat_result(reply)
        message = result.generations[0].message
        calls = reply.choices[0].message.tool_calls or ()
        # LangChain keeps arguments parsed only: doubled keys and broken JSON would not be seen any more.
        message.additional_kwargs["arguments"] = [call.function.arguments for call in calls if call.type == "function"]
        return result


def messages(question: Question[T], asking: Asking) -> list[BaseMessage]:
    """The messages of a question; pictures after the text."""
    system = question.system
    if asking.in_words or asking.mode == "json_object":
        schema = json.dumps(wire_schema(question.schema), ensure_ascii=False, separators=(",", ":"))
        system = f"{system}\n\n{IN_WORDS}{schema}"
    user = question.user + (NOT_FITTING.format(fault=asking.fault) if asking.fault else "")
    if not question.images:
        return [SystemMessage(system), HumanMessage(user)]
    pictures = [{"type": "image_url", "image_url": {"url": _data_url(image)}} for image in question.images]
    return [SystemMessage(system), HumanMessage([{"type": "text", "text": user}, *pictures])]


def schema_fields(question: Question[T], mode: Mode) -> dict[str, Any]:
    """The fields of a request that hold the schema of its answer."""
    schema = wire_schema(question.schema)
    name = question.schema.__name__
    if mode == "json_schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}}
    if mode == "json_object":
        return {"response_format": {"type": "json_object"}}
    function = {"name": TOOL, "description": "交出答案", "strict": True, "parameters": schema}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": {"type": "function", "function": {"name": TOOL}}}


def _read(message: AIMessage, mode: Mode) -> tuple[Status, str, str]:
    """Status, text and detail of a reply that came whole."""
    text = message.text
    arguments = message.additional_kwargs.get("arguments")
    if mode == "tool" and arguments:
        # Without a call the text is looked at: some servers take a forced tool for a suggestion.
        text = arguments[0]
    reason = message.response_metadata.get("finish_reason")
    refusal = message.additional_kwargs.get("refusal")
    if refusal:
        return "refused", text, str(refusal)
    if reason == "length":
        return "truncated", text, ""
    if reason == "content_filter":
        return "filtered", text, ""
    if reason not in ("stop", "tool_calls", "function_call"):
        return "server", text, f"回答没有正常结束：finish_reason 为 {reason}"
    return ("ok" if text.strip() else "empty"), text, ""


def _usage(message: AIMessage) -> Usage | None:
    counted = message.usage_metadata
    # No prompt has no tokens: a server that says so does not count, and would empty no budget.
    return Usage(counted["input_tokens"], counted["output_tokens"]) if counted and counted["input_tokens"] else None


def _data_url(image: bytes) -> str:
    kind = "jpeg" if image.startswith(b"\xff\xd8") else "png"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
