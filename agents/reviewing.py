"""The review of doubtful cells, as a screen shows it: each cell with its picture, its readings, and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from agents.crops import Crop, crop_of
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, CellValue, cell_kind, funding_cell
from schema.checks import Finding
from schema.errors import UsageError
from schema.evidence import Reading
from schema.form import Form, Indicator
from schema.record import Record
from store.repository import review
from store.repository.changes import row_name
from store.repository.corrections import ROWS, value_at
from store.repository.review_order import ROW, class_of, hangs_on
from store.repository.review_ranked import KeptOrder
from store.review_records import CellRef, QueuedCell, ReviewFilter, ReviewQueue
from store.store import Store

SLICE = 16
"""Cells made ready at a time: enough that the next ones are there before they are wanted."""


class Neighbour(Record):
    """A cell beside the one in doubt."""

    cell: str
    value: CellValue


class Doubt(Record):
    """One doubtful cell with all that a person needs to settle it."""

    form_id: str
    cell: str
    project_name: str | None
    year: int | None
    unit: str | None
    unit_of_money: str | None
    hold: str
    kind: str
    yuan: int
    value: CellValue
    row: str | None
    """The identity of the row, to tell whether it is still the same when the word on it comes."""
    reasons: tuple[str, ...]
    readings: tuple[Reading, ...]
    """Different values only, the present one first."""
    findings: tuple[Finding, ...]
    """Those that may be gone once the cell is right."""
    neighbours: tuple[Neighbour, ...]
    crop: Crop | None
    printed: str
    """What the page prints there, where it is text without a picture."""
    text: bool
    """Whether any text may stand in the cell."""


class Desk(Record):
    """A slice of the queue made ready, and how long the queue is."""

    doubts: tuple[Doubt, ...]
    queue: ReviewQueue


def review_desk(store: Store, wanted: ReviewFilter, left_out: Sequence[CellRef] = (), limit: int = SLICE) -> Desk:
    """The next cells to look at.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.database.read() as connection:
        queue = review.queue(connection, wanted, left_out, limit, _order_of(store))
    forms: dict[str, tuple[Form, list[Finding]]] = {}
    doubts = []
    for queued in queue.cells:
        if queued.form_id not in forms:
            try:
                forms[queued.form_id] = (store.get(queued.form_id), store.findings(queued.form_id))
            except UsageError:
                # Removed by someone since the queue was read.
                continue
        doubt = _doubt(store, queued, *forms[queued.form_id])
        if doubt is not None:
            doubts.append(doubt)
    return Desk(doubts=tuple(doubts), queue=queue)


_ORDERS: WeakKeyDictionary[Store, KeptOrder] = WeakKeyDictionary()
_MAKING = Lock()


def _order_of(store: Store) -> KeptOrder:
    """The order of a store's queue, the same for everyone who asks."""
    with _MAKING:
        return _ORDERS.setdefault(store, KeptOrder())


def doubt_of(store: Store, form_id: str, cell: str) -> Doubt | None:
    """One cell as it stands now; None where it is not in doubt any more, or gone.

    Raises:
        StoreError: the store cannot be read.
    """
    try:
        form, findings = store.get(form_id), store.findings(form_id)
    except UsageError:
        return None
    queued = QueuedCell(form_id=form.form_id, cell=cell, hold="none", kind=class_of(cell), yuan=0)
    return _doubt(store, queued, form, findings)


def _doubt(store: Store, queued: QueuedCell, form: Form, findings: Sequence[Finding]) -> Doubt | None:
    cell = queued.cell
    marks = [mark for mark in form.review if mark.cell == cell]
    try:
        value = value_at(form, cell)
    except UsageError:
        return None
    if not marks:
        return None
    return Doubt(
        form_id=form.form_id,
        cell=cell,
        project_name=form.project_name,
        year=form.fiscal_year,
        unit=form.implementing_unit or form.department,
        unit_of_money=form.unit_of_money,
        hold=queued.hold,
        kind=queued.kind,
        yuan=queued.yuan,
        value=value,
        row=row_name(form, cell),
        reasons=tuple(dict.fromkeys(mark.reason for mark in marks)),
        readings=_different([reading for mark in marks for reading in mark.readings], value),
        findings=tuple(finding for finding in findings if hangs_on(cell, finding.rule, finding.cell)),
        neighbours=_neighbours(form, cell),
        crop=crop_of(store, form, cell),
        printed=_printed(form, cell),
        text=cell != ROWS and cell_kind(cell) == "text",
    )


def _different(readings: Sequence[Reading], value: CellValue) -> tuple[Reading, ...]:
    """Readings with values of their own, the present value first."""
    kept = {reading.value: reading for reading in reversed(readings)}
    return tuple(sorted(kept.values(), key=lambda reading: reading.value != value))


def _neighbours(form: Form, cell: str) -> tuple[Neighbour, ...]:
    row = ROW.match(cell)
    if row is not None and cell.startswith("indicators"):
        indicator = form.indicators[int(row[1])]
        return tuple(Neighbour(cell=f"{row[0]}.{name}", value=getattr(indicator, name)) for name in Indicator.model_fields)
    if cell.startswith("funding."):
        return tuple(
            Neighbour(cell=funding_cell(name, column), value=getattr(getattr(form.funding, name), column))
            for name in FUNDING_ROWS
            for column in FUNDING_COLUMNS
        )
    if cell in ("total_weight", "total_score", "grade"):
        return tuple(Neighbour(cell=name, value=getattr(form, name)) for name in ("total_weight", "total_score", "grade"))
    return ()


def _printed(form: Form, cell: str) -> str:
    known = form.evidence.get(cell)
    return "".join(place.text for place in known.at) if known else ""
