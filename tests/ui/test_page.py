"""`jihe page` draws what was read over the page, in colours of their own."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import fsspec
import numpy as np
import pytest

from agents.pipeline import ingest
from data import samples
from ingest.mupdf import pymupdf
from ingest.render import LAYERS
from store import Store
from tests.ui.conftest import Jihe

SAMPLE = samples() / "pdf" / "jiading-2024.pdf"


def _colours(picture: Path) -> set[str]:
    """The layers whose colour is in the picture, the legend left out."""
    pixmap = pymupdf.Pixmap(picture)
    pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.width, pixmap.n)[: -pixmap.height // 40, :, :3]
    found = set()
    for layer, (_, color, _) in LAYERS.items():
        wanted = np.array([round(255 * part) for part in color])
        if (np.abs(pixels.astype(int) - wanted).max(axis=2) < 30).sum() > 20:
            found.add(layer)
    return found


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the sample."""
    home = tmp_path_factory.mktemp("read") / "home"
    with Store.open(home) as store:
        ingest([str(SAMPLE)], store)
    return home


@pytest.mark.parametrize(
    ("options", "layers"),
    [
        ((), {"words", "rulings", "cells"}),
        (("--no-words", "--no-cells"), {"rulings"}),
        (("--no-words", "--no-rulings", "--no-cells"), set()),
        (("--form",), {"evidence"}),
        (("--form", "--words"), {"evidence", "words"}),
    ],
)
def test_each_layer_has_its_switch_and_its_colour(
    options: tuple[str, ...], layers: set[str], jihe: Jihe, read: Path, tmp_path: Path
) -> None:
    number = 1
    words = list(options)
    if "--form" in options:
        copytree(read, tmp_path / "home")
        with Store.open(tmp_path / "home") as store:
            form = store.forms()[0]
        number = form.page or 1
        words.insert(1, form.form_id)
    out = tmp_path / "page.png"
    done = jihe("page", SAMPLE, number, "-o", out, *words)
    assert done.exit_code == 0, done.stderr
    assert _colours(out) == layers


def test_a_doubtful_place_has_another_colour(jihe: Jihe, read: Path, tmp_path: Path) -> None:
    copytree(read, tmp_path / "home")
    with Store.open(tmp_path / "home") as store:
        form = next(iter(store.iter_forms()))
        page = form.source.pages[0] if form.source else 1
        with store.database.write() as connection:
            mark = "SELECT id, 900, 'project_name', '看看' FROM versions WHERE current"
            connection.exec_driver_sql(f"INSERT INTO review_marks (version_id, position, cell, reason) {mark}")
    out = tmp_path / "page.png"
    assert jihe("page", SAMPLE, page, "-o", out, "--form", form.form_id).exit_code == 0
    assert _colours(out) == {"evidence", "doubtful"}


def test_a_picture_without_anything_read_from_it_is_drawn(jihe: Jihe, tmp_path: Path) -> None:
    folder = tmp_path / "扫描"
    folder.mkdir()
    with pymupdf.open(SAMPLE) as document:
        for n in (1, 2):
            document[n - 1].get_pixmap(dpi=40).save(folder / f"{n}.png")
    plain = ("--no-words", "--no-rulings", "--no-cells")
    for place, number in ((folder / "1.png", 1), (folder, 2)):
        out = tmp_path / f"page{number}.png"
        assert jihe("page", place, number, "-o", out, *plain).exit_code == 0
        assert pymupdf.Pixmap(out).width > 200
    missing = jihe("page", folder, 3, "-o", tmp_path / "x.png", *plain)
    assert (missing.exit_code, "没有第 3 页，共 2 页" in missing.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((SAMPLE, 99), 2, "没有第 99 页"),
        ((SAMPLE, 1, "--cell", "grade"), 2, "--cell 要和 --form 一起用"),
        (("dump.txt", 1), 2, "没有固定的页面"),
        (("broken.pdf", 1), 1, "打不开"),
    ],
)
def test_what_cannot_be_drawn_says_why(words: tuple[object, ...], code: int, said: str, jihe: Jihe, tmp_path: Path) -> None:
    (tmp_path / "dump.txt").write_text("项目支出绩效自评表", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    file = words[0] if words[0] == SAMPLE else tmp_path / str(words[0])
    done = jihe("page", file, *words[1:], "-o", tmp_path / "x.png")
    assert (done.exit_code, said in done.stderr) == (code, True)
    assert not (tmp_path / "x.png").exists()


def test_a_document_at_an_address(jihe: Jihe, tmp_path: Path) -> None:
    files = fsspec.filesystem("memory")
    files.pipe("/scans/a.pdf", SAMPLE.read_bytes())
    files.pipe("/scans/broken.pdf", b"%PDF-1.7\nbroken")
    home, out = tmp_path / "home", tmp_path / "page.png"
    with Store.open(home) as store:
        ingest(["memory://scans/a.pdf"], store)
        form = store.forms()[0]
    done = jihe("page", "memory://scans/a.pdf", form.page or 1, "-o", out, "--form", form.form_id, "--home", home)
    assert (done.exit_code, _colours(out)) == (0, {"evidence"}), done.stderr
    assert jihe("page", SAMPLE.as_uri(), 1, "-o", out).exit_code == 0
    for name, code, said in (("broken", 1, "打不开"), ("none", 1, "没有这个文件")):
        url = f"memory://scans/{name}.pdf"
        told = jihe("page", url, 1, "-o", out)
        assert (told.exit_code, url in told.stderr, said in told.stderr) == (code, True, True), told.stderr
    secret = jihe("page", "s3://AKIA:se+cret@bucket/x.pdf", 1, "-o", out)
    assert (secret.exit_code, "se+cret" in secret.stderr) == (2, False)


def test_a_page_after_the_first_is_read_by_itself(jihe: Jihe, tmp_path: Path) -> None:
    with pymupdf.open(SAMPLE) as document:
        pages = document.page_count
    out = tmp_path / "last.png"
    assert jihe("page", SAMPLE, pages, "-o", out).exit_code == 0
    assert _colours(out) == {"words", "rulings", "cells"}
