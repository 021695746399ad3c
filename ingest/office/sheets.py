"""The cells of a sheet as they show, from the two libraries that read workbooks."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

import xlrd
from openpyxl.utils.datetime import from_excel

from ingest.office.display import LOCAL_FORMATS, shown

UNSHOWN = "看不懂这个单元格的显示格式，请对照原表"
FAILED = "公式出错，请在 Excel 里改正后再读"
UNCOMPUTED = "公式没有保存结果，请在 Excel 里重新计算并保存"


@dataclass
class Shown:
    """A cell as shown: its text, why that is in doubt, and whether a border is drawn around it."""

    text: str
    doubt: str | None = None
    bordered: bool = False


@dataclass
class SheetText:
    """What a sheet shows: cells and merged ranges by (row, column) from 1, and what it hides."""

    title: str
    cells: dict[tuple[int, int], Shown] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


_TINY = 2
"""Points up to which a text cannot be read."""
_COLUMNS = 16_384
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_WHITE_RGB = "FFFFFF"
_WHITE_THEME = 0
_WHITE_INDEX = 9
_TWIPS = 20


def read_sheet(sheet: Any, asked: Any | None) -> SheetText:
    """A sheet of openpyxl with saved results; `asked` is the same with formulas, where the workbook has any."""
    out = SheetText(sheet.title, merged=[(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges])
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    widths = sheet.column_dimensions.values()
    columns = {i for d in widths if d.hidden or d.width == 0 for i in range(d.min or 1, min(d.max or 1, _COLUMNS) + 1)}
    covers = _Covers(out.merged, rows, columns)
    styles: dict[tuple[int, ...], _Style] = {}
    for cell in list(sheet._cells.values()):
        place = (cell.row, cell.column)
        # Looking a style up costs more than reading the cell, and a workbook has few.
        style = styles.get(key := tuple(cell._style)) or styles.setdefault(key, _style(cell))
        text = shown(_local(cell, style, sheet.parent.epoch), style.number_format)
        if covers.hide(place) or style.unseen:
            if text:
                out.hidden.append(_plain(text))
            continue
        formula = asked is not None and cell.value is None and asked.cell(*place).data_type == "f"
        doubt = UNCOMPUTED if formula else FAILED if cell.data_type == "e" else UNSHOWN if text is None else None
        if text or doubt or style.bordered or place in covers.starts:
            out.cells[place] = Shown(_plain(str(cell.value) if text is None else text), doubt, style.bordered)
    return out


class _Covers:
    """Which cells do not show; a merged range shows as long as one row and one column of it do."""

    def __init__(self, merged: list[tuple[int, int, int, int]], rows: set[int], columns: set[int]) -> None:
        self._rows, self._columns = rows, columns
        self.starts = {(r0, c0): (r1, c1) for r0, c0, r1, c1 in merged}

    def hide(self, place: tuple[int, int]) -> bool:
        row, column = place
        last_row, last_column = self.starts.get(place, place)
        return all(r in self._rows for r in range(row, last_row + 1)) or all(c in self._columns for c in range(column, last_column + 1))


_OLD_SHEET = (65_536, 256)
"""Rows and columns of a sheet of an old workbook."""


@dataclass(frozen=True)
class _Style:
    """What a style does: its number format, whether that is a date's which the library does not know, borders, white or tiny text."""

    number_format: str
    local: bool
    bordered: bool
    unseen: bool


def _style(cell: Any) -> _Style:
    local, border = LOCAL_FORMATS.get(cell._style.numFmtId), cell.border
    return _Style(
        number_format=local or cell.number_format,
        local=local is not None,
        bordered=any(side is not None and side.style for side in (border.left, border.right, border.top, border.bottom)),
        unseen=_is_unseen(cell),
    )


def _local(cell: Any, style: _Style, epoch: datetime.datetime) -> object:
    """A cell's value; the library takes dates in formats of Chinese workbooks for numbers."""
    if not style.local or isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
        return cell.value
    try:
        return from_excel(cell.value, epoch)
    except (ValueError, OverflowError):
        return cell.value


def _plain(text: str) -> str:
    """A text as shown: programs leave control characters written out as _x000D_."""
    return _ESCAPED.sub(lambda match: "\n" if match[1].upper() == "000A" else "", text).replace("\r\n", "\n").replace("\r", "\n")


def _is_unseen(cell: Any) -> bool:
    """Whether a cell prints white on white, or too small to read."""
    return _is_white(cell) or (cell.font is not None and cell.font.sz is not None and cell.font.sz <= _TINY)


def _is_white(cell: Any) -> bool:
    """Whether a cell prints white on white."""
    color = cell.font.color if cell.font is not None else None
    if color is None or cell.fill.fill_type is not None:
        return False
    return (color.type == "rgb" and str(color.rgb)[-6:].upper() == _WHITE_RGB) or (color.type == "theme" and color.theme == _WHITE_THEME)


def merged_of(sheet: Any) -> list[tuple[int, int, int, int]]:
    """The merged ranges of a sheet of xlrd, first and behind the last row and column; what is none, or lies outside of any sheet, aside."""
    rows, columns = _OLD_SHEET
    return [(r0, r1, c0, c1) for r0, r1, c0, c1 in sheet.merged_cells if 0 <= r0 < r1 <= rows and 0 <= c0 < c1 <= columns]


def read_old_sheet(book: Any, sheet: Any) -> SheetText:
    """A sheet of xlrd, opened with its formats."""
    out = SheetText(sheet.name, merged=[(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in merged_of(sheet)])
    rows = {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden}
    columns = {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0}
    covers = _Covers(out.merged, rows, columns)
    for row, column in ((r, c) for r in range(sheet.nrows) for c in range(sheet.row_len(r))):
        place = (row + 1, column + 1)
        style = book.xf_list[sheet.cell_xf_index(row, column)]
        cell = sheet.cell(row, column)
        text = _old_text(book, cell, LOCAL_FORMATS.get(style.format_key) or book.format_map[style.format_key].format_str)
        font = book.font_list[style.font_index]
        white = font.colour_index == _WHITE_INDEX and style.background.fill_pattern == 0
        if covers.hide(place) or white or font.height <= _TINY * _TWIPS:
            if text:
                out.hidden.append(_plain(text))
            continue
        border = style.border
        bordered = bool(border.left_line_style or border.right_line_style or border.top_line_style or border.bottom_line_style)
        doubt = FAILED if cell.ctype == xlrd.XL_CELL_ERROR else UNSHOWN if text is None else None
        if text or doubt or bordered or place in covers.starts:
            out.cells[place] = Shown(_plain(str(cell.value) if text is None else text), doubt, bordered)
    return out


def _old_text(book: Any, cell: Any, number_format: str) -> str | None:
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#错误"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value), None)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = datetime.datetime(*xlrd.xldate_as_tuple(cell.value, book.datemode))
        except (xlrd.XLDateError, ValueError):
            return None
        return shown(moment, number_format)
    return shown(cell.value, number_format)
