"""Two readings of one form, by layout and by a model, compared cell by cell.

What both say stands. Where they differ, grounding settles it: what was not found in its place on the page is not believed, and what layout
itself doubts gives way to what a model says and the page prints. Where both are printed, a person has to look. What OCR may have misread
stays doubtful whatever a model says of it, for the model was given the same characters.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from agents.extract.llm.same import bare, key
from schema.cells import (
    FUNDING_COLUMNS,
    FUNDING_ROWS,
    HEAD_CELLS,
    ROW_CELLS,
    TEXT_CELLS,
    TOTAL_CELLS,
    CellValue,
    funding_cell,
    get_cell,
    row_cell,
)
from schema.evidence import Evidence, Reading, ReviewMark
from schema.form import Form, Indicator

_TOP = (*HEAD_CELLS, *(funding_cell(row, column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS), *TEXT_CELLS, *TOTAL_CELLS)
_SAME_ROW = 0.5
"""Share of a row's cells that must be the same for rows with different names to be one."""
_ALIKE = 0.4
"""Similarity of names that are one read in two ways."""
_ROWS = "indicators"


@dataclass
class _Merged:
    """The merged form while it is put together: values by address, evidence, marks."""

    values: dict[str, CellValue] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    review: list[ReviewMark] = field(default_factory=list)


def merge(layout: Form, model: Form, *, scanned: bool) -> Form:
    """One form of two readings; what is neither head, funding, goals nor indicators is taken from layout."""
    merged = _Merged()
    for cell in _TOP:
        _settle(merged, cell, (layout, cell), (model, cell), scanned=scanned)
    rows = list(pair_rows(layout.indicators, model.indicators))
    for index, (ours, theirs) in enumerate(rows):
        for name in ROW_CELLS:
            left = (layout, row_cell(ours, name)) if ours is not None else None
            right = (model, row_cell(theirs, name)) if theirs is not None else None
            _settle(merged, row_cell(index, name), left, right, scanned=scanned)
    merged.review += _row_marks(layout, model, rows)
    for cell, evidence in layout.evidence.items():
        if cell.startswith("extras"):
            merged.evidence[cell] = evidence
    indicators = [_indicator(merged.values, index) for index in range(len(rows))]
    funding = {row: {column: merged.values[funding_cell(row, column)] for column in FUNDING_COLUMNS} for row in FUNDING_ROWS}
    top = {name: merged.values[name] for name in (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS)}
    kept = {name: getattr(layout, name) for name in ("form_id", "extras", "source", "leftover")}
    told = {"funding": funding, "indicators": indicators, "evidence": merged.evidence, "review": merged.review}
    return Form.model_validate(top | kept | told)


_Side = tuple[Form, str] | None


def _settle(merged: _Merged, cell: str, layout: _Side, model: _Side, *, scanned: bool) -> None:
    """One cell of the merged form, out of that of either reading."""
    ours, theirs = _value(layout), _value(model)
    doubted, open_ = _marks(layout), _marks(model)
    if layout is not None and (model is None or open_ or _agree(ours, theirs)):
        _take(merged, cell, layout)
        # A model that finds the same on the page settles a doubt about where it stands, not one about what it reads.
        settled = model is not None and not open_ and not scanned
        merged.review += [] if settled else [_renamed(mark, cell, _told(theirs) if open_ else None) for mark in doubted]
        if scanned and not doubted and model is None and ours is not None:
            reason = "扫描件上按版面读出这一行，模型没有这一行"
            merged.review.append(ReviewMark(cell=cell, reason=reason, readings=_told(ours, "layout")))
        if scanned and not doubted and (said := _said_instead(open_, ours)):
            # On a scan what is not found may be what was misread.
            mark = ReviewMark(cell=cell, reason="扫描件上认出的字与模型给的不同，可能认错了", readings=(*_told(ours, "layout"), *said))
            merged.review.append(mark)
    elif model is not None and (layout is None or (doubted and not scanned)):
        _take(merged, cell, model)
        merged.review += [_renamed(mark, cell) for mark in open_]
        if layout is None and not open_:
            merged.review.append(ReviewMark(cell=cell, reason="这一行只有模型读出，按版面没有读出", readings=_told(theirs)))
    elif layout is not None:
        _take(merged, cell, layout)
        reason = "；".join([*(mark.reason for mark in doubted), "按版面与由模型读出的不同，原文里都有"])
        merged.review.append(ReviewMark(cell=cell, reason=reason, readings=(*_told(ours, "layout"), *_told(theirs))))


