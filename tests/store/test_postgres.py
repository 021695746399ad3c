"""A PostgreSQL server: what it is told so that it behaves as the file in the home does, and what is said when it does not answer."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from schema.errors import StoreBusy, StoreError
from store import Store
from store.database import Database, parse_url
from store.index.lock import index_turn
from store.models import Base, is_declared
from store.records import FormFilter, Slice
from tests.factories import make_form, make_reading
from tests.servers import LOCKED, PASSWORD, TEMPLATE, Postgres, free_port

pytestmark = pytest.mark.files_only
ROOT = Path(__file__).parents[2]


def _told(url: str) -> str:
    with pytest.raises(StoreError) as caught, closing(Database(parse_url(url))) as database, database.read():
        pass
    told = str(caught.value)
    assert "geheim" not in told
    assert PASSWORD not in told
    assert told.endswith("。")
    return told


def test_no_server_is_told(postgres: Postgres) -> None:
    assert "没有应答" in _told(f"postgresql+psycopg://jihe:geheim@127.0.0.1:{free_port()}/x")


def test_a_wrong_password_is_told_and_not_shown(postgres: Postgres) -> None:
    address = postgres.url(TEMPLATE, f"{LOCKED}:geheim")
    assert "用户或密码" in _told(address)
    assert "用户或密码" in _told(postgres.url(TEMPLATE, LOCKED))
    with closing(Database(parse_url(postgres.url(TEMPLATE, f"{LOCKED}:{PASSWORD}")))) as database, database.read():
        assert PASSWORD not in database.name


def test_a_password_among_the_parameters_is_not_shown_either() -> None:
    with closing(Database(parse_url(f"postgresql+psycopg://jihe@127.0.0.1:{free_port()}/x?password=geheim"))) as database:
        assert "geheim" not in database.name
        with pytest.raises(StoreError) as caught, database.read():
            pass
    assert "geheim" not in str(caught.value)


def test_a_database_that_is_not_there_is_told(postgres: Postgres) -> None:
    assert "没有这个库" in _told(postgres.url("none"))


@pytest.mark.parametrize("text", ["mysql://u:geheim@h/x", "postgresql+psycopg://u:geheim@h:port/x", "http://u:geheim@h"])
def test_an_address_of_something_else_is_told(text: str) -> None:
    with pytest.raises(StoreError, match="写法") as caught:
        parse_url(text)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("name", ["postgresql", "postgres"])
def test_an_address_without_a_driver_gets_ours(name: str) -> None:
    assert parse_url(f"{name}://u@h/x").drivername == "postgresql+psycopg"


def test_a_missing_driver_says_what_to_install() -> None:
    script = """
import sys
sys.modules["psycopg"] = None
from schema.errors import StoreError
from store.database import Database, parse_url
try:
    Database(parse_url("postgresql://u:geheim@h/x"))
except StoreError as e:
    print(e)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "jihe[postgres]" in done.stdout
    assert "geheim" not in done.stdout


def test_a_database_without_chinese_is_refused(postgres: Postgres, tmp_path: Path) -> None:
    postgres.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="UTF8"):
        Store.open(tmp_path / "home", postgres.url("latin"))
    postgres.execute("DROP DATABASE latin WITH (FORCE)")


def test_migrations_make_the_tables_of_the_models_and_texts_are_in_the_order_of_codes(postgres: Postgres) -> None:
    with closing(Database(parse_url(postgres.url(TEMPLATE)))) as database, database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_declared})
        assert compare_metadata(context, Base.metadata) == []
        ours = """
            SELECT DISTINCT collation_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'alembic_version' AND data_type = 'character varying'
        """
        assert connection.execute(text(ours)).scalars().all() == ["C"]
        # The server itself has another order: that of the sounds.
        assert connection.execute(text("SELECT '阿' < '丁'")).scalar() is True
        assert sorted(["阿", "丁"]) == ["丁", "阿"]


