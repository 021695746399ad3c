"""A question answered: planned, carried out, told and looked at again.

    answer = ask("哪些项目执行率低于80%？", home)

    with Asker.open(home) as asker:
        first = asker.turn("嘉定的平均自评分是多少？")
        second = asker.turn("那闵行呢？", first.query)

What a question needs of the forms is kept while they stay as they are; what another process commits is seen by the next question.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from agents.answer.agent.assistant import Assistant, Composed, Steps
from agents.answer.agent.events import Event, pieces_of
from agents.answer.agent.standing import Known
from agents.answer.agent.threads import Past, Threads, steps_of
from agents.answer.answer import Answer
from agents.answer.compose.composing import compose
from agents.answer.execute.execution import execute
from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.plan.planner import plan
from agents.answer.query import Query
from agents.answer.verify.composed import Basis, verify
from agents.finder import IndexFinder
from schema.errors import UsageError
from schema.observing import observe, span
from store.facts import Facts, Session, without_collecting
from store.store import Store

if TYPE_CHECKING:
    from agents.answer.agent.witness import Witness

LONGEST = 2000
"""Characters a question may have."""
_CITED = ("n", "project_name", "fiscal_year", "file", "page", "cell", "quote")
_SHOWN = ("question", "answer", "abstained", "projects", "related", "value", "unit")
_LAST = ("plan", "mode", "verified", "seconds")
_OF_MODEL = ("model", "tokens", "cost")


class Turn(NamedTuple):
    """An answer, and the query it comes from: the next question may go on from it."""

    answer: Answer
    query: Query | None


class _Known(NamedTuple):
    stamp: tuple[Any, ...]
    corpus: Corpus
    years: tuple[int, ...]
    names: tuple[str, ...]


class Asker:
    """Answers questions over the forms of one store; it is a context manager.

    Threads may share it: planning and looking up take turns, and nobody waits while a model is asked, as long as each question that
    has a model brings a helper of its own.

    Args:
        store: closed with the asker.
        assistant: a model to help those who bring none, one question at a time; closed with the asker. None answers without.
    """

    def __init__(self, store: Store, assistant: Assistant | None = None) -> None:
        self._store = store
        self.assistant = assistant
        self._index = IndexFinder(store, os.environ)
        self._facts = Facts(store)
        self._known: _Known | None = None
        self._lock = Lock()

    @classmethod
    def open(cls, home: Path, assistant: Assistant | None = None) -> Self:
        """Questions to the store in this home.

        Raises:
            UsageError: there is no home.
            StoreError: it cannot be read.
        """
        return cls(Store.open(home, create=False), assistant)

    def close(self) -> None:
        """Let go of the index, of the store and of the assistant."""
        if self.assistant is not None:
            self.assistant.close()
        self._index.close()
        self._store.close()

    def __enter__(self) -> Self:
        """The asker itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    @property
    def held(self) -> int:
        """How many forms there are."""
        with self.session() as session:
            return len(session.heads)

    @property
    def stamp(self) -> tuple[Any, ...]:
        """Differs whenever the forms, or what was found on them, differ.

        Raises:
            StoreError: the store cannot be read.
        """
        with self.session() as session:
            return session.stamp

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One state of the forms, for reads beside the questions; questions wait meanwhile.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._lock, self._facts.session() as session:
            yield session

    @property
    def notice(self) -> str | None:
        """What the last question went without (no index, no vectors), in a sentence for the reader; None when all was there."""
        return self._index.notice

    def planned(self, question: str, previous: Query | None = None) -> Query:
        """How a question is understood; nothing is looked up for it.

        Raises:
            UsageError: there is no question in the text, or it is too long.
            StoreError: the store cannot be read.
        """
        asked = readable(question)
        with self.session() as session:
            return plan(asked, self._learn(session).corpus, previous)

    def turn(self, question: str, previous: Query | None = None) -> Turn:
        """The answer to a question, which may go on from the query before.

        Raises:
            UsageError: there is no question in the text, or it is too long.
            StoreError: the store cannot be read.
        """
        *_, last = self.events(question, previous)
        assert last.answer is not None
        return Turn(last.answer, last.query)

    def events(
        self,
        question: str,
        previous: Query | None = None,
        earlier: Sequence[Past] = (),
        steps: Steps | None = None,
        helper: Assistant | None = None,
    ) -> Iterator[Event]:
        """What happens while a question is answered; the last event is `final` and holds the answer. Closing the iterator cancels.

        Args:
            earlier: questions of the same thread with their answers.
            steps: where the steps of the agent are kept, so that they can be taken up again.
            helper: the assistant of this question alone, for whoever asks several at a time; the asker's own where there is none.

        Raises:
            UsageError, StoreError: as `turn`.
        """
        started = time.perf_counter()
        assistant = helper or self.assistant
        with span("answer.composed"):
            composed = self.composed(question, previous)
        last = Event("final", answer=composed.answer, query=composed.query)
        if assistant is not None:
            witness = self.witness(assistant)
            told = [(one.question, one.answer) for one in earlier if one.answer is not None]
            for event in assistant.helped(composed, witness, told, steps):
                if event.kind != "final":
                    yield event
                last = event
        answer = last.answer or composed.answer
        seconds = round(time.perf_counter() - started, 3)
        answer = answer.model_copy(update={"seconds": seconds})
        observe("answer", mode=answer.mode, verified=answer.verified, abstained=answer.abstained, seconds=seconds)
        for piece in pieces_of(answer.answer):
            yield Event("text", piece)
        yield Event("final", last.text, answer=answer, query=composed.query)

    def witness(self, helper: Assistant | None = None) -> Witness:
        """A desk for one question, with its helper or the asker's own."""
        from agents.answer.agent.witness import Witness  # noqa: PLC0415 - it imports LangChain

        assistant = helper or self.assistant
        return Witness(self._store, self._index, self._facts, assistant.ask if assistant is not None else None)

    def in_thread(self, threads: Threads, thread: str, question: str, helper: Assistant | None = None) -> Iterator[Event]:
        """The same in a thread of conversation, which remembers it; a question that was broken off is taken up where it was.

        Args:
            helper: as of `events`.

        Raises:
            UsageError, StoreError: as `turn`.
        """
        readable(question)
        done = [one for one in threads.turns(thread) if one.answer is not None]
        number = threads.begin(thread, question)
        steps: Steps | None = None
        assistant = helper or self.assistant
        if assistant is not None:
            assistant.allow(assistant.limits.thread_tool_calls - sum(one.tool_calls for one in done))
            steps = Steps(steps_of(thread, number), threads.saver)
        for event in self.events(question, done[-1].query if done else None, done, steps, assistant):
            if event.kind == "final" and event.answer is not None:
                threads.finish(thread, number, event.answer.answer, event.query, steps.tool_calls if steps else 0)
            yield event

    def composed(self, question: str, previous: Query | None = None) -> Composed:
        """The verified answer without a model with all it stands on: of the tables alone, however many forms there are.

        Raises:
            UsageError, StoreError: as `turn`.
        """
        asked = readable(question)
        with without_collecting():
            return self._composed(asked, question, previous)

    def _composed(self, asked: str, question: str, previous: Query | None) -> Composed:
        with self.session() as session:
            self._index.notice = None
            known = self._learn(session)
            heads = session.heads
            query = plan(asked, known.corpus, previous)
            result = execute(query, session)
        draft = compose(query, result, question, known.years, len(known.names))
        basis = Basis(result, draft.sentences, known.names, known.years)
        own = Known(question, query, heads, known.names, known.years, partial(plan, corpus=known.corpus))
        return Composed(verify(draft.answer, basis), query, result, basis, own)

    def _learn(self, session: Session) -> _Known:
        if self._known is None or self._known.stamp != session.stamp:
            names = session.form_names()
            forms = [_form_head(head, names.get(head.form_id, ())) for head in session.heads]
            years = sorted({head.fiscal_year for head in session.heads if head.fiscal_year})
            projects = tuple(head.project_name for head in session.heads if head.project_name)
            self._known = _Known(session.stamp, Corpus(forms), tuple(years), projects)
        return self._known


