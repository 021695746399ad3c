"""Workbooks: every sheet a page, its used cells a table, each with the text that it shows."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import xlrd
from openpyxl.utils import get_column_letter

from ingest.documents import Unread
from ingest.kinds import Kind
from ingest.office.cells import GridCell, hidden_note, table_of
from ingest.office.package import SAVE_AGAIN, open_package
from ingest.office.sheets import SheetText, Shown, read_old_sheet, read_sheet
from ingest.page import Page
from ingest.settings import Settings
from schema.errors import DamagedDocument, DocumentError, EncryptedDocument, UnsupportedDocument
from schema.evidence import SheetPlace
from schema.vocabulary import GOAL, GRADE, HEAD, label_key

_COLUMN = 50.0


def read_workbook(path: Path, name: str, kind: Kind, settings: Settings) -> list[Page | Unread]:
    """A page for each sheet that is shown, in order.

    Raises:
        DocumentError: it is broken, encrypted, or larger than the limits.
    """
    sheets = list(_old(path, name, settings) if kind == "xls" else _new(path, name, settings))
    return [_page(number, sheet) for number, sheet in enumerate(sheets, 1)]


def _page(number: int, sheet: SheetText) -> Page:
    cells = list(_grid(sheet))
    if not cells:
        return Page(number, 0.0, 0.0, method="office", notes=hidden_note(sheet.hidden))
    columns = max(cell.column + cell.column_span for cell in cells)
    edges = [i * _COLUMN for i in range(columns + 1)]
    return Page(number, 0.0, 0.0, (table_of(number, 0.0, edges, cells),), method="office", notes=hidden_note(sheet.hidden))


def _grid(sheet: SheetText) -> Iterator[GridCell]:
    """The cells of the grid: merged ranges whole, blank cells only where a border makes them cells of a table."""
    inside = {(r, c): (r0, c0) for r0, c0, r1, c1 in sheet.merged for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
    spans = {(r0, c0): (r1 - r0 + 1, c1 - c0 + 1) for r0, c0, r1, c1 in sheet.merged}
    rows: dict[int, list[tuple[int, Shown]]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        if inside.get((row, column), (row, column)) == (row, column):
            rows.setdefault(row, []).append((column, cell))
    for row, found in rows.items():
        for column, cell in _kept(found, {c for c, _ in found if (row, c) in spans}):
            height, width = spans.get((row, column), (1, 1))
            place = SheetPlace(sheet=sheet.title, ref=_reference(row, column, height, width), text="")
            yield GridCell(row - 1, column - 1, place, cell.text.split("\n"), height, width, cell.doubt)


def _kept(row: Sequence[tuple[int, Shown]], merged: set[int]) -> Iterator[tuple[int, Shown]]:
    """The cells of a row; blank ones without a border, and those behind a label that its value or another label follows, are no cells."""
    keys = [label_key(cell.text) for _, cell in row]
    labels = [HEAD.exact(key) is not None or key in GRADE for key in keys]
    goals = any(GOAL.exact(key) for key in keys)
    for i, (column, cell) in enumerate(row):
        if cell.text.strip() or cell.doubt:
            yield column, cell
            continue
        after = next((j for j in range(i + 1, len(row)) if row[j][1].text.strip()), None)
        before = next((j for j in range(i - 1, -1, -1) if row[j][1].text.strip()), None)
        between = goals or (before is not None and labels[before] and after is not None and not labels[after])
        if (cell.bordered or column in merged) and not between:
            yield column, cell


def _reference(row: int, column: int, height: int, width: int) -> str:
    first = f"{get_column_letter(column)}{row}"
    return first if height == width == 1 else f"{first}:{get_column_letter(column + width - 1)}{row + height - 1}"


def _new(path: Path, name: str, settings: Settings) -> Iterator[SheetText]:
    with open_package(path, name, settings) as package:
        parts = [member for member in package.members if member.startswith("xl/worksheets/") and member.endswith(".xml")]
        raw = {member: package.read(member) for member in parts}
    if sum(part.count(b"<c ") for part in raw.values()) > settings.cells:
        raise UnsupportedDocument(name, "单元格太多，超过限度", "请把要读的表另存成一个文件")
    formulas = any(b"<f" in part for part in raw.values())
    with _foreign(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=True)
        asked = openpyxl.load_workbook(path) if formulas else None
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        read = [read_sheet(sheet, asked[sheet.title] if asked is not None else None) for sheet in shown]
    yield from read


def _old(path: Path, name: str, settings: Settings) -> Iterator[SheetText]:
    with _foreign(name):
        # What xlrd complains of goes to its log, not to the user's terminal.
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
        sheets = [sheet for sheet in book.sheets() if sheet.visibility == 0]
        if sum(sheet.nrows * sheet.ncols for sheet in sheets) > settings.cells:
            raise UnsupportedDocument(name, "单元格太多，超过限度", "请把要读的表另存成一个文件")
        read = [read_old_sheet(book, sheet) for sheet in sheets]
    yield from read


@contextmanager
def _foreign(name: str) -> Iterator[None]:
    """Code of others at work on a file of others: on a broken one, it raises whatever it stumbles over.

    Raises:
        EncryptedDocument: it needs a password.
        DamagedDocument: anything else.
    """
    try:
        yield
    except DocumentError:
        raise
    except Exception as e:
        if isinstance(e, xlrd.XLRDError) and "encrypted" in str(e).lower():
            raise EncryptedDocument(name, "文件有密码", "请在 Excel 里去掉密码后另存一份") from e
        raise DamagedDocument(name, "工作簿内部损坏，打不开", SAVE_AGAIN) from e
