"""A model at the side of whoever answers questions: when it is asked, what for, and what its help cost. LangChain is imported when it is.

assistant = assistant_from_env(home, os.environ, "auto")        None where no model is switched on
with Asker.open(home, assistant=assistant) as asker: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from agents.answer.agent.events import Event
from agents.answer.agent.limits import Limits
from agents.answer.agent.settle import settle
from agents.answer.agent.standing import Known
from agents.answer.agent.waiting import waited
from agents.answer.agent.wording import reworded
from agents.answer.answer import Answer
from agents.answer.execute.records import Result
from agents.answer.query import Query
from agents.answer.verify.basis import Basis
from agents.models import Budget, Endpoint, Question, endpoint_from_env, parse_budget
from agents.models.price import told_money
from agents.models.question import Outcome
from schema.errors import UsageError
from store.calls import CALLS_NAME, CallLog

if TYPE_CHECKING:
    from agents.answer.agent.witness import Witness
    from agents.models.caller import Caller
    from agents.models.course import Patience

Mode = Literal["auto", "offline", "llm"]
WORDING = "JIHE_WORDING"
_NO_MODEL = "没有设置语言模型，--mode llm 用不了。请设置 JIHE_MODEL（见 docs/models.md），或用 --mode offline。"


@dataclass(frozen=True)
class Composed:
    """A question answered without a model, and all that this stands on.

    Attributes:
        answer: verified.
        result: of its query.
        basis: what its sentences, in whatever words, are judged on.
        known: what is known of the question and of all forms.
    """

    answer: Answer
    query: Query
    result: Result
    basis: Basis
    known: Known


class Assistant:
    """Words answers, and answers what the planner is not certain of. One question at a time, but for `ask` and `cancel`.

    Args:
        wording: whether answers that the planner is certain of are worded by the model, too.
        patience: how often what fails is tried again.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        log: CallLog,
        budget: Budget,
        *,
        wording: bool = False,
        limits: Limits | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.limits = limits or Limits()
        self._log, self._budget, self._wording = log, budget, wording
        self._own_patience = patience
        self._caller: Caller | None = None
        self._making, self._cancelled = Lock(), Flag()
        self._allowed = self.limits.thread_tool_calls

    def close(self) -> None:
        """Let go of the connections and of the ledger."""
        if self._caller is not None:
            self._caller.close()
        self._log.close()

    def is_needed(self, query: Query, result: Result) -> bool:
        """Whether a question is one for the agent: the planner left something of it unread, or knows of nothing that could answer it."""
        return not query.certain or result.missing in ("unknown", "no-text")

    def allow(self, tool_calls: int) -> None:
        """How many calls of tools the thread has left."""
        self._allowed = max(0, tool_calls)

    def cancel(self) -> None:
        """End the question under way, or the one that is about to begin, without waiting for the model. Any thread may call it."""
        self._cancelled.set()

    def ask(self, question: Question[Any]) -> Outcome[Any]:
        """One question with a schema, through the caller with its cache. Threads may ask at the same time."""
        caller = self._made()
        return waited(lambda: caller.ask(question), self._cancelled) or Outcome("unasked", detail="已取消")

    def helped(
        self, composed: Composed, witness: Witness, earlier: Sequence[tuple[str, str]] = (), steps: Steps | None = None
    ) -> Iterator[Event]:
        """The events of a question; the last one is `final`, whose answer is the one to show."""
        used = _Usage(self._budget)
        try:
            if self.is_needed(composed.query, composed.result):
                yield from self._by_agent(composed, witness, earlier, steps, used)
            elif self._wording:
                answer, outcome = reworded(composed.answer, composed.basis, self.ask)
                reason = "" if outcome.status == "ok" else outcome.told
                yield self._final(answer, composed, used, reason)
            else:
                yield Event("final", answer=composed.answer, query=composed.query)
        finally:
            # Not at the beginning: whoever cancels may be quicker than the question.
            self._cancelled.clear()

    def _by_agent(
        self, composed: Composed, witness: Witness, earlier: Sequence[tuple[str, str]], steps: Steps | None, used: _Usage
    ) -> Iterator[Event]:
        from agents.answer.agent.line import Run  # noqa: PLC0415 - LangChain
        from agents.answer.agent.run import Asked, run_agent  # noqa: PLC0415 - LangChain

        draft = None if composed.answer.abstained else composed.answer
        if draft is not None:
            witness.take(composed.result)
        asked = Asked(composed.answer.question, witness, draft, earlier, steps.name if steps else "", steps.saver() if steps else None)
        limits = replace(self.limits, tool_calls=min(self.limits.tool_calls, self._allowed))
        yield from run_agent(asked, Run(self.endpoint, self._log, self._budget, limits, self._patience, self._cancelled))
        answer, reason = composed.answer, asked.outcome.trouble
        if asked.outcome.final is not None:
            settled = settle(asked.outcome.final, composed.answer, composed.known, witness, witness.evidence())
            answer = settled.answer
            if not settled.used and not asked.outcome.final.missing:
                reason = "模型的回答没有通过核对"
            if settled.used and settled.dropped:
                left_out = f"模型的回答有 {len(settled.dropped)} 句没有通过核对，已略去。"
                answer = answer.model_copy(update={"notes": (*answer.notes, left_out)})
                yield Event("note", left_out)
        if steps is not None:
            steps.tool_calls = asked.outcome.tool_calls
        yield self._final(answer, composed, used, reason)

    def _made(self) -> Caller:
        from agents.models.caller import Caller  # noqa: PLC0415 - it imports LangChain

        with self._making:
            if self._caller is None:
                self._caller = Caller(self.endpoint, self._log, self._budget, patience=self._patience)
            return self._caller

    @property
    def _patience(self) -> Patience:
        from agents.models.course import Patience  # noqa: PLC0415 - it imports LangChain

        return self._own_patience or Patience(tries=3, pause=1.0, longest_pause=20.0)

    def _final(self, answer: Answer, composed: Composed, used: _Usage, reason: str) -> Event:
        notes = (*answer.notes, f"{reason.rstrip('。')}。以下是不用模型的回答。") if reason else answer.notes
        prompt, completion = used.since()
        price = self.endpoint.price
        told = {
            "model": self.endpoint.model,
            "tokens": prompt + completion,
            "cost": told_money(price.cost(prompt, completion), price.currency) if price else None,
            "notes": notes,
        }
        return Event("final", reason, answer=answer.model_copy(update=told), query=composed.query)


