"""OFD files (GB/T 33190) drawn as PDF, so that the reader of PDFs sees their text, rulings, hidden text and scans as it would there.

Positions in an OFD are in millimetres from the top left of the page, as in a PDF page as displayed. Fonts are not taken over: what is
read are the characters and where they stand.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from ingest.documents import Unread
from ingest.mupdf import pymupdf
from ingest.office.package import SAVE_AGAIN, Package, open_package
from ingest.page import Line, Page
from ingest.pdf import PdfDocument
from ingest.settings import Settings
from schema.errors import DamagedDocument, UnsupportedDocument

_POINTS = 72 / 25.4
_A4 = (0.0, 0.0, 210.0, 297.0)
_ENTRY = "OFD.xml"
_LINE = 0.353
"""Millimetres of a line whose width is not given."""
_BLACK = (0.0, 0.0, 0.0)
_CHANNELS = 3
_BEYOND = 0x10000
_LAST_STAND_IN = 0xD7A3
"""The last of some thousand Hangul syllables, which no form prints."""
_DEEPEST = 16
"""Levels of page blocks inside of each other."""
_Matrix = tuple[float, float, float, float, float, float]
_NO_CHANGE: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass
class _Ofd:
    """What the pages of a document share: where files lie, templates and media by their id."""

    package: Package
    root: str
    box: tuple[float, ...] = _A4
    templates: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    characters: int = 0
    stand_ins: dict[str, str] = field(default_factory=dict)


class OfdDocument(PdfDocument):
    """An OFD drawn as PDF; characters that the font does not have are put back where stand-ins were drawn."""

    def __init__(self, document: pymupdf.Document, settings: Settings, stand_ins: Mapping[str, str]) -> None:
        super().__init__(document, settings)
        self.kind = "office"
        self._originals = {stand_in: ch for ch, stand_in in stand_ins.items()}

    def pages(self) -> Iterator[Page | Unread]:
        """The pages, with the characters of the OFD."""
        for page in super().pages():
            yield self._restored(page) if self._originals and isinstance(page, Page) else page

    def _restored(self, page: Page) -> Page:
        tables = tuple(
            replace(table, cells=tuple(replace(cell, lines=self._lines(cell.lines)) for cell in table.cells)) for table in page.tables
        )
        return replace(page, tables=tables, lines=self._lines(page.lines))

    def _lines(self, lines: Iterable[Line]) -> tuple[Line, ...]:
        return tuple(
            replace(line, glyphs=tuple(g._replace(text=self._originals.get(g.text, g.text)) for g in line.glyphs)) for line in lines
        )


@contextmanager
def open_ofd(path: Path, name: str, settings: Settings) -> Iterator[PdfDocument]:
    """The opened OFD.

    Raises:
        DocumentError: it is broken, or larger than the limits.
    """
    with open_package(path, name, settings) as package:
        raw, stand_ins = draw_ofd(package, name, settings)
    with pymupdf.open(stream=raw, filetype="pdf") as document:
        yield OfdDocument(document, settings, stand_ins)


def draw_ofd(package: Package, name: str, settings: Settings) -> tuple[bytes, dict[str, str]]:
    """The first document of an OFD package as PDF, one page for each of its own; and what was drawn for characters the font lacks.

    Raises:
        DocumentError: it is broken, or larger than the limits.
    """
    entry = next((e for e in package.xml(_ENTRY).iter() if _tag(e) == "DocRoot"), None)
    if entry is None or not entry.text:
        raise DamagedDocument(name, "OFD 里没有文档", SAVE_AGAIN)
    path = entry.text.strip().lstrip("/")
    root = package.xml(path)
    ofd = _Ofd(package, posixpath.dirname(path), characters=settings.characters)
    _read_shared(ofd, root)
    pages = [str(e.get("BaseLoc")) for e in root.iter() if _tag(e) == "Page" and e.get("BaseLoc")]
    if not pages:
        raise DamagedDocument(name, "OFD 里没有页面", SAVE_AGAIN)
    with pymupdf.open() as document:
        for location in pages[: settings.pages]:
            try:
                _draw_page(document, ofd, _join(ofd.root, location))
            except (ValueError, IndexError) as e:
                raise DamagedDocument(name, f"OFD 的页面内容不合规范（{location}）", SAVE_AGAIN) from e
            if ofd.characters < 0:
                raise UnsupportedDocument(name, "文字太多，超过限度", "请拆成几个文件再读")
        return bytes(document.tobytes(deflate=True)), ofd.stand_ins


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _join(folder: str, location: str) -> str:
    return location.lstrip("/") if location.startswith("/") else posixpath.normpath(posixpath.join(folder, location))


def _floats(text: str | None) -> list[float]:
    return [float(part) for part in (text or "").split()]


def _read_shared(ofd: _Ofd, root: etree._Element) -> None:
    for element in root.iter():
        tag = _tag(element)
        if tag == "PhysicalBox" and len(box := _floats(element.text)) == len(_A4):
            ofd.box = tuple(box)
        elif tag == "TemplatePage":
            ofd.templates[str(element.get("ID"))] = _join(ofd.root, str(element.get("BaseLoc")))
        elif tag in ("PublicRes", "DocumentRes") and element.text:
            path = _join(ofd.root, element.text.strip())
            if path in ofd.package.members:
                _read_media(ofd, path)


def _read_media(ofd: _Ofd, path: str) -> None:
    resources = ofd.package.xml(path)
    folder = _join(posixpath.dirname(path), resources.get("BaseLoc") or ".")
    for element in resources.iter():
        if _tag(element) == "MultiMedia":
            file = next((e.text for e in element.iter() if _tag(e) == "MediaFile"), None)
            if file:
                ofd.media[str(element.get("ID"))] = _join(folder, file.strip())


def _draw_page(document: pymupdf.Document, ofd: _Ofd, path: str) -> None:
    root = ofd.package.xml(path)
    box = next((_floats(e.text) for e in root.iter() if _tag(e) == "PhysicalBox"), list(ofd.box))
    x, y, width, height = box if len(box) == len(_A4) else _A4
    page = document.new_page(width=width * _POINTS, height=height * _POINTS)
    pen = _Pen(page, ofd, (x, y))
    for element in root.iter():
        template = ofd.templates.get(str(element.get("TemplateID"))) if _tag(element) == "Template" else None
        if template is not None:
            pen.draw(ofd.package.xml(template))
    pen.draw(root)
    pen.finish()


class _Pen:
    """Draws the objects of pages: text by colour, lines and boxes, images."""

    def __init__(self, page: pymupdf.Page, ofd: _Ofd, origin: tuple[float, float]) -> None:
        self._page, self._ofd, self._origin = page, ofd, origin
        self._font = pymupdf.Font("cjk")
        self._writers: dict[tuple[float, ...], pymupdf.TextWriter] = {}
        self._shape = page.new_shape()

    def draw(self, element: etree._Element, depth: int = 0) -> None:
        """Everything inside of an element that shows."""
        for child in element:
            if child.get("Visible") == "false" or depth > _DEEPEST:
                continue
            tag = _tag(child)
            if tag == "TextObject":
                self._text(child)
            elif tag == "PathObject":
                self._path(child)
            elif tag == "ImageObject":
                self._image(child)
            else:
                self.draw(child, depth + 1)

    def finish(self) -> None:
        """Put what was drawn on the page."""
        self._shape.commit()
        for color, writer in self._writers.items():
            writer.write_text(self._page, color=color)

    def _at(self, element: etree._Element, x: float, y: float) -> tuple[float, float]:
        """A position inside of an object, in points of the page."""
        left, top, *_ = [*_floats(element.get("Boundary")), 0.0, 0.0]
        a, b, c, d, e, f = _matrix(element)
        return (
            (left + a * x + c * y + e - self._origin[0]) * _POINTS,
            (top + b * x + d * y + f - self._origin[1]) * _POINTS,
        )

    def _text(self, element: etree._Element) -> None:
        matrix = _matrix(element)
        size = float(element.get("Size") or 0) * max(abs(matrix[3]), abs(matrix[1])) * _POINTS
        color = _color(element)
        writer = self._writers.setdefault(color, pymupdf.TextWriter(self._page.rect))
        x = y = 0.0
        for code in (child for child in element if _tag(child) == "TextCode"):
            x, y = float(code.get("X") or x), float(code.get("Y") or y)
            text = code.text or ""
            self._ofd.characters -= len(text)
            xs, ys = _places(x, code.get("DeltaX"), len(text)), _places(y, code.get("DeltaY"), len(text))
            for ch, cx, cy in zip(text, xs, ys, strict=True):
                if not ch.isspace() and size > 0:
                    writer.append(self._at(element, cx, cy), self._drawn(ch), font=self._font, fontsize=size)

    def _drawn(self, ch: str) -> str:
        """A character, or what stands for it: the font knows the usual ones only, and others would turn into something else."""
        if ord(ch) < _BEYOND and self._font.has_glyph(ord(ch)):
            return ch
        return self._ofd.stand_ins.setdefault(ch, chr(_LAST_STAND_IN - len(self._ofd.stand_ins)))

    def _path(self, element: etree._Element) -> None:
        data = next((child.text or "" for child in element if _tag(child) == "AbbreviatedData"), "")
        lines = list(_lines(data))
        for a, b in lines:
            self._shape.draw_line(self._at(element, *a), self._at(element, *b))
        if lines:
            stroked = element.get("Stroke") != "false"
            color = _color(element)
            width = float(element.get("LineWidth") or _LINE) * _POINTS
            fill = color if element.get("Fill") == "true" else None
            self._shape.finish(color=color if stroked else None, fill=fill, width=width if stroked else 0, closePath=False)

    def _image(self, element: etree._Element) -> None:
        path = self._ofd.media.get(str(element.get("ResourceID")))
        box = _floats(element.get("Boundary"))
        if path is None or path not in self._ofd.package.members or len(box) != len(_A4):
            return
        x, y, w, h = box
        left, top = (x - self._origin[0]) * _POINTS, (y - self._origin[1]) * _POINTS
        try:
            self._page.insert_image((left, top, left + w * _POINTS, top + h * _POINTS), stream=self._ofd.package.read(path))
        except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError) as e:
            raise ValueError(path) from e


def _matrix(element: etree._Element) -> _Matrix:
    values = _floats(element.get("CTM"))
    return (values[0], values[1], values[2], values[3], values[4], values[5]) if len(values) == len(_NO_CHANGE) else _NO_CHANGE


def _color(element: etree._Element) -> tuple[float, ...]:
    """The colour of an object: of its lines if it has one, of its fill else; black where none is given."""
    for name in ("StrokeColor", "FillColor"):
        found = next((child for child in element if _tag(child) == name), None)
        values = _floats(found.get("Value")) if found is not None else []
        if len(values) == _CHANNELS:
            return tuple(min(1.0, max(0.0, value / 255)) for value in values)
    return _BLACK


def _places(start: float, deltas: str | None, count: int) -> list[float]:
    """Where each character stands on one axis: the distances are listed, `g n d` meaning n times d."""
    parts = (deltas or "").split()
    steps: list[float] = []
    i = 0
    while i < len(parts) and len(steps) < count:
        if parts[i] == "g":
            steps += [float(parts[i + 2])] * min(int(parts[i + 1]), count)
            i += 3
        else:
            steps.append(float(parts[i]))
            i += 1
    places = [start]
    for i in range(1, count):
        places.append(places[-1] + (steps[i - 1] if i <= len(steps) else 0.0))
    return places[:count]


_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""Numbers behind each command of a path; the last two are where it ends."""


def _lines(data: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight strokes of a path, since rulings are straight; curves are passed over."""
    parts = data.split()
    start = at = (0.0, 0.0)
    i = 0
    while i < len(parts):
        command = parts[i]
        count = _OPERANDS.get(command, -1)
        values = [float(part) for part in parts[i + 1 : i + 1 + count]]
        if len(values) != count:
            raise ValueError(data[:40])
        point = (values[-2], values[-1]) if values else start
        if command in "SM":
            start = point
        elif command in "LC":
            yield at, point
        at = point
        i += 1 + count
