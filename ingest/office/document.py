"""Office files as documents of pages: a Word file is one page, a sheet of a workbook is one, a page of an OFD is one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ingest.documents import SourceKind, Unread
from ingest.kinds import Kind
from ingest.office.cells import hidden_note
from ingest.office.convert import converted
from ingest.office.package import open_package, refuse_encrypted
from ingest.office.word import read_word
from ingest.page import Page
from ingest.settings import Settings


class OfficeDocument:
    """An office file whose pages are read."""

    def __init__(self, read: Sequence[Page | Unread]) -> None:
        self.kind: SourceKind = "office"
        self.repaired = False
        self.page_count = len(read)
        self._read = read

    def pages(self) -> Iterator[Page | Unread]:
        """The pages."""
        yield from self._read


@contextmanager
def open_office(path: Path, name: str, kind: Kind, settings: Settings) -> Iterator[OfficeDocument]:
    """The opened file; `kind` says what it is, `name` is what messages call it.

    Raises:
        DocumentError: it cannot be opened; the subclass says why, the message what to do.
    """
    started = time.perf_counter()
    pages = _read(path, name, kind, settings)
    seconds = (time.perf_counter() - started) / max(1, len(pages))
    yield OfficeDocument([replace(page, seconds=seconds) if isinstance(page, Page) else page for page in pages])


def _read(path: Path, name: str, kind: Kind, settings: Settings) -> list[Page | Unread]:
    if kind in ("xls", "legacy"):
        refuse_encrypted(path, name)
    if kind == "docx":
        with open_package(path, name, settings) as package:
            word = read_word(package, name, settings)
        return [Page(1, 0.0, 0.0, tuple(word.tables), tuple(word.lines), method="office", notes=hidden_note(word.hidden))]
    if kind in ("xlsx", "xls"):
        # Imported here: the libraries for workbooks take a while, and most office files are Word.
        from ingest.office.workbook import read_workbook  # noqa: PLC0415

        return read_workbook(path, name, kind, settings)
    with converted(path, name, settings) as (made, its_kind):
        return _read(made, name, its_kind, settings)
