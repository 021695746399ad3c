"""Imports of the web app: what is taken in, a worker that is killed, and going on after a restart."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agents.embed import embedder_from_env
from agents.imports import Board, ImportDesk, Limits, Options, Sent
from agents.imports.queue import Entry, ImportQueue
from agents.imports.records import LIVE
from agents.imports.uploads import FOLDER, safe_name
from agents.pipeline import ingest
from schema.errors import StoreBusy, StoreError, StoreVersion
from store.index import Index
from store.store import Store

ME, OTHER = "browser:me", "browser:other"
PATIENCE = 120.0


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home-of-imports"


@pytest.fixture
def desk(home: Path) -> Iterator[ImportDesk]:
    opened = ImportDesk(home)
    yield opened
    opened.close()


@pytest.fixture
def send(tmp_path: Path, desk: ImportDesk) -> Callable[..., None]:
    """Hands a file in as the page does: a copy under a name that tells nothing."""

    def hand_in(source: Path | bytes, name: str = "", owner: str = ME, limits: Limits | None = None, **options: str) -> None:
        arrived = tmp_path / f"upload-{time.monotonic_ns()}"
        if isinstance(source, bytes):
            arrived.write_bytes(source)
        else:
            shutil.copy(source, arrived)
        desk.take(owner, "batch", Sent(name or getattr(source, "name", "x"), arrived), Options(**options), limits or Limits())  # type: ignore[arg-type]
        assert not arrived.exists()

    return hand_in


def wait_for(told: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not told():
        assert time.monotonic() < until
        time.sleep(0.01)


def settled(desk: ImportDesk, owner: str = ME) -> Board:
    """The board when all is read; the index may come later."""
    wait_for(lambda: not any(item.status in LIVE for item in desk.board(owner).items))
    return desk.board(owner)


def runs(process: int) -> bool:
    state = Path(f"/proc/{process}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def uploads(home: Path) -> list[str]:
    return sorted(path.name for path in (home / FOLDER).rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2023年自评表.pdf", "2023年自评表.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a/b/.hidden.pdf", "hidden.pdf"),
        ("\u202egpj.pdf\x00", "gpj.pdf"),
        ("CON.pdf", "未命名_CON.pdf"),
        ('表<1>:"a"|?*.docx', "表_1___a____.docx"),
        ("...", "未命名"),
        ("", "未命名"),
        ("表" * 200 + ".xlsx", "表" * 58 + ".xlsx"),
    ],
)
def test_names_of_visitors_do_no_harm(given: str, expected: str) -> None:
    assert safe_name(given) == expected
    assert safe_name(safe_name(given)) == expected


def test_documents_are_read_in_another_process_and_those_that_cannot_be_are_named(
    desk: ImportDesk, home: Path, sample_pdfs: list[Path], send: Callable[..., None]
) -> None:
    with Store.open(home) as store:
        ingest([str(sample_pdfs[1])], store)
    send(sample_pdfs[0])
    send(sample_pdfs[0].read_bytes()[:900], "断.pdf")
    send(sample_pdfs[1], "早就读过.pdf")
    wait_for(lambda: desk.process_id is not None)
    assert desk.process_id != os.getpid()
    wait_for(lambda: not desk.board(ME).busy)
    board = desk.board(ME)
    done, broken, known = board.items
    assert (done.status, done.pages, done.read, len(done.forms), done.trouble) == ("done", 4, 4, 4, "")
    assert (broken.status, broken.again) == ("failed", False)
    assert "损坏" in broken.told
    assert "重新下载" in broken.told
    assert (known.status, len(known.forms)) == ("known", 4)
    # Evidence needs the original of what was read; nothing needs the others.
    assert uploads(home) == [sample_pdfs[0].name]
    with Store.open(home) as store:
        assert {form.form_id for form in store.forms()} == {form_id for form_id, _ in (*done.forms, *known.forms)}
        files = {document.files for document in store.documents() if document.status == "done"}
        with Index.open(store, embedder_from_env({}, home)) as index:
            assert index.state().waiting_forms == 0
    assert files == {(str(sample_pdfs[1]),), (str(home / FOLDER / sha256_of(sample_pdfs[0]) / sample_pdfs[0].name),)}
    assert board.note == ""


@pytest.mark.parametrize(
    ("content", "limits", "trouble"),
    [
        (b"MZ\x90\0 a program", Limits(), "可执行程序"),
        (b"PK\x03\x04 not really", Limits(), "不完整"),
        (b"\0\1\2", Limits(), "内容不是"),
        (b"", Limits(), "empty"),
        (b"%PDF-1.7 long", Limits(file_bytes=3), "big"),
        (b"%PDF-1.7 long", Limits(files=0), "many"),
        (b"%PDF-1.7 long", Limits(queued_bytes=3), "full"),
        (b"%PDF-1.7 long", Limits(spare_bytes=2**62), "disk"),
    ],
)
def test_what_is_refused_is_named_and_not_kept(
    desk: ImportDesk, home: Path, send: Callable[..., None], content: bytes, limits: Limits, trouble: str
) -> None:
    send(content, "自评表.pdf", limits=limits)
    (item,) = desk.board(ME).items
    assert (item.name, item.status) == ("自评表.pdf", "refused")
    assert trouble in (item.told or item.trouble)
    assert not (home / FOLDER).exists() or uploads(home) == []
    assert desk.process_id is None


def test_a_killed_worker_costs_one_document_and_the_rest_goes_on(
    desk: ImportDesk, home: Path, sample_pdfs: list[Path], send: Callable[..., None]
) -> None:
    for number in (3, 0, 1, 2):
        send(sample_pdfs[number])
    long, *_, last = desk.board(ME).items
    desk.cancel(OTHER)
    desk.cancel(OTHER, last.item_id)
    desk.cancel(ME, last.item_id)
    wait_for(lambda: desk.board(ME).items[0].status == "reading")
    assert desk.process_id is not None
    os.kill(desk.process_id, signal.SIGKILL)
    crashed, *others = settled(desk).items
    assert (crashed.status, crashed.trouble, crashed.again) == ("failed", "crashed", True)
    assert [item.status for item in others] == ["done", "done", "cancelled"]
    assert set(uploads(home)) == {sample_pdfs[number].name for number in (3, 0, 1)}
    with Store.open(home) as store:
        assert {form.form_id for form in store.forms()} == {form_id for item in others for form_id, _ in item.forms}
        assert store.counts().unsettled_units == 0

    # What is being read can be cancelled, too: tried again, and given up.
    desk.retry(ME)
    wait_for(lambda: desk.board(ME).items[0].status == "reading")
    desk.cancel(ME, long.item_id)
    assert settled(desk).items[0].status == "cancelled"
    wait_for(lambda: sample_pdfs[3].name not in uploads(home))
    desk.clear(ME)
    assert desk.board(ME).items == ()
    assert set(uploads(home)) == {sample_pdfs[number].name for number in (0, 1)}


def test_visitors_see_their_own_only_and_take_turns(
    desk: ImportDesk, sample_pdfs: list[Path], send: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.imports.keeper.Keeper._keep", lambda self: None)
    for path in sample_pdfs[:3]:
        send(path)
    send(sample_pdfs[3], owner=OTHER)
    assert len(desk.board(ME).items) == 3
    assert desk.board(ME).ahead == 1
    assert [item.name for item in desk.board(OTHER).items] == [sample_pdfs[3].name]
    assert desk.board("browser:nobody").items == ()
    with ImportQueue.open(desk._home) as queue:
        taken = [job.path.name for _ in range(4) if (job := queue.take()) is not None]
        assert queue.take() is None
    assert taken == [sample_pdfs[number].name for number in (0, 3, 1, 2)]


def test_one_web_app_works_through_a_queue(desk: ImportDesk, home: Path, send: Callable[..., None]) -> None:
    send(b"", "空.pdf")
    second = ImportDesk(home)
    assert len(second.board(ME).items) == 1
    with pytest.raises(StoreBusy, match="另一个绩核网页"):
        second.refuse(ME, "batch", "x.pdf", 0, "lost")
    second.close()
    desk.close()
    third = ImportDesk(home)
    third.refuse(ME, "batch", "x.pdf", 0, "lost")
    third.close()


def test_images_of_a_folder_are_the_pages_of_one_document(
    desk: ImportDesk, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agents.imports.keeper.Keeper._keep", lambda self: None)

    def pictures(*names: str) -> list[Sent]:
        out = []
        for number, name in enumerate(names):
            path = tmp_path / f"arrived-{name}"
            path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([number]) * 20)
            out.append(Sent(name, path))
        return out

    desk.take_pages(ME, "1", "某单位/自评表", pictures("第1页.png", "第2页.png"), Options(), Limits())
    desk.take_pages(ME, "2", "照片", pictures("a.png", "b7.png"), Options(), Limits())
    names = [item.name for item in desk.board(ME).items]
    assert names == ["a.png", "b7.png", "自评表"]
    with ImportQueue.open(home) as queue:
        folder = next(row.path for row in queue.kept(ME, ("waiting",)) if row.path.is_dir())
    assert sorted(path.name for path in folder.iterdir()) == ["第1页.png", "第2页.png"]
    desk.cancel(ME)
    assert uploads(home) == []


@pytest.mark.slow
def test_a_worker_that_cannot_start_is_told_and_not_started_for_ever(
    desk: ImportDesk, sample_pdfs: list[Path], send: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIHE_DATABASE_URL", "nonsense://")
    send(sample_pdfs[0])
    board = settled(desk)
    assert [item.status for item in board.items] == ["interrupted"]
    assert "JIHE_DATABASE_URL" in board.note


_WEB_APP = """
import shutil, sys, time
from pathlib import Path
from agents.imports import ImportDesk, Limits, Options, Sent
home, source = map(Path, sys.argv[1:])
home.mkdir()
desk = ImportDesk(home)
for owner, name in (("browser:me", "a.pdf"), ("browser:other", "b.pdf")):
    desk.take(owner, "batch", Sent(name, Path(shutil.copy(source, home / name))), Options(), Limits())
