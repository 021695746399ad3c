"""Homes carried over, backed up while they are in use, and restored: the same lines come out everywhere."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from schema.canonical import to_json
from schema.errors import JiheError, StoreError, StoreVersion, UsageError
from store import Store
from store.backup import MANIFEST, back_up, read_manifest, restore
from store.calls import CALLS_NAME, Call, CallLog
from store.database import Database, parse_url, sqlite_url
from store.home import database_file
from store.index import Index
from store.migrate import HEAD, REVISIONS, bring_up_to_date, current_revision
from store.transfer import copy_tables
from tests.factories import make_form, make_reading
from tests.servers import Postgres
from tests.store.index.embedders import ToyEmbedder
from tests.store.test_processes import ROOT, WRITER

pytestmark = pytest.mark.files_only
FIRST = Path(__file__).with_name("first_version.sql")


def said(store: Store) -> str:
    """Everything a store says of its forms, as one hash."""
    forms = [to_json(form) for form in store.iter_forms()]
    events = [event.model_dump(mode="json") for form in store.forms() for event in store.corrections(form.form_id)]
    findings = [repr(finding) for finding in store.findings()]
    return hashlib.sha256(json.dumps([forms, events, findings], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@pytest.fixture
def filled(store: Store, run: int) -> Store:
    """A home with everything in it: forms, corrections, a document of its own, a ledger."""
    upload = store.home / "uploads" / ("0" * 64) / "甲.pdf"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"%PDF-1.7 not read here" * 1000)
    for i in range(4):
        store.save(make_reading([make_form(f"项目{i}-{n}") for n in range(5)], str(upload) if i == 0 else f"{i}.pdf"), run)
    store.save_failure("坏.pdf", None, 3_000_000_000, "打不开", run)
    store.finish_run(run)
    store.correct("项目1-2", "grade", "良", "张三")
    store.correct("项目1-3", "indicators[0].deviation", "因机构改革。", "李四")
    store.undo("项目1-3", "indicators[0].deviation", "李四")
    with CallLog.open(store.home / CALLS_NAME) as log:
        log.write(Call(run="r", model="m", host="h", purpose="p", form="f", status="ok", attempt=1))
    return store


@pytest.fixture
def archive(filled: Store, tmp_path: Path) -> Path:
    """A backup of it."""
    back_up(filled, tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def test_a_backup_is_restored_as_it_was(filled: Store, archive: Path, tmp_path: Path) -> None:
    manifest = restore(archive, tmp_path / "new")
    assert {one.name for one in manifest.files} == {CALLS_NAME, f"uploads/{'0' * 64}/甲.pdf"}
    with Store.open(tmp_path / "new") as new:
        assert said(new) == said(filled)
        assert new.counts() == filled.counts()
        assert not list((tmp_path / "new").glob(".restoring*"))
        # The document of the home is found in the home it is in now.
        assert (tmp_path / "new" / "uploads" / ("0" * 64) / "甲.pdf").samefile(new.documents()[0].files[0])
        with CallLog.open(new.home / CALLS_NAME) as log:
            assert len(log.calls()) == 1
        with Index.open(new, ToyEmbedder()) as index:
            assert {chunk.project for chunk in index.chunks()} == {form.project_name for form in new.forms()}
            assert "dense" in index.search("办理业务量")[0].how
        new.correct("项目2-2", "grade", "良", "王五")
        new.save(make_reading([make_form("后来的")], "后.pdf"), new.start_run("ingest"))


def test_a_home_goes_to_a_server_and_back_and_is_the_same(filled: Store, tmp_path: Path, postgres: Postgres) -> None:
    there = postgres.of_home(tmp_path / "there")
    back = tmp_path / "back"
    back.mkdir()
    with closing(Database(parse_url(there))) as server, closing(Database(sqlite_url(database_file(back)))) as last:
        out = copy_tables(filled.database, server, (filled.home, filled.home))
        with Store.open(tmp_path / "there", there) as store:
            assert said(store) == said(filled)
            assert [line.department for line in store.forms()] == [line.department for line in filled.forms()]
        bring_up_to_date(last, back)
        assert copy_tables(server, last, (filled.home, filled.home)) == out
    with Store.open(back) as store:
        assert said(store) == said(filled)
        assert store.counts() == filled.counts()
    with Store.open(tmp_path / "there", there) as store:
        # Ids go on where they ended.
        store.save(make_reading([make_form("后来的")], "后.pdf"), store.start_run("ingest"))
        with pytest.raises(UsageError, match="不是空的"):
            copy_tables(filled.database, store.database, (filled.home, filled.home))
        copy_tables(filled.database, store.database, (filled.home, filled.home), replace=True)
        assert said(store) == said(filled)
    postgres.drop_all()


def test_a_backup_of_a_server_is_restored_to_a_file_and_the_other_way_round(
    filled: Store, archive: Path, tmp_path: Path, postgres: Postgres
) -> None:
    url = postgres.fresh("restored", "template0")
    restore(archive, tmp_path / "there", url)
    with Store.open(tmp_path / "there", url) as store:
        assert said(store) == said(filled)
        store.correct("项目2-2", "grade", "中", "王五")
        again = back_up(store, tmp_path / "again.zip")
        wanted = said(store)
    assert [one.columns for one in again.tables] == [one.columns for one in read_manifest(archive).tables]
    restore(tmp_path / "again.zip", tmp_path / "file")
    with Store.open(tmp_path / "file") as store:
        assert said(store) == wanted
    with pytest.raises(UsageError, match="不是空的"):
        restore(archive, tmp_path / "other", url)
    assert not list((tmp_path / "other").iterdir())
    postgres.drop_all()


def test_what_a_server_does_not_take_is_replaced_and_still_verified(store: Store, run: int, tmp_path: Path, postgres: Postgres) -> None:
    store.save(make_reading([make_form("空", actual_result="甲\0乙\\u0000")], "空.pdf"), run)
    back_up(store, tmp_path / "backup.zip")
    url = postgres.of_home(tmp_path / "there")
    restore(tmp_path / "backup.zip", tmp_path / "there", url)
    with Store.open(tmp_path / "there", url) as there:
        assert there.get("空").actual_result == "甲\ufffd乙\\u0000"
        copy_tables(store.database, there.database, (store.home, store.home), replace=True)
        assert there.get("空").actual_result == "甲\ufffd乙\\u0000"
    postgres.drop_all()


def test_a_backup_is_taken_while_another_process_writes(home: Path, tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), "甲", "0", "400"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()
    with Store.open(home) as store:
        manifests = [back_up(store, tmp_path / f"{i}.zip") for i in range(3)]
    assert writer.poll() is None
    writer.kill()
    writer.communicate(timeout=30)
    rows = [{one.table: one.rows for one in manifest.tables} for manifest in manifests]
    for i, row in enumerate(rows):
        restore(tmp_path / f"{i}.zip", tmp_path / f"new{i}")
        with Store.open(tmp_path / f"new{i}") as store:
            counts = store.counts()
            assert (counts.documents, counts.forms, counts.versions) == (row["documents"], row["forms"], row["versions"])
            assert (counts.forms, counts.indicators) == (3 * counts.documents, 18 * counts.documents)
    assert 5 <= rows[0]["documents"] <= rows[1]["documents"] <= rows[2]["documents"]


def test_a_backup_of_an_older_version_is_restored_and_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(database_file(old))) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    with closing(Database(sqlite_url(database_file(old)))) as database, database.read() as connection:
        revision = str(current_revision(connection))
    assert revision == REVISIONS[0] != HEAD
    monkeypatch.setattr("store.backup.HEAD", revision)
    with closing(Database(sqlite_url(database_file(old)))) as database:
        back_up(Store(old, database, None), tmp_path / "old.zip")  # type: ignore[arg-type]
    restore(tmp_path / "old.zip", tmp_path / "new")
    with Store.open(tmp_path / "new") as new, Store.open(old) as upgraded:
        assert said(new) == said(upgraded)


def _rewritten(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)


def _said(change: Callable[[dict[str, object]], None]) -> Callable[[dict[str, bytes]], None]:
    def changed(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        change(manifest)
        members[MANIFEST] = json.dumps(manifest).encode()

    return changed


def _one_letter(members: dict[str, bytes]) -> None:
    members["tables/versions.jsonl"] = members["tables/versions.jsonl"].replace("项目1-2".encode(), "项目1-9".encode())


def _one_line_less(members: dict[str, bytes]) -> None:
    members["tables/findings.jsonl"] = members["tables/findings.jsonl"].split(b"\n", 1)[1]


def _leads_out(members: dict[str, bytes]) -> None:
    members["files/../../evil.db"] = b"x"
    _said(lambda said: said["files"].append({"name": "../../evil.db", "size": 1, "sha256": "0" * 64}))(members)  # type: ignore[attr-defined]


def _one_file_more(members: dict[str, bytes]) -> None:
    members["files/uploads/evil"] = b"x"


def _larger_than_said(members: dict[str, bytes]) -> None:
    members[f"files/{CALLS_NAME}"] += b"0" * 10_000_000


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (_one_letter, StoreError, "versions 已损坏"),
        (_one_line_less, StoreError, "findings 已损坏"),
        (_leads_out, StoreError, "不该有的路径"),
        (_one_file_more, StoreError, "与清单不符"),
        (_larger_than_said, StoreError, "已损坏"),
        (lambda members: members.pop(MANIFEST), StoreError, "不是 jihe 的备份"),
        (_said(lambda said: said.update(format=2)), StoreVersion, "请先升级"),
        (_said(lambda said: said.update(revision="9999")), StoreVersion, "请先升级"),
        (_said(lambda said: said.update(home=7)), StoreError, "清单已损坏"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told_and_nothing_is_restored(
    archive: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], kind: type[JiheError], words: str
) -> None:
    _rewritten(archive, change)
    with pytest.raises(kind, match=words):
        restore(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("cut", [0, 10, 0.5, 0.99])
def test_a_truncated_archive_is_refused(archive: Path, tmp_path: Path, cut: float) -> None:
    content = archive.read_bytes()
    archive.write_bytes(content[: int(cut * len(content)) if cut < 1 else int(cut)])
    with pytest.raises(StoreError, match="不是完整的 jihe 备份"):
        restore(archive, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_bytes_that_flipped_are_found_wherever_they_are(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    for place in range(100, len(content), len(content) // 10):
        archive.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        home = tmp_path / f"new{place}"
        try:
            restore(archive, home)
        except JiheError:
            assert not home.exists() or not list(home.iterdir())
        else:
            # Not every byte of a zip archive means something; what came out was compared with the manifest.
            assert database_file(home).exists()


def test_only_an_empty_home_is_restored_to_and_only_a_new_file_written(archive: Path, filled: Store, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        restore(archive, tmp_path / "used")
    with pytest.raises(UsageError, match="没有这个文件"):
        restore(tmp_path / "none.zip", tmp_path / "new")
    before = archive.read_bytes()
    with pytest.raises(StoreError, match="写不了"):
        back_up(filled, tmp_path / "no-such-folder" / "x.zip")
    assert archive.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "home", "used"]
    assert archive.stat().st_mode & 0o077 == 0


def test_a_restore_that_is_killed_leaves_an_empty_home_that_can_be_restored_to(archive: Path, tmp_path: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
import store.backup
store.backup.verify = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store.backup.restore(Path({str(archive)!r}), Path({str(tmp_path / "new")!r}))
"""
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == -9
    assert [path.name for path in (tmp_path / "new").iterdir()] == [".restoring"]
    restore(archive, tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").glob(".*")] == []
    with Store.open(tmp_path / "new") as store:
        assert store.counts().forms == 20


def test_an_archive_says_what_it_holds(archive: Path, filled: Store) -> None:
    manifest = read_manifest(archive)
    rows = {one.table: one.rows for one in manifest.tables}
    counts = filled.counts()
    # One reading was corrected: its rows stand there twice.
    assert (rows["forms"], rows["versions"], rows["indicators"]) == (counts.forms, counts.versions + 1, counts.indicators + 6)
    with zipfile.ZipFile(archive) as members:
        for one in manifest.tables:
            lines = members.read(f"tables/{one.table}.jsonl")
            assert (lines.count(b"\n"), hashlib.sha256(lines).hexdigest()) == (one.rows, one.sha256)
