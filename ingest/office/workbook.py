"""Workbooks: every sheet a page, its used cells a table, each with the text that it shows."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import xlrd
from openpyxl.utils import column_index_from_string

from ingest.documents import Unread
from ingest.kinds import Kind
from ingest.office.cells import hidden_note
from ingest.office.grids import pieces_of
from ingest.office.package import SAVE_AGAIN, Package, open_package
from ingest.office.sheets import SheetText, merged_of, read_old_sheet, read_sheet
from ingest.page import Page
from ingest.settings import Settings
from schema.errors import DamagedDocument, DocumentError, EncryptedDocument, UnsupportedDocument

_CELLS = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_ASCII_LIKE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[^\0]")
"""How XML starts in an encoding in which the patterns here find what they look for."""
_EMPTY_ROWS = re.compile(rb"<row\b[^>]*?(?:/>|>(?:<c\b[^>]*/>)*</row>)")
_MANY = 20_000
"""Cells and rows of a sheet from which rows without values are left out before the library sees them."""
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Za-z]{1,3})(\d{1,7}):([A-Za-z]{1,3})(\d{1,7})")


def read_workbook(path: Path, name: str, kind: Kind, settings: Settings) -> list[Page | Unread]:
    """A page for each sheet that is shown, in order.

    Raises:
        DocumentError: it is broken, encrypted, or larger than the limits.
    """
    sheets = _old(path, name, settings) if kind == "xls" else _new(path, name, settings)
    if sum(len(cell.text) for sheet in sheets for cell in sheet.cells.values()) > settings.characters:
        raise UnsupportedDocument(name, "文字太多，超过限度", "请把要读的表另存成一个文件")
    return [_page(number, sheet) for number, sheet in enumerate(sheets, 1)]


def _page(number: int, sheet: SheetText) -> Page:
    pieces = pieces_of(number, sheet)
    return Page(number, 0.0, 0.0, tuple(pieces.tables), tuple(pieces.lines), method="office", notes=hidden_note(sheet.hidden))


def _new(path: Path, name: str, settings: Settings) -> list[SheetText]:
    with open_package(path, name, settings) as package:
        parts, formulas = _weigh(package, name, settings)
        pictures = any(member.startswith("xl/media/") for member in package.members)
    with _foreign(name), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # From memory: the library leaves a file open that it stumbles over.
        source = _packed(path, parts) if parts else io.BytesIO(path.read_bytes())
        book = openpyxl.load_workbook(source, data_only=True)
        asked = openpyxl.load_workbook(source) if formulas else None
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        read = [read_sheet(sheet, asked[sheet.title] if asked is not None else None) for sheet in shown]
    if pictures and not any(cell.text for sheet in read for cell in sheet.cells.values()):
        raise UnsupportedDocument(name, "里面没有表格，只有图片", "请另存为 PDF 再读，图片会做 OCR")
    return read


def _weigh(package: Package, name: str, settings: Settings) -> tuple[dict[str, bytes], bool]:
    """The sheets that had to be cut short, by their part, and whether the workbook has formulas.

    The library trusts what it reads, so all parts are looked at before; empty rows and merged ranges cost it as much as cells do.

    Raises:
        DocumentError: it is too large, or has document types that could be expanded.
    """
    cells, formulas, cut = 0, False, dict[str, bytes]()
    for member in sorted(package.members):
        if not member.endswith((".xml", ".rels", ".vml")):
            continue
        raw = package.read(member)
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw or not _ASCII_LIKE.match(raw):
            raise DamagedDocument(name, "文件里有不该有的实体定义或编码", SAVE_AGAIN)
        found = len(_CELLS.findall(raw))
        if found > _MANY:
            # Formats given to rows down to the last one of the sheet.
            cut[member] = raw = _EMPTY_ROWS.sub(b"", raw)
            found = len(_CELLS.findall(raw))
        cells += found + sum(_area(match) for match in _MERGED.finditer(raw))
        formulas = formulas or _FORMULA.search(raw) is not None
    if cells > settings.cells:
        raise UnsupportedDocument(name, "单元格太多，超过限度", "请把要读的表另存成一个文件")
    return cut, formulas


def _packed(path: Path, parts: Mapping[str, bytes]) -> io.BytesIO:
    """The package with these parts in place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as archive:
        for member in source.namelist():
            archive.writestr(member, parts[member] if member in parts else source.read(member))
    return out


def _area(match: re.Match[bytes]) -> int:
    left, top, right, bottom = (part.decode() for part in match.groups())
    width: int = column_index_from_string(right) - column_index_from_string(left) + 1
    return max(0, width) * max(0, int(bottom) - int(top) + 1)


def _old(path: Path, name: str, settings: Settings) -> list[SheetText]:
    with _foreign(name):
        # What xlrd complains of goes to its log, not to the user's terminal.
        book = xlrd.open_workbook(file_contents=path.read_bytes(), formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        sheets = [sheet for sheet in book.sheets() if sheet.visibility == 0]
        merged = sum((r1 - r0) * (c1 - c0) for sheet in sheets for r0, r1, c0, c1 in merged_of(sheet))
        if merged + sum(sheet.row_len(row) for sheet in sheets for row in range(sheet.nrows)) > settings.cells:
            raise UnsupportedDocument(name, "单元格太多，超过限度", "请把要读的表另存成一个文件")
        return [read_old_sheet(book, sheet) for sheet in sheets]


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
