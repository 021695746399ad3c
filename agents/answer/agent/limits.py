"""What one question, and one thread, may take of a model at the most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds of the agent; whatever the model does, it ends within them.

    Attributes:
        model_calls: requests for one question, without those that only repeat a request that failed.
        tool_calls: calls of tools for one question.
        thread_tool_calls: calls of tools in all questions of a thread.
        answer_tokens: how long one reply may be.
        question_tokens: sent and received for one question.
        seconds: how long one question may take.
    """

    model_calls: int = 8
    tool_calls: int = 12
    thread_tool_calls: int = 300
    answer_tokens: int = 2048
    question_tokens: int = 200_000
    seconds: float = 600.0
