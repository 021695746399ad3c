"""Planted faults of answers: what goes wrong when a model transcribes a form, by kind, seeded, with the right value beside the wrong one.

    injected = inject(Answered(head, rows), others, random.Random(7), share=0.1)

`eval.faults` plants faults in forms, for the checker to find; these stand in answers, for the extractor not to believe.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.simulate import fault_cells, fault_texts
from eval.simulate.fault_cells import Edits, Planter, shuffled
from eval.simulate.sheet import ROW, Answered, Cells, Key, Sheet, build_head, build_row, differs, flatten
from schema.cells import ROW_CELLS
from schema.transcript import HeadTranscript, RowsTranscript

Kind = Literal["cells", "dropped", "doubled", "swapped"]
SWAPPED = "rows-swapped"
"""The one fault of two rows: it shows only where both are told."""
CUT, ENDED = "answer-cut", "answer-ended-early"
"""Faults of an answer, not of a form: it breaks off in the middle of its JSON, or is whole and leaves its last rows out."""
HEAD = "head"
"""What stands for the cell where an answer about a head is lost as a whole."""


@dataclass(frozen=True)
class Fault:
    """A kind of fault.

    Attributes:
        name: what it is called in results.
        plant: finds a place for it.
        kind: what it does to its places: other texts in cells, or a row that is left out, told twice, or told after the one below.
        harmless: the value is spelled otherwise but still says the same, so that taking it is no error.
    """

    name: str
    plant: Planter
    kind: Kind = "cells"
    harmless: bool = False


@dataclass(frozen=True)
class Planted:
    """One cell that is told wrongly.

    Attributes:
        fault: the name of its kind.
        row: index of the row in the right answer, from 0; None for the head.
        cell: the field of the row, the address in the head, or `row` for a whole row: then `right` is the row as JSON, or None for the
            second copy of a doubled row; `wrong` is what is told in its place, or None for a dropped row. An answer that breaks off or
            ends early is one fault for each row it lost; `head` is the head that was lost.
        harmless: as for its kind.
    """

    fault: str
    row: int | None
    cell: str
    right: str | None
    wrong: str | None
    harmless: bool


@dataclass(frozen=True)
class Injected:
    """Transcripts of a form with faults.

    Attributes:
        origins: for each row told, the index of the row in the right answer that it is.
    """

    head: HeadTranscript
    rows: RowsTranscript
    planted: tuple[Planted, ...]
    origins: tuple[int, ...]


def _whole_row(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    rows = [i for i in range(sheet.count) if sheet.row_free(i)]
    return {(rng.choice(rows), ROW): None} if rows else {}


def _two_rows(sheet: Sheet, rng: random.Random, _room: int) -> Edits:
    rows = [i for i in range(sheet.count - 1) if sheet.row_free(i) and sheet.row_free(i + 1) and _unlike(sheet, i)]
    return {(rng.choice(rows), ROW): None} if rows else {}


def _unlike(sheet: Sheet, index: int) -> bool:
    return any(differs(name, sheet.value((index, name)), sheet.value((index + 1, name))) for name in ROW_CELLS)


FAULTS = (
    Fault("row-dropped", _whole_row, "dropped"),
    Fault("row-doubled", _whole_row, "doubled"),
    Fault(SWAPPED, _two_rows, "swapped"),
    Fault("column-shifted", fault_cells.column_shifted),
    Fault("digit-changed", fault_cells.digit_changed),
    Fault("decimal-moved", fault_cells.decimal_moved),
    Fault("value-of-neighbour", fault_cells.value_of_neighbour),
    Fault("value-of-other-form", fault_cells.value_of_other_form),
    Fault("target-actual-exchanged", fault_cells.exchange(("target", "actual"))),
    Fault("weight-score-exchanged", fault_cells.exchange(("weight", "score"), ("total_weight", "total_score"))),
    Fault("cell-emptied", fault_cells.cell_emptied),
    Fault("deviation-invented", fault_texts.deviation_invented),
    Fault("deviation-of-neighbour", fault_texts.deviation_of_neighbour),
    Fault("total-corrected", fault_cells.total_corrected),
    Fault("level-wrong", fault_cells.level_wrong),
    Fault("level-carried-on", fault_cells.level_carried_on),
    Fault("name-translated", fault_texts.name_translated),
    Fault("text-normalised", fault_texts.text_normalised, harmless=True),
    Fault("text-paraphrased", fault_texts.text_paraphrased),
    Fault("text-truncated", fault_texts.text_truncated),
    Fault("units-exchanged", fault_cells.exchange(("department", "implementing_unit"))),
    Fault("goals-exchanged", fault_cells.exchange(("expected_goal", "actual_result"))),
    Fault("funding-rows-exchanged", fault_cells.funding_rows_exchanged),
)
"""Every kind of fault."""


def inject(right: Answered, others: Sequence[Answered], rng: random.Random, share: float) -> Injected:
    """The transcripts of a form with faults of all kinds in a share of the cells that print something.

    The kinds take turns in random order, and each finds places of its own: no cell has two faults, and a row that is dropped, doubled or
    swapped has no other. A whole row counts as one cell. There may be fewer faults than asked for, when no kind finds a place any more.

    Args:
        right: the transcripts of the form.
        others: those of other forms, to take values from.
        rng: all choices come from it.
        share: from 0 to 1; above 0, at least one cell.
    """
    sheet = Sheet(flatten(right), len(right.rows.rows), others)
    room = max(1, round(share * sheet.size)) if share > 0 else 0
    plan = _plan(sheet, rng, room)
    cells = dict(sheet.cells)
    for fault, edits in plan:
        cells |= edits if fault.kind == "cells" else {}
    origins = _order(sheet.count, plan)
    return Injected(
        build_head(cells, right.head),
        RowsTranscript(rows=[build_row(cells, i) for i in origins]),
        tuple(planted for fault, edits in plan for planted in _told(fault, edits, sheet.cells)),
        tuple(origins),
    )


def _plan(sheet: Sheet, rng: random.Random, room: int) -> list[tuple[Fault, Edits]]:
    plan: list[tuple[Fault, Edits]] = []
    open_kinds = shuffled(rng, FAULTS)
    while room and open_kinds:
        for fault in list(open_kinds):
            edits = fault.plant(sheet, rng, room) if room else {}
            if not edits:
                open_kinds.remove(fault)
                continue
            plan.append((fault, edits))
            room -= len(edits)
            sheet.used |= {cell for key in edits for cell in _touched(fault.kind, key)}
    return plan


def _touched(kind: Kind, key: Key) -> list[Key]:
    if kind == "cells" or key[0] is None:
        return [key]
    return [(row, name) for row in range(key[0], key[0] + (2 if kind == "swapped" else 1)) for name in ROW_CELLS]


def _order(count: int, plan: Sequence[tuple[Fault, Edits]]) -> list[int]:
    """The rows in the order, and as often, as they are told."""
    kinds = {row: fault.kind for fault, edits in plan if fault.kind != "cells" for row, _ in edits}
    order: list[int] = []
    for i in range(count):
        kind = kinds.get(i)
        if kind == "swapped":
            order += [i + 1, i]
        elif kinds.get(i - 1) != "swapped":
            order += [i] * {"dropped": 0, "doubled": 2}.get(kind or "", 1)
    return order


def _told(fault: Fault, edits: Edits, cells: Cells) -> list[Planted]:
    """What was planted, in words of `Planted`."""
    told = []
    for (row, name), text in edits.items():
        right, wrong = cells.get((row, name)), text
        if row is not None and fault.kind != "cells":
            own = build_row(cells, row).model_dump_json()
            next_row = build_row(cells, row + 1).model_dump_json() if fault.kind == "swapped" else None
            right, wrong = (None, own) if fault.kind == "doubled" else (own, next_row)
        told.append(Planted(fault.name, row, name, right, wrong, fault.harmless))
    return told
