"""Several processes on one index, and processes that die."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schema.errors import StoreBusy
from store import Store
from store.index import Index
from tests.factories import make_form, make_indicator, make_reading
from tests.store.index.embedders import ToyEmbedder

ROOT = Path(__file__).parents[3]

WRITER = """
import os, signal, sys
from pathlib import Path
from store import Store
from store.index import Index, upkeep
from tests.factories import make_form, make_indicator, make_reading
from tests.store.index.embedders import ToyEmbedder

home, name, count, how = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
    run = store.start_run("ingest")
    for i in range(count):
        rows = tuple(make_indicator(n, name=f"{name}第{i}批事项{n}") for n in range(4))
        store.save(make_reading([make_form(f"{name}{i}项目", indicators=rows)], f"{name}{i}.pdf"), run)
        if how == "killed before vectors" and i == count - 1:
            index._mender.take_in()
            die()
        if how == "killed after vectors" and i == count - 1:
            upkeep.note_written = die
        if how != "store only":
            index.catch_up()
        print(i, flush=True)
    store.finish_run(run)
"""

HOLDER = """
import sys, time
from pathlib import Path
from store.index.lock import index_lock
with index_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def _process(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *(str(argument) for argument in arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _chunks_and_vectors(index: Index) -> tuple[set[str], set[str]]:
    index.catch_up()
    return {chunk.id for chunk in index.chunks()}, index._book.keys()


def test_two_processes_write_at_once_and_nothing_is_lost(home: Path) -> None:
    writers = [_process(WRITER, home, name, 3, "both") for name in ("甲", "乙")]
    for writer in writers:
        _, complaint = writer.communicate(timeout=120)
        assert (writer.returncode, complaint) == (0, "")
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        assert index.state().waiting_vectors == 0
        chunks, vectors = _chunks_and_vectors(index)
        assert chunks == vectors
        assert len(chunks) == 6 * 7
        for name in ("甲0项目", "乙2项目"):
            assert index.search(name)[0].chunk.project == name


@pytest.mark.parametrize("how", ["store only", pytest.param("both", marks=pytest.mark.slow)])
def test_who_asks_sees_what_another_process_committed_with_the_next_question(home: Path, how: str) -> None:
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        store.save(make_reading([make_form("早先的项目")], "早.pdf"), store.start_run("test"))
        assert "dense" in index.search("早先的项目")[0].how
        writer = _process(WRITER, home, "新", 3, how)
        _, complaint = writer.communicate(timeout=60)
        assert (writer.returncode, complaint) == (0, "")
        hit = index.search("新2第2批事项3")[0]
        assert (hit.chunk.text.split("\n")[0], set(hit.how)) == ("新第2批事项3", {"text", "dense"})
        assert index.shortfall is None
        store.remove("新2.pdf")
        assert not index.match_terms(["新第2批"])
        assert "新2项目" not in {found.chunk.project for found in index.search("新2项目", k=50)}


def test_questions_are_answered_while_another_process_imports(home: Path) -> None:
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        writer = _process(WRITER, home, "新", 5, "both")
        slowest, seen = 0.0, 0
        while writer.poll() is None:
            began = time.monotonic()
            index.search("新项目事项")
            slowest = max(slowest, time.monotonic() - began)
            now = len({match.chunk.form_id for match in index.match_terms(["批事项"])})
            assert now >= seen
            seen = now
        assert (writer.returncode, writer.communicate()[1]) == (0, "")
        assert len({match.chunk.form_id for match in index.match_terms(["批事项"])}) == 5
        assert slowest < 20
        chunks, vectors = _chunks_and_vectors(index)
        assert chunks == vectors


# After vectors, a whole command is killed in tests/ui/test_ask_processes.py.
@pytest.mark.parametrize("how", ["killed before vectors", pytest.param("killed after vectors", marks=pytest.mark.slow)])
def test_a_process_killed_between_database_and_vectors_is_mended_at_the_next_start(home: Path, how: str) -> None:
    writer = _process(WRITER, home, "甲", 3, how)
    writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        assert index.state().waiting_vectors > 0
        hit = index.search("甲第2批事项1")[0]
        assert (hit.chunk.project, set(hit.how)) == ("甲2项目", {"text", "dense"})
        chunks, vectors = _chunks_and_vectors(index)
        assert chunks == vectors
        assert len(chunks) == 21


def test_a_process_killed_anywhere_is_mended_at_the_next_start(home: Path) -> None:
    for attempt in range(2):
        writer = _process(WRITER, home, f"第{attempt}轮", 50, "both")
        assert writer.stdout is not None
        for _ in range(attempt + 1):
            writer.stdout.readline()
        time.sleep(0.013 * attempt)
        writer.kill()
        writer.communicate(timeout=60)
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        chunks, vectors = _chunks_and_vectors(index)
        assert chunks == vectors
        assert len(chunks) == 7 * store.counts().forms
        assert index.search("第0轮0项目")[0].chunk.project == "第0轮0项目"


def test_a_second_writer_gets_a_message_within_seconds(home: Path) -> None:
    holder = _process(HOLDER, home)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
            store.save(make_reading([make_form("等着的项目", indicators=(make_indicator(0),))], "甲.pdf"), store.start_run("test"))
            began = time.monotonic()
            with pytest.raises(StoreBusy, match="另一个 jihe 进程正在写索引"):
                index.rebuild()
            assert time.monotonic() - began < 8
            # Questions go on, by words.
            assert index.search("等着的项目")[0].chunk.project == "等着的项目"
            assert "另一个" in (index.shortfall or "")
            holder.kill()
            holder.wait(timeout=10)
            assert "dense" in index.search("等着的项目")[0].how
    finally:
        holder.kill()
        holder.communicate(timeout=10)
