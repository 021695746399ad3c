"""Forms read through a simulated endpoint beside their gold forms: what is right, what is marked, and what became of each planted fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from agents.extract.llm.same import bare, key
from eval.metrics.compare import LABEL_CELLS, ROW_GROUPS, ROWS, Marks
from eval.metrics.pairing import pair_rows
from eval.simulate.faults import HEAD, Planted
from eval.simulate.sheet import ROW
from schema.cells import ROW_CELLS, TEXT_CELLS, CellValue, get_cell, iter_cells, row_cell
from schema.form import Form, Indicator
from schema.transcript import RowTranscript

_UNCOMPARED = "extras"

FaultGroup = Literal["number", "label", "text", "deviation", "row", "head"]
"""What a fault is of: a cell of a group, a whole row, or the whole head."""
Outcome = Literal["repaired", "marked", "silent"]
"""What became of a fault: its cells came out right and unmarked; some are left marked, right or wrong; some are wrong and not marked."""


class Seen(NamedTuple):
    """A cell as it came out: what it should be and what it is."""

    same: bool
    marked: bool
    want: CellValue = None
    got: CellValue = None

    @property
    def silent(self) -> bool:
        """Whether it is wrong and nobody is told."""
        return not self.same and not self.marked


class Passed(NamedTuple):
    """A cell that came out wrong and is not marked.

    Attributes:
        fault: the class of the fault that was told of it; empty where it came out wrong without one.
    """

    group: str
    form: str
    cell: str
    fault: str
    want: str
    got: str


@dataclass
class Measured:
    """Counts over all forms.

    Attributes:
        cells: cells compared, by group (number, label, text, deviation).
        silent: wrong cells that are not marked, by group.
        marked: cells that are marked, right or wrong.
        right_said: cells that the endpoint told rightly; `accepted` those of them that came out right and unmarked.
        apart: what would be silent, by group, if rows whose names are marked were not told by their places (see `_pairs`).
        outcomes: faults told, by class, group and what became of them.
        passed: the silent cells, with what was told of them.
    """

    forms: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    marked: int = 0
    right_said: int = 0
    accepted: int = 0
    outcomes: Counter[tuple[str, FaultGroup, Outcome]] = field(default_factory=Counter)
    passed: list[Passed] = field(default_factory=list)

    @property
    def planted(self) -> int:
        """How many faults were told."""
        return self.outcomes.total()

    def add(self, gold: Form, form: Form | None, told: Sequence[Planted]) -> None:
        """Count one form; `told` are its faults that were told."""
        self.forms += 1
        results, extra = _results(gold, form)
        self.apart.update(group_of(cell) for cell, seen in _results(gold, form, by_place=False)[0].items() if seen.silent)
        wrong: dict[str, str] = {}
        for planted in told:
            touched = _touched(planted, results, extra)
            self.outcomes[planted.fault, _fault_group(planted), _outcome([results[cell] for cell in touched])] += 1
            wrong |= {} if planted.harmless else dict.fromkeys(touched, planted.fault)
        for cell, seen in results.items():
            group = group_of(cell)
            self.cells[group] += 1
            self.marked += seen.marked
            if seen.silent:
                self.silent[group] += 1
                self.passed.append(Passed(group, gold.form_id, cell, wrong.get(cell, ""), _text(seen.want), _text(seen.got)))
            if cell not in wrong:
                self.right_said += 1
                self.accepted += seen.same and not seen.marked


def _outcome(states: Sequence[Seen]) -> Outcome:
    """What became of one fault, by the cells it is of."""
    if any(seen.silent for seen in states):
        return "silent"
    return "repaired" if all(seen.same and not seen.marked for seen in states) else "marked"


def _text(value: CellValue) -> str:
    return "" if value is None else str(value)


def group_of(cell: str) -> Literal["number", "label", "text", "deviation"]:
    """The group of cells (eval.metrics.compare) that an address is of."""
    field_name = cell.rpartition(".")[2]
    if cell.startswith(f"{ROWS}["):
        return ROW_GROUPS[field_name]
    return "label" if cell in (*LABEL_CELLS, "title") else "text" if cell in TEXT_CELLS else "number"


def _fault_group(planted: Planted) -> FaultGroup:
    if planted.cell in (ROW, HEAD):
        return "row" if planted.cell == ROW else "head"
    return group_of(_address(planted))


def _address(planted: Planted) -> str:
    return planted.cell if planted.row is None else row_cell(planted.row, planted.cell)


def _touched(planted: Planted, results: Mapping[str, Seen], extra: Mapping[str, str]) -> list[str]:
    """The cells that a fault is of; of a row told twice, those of the second as well, where it was believed."""
    if planted.cell == HEAD:
        return [cell for cell in results if not cell.startswith(ROWS)]
    address = _address(planted)
    if planted.cell != ROW:
        return [address]
    second = RowTranscript.model_validate_json(planted.wrong).name if planted.right is None and planted.wrong else None
    again = [cell for cell, name in extra.items() if second is not None and bare(name) == bare(second)]
    return [cell for cell in results if cell.startswith(address.removesuffix(ROW))] + again


def _results(gold: Form, form: Form | None, *, by_place: bool = True) -> tuple[dict[str, Seen], dict[str, str]]:
    """For each cell of the gold form whether it is right, and whether it is marked; the numbers of rows too many count as cells of their
    own, after those of the form, and are given once more with the names of their rows.
    """
    marks = Marks(form) if form is not None else None
    rows = form.indicators if form is not None else ()
    pairs = _pairs(gold.indicators, rows, marks) if by_place else pair_rows(gold.indicators, rows)
    head = (cell for cell, _ in iter_cells(gold) if not cell.startswith((ROWS, _UNCOMPARED)))
    results = {cell: _seen(get_cell(gold, cell), form, cell, marks) for cell in head}
    for i, row in enumerate(gold.indicators):
        for name in ROW_CELLS:
            if (j := pairs.get(i)) is None:
                results[row_cell(i, name)] = Seen(False, marks is None or marks.rows_missing, getattr(row, name))
            else:
                results[row_cell(i, name)] = _seen(getattr(row, name), form, row_cell(j, name), marks)
    extra: dict[str, str] = {}
    for place, j in enumerate(sorted(set(range(len(rows))) - set(pairs.values())), len(gold.indicators)):
        for name in ("weight", "score"):
            extra[row_cell(place, name)] = rows[j].name
            # A mark that rows are missing says nothing of one too many.
            marked = marks is not None and row_cell(j, name) in marks
            results[row_cell(place, name)] = Seen(False, marked, got=getattr(rows[j], name))
    return results, extra


def _seen(want: CellValue, form: Form | None, cell: str, marks: Marks | None) -> Seen:
    if form is None or marks is None:
        # Of a form that was not read, everybody is told.
        return Seen(False, True, want)
    got = get_cell(form, cell)
    return Seen(_same(want, got), cell in marks, want, got)


def _pairs(gold: Sequence[Indicator], rows: Sequence[Indicator], marks: Marks | None) -> dict[int, int]:
    """Which row is which. Between rows that are told by what they say, one whose name is marked is the one that stands in its place:
    the name is known to be in doubt, and what else the row says is compared with what is printed there.
    """
    pairs = pair_rows(gold, rows)
    edges = [(-1, -1), *sorted(pairs.items()), (len(gold), len(rows))]
    for (i, j), (k, m) in pairwise(edges):
        doubtful = marks is not None and all(row_cell(n, "name") in marks for n in range(j + 1, m))
        if k - i == m - j and doubtful:
            pairs |= dict(zip(range(i + 1, k), range(j + 1, m), strict=True))
    return pairs


def _same(want: CellValue, got: CellValue) -> bool:
    if isinstance(want, str) and isinstance(got, str):
        return key(want) == key(got)
    return want == got
