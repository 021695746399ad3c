"""Any table of texts as a file: CSV for programs, a workbook for people. A text that looks like a formula stays a text in both."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from openpyxl import Workbook

from store.export.spreadsheet import Heading, Sheet

GridFormat = Literal["csv", "xlsx"]
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?\Z|[+-]?(0|[1-9]\d{0,10})(\.\d+)?\Z")
"""What is written as a number: none with leading zeros, and none of twelve plain digits, which may be the id of a form."""
_NARROWEST, _WIDEST = 9.0, 48.0


def grid_file(headings: Sequence[str], rows: Sequence[Sequence[str]], to: GridFormat) -> bytes:
    """The bytes of the file: one sheet, headings first. Plain numbers are numbers in a workbook."""
    return _workbook(headings, rows) if to == "xlsx" else _csv(headings, rows)


def _csv(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([_harmless(cell) for cell in row] for row in (headings, *rows))
    # Excel takes a file without the mark for one in the machine's own encoding.
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


def _workbook(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    widths = [min(_WIDEST, max(_NARROWEST, *(2.0 * len(row[at]) for row in (headings, *rows[:100])))) for at in range(len(headings))]
    sheet = Sheet(book, "表", [Heading(label, width) for label, width in zip(headings, widths, strict=True)])
    try:
        for row in rows:
            sheet.append([Decimal(cell.replace(",", "")) if _NUMBER.match(cell) else cell for cell in row])
        sheet.finish()
        out = io.BytesIO()
        book.save(out)
    finally:
        sheet.close()
    return out.getvalue()
