"""The forms as a run read them, beside the results: which one a result is about, what its cells rest on, how confident they were read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.metrics.compare import CellResult, FormResult
from eval.runs.cells import as_text
from schema.cells import iter_cells
from schema.form import Form
from schema.record import Record

STEPS = (1.0, 0.99, 0.95, 0.9, 0.8, 0.0)
"""Lower ends of the classes of confidence; the first one holds what is certain."""


class ConfidenceClass(Record):
    """Cells read with a confidence from `low` to below the next class: how many, wrong, and wrong without a mark."""

    low: float
    cells: int
    wrong: int
    silent: int


def match(results: Sequence[FormResult], forms: Sequence[Form]) -> list[Form | None]:
    """For each result the form as read it is about, told by its values; None where it was not found.

    Results name gold forms; which form was read for one is not kept, but every value of it is.
    """
    values = [{cell: as_text(value) for cell, value in iter_cells(form)} for form in forms]
    free = set(range(len(forms)))
    out: list[Form | None] = []
    for result in results:
        fitting = [number for number in sorted(free) if len(forms[number].indicators) == result.rows_read]
        if not result.found or not fitting:
            out.append(None)
            continue
        best = max(fitting, key=lambda number: _common(result.cells, values[number]))
        free.discard(best)
        out.append(forms[best])
    return out


def confidence_classes(results: Sequence[FormResult], forms: Sequence[Form | None]) -> list[ConfidenceClass]:
    """How often values of each class of confidence are wrong; classes without any cell are left out."""
    held: dict[float, list[CellResult]] = {low: [] for low in STEPS}
    for result, form in zip(results, forms, strict=True):
        if form is None:
            continue
        for cell in result.cells:
            evidence = form.evidence.get(cell.cell)
            if evidence is not None and cell.got not in (None, ""):
                held[next(low for low in STEPS if evidence.confidence >= low)].append(cell)
    return [
        ConfidenceClass(low=low, cells=len(cells), wrong=sum(not cell.right for cell in cells), silent=sum(cell.silent for cell in cells))
        for low, cells in held.items()
        if cells
    ]


def joined(classes: Iterable[ConfidenceClass]) -> list[ConfidenceClass]:
    """Classes of several sets added up."""
    held = list(classes)
    return [
        ConfidenceClass(
            low=low,
            cells=sum(one.cells for one in held if one.low == low),
            wrong=sum(one.wrong for one in held if one.low == low),
            silent=sum(one.silent for one in held if one.low == low),
        )
        for low in STEPS
        if any(one.low == low for one in held)
    ]


def _common(cells: Iterable[CellResult], values: Mapping[str, str | None]) -> int:
    return sum(values.get(cell.cell, "") == as_text(cell.got) for cell in cells)
