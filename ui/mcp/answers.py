"""Answers to questions as a tool gives them: what `jihe ask --json` prints, bounded."""

from __future__ import annotations

import json
from collections.abc import Callable
from inspect import getdoc
from typing import Any

from pydantic import ConfigDict, Field

from agents.answer.answer import Answer
from agents.answer.ask import as_json
from agents.tools import LONGEST_RESULT, FormTool, schema_of
from schema.record import Record

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
        return AnswerText.model_validate(fitted(as_json(answered(question)), LONGEST_RESULT - len(CUT) * 2))

    return FormTool(name="ask", description=getdoc(ask) or "", args_schema=schema_of(Ask), arguments=Ask, read=ask)


def whole(data: dict[str, Any]) -> dict[str, Any]:
    """An answer out of a tool's text, where what is empty is not written, with every field it has on the command line."""
    full = AnswerText.model_validate(data).model_dump(mode="json")
    return full if full["cut"] else {name: value for name, value in full.items() if name != "cut"}


def fitted(data: dict[str, Any], longest: int) -> dict[str, Any]:
    """Data whose JSON is no longer than so many characters: lists lose their last entries, and where that is not enough, texts their ends
    and objects all they hold. `cut` says so.
    """
    kept, before = dict(data), {name: len(value) for name, value in data.items() if isinstance(value, list)}
    while _length(kept) > longest:
        lists = [name for name in before if kept[name]]
        name = max(lists or _others(kept), key=lambda one: _length(kept[one]), default=None)
        if name is None:
            break
        value = kept[name]
        # By a quarter each time.
        kept[name] = {} if isinstance(value, dict) else value[: len(value) * 3 // 4]
    if shortened := [name for name in kept if kept[name] != data[name]]:
        given = ", ".join(f"{len(kept[name])} of {before[name]} {name}" if name in before else f"{name} is shortened" for name in shortened)
        kept["cut"] = CUT.format(lists=", ".join(shortened), given=given)
    return kept


def _others(data: dict[str, Any]) -> list[str]:
    return [name for name, value in data.items() if value and isinstance(value, str | dict)]


def _length(data: Any) -> int:
    # As they are written in the end: the marks of the fence are escaped.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return len(text) + 5 * (text.count("<") + text.count(">"))
