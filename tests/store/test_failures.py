"""Every refusal of a database becomes an error of the store that says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from schema.errors import StoreBusy, StoreError
from store import Store
from store.database import Database, parse_url, sqlite_url
from store.failures import as_store_error, translated
from tests.factories import make_form, make_reading

pytestmark = pytest.mark.files_only


def _scribble(file: Path, start: int) -> None:
    with file.open("r+b") as out:
        out.seek(start)
        out.write(b"\x5a" * 200_000)


def test_a_locked_database_is_busy(store: Store) -> None:
    impatient = Database(store.database.url, busy_seconds=0.05)
    with closing(sqlite3.connect(store.home / "jihe.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="另一个 jihe 进程正在写入"), impatient.write():
            pass
        other.rollback()
    impatient.close()


def test_a_read_only_database_says_to_check_permissions(store: Store, run: int) -> None:
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StoreError, match="只读"):
        store.save(make_reading([make_form()]), run)


def test_a_full_disk_says_that_nothing_was_saved_and_loses_nothing(store: Store, run: int) -> None:
    store.save(make_reading([make_form("先前的")], "先.pdf"), run)
    with store.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(StoreError, match="磁盘已满"):
        store.save(make_reading([make_form(f"项目{i}") for i in range(50)]), run)
    assert [form.project_name for form in store.forms()] == ["先前的"]
    assert store.counts().documents == 1


def test_a_file_that_is_no_database_says_to_restore(home: Path) -> None:
    for suffix in ("-wal", "-shm"):
        home.joinpath(f"jihe.db{suffix}").unlink(missing_ok=True)
    _scribble(home / "jihe.db", 0)
    with pytest.raises(StoreError, match="已损坏或不是 jihe 的数据库"):
        Store.open(home)


def test_a_damaged_table_says_to_restore(store: Store, run: int) -> None:
    store.save(make_reading([make_form(f"项目{i}") for i in range(100)]), run)
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    _scribble(store.home / "jihe.db", 200_000)
    database = Database(sqlite_url(store.home / "jihe.db"))
    with pytest.raises(StoreError, match="已损坏"), database.read() as connection:
        for table in ("indicators", "evidence", "versions", "funding", "findings"):
            connection.exec_driver_sql(f"SELECT * FROM {table}").all()
    database.close()


def test_a_file_that_cannot_be_opened_says_to_check_the_path(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "nowhere" / "jihe.db"))
    with pytest.raises(StoreError, match="打不开数据库"), database.read():
        pass


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(StoreError, match="不是文件夹"):
        Store.open(tmp_path / "home")


def test_an_unknown_refusal_keeps_its_words() -> None:
    connection = sqlite3.connect(":memory:")
    with closing(connection), pytest.raises(StoreError, match="no such table: x") as caught, translated("甲.db"):
        connection.execute("SELECT * FROM x")
    assert isinstance(caught.value.__cause__, sqlite3.Error)


class _Refusal(Exception):
    """What a PostgreSQL driver raises: an error with the server's code."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(f"server says {sqlstate}")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("55P03", StoreBusy, "正在写入"),
        ("40P01", StoreBusy, "正在写入"),
        ("25006", StoreError, "只读"),
        ("53100", StoreError, "磁盘已满"),
        ("08006", StoreError, "打不开"),
        ("28P01", StoreError, "打不开"),
        ("57P01", StoreError, "读写数据库时出错"),
        ("42P01", StoreError, "拒绝了操作"),
    ],
)
def test_refusals_of_a_server_are_told_apart_by_its_codes(code: str, kind: type[StoreError], words: str) -> None:
    error = as_store_error(OperationalError("SELECT 1", {}, _Refusal(code)), "主机/库")
    assert type(error) is kind
    assert words in str(error)
    assert "主机/库" in str(error)


@pytest.mark.parametrize("error", [name for name in dir(sqlite3) if name.startswith("SQLITE_IOERR") and "_" not in name[12:]])
def test_every_io_error_of_sqlite_is_told(error: str, refuse: Callable[[int], sqlite3.Error]) -> None:
    assert "读写数据库时出错" in str(as_store_error(refuse(getattr(sqlite3, error)), "甲.db"))


@pytest.fixture
def refuse() -> Callable[[int], sqlite3.Error]:
    """An error of SQLite with a given code."""

    def make(code: int) -> sqlite3.Error:
        error = sqlite3.OperationalError("refused")
        error.sqlite_errorcode = code
        return error

    return make


@pytest.mark.parametrize("text", ["nonsense", "nosuchdatabase://host/x"])
def test_a_bad_address_shows_how_to_write_one(text: str) -> None:
    with pytest.raises(StoreError, match="postgresql"):
        parse_url(text)


@pytest.mark.parametrize("text", ["sqlite://u:geheim@h", "nosuchdatabase://u:geheim@h/x"])
def test_a_password_is_never_shown(text: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(parse_url(text))
    assert "geheim" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "jihe.db").write_bytes(b"")
    cause = sqlite3.OperationalError("unable to open database file")
    cause.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
    assert "打不开数据库" in str(as_store_error(cause, str(tmp_path / "jihe.db")))
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "复制到可写的位置" in str(as_store_error(cause, str(tmp_path / "jihe.db")))
