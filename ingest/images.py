"""Image files as MuPDF opens them, those too that it does not know."""

from __future__ import annotations

import io
from pathlib import Path

from ingest.mupdf import pymupdf

UNREADABLE = (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, OSError)
"""What `open_image` raises of a file that is no image, or too large a one."""


def is_foreign(file: Path) -> bool:
    """Whether an image is of a format that MuPDF does not know: WebP, HEIC.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        head = stream.read(16)
    return head[8:12] == b"WEBP" or head[4:8] == b"ftyp"


def open_image(file: Path, most_pixels: int, *, foreign: bool) -> pymupdf.Document:
    """An image as a document of pages; foreign ones are decoded by Pillow.

    Args:
        most_pixels: of an image that has to be decoded first.

    Raises:
        ValueError: it has more pixels.
        OSError: Pillow cannot decode it; others of UNREADABLE: MuPDF cannot open it.
    """
    return pymupdf.open(stream=_as_png(file, most_pixels), filetype="png") if foreign else pymupdf.open(file)


def _as_png(file: Path, most_pixels: int) -> bytes:
    import pillow_heif  # noqa: PLC0415 - few images are of such formats
    from PIL import Image  # noqa: PLC0415

    pillow_heif.register_heif_opener()
    with Image.open(file) as image:
        if image.width * image.height > most_pixels:
            raise ValueError(f"{image.width} x {image.height} pixels")
        packed = io.BytesIO()
        image.convert("RGB").save(packed, "PNG", compress_level=1)
    return packed.getvalue()
