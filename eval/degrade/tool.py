"""Documents to their degraded copies, with the truth about where each point of a page went."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image as Pillow

from eval.degrade.geometry import Image, Placement
from eval.degrade.presets import Preset, degrade, size_on_paper
from ingest.mupdf import pymupdf

Format = Literal["pdf", "png", "jpg", "tiff"]
_QUALITY = 50
TRUTH = "truth.json"


def degraded(path: Path, preset: Preset, seed: int, pages: Sequence[int] = ()) -> Iterator[tuple[Image, Placement]]:
    """The pages of a PDF (from 1; all where none are named) after the preset. The same seed gives the same pixels."""
    with pymupdf.open(path) as document:
        for number in pages or range(1, document.page_count + 1):
            page = document[number - 1]
            rng = np.random.default_rng([seed, number])
            yield degrade(partial(_drawn, page), (page.rect.width, page.rect.height), preset, rng)


def _drawn(page: pymupdf.Page, dpi: float) -> Image:
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(dpi / 72, dpi / 72), alpha=False)
    return np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, 3).copy()


def write(made: Sequence[tuple[Image, Placement]], target: Path, form: Format, *, grey: bool = False) -> list[Path]:
    """The pictures as one file (pdf, tiff), or as a folder of numbered ones (png, jpg); and the truth beside them."""
    pictures = [_flat(picture, grey) for picture, _ in made]
    sizes = [size_on_paper(picture, placement) for picture, placement in made]
    target.parent.mkdir(parents=True, exist_ok=True)
    if form == "pdf":
        written = [target.with_suffix(".pdf")]
        _write_pdf(written[0], pictures, sizes)
    elif form == "tiff":
        written = [target.with_suffix(".tiff")]
        first, *rest = pictures
        dpi = made[0][1].scale * 72
        first.save(written[0], save_all=True, append_images=rest, compression="jpeg", quality=_QUALITY, dpi=(dpi, dpi))
    else:
        target.mkdir(parents=True, exist_ok=True)
        written = [target / f"{number:02d}.{form}" for number in range(1, len(pictures) + 1)]
        for file, picture, (_, placement) in zip(written, pictures, made, strict=True):
            picture.save(file, quality=_QUALITY, dpi=(placement.scale * 72,) * 2)
    truth = target.with_suffix(f".{TRUTH}")
    truth.write_text(json.dumps([placement.to_json() for _, placement in made]), "utf-8")
    return written


def _flat(picture: Image, grey: bool) -> Pillow.Image:
    image = Pillow.fromarray(picture)
    return image.convert("L") if grey else image


def _write_pdf(path: Path, pictures: Sequence[Pillow.Image], sizes: Sequence[tuple[float, float]]) -> None:
    """One picture to a page, JPEG inside, the sheet as large as it was."""
    with pymupdf.open() as document:
        for picture, (width, height) in zip(pictures, sizes, strict=True):
            raw = io.BytesIO()
            picture.save(raw, "JPEG", quality=_QUALITY)
            document.new_page(width=width, height=height).insert_image((0, 0, width, height), stream=raw.getvalue())
        document.set_metadata({})
        document.save(path, deflate=True, no_new_id=True)


def read_truth(path: Path) -> list[Placement]:
    """The placements written beside a picture."""
    return [
        Placement(tuple(p["size"]), tuple(p["canvas"]), p["scale"], tuple(p["homography"]), p["curl"])
        for p in json.loads(path.read_text("utf-8"))
    ]
