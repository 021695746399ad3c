"""Documents named by URLs: found, fetched, read, bounded, and no secret in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

import ingest.urls
from agents.engines.spool import FOLDER, Spool
from agents.pictures import NoPicture, PagePicture, Pictures
from agents.pipeline import IN_THIS_PROCESS, Outcome, plan, run
from agents.pipeline import ingest as read_in
from eval.synthesis.corpus import write_corpus
from ingest.files import find_documents
from schema.errors import DamagedDocument, MissingDocument, TooCostly, UnreadableDocument, UsageError
from store.store import Store


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, 3)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def bucket(documents: dict[str, bytes]) -> Iterator[MemoryFileSystem]:
    """A storage with documents in it."""
    files = fsspec.filesystem("memory")
    for name, raw in documents.items():
        files.pipe(f"/forms/2025/{name}", raw)
    files.pipe("/forms/2025/.hidden.pdf", b"x")
    files.pipe("/forms/readme.exe", b"MZ")
    yield files
    files.store.clear()


def _names(*arguments: str) -> list[str]:
    return [found.name for found in find_documents(arguments)]


@pytest.mark.parametrize("argument", ["memory://forms", "memory://forms/2025/*.pdf", "memory://forms/**/0*.pdf", "memory:///forms/2025"])
def test_urls_folders_and_patterns_are_found_in_order(argument: str, bucket: MemoryFileSystem, documents: dict[str, bytes]) -> None:
    assert _names(argument, argument) == [f"memory:///forms/2025/{name}" for name in documents]


def test_what_is_not_there_is_told(bucket: MemoryFileSystem) -> None:
    for url in ("memory://forms/none.pdf", "memory://forms/*.docx"):
        [found] = find_documents([url])
        assert isinstance(found.error, MissingDocument)
        assert (found.error.file, found.name) == (url, url)


def test_a_file_url_is_the_path_it_names(tmp_path: Path) -> None:
    for name in ("a b.pdf", "100%.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-")
    urls = [f"file://{tmp_path}/a%20b.pdf", f"file://{tmp_path}/100%.pdf", f"file://localhost{tmp_path}/a b.pdf"]
    assert _names(*urls) == [str(tmp_path / "a b.pdf"), str(tmp_path / "100%.pdf")]


@pytest.mark.parametrize(
    "url",
    [
        "s3://AKIA:se/cr+et@bucket/x.pdf",
        "https://me:secret@example.org/x.pdf",
        "https://example.org/x.pdf?X-Amz-Signature=secret",
        "abfs://c@a.dfs.core.windows.net/x.pdf?sv=1&sig=secret",
        "oss://bucket/x.pdf?accesskeysecret=secret",
    ],
)
def test_secrets_in_urls_are_refused_and_not_shown(url: str, tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        with pytest.raises(UsageError, match="不要写密码") as said:
            read_in([url], store)
        assert "secret" not in str(said.value)
        assert "cr+et" not in str(said.value)
        assert store.runs() == []


@pytest.mark.parametrize("url", ["s3://bucket/a?c*.pdf", "abfs://container@account.dfs.core.windows.net/x.pdf", "sftp://me@host/x.pdf"])
def test_other_urls_are_not_refused_for_their_looks(url: str) -> None:
    assert ingest.urls.checked(url) == url


def test_storages_without_their_library_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(url: str) -> Any:
        raise ImportError("Install s3fs to access S3")

    with pytest.raises(UsageError, match="qq://"):
        list(find_documents(["qq://bucket/x.pdf"]))
    with pytest.raises(UsageError, match="压缩包"):
        list(find_documents(["zip://x.pdf::s3://bucket/x.zip"]))
    monkeypatch.setattr("fsspec.core.url_to_fs", missing)
    with pytest.raises(UsageError, match="pip install s3fs"):
        list(find_documents(["s3://bucket/x.pdf"]))


def test_a_storage_that_fails_is_told_it_said(bucket: MemoryFileSystem, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(self: MemoryFileSystem, path: str, *rest: Any, **more: Any) -> Any:
        raise RuntimeError("key AKIA-secret is not known")

    monkeypatch.setattr(MemoryFileSystem, "_open", fails)
    with Store.open(tmp_path / "home") as store:
        outcomes = read_in(["memory://forms/2025/*.pdf"], store)
        assert {type(outcome.error) for outcome in outcomes} == {UnreadableDocument}
        assert not any("secret" in str(outcome.error) for outcome in outcomes)
        assert not any("secret" in (document.reason or "") for document in store.documents())
    assert not list((tmp_path / "home" / FOLDER).iterdir())


@pytest.mark.parametrize("workers", [IN_THIS_PROCESS, 2])
def test_documents_are_read_as_if_they_lay_here(
    workers: int, bucket: MemoryFileSystem, documents: dict[str, bytes], tmp_path: Path
) -> None:
    for name, raw in documents.items():
        (tmp_path / name).write_bytes(raw)
    bucket.pipe("/forms/broken.pdf", b"%PDF-1.7\nbroken")
    bucket.pipe("/forms/zz-twin.pdf", next(iter(documents.values())))
    with Store.open(tmp_path / "here") as here, Store.open(tmp_path / "home") as store:
        read_in([str(tmp_path / name) for name in documents], here)
        planned = plan(["memory://forms/2025", "memory://forms/broken.pdf", "memory://forms/zz-twin.pdf"], store)
        outcomes = list(run(planned, store, workers))
        assert [(outcome.file, outcome.status) for outcome in outcomes] == [
            ("memory:///forms/2025/" + next(iter(documents)), "done"),
            ("memory:///forms/zz-twin.pdf", "known"),
            *((f"memory:///forms/2025/{name}", "done") for name in list(documents)[1:]),
            ("memory:///forms/broken.pdf", "failed"),
        ]
        assert isinstance(outcomes[-1].error, DamagedDocument)
        assert outcomes[-1].error.file == "memory:///forms/broken.pdf"
        there = [form.model_copy(update={"source": None}) for form in store.iter_forms()]
        assert there == [form.model_copy(update={"source": None}) for form in here.iter_forms()]
        assert [form.source.file for form in store.iter_forms() if form.source] == [f"memory:///forms/2025/{name}" for name in documents]
        again = read_in(["memory://forms/2025"], store)
        assert {outcome.status for outcome in again} == {"known"}
    assert not list((tmp_path / "home" / FOLDER).iterdir())


def test_the_spool_is_bounded(bucket: MemoryFileSystem, documents: dict[str, bytes], tmp_path: Path) -> None:
    largest = max(len(raw) for raw in documents.values())
    spool = Spool(tmp_path, most_bytes=largest)
    remotes = [spool.bring(f"memory://forms/2025/{name}")[0] for name in documents]
    [folder] = (tmp_path / FOLDER).iterdir()
    assert sum(path.stat().st_size for path in folder.glob("[!.]*")) <= largest
    for remote, raw in zip(remotes, documents.values(), strict=True):
        assert remote.take().read_bytes() == raw
        remote.leave()
    assert spool.waiting == 0
    bucket.pipe("/forms/large.pdf", b"%PDF-" + b"x" * largest)
    with pytest.raises(TooCostly):
        spool.bring("memory://forms/large.pdf")
    assert not list(folder.glob("[!.]*"))
    spool.close()
    assert not folder.exists()


def test_what_killed_runs_left_is_swept(bucket: MemoryFileSystem, documents: dict[str, bytes], tmp_path: Path) -> None:
    parent = tmp_path / FOLDER
    left, held = parent / "run-left", Spool(tmp_path)
    url = f"memory://forms/2025/{next(iter(documents))}"
    held.bring(url)
    [of_held] = parent.iterdir()
    left.mkdir()
    (left / "x.pdf").write_bytes(b"x")
    for folder in (left, of_held):
        os.utime(folder, (1, 1))
    later = Spool(tmp_path)
    later.bring(url)
    assert not left.exists()
    assert of_held.exists()
    later.close()
    held.close()
    assert list(parent.iterdir()) == []


def test_one_that_is_gone_when_its_turn_comes_fails_alone(bucket: MemoryFileSystem, documents: dict[str, bytes], tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        planned = plan(["memory://forms/2025"], store)
        for task in planned.tasks:
            task.leave()
        bucket.rm(f"/forms/2025/{list(documents)[1]}")
        outcomes: list[Outcome] = list(run(planned, store, 2))
    assert [outcome.status for outcome in outcomes] == ["done", "failed", "done"]
    assert isinstance(outcomes[1].error, MissingDocument)


def test_documents_are_known_by_their_urls_and_shown_from_there(
    bucket: MemoryFileSystem, documents: dict[str, bytes], tmp_path: Path
) -> None:
    bucket.pipe("/forms/zz-twin.pdf", next(iter(documents.values())))
    with Store.open(tmp_path / "home") as store:
        read_in(["memory://forms"], store)
        first, *_ = store.documents()
        assert first.files == (f"memory:///forms/2025/{next(iter(documents))}", "memory:///forms/zz-twin.pdf")
        assert first.sha256 is not None
        pictures = Pictures(store)
        bucket.rm(f"/forms/2025/{next(iter(documents))}")
        assert isinstance(pictures.draw(first.sha256, 1, 48), bytes)
        shown = pictures.page(first.sha256, 1)
        assert isinstance(shown, PagePicture)
        assert shown.file == "zz-twin.pdf"
        bucket.pipe("/forms/zz-twin.pdf", b"%PDF-other")
        assert Pictures(store).page(first.sha256, 1) == NoPicture(why="changed", file=next(iter(documents)))
        bucket.rm("/forms/zz-twin.pdf")
        assert Pictures(store).page(first.sha256, 1) == NoPicture(why="missing", file=next(iter(documents)))
        assert store.remove("memory:///forms/zz-twin.pdf").forms_gone == 1
