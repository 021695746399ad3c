"""Tables of texts as files: numbers are numbers, formulas stay texts."""

from __future__ import annotations

import csv
import io

import openpyxl

from store.export.grid import grid_file

ROWS = [["甲", "3.50"], ["=cmd|' /C calc'!A0", "-1,234.5"], ["@x", "96.9 分"], ["\tx", ""]]


def test_csv() -> None:
    raw = grid_file(["项目", "得分"], ROWS, "csv").decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(raw)))
    assert read == [["项目", "得分"], ["甲", "3.50"], ["'=cmd|' /C calc'!A0", "-1,234.5"], ["'@x", "96.9 分"], ["'\tx", ""]]


def test_workbook() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(grid_file(["项目", "得分"], ROWS, "xlsx"))).active
    assert sheet is not None
    values = list(sheet.iter_rows(values_only=True))
    assert values[1:3] == [("甲", 3.5), ("=cmd|' /C calc'!A0", -1234.5)]
    assert sheet["A3"].data_type == "s"
