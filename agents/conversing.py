"""Questions of many people at once: each in a conversation of its own, with a helper of its own where a model is switched on.

conversing = Conversing(site_home, asker, store, help_from_env(os.environ, "auto"))
for event in conversing.ask(owner, None, "哪些项目执行率低于80%？"): ...
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import Any

from pydantic import Field

from agents.answer.agent.assistant import Assistant, Help
from agents.answer.agent.events import Event
from agents.answer.answer import Answer
from agents.answer.ask import Asker, readable
from agents.conversations import Conversations
from agents.examples import Example, examples
from schema.errors import UsageError
from schema.record import Record
from store.repository.sources import documents_of
from store.store import Store

_BUSY = "这个对话里还有一个问题正在回答。请等它答完，或先取消，也可以另开一个对话。"


class Happened(Record):
    """What the asking page shows next.

    Attributes:
        conversation: its id; new where the question opened one.
        steps: what was done so far, in short Chinese words, in order.
        text: of the answer, as far as it has come.
        answer: at the end.
        documents: sha256 behind the cited forms, by form_id; at the end.
        cancelled: it was cancelled; nothing more comes.
    """

    conversation: str
    question: str
    steps: tuple[str, ...] = ()
    text: str = ""
    answer: Answer | None = None
    documents: dict[str, str] = Field(default_factory=dict)
    cancelled: bool = False


@dataclass
class _Running:
    cancelled: Flag
    helper: Assistant | None


class Conversing:
    """Everything the asking page does. Threads may share it.

    Args:
        home: where conversations are kept, and the ledger of the model.
        asker, store: not closed here.
        help_: a model that is switched on; None answers without.
    """

    def __init__(self, home: Path, asker: Asker, store: Store, help_: Help | None) -> None:
        self._home, self._asker, self._store, self._help = home, asker, store, help_
        self.conversations = Conversations(home)
        self._running: dict[str, _Running] = {}
        self._examples: tuple[tuple[Any, ...], dict[str, tuple[Example, ...]]] = ((), {})
        self._lock, self._trying = Lock(), Lock()

    @property
    def held(self) -> int:
        """How many forms there are."""
        return self._asker.held

    @property
    def model(self) -> str | None:
        """The model that helps."""
        return self._help.endpoint.model if self._help is not None else None

    def examples(self, language: str) -> tuple[Example, ...]:
        """Questions that the forms as they stand can answer; found once for every state of the store."""
        with self._trying:
            stamp = self._asker.stamp
            known = self._examples[1] if self._examples[0] == stamp else {}
            if language not in known:
                known = known | {language: examples(self._asker, language)}
                self._examples = (stamp, known)
            return known[language]

    def is_running(self, conversation: str) -> bool:
        """Whether a question of the conversation is being answered now."""
        with self._lock:
            return conversation in self._running

    def ask(self, owner: str, conversation: str | None, question: str) -> Iterator[Happened]:
        """What happens while a question of a conversation is answered; None opens a new one. Closing the iterator cancels.

        Raises:
            UsageError: it is no question, the conversation is somebody else's, or another question of it is under way.
            StoreError: the store cannot be read.
        """
        asked = readable(question)
        if conversation is not None:
            self.conversations.touch(owner, conversation)
        own = conversation or self.conversations.begin(owner, asked)
        helper = self._help.assistant(self._home) if self._help is not None else None
        with ExitStack() as stack:
            if helper is not None:
                stack.callback(helper.close)
            running = self._started(own, helper)
            stack.callback(self._ended, own)
            threads = stack.enter_context(self.conversations.threads())
            shown = Happened(conversation=own, question=asked)
            yield shown
            events = self._asker.in_thread(threads, own, asked, helper)
            close = getattr(events, "close", None)
            if close is not None:
                stack.callback(close)
            yield from self._followed(events, shown, running)

    def answered(self, question: str) -> Answer:
        """The answer to a question that stands alone; nothing of it is kept.

        Raises:
            UsageError, StoreError: as `ask`.
        """
        helper = self._help.assistant(self._home) if self._help is not None else None
        try:
            *_, last = self._asker.events(question, helper=helper)
        finally:
            if helper is not None:
                helper.close()
        assert last.answer is not None
        return last.answer

    def cancel(self, owner: str, conversation: str) -> None:
        """End what is under way in a conversation; nothing, where nothing is.

        Raises:
            UsageError: the conversation is somebody else's.
        """
        self.conversations.touch(owner, conversation)
        with self._lock:
            running = self._running.get(conversation)
        if running is not None:
            running.cancelled.set()
            if running.helper is not None:
                running.helper.cancel()

    def _followed(self, events: Iterator[Event], shown: Happened, running: _Running) -> Iterator[Happened]:
        for event in events:
            # An answer that is there is not thrown away.
            if running.cancelled.is_set() and event.kind != "final":
                yield shown.model_copy(update={"cancelled": True})
                return
            if event.kind == "final" and event.answer is not None:
                documents = self._documents(event.answer)
                self.conversations.keep(shown.conversation, event.answer, documents)
                yield shown.model_copy(update={"answer": event.answer, "documents": documents})
                return
            change = {"text": shown.text + event.text} if event.kind == "text" else {"steps": (*shown.steps, event.text)}
            shown = shown.model_copy(update=change)
            yield shown

    def _documents(self, answer: Answer) -> dict[str, str]:
        with self._store.database.read() as connection:
            return documents_of(connection, {cite.form_id for cite in answer.citations if cite.form_id})

    def _started(self, conversation: str, helper: Assistant | None) -> _Running:
        with self._lock:
            if conversation in self._running:
                raise UsageError(_BUSY)
            self._running[conversation] = _Running(Flag(), helper)
            return self._running[conversation]

    def _ended(self, conversation: str) -> None:
        with self._lock:
            self._running.pop(conversation, None)
