"""Which files a call means."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import find_documents, fingerprint
from schema.errors import DamagedDocument, MissingDocument, UnreadableDocument, UnsupportedDocument


def _names(*arguments: str) -> list[str]:
    return [found.path.name for found in find_documents(arguments) if found.error is None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "资料 [2024]"
    (place / "b").mkdir(parents=True)
    for name in ("2.pdf", "1.PDF", "b/3.pdf", "~$4.pdf", ".5.pdf", "6.txt"):
        (place / name).write_bytes(b"%PDF-")
    return place


def test_a_folder_gives_its_documents_in_order_and_no_lock_files(folder: Path) -> None:
    assert _names(str(folder)) == ["1.PDF", "2.pdf", "3.pdf"]


def test_a_pattern_an_existing_name_with_brackets_and_no_file_twice(folder: Path) -> None:
    assert _names(str(folder / "2.pdf"), str(folder)) == ["2.pdf", "1.PDF", "3.pdf"]
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
        ("a.docx", b"PK\x03\x04", UnsupportedDocument),
    ],
)
def test_what_is_no_pdf_is_told_apart(name: str, content: bytes, error: type[Exception], tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error, match=name):
        fingerprint(path)


def test_rubbish_before_the_header_is_tolerated(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"\r\n\r\n%PDF-1.7 ...")
    assert fingerprint(path).size == 16
