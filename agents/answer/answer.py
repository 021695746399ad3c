"""What an answer is: text with citations, the projects it is about, the plan it comes from; the record behind `jihe ask --json`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schema.record import Number, Record


class Citation(Record):
    """Where a sentence stands on: form, file, page, cell, and what is printed there, word for word.

    Attributes:
        n: its number in the text, from 1.
        form_id, box: for interfaces that open the page; box in points, None in dumps and office files.
    """

    n: int
    project_name: str
    fiscal_year: int | None
    file: str | None
    page: int | None
    cell: str
    quote: str
    form_id: str = ""
    box: tuple[float, float, float, float] | None = None


class Answer(Record):
    """An answer; `to_json` of it is the contract of design §7.

    Attributes:
        answer: markdown with [1]; one short paragraph, a table where there is more than one row.
        projects: the exact set the answer is about, in rank order where it ranks.
        related: related but not explicit.
        value, unit: for a question with one number.
        plan: the query as data.
        verified: whether every number and name was found in what it cites.
        notes: what the reader should know: forms left out of a sum, several projects of one name.
        mode: llm where a model worded it. model: which one was asked, also where its words were not taken; tokens, cost: what that used,
            the cost with its currency (0.0123元), None where the price is not known.
    """

    question: str
    answer: str
    abstained: bool = False
    projects: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    value: Number | None = None
    unit: str | None = None
    citations: tuple[Citation, ...] = ()
    plan: dict[str, Any] = Field(default_factory=dict)
    mode: Literal["offline", "llm"] = "offline"
    verified: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    model: str | None = None
    tokens: int = 0
    cost: str | None = None
