"""What the tools gave in one question: the results of its queries, and all cells that were shown."""

from __future__ import annotations

from dataclasses import dataclass

from agents.answer.execute.records import Result


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a question's tools gave.

    Attributes:
        results: of every query, in order.
        union: all cells that were shown, as a result without a query of its own: its lines stand in `related`, so that nothing counts
            them as an answer.
    """

    results: tuple[Result, ...]
    union: Result
