"""Office files as documents of pages: a Word file is one page, a sheet of a workbook is one, a page of an OFD is one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.documents import SourceKind, Unread
from ingest.kinds import Kind
from ingest.office.package import open_package, refuse_encrypted
from ingest.page import Page
from ingest.settings import Settings

_TOLD = 5
_SHORT = 30


@dataclass
class OfficeDocument:
    """An office file whose pages are read."""

    read: Sequence[Page | Unread]
    kind: SourceKind = "office"
    repaired: bool = False

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return len(self.read)

    def pages(self) -> Iterator[Page | Unread]:
        """The pages."""
        yield from self.read


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
        from ingest.office.word import read_word

        with open_package(path, name, settings) as package:
            word = read_word(package, name, settings)
        return [Page(1, 0.0, 0.0, tuple(word.tables), tuple(word.lines), method="office", notes=hidden_note(word.hidden))]
    if kind == "ofd":
        from ingest.office.ofd import read_ofd

        with open_package(path, name, settings) as package:
            return list(read_ofd(package, name, settings))
    if kind in ("xlsx", "xls"):
        from ingest.office.workbook import read_workbook

        return read_workbook(path, name, kind, settings)
    from ingest.office.convert import converted

    with converted(path, name, settings) as (made, its_kind):
        return _read(made, name, its_kind, settings)


def hidden_note(hidden: Sequence[str]) -> tuple[str, ...]:
    """What to say of texts that do not print."""
    if not hidden:
        return ()
    told = "、".join(f"“{text[:_SHORT]}”" for text in hidden[:_TOLD])
    more = f"等 {len(hidden)} 处" if len(hidden) > _TOLD else ""
    return (f"有看不见的文字，没有读入：{told}{more}",)
