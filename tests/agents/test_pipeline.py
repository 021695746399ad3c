"""Documents into the store: once each, in order, whatever happens on the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

import agents.pipeline
import agents.reader
import agents.reading_pool
from agents.pipeline import IN_THIS_PROCESS, Outcome, Plan, Task, ingest, plan, run
from agents.progress import Watch
from eval.synthesis.corpus import write_corpus
from eval.synthesis.damaged import write_damaged
from ingest.files import Fingerprint
from ingest.settings import Settings
from schema.canonical import dump_forms
from schema.errors import DamagedDocument
from schema.form import Form
from store.home import database_file
from store.store import Store


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return _corpus(tmp_path, 6)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """As many documents as two workers need; each costs a process of its own once a worker died."""
    return _corpus(tmp_path, 2)


def _corpus(folder: Path, count: int) -> Path:
    (folder / "corpus").mkdir()
    write_corpus(folder / "corpus", count)
    return folder / "corpus"


def _statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def _stored(store: Store) -> list[Form]:
    """The forms without what the clock put in."""
    return [
        form.model_copy(update={"source": form.source.model_copy(update={"seconds": None})}) for form in store.iter_forms() if form.source
    ]


def test_documents_are_read_once(corpus: Path, tmp_path: Path) -> None:
    (corpus / "copy.pdf").write_bytes(next(corpus.glob("*.pdf")).read_bytes())
    with Store.open(tmp_path / "home") as store:
        assert sorted(_statuses(ingest([str(corpus)], store))) == ["done"] * 6 + ["known"]
        before = dump_forms(store.iter_forms())
        assert _statuses(ingest([str(corpus)], store)) == ["known"] * 7
        assert dump_forms(store.iter_forms()) == before


def test_workers_give_the_same_in_the_same_order(corpus: Path, tmp_path: Path) -> None:
    stored = []
    for workers in (IN_THIS_PROCESS, 1, 2):
        with Store.open(tmp_path / f"home{workers}") as store:
            ingest([str(corpus)], store, workers)
            stored.append(_stored(store))
    assert stored[0] == stored[1] == stored[2]


def test_bad_documents_do_not_stop_the_others(corpus: Path, tmp_path: Path) -> None:
    good = next(corpus.glob("*.pdf")).read_bytes()
    expected = write_damaged(corpus / "damaged", good)
    # The reader's own tests read pictures; here OCR would have to start in every worker.
    for path in [path for path in expected if path.stem in ("scan", "picture-named-pdf")]:
        path.unlink()
        del expected[path]
    with Store.open(tmp_path / "home") as store:
        outcomes = ingest([str(corpus), str(tmp_path / "missing.pdf")], store, 2)
        by_file = {Path(outcome.file): outcome for outcome in outcomes}
        for path, error in expected.items():
            if path.suffix == ".pdf":
                found = by_file[path].error
                assert found is None if error is None else isinstance(found, error), path.name
        assert by_file[tmp_path / "missing.pdf"].status == "failed"
        assert len({form.form_id for form in store.iter_forms()}) == 6
        failed = [document for document in store.documents() if document.status == "failed"]
        assert failed
        assert all(document.reason for document in failed)


def test_a_document_that_failed_is_tried_again(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "late.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    with Store.open(tmp_path / "home") as store:
        assert _statuses(ingest([str(path)], store)) == ["failed"]
        path.write_bytes(next(corpus.glob("*.pdf")).read_bytes())
        assert _statuses(ingest([str(path)], store)) == ["done"]
        assert [document.status for document in store.documents()] == ["done"]


def test_closing_a_run_keeps_what_was_read(corpus: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        outcomes = run(plan([str(corpus)], store), store, workers=2)
        next(outcomes)
        outcomes.close()
        assert store.counts().documents == 1
        assert sorted(_statuses(ingest([str(corpus)], store))) == ["done"] * 5 + ["known"]


def test_a_document_that_kills_its_worker_fails_alone(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deadly = few / "000-deadly.pdf"
    deadly.write_bytes(next(few.glob("*.pdf")).read_bytes() + b"\n% deadly")
    monkeypatch.setattr(agents.reading_pool, "attempt", _attempt_or_die)
    with Store.open(tmp_path / "home") as store:
        by_file = {Path(outcome.file): outcome for outcome in ingest([str(few)], store, 2)}
    assert isinstance(by_file[deadly].error, DamagedDocument)
    assert [outcome.status for path, outcome in by_file.items() if path != deadly] == ["done"] * 2


def _attempt_or_die(path: Path, settings: Settings, watch: Watch) -> object:
    """Stands in for MuPDF crashing: runs in the worker."""
    if "deadly" in path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return agents.reader.read_material(path, settings, watch)


@pytest.mark.parametrize("after", [0.05, *(pytest.param(after, marks=pytest.mark.slow) for after in (0.0, 0.15))])
def test_kill_9_leaves_whole_documents_and_the_next_run_ends_the_same(after: float, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, 12)
    home = tmp_path / "killed"
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ingest", str(corpus), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while not _documents(database_file(home)) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(after)
    in_the_middle = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with Store.open(home) as store, Store.open(tmp_path / "calm") as calm:
        kept = store.counts()
        assert kept.forms == kept.documents > 0
        assert kept.documents < 12 or not in_the_middle
        ingest([str(corpus)], store)
        ingest([str(corpus)], calm)
        assert _stored(store) == _stored(calm)
        assert store.findings() == calm.findings()


def _documents(database: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            count: int = connection.execute("select count(*) from documents").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # The other process is just making it.
    return count


def test_a_copy_of_a_document_that_fails_fails_as_well(corpus: Path, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (corpus / name).write_bytes(b"%PDF-1.7\nbroken")
    with Store.open(tmp_path / "home") as store:
        by_file = {Path(outcome.file).name: outcome for outcome in ingest([str(corpus)], store)}
    assert [by_file[name].status for name in ("a.pdf", "b.pdf")] == ["failed", "failed"]
    assert isinstance(by_file["b.pdf"].error, DamagedDocument)
    assert "b.pdf" in by_file["b.pdf"].error.file


def test_a_document_is_known_by_every_path_it_was_met_under(corpus: Path, tmp_path: Path) -> None:
    original = next(corpus.glob("*.pdf"))
    for name in ("at-once.pdf", "later.pdf"):
        (tmp_path / name).write_bytes(original.read_bytes())
    with Store.open(tmp_path / "home") as store:
        outcomes = ingest([str(original), str(tmp_path / "at-once.pdf")], store)
        assert (_statuses(outcomes), plan([str(original), str(original)], store).total) == (["done", "known"], 1)
        ingest([str(tmp_path / "later.pdf")], store)
        assert [Path(file).name for file in store.documents()[0].files] == [original.name, "at-once.pdf", "later.pdf"]
        assert store.remove(str(tmp_path / "later.pdf")).forms_gone == 1


def test_a_path_that_leads_nowhere_is_told_but_not_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        assert _statuses(ingest([str(tmp_path / "typo.pdf")], store)) == ["failed"]
        assert store.documents() == []


def test_an_interrupt_reaches_the_parent_and_no_worker(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, 12)
    command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "ingest", str(corpus), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (tmp_path / "home" / "jihe.db-wal").exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.5)  # The workers are just starting.
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert "Traceback" not in said
    assert process.returncode in (130, 0)


def test_a_few_small_documents_are_not_worth_a_process(corpus: Path, tmp_path: Path) -> None:
    big = [Task(Path(f"{n}.pdf"), Fingerprint(str(n), 3_000_000, "pdf")) for n in range(20)]
    with Store.open(tmp_path / "home") as store:
        assert plan([str(corpus)], store).workers == 1
    assert Plan(tasks=big).workers == (os.cpu_count() or 1)


@pytest.mark.slow
def test_who_asks_for_ocr_gets_another_reading_and_keeps_corrections(corpus: Path, tmp_path: Path) -> None:
    document = min(corpus.glob("*.pdf"))
    with Store.open(tmp_path / "home") as store:
        ingest([str(document)], store)
        (tmp_path / "copy.pdf").write_bytes(document.read_bytes())
        ingest([str(tmp_path / "copy.pdf")], store)
        before, counts = _stored(store), store.counts()
        corrected = before[0].form_id
        store.correct(corrected, "grade", "差", "某人")
        first = store.runs()[0].run_id
        outcomes = list(run(plan([str(document)], store, Settings(ocr="always")), store))
        assert _statuses(outcomes) == ["done"]
        assert {page.method for page in outcomes[0].pages} == {"ocr"}
        assert store.runs()[0].run_id > first
        again = _stored(store)
        assert [form.form_id for form in again] == [form.form_id for form in before]
        assert again[0].grade == "差"
        assert again[0].total_score == before[0].total_score
        assert (store.counts().documents, store.counts().versions) == (counts.documents, counts.versions)
        assert sorted(len(document.files) for document in store.documents()) == [2]


def test_a_new_reading_that_fails_leaves_the_old_one(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(tmp_path / "home") as store:
        ingest([str(corpus)], store)
        before = _stored(store)
        monkeypatch.setattr(agents.pipeline, "attempt", _fail)
        assert set(_statuses(ingest([str(corpus)], store, settings=Settings(ocr="always")))) == {"failed"}
        assert _stored(store) == before


def _fail(path: Path, settings: Settings, watch: Watch) -> object:
    return DamagedDocument(str(path), "读不出来", "请再试")


@pytest.mark.parametrize("workers", [IN_THIS_PROCESS, 2])
def test_progress_counts_pages_even_past_a_worker_that_dies(
    workers: int, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if workers > 1:
        deadly = few / "0001-deadly.pdf"
        deadly.write_bytes(next(few.glob("*.pdf")).read_bytes() + b"\n% deadly")
        monkeypatch.setattr(agents.reading_pool, "attempt", _note_or_die)
    with Store.open(tmp_path / "home") as store:
        planned = plan([str(few)], store)
        seen = [(planned.pages.read, planned.pages.total, planned.pages.exact)]
        outcomes = []
        for outcome in run(planned, store, workers):
            outcomes.append(outcome)
            seen.append((planned.pages.read, planned.pages.total, planned.pages.exact))
    assert seen[0] == (0, len(planned.tasks), False)
    # The document that was lost told of two pages before; they are settled as well.
    pages = sum(len(outcome.pages) or 2 for outcome in outcomes)
    assert seen[-1] == (pages, pages, True)
    assert all(read <= total for read, total, _ in seen)


def _note_or_die(path: Path, settings: Settings, watch: Watch) -> object:
    """Dies amid the document, after telling of its first page."""
    if "deadly" in path.name:
        watch(2, 1)
        os.kill(os.getpid(), signal.SIGKILL)
    return agents.reader.read_material(path, settings, watch)
