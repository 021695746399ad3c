"""Word files (.docx): paragraphs and tables of the body, as they print.

Deleted, hidden, white and tiny text does not print and is no content; what was left out is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.blocks import is_title
from ingest.office.cells import GridCell, pairs_of, paragraph, table_of
from ingest.office.package import Package
from ingest.office.runs import LEFT_OUT, UNKNOWN, Runs, Styles, W, is_on, is_shaded
from ingest.page import Line, Table
from ingest.settings import Settings
from schema.errors import UnsupportedDocument
from schema.evidence import TablePlace

_STYLES = "word/styles.xml"
_HEADERS = "word/header"
_PICTURES = ("drawing", "pict", "object")
_PICTURE = "这一格里是图片，没有读，请对照原件"
_SYMBOL = "这一格里有认不出的符号，请对照原件"
_TWIPS = 20.0
_ROW = 1e-6
"""Height of a row of a table: all of them together are less than what parts paragraphs."""
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
        DocumentError: it is broken, larger than the limits, or holds pictures or web pages instead of text.
    """
    body = package.xml(package.main_part).find(f"{W}body")
    styles = Styles.of(package.xml(_STYLES)) if _STYLES in package.members else Styles()
    out = _Reader(styles, name, settings).read(body)
    if body is not None and not out.tables:
        _refuse_foreign(body, name)
    if not any(is_title(line.text) for line in out.lines):
        out.lines[:0] = _titles(package, Runs(styles))
    return out


def _refuse_foreign(body: etree._Element, name: str) -> None:
    if next(body.iter(f"{W}altChunk"), None) is not None:
        raise UnsupportedDocument(name, "正文是嵌在里面的网页，不是 Word 的表格", "请用 Word 打开，另存一份 docx 或 PDF 后再读")
    if _holds_picture(body):
        raise UnsupportedDocument(name, "里面没有表格，只有图片", "请另存为 PDF 再读，图片会做 OCR")


def _holds_picture(element: etree._Element) -> bool:
    return any(next(element.iter(f"{W}{tag}"), None) is not None for tag in _PICTURES)


def _titles(package: Package, runs: Runs) -> list[Line]:
    """A title that is printed in the header of the pages; it stands before the first paragraph."""
    parts = sorted(member for member in package.members if member.startswith(_HEADERS) and member.endswith(".xml"))
    texts = (runs.text(p).strip() for part in parts for p in package.xml(part).iter(f"{W}p"))
    return [paragraph(text, 0) for text in dict.fromkeys(texts) if text and is_title(text)][:1]


class _Reader:
    """Walks the body. Paragraphs are as far down the page as they are numbered, tables half between them."""

    def __init__(self, styles: Styles, name: str, settings: Settings) -> None:
        self._styles, self._name = styles, name
        self._cells_left, self._characters_left = settings.cells, settings.characters
        self._paragraphs = self._tables = 0
        self._out = WordText()
        self._runs = Runs(styles, self._out.hidden)

    def read(self, body: etree._Element | None) -> WordText:
        for block in _blocks(body) if body is not None else ():
            if block.tag == f"{W}tbl":
                self._table(block)
            else:
                self._paragraphs += 1
                start = 0
                for line in self._text(block).split("\n"):
                    for text in pairs_of(line):
                        if text.strip():
                            self._out.lines.append(paragraph(text, self._paragraphs, start))
                        start += len(text)
        return self._out

    def _text(self, element: etree._Element, shaded: bool = False) -> str:
        text = self._runs.text(element, shaded)
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise UnsupportedDocument(self._name, "文字太多，超过限度", "请拆成几个文件再读")
        return text

    def _table(self, element: etree._Element) -> None:
        self._tables += 1
        number = self._tables
        cells, nested = self._cells(element, number)
        if cells and (not nested or any(text.strip() for cell in cells for text in cell.paragraphs)):
            columns = max(cell.column + cell.column_span for cell in cells)
            self._out.tables.append(table_of(1, self._paragraphs + 0.5, _edges(element, columns), cells, row_height=_ROW))
        for inner in nested:
            self._table(inner)

    def _cells(self, table: etree._Element, number: int) -> tuple[list[GridCell], list[etree._Element]]:
        """The cells of a table, vertical merges put together; and the tables inside of them that are tables of their own."""
        cells: list[GridCell] = []
        nested: list[etree._Element] = []
        above: dict[int, GridCell] = {}
        for row, element in enumerate(_children(table, "tr")):
            if element.find(f"{W}trPr/{W}del") is not None:
                continue
            if is_on(element.find(f"{W}trPr/{W}hidden")):
                self._out.hidden += [text for p in element.iter(f"{W}p") if (text := self._text(p).strip())]
                continue
            column = _number(element.find(f"{W}trPr/{W}gridBefore"), 0)
            for tc in _children(element, "tc"):
                span = _number(tc.find(f"{W}tcPr/{W}gridSpan"), 1)
                merge = tc.find(f"{W}tcPr/{W}vMerge")
                if merge is not None and merge.get(f"{W}val") != "restart" and column in above:
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
        shaded = is_shaded(tc.find(f"{W}tcPr/{W}shd")) or self._is_shaded(tc)
        for block in _blocks(tc):
            if block.tag != f"{W}tbl":
                cell.paragraphs += self._text(block, shaded).split("\n")
            elif _is_table(block):
                nested.append(block)
            else:
                inner, more = self._cells(block, self._tables)
                cell.paragraphs += [text for part in inner for text in part.paragraphs]
                nested += more
        if any(UNKNOWN in text for text in cell.paragraphs):
            cell.doubt = _SYMBOL
        elif not any(text.strip() for text in cell.paragraphs) and _holds_picture(tc):
            cell.doubt = _PICTURE

    def _is_shaded(self, tc: etree._Element) -> bool:
        """Whether the table of a cell is shaded, by itself or by its style."""
        table = next(tc.iterancestors(f"{W}tbl"), None)
        properties = table.find(f"{W}tblPr") if table is not None else None
        if properties is None:
            return False
        style = properties.find(f"{W}tblStyle")
        return is_shaded(properties.find(f"{W}shd")) or (style is not None and style.get(f"{W}val") in self._styles.shading)


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables directly in an element, those inside of content controls and insertions too."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag not in LEFT_OUT and child.tag != f"{W}tcPr":
            yield from _blocks(child)


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table, or cells of a row, those inside of content controls too."""
    for child in parent:
        if child.tag == f"{W}{tag}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
            yield from _children(child, tag)


def _number(element: etree._Element | None, default: int) -> int:
    value = element.get(f"{W}val") if element is not None else None
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else default


def _is_table(element: etree._Element) -> bool:
    rows = list(_children(element, "tr"))
    return len(rows) >= _NESTED_ROWS and max(len(list(_children(row, "tc"))) for row in rows) >= _NESTED_COLUMNS


def _edges(table: etree._Element, columns: int) -> list[float]:
    """Where the columns begin, and the last one ends, in points; from the table's grid as far as it goes."""
    widths = [str(column.get(f"{W}w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    edges = [0.0]
    for i in range(columns):
        known = widths[i] if i < len(widths) else ""
        edges.append(edges[-1] + (int(known) / _TWIPS if known.isdecimal() and len(known) < 8 and 0 < int(known) < 10**6 else _COLUMN))
    return edges
