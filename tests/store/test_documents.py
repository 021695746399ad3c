"""Documents: the same bytes once, failures listed and retried, removal."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.canonical import dump_forms
from schema.errors import CanonicalError, StoreError, UsageError
from schema.reading import PageReport
from store import Store
from tests.factories import make_form, make_reading, sha


def test_the_same_bytes_again_do_nothing_but_their_new_path_is_remembered(store: Store, run: int) -> None:
    reading = make_reading([make_form()], "甲.pdf")
    assert store.save(reading, run).new
    again = store.save(reading.model_copy(update={"file": "副本/甲 (1).pdf"}), run)
    assert not again.new
    known = store.known(reading.sha256)
    assert known is not None
    assert [Path(file).name for file in known.files] == ["甲.pdf", "甲 (1).pdf"]
    assert all(Path(file).is_absolute() for file in known.files)
    assert store.counts().versions == 1


def test_what_was_never_seen_is_not_known(store: Store) -> None:
    assert store.known(sha("别处")) is None


def test_a_failed_document_is_listed_and_replaced_when_it_can_be_read(store: Store, run: int) -> None:
    reading = make_reading([make_form()], "甲.pdf")
    store.save_failure("甲.pdf", reading.sha256, 10, "需要密码", run)
    known = store.known(reading.sha256)
    assert known is not None
    assert (known.status, known.reason, store.counts().failed) == ("failed", "需要密码", 1)
    assert store.save(reading, run).new
    known = store.known(reading.sha256)
    assert known is not None
    assert (known.status, known.reason, store.counts().failed) == ("done", None, 0)


def test_a_file_without_bytes_is_listed_once_by_its_path(store: Store, run: int) -> None:
    store.save_failure("没有.pdf", None, 0, "没有这个文件", run)
    store.save_failure("没有.pdf", None, 0, "打不开", run)
    assert [(document.reason, document.sha256) for document in store.documents()] == [("打不开", None)]


def test_good_bytes_at_the_path_of_broken_ones_replace_the_failure(store: Store, run: int) -> None:
    store.save_failure("甲.pdf", sha("截断的"), 10, "文件不完整", run)
    store.save(make_reading([make_form()], "甲.pdf"), run)
    assert [document.status for document in store.documents()] == ["done"]


def test_a_failure_does_not_undo_what_was_read(store: Store, run: int) -> None:
    reading = make_reading([make_form()], "甲.pdf")
    store.save(reading, run)
    store.save_failure("甲.pdf", reading.sha256, 10, "打不开", run)
    assert store.counts().failed == 0
    assert store.counts().forms == 1


def test_removing_a_document_removes_its_forms_and_everything_below(store: Store, run: int) -> None:
    store.save(make_reading([make_form("一"), make_form("二", grade="差")], "甲.pdf"), run)
    removed = store.remove("甲.pdf")
    assert (removed.forms_gone, removed.forms_kept, removed.corrections_kept) == (2, 0, 0)
    with store.database.read() as connection:
        for table in ("documents", "document_files", "pages", "forms", "versions", "indicators", "evidence", "funding", "findings"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0, table


def test_a_document_is_named_by_path_name_or_hash(store: Store, run: int) -> None:
    store.save(make_reading([make_form("一")], "一/表.pdf"), run)
    store.save(make_reading([make_form("二")], "二/表.pdf"), run)
    with pytest.raises(UsageError, match="对应 2 个文件"):
        store.remove("表.pdf")
    with pytest.raises(UsageError, match="没有导入过"):
        store.remove("无.pdf")
    assert store.remove("一/表.pdf").forms_gone == 1
    assert store.remove(sha("二/表.pdf")[:10]).forms_gone == 1


def test_importing_a_file_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    forms = make_reading([make_form("一"), make_form("二")]).forms
    file = tmp_path / "forms.json"
    file.write_text(dump_forms(forms), encoding="utf-8")
    first, again = store.import_forms(forms, file), store.import_forms(forms, file)
    assert (first.new, first.forms, first.current, again.new) == (True, 2, 2, False)
    assert list(store.iter_forms()) == list(forms)
    assert store.counts().versions == 2


def test_an_import_with_one_id_twice_is_refused(store: Store, tmp_path: Path) -> None:
    form = make_form(form_id="001-1")
    with pytest.raises(CanonicalError, match="001-1 出现了不止一次"):
        store.import_forms([form, form], tmp_path / "forms.json")


def test_an_import_may_not_take_the_id_of_another_form(store: Store, tmp_path: Path) -> None:
    for name in ("甲项目", "乙项目"):
        (tmp_path / f"{name}.json").write_text(name, encoding="utf-8")
    store.import_forms([make_form("甲项目", form_id="001-1")], tmp_path / "甲项目.json")
    with pytest.raises(CanonicalError, match="001-1（乙项目）已是另一张表（甲项目）的编号"):
        store.import_forms([make_form("乙项目", form_id="001-1")], tmp_path / "乙项目.json")
    assert store.counts().documents == 1


def test_an_import_of_a_missing_file_says_so(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="读不出来"):
        store.import_forms([make_form(form_id="a")], tmp_path / "forms.json")


def test_runs_are_listed_and_unfinished_ones_counted(store: Store, run: int) -> None:
    other = store.start_run("ingest more")
    store.finish_run(other)
    assert [(r.run_id, r.finished_at is not None) for r in store.runs()] == [(other, True), (run, False)]
    assert store.counts().unfinished_runs == 1


def test_how_each_page_was_read_is_kept(store: Store, run: int) -> None:
    pages = (
        PageReport(page=1, status="done", method="ocr", seconds=1.25, notes=("未采用看不见的文字 1 处", "转正后读取")),
        PageReport(page=2, status="failed", reason="读不出来"),
        PageReport(page=3, status="empty", method="layout", seconds=0.002),
    )
    reading = make_reading([make_form()]).model_copy(update={"pages": pages})
    store.save(reading, run)
    assert tuple(store.pages(reading.sha256)) == pages
    assert store.pages(sha("别处")) == []
