"""One door to a model: cache, budget, concurrency, retries, ledger. Questions go in, outcomes come out; nothing is raised or hidden.

A question may take several requests: an endpoint is busy, refuses a way of asking, or answers something that does not fit. Each of them is
a line of the ledger. What is learnt on the way (a refused mode, an endpoint that is down) holds for the rest of the run.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from agents.models.answers import check_answer
from agents.models.budget import Budget, Reservation
from agents.models.course import Course, Patience
from agents.models.endpoint import Endpoint
from agents.models.learnt import Learnt
from agents.models.question import Outcome, Question, Status, T, Usage
from agents.models.run_names import new_run_name
from agents.models.tokens import IMAGE_TOKENS, MESSAGE_TOKENS, estimate_tokens
from agents.models.wire import IN_WORDS, Attempt, Wire
from schema.errors import UsageError
from schema.transcript import wire_schema
from store.calls import Answer, Call, CallLog


@dataclass(frozen=True)
class _Asked:
    """A question with what is worked out of it once."""

    question: Question[Any]
    key: str
    prompt_tokens: int


class Caller:
    """Asks an endpoint. Safe to share between threads, which wait for their turn where the endpoint takes fewer at once.

    Args:
        endpoint: whom to ask.
        log: where requests are noted and answers kept.
        budget: what may be spent; default without limit.
        refresh: ask also what has a kept answer, and keep the new one.
        run: what the ledger calls this run; default a name made of time and process.
        patience: how often and after what pauses to try again.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        log: CallLog,
        budget: Budget | None = None,
        *,
        refresh: bool = False,
        run: str = "",
        patience: Patience | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.log = log
        self.budget = budget or Budget(price=endpoint.price)
        self.refresh = refresh
        self.run = run or new_run_name()
        self.patience = patience or Patience()
        self._wire = Wire(endpoint)
        self._learnt = Learnt(endpoint)
        self._slots = threading.Semaphore(endpoint.concurrency)
        self._stopped = threading.Event()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was learnt about the endpoint in this run, each said once, for people."""
        return self._learnt.notes

    def ask(self, question: Question[T]) -> Outcome[T]:
        """Answer a question, out of the cache or by asking; every way it can end is an outcome.

        Raises:
            UsageError: the question has pictures and the endpoint was not said to see.
            StoreError: the ledger cannot be written; nothing more should be spent then.
        """
        if question.images and not self.endpoint.vision:
            raise UsageError("要看图片，但没有说明模型能看图。模型能看图时请设置 JIHE_VISION=1。")
        asked = _Asked(question, answer_key(self.endpoint, question), _prompt_tokens(question))
        kept = None if self.refresh else self._kept(question, asked.key)
        if kept is not None:
            return kept
        with self._slots:
            return self._converse(asked, question)

    def stop(self) -> None:
        """Ask no new questions; requests under way come to their end and are kept."""
        self._stopped.set()

    def close(self) -> None:
        """Stop, and let go of the connections."""
        self.stop()
        self._wire.close()

    def __enter__(self) -> Self:
        """The caller itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def _kept(self, question: Question[T], key: str) -> Outcome[T] | None:
        answer = self.log.find(key)
        checked = check_answer(answer.text, question.schema) if answer else None
        if answer is None or checked is None or checked.value is None:
            return None
        self.log.write(self._call(question, "ok", Attempt("ok", usage=Usage(0, 0)), number=0))
        return Outcome("ok", checked.value, answer.text, cached=True)

    def _converse(self, asked: _Asked, question: Question[T]) -> Outcome[T]:
        """Send requests until there is an answer or no reason to go on."""
        course = Course(question, self._learnt, self.patience)
        while True:
            permit = self._permit(asked, course.limit)
            if isinstance(permit, str):
                return course.broken_off(permit)
            attempt, outcome = self._attempt(asked, course, permit)
            pause = course.next_pause(attempt, outcome.status)
            if pause is None:
                return outcome
            self._stopped.wait(pause)

    def _permit(self, asked: _Asked, limit: int) -> Reservation | str:
        """Tokens put aside for the next request, or why it must not be sent."""
        if hindrance := self._hindrance():
            return hindrance
        reservation = self.budget.reserve(asked.prompt_tokens, limit)
        if reservation is None:
            return f"预算不够：已用 {self.budget.spent}，上限 {self.budget.told}"
        if hindrance := self._hindrance():
            # It came up while the budget made this question wait for others.
            self.budget.settle(reservation, 0, 0)
            return hindrance
        return reservation

    def _attempt(self, asked: _Asked, course: Course[T], reservation: Reservation) -> tuple[Attempt, Outcome[T]]:
        """One request, checked, settled, written down."""
        question = course.question
        used = Usage(asked.prompt_tokens, 0)
        try:
            attempt = self._wire.send(question, course.asking())
            # Without a count of its own, a reply is taken for what it was estimated at.
            used = attempt.usage or Usage(asked.prompt_tokens, estimate_tokens(attempt.text))
        finally:
            self.budget.settle(reservation, used.prompt, used.completion)
        outcome = course.judge(attempt)
        call = self._call(question, outcome.status, attempt, outcome.attempts)
        if outcome.status == "ok":
            answer = Answer(
                text=attempt.text, model=self.endpoint.model, prompt_tokens=call.prompt_tokens, completion_tokens=call.completion_tokens
            )
            self.log.write(call, asked.key, answer)
        else:
            self.log.write(call)
        return attempt, outcome

    def _hindrance(self) -> str:
        if self._stopped.is_set():
            return "已停止"
        return f"此前已断定端点不可用：{self._learnt.down}" if self._learnt.down else ""

    def _call(self, question: Question[Any], status: Status, attempt: Attempt, number: int) -> Call:
        usage, price = attempt.usage, self.endpoint.price
        return Call(
            run=self.run,
            model=self.endpoint.model,
            host=self.endpoint.host,
            purpose=question.purpose,
            form=question.form,
            status=status,
            attempt=number,
            cached=number == 0,
            prompt_tokens=usage.prompt if usage else None,
            completion_tokens=usage.completion if usage else None,
            seconds=attempt.seconds,
            cost=price.cost(usage.prompt, usage.completion) if usage and price else None,
            currency=price.currency if price else "",
        )


def answer_key(endpoint: Endpoint, question: Question[Any]) -> str:
    """Under what an answer is kept: a digest of everything that may change it.

    The mode is the one that was set, not the one that refusals led to: the same settings find the same answers again. How long an answer
    may be and what it is for change nothing about one that came whole.
    """
    parts = {
        "model": endpoint.model,
        "base_url": endpoint.base_url,
        "mode": endpoint.mode,
        "extra_body": dict(endpoint.extra_body),
        "in_words": IN_WORDS,
        "system": question.system,
        "user": question.user,
        "schema": wire_schema(question.schema),
        "images": [hashlib.sha256(image).hexdigest() for image in question.images],
    }
    # The order of a schema's keys is the order of the answer's: it stays, and with it that of all.
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def _prompt_tokens(question: Question[Any]) -> int:
    schema = json.dumps(wire_schema(question.schema), ensure_ascii=False, separators=(",", ":"))
    texts = (question.system, question.user, IN_WORDS, schema)
    return sum(map(estimate_tokens, texts)) + 2 * MESSAGE_TOKENS + IMAGE_TOKENS * len(question.images)
