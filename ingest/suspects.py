"""Characters of a PDF page that may not be seen, told by what is drawn before and after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ingest.mupdf import pymupdf
from ingest.rulings import THIN
from schema.evidence import Box

How = Literal["covered", "alike", "over", "faint", "cut"]
Span = dict[str, Any]
"""A span of PyMuPDF's rawdict: characters of one font, size and colour on one line."""

_ALIKE = 64
"""Levels (of 255) in every channel within which text and what is behind it may be too alike to tell them apart."""
_OPAQUE, _FAINT = 0.9, 0.05
_MOST_PAIRS = 20_000_000
"""Characters times areas: some seconds of work. A real page has a hundredth of it."""
_STENCIL = 64
"""MuPDF's flag of text that is no paint but a clip for what is drawn next."""
_WHITE = (255, 255, 255)


class Char(NamedTuple):
    """A character of the text layer, its box in the unturned page, and the number of the command that drew it (-1 if unknown)."""

    text: str
    box: Box
    drawn: int


class Suspect(NamedTuple):
    """A character that may not be seen: `covered` by something drawn later, `alike` what is behind it, `over` an image, or `faint`:
    a stencil through which something else may show, or part of a group that is transparent as a whole.

    Or one of which less than half may be seen, the rest `cut` off at the edge of a clip: then `inside` is its box within the clip, and
    `beyond` the rest of it.
    """

    char: Char
    how: How
    inside: Box | None = None
    beyond: Box | None = None


class Area(NamedTuple):
    """A filled area, or an image (no colour), and the number of the command that drew it; a transparent group has neither."""

    box: Box
    color: tuple[int, int, int] | None
    drawn: int | None


class Suspicion(NamedTuple):
    """The characters that may not be seen, the others, and how many there are where that would take too long to tell."""

    suspects: list[Suspect]
    others: list[Char]
    untold: int = 0


def areas_of(page: pymupdf.Page, drawings: Sequence[Mapping[str, Any]]) -> list[Area]:
    """What can hide text or be behind it: opaque fills, images and shadings. `drawings` are PyMuPDF's."""
    return [*_fills(drawings), *_images(page), *_groups(drawings)]


def _groups(drawings: Sequence[Mapping[str, Any]]) -> Iterator[Area]:
    """Groups that are transparent as a whole, whatever their parts say of themselves."""
    for path in drawings:
        if path["type"] == "group" and path["opacity"] < _FAINT:
            yield Area(tuple(path["rect"]), None, None)


def _fills(drawings: Sequence[Mapping[str, Any]]) -> Iterator[Area]:
    """Opaque filled areas wide enough to hide or to carry print."""
    for path in drawings:
        if path["type"] not in ("f", "fs") or path.get("fill") is None or (path.get("fill_opacity") or 0.0) < _OPAQUE:
            continue
        color = (round(255 * path["fill"][0]), round(255 * path["fill"][1]), round(255 * path["fill"][2]))
        rectangles = [item[1] for item in path["items"] if item[0] == "re"]
        for x0, y0, x1, y1 in rectangles or [path["rect"]]:
            if abs(x1 - x0) > THIN and abs(y1 - y0) > THIN:
                yield Area((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), color, path["seqno"])


def _images(page: pymupdf.Page) -> Iterator[Area]:
    """Images and shadings. The log of all commands is only asked for where the page's resources name an image."""
    if not page.get_images(full=True):
        return
    for number, (kind, box) in enumerate(page.get_bboxlog()):
        if kind in ("fill-image", "fill-shade"):
            yield Area(tuple(box), None, number)


def clips_of(drawings: Sequence[Mapping[str, Any]], width: float, height: float) -> list[Box]:
    """The boxes of clips that can cut something off, each once; a clip as large as the page cannot."""
    boxes = {tuple(path["scissor"]) for path in drawings if path["type"] == "clip"}
    return [box for box in boxes if box[0] > 1 or box[1] > 1 or box[2] < width - 1 or box[3] < height - 1]


def is_stencil(span: Span) -> bool:
    """Whether the text is no paint itself, but a clip."""
    return bool(span["char_flags"] & _STENCIL)


def _is_light(span: Span) -> bool:
    return _alike(_rgb(span["color"]), _WHITE)


def _rgb(color: int) -> tuple[int, int, int]:
    return (color >> 16 & 255, color >> 8 & 255, color & 255)


def _alike(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < _ALIKE


def find_suspects(spans: Sequence[Span], areas: Sequence[Area], clips: Sequence[Box], trace: Sequence[Span]) -> Suspicion:
    """Which characters may not be seen; nothing is listed where nothing on the page gives cause for suspicion."""
    if not areas and not clips and not any(_is_light(span) or is_stencil(span) for span in spans):
        return Suspicion([], [])
    count = sum(len(span["chars"]) for span in spans)
    if count * (len(areas) + len(clips)) > _MOST_PAIRS:
        return Suspicion([], [], count)
    order = {(chr(c[0]), round(4 * c[2][0]), round(4 * c[2][1])): span["seqno"] for span in trace for c in span["chars"] if c[0] > 0}
    suspects: list[Suspect] = []
    others: list[Char] = []
    for span in spans:
        color = _rgb(span["color"])
        near = [area for area in areas if _touch(area.box, span["bbox"])]
        cutting = [clip for clip in clips if _touch(clip, span["bbox"])]
        for raw in span["chars"]:
            char = Char(raw["c"], raw["bbox"], order.get(key_of(raw), -1))
            how = "faint" if is_stencil(span) else _suspicion(char, color, near)
            suspect = Suspect(char, how) if how else _cut(char, cutting)
            if suspect is None or char.text.isspace():
                others.append(char)
            else:
                suspects.append(suspect)
    return Suspicion(suspects, others)


def _cut(char: Char, clips: Sequence[Box]) -> Suspect | None:
    """The suspicion that a clip leaves less than half of the character, where its middle lies just outside of one."""
    x0, y0, x1, y1 = char.box
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    for left, top, right, bottom in clips:
        if left >= x1 or right <= x0 or top >= y1 or bottom <= y0:
            continue
        inside = (max(x0, left), max(y0, top), min(x1, right), min(y1, bottom))
        if x > right:
            return Suspect(char, "cut", inside, (right, y0, x1, y1))
        if x < left:
            return Suspect(char, "cut", inside, (x0, y0, left, y1))
        if y > bottom:
            return Suspect(char, "cut", inside, (x0, bottom, x1, y1))
        if y < top:
            return Suspect(char, "cut", inside, (x0, y0, x1, top))
    return None


def _suspicion(char: Char, color: tuple[int, int, int], areas: Sequence[Area]) -> How | None:
    x, y = (char.box[0] + char.box[2]) / 2, (char.box[1] + char.box[3]) / 2
    behind: Area | None = None
    for area in areas:
        if area.box[0] <= x <= area.box[2] and area.box[1] <= y <= area.box[3]:
            if area.drawn is None:
                return "faint"
            if area.drawn > char.drawn:
                return "covered"
            if behind is None or area.drawn >= (behind.drawn or 0):
                behind = area
    if behind is None:
        return "alike" if _alike(color, _WHITE) else None
    if behind.color is None:
        return "over"
    return "alike" if _alike(color, behind.color) else None


def _touch(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def key_of(char: Mapping[str, Any]) -> tuple[str, int, int]:
    """What tells a character of a page from all others: itself and where it starts."""
    x, y = char["origin"]
    return (char["c"], round(4 * x), round(4 * y))