def _said_instead(open_: Sequence[ReviewMark], ours: CellValue) -> tuple[Reading, ...]:
    """What a model says, other than what layout read, of a cell that it did not find."""
    return tuple(reading for mark in open_ for reading in mark.readings if not _agree(ours, reading.value))


def _value(side: _Side) -> CellValue:
    return get_cell(*side) if side is not None else None


def _marks(side: _Side) -> list[ReviewMark]:
    return [mark for mark in side[0].review if mark.cell == side[1]] if side is not None else []


def _take(merged: _Merged, cell: str, side: tuple[Form, str]) -> None:
    form, own = side
    merged.values[cell] = get_cell(form, own)
    if own in form.evidence:
        merged.evidence[cell] = form.evidence[own]


def _agree(ours: CellValue, theirs: CellValue) -> bool:
    if isinstance(ours, str) and isinstance(theirs, str):
        return key(ours) == key(theirs)
    return ours == theirs


def _renamed(mark: ReviewMark, cell: str, readings: Sequence[Reading] | None = None) -> ReviewMark:
    return mark.model_copy(update={"cell": cell, "readings": (*mark.readings, *(readings or ()))})


def _told(value: CellValue, reader: str = "llm") -> tuple[Reading, ...]:
    if value is None:
        return ()
    return (Reading(read_by=reader, value=Decimal(value) if isinstance(value, int) else value),)


def _indicator(values: Mapping[str, CellValue], index: int) -> Indicator:
    return Indicator.model_validate({name: values[row_cell(index, name)] for name in ROW_CELLS})


def pair_rows(ours: Sequence[Indicator], theirs: Sequence[Indicator]) -> Iterator[tuple[int | None, int | None]]:
    """Rows of both readings in printed order, side by side where they are the same one: the alignment with the most equal cells."""
    best = [[0.0] * (len(theirs) + 1) for _ in range(len(ours) + 1)]
    for i in range(len(ours) - 1, -1, -1):
        for j in range(len(theirs) - 1, -1, -1):
            likeness = _likeness(ours[i], theirs[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], likeness + best[i + 1][j + 1] if likeness else 0.0)
    i = j = 0
    while i < len(ours) or j < len(theirs):
        likeness = _likeness(ours[i], theirs[j]) if i < len(ours) and j < len(theirs) else 0.0
        if likeness and best[i][j] == likeness + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif j == len(theirs) or (i < len(ours) and best[i][j] == best[i + 1][j]):
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1


def _likeness(ours: Indicator, theirs: Indicator) -> float:
    """How much two rows are the same one; 0 where they are not."""
    same = sum(_agree(getattr(ours, name), getattr(theirs, name)) for name in ROW_CELLS) / len(ROW_CELLS)
    if bare(ours.name) == bare(theirs.name):
        return 1.0 + same
    alike = difflib.SequenceMatcher(None, bare(ours.name), bare(theirs.name), autojunk=False).ratio()
    return same if same > _SAME_ROW and alike >= _ALIKE else 0.0


def _row_marks(layout: Form, model: Form, rows: Sequence[tuple[int | None, int | None]]) -> Iterator[ReviewMark]:
    """Doubts about whole rows: those of layout stand unless the model finds every row of the page."""
    ours, theirs = ([mark for mark in form.review if mark.cell == _ROWS] for form in (layout, model))
    complete = not theirs and all(right is not None for _, right in rows)
    if not complete:
        yield from ours
        # Where layout has every row, what the model lacks is no doubt about the form.
        yield from theirs if ours or any(left is None for left, _ in rows) else ()
    yield from (mark for mark in layout.review if mark.cell.startswith("extras"))
