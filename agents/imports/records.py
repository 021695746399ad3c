"""What is told of the queue of imports, and what it takes at most."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.settings import Ocr
from schema.record import Record

Status = Literal["waiting", "reading", "interrupted", "done", "partial", "known", "failed", "refused", "cancelled"]
"""interrupted: it waited or was read when the web app ended. refused: it never came into the queue. The rest as agents.pipeline."""

LIVE: tuple[Status, ...] = ("waiting", "reading")
"""Something is still to happen to it by itself."""
OPEN: tuple[Status, ...] = (*LIVE, "interrupted")
"""Its file is still to be read."""

Trouble = Literal["", "told", "crashed", "empty", "big", "many", "full", "disk", "lost"]
"""Why it failed or was refused.

told: in the words of `told`, as readers and store say it (in Chinese, as everywhere); crashed: the process died over it; empty: no byte;
big, many, full: over a limit of files, of what may wait, of its bytes; disk: no room; lost: the upload did not arrive.
"""


@dataclass(frozen=True)
class Limits:
    """What may be uploaded.

    Attributes:
        file_bytes: bytes of one file, or of the pages of one document together.
        files: documents of one visitor that wait at the same time.
        queued_bytes: bytes that wait at the same time, of all visitors.
        spare_bytes: room that must be left on the disk.
    """

    file_bytes: int = 200 * 2**20
    files: int = 500
    queued_bytes: int = 5 * 2**30
    spare_bytes: int = 2**30


@dataclass(frozen=True)
class Options:
    """How documents are to be read: as `jihe ingest` has it."""

    ocr: Ocr = "auto"
    model: bool = False
    budget: str | None = None


@dataclass(frozen=True)
class Sent:
    """One file as it arrived.

    Attributes:
        name: what the visitor calls it; not to be trusted.
        path: where it lies now; it is taken away from there.
    """

    name: str
    path: Path


class Item(Record):
    """One document in the queue.

    Attributes:
        item_id: for cancelling and trying again.
        pages, read: pages of the document, and how many of them are read; 0 while that is not known.
        forms: id and project name of each form read from it.
        marks: review marks on its forms.
        again: it failed, its file is still there, and another try may go better.
        seconds: how long it took, or takes so far; None where it was not begun.
    """

    item_id: int
    name: str
    size: int
    ocr: Ocr
    model: bool
    status: Status
    pages: int = 0
    read: int = 0
    forms: tuple[tuple[str, str | None], ...] = ()
    marks: int = 0
    trouble: Trouble = ""
    told: str = ""
    again: bool = False
    seconds: float | None = None


class Board(Record):
    """What one visitor sees.

    Attributes:
        items: their own, the latest batch first, in the order they were sent within one.
        ahead: documents of other visitors that are waiting or being read.
        indexing: the index is being brought up to date.
        note: what went wrong outside of any one document.
        busy: something will change without the visitor doing anything.
    """

    items: tuple[Item, ...] = ()
    ahead: int = 0
    indexing: bool = False
    note: str = ""

    @property
    def busy(self) -> bool:
        """Whether to look again soon."""
        return self.indexing or any(item.status in LIVE for item in self.items)


class Job(Record):
    """One document as the worker takes it.

    Attributes:
        path: the file, or the folder of page images.
        batch: what was sent with the same options at the same time; a budget is for all of it.
    """

    item_id: int
    path: Path
    sha256: str
    options: Options
    batch: str


class Ending(Record):
    """What became of a document."""

    status: Status
    forms: tuple[tuple[str, str | None], ...] = ()
    marks: int = 0
    trouble: Trouble = ""
    told: str = ""
    again: bool = False


class Kept(Record):
    """A row of the queue with the file behind it; `cancel` when it is no longer wanted."""

    item_id: int
    status: Status
    path: Path
    sha256: str
    ocr: Ocr
    cancel: bool
