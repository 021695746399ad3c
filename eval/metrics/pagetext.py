"""What a PDF page prints, looked at apart from jihe's own reading: characters in drawn cells (PyMuPDF finds the tables) and in lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from ingest.mupdf import pymupdf
from schema.evidence import Box
from schema.text import fold

_LINE = 3.0
"""Points by which the middles of characters of one line may differ."""
_EDGE = 0.5
_FIGURES = re.compile(r"[0-9.]+")


class Char(NamedTuple):
    """A character of a page, folded, its box and the middle of that."""

    text: str
    box: Box
    x: float
    y: float


@dataclass(frozen=True)
class Cell:
    """A drawn cell, or a line outside of all tables, with its characters as they are read."""

    page: int
    box: Box
    chars: tuple[Char, ...]

    @property
    def text(self) -> str:
        """What it prints, folded."""
        return "".join(char.text for char in self.chars)

    @property
    def x(self) -> float:
        """The middle of its width."""
        return (self.box[0] + self.box[2]) / 2


@dataclass(frozen=True)
class Row:
    """A row of a drawn table, or a line outside of them."""

    page: int
    cells: tuple[Cell, ...]
    drawn: bool

    def holding(self, *labels: str) -> Cell | None:
        """The first cell that prints one of these."""
        return next((cell for cell in self.cells if any(label in cell.text for label in labels)), None)


class PdfPages:
    """The characters of PDFs by file, page and box; documents stay open until it is closed.

    Args:
        folder: where documents lie whose path is not there any more.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._open: dict[str, Any] = {}
        self._chars: dict[tuple[str, int], tuple[Char, ...]] = {}

    def read(self, file: str, page: int, box: Box) -> str | None:
        """What a box of a page (from 1) prints, folded; None where the file is no PDF at hand or the page prints no text at all."""
        chars = self._on(file, page)
        return read_chars(chars, box) if chars else None

    def close(self) -> None:
        """Close the documents."""
        for document in self._open.values():
            if document is not None:
                document.close()
        self._open.clear()

    def __enter__(self) -> Self:
        """The pages."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the documents."""
        self.close()

    def _on(self, file: str, page: int) -> tuple[Char, ...]:
        if (file, page) not in self._chars:
            if file not in self._open:
                path = Path(file) if Path(file).is_file() or self._folder is None else self._folder / Path(file).name
                self._open[file] = pymupdf.open(path) if path.is_file() and path.suffix.lower() == ".pdf" else None
            document = self._open[file]
            there = document is not None and 1 <= page <= document.page_count
            self._chars[file, page] = tuple(page_chars(document[page - 1])) if there else ()
        return self._chars[file, page]


def read_chars(chars: Iterable[Char], box: Box) -> str:
    """The characters whose middle lies in a box, folded, line by line."""
    return "".join(char.text for char in _in_lines(_parted(chars, box)[0]))


def page_chars(page: Any) -> Iterator[Char]:
    """The characters of a page that show something, folded (one may become several), in the order of its text."""
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            for span in line["spans"]:
                for char in span["chars"]:
                    x0, y0, x1, y1 = char["bbox"]
                    if text := fold(char["c"]):
                        yield Char(text, (x0, y0, x1, y1), (x0 + x1) / 2, (y0 + y1) / 2)


def page_rows(page: Any, number: int) -> list[Row]:
    """The rows of the drawn tables and the lines outside of them, from top to bottom; `number` is what the page is called."""
    left = list(page_chars(page))
    rows: list[tuple[float, Row]] = []
    for table in page.find_tables().tables:
        for drawn in table.rows:
            cells = []
            for box in (tuple(box) for box in drawn.cells if box is not None):
                held, left = _parted(left, box)
                cells.append(Cell(number, box, tuple(_in_lines(held))))
            rows += [(drawn.bbox[1], Row(number, tuple(cells), drawn=True))] if cells else []
    for line in _lines(left):
        rows.append((line[0].box[1], Row(number, (Cell(number, bounds(line), tuple(line)),), drawn=False)))
    return [row for _, row in sorted(rows, key=lambda entry: entry[0])]


def _parted(chars: Iterable[Char], box: Box) -> tuple[list[Char], list[Char]]:
    """Characters whose middle lies in a box, and the others."""
    x0, y0, x1, y1 = box[0] - _EDGE, box[1] - _EDGE, box[2] + _EDGE, box[3] + _EDGE
    held: list[Char] = []
    others: list[Char] = []
    for char in chars:
        (held if x0 <= char.x <= x1 and y0 <= char.y <= y1 else others).append(char)
    return held, others


def _lines(chars: Iterable[Char]) -> list[list[Char]]:
    lines: list[list[Char]] = []
    for char in sorted(chars, key=lambda char: char.y):
        if lines and char.y - lines[-1][-1].y < _LINE:
            lines[-1].append(char)
        else:
            lines.append([char])
    return [sorted(line, key=lambda char: char.x) for line in lines]


def _in_lines(chars: Iterable[Char]) -> list[Char]:
    return [char for line in _lines(chars) for char in line]


def bounds(chars: Iterable[Char]) -> Box:
    """The box around characters."""
    x0, y0, x1, y1 = zip(*(char.box for char in chars), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def rearranged(one: str, other: str) -> bool:
    """Whether two folded texts are the same characters, figures in the same order: lines of a cell may be told in another order."""
    return len(one) > 1 and sorted(one) == sorted(other) and _FIGURES.findall(one) == _FIGURES.findall(other)
