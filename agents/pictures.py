"""Pictures of the pages of stored documents.

A document is asked for by the sha256 of its bytes and found under the paths at which it was met. What is shown is what was read: a file
whose bytes changed since gives no picture, and the reason instead. One that was met under a URL is fetched again, and kept for a while.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Literal, NamedTuple
from weakref import WeakKeyDictionary, finalize

from agents.drawing import drawer
from agents.engines.spool import Remote, Spool
from ingest.files import Fingerprint, fingerprint, page_images
from ingest.pictures import SHOWN, Drawing
from ingest.urls import is_url
from schema.errors import DocumentError, StoreError, UsageError
from schema.evidence import Box
from schema.record import Record
from store.store import Store

Why = Literal["unknown", "missing", "changed", "kind", "page", "damaged"]
"""Why there is no picture: no such document; its file is gone, or has other bytes; files of its kind have no pages; no such page; the
page cannot be drawn."""

FINENESS = (48, 96, 144, 200, 300)
"""Dots per inch in which pages are drawn: few steps, so that what was drawn serves again."""
MOST_BYTES = 96 * 2**20
"""Bytes of drawn pages that are kept."""
_MOST_FILES = 2_000
_MOST_FETCHED = 2**29
"""Bytes of documents that were fetched to be shown; one is kept in any case."""


class PagePicture(Record):
    """A page that can be shown; width and height in points, as boxes of evidence are."""

    document: str
    page: int
    pages: int
    width: float
    height: float
    file: str


class NoPicture(Record):
    """Why a page cannot be shown."""

    why: Why
    file: str = ""


class _Found(NamedTuple):
    path: Path
    print: Fingerprint
    name: str


class Pictures:
    """The pictures of one store. Threads may share it.

    Args:
        store: has to stay open as long.
        most_bytes: of what was drawn is kept.
    """

    def __init__(self, store: Store, most_bytes: int = MOST_BYTES) -> None:
        self._store = store
        self._kept = _Kept(most_bytes)
        self._prints: OrderedDict[Path, tuple[object, Fingerprint]] = OrderedDict()
        self._sizes: OrderedDict[str, list[tuple[float, float]]] = OrderedDict()
        self._lock = Lock()
        self._fetched = _Fetched(store.home)

    def pages(self, sha256: str) -> list[PagePicture] | NoPicture:
        """All pages of a document, in order; cheap once it was asked for.

        Raises:
            StoreError: the store cannot be read.
        """
        found = self._found(sha256)
        if isinstance(found, NoPicture):
            return found
        try:
            sizes = self._sizes_of(sha256, found)
        except (DocumentError, OSError):
            return NoPicture(why="damaged", file=found.name)
        return [
            PagePicture(document=sha256, page=number, pages=len(sizes), width=size[0], height=size[1], file=found.name)
            for number, size in enumerate(sizes, 1)
        ]

    def page(self, sha256: str, number: int) -> PagePicture | NoPicture:
        """One page (from 1).

        Raises:
            StoreError: the store cannot be read.
        """
        pages = self.pages(sha256)
        if isinstance(pages, NoPicture):
            return pages
        return pages[number - 1] if 1 <= number <= len(pages) else NoPicture(why="page", file=pages[0].file if pages else "")

    def draw(self, sha256: str, number: int, dpi: int = 144, box: Box | None = None) -> bytes | NoPicture:
        """A page, or the part of it in a box (points), as JPEG; the fineness is the next of FINENESS.

        Raises:
            StoreError: the store cannot be read.
        """
        found = self._found(sha256)
        if isinstance(found, NoPicture):
            return found
        fine = fineness(dpi)
        key = (sha256, number, fine, box)
        if (kept := self._kept.get(key)) is not None:
            return kept
        try:
            picture = drawer().draw(found.path, found.print.kind, number, Drawing(fine, box), self._as_pdf(sha256, found))
        except UsageError:
            return NoPicture(why="page", file=found.name)
        except (DocumentError, OSError):
            return NoPicture(why="damaged", file=found.name)
        self._kept.put(key, picture)
        return picture

    def _found(self, sha256: str) -> _Found | NoPicture:
        """The document's file as it was when it was read."""
        known = self._store.known(sha256)
        if known is None or known.sha256 != sha256:
            return NoPicture(why="unknown")
        name = Path(known.files[0]).name if known.files else ""
        if known.kind in ("text", "canonical"):
            return NoPicture(why="kind", file=name)
        why: Why = "missing"
        for file in known.files:
            path = self._fetched.near(file) if is_url(file) else Path(file)
            present = self._print(path) if path is not None else None
            if path is None or present is None:
                continue
            if present.sha256 == sha256:
                return _Found(path, present, Path(file).name) if present.kind in SHOWN else NoPicture(why="kind", file=name)
            why = "changed"
        return NoPicture(why=why, file=name)

    def _print(self, path: Path) -> Fingerprint | None:
        """The fingerprint of what lies at a path now; read through only where something about the file changed."""
        try:
            state = _state(path)
            with self._lock:
                kept = self._prints.get(path)
            if kept is not None and kept[0] == state:
                return kept[1]
            made = fingerprint(path)
        except (DocumentError, OSError):
            return None
        with self._lock:
            self._prints[path] = (state, made)
            while len(self._prints) > _MOST_FILES:
                self._prints.popitem(last=False)
        return made

    def _sizes_of(self, sha256: str, found: _Found) -> list[tuple[float, float]]:
        with self._lock:
            kept = self._sizes.get(sha256)
        if kept is not None:
            return kept
        sizes = drawer().page_sizes(found.path, found.print.kind, self._as_pdf(sha256, found))
        with self._lock:
            self._sizes[sha256] = sizes
            while len(self._sizes) > _MOST_FILES:
                self._sizes.popitem(last=False)
        return sizes

    def _as_pdf(self, sha256: str, found: _Found) -> bytes | None:
        key = (sha256, 0, 0, None)
        kept = self._kept.get(key)
        if kept is None and (kept := drawer().as_pdf(found.path, found.print.kind)) is not None:
            self._kept.put(key, kept)
        return kept


