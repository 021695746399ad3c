"""The course of one question: what its requests came to so far, and whether and how to ask once more."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Generic

from agents.models.answers import check_answer
from agents.models.learnt import Learnt
from agents.models.question import Outcome, Question, Status, T, Usage
from agents.models.trouble import Trouble
from agents.models.wire import Asking, Attempt


@dataclass(frozen=True)
class Patience:
    """How often, and after what pauses, what may pass is tried again.

    Attributes:
        tries: requests at most while the endpoint is busy, fails or drops the connection.
        slow_tries: the same where no reply came in time: such a try takes minutes.
        pause: seconds before the second try; doubled for each further one.
        longest_pause: seconds, also where the endpoint asks for more.
    """

    tries: int = 4
    slow_tries: int = 2
    pause: float = 1.0
    longest_pause: float = 60.0


class Course(Generic[T]):
    """One question on its way; used by one thread.

    Attributes:
        limit: how long the answer may be this time.
    """

    def __init__(self, question: Question[T], learnt: Learnt, patience: Patience) -> None:
        self.question = question
        self.limit = question.max_tokens
        self._learnt = learnt
        self._patience = patience
        self._last: Outcome[T] = Outcome("unasked")
        self._asking = Asking(learnt.mode, self.limit)
        self._fault = ""
        self._failures = 0
        self._tried_again = False

    def asking(self) -> Asking:
        """How to put the question now."""
        learnt = self._learnt
        self._asking = Asking(learnt.mode, self.limit, learnt.limit_field, learnt.in_words, self._fault)
        return self._asking

    def judge(self, attempt: Attempt) -> Outcome[T]:
        """What the question comes to, should this request be its last."""
        status, detail, value = attempt.status, attempt.detail, None
        if status == "ok":
            checked = check_answer(attempt.text, self.question.schema)
            value = checked.value
            if value is None:
                status, detail = "invalid", checked.fault
        self._last = Outcome(
            status,
            value,
            attempt.text,
            detail,
            self._last.usage + (attempt.usage or Usage(0, 0)),
            self._last.seconds + attempt.seconds,
            attempts=self._last.attempts + 1,
        )
        return self._last

    def broken_off(self, reason: str) -> Outcome[T]:
        """The outcome where the next request must not be sent: unasked, or what the last one came to."""
        if not self._last.attempts:
            return Outcome("unasked", detail=reason)
        return replace(self._last, detail="；".join(filter(None, (self._last.detail, f"没有再试：{reason}"))))

    def next_pause(self, attempt: Attempt, status: Status) -> float | None:
        """Seconds until the next request; None when the last outcome stands."""
        trouble = attempt.trouble
        if trouble is None and status == "server":
            # A reply that came whole but with a reason to end that means the server gave up.
            trouble = Trouble("server", "passing", attempt.detail)
        if trouble is None:
            self._learnt.replied()
            return self._after_reply(status)
        if trouble.kind in ("passing", "slow"):
            return self._after_failure(trouble)
        self._learnt.replied()
        return self._after_refusal(trouble)

    def _after_reply(self, status: Status) -> float | None:
        """An answer that is blank, cut or does not fit is asked for once more."""
        if self._tried_again or status not in ("empty", "truncated", "invalid"):
            return None
        self._tried_again = True
        if status == "truncated":
            self.limit *= 2
        if status == "invalid":
            self._fault = self._last.detail
            self._learnt.tell_in_words()
        return 0.0

    def _after_failure(self, trouble: Trouble) -> float | None:
        self._failures += 1
        if self._failures < (self._patience.slow_tries if trouble.kind == "slow" else self._patience.tries):
            # A little off the beat, so that questions that failed together do not come back together.
            pause: float = self._patience.pause * 2 ** (self._failures - 1) * random.uniform(0.8, 1.2)
            return min(max(pause, trouble.wait or 0.0), self._patience.longest_pause)
        if trouble.status == "unreachable" and trouble.kind == "passing":
            self._learnt.close(f"连不上（{trouble.detail}）")
        else:
            self._learnt.failed(trouble.detail)
        return None

    def _after_refusal(self, trouble: Trouble) -> float | None:
        if trouble.kind == "format":
            return 0.0 if self._learnt.refuse_mode(self._asking.mode, trouble.detail) else None
        if trouble.kind == "limit":
            return 0.0 if self._learnt.refuse_limit_field(self._asking.limit_field, trouble.detail) else None
        if trouble.kind == "closed":
            self._learnt.close(trouble.detail)
        return None
