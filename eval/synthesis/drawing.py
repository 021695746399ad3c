"""Pages as PDF: rulings in the styles that programs leave behind, text in non-embedded standard fonts, byte for byte the same each time.

The content streams are written directly: a page has some hundred cells, and one stream per page is what makes a thousand forms a
matter of seconds.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence

import pymupdf

from eval.synthesis.layout import Layout, Spans
from eval.synthesis.paging import Box, Leaf, Text, lay_out, text_width
from eval.synthesis.sheet import make_sheet
from schema.form import Form

LINE_WIDTH = 0.6
JITTER = 0.4
"""How far an edge may be off to either side: two neighbours then differ by twice this at most."""
_RUNS = re.compile(r"[ -~]+|[^ -~]+")
_WORDS = re.compile(r"[!-~]+ ?|[^!-~]{1,4}")

Edge = tuple[float, float, float, float]


def draw(forms: Sequence[Form], layout: Layout) -> bytes:
    """The forms as one PDF, one after the other."""
    with pymupdf.open() as document:
        for leaf in lay_out((make_sheet(form, layout) for form in forms), layout):
            _draw_page(document, leaf, layout)
        data: bytes = document.tobytes(no_new_id=True, deflate=True)
    return data


def _draw_page(document: pymupdf.Document, leaf: Leaf, layout: Layout) -> None:
    width, height = layout.page.size
    turned = layout.page.rotated
    page = document.new_page(width=height if turned else width, height=width if turned else height)
    page.insert_font(fontname="china-s")
    page.insert_font(fontname="helv")
    # A turned page is stored upright: what is displayed x to the right stands x up in the file.
    turn = [f"0 1 -1 0 {height:g} 0 cm"] if turned else []
    ops = [*turn, *_rulings(leaf.boxes, layout, height), *_texts(leaf.texts, layout.page.spans, height)]
    xref = document.get_new_xref()
    document.update_object(xref, "<<>>")
    document.update_stream(xref, "\n".join(ops).encode("ascii"))
    page.set_contents(xref)
    if turned:
        page.set_rotation(90)


def _texts(texts: Iterable[Text], spans: Spans, height: float) -> Iterator[str]:
    yield "0 g"
    for line in texts:
        x = line.x
        for part in _parts(line.text, spans):
            latin = " " <= part[0] <= "~"
            shown = f"({_escape(part)})" if latin else f"<{part.encode('utf-16-be').hex()}>"
            font = "helv" if latin else "china-s"
            yield f"BT /{font} {line.size:.4g} Tf 1 0 0 1 {x:.2f} {height - line.y:.2f} Tm {shown} Tj ET"
            x += text_width(part, line.size)


def _parts(text: str, spans: Spans) -> list[str]:
    if spans == "char":
        return list(text)
    runs = _RUNS.findall(text)
    return runs if spans == "line" else [word for run in runs for word in _WORDS.findall(run)]


def _escape(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _rulings(boxes: Sequence[Box], layout: Layout, height: float) -> Iterator[str]:
    if layout.page.shaded:
        yield "0.9 g"
        yield from (f"{_rectangle(box, height)} f" for box in boxes if box.header)
    yield f"0 G 0 g {LINE_WIDTH} w"
    # A page may hold nothing but the lines below a table.
    if boxes:
        yield from _RULERS[layout.page.ruling](boxes, height)


def _rectangle(box: Box, height: float) -> str:
    return f"{box.x0:.2f} {height - box.y1:.2f} {box.x1 - box.x0:.2f} {box.y1 - box.y0:.2f} re"


def _cells(boxes: Sequence[Box], height: float) -> Iterator[str]:
    for box in boxes:
        yield f"{_rectangle(box, height)} S"


def _jitter(boxes: Sequence[Box], height: float) -> Iterator[str]:
    # Seeded by the page itself: the same page is drawn the same way each time.
    rng = random.Random(len(boxes))
    for box in boxes:
        off = [rng.uniform(-JITTER, JITTER) for _ in range(4)]
        yield f"{_rectangle(Box(box.x0 + off[0], box.y0 + off[1], box.x1 + off[2], box.y1 + off[3]), height)} S"


def _long_lines(boxes: Sequence[Box], height: float) -> Iterator[str]:
    for x0, y0, x1, y1 in _edges(boxes):
        yield f"{x0:.2f} {height - y0:.2f} m {x1:.2f} {height - y1:.2f} l S"


def _open(boxes: Sequence[Box], height: float) -> Iterator[str]:
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    for x0, y0, x1, y1 in _edges(boxes):
        if x0 != x1 or x0 not in (left, right):
            yield f"{x0:.2f} {height - y0:.2f} m {x1:.2f} {height - y1:.2f} l S"


def _fills(boxes: Sequence[Box], height: float) -> Iterator[str]:
    half = LINE_WIDTH / 2
    for x0, y0, x1, y1 in _edges(boxes):
        yield f"{x0 - half:.2f} {height - y1 - half:.2f} {x1 - x0 + 2 * half:.2f} {y1 - y0 + 2 * half:.2f} re f"


def _double(boxes: Sequence[Box], height: float) -> Iterator[str]:
    yield from _cells(boxes, height)
    yield "1 0 0 1 0.3 -0.3 cm"
    yield from _long_lines(boxes, height)
    yield "1 0 0 1 -0.3 0.3 cm"


_RULERS = {"cells": _cells, "lines": _long_lines, "fills": _fills, "double": _double, "jitter": _jitter, "open": _open}


def _edges(boxes: Sequence[Box]) -> list[Edge]:
    """The edges of all boxes, those on one line joined where they touch."""
    flat: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for box in boxes:
        x0, y0, x1, y1 = (round(value, 2) for value in (box.x0, box.y0, box.x1, box.y1))
        for y in (y0, y1):
            flat.setdefault(("h", y), []).append((x0, x1))
        for x in (x0, x1):
            flat.setdefault(("v", x), []).append((y0, y1))
    out = []
    for (way, at), spans in sorted(flat.items()):
        for low, high in _joined(spans):
            out.append((low, at, high, at) if way == "h" else (at, low, at, high))
    return out


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if out and low <= out[-1][1] + 0.05:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out
