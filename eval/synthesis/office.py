"""Forms as Word files and workbooks: the same sheets that are drawn as PDF, as tables of merged cells.

The Word file is written as XML, without styles: a form has some hundred cells, and a library that merges them one by one takes seconds.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from eval.synthesis.layout import Layout
from eval.synthesis.sheet import Cell, Sheet, make_sheet
from schema.form import Form

_TWIPS = 9_600
"""Width of a table in twentieths of a point."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org"
_TYPES = (
    f'{_XML}<Types xmlns="{_OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" Type='
    f'"{_OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_AMOUNT = re.compile(r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<places>\.\d+)?(?P<percent>%?)\Z")
_SIDE = Side(style="thin")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)

Placed = tuple[Cell, int, int, int]
"""A cell, its row, and its first column and the one behind its last, counted from 0."""


def as_docx(forms: Sequence[Form], layout: Layout) -> bytes:
    """The forms as one Word file, a table for each."""
    body = "".join(_word_sheet(make_sheet(form, layout)) for form in forms)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        space = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
        archive.writestr("word/document.xml", f"{_XML}<w:document {space}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def as_xlsx(forms: Sequence[Form], layout: Layout, *, borders: bool = True, merged: bool = True, one_sheet: bool = False) -> bytes:
    """The forms as one workbook, each on a sheet of its own or all below each other; printed numbers are numbers with formats."""
    book = openpyxl.Workbook()
    at, sheet = 1, book.active
    for number, form in enumerate(forms):
        if number and not one_sheet:
            at, sheet = 1, book.create_sheet()
        at = _fill_sheet(sheet, make_sheet(form, layout), at, borders=borders, merged=merged) + 2
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _grid(sheet: Sheet) -> tuple[list[float], list[Placed]]:
    """The edges of all columns, as shares of the width, and where each cell stands between them."""
    edges = sorted({round(edge, 3) for row in sheet.rows for cell in row.cells for edge in (cell.left, cell.right)})
    return edges, [
        (cell, number, edges.index(round(cell.left, 3)), edges.index(round(cell.right, 3)))
        for number, row in enumerate(sheet.rows)
        for cell in row.cells
    ]


def _lines(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The lines above and below a table."""
    return [line for line in (sheet.lead, sheet.title, sheet.subtitle, *sheet.above) if line], list(sheet.below)


def _word_sheet(sheet: Sheet) -> str:
    edges, placed = _grid(sheet)
    above, below = _lines(sheet)
    columns = "".join(f'<w:gridCol w:w="{round((b - a) * _TWIPS)}"/>' for a, b in pairwise(edges))
    rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in _word_rows(placed, len(sheet.rows)))
    return f"{_paragraphs(above)}<w:tbl><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>{_paragraphs(below)}<w:p/>"


def _paragraphs(texts: Sequence[str]) -> str:
    return "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>' for text in texts)


def _word_rows(placed: Sequence[Placed], count: int) -> Iterator[list[str]]:
    covering: dict[int, list[tuple[int, str]]] = {number: [] for number in range(count)}
    for cell, row, first, last in placed:
        for number in range(row, min(row + cell.rows, count)):
            merge = "" if cell.rows == 1 else f'<w:vMerge w:val="{"restart" if number == row else "continue"}"/>'
            span = f'<w:gridSpan w:val="{last - first}"/>' if last - first > 1 else ""
            texts = cell.text.split("\n") if number == row else [""]
            covering[number].append((first, f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_paragraphs(texts)}</w:tc>"))
    for number in range(count):
        yield [xml for _, xml in sorted(covering[number])]


def _fill_sheet(sheet: Worksheet, form: Sheet, at: int, *, borders: bool, merged: bool) -> int:
    """Write a form from a row on; gives the row behind it."""
    above, below = _lines(form)
    for text in above:
        at = _write_line(sheet, at, text)
    for cell, number, first, last in _grid(form)[1]:
        row, height = at + number, min(cell.rows, len(form.rows) - number)
        _set(sheet, row, first + 1, cell.text)
        if borders:
            for r, c in ((r, c) for r in range(row, row + height) for c in range(first + 1, last + 1)):
                sheet.cell(r, c).border = _BORDER
        if merged and (height > 1 or last - first > 1):
            sheet.merge_cells(start_row=row, end_row=row + height - 1, start_column=first + 1, end_column=last)
    at += len(form.rows)
    for text in below:
        at = _write_line(sheet, at, text)
    return at


def _write_line(sheet: Worksheet, row: int, text: str) -> int:
    """A line of label-value pairs goes into cells beside each other."""
    for column, part in enumerate(text.split("\t")):
        sheet.cell(row, 1 + 3 * column, part)
    return row + 1


def _set(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column)
    cell.alignment = Alignment(wrap_text=True)
    number = _AMOUNT.match(text)
    if number is None:
        cell.value = text or None
        if text:
            # A target such as =100% is no formula.
            cell.data_type = "s"
        return
    places = len(number["places"] or ".") - 1
    value = float(number["digits"].replace(",", "") + (number["places"] or ""))
    cell.value = round(value / 100, 10) if number["percent"] else value
    cell.number_format = ("#,##0" if "," in text else "0") + ("." + "0" * places if places else "") + number["percent"]
