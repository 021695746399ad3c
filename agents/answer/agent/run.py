"""One question through the agent: steps told as they happen, the end settled, and taken up again where it was broken off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, cast

from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langgraph.errors import GraphRecursionError
from langsmith import tracing_context

from agents.answer.agent.events import Event, tool_begun, tool_ended
from agents.answer.agent.final import FinalAnswer, read_final
from agents.answer.agent.graph import STEPS_PER_CALL, build
from agents.answer.agent.line import Line, Run, Spent, connect
from agents.answer.agent.messages import asked
from agents.answer.agent.threads import THREADS_NAME
from agents.answer.agent.trouble import Unanswered
from agents.answer.agent.witness import Witness
from agents.answer.answer import Answer
from agents.tools import ERROR, FormTool, deviation_tool, form_tools
from store.failures import translated

_ONE_AT_A_TIME = 1


@dataclass
class Outcome:
    """What a run came to.

    Attributes:
        final: the final answer, as the model gave it; None where there is none, and `trouble` says why.
        tool_calls: how many tools were called.
    """

    final: FinalAnswer | None = None
    trouble: str = ""
    tool_calls: int = 0
    raw: str = ""
    spent: Spent = field(default_factory=Spent)


@dataclass
class Asked:
    """One question for the agent.

    Attributes:
        draft: the composed answer, where it found anything.
        earlier: questions and answers before, of the same thread.
        thread: under what the steps are kept; saver: where. None keeps none.
    """

    question: str
    witness: Witness
    draft: Answer | None = None
    earlier: Sequence[tuple[str, str]] = ()
    thread: str = ""
    saver: Any = None
    outcome: Outcome = field(default_factory=Outcome)


def run_agent(asked_for: Asked, run: Run) -> Iterator[Event]:
    """Let the agent work; what comes of it is in `asked_for.outcome` at the end, whatever happens. Closing the iterator cancels it.

    Raises:
        StoreError: the forms cannot be read, or the steps cannot be kept.
    """
    with closing(connect(run.endpoint)) as client:
        own = Line(run, client)
        # Documents go to the endpoint and nowhere else, whatever tracing the environment asks LangChain for.
        with tracing_context(enabled=False), translated(THREADS_NAME):
            try:
                yield from _steps(asked_for, run, own)
            except Unanswered as e:
                asked_for.outcome.trouble = e.told
            except (ModelCallLimitExceededError, GraphRecursionError):
                asked_for.outcome.trouble = f"模型问了 {run.limits.model_calls} 次还没有作答"
            finally:
                asked_for.outcome.spent = own.spent


def _steps(asked_for: Asked, run: Run, line: Line) -> Iterator[Event]:
    witness = asked_for.witness
    tools = [*cast(list[FormTool], form_tools(witness)), deviation_tool(witness)]
    graph = build(line, run.endpoint, tools, run.limits, asked_for.saver)
    config: Any = {
        "configurable": {"thread_id": asked_for.thread or "question"},
        "recursion_limit": STEPS_PER_CALL * run.limits.model_calls,
        "max_concurrency": _ONE_AT_A_TIME,
    }
    text = asked(asked_for.question, asked_for.draft, witness, asked_for.earlier)
    start: Any = {"messages": [HumanMessage(text)]}
    if asked_for.saver is not None and (done := _taken_up(graph, config, tools, text)) is not None:
        start, asked_for.outcome.tool_calls = None, done
        yield Event("note", "接着上次没有答完的地方继续。")
    elif asked_for.saver is not None:
        asked_for.saver.delete_thread(config["configurable"]["thread_id"])
    last: Any = None
    for update in graph.stream(start, config, stream_mode="updates"):
        for message in _messages(update):
            last = message
            yield from _events(message, asked_for.outcome)
    if last is None:
        last = graph.get_state(config).values["messages"][-1]
    asked_for.outcome.raw = last.text if isinstance(last, AIMessage) else ""
    asked_for.outcome.final = read_final(asked_for.outcome.raw)


def _taken_up(graph: Any, config: Any, tools: Sequence[FormTool], text: str) -> int | None:
    """How many tools were called in the steps that are kept of this very question; None where there are none that still hold.

    They hold where its tools give the same again, under the same ids.
    """
    state = graph.get_state(config)
    kept = state.values.get("messages", ()) if state else ()
    if not kept or kept[0].text != text:
        return None
    given = {message.tool_call_id: message for message in kept if isinstance(message, ToolMessage)}
    by_name: dict[str | None, FormTool] = {tool.name: tool for tool in tools}
    count = 0
    for message in kept:
        for call in message.tool_calls if isinstance(message, AIMessage) else ():
            count += 1
            before = given.get(call["id"] or "")
            if before is None or before.status == "error" or call["name"] not in by_name:
                continue
            if by_name[call["name"]]._run(**call["args"]) != before.content:
                return None
    return count


def _messages(update: Any) -> Iterator[Any]:
    for change in update.values():
        if isinstance(change, dict):
            yield from change.get("messages", ())


def _events(message: Any, outcome: Outcome) -> Iterator[Event]:
    if isinstance(message, AIMessage):
        for call in message.tool_calls:
            outcome.tool_calls += 1
            yield tool_begun(call["name"], call["args"])
    elif isinstance(message, ToolMessage):
        failed = message.status == "error" or str(message.content).startswith(ERROR)
        yield tool_ended(message.name or "", failed=failed)