def fineness(dpi: int) -> int:
    """In which fineness a page is drawn for someone who asks for so many dots per inch."""
    return next((step for step in FINENESS if step >= dpi), FINENESS[-1])


class _Kept:
    """What was drawn last, bounded by its bytes."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._items: OrderedDict[object, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object) -> bytes | None:
        with self._lock:
            found = self._items.get(key)
            if found is not None:
                self._items.move_to_end(key)
            return found

    def put(self, key: object, made: bytes) -> None:
        with self._lock:
            self._bytes += len(made) - len(self._items.pop(key, b""))
            self._items[key] = made
            while self._bytes > self._most and len(self._items) > 1:
                self._bytes -= len(self._items.popitem(last=False)[1])


class _Fetched:
    """Documents that lie elsewhere, fetched to be shown; those asked for last stay. They are gone with the store."""

    def __init__(self, home: Path) -> None:
        self._spool = Spool(home)
        self._items: OrderedDict[str, tuple[Remote, int]] = OrderedDict()
        self._lock = Lock()
        finalize(self, self._spool.close)

    def near(self, url: str) -> Path | None:
        """Where a copy lies; None where it cannot be had."""
        with self._lock:
            try:
                remote = self._items[url][0] if url in self._items else Remote(url, self._spool)
                path = remote.take()
                self._items[url] = (remote, path.stat().st_size)
            except (DocumentError, UsageError, StoreError, OSError):
                return None
            self._items.move_to_end(url)
            while len(self._items) > 1 and sum(size for _, size in self._items.values()) > _MOST_FETCHED:
                self._items.popitem(last=False)[1][0].leave()
        return path


_OF_STORES: WeakKeyDictionary[Store, Pictures] = WeakKeyDictionary()
_MAKING = Lock()


def pictures_of(store: Store) -> Pictures:
    """The pictures of a store, the same for everyone who asks, so that what one drew serves the others."""
    with _MAKING:
        return _OF_STORES.setdefault(store, Pictures(store))


def _state(path: Path) -> object:
    """What changes when a file does, without reading it; of a folder, that of its page images.

    Raises:
        OSError: there is nothing at the path.
        UnreadableDocument: the folder cannot be listed.
    """
    files = page_images(path) if path.is_dir() else [path]
    return tuple((file.name, (stat := file.stat()).st_mtime_ns, stat.st_size, stat.st_ino) for file in files)
