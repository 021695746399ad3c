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
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Self

from agents.answer.answer import Answer
from agents.answer.compose.composing import compose
from agents.answer.execute.execution import Finder, execute
from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.plan.planner import plan
from agents.answer.query import Query
from agents.answer.verify.composed import Basis, verify
from agents.finder import IndexFinder
from schema.errors import UsageError
from store.facts import Facts, Session
from store.store import Store

LONGEST = 2000
"""Characters a question may have."""
_CITED = ("n", "project_name", "fiscal_year", "file", "page", "cell", "quote")
_SHOWN = ("question", "answer", "abstained", "projects", "related", "value", "unit")


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
    """Answers questions over the forms of one store. One question at a time; it is a context manager.

    Args:
        store: closed with the asker.
        finder: what finds texts; without one the index of the store does, opened by the first question that needs it.
    """

    def __init__(self, store: Store, finder: Finder | None = None) -> None:
        self._store = store
        self._index = IndexFinder(store, os.environ)
        self._finder = finder or self._index
        self._facts = Facts(store)
        self._known: _Known | None = None
        self._lock = Lock()

    @classmethod
    def open(cls, home: Path, finder: Finder | None = None) -> Self:
        """Questions to the store in this home.

        Raises:
            UsageError: there is no home.
            StoreError: it cannot be read.
        """
        return cls(Store.open(home, create=False), finder)

    def close(self) -> None:
        """Let go of the index and of the store."""
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
        with self._facts.session() as session:
            return len(session.heads)

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
        with self._lock, self._facts.session() as session:
            return plan(asked, self._learn(session).corpus, previous)

    def turn(self, question: str, previous: Query | None = None) -> Turn:
        """The answer to a question, which may go on from the query before.

        Raises:
            UsageError: there is no question in the text, or it is too long.
            StoreError: the store cannot be read.
        """
        started = time.perf_counter()
        asked = readable(question)
        with self._lock, self._facts.session() as session:
            self._index.notice = None
            known = self._learn(session)
            query = plan(asked, known.corpus, previous)
            result = execute(query, session, self._finder)
            notices = (self._index.notice,) if self._index.notice else ()
            # Inside, for the session keeps the garbage collector from going through very many rows again and again.
            draft = compose(query, result, question, known.years, len(known.names))
            answer = verify(draft.answer, Basis(result, draft.sentences, known.names, known.years))
        seconds = round(time.perf_counter() - started, 3)
        return Turn(answer.model_copy(update={"notes": (*answer.notes, *notices), "seconds": seconds}), query)

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
    """An answer as `jihe ask --json` prints it."""
    data = answer.model_dump(mode="json")
    cites = [{name: cite[name] for name in _CITED} for cite in data["citations"]]
    return {name: data[name] for name in _SHOWN} | {
        "citations": cites, "plan": data["plan"], "mode": data["mode"], "verified": data["verified"], "seconds": data["seconds"],
    }  # fmt: skip


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