def test_lists_have_the_order_they_have_in_a_home(postgres: Postgres, tmp_path: Path, store: Store) -> None:
    names = ["阿", "丁", "乙", "甲", "b", "A", "B", "①", "10", "9", None]
    forms = [make_form(f"项目{i}", department=name, implementing_unit=name) for i, name in enumerate(names)]
    with Store.open(tmp_path / "there", postgres.of_home(tmp_path / "there")) as there:
        for one in (store, there):
            one.save(make_reading(forms), one.start_run("test"))
        wanted = Slice(by="department", limit=50)
        assert [line.department for line in there.form_lines(FormFilter(), wanted).lines] == [
            line.department for line in store.form_lines(FormFilter(), wanted).lines
        ]
        assert there.form_facets() == store.form_facets()
        assert there.findings() == store.findings()
    postgres.drop_all()


def test_a_writer_waits_for_its_turn_and_says_so_when_it_does_not_come(postgres: Postgres, tmp_path: Path) -> None:
    url = parse_url(postgres.of_home(tmp_path / "home"))
    with closing(Database(url)) as one, closing(Database(url, busy_seconds=0.2)) as other:
        with one.write(), pytest.raises(StoreBusy, match="正在写入"), other.write():
            pass
        with one.write(), other.read() as connection:
            # Readers wait for nobody.
            assert connection.execute(text("SELECT count(*) FROM forms")).scalar() == 0
        with other.write() as connection:
            connection.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
    postgres.drop_all()


def test_the_index_of_one_database_is_written_by_one_home_at_a_time(postgres: Postgres, tmp_path: Path) -> None:
    url = parse_url(postgres.of_home(tmp_path / "home"))
    with closing(Database(url)) as one, closing(Database(url)) as other:
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir()
        with index_turn(one, tmp_path / "a"), pytest.raises(StoreBusy, match="正在写索引"), index_turn(other, tmp_path / "b", 0.2):
            pass
        with index_turn(other, tmp_path / "b", 0.2):
            pass
    postgres.drop_all()


def test_a_server_that_goes_and_comes_back_costs_what_was_under_way(postgres: Postgres, tmp_path: Path) -> None:
    with Store.open(tmp_path / "home", postgres.of_home(tmp_path / "home")) as store:
        run = store.start_run("test")
        store.save(make_reading([make_form("先")], "先.pdf"), run)
        with pytest.raises(StoreError), store.database.write() as connection:
            connection.execute(text("DELETE FROM forms"))
            postgres.stop()
            connection.execute(text("SELECT 1"))
        with pytest.raises(StoreError, match="没有应答"):
            store.counts()
        postgres.start()
        assert store.counts().forms == 1
        store.save(make_reading([make_form("后")], "后.pdf"), run)
        assert [form.project_name for form in store.iter_forms()] == ["先", "后"]
    postgres.drop_all()


def test_many_threads_write_at_once(postgres: Postgres, tmp_path: Path) -> None:
    began = time.monotonic()
    with Store.open(tmp_path / "home", postgres.of_home(tmp_path / "home")) as store:
        run = store.start_run("test")

        def work(name: str) -> None:
            for i in range(5):
                store.save(make_reading([make_form(f"{name}{i}")], f"{name}{i}.pdf"), run)
                store.correct(f"{name}{i}", "grade", "良", name)

        threads = [threading.Thread(target=work, args=(name,)) for name in "甲乙丙丁"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        counts = store.counts()
        assert (counts.forms, counts.corrections, counts.unsettled_units) == (20, 20, 0)
    assert time.monotonic() - began < 60
    postgres.drop_all()


def test_hostile_texts_are_kept_or_refused_as_in_a_home(postgres: Postgres, tmp_path: Path) -> None:
    strange = "a" * 5000 + "'\\%_;--\u202e\U0001f600\ue000" + "甲" * 40_000
    with Store.open(tmp_path / "home", postgres.of_home(tmp_path / "home")) as store:
        store.save(make_reading([make_form("怪", actual_result=strange)], "怪.pdf"), store.start_run("test"))
        assert store.get("怪").actual_result == strange
        store.save(make_reading([make_form("空", actual_result="甲\0乙")], "空.pdf"), store.start_run("test"))
        assert store.get("空").actual_result == "甲\ufffd乙"
        with pytest.raises(StoreError, match="不完整的字符"):
            store.save(make_reading([make_form("半", actual_result="甲\ud800")], "半.pdf"), store.start_run("test"))
    postgres.drop_all()
