"""One form with everything that is known of its cells: what a person needs who checks it against its pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from schema.cells import CellValue, get_cell, iter_cells, row_cell
from schema.checks import Finding
from schema.errors import UsageError
from schema.evidence import Evidence, Place, Reader, ReviewMark
from schema.form import Form
from schema.record import Record
from schema.text import fold
from store.export.labels import row_index
from store.records import Correction, VersionSummary
from store.store import Store

State = Literal["grounded", "review", "corrected", "confirmed", "unlocated", "empty"]
"""How a cell stands: found on the page; to be looked at; changed or confirmed by a person; with a value that was not found on the page;
without a value."""
GROUPS = ("funding.total", "indicators")
"""What findings and review marks may name besides cells."""


class CellView(Record):
    """A cell with what is known of it.

    Attributes:
        was: what was read, where a person said something else.
        places: where it is printed.
        beside: for a cell without a place, another one of its row that has one.
        findings: their numbers in `FormView.findings`.
        events: what people said of it, oldest first.
    """

    cell: str
    value: CellValue
    was: CellValue
    state: State
    places: tuple[Place, ...] = ()
    beside: str | None = None
    read_by: Reader | None = None
    confidence: float | None = None
    exact: bool = True
    mark: ReviewMark | None = None
    findings: tuple[int, ...] = ()
    events: tuple[Correction, ...] = ()

    @property
    def standing(self) -> bool:
        """Whether there is something to take back."""
        return any(event.undone_at is None for event in self.events)


class FormView(Record):
    """A form, its cells by address (and the two groups), what was found, who said what, its readings, and its document."""

    form: Form
    cells: dict[str, CellView]
    findings: tuple[Finding, ...]
    events: tuple[Correction, ...]
    versions: tuple[VersionSummary, ...]

    def count(self, *states: State) -> int:
        """How many cells stand so."""
        return sum(one.state in states for one in self.cells.values())


def form_view(store: Store, reference: str) -> FormView:
    """A form as it stands.

    Args:
        reference: its id, or what else Store.get takes.

    Raises:
        UsageError: no such form, or several.
        StoreError: the store cannot be read.
    """
    form = store.get(reference)
    findings, events = tuple(store.findings(form.form_id)), tuple(store.corrections(form.form_id))
    viewer = _Viewer(form, findings, events)
    cells = {cell: viewer.cell(cell, value) for cell, value in iter_cells(form)}
    cells |= {group: viewer.group(group) for group in GROUPS}
    return FormView.model_construct(form=form, cells=cells, findings=findings, events=events, versions=tuple(store.versions(form.form_id)))


class _Viewer:
    def __init__(self, form: Form, findings: Sequence[Finding], events: Sequence[Correction]) -> None:
        self._form = form
        self._marks = {mark.cell: mark for mark in form.review}
        self._findings: dict[str, list[int]] = defaultdict(list)
        for number, finding in enumerate(findings):
            self._findings[finding.cell].append(number)
        self._events: dict[str, list[Correction]] = defaultdict(list)
        for event in events:
            self._events[_now_at(form, event)].append(event)

    def cell(self, cell: str, value: CellValue) -> CellView:
        evidence = self._form.evidence.get(cell)
        events = tuple(self._events.get(cell, ()))
        applied = [event for event in events if event.applied]
        was = applied[0].old if applied else value
        places = evidence.at if evidence else ()
        return CellView.model_construct(
            cell=cell,
            value=value,
            was=was,
            state=self._state(cell, value, evidence, None if not applied else was == value),
            places=places,
            beside=None if places else self._beside(cell),
            read_by=evidence.read_by if evidence else None,
            confidence=evidence.confidence if evidence else None,
            exact=evidence is None or evidence.match == "exact",
            mark=self._marks.get(cell),
            findings=tuple(self._findings.get(cell, ())),
            events=events,
        )

    def group(self, group: str) -> CellView:
        mark = self._marks.get(group)
        state: State = "review" if mark else "grounded"
        beside = "funding.total.adjusted_budget" if group == "funding.total" else row_cell(0, "name")
        held = beside if beside in self._form.evidence else None
        findings = tuple(self._findings.get(group, ()))
        return CellView.model_construct(cell=group, value=None, was=None, state=state, beside=held, mark=mark, findings=findings)

    def _state(self, cell: str, value: CellValue, evidence: Evidence | None, confirmed: bool | None) -> State:
        if confirmed is not None:
            return "confirmed" if confirmed else "corrected"
        if cell in self._marks:
            return "review"
        if value is None:
            return "empty"
        return "grounded" if evidence is not None and evidence.at and evidence.match != "none" else "unlocated"

    def _beside(self, cell: str) -> str | None:
        """A cell of the same row whose place tells where to look."""
        index = row_index(cell)
        row = cell.rsplit(".", 1)[0] if cell.startswith("funding.") else None
        if index is not None:
            near = [row_cell(index, field) for field in ("name", "target", "actual", "weight", "score")]
        else:
            near = [other for other in self._form.evidence if row and other.startswith(f"{row}.")]
        return next((other for other in near if (known := self._form.evidence.get(other)) and known.at), None)


def _now_at(form: Form, event: Correction) -> str:
    """Where the cell of a correction stands now: its row may have moved since."""
    index = row_index(event.cell)
    if index is None or event.row is None:
        return event.cell
    field = event.cell.rsplit(".", 1)[1]
    names = [fold("/".join(name for name in (row.level1, row.level2, row.name) if name)) for row in form.indicators]
    wanted = fold(event.row)
    try:
        get_cell(form, event.cell)
        here = names[index] == wanted
    except UsageError:
        here = False
    return event.cell if here or names.count(wanted) != 1 else row_cell(names.index(wanted), field)
