"""The process that reads what is imported in the web app: `python -m agents.imports.worker HOME`.

One document after the other, through the same pipeline as the command line; the index at the end. It ends by itself after a while without
work, and at once when the process that started it is gone.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from agents.guarded.group import end_own_group
from agents.imports.queue import INDEXING, NOTE, ImportQueue
from agents.imports.records import Ending, Job
from agents.imports.uploads import Uploads
from agents.indexing import bring_up_to_date
from agents.pipeline import Outcome, Plan, plan, run
from agents.reading_pool import ReadingPool
from agents.telemetry import set_up
from ingest.limits import limited
from schema.errors import JiheError
from store.records import DocumentSummary
from store.store import Store

if TYPE_CHECKING:
    from agents.modelling import ModelRun

IDLE_SECONDS = 20.0
"""How long to wait for more: starting again takes a second or two."""
LOOK_SECONDS = 0.2
"""How often to look for work, and how often to tell how far a document is."""
NICE = 5
"""Pages of the web app come first."""
FAILED_START = 3
_REASONS_TOLD = 3


def main(arguments: Sequence[str]) -> int:
    """Work through the queue of the home that is named; the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICE)
    home = Path(arguments[0])
    with ImportQueue.open(home) as queue:
        try:
            set_up(os.environ)
            with Store.open(home) as store, _Worker(store, queue) as worker:
                worker.work()
        except JiheError as e:
            queue.say(NOTE, str(e))
            return FAILED_START
    return 0


def _end_with_parent() -> None:
    """Whoever started this process holds the other end of its standard input, and never writes."""
    # Not through sys.stdin: a thread that waits inside of it is fatal when the interpreter ends.
    while os.read(0, 1):
        pass
    end_own_group()


class _Worker(ExitStack):
    """Reads documents of one queue into one store."""

    def __init__(self, store: Store, queue: ImportQueue) -> None:
        super().__init__()
        self._store, self._queue = store, queue
        self._uploads = Uploads(store.home)
        self._models: dict[str, ModelRun | None] = {}
        self._open_model = ExitStack()
        self.push(self._open_model)
        self._limits = limited(os.environ)
        # One process for all of them: its start takes longer than reading most documents.
        self._pool = self.enter_context(ReadingPool(1, self._limits))

    def work(self) -> None:
        """Read what waits until nothing has waited for a while."""
        stale, last = False, time.monotonic()
        while True:
            job = self._queue.take()
            if job is not None:
                # From here on the index is behind; it stays said until it is not.
                self._queue.say(INDEXING, "1")
                ending = self._read(job)
                # First the file, so that nobody who sees the ending finds it still there.
                self._let_go(job, ending)
                self._queue.finish(job.item_id, ending)
                stale, last = True, time.monotonic()
            elif stale:
                self._index()
                stale = False
            elif time.monotonic() - last > IDLE_SECONDS:
                return
            else:
                time.sleep(LOOK_SECONDS)

    def _read(self, job: Job) -> Ending:
        stored = self._store.known(job.sha256)
        if stored is not None and _has_original(stored) and job.options.ocr != "always":
            return self._known(stored)
        if not job.path.exists():
            return Ending(status="failed", trouble="lost")
        try:
            model = self._model(job)
            asked = model.stage.tally.unanswered if model is not None else 0
            settings = replace(self._limits, ocr=job.options.ocr, texts=model is not None)
            planned = plan([str(job.path)], self._store, settings)
            with self._telling(job, planned):
                outcomes = list(run(planned, self._store, self._pool, "jihe ui", model.stage if model is not None else None))
        except JiheError as e:
            return Ending(status="failed", trouble="told", told=str(e), again=True)
        ending = self._ending(job, outcomes[0])
        if model is not None and model.stage.tally.unanswered > asked:
            told = f"模型没有答完：{' '.join(model.stage.tally.reasons[:2])}已有的读数照常保存，未核对的单元格已标明。"
            ending = ending.model_copy(update={"trouble": "told", "told": f"{ending.told}{told}"})
        return ending

    def _ending(self, job: Job, outcome: Outcome) -> Ending:
        if outcome.error is not None:
            return Ending(status="failed", trouble="told", told=outcome.error.told)
        if outcome.status == "known":
            stored = self._store.known(job.sha256)
            return self._known(stored) if stored is not None else Ending(status="known")
        lost = [f"第 {page.page} 页{page.reason or '读不出来'}" for page in outcome.pages if page.status == "failed"]
        told = "；".join(lost[:_REASONS_TOLD]) + (f"；等 {len(lost)} 页" if len(lost) > _REASONS_TOLD else "") + ("。" if lost else "")
        return Ending(status=outcome.status, forms=outcome.forms, marks=outcome.marks, trouble="told" if told else "", told=told)

    def _known(self, stored: DocumentSummary) -> Ending:
        files = set(stored.files)
        found = [form for form in self._store.forms() if form.file in files]
        forms = tuple((form.form_id, form.project_name) for form in found)
        return Ending(status="known", forms=forms, marks=sum(form.review_marks for form in found))

    def _let_go(self, job: Job, ending: Ending) -> None:
        """Take the file away if nothing came to stand on it and nothing will."""
        useless = ending.status in ("failed", "known") and not ending.again
        if useless and not self._queue.standing_on(job.path, job.item_id):
            self._uploads.release(job.path, job.sha256, self._store)

    def _model(self, job: Job) -> ModelRun | None:
        """The model of the job's batch: the budget is for all of it."""
        if not job.options.model:
            return None
        if job.batch not in self._models:
            # Most imports ask no model, and what asks takes a while to load.
            from agents.modelling import model_run  # noqa: PLC0415

            self._open_model.close()
            opened = model_run(self._store.home, os.environ, "auto", job.options.budget)
            self._models = {job.batch: self._open_model.enter_context(opened)}
        return self._models[job.batch]

    @contextmanager
    def _telling(self, job: Job, planned: Plan) -> Iterator[None]:
        """Meanwhile, note how far the document is."""
        over = threading.Event()

        def tell() -> None:
            last = (0, 0)
            while not over.wait(LOOK_SECONDS):
                pages = planned.pages
                seen = (pages.total, pages.read)
                if pages.read and seen != last:
                    self._queue.progress(job.item_id, *seen)
                    last = seen
            self._queue.progress(job.item_id, planned.pages.read, planned.pages.read)

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()

    def _index(self) -> None:
        try:
            self._queue.say(NOTE, bring_up_to_date(self._store, os.environ) or "")
        finally:
            self._queue.say(INDEXING, "")


def _has_original(stored: DocumentSummary) -> bool:
    """Whether it was read, and its file is still where it was read from."""
    return stored.status == "done" and any(Path(file).exists() for file in stored.files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
