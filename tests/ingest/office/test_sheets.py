"""What a sheet shows: formats, merged cells, hidden parts, lines around its tables; and what its library is kept from."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from eval.fuzz.packages import as_xls
from ingest.office.document import open_office
from ingest.page import Page
from ingest.settings import DEFAULT, Settings
from schema.errors import DamagedDocument, UnsupportedDocument
from schema.evidence import SheetPlace

_BORDER = Border(*[Side(style="thin")] * 4)
_SHEET = "xl/worksheets/sheet1.xml"


def _book(path: Path, fill: Callable[[Worksheet], object]) -> Path:
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(path)
    return path


def _page(path: Path, settings: Settings = DEFAULT) -> Page:
    with open_office(path, path.name, "xlsx", settings) as document:
        page = next(iter(document.pages()))
    assert isinstance(page, Page)
    return page


def _patched(path: Path, old: bytes, new: bytes, part: str = _SHEET) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[part]
    members[part] = members[part].replace(old, new, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _texts(page: Page) -> list[str]:
    return [cell.text for table in page.tables for cell in table.cells]


def test_dates_in_formats_that_only_chinese_workbooks_have(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = datetime.datetime(2024, 6, 30)
        sheet["B1"] = "甲"

    path = _book(tmp_path / "a.xlsx", fill)
    _patched(path, b'<xf numFmtId="164"', b'<xf numFmtId="31"', "xl/styles.xml")
    assert _texts(_page(path)) == ["2024年6月30日", "甲"]


def test_a_merged_cell_shows_while_a_part_of_it_does(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["B2"], sheet["C2"] = "跨列", "藏", "显", "微"
        sheet.merge_cells("A1:B1")
        sheet.column_dimensions["A"].hidden = True
        sheet["C2"].font = Font(size=1)

    page = _page(_book(tmp_path / "a.xlsx", fill))
    assert _texts(page) == ["跨列", "显"]
    assert page.notes == ("有看不见的文字，没有读入：“藏”、“微”",)


def test_rows_outside_of_the_borders_are_lines(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B1"], sheet["B2"], sheet["E2"] = "项目支出绩效自评表", "项目名称：甲", "金额单位：万元"
        for row in range(3, 8):
            for column in (2, 3):
                sheet.cell(row, column, f"{row}-{column}").border = _BORDER
        sheet["B9"] = "填报人：乙    联系电话：1"

    page = _page(_book(tmp_path / "a.xlsx", fill))
    assert [line.text.strip() for line in page.lines] == [
        "项目支出绩效自评表",
        "项目名称：甲",
        "金额单位：万元",
        "填报人：乙",
        "联系电话：1",
    ]
    assert page.lines[2].origin == SheetPlace(sheet="Sheet", ref="E2", text="")
    assert len(page.tables) == 1
    assert _texts(page)[0] == "3-2"


def test_a_heading_over_columns_is_as_wide_as_they_are_without_merging(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for row in (
            ["一级指标", "二级指标", "三级指标", "年度指标值", None, None, "实际完成值"],
            [None, None, None, "指标性质", "指标值", "度量单位", None],
            ["产出指标", "数量指标", "路", "≥", "5", "条", "6"],
        ):
            sheet.append(row)

    cells = {cell.text: cell for cell in _page(_book(tmp_path / "a.xlsx", fill)).tables[0].cells}
    assert (cells["年度指标值"].column_span, cells["年度指标值"].row_span) == (3, 1)
    assert (cells["三级指标"].column_span, cells["三级指标"].row_span) == (1, 2)


def test_forms_beside_each_other_come_one_after_the_other(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for column in (1, 6):
            for i, text in enumerate(["二级指标", "三级指标", "得分"]):
                sheet.cell(1, column + i, text)
                sheet.cell(2, column + i, f"{column}{text}")

    heads = ["二级指标", "三级指标", "得分"]
    left, right = ([*heads, *(f"{column}{head}" for head in heads)] for column in (1, 6))
    assert _texts(_page(_book(tmp_path / "a.xlsx", fill))) == [*left, *right]


def test_failed_formulas_are_in_doubt(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", lambda sheet: sheet.append(["甲", 1]))
    _patched(path, b'<c r="B1"', b'<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"')
    doubts = {cell.text: cell.doubt for cell in _page(path).tables[0].cells}
    assert str(doubts["#DIV/0!"]).startswith("公式出错")
    assert doubts["甲"] is None


def test_characters_written_out_are_line_breaks(tmp_path: Path) -> None:
    page = _page(_book(tmp_path / "a.xlsx", lambda sheet: sheet.append(["甲_x000D_\n乙"])))
    assert [line.text for line in page.tables[0].cells[0].lines] == ["甲", "乙"]


def test_a_picture_of_a_form_is_told(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", lambda sheet: None)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/media/image1.png", b"")
    with pytest.raises(UnsupportedDocument, match="只有图片"):
        _page(path)


def test_formats_down_to_the_last_row_cost_nothing(tmp_path: Path) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (r, r, r) for r in range(10, 200_000))
    path = _patched(_book(tmp_path / "a.xlsx", lambda sheet: sheet.append(["甲"])), b"</sheetData>", rows + b"</sheetData>")
    assert _texts(_page(path)) == ["甲"]


@pytest.mark.parametrize(
    "bomb",
    [
        b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<row r="9">' + b'<c r="A9"><v>1</v></c>' * 3_001 + b"</row></sheetData>",
    ],
    ids=["merged", "cells"],
)
def test_more_cells_than_the_limit_are_refused_before_they_are_made(bomb: bytes, tmp_path: Path) -> None:
    path = _patched(_book(tmp_path / "a.xlsx", lambda sheet: sheet.append(["甲"])), b"</sheetData>", bomb)
    with pytest.raises(UnsupportedDocument, match="单元格太多"):
        _page(path, replace(DEFAULT, cells=3_000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
def test_entities_are_refused_in_any_encoding(encoding: str, tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", lambda sheet: sheet.append(["a"]))
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(_SHEET).decode()
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY x "y">]>{sheet.partition("?>")[2] or sheet}'
    _patched(path, sheet.encode(), text.encode(encoding))
    with pytest.raises(DamagedDocument, match="实体"):
        _page(path)


def _old(path: Path, merged: str) -> Path:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "甲", "乙"
    book.active.merged_cells.add(merged)
    path.write_bytes(as_xls(book.active))
    return path


def test_merged_cells_of_old_workbooks_count_as_cells(tmp_path: Path) -> None:
    path = _old(tmp_path / "a.xls", "A1:IV65536")
    with pytest.raises(UnsupportedDocument, match="单元格太多"), open_office(path, path.name, "xls", DEFAULT):
        pass


@pytest.mark.parametrize("merged", ["A1:C1", "A1:ZZ1"])
def test_merged_ranges_of_old_workbooks_end_where_their_sheets_do(merged: str, tmp_path: Path) -> None:
    path = _old(tmp_path / "a.xls", merged)
    with open_office(path, path.name, "xls", DEFAULT) as document:
        page = next(iter(document.pages()))
    assert isinstance(page, Page)
    assert {"甲", "乙"} <= set(_texts(page))
