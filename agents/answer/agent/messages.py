"""What a model is told: the instruction, the question with what is known already, and that no more calls are left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from agents.answer.agent.witness import Witness
from agents.answer.answer import Answer
from agents.answer.verify.text import MARK, marks
from agents.tools import fence

LAST_CALL = "工具次数已经用完。请只根据已查到的内容，现在就按规定的 JSON 作答；不够的就不说。"
_EARLIER, _LONGEST = 6, 600
_CITED = 12


@lru_cache
def instruction() -> str:
    """The system prompt."""
    return files("agents.prompts").joinpath("agent.md").read_text(encoding="utf-8")


def asked(question: str, draft: Answer | None, witness: Witness, earlier: Sequence[tuple[str, str]]) -> str:
    """The question, behind what was asked before and what code found already, both as data.

    Args:
        draft: the answer without a model; None where it found nothing.
        earlier: questions and answers of the thread.
    """
    data: dict[str, Any] = {}
    if earlier:
        data["earlier"] = [{"question": q, "answer": a[:_LONGEST]} for q, a in earlier[-_EARLIER:]]
    if draft is not None:
        data["found"] = with_ids(draft, witness)
    told = fence(data) + "\n" if data else ""
    hint = "found 是程序按规则先查到的回答，可以沿用，也可以另查。\n" if draft is not None else ""
    return f"{told}{hint}问题：{_plain(question)}"


def with_ids(answer: Answer, witness: Witness) -> str:
    """The text of an answer with the ids of the desk in place of its marks."""
    cites = {cite.n: cite for cite in answer.citations}

    def named(m: re.Match[str]) -> str:
        known = [cites[n] for n in marks(m[0]) if n in cites][:_CITED]
        return "".join(f"[{witness.cite(cite.form_id, cite.cell)}]" for cite in known)

    return MARK.sub(named, answer.answer)


def _plain(question: str) -> str:
    """The question, which cannot write the marks of data."""
    return question.replace("<", "＜").replace(">", "＞")
