"""Bad input: each file is bad in the way its name says."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from eval.synthesis import damaged
from eval.synthesis.drawing import draw
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from schema.errors import DocumentError


@pytest.fixture(scope="module")
def good() -> bytes:
    return draw(list(make_forms(1)), LAYOUTS["plain"])


@pytest.fixture(scope="module")
def folder(good: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bad input")
    damaged.write_damaged(place, good)
    return place


def _text(path: Path) -> list[str]:
    with pymupdf.open(path) as document:
        return [page.get_text() for page in document]


def test_every_damage_has_its_file_and_error(good: bytes, tmp_path: Path) -> None:
    files = damaged.write_damaged(tmp_path, good)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in files}
    assert all(error is None or issubclass(error, DocumentError) for error in files.values())


def test_what_mupdf_says_of_them(folder: Path, good: bytes) -> None:
    for name in ("empty", "header-only", "text-named-pdf", "zeros"):
        with pytest.raises(pymupdf.FileDataError):
            pymupdf.open(folder / f"{name}.pdf")
    with pymupdf.open(folder / "encrypted.pdf") as document:
        assert document.needs_pass
        assert document.authenticate(damaged.PASSWORD)
    with pymupdf.open(folder / "no-pages.pdf") as document:
        assert document.page_count == 0
    with pymupdf.open(stream=good) as document:
        whole = [page.get_text() for page in document]
    assert _text(folder / "owner-locked.pdf") == whole
    assert _text(folder / "broken-xref.pdf") == whole


def test_files_without_a_form_or_without_text(folder: Path) -> None:
    assert "绩效自评" in _text(folder / "no-form.pdf")[0]
    assert "三级指标" not in _text(folder / "no-form.pdf")[0]
    assert _text(folder / "blank-page.pdf") == [""]
    assert not any(_text(folder / "scan.pdf"))
    with pymupdf.open(folder / "scan.pdf") as document:
        assert all(page.get_images() for page in document)


@pytest.mark.parametrize("name", ["truncated", "truncated-late"])
def test_truncated_files_open_and_are_short(folder: Path, good: bytes, name: str) -> None:
    """MuPDF repairs them: that nothing fails is what makes them dangerous."""
    with pymupdf.open(stream=good) as document:
        whole = sum(len(page.get_text()) for page in document)
    assert sum(map(len, _text(folder / f"{name}.pdf"))) < whole


def test_torn_page_opens_without_part_of_its_text(good: bytes) -> None:
    with pymupdf.open(stream=good) as whole, pymupdf.open(stream=damaged.torn_page(good)) as torn:
        assert not torn.is_repaired
        assert 0 < len(torn[0].get_text()) < len(whole[0].get_text()) / 2


def test_awkward_names(good: bytes, tmp_path: Path) -> None:
    paths = damaged.write_awkward(tmp_path, good)
    assert len(paths) == len(damaged.AWKWARD_NAMES)
    assert all(path.read_bytes() == good for path in paths)
