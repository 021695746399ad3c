"""Documents to their degraded copies, with the truth about where each point of a page went."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image as Pillow

from eval.degrade.geometry import Image, Placement
from eval.degrade.presets import Preset, degrade
from ingest.mupdf import pymupdf

Format = Literal["pdf", "png", "jpg", "tiff"]
QUALITY = 50
TRUTH = "truth.json"


def degraded(path: Path, preset: Preset, seed: int, pages: Sequence[int] = ()) -> Iterator[tuple[Image, Placement]]:
    """The pages of a PDF (from 1; all where none are named) after the preset.

    The same file and seed give the same pixels, in whatever order or company; another file gets other strengths under the same seed.

    Raises:
        IndexError: the document has no such page.
    """
    name = int.from_bytes(hashlib.sha256(path.read_bytes()).digest()[:8], "big")
    with pymupdf.open(path) as document:
        for number in pages or range(1, document.page_count + 1):
            if not 1 <= number <= document.page_count:
                raise IndexError(number)
            page = document[number - 1]
            rng = np.random.default_rng([seed, name, number])
            yield degrade(partial(_drawn, page), (page.rect.width, page.rect.height), preset, rng)


def _drawn(page: pymupdf.Page, dpi: float) -> Image:
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(dpi / 72, dpi / 72), alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


@dataclass(frozen=True)
class Sheet:
    """A finished picture on its way into a file; `dpi` gives it the size the page has on paper."""

    picture: Pillow.Image
    dpi: float
    quality: int

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        return self.picture.width / self.dpi * 72, self.picture.height / self.dpi * 72

    def encoded(self, kind: Literal["JPEG", "PNG"]) -> bytes:
        """The picture as the bytes of a file."""
        raw = io.BytesIO()
        self.picture.save(raw, kind, quality=self.quality, dpi=(self.dpi, self.dpi))
        return raw.getvalue()


def write(made: Iterable[tuple[Image, Placement]], target: Path, form: Format, *, grey: bool = False, quality: int = QUALITY) -> list[Path]:
    """The pictures as one file (pdf, tiff), or as a folder of numbered ones (png, jpg); and the truth beside them.

    Pages are taken one at a time, so that the pixels of a long document are not held as a whole (of a TIFF they are).

    Args:
        made: pages from `degraded`.
        target: path without an ending.
        grey: without colour.
        quality: of the JPEG the pictures are kept as, 1 to 95; nothing to png.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    placements: list[Placement] = []

    def sheets() -> Iterator[Sheet]:
        for picture, placement in made:
            placements.append(placement)
            image = Pillow.fromarray(picture)
            yield Sheet(image.convert("L") if grey else image, placement.scale * 72, quality)

    written = _WRITERS[form](sheets(), target.parent / f"{target.name}.{form}" if form in _ONE_FILE else target)
    truth = target.parent / f"{target.name}.{TRUTH}"
    truth.write_text(json.dumps([placement.to_json() for placement in placements]), "utf-8")
    return written


def _write_pdf(sheets: Iterator[Sheet], path: Path) -> list[Path]:
    """One picture to a page, JPEG inside, the sheet as large as it was."""
    with pymupdf.open() as document:
        for sheet in sheets:
            width, height = sheet.points
            document.new_page(width=width, height=height).insert_image((0, 0, width, height), stream=sheet.encoded("JPEG"))
        document.set_metadata({})
        document.save(path, deflate=True, no_new_id=True)
    return [path]


def _write_tiff(sheets: Iterator[Sheet], path: Path) -> list[Path]:
    first, *rest = list(sheets)
    for sheet in rest:
        # Pillow saves a further frame with what it carries itself; the `dpi` given to save would be that of the first page.
        sheet.picture.encoderinfo = {"dpi": (sheet.dpi, sheet.dpi)}
    frames = [sheet.picture for sheet in rest]
    first.picture.save(path, save_all=True, append_images=frames, compression="jpeg", quality=first.quality, dpi=(first.dpi, first.dpi))
    return [path]


def _write_folder(kind: Literal["JPEG", "PNG"], sheets: Iterator[Sheet], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, sheet in enumerate(sheets, 1):
        written.append(folder / f"{number:02d}.{'png' if kind == 'PNG' else 'jpg'}")
        written[-1].write_bytes(sheet.encoded(kind))
    return written


_ONE_FILE = ("pdf", "tiff")
_WRITERS: dict[Format, Callable[[Iterator[Sheet], Path], list[Path]]] = {
    "pdf": _write_pdf,
    "tiff": _write_tiff,
    "png": partial(_write_folder, "PNG"),
    "jpg": partial(_write_folder, "JPEG"),
}


def read_truth(path: Path) -> list[Placement]:
    """The placements written beside a picture."""
    return [
        Placement(tuple(p["size"]), tuple(p["canvas"]), p["scale"], tuple(p["homography"]), p["curl"])
        for p in json.loads(path.read_text("utf-8"))
    ]
