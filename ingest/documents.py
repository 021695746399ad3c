"""Any document to its pages: each kind of file has one reader, and all of them give the same pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from ingest.kinds import Kind
from ingest.page import Page
from ingest.settings import Settings

SourceKind = Literal["digital", "scan", "photo", "office", "text"]


@dataclass(frozen=True)
class Unread:
    """A page that could not be read, and why."""

    number: int
    reason: str


class Document(Protocol):
    """An opened document.

    Attributes:
        kind: what its forms come from, as far as it is known; settled once all pages are read.
        page_count: how many pages it has.
        repaired: whether the file was broken and mended on opening.
    """

    kind: SourceKind
    page_count: int
    repaired: bool

    def pages(self) -> Iterator[Page | Unread]:
        """Its pages in order, read one by one as they are asked for."""


@runtime_checkable
class Slow(Protocol):
    """A document of which one page may take minutes.

    Attributes:
        moved: called again and again meanwhile; whoever waits sets it.
    """

    moved: Callable[[], None]


def open_document(path: Path, name: str, kind: Kind, settings: Settings) -> AbstractContextManager[Document]:
    """The opened document; `name` is what messages call it.

    Readers are imported when first needed: the OCR engine and the office libraries cost more to load than a PDF takes to read.

    Raises:
        DocumentError: it cannot be opened; the subclass says why, the message what to do.
    """
    if kind == "image":
        from ingest.scan.document import open_images  # noqa: PLC0415

        return open_images(path, name, settings)
    if kind == "pdf":
        from ingest.pdf import open_pdf_document  # noqa: PLC0415

        return open_pdf_document(path, name, settings)
    if kind == "text":
        from ingest.dump.document import open_dump  # noqa: PLC0415

        return open_dump(path, name, settings)
    if kind == "ofd":
        from ingest.office.ofd import open_ofd  # noqa: PLC0415

        return open_ofd(path, name, settings)
    from ingest.office.document import open_office  # noqa: PLC0415

    return open_office(path, name, kind, settings)
