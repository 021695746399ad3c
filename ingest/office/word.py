"""Word files (.docx): paragraphs and tables of the body, as they print.

Deleted, hidden, white and tiny text does not print and is no content; what was left out is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.office.cells import GridCell, paragraph, table_of
from ingest.office.package import Package
from ingest.page import Line, Table
from ingest.settings import Settings
from schema.errors import UnsupportedDocument
from schema.evidence import TablePlace

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DOCUMENT = "word/document.xml"
_STYLES = "word/styles.xml"
_LEFT_OUT = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr", f"{_W}tblPr", f"{_MC}Fallback", f"{_W}sdtPr"}
)
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}softHyphen": ""}
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0FC": "√", "F0D0": "∠"}
"""What characters of the Symbol and Wingdings fonts print."""
_TINY = 4
"""Half points up to which a text cannot be read."""
_WHITE = "FFFFFF"
_PLAIN = frozenset({None, "auto", _WHITE, "clear"})
_TWIPS = 20.0
_COLUMN = 50.0
"""Width in points of a column that the table does not give one."""
_NESTED_ROWS, _NESTED_COLUMNS = 2, 3
"""Size from which a table inside a cell is a table of its own."""


@dataclass
class WordText:
    """What a Word file prints, in order; tables and paragraphs are numbered from 1."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def read_word(package: Package, name: str, settings: Settings) -> WordText:
    """The tables and loose paragraphs of the body.

    Raises:
        DocumentError: it is broken, or larger than the limits.
    """
    body = package.xml(_DOCUMENT).find(f"{_W}body")
    return _Reader(_hidden_styles(package), name, settings.cells).read(body)


def _hidden_styles(package: Package) -> frozenset[str]:
    """The names of styles that hide their text."""
    if _STYLES not in package.members:
        return frozenset()
    styles = package.xml(_STYLES).iter(f"{_W}style")
    return frozenset(str(style.get(f"{_W}styleId")) for style in styles if _is_on(style.find(f"{_W}rPr/{_W}vanish")))


def _is_on(flag: etree._Element | None) -> bool:
    return flag is not None and flag.get(f"{_W}val") not in ("0", "false", "off")


