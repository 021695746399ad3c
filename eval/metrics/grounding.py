"""Figures of grounding: whether the evidence of a value points to where the value stands.

Measured are the values that were read of gold cells that print something and whose place is known (eval.metrics.references). A value that
stands on several pages is compared page by page: intersections and unions of boxes are added up before they are divided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from eval.metrics.compare import GROUPS, CellResult, FormResult, Group
from eval.metrics.extraction import share
from eval.metrics.pagetext import PdfPages, rearranged
from eval.metrics.references import Boxes, References
from schema.cells import CellValue
from schema.evidence import Box, PagePlace
from schema.form import Form
from schema.record import Record
from schema.text import fold

NEAR = 0.5
"""IoU from which a box counts as the right one."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SURPLUS = 12
"""Characters that a box may print beside a text: a label and its colon on one line."""


@dataclass(frozen=True)
class CellGrounding:
    """One value that was read and its evidence.

    Attributes:
        cell: its address in the form as read; `gold_cell` in the gold form.
        there: whether it has evidence with a place on a page.
        on_page: whether that is on the pages where the value stands, and on no others; None where it is not known where it stands.
        iou: how much of the two areas is common, 0 to 1; None likewise.
        reads: whether the page prints the value in the boxes; None for pages without a text of their own.
    """

    form: str
    cell: str
    gold_cell: str
    group: Group
    there: bool
    on_page: bool | None
    iou: float | None
    reads: bool | None
    want: Boxes = ()
    got: Boxes = ()


class GroundingFigures(Record):
    """One group of values. Shares are from 0 to 1; None where there is nothing to share.

    Attributes:
        cells: values read of cells that print something; `missing` of them without evidence.
        referenced: of these, values of which it is known where they stand; the next three are shares of them, and values without
            evidence count as wrong.
        on_page: evidence on the right page; `near`: with an IoU of at least 0.5; `iou`: mean IoU.
        read: of `readable` values on pages with a text of their own, those that the page prints in the boxes.
    """

    cells: int
    missing: int
    referenced: int
    on_page: float | None
    near: float | None
    iou: float | None
    readable: int
    read: float | None


class Grounding(Record):
    """All values, and each group of them."""

    all: GroundingFigures
    groups: dict[str, GroundingFigures]


def ground(result: FormResult, read: Form, references: References, pages: PdfPages | None = None) -> list[CellGrounding]:
    """The evidence of every value of a form that was compared.

    Args:
        read: the form as read.
        references: where the values of the gold form stand, on the pages that were read.
        pages: the documents, to see what their pages print in the boxes; None for scans.
    """
    return list(_ground(result, read, references, pages))


def grounding_figures(cells: Iterable[CellGrounding]) -> Grounding:
    """The figures of values of any number of forms."""
    held = list(cells)
    return Grounding(all=_figures(held), groups={group: _figures([cell for cell in held if cell.group == group]) for group in GROUPS})


def overlap(want: Boxes, got: Boxes) -> float:
    """IoU of boxes on pages: what both cover, of all pages together, by what either covers."""
    a, b = _by_page(want), _by_page(got)
    common = sum(_area(_common(a[page], b[page])) for page in a.keys() & b.keys())
    either = sum(_area(box) for boxes in (a, b) for box in boxes.values()) - common
    return common / either if either > 0 else 0.0


def prints(value: CellValue, text: str) -> bool:
    """Whether a print, folded, reads a value: its text with at most a label beside it, or for a number the same decimal."""
    if isinstance(value, (int, Decimal)):
        return any(Decimal(number) == value for number in _NUMBER.findall(text.replace(",", "")))
    wanted = fold(value)
    if wanted == text:
        return True
    beside = len(wanted) > 1 and wanted in text and len(text) <= len(wanted) + _SURPLUS
    return beside or rearranged(text, wanted)


def _ground(result: FormResult, read: Form, references: References, pages: PdfPages | None) -> Iterator[CellGrounding]:
    for cell in result.cells:
        if cell.gold_cell is None or cell.want in (None, "") or cell.got in (None, "") or not result.found:
            continue
        places = read.evidence[cell.cell].at if cell.cell in read.evidence else ()
        got = tuple((place.page, place.bbox) for place in places if isinstance(place, PagePlace))
        want = references.get(cell.gold_cell, ())
        yield CellGrounding(
            result.form,
            cell.cell,
            cell.gold_cell,
            cell.group,
            there=bool(got),
            on_page={page for page, _ in want} == {page for page, _ in got} if want else None,
            iou=overlap(want, got) if want else None,
            reads=_read(cell, read, got, pages),
            want=want,
            got=got,
        )


def _read(cell: CellResult, form: Form, boxes: Boxes, pages: PdfPages | None) -> bool | None:
    if pages is None or form.source is None:
        return None
    file = form.source.file
    texts = [pages.read(file, page, box) for page, box in boxes]
    if None in texts:
        return None
    return bool(texts) and prints(cell.got, "".join(text or "" for text in texts))


def _figures(cells: Sequence[CellGrounding]) -> GroundingFigures:
    known = [cell for cell in cells if cell.iou is not None]
    readable = [cell for cell in cells if cell.reads is not None]
    return GroundingFigures(
        cells=len(cells),
        missing=sum(not cell.there for cell in cells),
        referenced=len(known),
        on_page=share(sum(cell.on_page is True for cell in known), len(known)),
        near=share(sum((cell.iou or 0) >= NEAR for cell in known), len(known)),
        iou=share(sum(cell.iou or 0 for cell in known), len(known)),
        readable=len(readable),
        read=share(sum(cell.reads is True for cell in readable), len(readable)),
    )


def _by_page(boxes: Boxes) -> Mapping[int, Box]:
    """The box around all that stands on a page, for each page."""
    out: dict[int, Box] = {}
    for page, box in boxes:
        own = out.get(page, box)
        out[page] = (min(own[0], box[0]), min(own[1], box[1]), max(own[2], box[2]), max(own[3], box[3]))
    return out


def _common(a: Box, b: Box) -> Box:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
