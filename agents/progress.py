"""How far a run is, in pages, also while documents are in the middle of being read."""

from __future__ import annotations

from collections.abc import Callable

Watch = Callable[[int, int], None]
"""Told how many pages a document has and how many of them are read, again after every page."""


class PageCounts:
    """Pages of each document of a run and how many of them are read, as workers tell."""

    def __init__(self, documents: int) -> None:
        self._pages = [0] * documents
        self._read = [0] * documents
        self._documents = documents
        self._finished = 0

    def watch(self, document: int) -> Watch:
        """Where the reader of this document (from 0) tells how far it is."""

        def note(pages: int, read: int) -> None:
            self._pages[document], self._read[document] = pages, read

        return note

    def finish(self, document: int) -> None:
        """The document is settled, whether all of its pages were read or not."""
        self._read[document] = self._pages[document]
        self._finished += 1

    @property
    def read(self) -> int:
        """Pages read so far."""
        return sum(self._read)

    @property
    def exact(self) -> bool:
        """Whether every document was opened, so that the total is known."""
        return self._opened() >= self._documents

    @property
    def total(self) -> int:
        """Pages of all documents; of those not opened yet as many as the opened ones have on average."""
        known, opened = sum(self._pages), self._opened()
        waiting = self._documents - opened
        return known + (round(waiting * known / opened) if opened and known else waiting)

    def _opened(self) -> int:
        return max(self._finished, sum(1 for pages in self._pages if pages))
