"""When a model is asked about a form, and what becomes of its answer.

`auto` asks about forms that layout could not read, wholly about those with rows that may be missing or much in doubt, and else about
doubtful cells only; `llm` asks wholly about every form. What layout read is compared with what a model says wherever both exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal

from agents.extract.llm.again import CellsAgain, Said, cells_again, look_up
from agents.extract.llm.build import build
from agents.extract.llm.merge import merge
from agents.extract.llm.printed import Printed
from agents.extract.llm.questions import head_question, row_questions
from agents.extract.llm.read import Ask, read_printed
from agents.models.question import Outcome, Question
from agents.repair.doubts import mark_rows
from ingest.page import bounds
from schema.cells import iter_cells
from schema.evidence import Box, PagePlace, ReviewMark
from schema.form import Form
from schema.transcript import head_of, rows_of

Mode = Literal["auto", "llm"]
Show = Callable[[int, Box | None], bytes | None]
"""The picture of a page (from 1), or of a box of it, as JPEG; None where it cannot be drawn."""
MOST_PICTURES = 4
"""Pages of one form that are shown, at most."""
_MARGIN = 24.0
"""Points around a doubtful cell that are shown with it."""
MANY = 0.15
"""Share of doubtful cells from which a form is read anew as a whole."""
_ROWS = "indicators"


@dataclass
class Asked:
    """What a model did for one form.

    Attributes:
        form: the form after it; None where neither layout nor the model read one.
        changed: whether a model's answer is part of it.
        failed: outcomes of questions that were not answered.
    """

    form: Form | None
    changed: bool = False
    failed: list[Outcome[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Extractor:
    """Reads forms with a model.

    Attributes:
        ask: asks a question; may be called from several threads at once.
        mode: auto or llm.
        compare: whether what layout read is compared with; off to see what a model does alone.
        vision: whether pictures of scans go along.
    """

    ask: Ask
    mode: Mode = "auto"
    compare: bool = True
    vision: bool = False

    def read(self, printed: Printed, layout: Form | None, name: str, show: Show | None = None) -> Asked:
        """The form whose text this is, with what layout read of it; `show` gives pictures of its pages."""
        ours = layout if self.compare else None
        seen = show if self.vision and printed.scanned else None
        if self.mode == "auto" and ours is not None:
            share = wanted_share(ours, scanned=printed.scanned and seen is None)
            if share == 0:
                return Asked(ours)
            if share < MANY:
                return self._cells(printed, ours, name, seen)
        return self._whole(printed, ours, name, seen)

    def questions(self, printed: Printed, layout: Form | None, name: str) -> list[Question[Any]]:
        """What would be asked at first, to tell beforehand what it costs."""
        if self.mode == "auto" and layout is not None:
            share = wanted_share(layout, scanned=printed.scanned and not self.vision)
            if share < MANY:
                again = _doubtful(printed, layout, name, characters=self.vision)[1] if share else None
                return [again.question] if again is not None else []
        return [head_question(printed, name), *row_questions(printed, name)]

    def _cells(self, printed: Printed, layout: Form, name: str, show: Show | None) -> Asked:
        """The doubtful cells of a form, and nothing else."""
        said, again = _doubtful(printed, layout, name, characters=show is not None)
        if again is None:
            return Asked(layout)
        pictures = _pictures(show, _around(layout))
        outcome = self.ask(replace(again.question, images=pictures))
        if outcome.value is None:
            return Asked(_unconfirmed(layout, outcome), failed=[outcome])
        _, grounded = look_up(printed, again.applied(said, outcome.value))
        return Asked(merge(layout, build(grounded), scanned=printed.scanned), changed=True)

    def _whole(self, printed: Printed, layout: Form | None, name: str, show: Show | None) -> Asked:
        pictures = _pictures(show, ((page, None) for page in printed.pages))
        reading = read_printed(printed, name, lambda question: self.ask(replace(question, images=pictures)))
        if reading.form is None:
            return Asked(_unconfirmed(layout, reading.failed[0]) if layout is not None else None, failed=reading.failed)
        form = reading.form if printed.ruled or printed.scanned else mark_rows(reading.form)
        if layout is not None:
            form = merge(layout, form, scanned=printed.scanned)
        elif not form.indicators:
            return Asked(None, failed=reading.failed)
        return Asked(form, changed=True, failed=reading.failed)


def wanted_share(form: Form, *, scanned: bool) -> float:
    """The share of a form's cells that a model should look at; 1 where rows may be missing.

    A model that is given the characters that OCR read cannot tell whether they are right, only where they belong: on scans, what it
    is asked about is what was not read at all.
    """
    marked = {mark.cell for mark in form.review if not (scanned and _is_about_characters(mark, form))}
    if any(mark.cell == _ROWS for mark in form.review):
        return 1.0
    return len(marked) / max(1, sum(1 for _ in iter_cells(form)))


def _is_about_characters(mark: ReviewMark, form: Form) -> bool:
    return mark.cell in form.evidence


def _pictures(show: Show | None, wanted: Iterable[tuple[int, Box | None]]) -> tuple[bytes, ...]:
    shown = (show(page, box) for page, box in islice(wanted, MOST_PICTURES)) if show is not None else ()
    return tuple(picture for picture in shown if picture is not None)


def _around(form: Form) -> Iterator[tuple[int, Box]]:
    """For each page with doubtful cells that were read, the box around them."""
    boxes: dict[int, list[Box]] = {}
    for mark in form.review:
        for place in form.evidence[mark.cell].at if mark.cell in form.evidence else ():
            if isinstance(place, PagePlace):
                boxes.setdefault(place.page, []).append(place.bbox)
    for page, held in boxes.items():
        x0, y0, x1, y1 = bounds(held)
        yield page, (x0 - _MARGIN, y0 - _MARGIN, x1 + _MARGIN, y1 + _MARGIN)


def _doubtful(printed: Printed, layout: Form, name: str, *, characters: bool) -> tuple[Said, CellsAgain | None]:
    """A form of layout as if a model had said it, and the question about its doubtful cells."""
    said, grounded = look_up(printed, Said(head_of(layout), tuple(rows_of(layout).rows)))
    if len(said.rows) != len(layout.indicators):
        return said, None
    blind = printed.scanned and not characters
    marks = {mark.cell: mark.reason for mark in layout.review if not (blind and _is_about_characters(mark, layout))}
    return said, cells_again(grounded, marks, name)


def _unconfirmed(layout: Form, outcome: Outcome[Any]) -> Form:
    """The form of layout, its marks saying that a model was to look at them and could not."""
    note = f"（想请模型核对，没有得到回答：{outcome.told}）"
    review: Sequence[ReviewMark] = [mark.model_copy(update={"reason": mark.reason + note}) for mark in layout.review]
    return layout.model_copy(update={"review": tuple(review)})
