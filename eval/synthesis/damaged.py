"""Files that an import must survive: each with the error it should give, or None where it should be read all the same."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pymupdf
from pymupdf import mupdf

from schema import errors

PASSWORD = "自评2024"
AWKWARD_NAMES = (
    "with space.pdf",
    'it\'s "quoted".pdf',
    "绩效自评表（2023 年度）.pdf",
    "-leading-dash.pdf",
    "100%[a].pdf",
    "UPPER.PDF",
    "emoji 📄.pdf",
)
"""File names that shells, globs and URLs trip over; the files are to be read."""

_NO_PAGES = b"""%PDF-1.7
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [] /Count 0 >>
endobj
xref
0 3
0000000000 65535 f
0000000009 00000 n
0000000058 00000 n
trailer
<< /Size 3 /Root 1 0 R >>
startxref
110
%%EOF
"""


@dataclass(frozen=True)
class Damage:
    """A way to spoil a good PDF, and what an import should then say (DocumentError: any of its kinds)."""

    name: str
    spoil: Callable[[bytes], bytes]
    error: type[errors.DocumentError] | None
    suffix: str = ".pdf"


def _encrypted(good: bytes) -> bytes:
    with pymupdf.open(stream=good) as document:
        data: bytes = document.tobytes(encryption=mupdf.PDF_ENCRYPT_AES_256, user_pw=PASSWORD, owner_pw=PASSWORD)
    return data


def _owner_locked(good: bytes) -> bytes:
    """Opens without a password; only changing and copying are forbidden."""
    with pymupdf.open(stream=good) as document:
        data: bytes = document.tobytes(encryption=mupdf.PDF_ENCRYPT_AES_256, owner_pw=PASSWORD, permissions=0)
    return data


def _broken_xref(good: bytes) -> bytes:
    """Every offset of the cross-reference table is wrong, and so is the pointer to it; readers can rebuild it from the objects."""
    head, found, table = good.rpartition(b"\nxref")
    table = re.sub(rb"\d{10} (\d{5}) n", rb"0000000007 \1 n", table)
    return head + found + re.sub(rb"startxref\s+\d+", b"startxref\n7", table)


def _without_form(_good: bytes) -> bytes:
    return _text_page("关于做好绩效自评工作的通知", "各有关单位：请于三月底前完成上年度项目的绩效自评，并将材料报送我局。")


def _text_page(*lines: str) -> bytes:
    with pymupdf.open() as document:
        page = document.new_page()
        for n, line in enumerate(lines):
            page.insert_text((60, 90 + 24 * n), line, fontname="china-s", fontsize=11)
        data: bytes = document.tobytes(no_new_id=True)
    return data


def _blank(_good: bytes) -> bytes:
    with pymupdf.open() as document:
        document.new_page()
        data: bytes = document.tobytes(no_new_id=True)
    return data


def _scan(good: bytes) -> bytes:
    """The same pages as pictures, without a text layer."""
    with pymupdf.open(stream=good) as source, pymupdf.open() as document:
        for page in source:
            picture = page.get_pixmap(dpi=150, colorspace=pymupdf.csGRAY)
            document.new_page(width=page.rect.width, height=page.rect.height).insert_image(page.rect, pixmap=picture)
        data: bytes = document.tobytes(no_new_id=True, deflate=True)
    return data


def _picture(good: bytes) -> bytes:
    """A picture too small for anything to be read from it."""
    with pymupdf.open(stream=good) as source:
        data: bytes = source[0].get_pixmap(dpi=18).tobytes("png")
    return data


def torn_page(good: bytes) -> bytes:
    """A PDF that opens without complaint although the content of its first page breaks off: rows are missing, a reader has to notice."""
    with pymupdf.open(stream=good) as document:
        xref = document[0].get_contents()[0]
        packed = zlib.compress(document.xref_stream(xref))
        document.update_stream(xref, packed[: len(packed) // 2], compress=False)
        document.xref_set_key(xref, "Filter", "/FlateDecode")
        data: bytes = document.tobytes(no_new_id=True)
    return data


DAMAGES = (
    Damage("empty", lambda _good: b"", errors.DamagedDocument),
    Damage("header-only", lambda _good: b"%PDF-1.7\n", errors.DamagedDocument),
    # MuPDF repairs these two and returns what is left of the page, with no more than a warning: rows would be missing in silence.
    Damage("truncated", lambda good: good[: len(good) // 3], errors.DamagedDocument),
    Damage("truncated-late", lambda good: good[: len(good) * 2 // 3], errors.DamagedDocument),
    Damage("encrypted", _encrypted, errors.EncryptedDocument),
    Damage("owner-locked", _owner_locked, None),
    Damage("broken-xref", _broken_xref, None),
    Damage("no-pages", lambda _good: _NO_PAGES, errors.DamagedDocument),
    Damage("no-form", _without_form, errors.NoFormFound),
    Damage("blank-page", _blank, errors.NoFormFound),
    Damage("scan", _scan, None),
    Damage("picture-named-pdf", _picture, errors.DocumentError),
    Damage("text-named-pdf", lambda _good: "项目支出绩效自评表\n".encode(), errors.DamagedDocument),
    Damage("zeros", lambda _good: bytes(4096), errors.DamagedDocument),
    Damage("not-a-pdf", lambda _good: b"\x00\x01binary", errors.UnsupportedDocument, suffix=".dat"),
)
"""All ways, each self-contained; `torn_page` is apart, since what should be said of it depends on what is lost."""


def write_damaged(folder: Path, good: bytes) -> dict[Path, type[errors.DocumentError] | None]:
    """One file per damage, made from a good PDF with a form; each path with the error it should give."""
    folder.mkdir(parents=True, exist_ok=True)
    out = {}
    for damage in DAMAGES:
        path = folder / f"{damage.name}{damage.suffix}"
        path.write_bytes(damage.spoil(good))
        out[path] = damage.error
    return out


def write_awkward(folder: Path, good: bytes) -> list[Path]:
    """The same good PDF under each of the awkward names, in a folder with an awkward name of its own."""
    place = folder / "资料 'a' & b"
    place.mkdir(parents=True, exist_ok=True)
    paths = [place / name for name in AWKWARD_NAMES]
    for path in paths:
        path.write_bytes(good)
    return paths
