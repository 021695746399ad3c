"""A sheet of a workbook, written from top to bottom in bounded memory.

Cells are written as they are printed: a text that begins with = + - @ stays text, also after someone edits it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from store.export.columns import Value

CELL_LIMIT = 32_767
"""Characters Excel takes in a cell."""
LINK_LIMIT = 65_000
"""Excel drops a sheet's links beyond 65,530."""

A4 = 9
"""Excel's number of the paper."""
LINE_HEIGHT, ROW_MARGIN, HIGHEST_ROW = 13.5, 2.0, 409.0
"""Points: one line of a row in this font, what a row has besides, and the highest row Excel takes."""

_FONT = Font(name="等线", size=10)
_HEAD_FONT = Font(name="等线", size=10, bold=True, color="FFFFFF")
_LINK_FONT = Font(name="等线", size=10, color="0563C1", underline="single")
_HEAD_FILL = PatternFill("solid", fgColor="1F4E79")
_LINE = Side(style="thin", color="D9D9D9")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
_FILLS = {
    "error": PatternFill("solid", fgColor="F8CBAD"),
    "warning": PatternFill("solid", fgColor="FFE699"),
    "info": PatternFill("solid", fgColor="DDEBF7"),
    "review": PatternFill("solid", fgColor="E4DFEC"),
}
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class Heading(NamedTuple):
    """One column of a sheet."""

    label: str
    width: float
    number_format: str | None = None


class Styled(NamedTuple):
    """A value with what is special about its cell."""

    value: Value
    fill: str | None = None
    """A severity, or review."""
    link: str | None = None


class Look(NamedTuple):
    """What a cell's style depends on."""

    fill: str | None
    linked: bool
    quoted: bool
    number_format: str | None


class Sheet:
    """A sheet written from top to bottom."""

    def __init__(self, book: Workbook, title: str, headings: Sequence[Heading]) -> None:
        self._sheet: Any = book.create_sheet(title)
        self._headings = headings
        self._rows = 1
        self._links = 0
        self._looks: dict[Look, Any] = {}
        self._sheet.freeze_panes = "C2" if headings[0].label == "表号" else "D2"
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.paperSize = A4
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.print_title_rows = "1:1"
        for i, heading in enumerate(headings, start=1):
            self._sheet.column_dimensions[get_column_letter(i)].width = heading.width
        self._sheet.row_dimensions[1].height = 30
        self._sheet.append([self._head(heading.label) for heading in headings])

    def append(self, values: Sequence[Value | Styled]) -> None:
        """One more row."""
        self._rows += 1
        cells = [
            self._cell(value if isinstance(value, Styled) else Styled(value), heading)
            for value, heading in zip(values, self._headings, strict=True)
        ]
        # Not every program fits a row to its wrapped texts when it opens the file.
        self._sheet.row_dimensions[self._rows].height = self._height(cells)
        self._sheet.append(cells)
        del self._sheet.row_dimensions[self._rows]

    def finish(self) -> None:
        """Put the filter over what was written."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._headings))}{self._rows}"

    def close(self) -> None:
        """Let go of the sheet's temporary file, also when the workbook was not saved."""
        if not self._sheet.closed:
            self._sheet.close()

    def _height(self, cells: Sequence[Any]) -> float:
        texts = ((cell.value, heading.width) for cell, heading in zip(cells, self._headings, strict=True) if isinstance(cell.value, str))
        lines = max((_lines(text, width) for text, width in texts), default=1)
        return min(lines * LINE_HEIGHT + ROW_MARGIN, HIGHEST_ROW)

    def _head(self, label: str) -> Any:
        cell = WriteOnlyCell(self._sheet, value=label)
        cell.font, cell.fill, cell.alignment, cell.border = _HEAD_FONT, _HEAD_FILL, _CENTRED, _BORDER
        return cell

    def _cell(self, styled: Styled, heading: Heading) -> Any:
        value = styled.value
        is_text = isinstance(value, str)
        written = _fitting(value) if isinstance(value, str) else value
        cell = WriteOnlyCell(self._sheet, value=written)
        linked = styled.link is not None and value is not None and self._links < LINK_LIMIT
        if is_text:
            # openpyxl takes a leading = for a formula.
            cell.data_type = "s"
        if linked:
            self._links += 1
            cell.hyperlink = styled.link
        number_format = heading.number_format if isinstance(value, Decimal) else None
        look = Look(styled.fill, linked, is_text and str(written)[:1] in _FORMULA_SIGNS, number_format)
        if look not in self._looks:
            self._looks[look] = _style(cell, look)
        # Styling a cell looks five collections up; a hundred thousand cells share a dozen styles, so one is made of each kind.
        cell._style = self._looks[look]
        return cell


def _style(cell: Any, look: Look) -> Any:
    cell.font = _LINK_FONT if look.linked else _FONT
    cell.alignment, cell.border = _WRAPPED, _BORDER
    # The quote prefix keeps Excel from making a formula of the text when someone edits the cell.
    cell.quotePrefix = look.quoted
    if look.fill:
        cell.fill = _FILLS[look.fill]
    if look.number_format:
        cell.number_format = look.number_format
    return cell._style


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Chinese character is as wide as two Latin ones."""
    room = max(1, int(width) - 1)
    return sum(max(1, math.ceil(sum(1 if c.isascii() else 2 for c in line) / room)) for line in text.split("\n"))


def _fitting(text: str) -> str:
    clean = str(ILLEGAL_CHARACTERS_RE.sub("", text))
    return clean if len(clean) <= CELL_LIMIT else clean[: CELL_LIMIT - 10] + "……（已截断）"
