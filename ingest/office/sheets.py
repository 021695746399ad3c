"""The cells of a sheet as they show, from the two libraries that read workbooks."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

import xlrd

from ingest.office.display import shown

UNSHOWN = "看不懂这个单元格的显示格式，请对照原表"
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


_WHITE_RGB = "FFFFFF"
_WHITE_THEME = 0
_WHITE_INDEX = 9


def read_sheet(sheet: Any, asked: Any | None) -> SheetText:
    """A sheet of openpyxl with saved results; `asked` is the same with formulas, where the workbook has any."""
    out = SheetText(sheet.title, merged=[(m.min_row, m.min_col, m.max_row, m.max_col) for m in sheet.merged_cells.ranges])
    rows = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    columns = {i for d in sheet.column_dimensions.values() if d.hidden for i in range(d.min, d.max + 1)}
    starts = {(r0, c0) for r0, c0, _, _ in out.merged}
    for cell in list(sheet._cells.values()):
        place = (cell.row, cell.column)
        text = shown(cell.value, cell.number_format)
        if cell.row in rows or cell.column in columns or _is_white(cell):
            if text:
                out.hidden.append(text)
            continue
        formula = asked is not None and cell.value is None and asked.cell(*place).data_type == "f"
        doubt = UNCOMPUTED if formula else UNSHOWN if text is None else None
        bordered = any(
            side is not None and side.style for side in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
        )
        if text or doubt or bordered or place in starts:
            out.cells[place] = Shown(str(cell.value) if text is None else text, doubt, bordered)
    return out


def _is_white(cell: Any) -> bool:
    """Whether a cell prints white on white."""
    color = cell.font.color if cell.font is not None else None
    if color is None or cell.fill.fill_type is not None:
        return False
    return (color.type == "rgb" and str(color.rgb)[-6:].upper() == _WHITE_RGB) or (color.type == "theme" and color.theme == _WHITE_THEME)


def read_old_sheet(book: Any, sheet: Any) -> SheetText:
    """A sheet of xlrd, opened with its formats."""
    out = SheetText(sheet.name, merged=[(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in sheet.merged_cells])
    hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_columns = {column for column, info in sheet.colinfo_map.items() if info.hidden}
    starts = {(r0, c0) for r0, c0, _, _ in out.merged}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            text = _old_text(book, sheet.cell(row, column), book.format_map[style.format_key].format_str)
            font = book.font_list[style.font_index]
            white = font.colour_index == _WHITE_INDEX and style.background.fill_pattern == 0
            if row in hidden_rows or column in hidden_columns or white:
                if text:
                    out.hidden.append(text)
                continue
            border = style.border
            bordered = bool(border.left_line_style or border.right_line_style or border.top_line_style or border.bottom_line_style)
            if text or text is None or bordered or (row + 1, column + 1) in starts:
                printed = str(sheet.cell_value(row, column)) if text is None else text
                out.cells[row + 1, column + 1] = Shown(printed, UNSHOWN if text is None else None, bordered)
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
