"""How endpoints differ, as data: what each refuses and in what words, what it enforces, ignores, cuts, fences, or thinks about first.

One profile per kind of endpoint, from documentation and issues of 2024-2026 (docs/models.md); no provider was called. A profile turns a
script that gives good answers into one that gives them the way this endpoint would.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from eval.endpoint.honest import bound
from eval.endpoint.replies import Reply, Request, ToolCall, count_tokens, first_tokens
from eval.endpoint.strict import strict_faults

THOUGHT = "先看表头，再逐行抄写。"
"""What an endpoint that thinks is made to think."""
BLANKS = " \n" * 40
"""What DeepSeek gives in place of what is no JSON."""


@dataclass(frozen=True)
class Thinking:
    """What an endpoint does that thinks unless told not to.

    Attributes:
        off: the field of the request and the value that turn it off.
        refused: what it answers with a 400 meanwhile, by format of the request; "" stands for every request without streaming.
        takes_all: whether the thought uses up the answer, so that its content is empty.
        unbinds: whether the schema does not bind meanwhile.
    """

    off: tuple[str, Any]
    refused: Mapping[str, str] = field(default_factory=dict)
    takes_all: bool = False
    unbinds: bool = False


@dataclass(frozen=True)
class Profile:
    """One kind of endpoint.

    Attributes:
        refused: the words of its 400, by format of the request.
        binds: formats whose schema (or, for json_object, JSON itself) it enforces while it generates.
        limit_fields: names of the longest answer that it honours; others are ignored.
        refused_limit: names of it that it refuses, with the words.
        strict: whether it refuses schemas outside the strict subset.
        json_word: the words of its 400 for JSON mode without the word JSON in the prompt.
        blanks: whether JSON mode gives blanks in place of what is no JSON.
        fences: whether an answer that nothing binds comes in a fence.
        forces_tools: whether a forced call is made; else the answer is plain content.
        context: tokens of prompt and answer together; what is beyond is cut, or refused with `context_words`.
    """

    name: str
    refused: Mapping[str, str] = field(default_factory=dict)
    binds: frozenset[str] = frozenset()
    limit_fields: tuple[str, ...] = ("max_tokens", "max_completion_tokens")
    refused_limit: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False
    json_word: str = ""
    blanks: bool = False
    fences: bool = False
    forces_tools: bool = True
    thinking: Thinking | None = None
    context: int | None = None
    context_words: str = ""

    def script(self, answer: Callable[[Request], Reply | str]) -> Callable[[Request], Reply]:
        """A script that gives the answers of another one the way this endpoint would; its HTTP errors and drops pass as they are."""

        def shaped(request: Request) -> Reply:
            refusal = self._refusal(request)
            if refusal:
                return Reply(status=400, error=refusal, code="invalid_request_error")
            said = answer(request)
            reply = Reply(said) if isinstance(said, str) else said
            if reply.status != 200 or reply.drop or reply.body is not None or reply.refusal is not None:
                return reply
            return self._shape(request, reply)

        return shaped

    def thinks(self, request: Request) -> bool:
        """Whether it would think before this answer."""
        if self.thinking is None:
            return False
        name, value = self.thinking.off
        return bool(request.body.get(name) != value)

    def _refusal(self, request: Request) -> str:
        """The words of the 400 that a request gets; empty where it gets none."""
        if request.format in self.refused:
            return self.refused[request.format]
        for name, words in self.refused_limit.items():
            if name in request.body:
                return words
        if request.format == "json_object" and self.json_word and "json" not in request.text.lower():
            return self.json_word
        if self.thinking is not None and self.thinks(request):
            words = self.thinking.refused.get(request.format) or ("" if request.body.get("stream") else self.thinking.refused.get("", ""))
            if words:
                return words
        faults = strict_faults(request.schema) if self.strict and request.schema is not None else []
        if faults:
            return f"Invalid schema for response_format: {faults[0]}"
        return self.context_words if self.context and self.context_words and count_tokens(request.text) >= self.context else ""

    def _shape(self, request: Request, reply: Reply) -> Reply:
        content, thought = reply.content or "", reply.reasoning_content
        if self.thinking is not None and self.thinks(request):
            thought = THOUGHT
            if self.thinking.takes_all:
                return replace(reply, content="", reasoning_content=thought, finish_reason="stop")
        binds = request.format in self.binds and not (thought and self.thinking and self.thinking.unbinds)
        if self.blanks and request.format == "json_object" and not _is_json(content) and reply.finish_reason is None:
            content = BLANKS
        elif not binds and self.fences and _is_json(content):
            content = f"```json\n{content}\n```"
        limit = self._limit(request)
        cut = limit is not None and count_tokens(content) > limit
        shaped = replace(
            reply,
            content=first_tokens(content, limit or 0) if cut else content,
            reasoning_content=thought,
            finish_reason="length" if cut else reply.finish_reason,
        )
        return self._bound(request, shaped) if binds else self._as_call(request, shaped)

    def _bound(self, request: Request, reply: Reply) -> Reply:
        """As the engine gives it: what it could not give is a 500 that says so."""
        if request.format == "json_object":
            whole = reply.finish_reason is None
            if whole and reply.content is not None and not (_is_json(reply.content) or self.blanks):
                return Reply(status=500, error="the script is not producible: no JSON")
            return reply
        checked = bound(request, reply)
        return checked if checked.status != 200 else self._as_call(request, checked)

    def _as_call(self, request: Request, reply: Reply) -> Reply:
        if request.format != "tool" or not self.forces_tools or not reply.content:
            return reply
        name = request.body["tools"][0]["function"]["name"]
        return replace(reply, content=None, tool_calls=(ToolCall(name, reply.content),))

    def _limit(self, request: Request) -> int | None:
        """Tokens that the answer may have."""
        limits = [int(request.body[name]) for name in self.limit_fields if name in request.body]
        if self.context:
            limits.append(max(0, self.context - count_tokens(request.text)))
        return min(limits, default=None)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


_BOTH = frozenset({"json_schema", "json_object", "tool"})
_QWEN_THINKING = Thinking(
    off=("enable_thinking", False),
    refused={
        "": "parameter.enable_thinking must be set to false for non-streaming calls",
        "json_object": "Json mode response is not supported when enable_thinking is true",
        "tool": "The tool_choice parameter does not support being set to required or object in thinking mode",
    },
)

PROFILES: tuple[Profile, ...] = (
    Profile(
        "openai",
        binds=_BOTH,
        limit_fields=("max_completion_tokens",),
        refused_limit={
            "max_tokens": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
        },
        strict=True,
        json_word="'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    ),
    Profile(
        "deepseek",
        refused={"json_schema": "This response_format type is unavailable now"},
        limit_fields=("max_tokens",),
        json_word="Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.",
        blanks=True,
        thinking=Thinking(off=("thinking", {"type": "disabled"}), refused={"tool": "Thinking mode does not support this tool_choice"}),
    ),
    Profile(
        "qwen",
        refused={"json_schema": "'response_format.type' Input should be 'json_object' or 'text': response_format"},
        binds=frozenset({"json_object"}),
        limit_fields=("max_tokens",),
        json_word="'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        fences=True,
        thinking=_QWEN_THINKING,
    ),
    Profile(
        "ollama",
        binds=frozenset({"json_schema", "json_object"}),
        limit_fields=("max_tokens",),
        thinking=Thinking(off=("reasoning_effort", "none"), takes_all=True),
        context=4096,
    ),
    Profile("ollama-cloud", limit_fields=("max_tokens",), fences=True, thinking=Thinking(off=("reasoning_effort", "none"))),
    Profile(
        "vllm",
        binds=_BOTH,
        thinking=Thinking(off=("chat_template_kwargs", {"enable_thinking": False}), unbinds=True),
        fences=True,
        context=32_768,
        context_words="This model's maximum context length is 32768 tokens. Please reduce the length of the input messages.",
    ),
    Profile(
        "llama.cpp",
        binds=frozenset({"json_schema", "json_object"}),
        forces_tools=False,
        context=16_384,
        context_words="the request exceeds the available context size, try increasing it",
    ),
    Profile("tensorrt", fences=True),
)


def profile_named(name: str) -> Profile:
    """The profile of this name.

    Raises:
        KeyError: there is none.
    """
    return {profile.name: profile for profile in PROFILES}[name]
