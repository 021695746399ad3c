"""Pages drawn in a process of their own: a file that MuPDF cannot stand takes that process with it, and not the web app."""

from __future__ import annotations

import atexit
import queue
from collections.abc import Callable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

from agents.guarded.frames import Beat, Lost
from agents.guarded.process import Bounds, News, Worker, lost_told
from ingest.kinds import Kind
from ingest.pictures import Drawing, as_pdf, draw, page_sizes
from ingest.render import show_page
from schema.errors import DamagedDocument, DocumentError, TooCostly, UsageError
from schema.evidence import Box

BOUNDS = Bounds(stalled=60.0, longest=60.0, memory=2 * 2**30, output=2**28)
"""What drawing a page, or an OFD as PDF, may take."""
LOOK_SECONDS = 0.5


class Drawer:
    """Draws one page after the other; threads may share it.

    Args:
        bounds: of one drawing.
    """

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._worker = Worker(bounds, self._news)
        self._turn = Lock()

    def page_sizes(self, path: Path, kind: Kind, raw: bytes | None = None) -> list[tuple[float, float]]:
        """As `ingest.pictures.page_sizes`.

        Raises:
            DocumentError, UsageError: as there; or drawing took more than it may.
        """
        return cast(list[tuple[float, float]], self._done(path, page_sizes, path, kind, raw))

    def draw(self, path: Path, kind: Kind, number: int, how: Drawing, raw: bytes | None = None) -> bytes:
        """As `ingest.pictures.draw`.

        Raises:
            DocumentError, UsageError: as there; or drawing took more than it may.
        """
        return cast(bytes, self._done(path, draw, path, kind, number, how, raw))

    def as_pdf(self, path: Path, kind: Kind) -> bytes | None:
        """As `ingest.pictures.as_pdf`.

        Raises:
            DocumentError: as there; or drawing took more than it may.
        """
        return cast(bytes | None, self._done(path, as_pdf, path, kind) if kind == "ofd" else None)

    def show(self, path: Path, kind: Kind, number: int, box: Box | None) -> bytes:
        """As `ingest.render.show_page`.

        Raises:
            DocumentError, UsageError: as there; or drawing took more than it may.
        """
        return cast(bytes, self._done(path, show_page, path, kind, number, box))

    def close(self) -> None:
        """End the process; the next drawing starts another."""
        self._worker.close()

    def _done(self, path: Path, function: Callable[..., Any], *given: Any) -> Any:
        with self._turn:
            self._worker.begin(_attempt, function, given)
            said = self._said()
        if isinstance(said, Lost):
            lost_told(said, str(path))
            if said.why in ("crashed", "fault"):
                raise DamagedDocument(str(path), "这一页画不出来", "请用阅读器另存一份后再试")
            raise TooCostly(str(path), "画这一页用的时间或内存超过上限", "请用阅读器另存一份后再试")
        if isinstance(said, DocumentError | UsageError | OSError):
            raise said
        return said

    def _said(self) -> Any:
        while True:
            if (lost := self._worker.overdue()) is not None:
                return lost
            try:
                news = self._news.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue
            if self._worker.heard(news) and not isinstance(news.said, Beat):
                return news.said


def _attempt(function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Errors that are meant to be told come back as results."""
    try:
        return function(*given)
    except (DocumentError, UsageError, OSError) as e:
        return e


@cache
def drawer() -> Drawer:
    """The one that everything in this process shares; it starts with the first page."""
    made = Drawer()
    atexit.register(made.close)
    return made
