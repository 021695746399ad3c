"""Pictures of stored documents: only of what is stored, only of the bytes that were read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.pictures import NoPicture, PagePicture, Pictures, pictures_of
from ingest.mupdf import pymupdf
from store import Store
from tests.factories import make_form, make_reading


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home") as opened:
        yield opened


def _pdf(path: Path, pages: int = 2) -> str:
    with pymupdf.open() as document:
        for number in range(pages):
            document.new_page(width=400, height=300).insert_text((80, 120), f"page {number + 1}")
        document.save(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stored(store: Store, path: Path, sha256: str) -> None:
    reading = make_reading([make_form()], str(path)).model_copy(update={"sha256": sha256})
    store.save(reading, store.start_run("test"))


def test_pages_of_a_stored_document(store: Store, tmp_path: Path) -> None:
    sha256 = _pdf(tmp_path / "a.pdf")
    _stored(store, tmp_path / "a.pdf", sha256)
    pictures = pictures_of(store)
    assert pictures is pictures_of(store)
    assert pictures.page(sha256, 2) == PagePicture(document=sha256, page=2, pages=2, width=400, height=300, file="a.pdf")
    picture = pictures.draw(sha256, 1, 96)
    assert isinstance(picture, bytes)
    assert pymupdf.Pixmap(picture).width == pytest.approx(400 * 96 / 72, abs=1)
    assert pictures.draw(sha256, 1, 90) is picture
    assert pictures.page(sha256, 3) == pictures.draw(sha256, 3) == NoPicture(why="page", file="a.pdf")


def test_what_is_not_stored_or_not_what_was_read_is_not_shown(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    sha256 = _pdf(path)
    pictures = Pictures(store)
    assert pictures.page(sha256, 1) == NoPicture(why="unknown")
    _stored(store, path, sha256)
    assert isinstance(pictures.draw(sha256, 1), bytes)
    _pdf(path, 3)
    os.utime(path, (1, 1))
    assert pictures.draw(sha256, 1) == NoPicture(why="changed", file="a.pdf")
    path.unlink()
    assert pictures.page(sha256, 1) == NoPicture(why="missing", file="a.pdf")


def test_a_copy_elsewhere_serves_as_well(store: Store, tmp_path: Path) -> None:
    sha256 = _pdf(tmp_path / "a.pdf")
    _stored(store, tmp_path / "a.pdf", sha256)
    store.remember(sha256, (tmp_path / "a.pdf").rename(tmp_path / "b.pdf"))
    assert isinstance(Pictures(store).draw(sha256, 1), bytes)


def test_what_is_kept_is_bounded(store: Store, tmp_path: Path) -> None:
    sha256 = _pdf(tmp_path / "a.pdf")
    _stored(store, tmp_path / "a.pdf", sha256)
    pictures = Pictures(store, most_bytes=10)
    first = pictures.draw(sha256, 1)
    pictures.draw(sha256, 2)
    assert pictures.draw(sha256, 1) == first
    assert pictures.draw(sha256, 1) is not first
