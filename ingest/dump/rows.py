"""The indicator rows of a dump: the readings of all its tables, each helped by the widths that the columns have in the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from ingest.dump.costs import VALUES, Habits
from ingest.dump.lattice import Lattice, Reading, run_widths
from ingest.dump.levels import completed
from ingest.dump.pieces import Piece
from schema.text import fold
from schema.vocabulary import LEVELS

_LEVELS = ("level1", "level2")
_SURE = 0.85
"""Share of all readings that must agree on a piece's column."""
_FULL = 4
"""Half widths that a full line may leave."""
_TOO_WIDE = 2.0
_SUPPORT = 1.5
"""Full lines that tell a column's width."""
_CERTAIN = 0.95
_OFTEN = 4
"""Rows in which a text fills a cell that make it a habit."""
_ROUNDS = 2
_LESSONS = 12
"""Tables of a template from which its habits are learnt."""
_CONFUSED = 0.15
"""Share of unsure pieces from which no cell of a table can be relied on."""
_NAMES = {"level1": "一级指标", "level2": "二级指标", "name": "三级指标", "target": "指标值", "actual": "完成值", "weight": "分值",
          "score": "得分", "deviation": "偏差原因"}  # fmt: skip


@dataclass
class Label:
    """A level's label and the rows it holds for; `missing` is its end where that is not printed."""

    pieces: list[Piece]
    rows: list[int] = field(default_factory=list)
    missing: str = ""
    doubt: str | None = None


