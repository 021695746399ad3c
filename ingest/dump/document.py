"""A text file as a document of one page: its forms as tables, what is around them as lines."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.documents import SourceKind, Unread
from ingest.dump.decode import read_text
from ingest.dump.tables import read_dump
from ingest.page import Page
from ingest.settings import Settings
from schema.errors import ColumnsKept

_WIDE_GAP = re.compile(r"\S[ \u3000]{3,}\S")
_SHARE = 0.25
"""Share of lines with a wide gap from which a dump keeps columns; blank cells leave one here and there."""
_FEWEST_ROWS = 12


class DumpDocument:
    """A text dump. It has no pages, so all of it is page 1."""

    kind: SourceKind = "text"
    page_count = 1
    repaired = False

    def __init__(self, text: str) -> None:
        self._text = text
        self.moved: Callable[[], None] = lambda: None

    def pages(self) -> Iterator[Page | Unread]:
        """The one page."""
        started = time.perf_counter()
        tables, lines, lost = read_dump(self._text, self.moved)
        yield Page(1, 0.0, 0.0, tables, lines, method="text", seconds=time.perf_counter() - started, damage=lost)


@contextmanager
def open_dump(path: Path, name: str, settings: Settings) -> Iterator[DumpDocument]:
    """The opened dump.

    Raises:
        DocumentError: it is no text, too long, refused by the system, or keeps the columns of a page side by side.
    """
    text = read_text(path, name, settings)
    if keeps_columns(text):
        raise ColumnsKept(name, "文本按版面排列，各栏并排在同一行里，分不清单元格", "请给出原来的 PDF 或表格；或重新导出不保留版面的文本")
    yield DumpDocument(text)


def keeps_columns(text: str) -> bool:
    """Whether a dump prints the columns of its pages side by side, as pdftotext -layout does: wide gaps within most of its lines."""
    rows = [row.strip() for row in text.splitlines() if row.strip() and "\t" not in row and not row.lstrip().startswith("|")]
    wide = sum(_WIDE_GAP.search(row) is not None for row in rows)
    return len(rows) >= _FEWEST_ROWS and wide > _SHARE * len(rows)
