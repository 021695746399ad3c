"""Which files a call means."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import _in_order, find_documents, fingerprint, page_images
from schema.errors import DamagedDocument, MissingDocument, UnreadableDocument, UnsupportedDocument


def _zip(member: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(member, "x")
    return content.getvalue()


def _names(*arguments: str) -> list[str]:
    return [found.path.name for found in find_documents(arguments) if found.error is None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "资料 [2024]"
    (place / "b").mkdir(parents=True)
    for name in ("2.pdf", "1.PDF", "b/3.pdf", "~$4.pdf", ".5.pdf", "6.txt", "7.mp3"):
        (place / name).write_bytes(b"%PDF-")
    return place


def test_a_folder_gives_its_documents_in_order_and_no_lock_files(folder: Path) -> None:
    assert _names(str(folder)) == ["1.PDF", "2.pdf", "6.txt", "3.pdf"]


def test_a_pattern_an_existing_name_with_brackets_and_no_file_twice(folder: Path) -> None:
    assert _names(str(folder / "2.pdf"), str(folder)) == ["2.pdf", "1.PDF", "6.txt", "3.pdf"]
    assert _names(str(folder.parent / "*" / "*.pdf")) == ["2.pdf"] or "2.pdf" in _names(str(folder.parent / "*" / "*.pdf"))


@pytest.mark.parametrize("argument", ["没有.pdf", "*.nothing"])
def test_a_missing_path_says_so(argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (found,) = find_documents([argument])
    assert isinstance(found.error, MissingDocument)
    assert argument in str(found.error)


def test_a_folder_without_documents_says_so(tmp_path: Path) -> None:
    (found,) = find_documents([str(tmp_path)])
    assert isinstance(found.error, MissingDocument)


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    (found,) = find_documents([str(tmp_path)])
    assert isinstance(found.error, UnreadableDocument)
    assert str(tmp_path) in str(found.error)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.pdf", b"", DamagedDocument),
        ("a.pdf", b"PK\x03\x04", DamagedDocument),
        ("a.docx", b"PK\x03\x04", DamagedDocument),
        ("a.zip", _zip("b.txt"), UnsupportedDocument),
        ("a.docx", _zip("b.txt"), DamagedDocument),
        ("a.pdf", b"MZ\x90\0\0", UnsupportedDocument),
        ("a.json", b"{}\0", UnsupportedDocument),
        ("a.mp3", b"ID3\0\0", UnsupportedDocument),
    ],
)
def test_what_is_no_document_is_told_apart(name: str, content: bytes, error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=name):
        fingerprint(path)


def test_rubbish_before_the_header_is_tolerated(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"\r\n\r\n%PDF-1.7 ...")
    assert fingerprint(path).size == 16


def _fill(folder: Path, *names: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    return folder


@pytest.mark.parametrize(
    ("names", "pages"),
    [
        (["page-2.jpg", "page-10.jpg", "page-1.jpg", *(f"page-{n}.jpg" for n in range(3, 10))], [f"page-{n}.jpg" for n in range(1, 11)]),
        (["001.png", "002.png"], ["001.png", "002.png"]),
        (["IMG_0008.HEIC", "IMG_0007.HEIC", "封面.jpg", "说明1.txt", "说明2.txt"], ["IMG_0007.HEIC", "IMG_0008.HEIC"]),
        (["2024年第1页.tif", "2024年第2页.tif"], ["2024年第1页.tif", "2024年第2页.tif"]),
        (["1.png"], []),
        (["a1.png", "a3.png"], []),
        (["a1.png", "b2.png"], []),
        (["a1.png", "a2.png", "b1.png", "b2.png"], []),
        (["a1.png", "a01.png", "a2.png"], []),
        (["a1.png", "a2.jpg"], []),
        ([".a1.png", ".a2.png"], []),
    ],
    ids=lambda value: " ".join(value[:3]),
)
def test_a_folder_of_numbered_images_is_one_document(names: list[str], pages: list[str], tmp_path: Path) -> None:
    folder = _fill(tmp_path / "扫描", *names)
    assert [path.name for path in page_images(folder)] == pages
    rest = [name for name in sorted(names) if name not in pages and not name.startswith(".")]
    assert _names(str(tmp_path)) == ([folder.name] if pages else []) + rest


def test_the_identity_of_page_images_is_that_of_the_pages_in_order(tmp_path: Path) -> None:
    one = fingerprint(_fill(tmp_path / "a", "p1.png", "p2.png"))
    assert (one.kind, one.size) == ("image", 2 * (8 + len("p1.png")))
    other = tmp_path / "b"
    other.mkdir()
    for old, new in (("p1.png", "第9页.png"), ("p2.png", "第10页.png")):
        (other / new).write_bytes((tmp_path / "a" / old).read_bytes())
    (other / "说明.txt").write_text("不算")
    assert fingerprint(other) == one
    for old, new in (("第9页.png", "x"), ("第10页.png", "第9页.png"), ("x", "第10页.png")):
        (other / old).rename(other / new)
    assert fingerprint(other).sha256 != one.sha256


def test_a_folder_without_page_images_has_no_identity(tmp_path: Path) -> None:
    with pytest.raises(MissingDocument, match="没有按页编号"):
        fingerprint(tmp_path)


@given(st.sets(st.text(st.sampled_from("ab12.-第页"), max_size=5), max_size=6))
def test_page_images_are_some_of_the_images_each_once(stems: set[str]) -> None:
    names = [f"{stem}.png" for stem in stems]
    pages = _in_order(names)
    assert set(pages) <= set(names)
    assert len(pages) == len(set(pages)) != 1
    assert _in_order(reversed(names)) == pages
