"""The stage between reading and storing in which a model is asked: many forms at once, results in the order of the documents.

Workers read pages; this stage runs in the parent, for asking is waiting, and one caller keeps budget, cache and ledger for the whole run.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from agents.drawing import drawer
from agents.extract.llm.extractor import Asked, Extractor
from agents.material import Candidate, Material
from ingest.files import fingerprint
from schema.errors import DocumentError, UsageError
from schema.evidence import Box, Source
from schema.form import Form
from schema.identity import with_ids
from schema.reading import DocumentReading, PageReport

AHEAD = 4
"""Documents per question at once that are read ahead of the one whose answers are waited for."""

_T = TypeVar("_T")
Finished = DocumentReading | DocumentError
"""What a document comes to in the end."""


class Stopping(Protocol):
    """What asks questions and can be told to ask no more."""

    def stop(self) -> None:
        """Ask no new questions; those under way come to their end."""


@dataclass
class Tally:
    """What a run asked.

    Attributes:
        asked: forms that a model was asked about.
        changed: forms that an answer is part of.
        unanswered: forms of which a question was not answered.
        reasons: why, each once.
    """

    asked: int = 0
    changed: int = 0
    unanswered: int = 0
    reasons: list[str] = field(default_factory=list)


class Stage:
    """Asks a model about the forms of documents as they are read.

    Args:
        extractor: reads one form.
        model: what the source of a form calls the model.
        at_once: forms that are asked about at the same time.
        caller: is told to stop when the run is broken off.
    """

    def __init__(self, extractor: Extractor, model: str, at_once: int, caller: Stopping | None = None) -> None:
        self.tally = Tally()
        self._extractor, self._model, self._at_once, self._caller = extractor, model, at_once, caller
        self._lock = threading.Lock()

    def through(self, read: Iterator[tuple[_T, Material | DocumentError]]) -> Iterator[tuple[_T, Finished]]:
        """The documents with the forms that a model helped to read, in order; closing the iterator stops asking."""
        pool = ThreadPoolExecutor(self._at_once)
        waiting: deque[tuple[_T, Material | DocumentError, list[Future[Asked]]]] = deque()
        try:
            for task, result in read:
                material = result if isinstance(result, Material) else None
                futures = [pool.submit(self._ask, material, candidate) for candidate in material.candidates] if material else []
                waiting.append((task, result, futures))
                while waiting and (len(waiting) > AHEAD * self._at_once or all(future.done() for future in waiting[0][2])):
                    yield self._finished(*waiting.popleft())
            while waiting:
                yield self._finished(*waiting.popleft())
        finally:
            if self._caller is not None and waiting:
                self._caller.stop()
            pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self, material: Material, candidate: Candidate) -> Asked:
        layout = material.reading.forms[candidate.form] if candidate.form is not None else None
        name = (layout.project_name if layout is not None else None) or f"{material.reading.file} 第 {candidate.pages[0]} 页"
        asked = self._extractor.read(candidate.printed, layout, name, partial(_picture, material))
        self._count(asked)
        return asked

    def _count(self, asked: Asked) -> None:
        with self._lock:
            self.tally.asked += bool(asked.changed or asked.failed)
            self.tally.changed += asked.changed
            self.tally.unanswered += bool(asked.failed)
            for outcome in asked.failed:
                if outcome.told not in self.tally.reasons:
                    self.tally.reasons.append(outcome.told)

    def _finished(self, task: _T, result: Material | DocumentError, futures: Sequence[Future[Asked]]) -> tuple[_T, Finished]:
        if isinstance(result, DocumentError):
            return task, result
        asked = [future.result() for future in futures]
        return task, _told(result, asked, self._model)


def _picture(material: Material, number: int, box: Box | None) -> bytes | None:
    """A page as a picture; None where it has none that can be drawn: then the question goes without."""
    path = Path(material.reading.file)
    try:
        return drawer().show(path, fingerprint(path).kind, number, box)
    except (DocumentError, UsageError):
        return None


def plain(read: Iterator[tuple[_T, Material | DocumentError]]) -> Iterator[tuple[_T, Finished]]:
    """The documents as layout read them."""
    for task, result in read:
        yield task, result if isinstance(result, DocumentError) else result.error or result.reading


def _told(material: Material, asked: Sequence[Asked], model: str) -> Finished:
    """The document with the forms after asking; its error where there are none."""
    reading = material.reading
    forms = list(reading.forms)
    further: list[Form] = []
    for candidate, answer in zip(material.candidates, asked, strict=True):
        old = forms[candidate.form] if candidate.form is not None else None
        form = answer.form
        if form is not None and answer.changed:
            form = form.model_copy(update={"source": _source(reading, candidate, model, old)})
        if form is not None and candidate.form is not None:
            forms[candidate.form] = form
        elif form is not None:
            further.append(form)
    if not forms and not further:
        return material.error or reading
    # Forms that layout did not read take their place by the pages they stand on.
    found = with_ids(sorted([*forms, *further], key=lambda form: form.source.pages[:1] if form.source else ()), reading.sha256)
    return reading.model_copy(update={"forms": found, "pages": _pages(reading, found)})


def _source(reading: DocumentReading, candidate: Candidate, model: str, old: Form | None) -> Source:
    seconds = old.source.seconds if old is not None and old.source is not None else None
    return Source(
        file=reading.file, sha256=reading.sha256, pages=candidate.pages, kind=reading.kind, method="llm", model=model, seconds=seconds
    )


def _pages(reading: DocumentReading, forms: Sequence[Form]) -> tuple[PageReport, ...]:
    """The pages, those done that a form was read from after all."""
    used = {number for form in forms if form.source is not None and form.source.method == "llm" for number in form.source.pages}
    done = {"status": "done", "reason": None}
    return tuple(page.model_copy(update=done) if page.page in used and page.status != "done" else page for page in reading.pages)
