"""Forms read through a simulated endpoint beside their gold forms: what is right, what is marked, and what became of each planted fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agents.extract.llm.merge import pair_rows
from agents.extract.llm.same import key
from eval.simulate.faults import Planted
from eval.simulate.sheet import ROW
from schema.cells import ROW_CELLS, CellValue, cell_kind, get_cell, iter_cells, row_cell
from schema.form import Form

_ROWS = "indicators"
_UNCOMPARED = ("title", "extras")
_TEXTS = ("expected_goal", "actual_result", "deviation")


@dataclass
class Measured:
    """Counts over all forms.

    Attributes:
        cells: cells compared, by kind (number, label, text).
        silent: wrong cells that are not marked, by kind.
        marked: cells that are marked, right or wrong.
        right_said: cells that the endpoint told rightly; `accepted` those of them that came out right and unmarked.
        planted: faults told, by class; `repaired` those whose cell came out right and unmarked; `open` those left marked, right or wrong.
        examples: some silent cells, for people.
    """

    forms: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    marked: int = 0
    right_said: int = 0
    accepted: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, gold: Form, form: Form | None, told: Sequence[Planted]) -> None:
        """Count one form; `told` are its faults that were told."""
        self.forms += 1
        results = dict(_results(gold, form))
        wrong = {_address(planted) for planted in told if not planted.harmless}
        for cell, (same, marked) in results.items():
            self.cells[kind_of(cell)] += 1
            self.marked += marked
            if not same and not marked:
                self.silent[kind_of(cell)] += 1
                self.examples.append(f"{gold.form_id} {cell}")
            if cell not in wrong and f"{cell.split('.')[0]}.{ROW}" not in wrong:
                self.right_said += 1
                self.accepted += same and not marked
        for planted in told:
            self._follow(planted, results)

    def _follow(self, planted: Planted, results: Mapping[str, tuple[bool, bool]]) -> None:
        """What became of one fault."""
        touched = [cell for cell in results if cell == _address(planted) or cell.startswith(f"{_address(planted).removesuffix(ROW)}")]
        states = [results[cell] for cell in touched]
        self.planted[planted.fault] += 1
        if all(same and not marked for same, marked in states):
            self.repaired[planted.fault] += 1
        elif all(same or marked for same, marked in states):
            self.open[planted.fault] += 1


def kind_of(cell: str) -> str:
    """number, label or text."""
    if cell_kind(cell) != "text":
        return "number"
    return "text" if cell.endswith(_TEXTS) else "label"


def _address(planted: Planted) -> str:
    return planted.cell if planted.row is None else row_cell(planted.row, planted.cell)


def _results(gold: Form, form: Form | None) -> Iterator[tuple[str, tuple[bool, bool]]]:
    """For each cell of the gold form whether it is right, and whether it is marked; rows too many count as cells of their own."""
    marks = {mark.cell for mark in form.review} if form is not None else {_ROWS}
    for cell, value in iter_cells(gold):
        if not cell.startswith((_ROWS, *_UNCOMPARED)):
            yield cell, (form is not None and _same(value, get_cell(form, cell)), form is None or cell in marks)
    rows = form.indicators if form is not None else ()
    for want, got in pair_rows(gold.indicators, rows):
        for name in ROW_CELLS:
            cell = row_cell(want if want is not None else len(gold.indicators) + (got or 0), name)
            if want is None or got is None or form is None:
                yield cell, (False, _ROWS in marks or (got is not None and row_cell(got, name) in marks))
            else:
                same = _same(getattr(gold.indicators[want], name), getattr(rows[got], name))
                yield cell, (same, row_cell(got, name) in marks)


def _same(want: CellValue, got: CellValue) -> bool:
    if isinstance(want, str) and isinstance(got, str):
        return key(want) == key(got)
    return want == got
