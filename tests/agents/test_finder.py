"""The index as answering uses it: opened late, and no trouble of it is a question's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents import finder
from agents.finder import IndexFinder
from agents.indexing import bring_up_to_date
from store import Store
from store.index import Chunk, ChunkFilter
from store.index.lock import index_lock
from tests.factories import make_form, make_indicator, make_reading

OTHER = {"JIHE_EMBEDDING_MODEL": "m", "OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
NONE = {"JIHE_EMBEDDING_MODEL": "local:/nowhere"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two forms, indexed."""
    with Store.open(tmp_path / "home") as opened:
        rows = (make_indicator(0, name="停车票发放数量"), make_indicator(1, name="巡检次数"))
        forms = [make_form("停车费", indicators=rows), make_form("政务服务热线运维")]
        opened.save(make_reading(forms, "自评表.pdf"), opened.start_run("test"))
        assert bring_up_to_date(opened, {}) is None
        yield opened


def _junk(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"no database " * 5000)


def _cut(folder: Path) -> None:
    whole = (folder / "chroma.sqlite3").read_bytes()
    (folder / "chroma.sqlite3").write_bytes(whole[: len(whole) // 3])


def _file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("a file", encoding="utf-8")


def test_what_is_found_is_of_the_forms_that_are_meant(store: Store) -> None:
    with IndexFinder(store, {}) as found:
        forms = tuple(form.form_id for form in store.iter_forms())
        first = found.search("停车票", forms, 3)[0].chunk
        assert (first.form_id, first.cell) == (forms[0], "indicators[0].name")
        assert {hit.chunk.form_id for hit in found.search("停车票", forms[1:], 50)} == {forms[1]}
        assert found.search("停车票", (), 5) == []
        assert found.notice is None


def test_very_many_forms_are_sifted_afterwards(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finder, "NAMED_AT_MOST", 0)
    forms = tuple(form.form_id for form in store.iter_forms())
    with IndexFinder(store, {}) as found:
        hits = found.search("停车票", forms[:1], 2, ChunkFilter(kinds=("indicator",)))
        assert [(hit.chunk.form_id, hit.chunk.kind) for hit in hits] == [(forms[0], "indicator")] * 2


@pytest.mark.parametrize("damage", [_junk, _cut, _file])
def test_a_corrupt_index_is_said_and_words_decide(store: Store, damage: Callable[[Path], None]) -> None:
    damage(store.home / "index")
    with IndexFinder(store, {}) as found:
        hits = found.search("停车票", k=3)
        assert (hits[0].chunk.text.split("\n")[0], hits[0].how) == ("停车票发放数量", ("terms",))
        assert "jihe reindex" in (found.notice or "")
        assert "\n" not in (found.notice or "")


@pytest.mark.parametrize(("environ", "said"), [(OTHER, "jihe reindex"), (NONE, "没有模型")])
def test_another_embedding_or_none_is_said_and_words_decide(store: Store, environ: dict[str, str], said: str) -> None:
    with IndexFinder(store, environ) as found:
        assert found.search("停车票", k=3)[0].how == ("terms",)
        assert said in (found.notice or "")
        found.notice = None
        assert found.search("停车票", k=3)
        assert said in (found.notice or "")


def test_a_deleted_index_is_made_again(store: Store) -> None:
    shutil.rmtree(store.home / "index")
    with IndexFinder(store, {}) as found:
        assert "dense" in found.search("停车票", k=3)[0].how


def test_without_forms_nothing_is_found(tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty") as empty, IndexFinder(empty, {}) as found:
        assert bring_up_to_date(empty, {}) is None
        assert not (empty.home / "index").exists()
        assert found.search("停车票") == []
        assert found.chunks(ChunkFilter()) == []


def test_chunks_of_an_index_that_cannot_be_opened_are_none(store: Store) -> None:
    with IndexFinder(store, NONE) as found:
        held: list[Chunk] = found.chunks(ChunkFilter())
        assert held == []
        assert "没有模型" in (found.notice or "")


def test_writing_that_waits_for_another_process_is_a_notice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.index.WAIT_SECONDS", 0.1)
    store.save(make_reading([make_form("新项目")], "新.pdf"), store.start_run("test"))
    with index_lock(store.home):
        assert "另一个 jihe 进程正在写索引" in (bring_up_to_date(store, {}) or "")
    told: list[tuple[int, int]] = []
    assert bring_up_to_date(store, {}, lambda done, total: told.append((done, total))) is None
    assert told


@pytest.mark.parametrize(("environ", "said"), [(OTHER, "另一种向量"), (NONE, "没有模型")])
def test_writing_that_fails_is_a_notice(store: Store, environ: dict[str, str], said: str) -> None:
    store.save(make_reading([make_form("新项目")], "新.pdf"), store.start_run("test"))
    notice = bring_up_to_date(store, environ)
    assert notice is not None
    assert said in notice


def test_a_question_that_needs_no_texts_does_not_import_chroma(store: Store) -> None:
    script = (
        "import sys; from pathlib import Path; from agents.answer.ask import Asker\n"
        "with Asker.open(Path(sys.argv[1])) as asker: assert asker.turn('停车费的执行率是多少？').answer.verified\n"
        "print([name for name in ('chromadb', 'langchain_core', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(store.home)], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"
