"""What a file is, told from its bytes; its name settles only what the bytes leave open."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

from schema.errors import DamagedDocument, UnsupportedDocument

Kind = Literal["pdf", "image", "text", "docx", "xlsx", "xls", "ofd", "legacy"]
"""`legacy` is what only LibreOffice reads: .doc, .wps, .et, .rtf, OpenDocument."""

SUFFIXES: dict[str, Kind] = {
    ".pdf": "pdf",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".tif": "image",
    ".tiff": "image",
    ".webp": "image",
    ".bmp": "image",
    ".heic": "image",
    ".heif": "image",
    ".txt": "text",
    ".md": "text",
    ".docx": "docx",
    ".docm": "docx",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".xlsb": "legacy",
    ".ofd": "ofd",
    ".doc": "legacy",
    ".wps": "legacy",
    ".et": "legacy",
    ".rtf": "legacy",
    ".odt": "legacy",
    ".ods": "legacy",
}
"""What is picked up from a folder. A file named on its own is tried whatever it is called."""

_PDF_WITHIN = 1024
"""Bytes within which a PDF's %PDF- must stand: readers tolerate a little rubbish before it."""
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM")
_HEIC = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypmsf1")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype html|html|table|meta)", re.IGNORECASE)
"""Web pages and XML workbooks that systems export under the name of an old workbook."""
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_MEMBERS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"word/document\d*\.xml"), "docx"),
    (re.compile(r"xl/workbook\d*\.xml"), "xlsx"),
    (re.compile(r"xl/workbook\.bin"), "legacy"),
    (re.compile(r"OFD\.xml"), "ofd"),
)

_TEXT_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
READABLE = "PDF、图片、Word、Excel、OFD 和文本"


def kind_of(path: Path, name: str, head: bytes) -> Kind:
    """The kind of a file that starts with these bytes (a few kilobytes); `name` is what messages call it.

    Raises:
        DamagedDocument: the name promises what the bytes are not.
        UnsupportedDocument: nothing that jihe reads.
    """
    suffix = path.suffix.lower()
    named = SUFFIXES.get(suffix)
    found = _by_bytes(path, name, head, named)
    if found is not None:
        return found
    if head.startswith(_PROGRAMS):
        raise UnsupportedDocument(name, "这是一个可执行程序，不是文档", f"请确认文件；能读的是 {READABLE}")
    if named == "text" or (named is None and _is_text(head)):
        return "text"
    if suffix == ".json":
        raise UnsupportedDocument(name, "JSON 文件不是文档", "规范格式的自评表请用 jihe import 导入")
    if named is not None:
        raise DamagedDocument(name, f"名字像 {suffix[1:].upper()}，内容不是", "请重新下载，或确认文件的真实格式")
    raise UnsupportedDocument(name, "认不出是什么文件", f"能读的是 {READABLE}；其他格式请先另存为 PDF")


def _by_bytes(path: Path, name: str, head: bytes, named: Kind | None) -> Kind | None:
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    if head.startswith(_IMAGES) or head[4:12] in _HEIC or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return "image"
    if head.startswith(_OLE):
        return "xls" if named in ("xls", "xlsx") else "legacy"
    if head.startswith(b"PK"):
        return _in_archive(path, name, named)
    if head.startswith(b"{\\rtf") or (named in ("xls", "xlsx", "legacy") and _MARKUP.match(head)):
        return "legacy"
    return None


def _in_archive(path: Path, name: str, named: Kind | None) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as e:
        raise DamagedDocument(name, "文件不完整，打不开", "请重新下载，或用原来的软件打开后另存一份") from e
    for member, kind in _MEMBERS:
        if any(member.fullmatch(name) for name in members):
            return kind
    if "mimetype" in members and "content.xml" in members:
        return "legacy"
    if named in ("docx", "xlsx", "ofd"):
        raise DamagedDocument(name, f"名字像 {path.suffix[1:].upper()}，里面没有正文", "请重新下载，或用原来的软件打开后另存一份")
    raise UnsupportedDocument(name, "这是压缩包", "请先解压，再给出里面的文件")


def _is_text(head: bytes) -> bool:
    return head.startswith(_TEXT_BOMS) or b"\0" not in head
