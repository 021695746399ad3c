"""What a cluster needs, without one: documents that travel, readers, versions, addresses; and what users are told."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.engines.actor import NotHere, Reader, versions
from agents.engines.cluster import _reached, _refused, _sweep, load_ray
from agents.engines.parcel import Bytes, Parcel, packed
from agents.engines.ray_pool import _unusable, differences
from agents.material import Material
from eval.synthesis.corpus import write_corpus
from ingest.files import fingerprint
from ingest.settings import DEFAULT
from schema.errors import DamagedDocument, DocumentError, UnreadableDocument, UsageError


@pytest.fixture
def document(tmp_path: Path) -> Path:
    [(path, _)] = write_corpus(tmp_path / "corpus", 1)
    return path


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    """A reader in this process, with a process of its own below."""
    made = Reader(DEFAULT)
    yield made
    made.close()


def test_a_document_is_read_where_it_lies_or_where_it_is_brought(document: Path, reader: Reader, tmp_path: Path) -> None:
    identity = fingerprint(document)
    there = reader.read(Parcel(7, str(document), identity.sha256), None)
    assert isinstance(there, Material)
    assert reader.told() == (7, len(there.reading.pages), len(there.reading.pages))
    elsewhere = Parcel(8, str(tmp_path / "gone" / document.name), identity.sha256)
    assert isinstance(reader.read(elsewhere, None), NotHere)
    brought = reader.read(elsewhere, packed(document))
    assert isinstance(brought, Material)
    assert brought.reading.file == elsewhere.path
    assert [form.source.file for form in brought.reading.forms if form.source] == [elsewhere.path]
    assert [form.model_copy(update={"source": None}) for form in brought.reading.forms] == [
        form.model_copy(update={"source": None}) for form in there.reading.forms
    ]
    broken = reader.read(elsewhere, Bytes((("broken.pdf", b"%PDF-1.7\nbroken"),)))
    assert isinstance(broken, DamagedDocument)
    assert broken.file == elsewhere.path


def test_another_file_at_the_same_path_is_not_the_document(document: Path) -> None:
    assert not Parcel(0, str(document), "0" * 64).here()
    assert Parcel(0, str(document), fingerprint(document).sha256).here()


def test_a_folder_of_page_images_travels_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"p-{number}.png").write_bytes(b"\x89PNG\r\n" + bytes([number]))
    (folder / "notes.txt").write_text("not a page")
    carried = packed(folder)
    assert [name for name, _ in carried.files] == ["p-1.png", "p-2.png"]
    target = tmp_path / "there"
    target.mkdir()
    assert fingerprint(carried.unpack(target)) == fingerprint(folder)


def test_what_cannot_be_packed_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        packed(tmp_path / "gone.pdf")
    assert isinstance(UnreadableDocument("x", "y", "z"), DocumentError)


def test_versions_that_differ_are_named() -> None:
    ours = versions()
    assert {"Python", "jihe", "pymupdf", "rapidocr", "onnxruntime"} <= ours.keys()
    assert differences(ours, dict(ours)) == []
    assert differences({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "3"}) == ["b 3（本机 2）", "c 没有（本机 3）"]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1"])
def test_an_address_where_nobody_listens_is_told_at_once(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.engines.cluster.PORT", 1)
    with pytest.raises(UsageError, match="连不上 Ray 集群"):
        _reached(address)


@pytest.mark.parametrize("address", ["ray://127.0.0.1:10001", "127.0.0.1:port", ":6379", "http://head"])
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(UsageError, match="主机:端口"):
        _reached(address)


def test_an_address_where_somebody_listens_has_its_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert _reached(f"127.0.0.1:{port}") == f"127.0.0.1:{port}"


def test_refusals_are_told_in_our_words() -> None:
    assert "版本" in _refused("h:1", "Version mismatch: The cluster was started with: Ray: 2.1")
    assert "RAY_AUTH_TOKEN" in _refused("h:1", "InvalidAuthToken: Authentication token is missing")
    assert "ray start" in _refused("h:1", "Could not find any running Ray instance")
    assert "没有装 jihe" in _unusable("ModuleNotFoundError: No module named 'agents'")
    assert "ray status" in _unusable("killed")


def test_without_ray_users_are_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match=r"jihe\[ray\]"):
        load_ray(starting=True)


def test_folders_of_killed_runs_are_swept(tmp_path: Path) -> None:
    for name in ("jihe-ray-999999999-x", f"jihe-ray-{os.getpid()}-y", "jihe-ray-bench-z"):
        (tmp_path / name).mkdir()
    _sweep(tmp_path)
    assert sorted(path.name.partition("-ray-")[2][-1] for path in tmp_path.iterdir()) == ["y", "z"]
