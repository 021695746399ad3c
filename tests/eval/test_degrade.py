"""The degradation tool: same seed, same pixels; truth that finds every point again; files that can be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from eval.degrade import effects, marks
from eval.degrade.__main__ import main
from eval.degrade.geometry import Placement, photographed, turned
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
        # A fresh id would make another file of it, and with it other strengths, in each run.
        document.save(path, no_new_id=True)
    return path


SCAN = turned(SIZE, SCALE, 2.0)
PHOTO = photographed(SIZE, SCALE, np.array([[0.04, 0.02], [-0.03, 0.05], [0.02, -0.04], [0.01, 0.03]]), 0.1, 12.0)


@pytest.mark.parametrize("placement", [SCAN, PHOTO], ids=["scan", "photo"])
@pytest.mark.parametrize("turns", range(4))
def test_a_dot_is_found_where_the_truth_says(placement: Placement, turns: int) -> None:
    truth = placement.quarter(turns)
    for x, y in ((60, 70), (200, 260), (330, 480)):
        sheet = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
        cv2.circle(sheet, (round(x * SCALE), round(y * SCALE)), 5, (0, 0, 0), -1)
        seen = np.rot90(placement.apply(sheet), -turns)
        assert seen.shape[:2] == truth.canvas[::-1]
        v, u = np.argwhere(seen[..., 0] < 128).mean(0)
        assert np.hypot(u - truth.place(x, y)[0], v - truth.place(x, y)[1]) < 1.5


points = st.tuples(st.floats(0, SIZE[0] / SCALE), st.floats(0, SIZE[1] / SCALE))


@given(point=points, other=points, placement=st.sampled_from([SCAN, PHOTO]), turns=st.integers(0, 3))
def test_the_truth_goes_back_and_its_boxes_hold_what_lies_in_them(
    point: tuple[float, float], other: tuple[float, float], placement: Placement, turns: int
) -> None:
    truth = placement.quarter(turns)
    assert truth.find(*truth.place(*point)) == pytest.approx(point, abs=1e-6)
    (x0, x1), (y0, y1) = (sorted(pair) for pair in zip(point, other, strict=True))
    left, top, right, bottom = truth.box((x0, y0, x1, y1))
    for x in np.linspace(x0, x1, 24):
        for y in (y0, y1):
            u, v = truth.place(x, y)
            # Between the steps it is bounded by, a bent edge may stand out by a little.
            assert left - 0.5 <= u <= right + 0.5
            assert top - 0.5 <= v <= bottom + 0.5


@pytest.mark.parametrize("preset", list(PRESETS))
def test_print_stands_in_the_boxes_the_truth_gives(page: Path, preset: Name) -> None:
    with pymupdf.open(page) as document:
        (word,) = document[0].get_text("words")
    picture, truth = next(degraded(page, replace(PRESETS[preset], stamp=0, pen=0, shadow=(0, 0), turned=1.0), 11))
    # A fax of a noisy scan has black specks; strokes are wider than they are.
    picture = cv2.medianBlur(picture, 5)
    left, top, right, bottom = (round(side) for side in truth.box(word[:4]))
    box = picture[top:bottom, left:right].mean(2)
    # Letters take a third of their box: dark against the paper around them.
    assert np.percentile(box, 10) < np.percentile(box, 90) - 40
    blank = picture[tuple(slice(round(a), round(b)) for a, b in zip(*_split(truth.box((90, 200, 200, 300))), strict=True))].mean(2)
    assert np.percentile(blank, 10) > np.percentile(box, 10) + 20


def _split(box: tuple[float, float, float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
    return (box[1], box[0]), (box[3], box[2])


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


def test_each_document_gets_strengths_of_its_own(page: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    with pymupdf.open(page) as document:
        document[0].insert_text((60, 200), "other")
        document.copy_page(0)
        document.save(other)
    (_, one), (first, two), (last, three) = (next(degraded(*call)) for call in ((page, PRESETS["medium"], 3), (other, PRESETS["medium"], 3),
                                                                               (other, PRESETS["medium"], 3, [2])))  # fmt: skip
    assert len({one.homography, two.homography, three.homography}) == 3
    again = [picture for picture, _ in degraded(other, PRESETS["medium"], 3, [2, 1])]
    assert np.array_equal(again[0], last)
    assert np.array_equal(again[1], first)
    with pytest.raises(IndexError):
        next(degraded(page, PRESETS["light"], 0, [0]))


def test_each_page_keeps_its_size(page: Path, tmp_path: Path) -> None:
    twice = tmp_path / "in" / "twice.pdf"
    twice.parent.mkdir()
    with pymupdf.open(page) as document:
        document.copy_page(0)
        document.save(twice)
    main([str(twice.parent), "-o", str(tmp_path), "--format", "tiff", "--preset", "heavy", "--seed", "2"])
    main([str(twice.parent), "-o", str(tmp_path), "--preset", "heavy", "--seed", "2"])
    truth = read_truth(tmp_path / "twice.truth.json")
    assert len({placement.scale for placement in truth}) == 2
    with Image.open(tmp_path / "twice.tiff") as picture, pymupdf.open(tmp_path / "twice.pdf") as document:
        for number, placement in enumerate(truth):
            picture.seek(number)
            assert picture.info["dpi"][0] == pytest.approx(placement.scale * 72, rel=1e-3)
            assert tuple(document[number].rect.br) == pytest.approx((300, 400), abs=1)


@pytest.mark.parametrize("kind", get_args(effects.Blur))
def test_blurs_spread_a_point_as_far_as_they_say(kind: effects.Blur) -> None:
    dot = np.zeros((41, 41, 3), np.uint8)
    dot[20, 20] = 255
    rng = np.random.default_rng(1)
    weights = np.stack([effects.blur(dot, 1.2, kind, rng)[..., 0].astype(float) for _ in range(60)]).mean(0)
    spread = np.sqrt((weights * (np.arange(41) - 20) ** 2).sum() / weights.sum())
    # Motion spreads along its way only: over all ways, half of it goes each way.
    assert spread == pytest.approx(1.2 if kind != "motion" else 1.2 / 2**0.5, rel=0.25)


def test_marks_leave_the_given_picture_alone() -> None:
    sheet = np.full((400, 300, 3), 255, np.uint8)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for marked in (marks.stamp(sheet, rng), marks.pen(sheet, 3, rng), marks.punch_holes(sheet, rng), marks.dust(sheet, 9, rng)):
            assert marked.shape == sheet.shape
            assert (marked != sheet).any()
        red = marks.stamp(sheet, rng).astype(int)
        assert (red[..., 0] - red[..., 1]).max() > 60
    assert (sheet == 255).all()


@pytest.mark.parametrize("arguments", [[], ["gone.pdf"], ["{page}", "--made-up", "1"], ["{page}", "-o", "{folder}"]])
def test_a_wrong_call_is_refused_before_anything_is_written(
    arguments: list[str], page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = page.read_bytes()
    with pytest.raises(SystemExit):
        main(["-o", str(tmp_path / "out"), *(word.format(page=page, folder=page.parent) for word in arguments)])
    assert "error:" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert page.read_bytes() == before


def test_made_up_forms_come_with_their_gold(tmp_path: Path) -> None:
    main(["--made-up", "1", "-o", str(tmp_path), "--preset", "light"])
    (gold,) = (tmp_path / "gold").iterdir()
    assert gold.read_text("utf-8") == (tmp_path / "gold.json").read_text("utf-8")
    assert [path.stem for path in tmp_path.glob("*.pdf")] == [path.stem for path in (tmp_path / "digital").glob("*.pdf")] == [gold.stem]
