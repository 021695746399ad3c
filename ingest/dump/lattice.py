"""The pieces below the header of an indicator table as rows and columns: the most likely reading, and how sure each piece's column is.

All ways to read the pieces in order, column by column and row by row, form a lattice. Its cheapest path is the reading; the share of all
paths that put a piece into the same column is how sure that is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.dump import costs
from ingest.dump.levels import NEAR, extensions, lost, phrases, suits, tokens
from ingest.dump.pieces import Piece

_CLOSED = 99
"""Column of a row to which nothing more comes."""
_BEAM = 8.0
"""Cost above the best of a piece from which a reading is given up."""
_UNDIVIDED = 2.0
"""Cost of a level-1 label without one of level 2."""
_ASIDE = 2.5
"""Cost of a label that begins in the middle of the row above its first one."""
_EMPTY_ROW = 1.5
"""Cost of a template row with a label and nothing else."""


class State(NamedTuple):
    """Where a reading stands: the column of the last piece, the two labels that hold."""

    column: int
    level1: str
    level2: str


class Step(NamedTuple):
    """An edge of the lattice: pieces first..end go to a field.

    `row` says that they open a row, `new` that they open a cell, `aside` that they are the beginning of a label that holds from the next
    row on, printed while this one is not at its end.
    """

    first: int
    end: int
    field: str
    row: bool
    new: bool
    aside: bool = False


@dataclass
class Node:
    """The best way to a state, and the sum over all ways."""

    cost: float
    via: tuple[State, Step] | None
    total: float = math.inf
    edges: list[tuple[int, State, Step, float]] = field(default_factory=list)


class _Prices(NamedTuple):
    """What a piece costs.

    In each column, before the next piece in the same cell, as the end of a cell, as the start of a row, of a cell, of a deviation; and the
    labels that may start with it.
    """

    stands: list[float]
    goes_on: list[float]
    leaves: float
    row: float
    cell: float
    explains: float
    breaks_off: float
    phrases: list[int]
    labels: dict[str, list[tuple[int, str, float]]]


@dataclass(frozen=True)
class Reading:
    """The steps of the best path, and for each piece how likely its column is and which other is likeliest."""

    steps: tuple[Step, ...]
    sure: tuple[float, ...]
    other: tuple[str | None, ...]


class Lattice:
    """One table's pieces under its columns."""

    def __init__(self, pieces: Sequence[Piece], fields: Sequence[str], habits: costs.Habits) -> None:
        self.pieces, self.fields = pieces, list(fields)
        self._columns = {level: self.fields.index(level) if level in self.fields else -1 for level in ("level1", "level2")}
        self._first = next(i for i, name in enumerate(self.fields) if name not in self._columns)
        self._late = max((i for i, name in enumerate(self.fields) if name in costs.NUMBERS), default=len(self.fields))
        self._skips = [0.0 if i < self._first else costs.skip(name) for i, name in enumerate(self.fields)]
        self._prices = [self._price(i, run, habits) for i, run in enumerate(run_widths(pieces))]
        self._layers: list[dict[State, Node]] = [{} for _ in range(len(pieces) + 1)]

    def _price(self, i: int, run: int, habits: costs.Habits) -> _Prices:
        """What the next piece costs behind this one, and this one in every column."""
        piece = self.pieces[i]
        after = self.pieces[i + 1] if i + 1 < len(self.pieces) else None
        stands = [costs.stands(name, piece, habits) if name not in self._columns else costs.NEVER for name in self.fields]
        on = [costs.goes_on(name, piece, after, run, habits) if after else 0.0 for name in self.fields]
        labels = {level: tokens(self.pieces, i, level) for level, column in self._columns.items() if column >= 0}
        points = [p.text for p in self.pieces[max(0, i - 2) : i]]
        said = costs.explains(points[0] if len(points) > 1 else None, points[-1]) if points else 0.0
        opening = costs.starts(piece, row=True), costs.starts(piece, row=False)
        return _Prices(stands, on, costs.leaves(piece), *opening, said, costs.breaks_off(piece), list(phrases(self.pieces, i)), labels)

    def read(self) -> Reading:
        """The best reading of all pieces."""
        self._layers[0][State(_CLOSED, "", "")] = Node(0.0, None, 0.0)
        for i, layer in enumerate(self._layers[:-1]):
            best = min((node.cost for node in layer.values()), default=0.0)
            for state, node in list(layer.items()):
                if node.cost > best + _BEAM:
                    del layer[state]
                    continue
                self._sum(node)
                for step, after, cost in self._edges(i, state):
                    self._relax(i, state, node.cost, step, after, cost)
        return self._best()

    def _sum(self, node: Node) -> None:
        """The sum over all ways to a node, those through nodes that were dropped aside."""
        if node.edges:
            held = ((self._layers[j].get(state), cost) for j, state, _, cost in node.edges)
            node.total = log_sum([before.total + cost for before, cost in held if before is not None])

    def _relax(self, i: int, state: State, so_far: float, step: Step, after: State, cost: float) -> None:
        if cost >= costs.NEVER:
            return
        layer = self._layers[step.end]
        node = layer.get(after)
        if node is None:
            node = layer[after] = Node(math.inf, None)
        node.edges.append((i, state, step, cost))
        if so_far + cost < node.cost:
            node.cost, node.via = so_far + cost, (state, step)

    def _edges(self, i: int, state: State) -> Iterator[tuple[Step, State, float]]:
        at, price = state.column, self._prices[i]
        before = self._prices[i - 1] if i else None
        left = before.leaves if before else 0.0
        if before and self._first <= at < _CLOSED and self.fields[at] == "deviation":
            left += before.breaks_off
        closing = self._closing(at)
        if before and self._first <= at < _CLOSED:
            yield Step(i, i + 1, self.fields[at], row=False, new=False), state, before.goes_on[at] + costs.adds(price.stands[at])
        if at < _CLOSED:
            skipped = left + price.cell + (_UNDIVIDED if at == self._columns["level1"] and "level2" in self.fields else 0.0)
            for column in range(max(at + 1, self._first), len(self.fields)):
                said = price.stands[column] + (price.explains if self.fields[column] == "deviation" else 0.0)
                yield Step(i, i + 1, self.fields[column], row=False, new=True), State(column, *state[1:]), skipped + said
                if self.fields[column] == "actual":
                    for end in price.phrases:
                        yield Step(i, end, "actual", row=False, new=True), State(column, *state[1:]), skipped
                skipped += self._skips[column]
        if not self._in_label(at):
            # Behind the end of a label that a page break cut, a row may begin in the middle of a line.
            opening = price.cell if at == _CLOSED else price.row
            cost = left + closing + price.stands[self._first] + opening
            yield Step(i, i + 1, self.fields[self._first], row=True, new=True), State(self._first, *state[1:]), cost
        if self.pieces[i].opens or self._in_label(at) or at == _CLOSED:
            yield from self._begun(i, state, left + closing)
            if not self._in_label(at):
                yield from self._gone_on(i, state, left + closing)

    def _in_label(self, at: int) -> bool:
        return at < self._first

    def _closing(self, at: int) -> float:
        """The cost of leaving the rest of the row blank."""
        if at == _CLOSED:
            return 0.0
        return _EMPTY_ROW if self._in_label(at) else sum(self._skips[at + 1 :])

    def _begun(self, i: int, state: State, closing: float) -> Iterator[tuple[Step, State, float]]:
        """Labels that begin with this piece."""
        torn = lost(state.level2)
        for level, found in self._prices[i].labels.items():
            column = self._columns[level]
            within = level == "level2" and state.column == self._columns["level1"] >= 0
            for end, text, cost in found:
                if self._late <= state.column < _CLOSED and level == "level2" and text in costs.BEGUN:
                    after = State(state.column, state.level1, text)
                    yield Step(i, end, level, row=False, new=True, aside=True), after, cost + torn + _ASIDE
                if level == "level1":
                    after, cost_here = State(column, text, ""), cost + lost(state.level1) + torn
                else:
                    after, cost_here = State(column, state.level1, text), cost + torn + suits(state.level1, text)
                short = 0.0 if within or text.endswith("指标") or not self._in_label(state.column) else _EMPTY_ROW
                yield Step(i, end, level, row=not within, new=True), after, cost_here + short + (0.0 if within else closing)

    def _gone_on(self, i: int, state: State, closing: float) -> Iterator[tuple[Step, State, float]]:
        """Labels begun above some rows that go on with this piece."""
        for level, held in (("level1", state.level1), ("level2", state.level2)):
            for end, text, far in extensions(self.pieces, i, held) if held else ():
                # Both labels may go on, one after the other.
                cost = min(far, NEAR) if state.column == _CLOSED else far
                after = State(_CLOSED, text, state.level2) if level == "level1" else State(_CLOSED, state.level1, text)
                yield Step(i, end, level, row=False, new=False), after, cost + closing

    def _best(self) -> Reading:
        last = self._layers[-1]
        if not last:
            return Reading((), (), ())
        ends = {state: self._closing(state.column) + lost(state.level1) + lost(state.level2) for state in last}
        for node in last.values():
            self._sum(node)
        state = min(last, key=lambda s: last[s].cost + ends[s])
        steps: list[Step] = []
        i = len(self.pieces)
        chosen = state
        while (via := self._layers[i][chosen].via) is not None:
            chosen, step = via
            steps.append(step)
            i = step.first
        steps.reverse()
        shares = self._shares(ends)
        sure, other = [], list[str | None]()
        for step in steps:
            for piece in range(step.first, step.end):
                share = shares[piece]
                sure.append(share.get(step.field, 0.0))
                rivals = {name: part for name, part in share.items() if name != step.field}
                other.append(max(rivals, key=lambda name: rivals[name]) if rivals else None)
        return Reading(tuple(steps), tuple(sure), tuple(other))

    def _shares(self, ends: Mapping[State, float]) -> list[dict[str, float]]:
        """For each piece, the share of all paths that put it into each field."""
        behind: list[dict[State, list[float]]] = [defaultdict(list) for _ in self._layers]
        for state, cost in ends.items():
            behind[-1][state].append(cost)
        whole = log_sum([self._layers[-1][state].total + cost for state, cost in ends.items()])
        shares: list[dict[str, float]] = [defaultdict(float) for _ in self.pieces]
        for i in range(len(self._layers) - 1, 0, -1):
            for state, after in behind[i].items():
                rest = log_sum(after)
                for j, from_state, step, cost in self._layers[i][state].edges:
                    node = self._layers[j].get(from_state)
                    if node is None:
                        continue
                    part = math.exp(min(0.0, whole - (node.total + cost + rest)))
                    for piece in range(step.first, step.end):
                        shares[piece][step.field] += part
                    behind[j][from_state].append(cost + rest)
        return shares


def log_sum(values: Sequence[float]) -> float:
    """The cost of any of several alternatives."""
    least = min(values, default=math.inf)
    if least == math.inf:
        return math.inf
    return least - math.log(sum(math.exp(least - value) for value in values))


def run_widths(pieces: Sequence[Piece]) -> Iterator[int]:
    """For each piece, the width of the print up to its end that single spaces at changes of fonts part."""
    run = 0
    for i, piece in enumerate(pieces):
        joined = i > 0 and not piece.opens and piece.gap <= 1 and pieces[i - 1].text[-1].isascii() != piece.text[0].isascii()
        run = run + piece.gap + piece.width if joined else piece.width
        yield run