@dataclass
class Row:
    """The pieces of a row by column, and why a cell is in doubt."""

    cells: dict[str, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    doubts: dict[str, str] = field(default_factory=dict)


@dataclass
class Rows:
    """The rows of a table and the labels of their levels."""

    rows: list[Row] = field(default_factory=list)
    labels: dict[str, list[Label]] = field(default_factory=lambda: {name: [] for name in _LEVELS})
    doubt: str | None = None


def read_rows(tables: Sequence[tuple[Sequence[Piece], tuple[str, ...]]], moved: Callable[[], None] = lambda: None) -> list[Rows]:
    """The rows of each table, given its pieces and the fields of its columns in order; `moved` is called after each."""
    habits = {}
    for fields in {of for _, of in tables}:
        habits[fields] = _learnt([pieces for pieces, of in tables if of == fields][:_LESSONS], fields)
        moved()
    read = []
    for pieces, fields in tables:
        read.append(_rows(pieces, Lattice(pieces, fields, habits[fields]).read()))
        moved()
    return read


def _learnt(tables: Sequence[Sequence[Piece]], fields: tuple[str, ...]) -> Habits:
    """The habits of a template, from readings of some of its tables that get better with them."""
    habits = Habits()
    for _ in range(_ROUNDS):
        read = [(pieces, Lattice(pieces, fields, habits).read()) for pieces in tables]
        before, habits = habits, Habits(dict(_widths(read)), dict(_words(read)))
        if habits == before:
            break
    return habits


def _widths(read: Sequence[tuple[Sequence[Piece], Reading]]) -> Iterator[tuple[str, int]]:
    """The width of each column: that to which most lines that go on come close, and which hardly any exceeds."""
    going_on: dict[str, list[tuple[int, float]]] = defaultdict(list)
    every: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for pieces, reading in read:
        runs = list(run_widths(pieces))
        for step, after in zip_longest(reading.steps, reading.steps[1:]):
            if step.field in _LEVELS:
                continue
            seen = (runs[step.first], reading.sure[step.first])
            every[step.field].append(seen)
            if after is not None and after.field == step.field and not after.new and pieces[after.first].opens:
                going_on[step.field].append((seen[0], seen[1] * reading.sure[after.first]))
    for name, found in going_on.items():
        score = {
            w: sum(sure for v, sure in found if w - _FULL <= v <= w) - _TOO_WIDE * sum(sure for v, sure in every[name] if v > w + 1)
            for w in {w for w, _ in found}
        }
        best = max(score, key=lambda w: (score[w], w))
        if score[best] >= _SUPPORT:
            yield name, best


def _words(read: Sequence[tuple[Sequence[Piece], Reading]]) -> Iterator[tuple[str, frozenset[str]]]:
    """The texts that surely fill cells of the target and actual columns again and again."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALUES}
    for pieces, reading in read:
        for step, after in zip_longest(reading.steps, reading.steps[1:]):
            if step.field in VALUES and step.new and (after is None or after.new) and reading.sure[step.first] >= _CERTAIN:
                counts[step.field][fold(pieces[step.first].text)] += 1
    for name, counted in counts.items():
        yield name, frozenset(text for text, n in counted.items() if n >= _OFTEN)


def _rows(pieces: Sequence[Piece], reading: Reading) -> Rows:
    out = Rows()
    labelled = False
    for step in reading.steps:
        part = list(pieces[step.first : step.end])
        if step.field in _LEVELS and not step.new:
            out.labels[step.field][-1].pieces += part
            continue
        if step.aside:
            out.labels[step.field].append(Label(part))
            continue
        if step.row and not (labelled and step.field not in _LEVELS):
            out.rows.append(Row())
        labelled = step.field in _LEVELS
        if labelled:
            out.labels[step.field].append(Label(part))
            if step.field == "level1":
                out.labels["level2"].append(Label([]))
        else:
            out.rows[-1].cells[step.field] += part
        if labelled or step.row:
            _hold(out)
    _doubt(pieces, reading, out)
    if sum(sure < _SURE for sure in reading.sure) > _CONFUSED * len(reading.sure):
        out.doubt = "这张表的文字排列混乱，分不清各栏"
    for label in (label for labels in out.labels.values() for label in labels if label.pieces):
        text = fold("".join(piece.text for piece in label.pieces))
        label.doubt = label.doubt or _doubtful_piece(label, pieces, reading)
        label.missing = (completed(text) or text)[len(text) :] if text not in LEVELS else ""
    return out


def _hold(out: Rows) -> None:
    """Put the last row under the labels that hold."""
    row = len(out.rows) - 1
    for labels in out.labels.values():
        if labels and row not in labels[-1].rows:
            for other in labels[:-1]:
                if row in other.rows:
                    other.rows.remove(row)
            labels[-1].rows.append(row)


def _doubt(pieces: Sequence[Piece], reading: Reading, out: Rows) -> None:
    """Note the cells whose pieces may as well stand in another column, and the cells they may belong to."""
    owner = {piece.start: (row, name) for row, held in enumerate(out.rows) for name, cell in held.cells.items() for piece in cell}
    for i, (sure, rival) in enumerate(zip(reading.sure, reading.other, strict=True)):
        place = owner.get(pieces[i].start)
        if sure >= _SURE or place is None or rival is None:
            continue
        row, name = place
        out.rows[row].doubts.setdefault(name, f"“{pieces[i].text[:20]}”也可能属于{_said(rival)}栏")
        if rival in _LEVELS:
            for label in (label for label in out.labels[rival] if row in label.rows or row + 1 in label.rows):
                label.doubt = f"“{pieces[i].text[:20]}”也可能是{_said(rival)}的标签"
            continue
        other = _row_of(row, name, rival)
        if 0 <= other < len(out.rows):
            out.rows[other].doubts.setdefault(rival, f"“{pieces[i].text[:20]}”也可能属于这一格")


def _doubtful_piece(label: Label, pieces: Sequence[Piece], reading: Reading) -> str | None:
    """Why a label is in doubt: a piece of it may as well be a text."""
    held = {piece.start for piece in label.pieces}
    odd = [piece.text for piece, sure in zip(pieces, reading.sure, strict=True) if piece.start in held and sure < _SURE]
    return f"“{odd[0][:20]}”可能不是标签" if odd else None


def _said(name: str) -> str:
    return f"“{_NAMES[name]}”" if name in _NAMES else "另一"


def _row_of(row: int, name: str, rival: str) -> int:
    """The row whose cell a piece would belong to if it stood in the rival column."""
    if rival == "deviation" and name == "name":
        return row - 1
    return row + 1 if name == "deviation" and rival == "name" else row


def labels_of(rows: Rows, fields: Mapping[str, object]) -> Iterator[tuple[str, Label]]:
    """The labels of the levels that the table has, each with its column."""
    for name in _LEVELS:
        if name in fields:
            yield from ((name, label) for label in rows.labels[name])
