"""What a model says of the indicators laid along what is printed: an alignment that keeps the printed order.

Every cell that is said is either found, in one or several neighbouring pieces, or stands in the place of a piece that reads differently,
or is not printed; every piece is used once. The best alignment is found by dynamic programming over pieces and cells, so that a cell can
only be found in its own row and between its own neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from agents.extract.llm.same import NUMBER_FIELDS, TEXT_FIELDS, VALUE_FIELDS, bare, key, same, same_number, value_like
from agents.extract.numbers import parse_number

_GAIN = {"name": 3.0, "deviation": 3.0, "target": 2.0, "actual": 2.0, "weight": 2.0, "score": 2.0}
_PER_CHARACTER = 0.05
_SKIP_FIGURE, _SKIP_TEXT, _SKIP_CELL = -1.0, -0.4, -1.0
_INSTEAD = -0.6
"""Cost of a cell in the place of a piece that reads differently: less than skipping both."""
_TORN = -0.1
"""Further cost of a piece that is skipped within a row: rows are printed in one go where that is possible."""
_NUMBER_PARTS = 3
"""Pieces that a number is broken into at most."""


@dataclass(frozen=True)
class Said:
    """One cell that is said to print something: the row (index in the answer), its field, the text."""

    row: int
    field: str
    text: str


@dataclass(frozen=True)
class Found:
    """Where a cell is: indexes of pieces (from, before); `differs` when another text is printed in its place."""

    first: int
    end: int
    differs: bool = False


Allowed = Callable[[int, str], bool]
"""Whether the piece with this index may hold the field, as far as columns are known."""


def align(texts: Sequence[str], cells: Sequence[Said], allowed: Allowed, labels: Set[int] = frozenset()) -> list[Found | None]:
    """For each cell where it is found among the pieces' texts; None where it is not. Nothing is amiss where `labels` hold no cell."""
    return _Alignment(texts, cells, allowed, labels).found()


class _Alignment:
    """The table of the dynamic program: `best[i][j]` is what pieces from i and cells from j on are worth."""

    def __init__(self, texts: Sequence[str], cells: Sequence[Said], allowed: Allowed, labels: Set[int]) -> None:
        self._pieces, self._cells = len(texts), cells
        self._matches = [_matches(texts, cell, allowed) for cell in cells]
        self._skips = [0.0 if i in labels else _SKIP_FIGURE if value_like(text) else _SKIP_TEXT for i, text in enumerate(texts)]
        cells_only = [i for i in range(len(texts)) if i not in labels]
        self._instead = [{i for i in cells_only if _comparable(cell, texts[i]) and allowed(i, cell.field)} for cell in cells]
        within = [j > 0 and cells[j - 1].row == cell.row and cell.field != "deviation" for j, cell in enumerate(cells)]
        self._torn = [_TORN if inner else 0.0 for inner in (*within, False)]
        self._gains = [gain_of(cell) for cell in cells]
        self._best = [[0.0] * (len(cells) + 1) for _ in range(len(texts) + 1)]
        for i in range(len(texts), -1, -1):
            row = self._best[i]
            for j in range(len(cells), -1, -1):
                if i < len(texts) or j < len(cells):
                    row[j] = max(self._ways(i, j))[0]

    def found(self) -> list[Found | None]:
        """The way from the first piece and cell to the end that is worth most."""
        found: list[Found | None] = [None] * len(self._cells)
        i = j = 0
        while i < self._pieces or j < len(self._cells):
            _, to_i, to_j = max(self._ways(i, j))
            if to_i > i and to_j > j:
                found[j] = Found(i, to_i, differs=self._matches[j].get(i, 0) != to_i)
            i, j = to_i, to_j
        return found

    def _ways(self, i: int, j: int) -> list[tuple[float, int, int]]:
        ways: list[tuple[float, int, int]] = []
        if i < self._pieces:
            ways.append((self._skips[i] + self._torn[j] + self._best[i + 1][j], i + 1, j))
            if j < len(self._cells):
                end = self._matches[j].get(i, 0)
                if end:
                    ways.append((self._gains[j] + self._best[end][j + 1], end, j + 1))
                elif i in self._instead[j]:
                    ways.append((_INSTEAD + self._best[i + 1][j + 1], i + 1, j + 1))
        if j < len(self._cells):
            ways.append((_SKIP_CELL + self._best[i][j + 1], i, j + 1))
        return ways


def _matches(texts: Sequence[str], cell: Said, allowed: Allowed) -> dict[int, int]:
    """From which pieces on the cell is printed: index of the first piece to index behind the last."""
    wanted = bare(cell.text) if cell.field == "name" else key(cell.text)
    found: dict[int, int] = {}
    for i, text in enumerate(texts):
        if not allowed(i, cell.field):
            continue
        end = _number_ends(texts, i, cell) if cell.field in NUMBER_FIELDS else _text_ends(texts, i, cell, wanted, key(text))
        if end:
            found[i] = end
    return found


def _number_ends(texts: Sequence[str], i: int, cell: Said) -> int:
    if same_number(cell.text, texts[i]):
        return i + 1
    for end in range(i + 2, min(i + _NUMBER_PARTS, len(texts)) + 1):
        # A narrow cell wraps a number behind its point.
        if "." in texts[i] and texts[end - 1].isdigit() and same_number(cell.text, "".join(texts[i:end])):
            return end
    return 0


def _text_ends(texts: Sequence[str], i: int, cell: Said, wanted: str, first: str) -> int:
    if cell.field in VALUE_FIELDS and same(cell.field, cell.text, texts[i]):
        return i + 1
    if cell.field == "name":
        first = "" if value_like(texts[i]) else bare(texts[i])
    if not first or not wanted.startswith(first):
        return 0
    at, end = len(first), i + 1
    while at < len(wanted) and end < len(texts):
        piece = key(texts[end])
        if not wanted.startswith(piece, at):
            break
        at, end = at + len(piece), end + 1
    return end if at == len(wanted) else 0


def gain_of(cell: Said) -> float:
    """What finding a cell is worth: a long text tells more than a number that many rows print."""
    return _GAIN[cell.field] + (_PER_CHARACTER * min(len(cell.text), 40) if cell.field in TEXT_FIELDS else 0.0)


def _comparable(cell: Said, text: str) -> bool:
    """Whether a piece could be what a cell prints, where it reads differently: points are bare numbers, and little else is."""
    parsed = parse_number(text)
    points = parsed is not None and parsed[1] in ("", "分")
    if cell.field in NUMBER_FIELDS:
        return points
    if cell.field in VALUE_FIELDS:
        return not points or parse_number(cell.text) is not None
    return cell.field == "name" and not value_like(text)
