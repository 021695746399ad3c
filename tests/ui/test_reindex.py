"""`jihe reindex`."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from agents.embed import NgramEmbedder
from schema.errors import StoreBusy
from store import Store
from store.index import Index
from store.index.lock import index_lock
from ui.cli import reindex


def _run(*arguments: object) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    reindex.register(app)
    return CliRunner().invoke(app, ["reindex", *(str(argument) for argument in arguments)])


def test_the_index_is_made_anew(filled: Path) -> None:
    done = _run("--home", filled)
    assert done.exit_code == 0, done.output
    assert "已重建：18 段，向量 jihe-ngrams-" in done.stdout
    with Store.open(filled) as store, Index.open(store, NgramEmbedder()) as index:
        assert index.state().waiting_vectors == 0
        assert index.search("公共数据平台")[0].chunk.project is not None


def test_what_is_missing_is_filled_in(filled: Path) -> None:
    assert "已补齐：18 段" in _run("--home", filled, "--missing").stdout
    assert "已补齐：18 段" in _run("--home", filled, "--missing").stdout


def test_a_second_writer_is_told(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.index.WAIT_SECONDS", 0.1)
    with index_lock(filled):
        done = _run("--home", filled)
    assert isinstance(done.exception, StoreBusy)


def test_a_home_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert _run("--home", tmp_path / "none").exit_code == 1
    assert not (tmp_path / "none").exists()
