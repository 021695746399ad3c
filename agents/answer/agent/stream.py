"""A streamed chat completion put together again: pieces to one reply, and what is wrong with it told apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agents.models.question import Usage

ANSWER_TOOL = "final_answer"
"""The tool that takes the final answer where an endpoint knows tools and no schemas."""
_LONGEST_BROKEN = 200


@dataclass
class Reply:
    """What came of one request.

    Attributes:
        calls: id, name and arguments of each call of a tool, as written.
    """

    content: str = ""
    refusal: str = ""
    calls: list[dict[str, str]] = field(default_factory=list)
    reason: str | None = None
    usage: Usage | None = None

    @property
    def whole(self) -> bool:
        """Whether a reason to end came; without one the stream was cut."""
        return self.reason is not None

    @property
    def text(self) -> str:
        """All that was generated."""
        return self.content + self.refusal + "".join(call["arguments"] for call in self.calls)

    def add(self, chunk: Any) -> None:
        """Take in the next piece of a stream.

        Raises:
            AttributeError, TypeError: it is no piece of a chat completion.
        """
        usage = getattr(chunk, "usage", None)
        if usage is not None and usage.prompt_tokens:
            self.usage = Usage(usage.prompt_tokens, usage.completion_tokens or 0)
        # Some servers send the tokens, or the end, with no choices or with nothing in them.
        for choice in (chunk.choices or ())[:1]:
            self.reason = choice.finish_reason or self.reason
            delta = choice.delta
            if delta is None:
                continue
            self.content += delta.content or ""
            self.refusal += getattr(delta, "refusal", None) or ""
            for call in delta.tool_calls or ():
                self._add_call(call)

    def _add_call(self, call: Any) -> None:
        # Some servers number every call 0 and tell them apart by their ids.
        at = next((i for i, one in enumerate(self.calls) if one["index"] == str(call.index)), None)
        if at is None or (call.id and self.calls[at]["id"] and call.id != self.calls[at]["id"]):
            self.calls.append({"index": str(call.index), "id": "", "name": "", "arguments": ""})
            at = len(self.calls) - 1
        own = self.calls[at]
        own["id"] = own["id"] or call.id or ""
        own["name"] += (call.function.name or "") if call.function else ""
        own["arguments"] += (call.function.arguments or "") if call.function else ""

    def message(self, number: int) -> dict[str, Any]:
        """The reply as a message of the conversation: a call of the answer's tool is the answer, broken arguments are told to the tool.

        Args:
            number: of the request, for calls without ids.
        """
        final = next((call for call in self.calls if call["name"] == ANSWER_TOOL), None)
        others = [call for call in self.calls if call is not final]
        if final is not None and not others:
            return {"role": "assistant", "content": final["arguments"]}
        message: dict[str, Any] = {"role": "assistant", "content": self.content}
        if others:
            message["tool_calls"] = [_as_call(call, f"call_{number}_{i}") for i, call in enumerate(others)]
        return message


def _as_call(call: dict[str, str], name: str) -> dict[str, Any]:
    arguments = call["arguments"].strip() or "{}"
    if not _is_object(arguments):
        # LangChain would end the run without a word: as an argument that no tool knows, it comes back as an error.
        arguments = json.dumps({"not_json": arguments[:_LONGEST_BROKEN]}, ensure_ascii=False)
    return {"id": call["id"] or name, "type": "function", "function": {"name": call["name"], "arguments": arguments}}


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False


def put_together(chunks: Iterable[Any], reply: Reply) -> Reply:
    """All pieces of a stream in one reply, which holds what came so far if the stream breaks."""
    for chunk in chunks:
        reply.add(chunk)
    return reply
