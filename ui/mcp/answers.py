"""Answers to questions as a tool gives them: what `jihe ask --json` prints, bounded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from inspect import getdoc
from typing import Any

from pydantic import ConfigDict, Field

from agents.answer.answer import Answer
from agents.answer.ask import as_json
from agents.answer.verify.text import marks, split
from agents.tools import LONGEST_RESULT, FormTool, schema_of
from schema.record import Record

_TOLD = ("answer", "citations")
CUT = "Too long: the last entries of {lists} were left out ({given})."


class Ask(Record):
    """Arguments of ask."""

    question: str


class CitationText(Record):
    """Where a sentence of an answer stands; see agents.answer.answer.Citation."""

    model_config = ConfigDict(extra="allow")

    n: int
    project_name: str = ""
    fiscal_year: int | None = None
    file: str | None = None
    page: int | None = None
    cell: str
    quote: str = ""


class AnswerText(Record):
    """An answer as `jihe ask --json` prints it; what that will print besides comes through as it is.

    Attributes:
        answer: markdown; [1] is the first citation.
        cut: what was left out for length; None when all is there.
    """

    model_config = ConfigDict(extra="allow")

    question: str
    answer: str
    abstained: bool = False
    projects: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    value: float | int | None = None
    unit: str | None = None
    citations: tuple[CitationText, ...] = ()
    plan: dict[str, Any] = Field(default_factory=dict)
    mode: str = "offline"
    verified: bool = False
    seconds: float = 0.0
    cut: str | None = None


def ask_tool(answered: Callable[[str], Answer]) -> FormTool:
    """The tool that answers whole questions.

    Args:
        answered: gives the answer to a question, or raises JiheError.
    """

    def ask(question: str) -> Record:
        """Answer one question about the forms, in Chinese or English; planned, reckoned and verified by code, without a language model.

        Use it first for a whole question, such as 哪些项目执行率低于80%？ or 机构改革影响了哪些项目？; use the other tools for what is
        left open. Questions stand alone: name projects, units and years again each time. At most 2,000 characters.
        answer is markdown whose marks [1] lead to citations: project, file, page, cell and the printed words. projects is the exact set the
        answer is about, related what is connected but not explicit, value and unit the one number asked for. abstained means that the forms
        do not hold it: say so, never guess. verified false means that only the bare rows are given. cut says what was left out for length.
        """
        return AnswerText.model_validate(shortened(as_json(answered(question)), LONGEST_RESULT - len(CUT) * 2))

    return FormTool(name="ask", description=getdoc(ask) or "", args_schema=schema_of(Ask), arguments=Ask, read=ask)


def whole(data: dict[str, Any]) -> dict[str, Any]:
    """An answer out of a tool's text, where what is empty is not written, with every field it has on the command line."""
    full = AnswerText.model_validate(data).model_dump(mode="json")
    return full if full["cut"] else {name: value for name, value in full.items() if name != "cut"}


def shortened(data: dict[str, Any], longest: int) -> dict[str, Any]:
    """An answer whose JSON is no longer than so many characters: its first sentences, each with all its citations.

    `cut` says what is missing. Where not even the first sentence fits with all it cites, it keeps as many citations as do.
    """
    if _length(data) <= longest:
        return data
    # An answer may be about thousands of projects; its text goes before their list.
    kept = data | fitted({name: value for name, value in data.items() if name not in _TOLD}, longest // 2)
    kept.pop("cut", None)
    room = longest - _length({name: value for name, value in kept.items() if name not in _TOLD})
    told = {name: data[name] for name in _TOLD}
    best: dict[str, Any] | None = None
    for sentences in _beginnings(data["answer"]):
        cited = set(marks(sentences))
        tried = {"answer": sentences, "citations": [one for one in data["citations"] if one["n"] in cited]}
        if _length(tried) > room:
            best = best or {name: value for name, value in fitted(tried, room).items() if name in _TOLD}
            break
        best = tried
    kept |= best or told
    return kept | _cut(kept, data)


def _beginnings(text: str) -> Iterator[str]:
    """A text up to the end of its first sentence, of its second, and so on."""
    end = 0
    for sentence in split(text):
        end = text.index(sentence, end) + len(sentence)
        yield text[:end]


def fitted(data: dict[str, Any], longest: int) -> dict[str, Any]:
    """Data whose JSON is no longer than so many characters: lists lose their last entries, and where that is not enough, texts their ends
    and objects all they hold. `cut` says so.
    """
    kept = dict(data)
    while _length(kept) > longest:
        lists = [name for name, value in kept.items() if value and isinstance(value, list)]
        name = max(lists or _others(kept), key=lambda one: _length(kept[one]), default=None)
        if name is None:
            break
        value = kept[name]
        # By a quarter each time.
        kept[name] = {} if isinstance(value, dict) else value[: len(value) * 3 // 4]
    return kept | _cut(kept, data)


def _cut(kept: dict[str, Any], data: dict[str, Any]) -> dict[str, str]:
    """What is missing of some data, as `cut`; nothing where all is there."""
    told = {
        name: f"{len(value)} of {len(data[name])} {name}" if isinstance(value, list) else f"{name} is shortened"
        for name, value in kept.items()
        if value != data[name]
    }
    return {"cut": CUT.format(lists=", ".join(told), given=", ".join(told.values()))} if told else {}


def _others(data: dict[str, Any]) -> list[str]:
    return [name for name, value in data.items() if value and isinstance(value, str | dict)]


def _length(data: Any) -> int:
    # As they are written in the end: the marks of the fence are escaped.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(text) + 5 * (text.count("<") + text.count(">"))