while desk.board("browser:me").items[0].status != "reading":
    time.sleep(0.01)
print(desk.process_id, flush=True)
time.sleep(60)
"""


def test_what_was_left_is_gone_on_with_after_the_web_process_was_killed(home: Path, sample_pdfs: list[Path]) -> None:
    arguments = [sys.executable, "-c", _WEB_APP, str(home), str(sample_pdfs[3])]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout is not None
        worker = int(web.stdout.readline())
        web.kill()
    wait_for(lambda: not runs(worker))
    later = ImportDesk(home)
    try:
        assert [item.status for item in later.board(ME).items] == ["interrupted"]
        assert not later.board(ME).busy
        assert later.process_id is None
        later.leave(OTHER)
        later.resume(ME)
        assert [item.status for item in settled(later).items] == ["done"]
        assert [item.status for item in later.board(OTHER).items] == ["cancelled"]
        assert uploads(home) == ["a.pdf"]
        worker = later.process_id or 0
    finally:
        later.close()
    assert not worker or not runs(worker)


def test_a_queue_that_is_damaged_or_newer_is_told(home: Path) -> None:
    with ImportQueue.open(home) as queue:
        queue.add(Entry(ME, "1", "x", 1, Options()), "refused")
        queue._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreVersion, match="版本 99"):
        ImportDesk(home).board(ME)
    (home / "imports.db").write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(StoreError, match=r"imports\.db"):
        ImportDesk(home).board(ME)


def test_what_a_worker_does_is_in_the_log(
    home: Path, desk: ImportDesk, send: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "jihe.log"
    monkeypatch.setenv("JIHE_LOG", str(log))
    send(b"%PDF-1.7", "表.pdf")
    settled(desk)
    assert '"event": "document"' in log.read_text(encoding="utf-8")
