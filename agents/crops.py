"""What to show of a page around a cell: the box of the cell, and enough of its surroundings to read it by.

An empty cell has no place. In a table it stands where its row and its column cross, which the places of the other cells tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from agents.pictures import NoPicture, pictures_of
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, ROW_CELLS
from schema.evidence import Box, PagePlace
from schema.form import Form
from schema.record import Record
from store.repository.review_order import ROW
from store.store import Store

_BESIDE, _ABOVE = 150.0, 44.0
"""Points shown at the sides of a cell, and above and below it."""
_LEAST_WIDTH, _LEAST_HEIGHT = 380.0, 120.0
"""Points of the smallest piece of a page that is shown."""


class Crop(Record):
    """A piece of a page with a cell in it; all boxes in points of the page."""

    document: str
    page: int
    width: float
    height: float
    frame: Box
    """The piece to show."""
    boxes: tuple[Box, ...]
    """The cell; several where it goes over lines. Empty when nobody knows where it stands."""
    guessed: bool
    """Whether the box was told from the row and the column, since the cell seems empty."""


def crop_of(store: Store, form: Form, cell: str) -> Crop | None:
    """The piece of the page around a cell; None where its document has no picture.

    Raises:
        StoreError: the store cannot be read.
    """
    if form.source is None or not form.source.pages:
        return None
    places = _places(form, cell)
    guessed = not places
    if guessed:
        places = _guessed(form, cell)
    number = places[0].page if places else form.source.pages[0]
    page = pictures_of(store).page(form.source.sha256, number)
    if isinstance(page, NoPicture):
        return None
    boxes = tuple(place.bbox for place in places if place.page == number)
    frame = frame_around(boxes, page.width, page.height)
    sizes = {"width": page.width, "height": page.height}
    return Crop(document=form.source.sha256, page=number, frame=frame, boxes=boxes, guessed=guessed and bool(boxes), **sizes)


def frame_around(boxes: Iterable[Box], width: float, height: float) -> Box:
    """The piece of a page (of this size) to show for a cell with these boxes; the whole page for none."""
    sides = list(zip(*boxes, strict=True))
    if not sides:
        return (0.0, 0.0, width, height)
    x0, x1 = _widened(min(sides[0]) - _BESIDE, max(sides[2]) + _BESIDE, _LEAST_WIDTH, width)
    y0, y1 = _widened(min(sides[1]) - _ABOVE, max(sides[3]) + _ABOVE, _LEAST_HEIGHT, height)
    return (x0, y0, x1, y1)


def _widened(start: float, end: float, least: float, limit: float) -> tuple[float, float]:
    """A stretch of at least so many points, moved into the page."""
    extra = max(0.0, least - (end - start)) / 2
    start, end = start - extra, end + extra
    moved = max(0.0, -start) - max(0.0, end - limit)
    return max(0.0, start + moved), min(limit, end + moved)


def _places(form: Form, cell: str) -> list[PagePlace]:
    known = form.evidence.get(cell)
    return [place for place in (known.at if known else ()) if isinstance(place, PagePlace)]


def _guessed(form: Form, cell: str) -> list[PagePlace]:
    """Where the row and the column of an empty cell cross; its row alone where no other cell of the column is known."""
    block, _, field = cell.rpartition(".")
    if ROW.match(cell):
        row = [place for name in ROW_CELLS for place in _places(form, f"{block}.{name}")]
        column = [place for i in range(len(form.indicators)) for place in _places(form, f"indicators[{i}].{field}")]
    elif cell.startswith("funding."):
        row = [place for name in FUNDING_COLUMNS for place in _places(form, f"{block}.{name}")]
        column = [place for name in FUNDING_ROWS for place in _places(form, f"funding.{name}.{field}")]
    else:
        return []
    if not row:
        return []
    page = row[0].page
    on_page = [place.bbox for place in row if place.page == page]
    top, bottom = min(box[1] for box in on_page), max(box[3] for box in on_page)
    beside = [place.bbox for place in column if place.page == page] or [place.bbox for place in column]
    if beside:
        left, right = median(box[0] for box in beside), median(box[2] for box in beside)
    else:
        left, right = min(box[0] for box in on_page), max(box[2] for box in on_page)
    return [PagePlace(page=page, bbox=(left, top, max(right, left + 8), bottom), text="")]
