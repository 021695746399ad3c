"""Good OFD files and old workbooks to start from: a page as OFD, a sheet as BIFF8 in its container."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.worksheet.worksheet import Worksheet

from eval.fuzz.zips import packed
from ingest.mupdf import pymupdf

_MM = 25.4 / 72
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SECTOR = 512
"""Bytes of a sector of a container, and of its header."""
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SMALLEST = 4096
"""Bytes below which a container keeps a stream elsewhere."""


def as_ofd(pdf: bytes) -> bytes:
    """The pages of a PDF as an OFD: characters where they stand, lines as paths."""
    members: dict[str, bytes] = {}
    listed = ""
    with pymupdf.open(stream=pdf) as document:
        for number, page in enumerate(document):
            listed += f'<ofd:Page ID="{number + 10}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
            members[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(page).encode()
    box = "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
    members["Doc_0/Document.xml"] = f"{_XML}<ofd:Document {_SPACE}>{box}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>".encode()
    entry = "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    return packed({"OFD.xml": f'{_XML}<ofd:OFD {_SPACE} Version="1.0" DocType="OFD">{entry}</ofd:OFD>'.encode(), **members})


def _page(page: Any) -> str:
    spans = (span for block in page.get_text("rawdict")["blocks"] for line in block.get("lines", ()) for span in line["spans"])
    objects = "".join(map(_text, spans)) + "".join(_path(item) for path in page.get_cdrawings() for item in path["items"])
    box = f"0 0 {page.rect.width * _MM:.2f} {page.rect.height * _MM:.2f}"
    layer = f'<ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content>'
    return f"{_XML}<ofd:Page {_SPACE}><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>{layer}</ofd:Page>"


def _text(span: Any) -> str:
    chars, (x, y) = span["chars"], span["chars"][0]["origin"]
    steps = " ".join(f"{(b['origin'][0] - a['origin'][0]) * _MM:.2f}" for a, b in pairwise(chars))
    code = f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{escape("".join(c["c"] for c in chars))}</ofd:TextCode>'
    box = f'Boundary="{x * _MM:.2f} {y * _MM - 5:.2f} 100 8"'
    return f'<ofd:TextObject ID="1" {box} Font="2" Size="{span["size"] * _MM:.2f}">{code}</ofd:TextObject>'


def _path(item: Any) -> str:
    if item[0] == "l":
        points = [item[1], item[2]]
    else:
        x0, y0, x1, y1 = item[1]
        points = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    data = " L ".join(f"{x * _MM:.2f} {y * _MM:.2f}" for x, y in points)
    drawn = f"<ofd:AbbreviatedData>M {data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="1" Boundary="0 0 210 297" LineWidth="0.2">{drawn}</ofd:PathObject>'


def as_xls(sheet: Worksheet) -> bytes:
    """The texts and merged cells of a sheet as an old workbook."""
    globals_ = [_start(0x0005), _record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 134, 0) + _short("Arial"))] * 1
    globals_ += [globals_[1]] * 3 + [_record(0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))] * 16
    named = _short("Sheet1")
    ahead = sum(map(len, globals_)) + 4 + 6 + len(named) + 4
    globals_ += [_record(0x85, struct.pack("<IBB", ahead, 0, 0) + named), _record(0x0A, b"")]
    return _contained(b"".join([*globals_, _start(0x0010), *_cells(sheet), _record(0x0A, b"")]))


def _cells(sheet: Worksheet) -> Iterator[bytes]:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float):
                yield _record(0x0203, struct.pack("<HHHd", cell.row - 1, cell.column - 1, 0, cell.value))
            elif cell.value is not None:
                text = str(cell.value)[:2000]
                wide = struct.pack("<HHHHB", cell.row - 1, cell.column - 1, 0, len(text.encode("utf-16-le")) // 2, 1) + text.encode(
                    "utf-16-le"
                )
                yield _record(0x0204, wide)
    ranges = [(r.min_row - 1, r.max_row - 1, r.min_col - 1, r.max_col - 1) for r in sheet.merged_cells.ranges]
    yield _record(0xE5, struct.pack("<H", len(ranges)) + b"".join(struct.pack("<4H", *sorted_) for sorted_ in sorted(ranges)))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _start(what: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, what, 0x0DBB, 1996, 0, 6))


def _short(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def _contained(stream: bytes) -> bytes:
    """A stream as the only one of a container: header, its sectors, the directory, the table of what follows what."""
    stream = stream.ljust(max(_SMALLEST, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    count = len(stream) // SECTOR
    chain = [*range(1, count), _END, _END, _TABLE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 0, len(stream)) + _entry("", 0, _FREE, 0, 0) * 2
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", 1, count, 0, _SMALLEST, _END, 0, _END, 0, count + 1) + b"\xff" * 4 * 108
    return head + stream + directory + table


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0" if name else b""
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