def ask(question: str, home: Path) -> Answer:
    """The answer to one question; the store of a home stays open for the next one.

    Raises:
        UsageError: no question in the text, a question too long, or no home.
        StoreError: the store cannot be read.
    """
    return _asker(home).turn(question).answer


def ask_each(questions: Iterator[dict[str, Any]], asker: Asker) -> Iterator[dict[str, Any]]:
    """Answers to many questions, one record each as `jihe ask --batch` writes them; what cannot be asked is answered by saying so."""
    for one in questions:
        text = str(one.get("question") or "")
        try:
            answer = asker.turn(text).answer
        except UsageError as e:
            answer = Answer(question=text, answer=str(e), abstained=True)
        yield {"id": one.get("id"), **as_json(answer)}


def as_json(answer: Answer) -> dict[str, Any]:
    """An answer as `jihe ask --json` prints it; what a model used stands there only where one was asked."""
    data = answer.model_dump(mode="json")
    cites = [{name: cite[name] for name in _CITED} for cite in data["citations"]]
    own = _OF_MODEL if answer.model is not None else ()
    return {name: data[name] for name in _SHOWN} | {"citations": cites} | {name: data[name] for name in (*_LAST, *own)}


def readable(question: str) -> str:
    """The question without the white space around it.

    Raises:
        UsageError: there is no word in it, or it is too long.
    """
    text = question.strip()
    if not text:
        raise UsageError("问题是空的。请写出要问的内容，如：哪些项目执行率低于80%？")
    if len(text) > LONGEST:
        raise UsageError(f"问题有 {len(text)} 个字，太长了。请缩短到 {LONGEST} 个字以内，一次问一件事。")
    if not any(c.isalpha() for c in text):
        raise UsageError("问题里没有文字，看不出要问什么。请写出要问的内容，如：哪些项目执行率低于80%？")
    return text


_OPEN: dict[Path, Asker] = {}
_OPENING = Lock()


def _asker(home: Path) -> Asker:
    place = home.absolute()
    with _OPENING:
        if place not in _OPEN:
            _OPEN[place] = Asker.open(place)
        return _OPEN[place]


def close_all() -> None:
    """Close every store that `ask` keeps open."""
    with _OPENING:
        while _OPEN:
            _OPEN.popitem()[1].close()


def _form_head(head: Any, indicators: tuple[str, ...]) -> FormHead:
    return FormHead(
        form_id=head.form_id,
        project_name=head.project_name,
        department=head.department,
        implementing_unit=head.implementing_unit,
        fiscal_year=head.fiscal_year,
        grade=head.grade,
        indicators=indicators,
    )


atexit.register(close_all)
