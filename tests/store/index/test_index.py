"""The index as it is used: what is found, under which filters, and that it follows the store."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.errors import StoreBusy, StoreError, UsageError
from store import Store
from store.index import ChunkFilter, Index
from store.index.lock import index_lock
from tests.factories import make_form, make_indicator, make_reading
from tests.store.index.embedders import SilentEmbedder, ToyEmbedder

REFORM = "受机构改革影响，项目移交数据局。"


def _forms() -> list:  # type: ignore[type-arg]
    lost = make_indicator(0, name="运营数据分析报表", score=Decimal(10), deviation=REFORM)
    parking = make_indicator(1, name="免费1小时停车票数量", target=">85000.00(辆)", actual="100,000.00(辆)")
    return [
        make_form("热线运维", indicators=(lost, make_indicator(1)), fiscal_year=2023),
        make_form("停车补贴", indicators=(parking, make_indicator(2)), department="乙局", implementing_unit="乙中心"),
    ]


@pytest.fixture
def filled(index: Index, store: Store, run: int) -> Index:
    """An index over two forms."""
    store.save(make_reading(_forms(), "甲.pdf"), run)
    return index


def test_what_a_question_is_about_comes_first(filled: Index) -> None:
    hit = filled.search("停车票发了多少？")[0]
    assert (hit.chunk.project, hit.chunk.row, hit.chunk.cell) == ("停车补贴", 0, "indicators[0].name")
    assert set(hit.how) == {"text", "dense"}
    assert hit.chunk.page == 3
    assert filled.shortfall is None


def test_a_question_in_english_finds_by_the_thesaurus(filled: Index) -> None:
    hit = filled.search("Which projects lost points to institutional reform?")[0]
    assert hit.chunk.deviation == REFORM
    assert hit.chunk.lost == Decimal(5)
    assert "terms" in hit.how


@pytest.mark.parametrize(
    "text", ["", "   ", "😀", "？！", "的" * 10_000, "a" * 10_000, "'; DROP TABLE chunks; --", 'pairs : "x" OR NEAR(', "\x00", "\ud800"]
)
def test_any_text_can_be_asked(filled: Index, text: str) -> None:
    assert len(filled.search(text)) <= 10
    filled.match_terms([text])
    assert filled.state().chunks == 10


@pytest.mark.parametrize(
    ("wanted", "projects"),
    [
        (ChunkFilter(years=(2023,)), {"热线运维"}),
        (ChunkFilter(units=("乙中心",)), {"停车补贴"}),
        (ChunkFilter(departments=("乙局",), kinds=("goal", "head")), {"停车补贴"}),
        (ChunkFilter(projects=("热线运维", "停车补贴"), kinds=("result",)), {"热线运维", "停车补贴"}),
        (ChunkFilter(lost=True), {"热线运维"}),
        (ChunkFilter(lost=False, kinds=("indicator",), level2=("数量指标",)), set()),
        (ChunkFilter(level1=("产出指标",), deviation=False), {"热线运维", "停车补贴"}),
        (ChunkFilter(forms=()), set()),
        (ChunkFilter(years=(1999,)), set()),
    ],
)
def test_filters_hold_for_every_way_of_searching(filled: Index, wanted: ChunkFilter, projects: set[str]) -> None:
    assert {chunk.project for chunk in filled.chunks(wanted)} == projects
    hits = filled.search("办理业务量、停车票、分析报表、群众满意度、热线、补贴", wanted, k=50)
    assert {hit.chunk.project for hit in hits} == projects
    allowed = {chunk.id for chunk in filled.chunks(wanted)}
    assert {hit.chunk.id for hit in hits} <= allowed
    assert {match.chunk.id for match in filled.match_terms(["业务量", "停车", "报表"], wanted)} <= allowed


@pytest.mark.parametrize(("few", "many"), [(300, 20_000), (3, 20_000), (3, 1)])
def test_filters_hold_however_many_chunks_there_are(filled: Index, monkeypatch: pytest.MonkeyPatch, few: int, many: int) -> None:
    monkeypatch.setattr("store.index.index.FEW", few)
    monkeypatch.setattr("store.index.index.MANY", many)
    hits = filled.search("停车补贴的业务量和停车票", ChunkFilter(projects=("停车补贴",), kinds=("indicator", "head")))
    assert any(hit.likeness is not None and "dense" in hit.how for hit in hits)
    assert {hit.chunk.project for hit in hits} == {"停车补贴"}
    assert {hit.chunk.kind for hit in hits} <= {"indicator", "head"}
    assert all(hit.likeness is None or -1.001 <= hit.likeness <= 1.001 for hit in hits)


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("停车", 1),
        ("车票", 1),
        ("票", 1),
        ("1小时", 1),
        ("100000", 1),
        ("85,000", 1),
        ("停票", 0),
        ("移交", 1),
        ("业务量", 2),
        ("补贴", 1),
        ("数据局。", 1),
    ],
)
def test_terms_are_found_wherever_they_stand_and_nowhere_else(filled: Index, term: str, found: int) -> None:
    matches = [match for match in filled.match_terms([term]) if match.chunk.kind != "head" or term == "补贴"]
    assert len(matches) == found
    assert all(match.terms == (term,) for match in matches)


def test_matches_say_which_terms_they_hold(filled: Index) -> None:
    matches = filled.match_terms(["机构改革", "移交", "停车", "没有的词"], ChunkFilter(kinds=("indicator",)))
    assert sorted(match.terms for match in matches) == [("停车",), ("机构改革", "移交")]


@given(text=st.text(alphabet="停车票机构改革a1 ，", max_size=12))
def test_match_terms_gives_what_a_loop_over_the_chunks_gives(module_index: Index, text: str) -> None:
    from store.index.tokens import singles

    wanted = f" {singles(text)} "
    lines = {c.id: [f" {singles(line)} " for line in c.text.split("\n")] for c in module_index.chunks()}
    by_hand = {key for key, of in lines.items() if wanted.strip() and any(wanted in line for line in of)}
    assert {match.chunk.id for match in module_index.match_terms([text])} == by_hand


@pytest.fixture(scope="module")
def module_index(module_store, tmp_path_factory):  # type: ignore[no-untyped-def]
    """An index that many examples share."""
    store = module_store()
    store.save(make_reading(_forms(), "甲.pdf"), store.start_run("test"))
    with Index.open(store, ToyEmbedder()) as index:
        yield index


def test_a_form_that_is_removed_is_found_no_more(filled: Index, store: Store) -> None:
    assert filled.match_terms(["停车"])
    store.remove("甲.pdf")
    assert filled.search("停车票") == []
    assert filled.state() == filled.state().model_copy(update={"chunks": 0, "waiting_forms": 0, "waiting_vectors": 0})


def test_a_correction_is_found_and_what_it_replaced_is_not(filled: Index, store: Store) -> None:
    filled.catch_up()
    store.correct("热线运维", "indicators[0].deviation", "因供应商延迟交付。", "张三")
    assert filled.match_terms(["机构改革"]) == []
    assert [match.chunk.cell for match in filled.match_terms(["供应商"])] == ["indicators[0].deviation"]
    store.undo("热线运维", "indicators[0].deviation", "张三")
    assert [match.chunk.deviation for match in filled.match_terms(["机构改革"])] == [REFORM]
    # Corrected again, the version gets the row id of the one that was undone.
    store.correct("热线运维", "indicators[0].deviation", "因人员变动。", "张三")
    assert {hit.chunk.deviation for hit in filled.search("供应商延迟交付", ChunkFilter(deviation=True))} == {"因人员变动。"}
    assert filled.state().waiting_vectors == 0


def test_chunks_of_a_changed_form_do_not_count_before_they_are_made_anew(filled: Index, store: Store) -> None:
    filled.catch_up()
    store.correct("热线运维", "indicators[0].deviation", "因人员变动。", "张三")
    state = filled.state()
    assert (state.chunks, state.waiting_forms) == (5, 1)


def test_a_better_reading_takes_the_place_of_the_other(filled: Index, store: Store, run: int) -> None:
    better = make_form("停车补贴", indicators=(make_indicator(0, name="夜间停车位"),), department="乙局", implementing_unit="乙中心")
    scan = make_form("扫描件", indicators=(make_indicator(0, name="旧读法"),))
    store.save(make_reading([scan], "扫描.pdf", "scan"), run)
    assert filled.match_terms(["旧读法"])
    store.save(make_reading([scan.model_copy(update={"indicators": better.indicators})], "原件.pdf", "digital"), run)
    assert filled.match_terms(["旧读法"]) == []
    assert [match.chunk.project for match in filled.match_terms(["夜间"])] == ["扫描件"]


def test_an_empty_store_has_nothing_to_find(index: Index) -> None:
    assert index.search("停车") == []
    assert index.match_terms(["停车"]) == []
    assert index.chunks() == []
    assert index.state().chunks == 0


@pytest.mark.files_only
def test_a_home_from_before_the_index_is_taken_in_when_it_is_first_used(tmp_path: Path) -> None:
    home = tmp_path / "old"
    home.mkdir()
    import sqlite3
    from contextlib import closing

    first = Path(__file__).parents[1] / "first_version.sql"
    with closing(sqlite3.connect(home / "jihe.db")) as connection:
        connection.executescript(first.read_text(encoding="utf-8"))
    with Store.open(home) as store, Index.open(store, ToyEmbedder()) as index:
        assert index.state().waiting_forms == 2
        assert {hit.chunk.project for hit in index.search("公共数据平台")} >= {"公共数据平台"}


# Vectors


def test_another_embedding_is_refused_until_the_index_is_made_anew(filled: Index, store: Store) -> None:
    filled.catch_up()
    filled.close()
    with Index.open(store, ToyEmbedder("toy-2")) as other:
        with pytest.raises(StoreError, match="jihe reindex"):
            other.search("停车")
        with pytest.raises(StoreError, match="toy-1"):
            other.catch_up()
        assert other.match_terms(["停车"]), "words need no vectors"
        other.rebuild()
        assert other.search("停车")[0].likeness is not None
        assert other.state().embedding == "toy-2"


@pytest.mark.files_only
def test_vectors_that_are_gone_are_made_again(filled: Index, store: Store, embedder: ToyEmbedder) -> None:
    filled.catch_up()
    filled.close()
    shutil.rmtree(store.home / "index")
    made = embedder.asked
    with Index.open(store, embedder) as again:
        assert "dense" in again.search("停车票")[0].how
        assert embedder.asked - made >= 10
        assert again.shortfall is None


@pytest.mark.files_only
def test_a_home_that_is_copied_elsewhere_is_searched_there(filled: Index, store: Store, tmp_path: Path) -> None:
    filled.catch_up()
    filled.close()
    store.close()
    copied = Path(shutil.copytree(store.home, tmp_path / "copy"))
    with Store.open(copied) as other, Index.open(other, ToyEmbedder()) as index:
        assert "dense" in index.search("停车票")[0].how


@pytest.mark.files_only
def test_a_database_from_a_backup_and_newer_vectors_are_brought_together(filled: Index, store: Store, run: int, tmp_path: Path) -> None:
    filled.catch_up()
    backup = tmp_path / "backup.db"
    from store.migrate import copy_database

    copied = copy_database(store.database, tmp_path, "test")
    assert copied is not None
    shutil.move(copied, backup)
    store.save(make_reading([make_form("后来的")], "乙.pdf"), run)
    filled.catch_up()
    filled.close()
    store.close()
    for suffix in ("-wal", "-shm"):
        (store.home / f"jihe.db{suffix}").unlink(missing_ok=True)
    shutil.move(backup, store.home / "jihe.db")
    with Store.open(store.home) as old, Index.open(old, ToyEmbedder()) as index:
        hits = index.search("停车票 后来的", k=50)
        assert {hit.chunk.project for hit in hits} == {"热线运维", "停车补贴"}
        assert len(index._book.keys()) == 10


@pytest.mark.files_only
def test_a_broken_index_says_so_and_is_made_anew(filled: Index, store: Store) -> None:
    filled.catch_up()
    filled.close()
    for file in (store.home / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"not a database at all" * 100)
    with Index.open(store, ToyEmbedder()) as again:
        with pytest.raises(StoreError, match="jihe reindex"):
            again.search("停车票")
        again.rebuild()
        assert "dense" in again.search("停车票")[0].how


def test_an_endpoint_that_is_down_leaves_the_words(filled: Index, store: Store) -> None:
    with Index.open(store, SilentEmbedder()) as index:
        hit = index.search("停车票")[0]
        assert hit.how == ("text",)
        assert index.shortfall == "向量模型没有回答。"


def test_who_writes_while_another_does_is_told(filled: Index, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.index.WAIT_SECONDS", 0.1)
    monkeypatch.setattr("store.index.index.MEND_WAIT", 0.1)
    with index_lock(store.home):
        with pytest.raises(StoreBusy, match="另一个 jihe 进程正在写索引"):
            filled.rebuild()
        assert filled.search("停车票")[0].how == ("text",)
        assert filled.shortfall is not None
    assert "dense" in filled.search("停车票")[0].how


@pytest.mark.slow
def test_a_database_that_is_written_to_all_the_time_is_asked_as_it_stands(filled: Index, store: Store) -> None:
    filled.catch_up()
    store.correct("热线运维", "indicators[0].deviation", "因人员变动。", "张三")
    from store.database import Database

    hurried = Database(store.database.url, busy_seconds=0.05)
    filled._database = hurried
    with store.database.write():
        assert filled.match_terms(["停车"])
        assert "正在写入" in (filled.shortfall or "")
    assert filled.match_terms(["人员变动"])
    assert filled.shortfall is None
    hurried.close()


def test_two_indexes_of_one_process_share_the_vectors(filled: Index, store: Store, run: int) -> None:
    filled.catch_up()
    with Index.open(store, ToyEmbedder()) as other:
        store.save(make_reading([make_form("新来的项目")], "乙.pdf"), run)
        assert "dense" in other.search("新来的项目")[0].how
        assert filled.search("新来的项目")[0].chunk.project == "新来的项目"
    assert "dense" in filled.search("新来的项目")[0].how


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "http://", "http://u:p@host", "http://host:99999"])
def test_an_address_that_is_none_is_refused(store: Store, url: str) -> None:
    with pytest.raises(UsageError, match="JIHE_CHROMA_URL"):
        Index.open(store, ToyEmbedder(), url)


def test_a_server_that_is_not_there_is_named_and_words_are_found(filled: Index, store: Store) -> None:
    with Index.open(store, ToyEmbedder(), "http://127.0.0.1:9") as index:
        found = index.search("停车")
        assert found
        assert all("dense" not in hit.how for hit in found)
        assert "Chroma 服务器 http://127.0.0.1:9" in (index.shortfall or "")
        with pytest.raises(StoreError, match="Chroma 服务器"):
            index.catch_up()


def test_nothing_is_imported_or_made_before_the_first_question(store: Store) -> None:
    with Index.open(store, ToyEmbedder()):
        pass
    assert not (store.home / "index").exists()


def test_opening_a_store_does_not_import_chroma(home: Path) -> None:
    import subprocess
    import sys

    script = f"""
import sys
from pathlib import Path
from store import Store
Store.open(Path({str(home)!r})).close()
print('chromadb' in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3])
    assert done.stdout.strip() == "False"
