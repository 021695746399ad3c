"""The degradation tool: same seed, same pixels; truth that finds every point again; files that can be read."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from eval.degrade.__main__ import main
from eval.degrade.geometry import photographed, turned
from eval.degrade.presets import PRESETS, Name
from eval.degrade.tool import degraded, read_truth
from ingest.mupdf import pymupdf

SIZE = (600, 800)
SCALE = 1.5


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.pdf"
    with pymupdf.open() as document:
        sheet = document.new_page(width=300, height=400)
        sheet.draw_rect((40, 60, 260, 340))
        sheet.insert_text((60, 120), "form", fontsize=30)
        document.save(path)
    return path


@pytest.mark.parametrize(
    "placement",
    [turned(SIZE, SCALE, 2.0), photographed(SIZE, SCALE, np.array([[0.04, 0.02], [-0.03, 0.05], [0.02, -0.04], [0.01, 0.03]]), 0.1, 12.0)],
    ids=["scan", "photo"],
)
def test_a_dot_is_found_where_the_truth_says(placement: object) -> None:
    for x, y in ((60, 70), (200, 260), (330, 480)):
        sheet = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
        cv2.circle(sheet, (round(x * SCALE), round(y * SCALE)), 5, (0, 0, 0), -1)
        seen = placement.apply(sheet)  # type: ignore[attr-defined]
        dark = np.argwhere(seen[..., 0] < 128)
        v, u = dark.mean(0)
        assert np.hypot(u - placement.place(x, y)[0], v - placement.place(x, y)[1]) < 1.5  # type: ignore[attr-defined]


@pytest.mark.parametrize("preset", list(PRESETS))
def test_the_same_seed_gives_the_same_pixels(page: Path, preset: Name) -> None:
    (first, where), (again, _), (other, _) = (next(degraded(page, PRESETS[preset], seed)) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)
    assert first.shape == (where.canvas[1], where.canvas[0], 3)
    assert first.std() > 5


@pytest.mark.parametrize(("form", "count"), [("pdf", 1), ("tiff", 1), ("jpg", 1), ("png", 1)])
def test_copies_are_written_with_their_truth(page: Path, form: str, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(page), "-o", str(tmp_path), "--format", form, "--preset", "photo", "--seed", "1"])
    written = [Path(line) for line in capsys.readouterr().out.split()]
    assert len(written) == count
    (placement,) = read_truth(tmp_path / "page.truth.json")
    if form == "pdf":
        with pymupdf.open(written[0]) as document:
            (info,) = document[0].get_image_info()
            assert (info["width"], info["height"]) == placement.canvas
    else:
        with Image.open(written[0]) as picture:
            assert picture.size == placement.canvas


def test_made_up_forms_come_with_their_gold(tmp_path: Path) -> None:
    main(["--made-up", "1", "--pages", "1", "-o", str(tmp_path), "--preset", "light"])
    assert (tmp_path / "gold.json").is_file()
    assert len(list(tmp_path.glob("*.pdf"))) == len(list((tmp_path / "digital").glob("*.pdf"))) == 1
