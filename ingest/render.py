"""Pages as pictures, for people to look at."""

from __future__ import annotations

from pathlib import Path

from ingest.mupdf import pymupdf
from ingest.pdf import open_pdf
from schema.errors import UsageError
from schema.evidence import Box

POINTS_PER_INCH = 72
_INK = (0.85, 0.1, 0.1)


def render_page(path: Path, number: int, dpi: int = 150, boxes: tuple[Box, ...] = ()) -> bytes:
    """A page (from 1) as PNG, with boxes (points, page as displayed) framed in red.

    Raises:
        DocumentError: the file cannot be opened.
        UsageError: it has no such page.
    """
    with open_pdf(path, str(path)) as document:
        if not 1 <= number <= document.page_count:
            raise UsageError(f"{path}：没有第 {number} 页，共 {document.page_count} 页。")
        page = document[number - 1]
        for box in boxes:
            page.draw_rect(pymupdf.Rect(box) * page.derotation_matrix, color=_INK, width=1.2)
        picture: bytes = page.get_pixmap(dpi=dpi).tobytes("png")
    return picture
