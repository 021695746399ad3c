"""Verification-driven re-reading: figures that do not add up are read again, and a reading that makes them add up is taken.

Only figures of an equation that fails, or that were not read at all, are looked at again; only what some look at the picture really read is
considered, never a figure computed; and a change is refused when an equation that held would fail by it. What stays open is left to the
review marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from agents.extract.numbers import parse_number
from agents.repair.equations import Equation, Figures, equations_of, figures_of
from ingest.page import Picture
from schema.cells import set_cell
from schema.evidence import Evidence, PagePlace, ReviewMark
from schema.form import Form

_MOST_CELLS = 6
"""Cells of one equation that are read again: the least certain ones."""
_MOST_READ = 16
"""Cells of one form that are read again: on a page where much fails, more looks are a waste of time."""
_LEAST_SHARE = 0.04
"""Of the votes of all looks that a reading must have to be considered."""
_LIKELY = 0.5
"""The same for what a figure may be that nothing vouches for."""
_CONFIRMED = 0.9
"""Confidence given to a reading that makes the arithmetic right."""


@dataclass(frozen=True)
class _Candidate:
    """A figure that a look at a cell read."""

    cell: str
    value: Decimal
    text: str
    share: float
    confidence: float = _CONFIRMED


def repair(form: Form, pictures: Mapping[int, Picture]) -> Form:
    """The form with figures replaced where reading them again made its arithmetic right; pictures by page."""
    form = _filled(form, pictures)
    figures = figures_of(form)
    equations = list(equations_of(form))
    read: dict[str, list[_Candidate]] = {}
    for equation in equations:
        if equation.holds(figures) is not False:
            continue
        doubtful = sorted((cell for cell in equation.cells if _readable(form, cell)), key=lambda cell: _confidence(form, cell))
        for cell in (cell for cell in doubtful[:_MOST_CELLS] if cell not in read and len(read) < _MOST_READ):
            read[cell] = list(_reread(form, cell, pictures))
        candidates = [c for cell in doubtful[:_MOST_CELLS] for c in read.get(cell, ())]
        best = _only([c for c in candidates if _mends(c, equation, equations, figures)])
        if best is not None:
            form, figures = _replaced(form, best), {**figures, best.cell: best.value}
    return form


def _filled(form: Form, pictures: Mapping[int, Picture]) -> Form:
    """The form with figures where something was printed that read as none; they keep their review marks, unless arithmetic vouches."""
    unread = [cell for cell, value in figures_of(form).items() if value is None and _readable(form, cell)]
    for cell in unread[:_MOST_READ]:
        likely = next(_reread(form, cell, pictures), None)
        if likely is not None and likely.share >= _LIKELY:
            marks = form.review
            form = _replaced(form, replace(likely, confidence=0.0)).model_copy(update={"review": marks})
    return form


def _readable(form: Form, cell: str) -> bool:
    """Whether the cell's place is known: read by OCR, or printed but not understood."""
    return cell in form.evidence and form.evidence[cell].read_by == "ocr"


def _confidence(form: Form, cell: str) -> float:
    return form.evidence[cell].confidence


def _reread(form: Form, cell: str, pictures: Mapping[int, Picture]) -> Iterator[_Candidate]:
    """What the cell may read, other than what it was read as."""
    places = form.evidence[cell].at
    if len(places) != 1 or not isinstance(places[0], PagePlace) or places[0].page not in pictures:
        return
    place = places[0]
    current = parse_number(place.text)
    for text, share in pictures[place.page].reread(place.bbox):
        parsed = parse_number(text)
        if parsed is not None and share >= _LEAST_SHARE and (current is None or parsed[0] != current[0]):
            yield _Candidate(cell, parsed[0], text, share)


def _mends(candidate: _Candidate, equation: Equation, equations: Sequence[Equation], figures: Figures) -> bool:
    """Whether the equation holds with this figure, and none that held before fails."""
    changed = {**figures, candidate.cell: candidate.value}
    if not equation.holds(changed):
        return False
    return all(other.holds(changed) is not False for other in equations if candidate.cell in other.cells and other.holds(figures))


def _only(candidates: Sequence[_Candidate]) -> _Candidate | None:
    """The one way to mend; with two, nothing says which is right."""
    values = {(c.cell, c.value) for c in candidates}
    return max(candidates, key=lambda c: c.share) if len(values) == 1 else None


def _replaced(form: Form, candidate: _Candidate) -> Form:
    """The form with the figure as read again; its evidence says what that look read."""
    old = form.evidence[candidate.cell]
    place = old.at[0].model_copy(update={"text": candidate.text})
    evidence = Evidence(match=old.match, read_by=old.read_by, confidence=candidate.confidence, at=(place,))
    review: tuple[ReviewMark, ...] = tuple(mark for mark in form.review if mark.cell != candidate.cell)
    changed = set_cell(form, candidate.cell, candidate.value)
    return changed.model_copy(update={"evidence": {**form.evidence, candidate.cell: evidence}, "review": review})
