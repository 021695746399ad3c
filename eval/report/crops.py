"""Pieces of pages around errors: the cell's box where it was read, or what stands around it where it was not."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.metrics.compare import CellResult, FormResult
from eval.report.errors import WrongCell
from ingest.files import Fingerprint, fingerprint
from ingest.pictures import SHOWN, Drawing, draw, page_sizes
from schema.cells import row_cell
from schema.errors import DocumentError, UsageError
from schema.evidence import Box, Evidence, PagePlace, Source
from schema.form import Form
from schema.record import Record

DPI = 110
_MARGIN = (60.0, 14.0)
"""Points shown to the left and right of a box, and above and below it."""
_LEAST = (260.0, 48.0)
"""Points a piece is wide and high at least."""
_MOST_HEIGHT = 220.0
_ROW = re.compile(r"indicators\[(\d+)\]\.")
_BLOCK = re.compile(r"funding\.\w+\.")


class Crop(Record):
    """A piece of a page.

    Attributes:
        picture: JPEG.
        box: where the cell stands in it, as shares of its width and height (left, top, width, height); None where it is not known.
        exact: whether the piece shows the place that was read, not only what is around it.
        width: in points, so that pieces of a page are shown equally large.
    """

    file: str
    page: int
    picture: bytes
    box: Box | None
    exact: bool
    width: float


class Cropper:
    """Cuts pieces out of the documents of a run; files that are gone or changed give none, and are remembered in `missing`.

    Args:
        copies: where the copies lie that runs make, for homes that were moved since.
    """

    def __init__(self, copies: Path) -> None:
        self.missing: set[str] = set()
        self._copies = copies
        self._found: dict[str, tuple[Path, Fingerprint] | None] = {}
        self._sizes: dict[Path, list[tuple[float, float]]] = {}

    def crop(self, error: WrongCell, result: FormResult, form: Form | None) -> Crop | None:
        """The piece of a page that shows an error; None where there is no picture of it."""
        if form is None or form.source is None:
            return None
        exact, places = _places(error, result, form)
        found = self._file(form.source) if places else None
        if found is None or found[1].kind not in SHOWN:
            return None
        page = places[0].page
        boxes = [place.bbox for place in places if place.page == page]
        try:
            return self._cut(found, page, _around(boxes), exact=exact)
        except (DocumentError, UsageError, OSError):
            self.missing.add(form.source.file)
            return None

    def _cut(self, found: tuple[Path, Fingerprint], page: int, box: Box, *, exact: bool) -> Crop:
        path, known = found
        if path not in self._sizes:
            self._sizes[path] = page_sizes(path, known.kind)
        size = self._sizes[path][page - 1]
        # What was not read may stand anywhere beside what was.
        piece = _piece(box if exact else (0.0, box[1], size[0], box[3]), size)
        picture = draw(path, known.kind, page, Drawing(DPI, piece))
        width, height = piece[2] - piece[0], piece[3] - piece[1]
        shares = ((box[0] - piece[0]) / width, (box[1] - piece[1]) / height, (box[2] - box[0]) / width, (box[3] - box[1]) / height)
        return Crop(file=path.name, page=page, picture=picture, box=shares if exact else None, exact=exact, width=width)

    def _file(self, source: Source) -> tuple[Path, Fingerprint] | None:
        """Where the bytes that were read are now."""
        if source.sha256 not in self._found:
            named = Path(source.file)
            places = (named, *sorted(self._copies.glob(f"*/{glob.escape(named.name)}")))
            known = ((path, print_) for path in places if (print_ := _print(path)) is not None)
            self._found[source.sha256] = next((one for one in known if one[1].sha256 == source.sha256), None)
        found = self._found[source.sha256]
        if found is None:
            self.missing.add(source.file)
        return found


def _print(path: Path) -> Fingerprint | None:
    try:
        return fingerprint(path)
    except DocumentError:
        return None


def read_text(error: WrongCell, form: Form | None) -> str | None:
    """What was read, of documents without pages: the text that a cell rests on."""
    evidence = form.evidence.get(error.cell) if form is not None else None
    return "".join(place.text for place in evidence.at) if evidence is not None and evidence.at else None


def _places(error: WrongCell, result: FormResult, form: Form) -> tuple[bool, list[PagePlace]]:
    """Where to look: the cell's own places, else those of its row, of the rows around it, of its block; at last the head of the form."""
    lost = error.got is None and _lost(error, result)
    if not lost and (own := _on_pages(form.evidence.get(error.cell))):
        return True, own
    for cells in _neighbours(error, result, form, lost=lost):
        if found := [place for cell in cells for place in _on_pages(form.evidence.get(cell))]:
            return False, found
    return False, []


def _neighbours(error: WrongCell, result: FormResult, form: Form, *, lost: bool) -> Iterator[list[str]]:
    row = _ROW.match(error.cell)
    if row and not lost:
        yield _cells_of_row(form, int(row[1]))
    if row and lost:
        yield from _rows_around(int(row[1]), result, form)
    if block := _BLOCK.match(error.cell):
        yield [cell for cell in form.evidence if cell.startswith(block[0])]
        yield [cell for cell in form.evidence if cell.startswith("funding.")]
    yield ["project_name", "department"]


def _rows_around(row: int, result: FormResult, form: Form) -> Iterator[list[str]]:
    """The rows as read before and after a gold row that was not read."""
    read = {int(at[1]): cell for cell in result.cells if cell.gold_cell and (at := _ROW.match(cell.gold_cell)) and not _unread(cell)}
    before = max((number for number in read if number < row), default=None)
    after = min((number for number in read if number > row), default=None)
    near = [at[1] for number in (before, after) if number is not None and (at := _ROW.match(read[number].cell))]
    yield [cell for number in near for cell in _cells_of_row(form, int(number))]


def _cells_of_row(form: Form, number: int) -> list[str]:
    return [cell for cell in form.evidence if cell.startswith(row_cell(number, ""))]


def _lost(error: WrongCell, result: FormResult) -> bool:
    """Whether the whole row of a cell was not read."""
    row = _ROW.match(error.gold_cell or "")
    return row is not None and any(cell.gold_cell == row_cell(int(row[1]), "name") and _unread(cell) for cell in result.cells)


def _unread(cell: CellResult) -> bool:
    return cell.got in (None, "")


def _on_pages(evidence: Evidence | None) -> list[PagePlace]:
    return [place for place in evidence.at if isinstance(place, PagePlace)] if evidence is not None else []


def _around(boxes: Sequence[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _piece(box: Box, size: tuple[float, float]) -> Box:
    """What is shown around a box, inside of the page."""
    x = _stretch(box[0] - _MARGIN[0], box[2] + _MARGIN[0], _LEAST[0], size[0])
    y = _stretch(box[1] - _MARGIN[1], min(box[3] + _MARGIN[1], box[1] + _MOST_HEIGHT), _LEAST[1], size[1])
    return x[0], y[0], x[1], y[1]


def _stretch(start: float, end: float, least: float, whole: float) -> tuple[float, float]:
    missing = max(0.0, least - (end - start)) / 2
    return max(0.0, start - missing), min(whole, end + missing)