@dataclass
class Steps:
    """Where the steps of a question are kept, and under which name.

    Attributes:
        saver: gives LangGraph's saver; called only where the agent runs.
        tool_calls: how many tools were called, filled in at the end.
    """

    name: str
    saver: Callable[[], Any]
    tool_calls: int = 0


class _Usage:
    """What a budget has spent since."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._before = budget.prompt_tokens, budget.completion_tokens

    def since(self) -> tuple[int, int]:
        return self._budget.prompt_tokens - self._before[0], self._budget.completion_tokens - self._before[1]


@dataclass(frozen=True)
class Help:
    """A model that is switched on, and what it may cost; nothing of it touches a home yet."""

    endpoint: Endpoint
    budget: Budget
    wording: bool = False

    def assistant(self, home: Path) -> Assistant:
        """The assistant, with the ledger of a home.

        Raises:
            StoreError: the ledger cannot be opened.
        """
        return Assistant(self.endpoint, CallLog.open(home / CALLS_NAME), self.budget, wording=self.wording)


def help_from_env(environ: Mapping[str, str], mode: Mode, budget: str | None = None) -> Help | None:
    """The help that the environment and the mode switch on; None where they switch on none.

    Raises:
        UsageError: a variable or the budget cannot be understood, or a model is insisted on and none is set.
    """
    endpoint = endpoint_from_env(environ) if mode != "offline" else None
    if endpoint is None:
        if mode == "llm":
            raise UsageError(_NO_MODEL)
        if budget is not None:
            raise UsageError("--budget 只在使用语言模型时有意义。请设置 JIHE_MODEL，写法见 docs/models.md。")
        return None
    spending = parse_budget(budget, endpoint.price) if budget is not None else Budget(price=endpoint.price)
    wording = mode == "llm" or environ.get(WORDING, "").strip() in ("1", "true", "yes", "on", "是")
    return Help(endpoint, spending, wording)


def assistant_from_env(home: Path, environ: Mapping[str, str], mode: Mode, budget: str | None = None) -> Assistant | None:
    """The assistant that the environment and the mode switch on.

    Raises:
        UsageError: as `help_from_env`.
        StoreError: the ledger cannot be opened.
    """
    switched_on = help_from_env(environ, mode, budget)
    return switched_on.assistant(home) if switched_on is not None else None
