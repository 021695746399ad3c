"""Whether suspicious text is seen, told from the picture of its page: with the text, and with the text taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ingest.mupdf import pymupdf
from ingest.suspects import Char, Suspect
from schema.evidence import Box

Picture = NDArray[np.uint8]

_ZOOM = 2.0
_MOST_PIXELS = 6_000_000
"""Larger pages are drawn smaller."""
_SEEN = 20
"""Levels (of 255) by which print must differ from what is behind it."""
_KEEP = 0
"""PyMuPDF's word for leaving images and drawings as they are."""
_OVERLAP = 0.25
"""Share of the narrower character's width that two share when one is printed over the other; neighbours only touch."""
_MOST_STRIPS = 400
"""Lines of suspicious text taken away one by one; with more of them the page is read from its picture."""


class Unseen(NamedTuple):
    """The suspects that are right, and how many could not be looked up."""

    found: set[Suspect]
    unsettled: int = 0


def look_up(document: pymupdf.Document, index: int, suspects: Sequence[Suspect], others: Sequence[Char]) -> Unseen:
    """Which suspects nobody sees on the page with this index (from 0); `others` are its remaining characters.

    Text is taken away in a copy of the document; the document itself stays whole.
    """
    with pymupdf.open(document.name) if document.name else pymupdf.open(stream=document.tobytes()) as copy:
        page = copy[index]
        page.set_rotation(0)
        scale = min(_ZOOM, (_MOST_PIXELS / max(1.0, page.rect.width * page.rect.height)) ** 0.5)
        picture = _draw(page, scale)
        found, doubtful = _by_contrast(picture, suspects, others, scale)
        strips = list(_strips(suspect.inside or suspect.char.box for suspect in doubtful))
        if not strips or len(strips) > _MOST_STRIPS:
            return Unseen(found, len(doubtful))
        for strip in strips:
            page.add_redact_annot(strip, fill=False, cross_out=False)
        page.apply_redactions(images=_KEEP, graphics=_KEEP, text=0)
        change = np.abs(picture.astype(np.int16) - _draw(page, scale)).astype(np.uint8)
    return Unseen(found | {suspect for suspect in doubtful if _suspected(change, suspect, scale).max() < _SEEN})


def _by_contrast(picture: Picture, suspects: Sequence[Suspect], others: Sequence[Char], scale: float) -> tuple[set[Suspect], list[Suspect]]:
    """What is hidden because nothing shows in its place, or something else does; and what may be hidden all the same."""
    boxes = np.array([other.box for other in others if not other.text.isspace()], np.float64).reshape(-1, 4)
    found: set[Suspect] = set()
    doubtful: list[Suspect] = []
    for suspect in suspects:
        window = _suspected(picture, suspect, scale).reshape(-1, 3)
        if (window.max(axis=0).astype(np.int16) - window.min(axis=0)).max() < _SEEN:
            found.add(suspect)
        elif suspect.how == "cut" or (suspect.how != "over" and not _printed_over(suspect.char.box, boxes)):
            doubtful.append(suspect)
        elif suspect.how != "over":
            found.add(suspect)
    return found, doubtful


def _suspected(picture: Picture, suspect: Suspect, scale: float) -> Picture:
    """The pixels where nothing of the character shows if the suspicion is right."""
    return _window(picture, suspect.beyond or suspect.char.box, scale)


def _draw(page: pymupdf.Page, scale: float) -> Picture:
    """The page in colour."""
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3)


def _strips(boxes: Iterable[Box]) -> Iterator[Box]:
    """Thin level strips through the middles of boxes, neighbours on a line joined."""
    strip: Box | None = None
    for x0, y0, x1, y1 in boxes:
        middle = (y0 + y1) / 2
        if strip is not None and abs(strip[1] + 0.5 - middle) < 0.5 and abs(x0 - strip[2]) < y1 - y0:
            strip = (strip[0], strip[1], max(strip[2], x1), strip[3])
            continue
        if strip is not None:
            yield strip
        strip = (x0, middle - 0.5, x1, middle + 0.5)
    if strip is not None:
        yield strip


def _window(picture: Picture, box: Box, scale: float) -> Picture:
    """The pixels of a character without its margins, where neighbours may reach in; one pixel at the least."""
    x0, y0, x1, y1 = box
    across, down = 0.04 * (x1 - x0), 0.04 * (y1 - y0)
    height, width = picture.shape[:2]
    left, top = (min(max(0, round(edge * scale)), most - 1) for edge, most in ((x0 + across, width), (y0 + down, height)))
    right, bottom = max(left + 1, round((x1 - across) * scale)), max(top + 1, round((y1 - down) * scale))
    return picture[top:bottom, left:right]


def _printed_over(box: Box, others: NDArray[np.float64]) -> bool:
    """Whether other characters stand in its place: what shows there is then not this one."""
    x0, y0, x1, y1 = box
    middle = (others[:, 1] + others[:, 3]) / 2
    across = np.minimum(x1, others[:, 2]) - np.maximum(x0, others[:, 0])
    narrow = np.minimum(x1 - x0, others[:, 2] - others[:, 0])
    return bool(np.any((y0 < middle) & (middle < y1) & (across > _OVERLAP * narrow)))
