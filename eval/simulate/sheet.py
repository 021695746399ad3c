"""Transcripts of a form as one flat table of cells, and back: what faults are planted in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS, cell_kind, funding_cell, row_cell
from schema.numerals import NUMBER, normalise, number
from schema.text import fold
from schema.transcript import HeadTranscript, RowsTranscript, RowTranscript
from schema.values import parse

Key = tuple[int | None, str]
"""A cell: the index of its row and a field of it, or None and an address of the head."""
Cells = Mapping[Key, str | None]

ROW = "row"
"""What stands for the cell where a fault is of a whole row."""
HEAD_ADDRESSES = (
    *HEAD_CELLS,
    *TEXT_CELLS,
    *TOTAL_CELLS,
    *(funding_cell(row, column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS),
)
"""The cells of the head; extras are left alone."""
LABELS = ("name", "level1", "level2")
VALUES = ("target", "actual")
POINTS = ("weight", "score")

_NUMBER = re.compile(rf"[+-]?{NUMBER}")


@dataclass(frozen=True)
class Answered:
    """The transcripts of one form."""

    head: HeadTranscript
    rows: RowsTranscript


@dataclass
class Sheet:
    """The cells of a form with which of them have been used for a fault, and other forms to take values from."""

    cells: Cells
    count: int
    others: Sequence[Answered] = ()
    used: set[Key] = field(default_factory=set)

    def value(self, key: Key) -> str | None:
        """What a cell prints; None also for one that the form does not have."""
        return self.cells.get(key)

    def free(self, key: Key) -> bool:
        """Whether the form has the cell and no fault uses it."""
        return key in self.cells and key not in self.used

    def row_free(self, index: int) -> bool:
        """Whether no fault uses any cell of a row that exists."""
        return 0 <= index < self.count and all(self.free((index, cell)) for cell in ROW_CELLS)

    def printed(self, fields: Iterable[str]) -> list[tuple[Key, str]]:
        """The free cells of these fields and addresses that print something."""
        wanted = set(fields)
        return [(key, text) for key, text in self.cells.items() if key[1] in wanted and text is not None and key not in self.used]

    def column(self, name: str) -> list[str | None]:
        """A field of all rows."""
        return [self.cells[i, name] for i in range(self.count)]

    @property
    def size(self) -> int:
        """How many cells print something."""
        return sum(text is not None for text in self.cells.values())


def flatten(answered: Answered) -> dict[Key, str | None]:
    """The cells of a form's transcripts."""
    head = {(None, address): _at(answered.head, address) for address in HEAD_ADDRESSES}
    return head | {(i, name): text for i, row in enumerate(answered.rows.rows) for name, text in row_cells(row)}


def row_cells(row: RowTranscript) -> Iterator[tuple[str, str | None]]:
    """The cells of one row."""
    return ((name, getattr(row, name)) for name in ROW_CELLS)


def build_head(cells: Cells, like: HeadTranscript) -> HeadTranscript:
    """The head that these cells make, extras as in another."""
    data = like.model_dump()
    for address in HEAD_ADDRESSES:
        *path, last = address.split(".")
        node = data
        for part in path:
            node = node[part]
        node[last] = cells[None, address]
    return HeadTranscript.model_validate(data)


def build_row(cells: Cells, index: int) -> RowTranscript:
    """The row that these cells make."""
    return RowTranscript.model_validate({name: cells[index, name] for name in ROW_CELLS})


def is_number(name: str) -> bool:
    """Whether a field of a row, or an address of the head, holds a number or a year."""
    return cell_kind(name if name in HEAD_ADDRESSES else row_cell(0, name)) != "text"


def read_number(text: str | None) -> Decimal | None:
    """The number at the beginning of a cell."""
    match = _NUMBER.match(normalise(text or ""))
    value = number(match[0].lstrip("+-")) if match else None
    return -value if match and value is not None and match[0][0] == "-" else value


def differs(name: str, right: str | None, wrong: str | None) -> bool:
    """Whether a reader of both would take different values from them: numbers compared as numbers, targets and actuals as values too."""
    if fold(right) == fold(wrong):
        return False
    if is_number(name):
        a, b = read_number(right), read_number(wrong)
        return a is None or a != b
    return name not in VALUES or right is None or wrong is None or parse(right) != parse(wrong)


def _at(head: HeadTranscript, address: str) -> str | None:
    node: object = head
    for part in address.split("."):
        node = getattr(node, part)
    return node if isinstance(node, str) else None