class _Reader:
    """Walks the body; `height` is how far down the page made up so far."""

    def __init__(self, hidden_styles: frozenset[str], name: str, cells: int) -> None:
        self._hidden_styles, self._name, self._cells_left = hidden_styles, name, cells
        self._paragraphs = self._height = self._tables = 0
        self._out = WordText()

    def read(self, body: etree._Element | None) -> WordText:
        for block in _blocks(body) if body is not None else ():
            if block.tag == f"{_W}tbl":
                self._table(block)
            else:
                self._paragraph(block)
        return self._out

    def _paragraph(self, element: etree._Element) -> None:
        self._paragraphs += 1
        for text in self._text(element).split("\n"):
            self._height += 1
            if text.strip():
                line = paragraph(text, self._paragraphs)
                # The made-up height orders it among the tables.
                moved = tuple(g._replace(y0=float(self._height), y1=float(self._height)) for g in line.glyphs)
                self._out.lines.append(Line(moved, line.origin))

    def _table(self, element: etree._Element) -> None:
        self._tables += 1
        number = self._tables
        cells, nested = self._cells(element, number)
        if cells and (not nested or any(text.strip() for cell in cells for text in cell.paragraphs)):
            columns = max(cell.column + cell.column_span for cell in cells)
            table = table_of(1, float(self._height + 1), _edges(element, columns), cells)
            self._out.tables.append(table)
            self._height = int(table.box[3]) + 1
        for inner in nested:
            self._table(inner)

    def _cells(self, table: etree._Element, number: int) -> tuple[list[GridCell], list[etree._Element]]:
        """The cells of a table, vertical merges put together; and the tables inside of them that are tables of their own."""
        cells: list[GridCell] = []
        nested: list[etree._Element] = []
        above: dict[int, GridCell] = {}
        for row, element in enumerate(_children(table, "tr")):
            if element.find(f"{_W}trPr/{_W}del") is not None:
                continue
            column = _number(element.find(f"{_W}trPr/{_W}gridBefore"), 0)
            for tc in _children(element, "tc"):
                span = _number(tc.find(f"{_W}tcPr/{_W}gridSpan"), 1)
                merge = tc.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and merge.get(f"{_W}val") != "restart" and column in above:
                    above[column].row_span = row - above[column].row + 1
                else:
                    cell = GridCell(row, column, TablePlace(table=number, row=row + 1, column=column + 1, text=""), column_span=span)
                    self._fill(cell, tc, nested)
                    cells.append(cell)
                    above[column] = cell
                column += span
            self._cells_left -= column
            if self._cells_left < 0:
                raise UnsupportedDocument(self._name, "表格的单元格太多，超过限度", "请把要读的表另存成一个文件")
        return cells, nested

    def _fill(self, cell: GridCell, tc: etree._Element, nested: list[etree._Element]) -> None:
        shaded = (tc.find(f"{_W}tcPr/{_W}shd")) is not None and tc.find(f"{_W}tcPr/{_W}shd").get(f"{_W}fill") not in _PLAIN
        for block in _blocks(tc):
            if block.tag != f"{_W}tbl":
                cell.paragraphs += self._text(block, shaded).split("\n")
            elif _is_table(block):
                nested.append(block)
            else:
                inner, more = self._cells(block, self._tables)
                cell.paragraphs += [text for part in inner for text in part.paragraphs]
                nested += more

    def _text(self, element: etree._Element, shaded: bool = False) -> str:
        """What a paragraph prints; forced line breaks kept."""
        return "".join(self._printed(element, shaded))

    def _printed(self, element: etree._Element, shaded: bool) -> Iterator[str]:
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == f"{_W}r" and self._is_hidden(child, shaded):
                text = "".join(self._printed(child, shaded)).strip()
                if text:
                    self._out.hidden.append(text)
            elif child.tag in (f"{_W}t", f"{_M}t"):
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield _BREAKS[child.tag]
            elif child.tag == f"{_W}sym":
                yield _SYMBOLS.get(str(child.get(f"{_W}char")).upper(), "")
            elif child.tag == f"{_W}p":
                # A text box inside a paragraph.
                yield "\n" + "".join(self._printed(child, shaded)) + "\n"
            else:
                yield from self._printed(child, shaded)

    def _is_hidden(self, run: etree._Element, shaded: bool) -> bool:
        style = run.find(f"{_W}rPr")
        if style is None:
            return False
        named = style.find(f"{_W}rStyle")
        if _is_on(style.find(f"{_W}vanish")) or (named is not None and named.get(f"{_W}val") in self._hidden_styles):
            return True
        color, size, shade = (style.find(f"{_W}{tag}") for tag in ("color", "sz", "shd"))
        on_color = shaded or (shade is not None and shade.get(f"{_W}fill") not in _PLAIN) or style.find(f"{_W}highlight") is not None
        white = color is not None and str(color.get(f"{_W}val")).upper() == _WHITE and not on_color
        return white or (size is not None and 0 < _number(size, _TINY + 1) <= _TINY)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables directly in an element, those inside of content controls and insertions too."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _LEFT_OUT and child.tag != f"{_W}tcPr":
            yield from _blocks(child)


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table, or cells of a row, those inside of content controls too."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _children(child, tag)


def _number(element: etree._Element | None, default: int) -> int:
    value = element.get(f"{_W}val") if element is not None else None
    return int(value) if value is not None and value.isdigit() and len(value) < 6 else default


def _is_table(element: etree._Element) -> bool:
    rows = list(_children(element, "tr"))
    return len(rows) >= _NESTED_ROWS and max(len(list(_children(row, "tc"))) for row in rows) >= _NESTED_COLUMNS


def _edges(table: etree._Element, columns: int) -> list[float]:
    """Where the columns begin, and the last one ends, in points; from the table's grid as far as it goes."""
    widths = [str(column.get(f"{_W}w")) for column in table.iterfind(f"{_W}tblGrid/{_W}gridCol")]
    edges = [0.0]
    for i in range(columns):
        known = widths[i] if i < len(widths) else ""
        edges.append(edges[-1] + (int(known) / _TWIPS if known.isdigit() and 0 < int(known) < 10**6 else _COLUMN))
    return edges
