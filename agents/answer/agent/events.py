"""What happens while a question is answered, for whoever shows it: tools at work, pieces of the verified answer, the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from agents.answer.answer import Answer
from agents.answer.query import Query

Kind = Literal["note", "tool", "done", "text", "final"]
_TOLD = {
    "query_forms": "查询各表",
    "search_text": "查找文字",
    "read_form": "翻阅一张表",
    "list_findings": "查看核对结果",
    "judge_deviations": "逐条判断偏差原因",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: note: something the reader should know; tool, done: a tool begins and ends; text: a piece of the verified answer;
            final: the end, with the answer.
        text: short Chinese words for it.
        tool: name of the tool.
        arguments: what it was called with.
        answer, query: of the end; the next question may go on from the query.
    """

    kind: Kind
    text: str = ""
    tool: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    query: Query | None = None


def tool_begun(name: str, arguments: dict[str, Any]) -> Event:
    """A tool is called."""
    return Event("tool", f"{_TOLD.get(name, name)}…", name, arguments)


def tool_ended(name: str, *, failed: bool) -> Event:
    """A tool gave its result."""
    return Event("done", f"{_TOLD.get(name, name)}：{'没有成功，已告知模型' if failed else '完成'}", name)


def pieces_of(text: str) -> Iterator[str]:
    """The text of an answer in pieces, for whoever shows it as it comes: it was verified before the first of them."""
    for line in text.splitlines(keepends=True):
        yield from (piece for piece in re.split(r"(?<=[。！？])", line) if piece)
