"""The agent as a LangGraph: model and tools in turn, within limits. It imports LangChain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallLimitMiddleware,
    ToolErrorMiddleware,
)
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.tools import BaseTool
from langgraph.checkpoint.base import BaseCheckpointSaver

from agents.answer.agent.chat import chat_over
from agents.answer.agent.limits import Limits
from agents.answer.agent.line import Line
from agents.answer.agent.messages import LAST_CALL, instruction
from agents.models.endpoint import Endpoint

STEPS_PER_CALL = 12
"""Steps of the graph for one call of the model, at most; the graph's own limit is none."""


class LastCall(AgentMiddleware[Any, Any, Any]):
    """Takes the tools away at the last call, and says so: what was found is worth an answer."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits

    def wrap_model_call(self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]) -> ModelResponse[Any]:
        """Send the last request without tools."""
        state: Any = request.state
        calls = state.get("thread_model_call_count", 0)
        if calls + 1 < self._limits.model_calls:
            return handler(request)
        return handler(request.override(tools=[], messages=[*request.messages, HumanMessage(LAST_CALL)]))


def build(line: Line, endpoint: Endpoint, tools: Sequence[BaseTool], limits: Limits, saver: BaseCheckpointSaver[Any] | None) -> Any:
    """The agent of one question.

    Args:
        saver: keeps the steps, so that the question can be taken up again.
    """
    return create_agent(
        chat_over(line, endpoint),
        list(tools),
        system_prompt=SystemMessage(instruction()),
        middleware=[
            LastCall(limits),
            ModelCallLimitMiddleware(thread_limit=limits.model_calls, exit_behavior="error"),
            ToolCallLimitMiddleware(thread_limit=limits.tool_calls, exit_behavior="continue"),
            ToolErrorMiddleware(lambda e, _: f"ERROR: the tool failed ({type(e).__name__}). Try another way."),
        ],
        checkpointer=saver,
    )
