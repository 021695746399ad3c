"""A composed answer in a model's words: it gets the sentences with their marks, and what it makes of them is verified."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from agents.answer.answer import Answer
from agents.answer.verify.basis import Basis
from agents.answer.verify.text import MARK, marks, numbers
from agents.answer.verify.worded import worded
from agents.models.question import Outcome, Question
from schema.text import fold
from schema.transcript import Transcript

PURPOSE = "word"
Ask = Callable[[Question[Any]], Outcome[Any]]


class Worded(Transcript):
    """The answer in other words, with the same marks."""

    text: str


def reworded(composed: Answer, basis: Basis, ask: Ask) -> tuple[Answer, Outcome[Worded]]:
    """The answer as a model words it where all of that stands, else as it was; and what became of the question."""
    outcome: Outcome[Worded] = ask(question_of(composed))
    if outcome.value is None:
        return composed, outcome
    told = composed.model_copy(update={"answer": outcome.value.text.strip(), "mode": "llm"})
    if not _keeps(told.answer, composed):
        return composed, outcome
    verified = worded(told, composed, basis)
    # What was left out may be just what was asked for.
    return (verified if verified.answer == told.answer else composed), outcome


def question_of(composed: Answer) -> Question[Worded]:
    """The question that a wording is asked with."""
    return Question(
        purpose=PURPOSE,
        form="",
        system=files("agents.prompts").joinpath("agent-words.md").read_text(encoding="utf-8"),
        user=f"<文档>\n问题：{_harmless(composed.question)}\n回答：\n{_harmless(composed.answer)}\n</文档>",
        schema=Worded,
    )


def _keeps(text: str, composed: Answer) -> bool:
    """Whether the words keep every project and every number that the composed text tells, and cite nothing else."""
    told, known = fold(text), {cite.n for cite in composed.citations}
    before = fold(composed.answer)
    names = [fold(name) for name in composed.projects if fold(name) in before]
    figures = set(numbers(MARK.sub(" ", composed.answer))) <= set(numbers(MARK.sub(" ", text)))
    return figures and all(name in told for name in names) and set(marks(text)) <= known


def _harmless(text: str) -> str:
    return text.replace("<", "＜").replace(">", "＞")
