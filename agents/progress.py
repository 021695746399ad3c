"""How far a run is, in pages, also while worker processes are in the middle of long documents."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from multiprocessing.sharedctypes import RawArray

Watch = Callable[[int, int], None]
"""Told how many pages a document has and how many of them are read, again after every page."""


class PageCounts:
    """Pages of each document of a run and how many of them are read, in memory shared with the workers.

    There is no lock: an entry is written by the one worker that reads its document, and a reader that sees it a moment late is no
    harm. A worker that is killed can so leave nothing locked, and its entry is written anew when the document is read again.
    """

    def __init__(self, documents: int) -> None:
        self._pages = RawArray(ctypes.c_uint32, max(1, documents))
        self._read = RawArray(ctypes.c_uint32, max(1, documents))
        self._documents = documents
        self._finished = 0

    def watch(self, document: int) -> Watch:
        """Where the reader of this document (from 0) tells how far it is."""

        def note(pages: int, read: int) -> None:
            self._pages[document], self._read[document] = pages, read

        return note

    def finish(self, document: int) -> None:
        """The document is settled, whether all of its pages were read or not. Only the parent calls this."""
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
