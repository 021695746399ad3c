"""Where the home is, and how it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from schema.errors import UsageError
from store import Store, resolve_home
from store.health import examine
from tests.factories import make_form, make_reading

pytestmark = pytest.mark.files_only


def test_the_option_goes_before_the_variable_and_that_before_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve_home() == tmp_path / ".jihe"
    monkeypatch.setenv("JIHE_HOME", str(tmp_path / "a"))
    assert resolve_home() == tmp_path / "a"
    assert resolve_home(Path("b")) == tmp_path / "b"


def test_reading_does_not_make_a_home(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="还没有数据"):
        Store.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_database_elsewhere_is_used_when_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIHE_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    with Store.open(tmp_path / "home") as store:
        store.save(make_reading([make_form()]), store.start_run("test"))
    assert (tmp_path / "elsewhere.db").exists()
    assert not (tmp_path / "home" / "jihe.db").exists()


def test_a_sound_home_is_well(store: Store, run: int) -> None:
    store.save(make_reading([make_form()]), run)
    probes = {probe.name: probe for probe in examine(store.home, deep=True)}
    assert all(probe.ok for probe in probes.values())
    assert (probes["写入方式"].value, probes["完整性"].value) == ("WAL", "完好")
    assert probes["表"].value.startswith("1（")


def test_a_home_to_come_is_well_and_not_made(tmp_path: Path) -> None:
    assert all(probe.ok for probe in examine(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_a_damaged_home_is_not(home: Path) -> None:
    (home / "jihe.db").write_bytes(b"nonsense" * 1000)
    bad = [probe for probe in examine(home) if not probe.ok]
    assert len(bad) == 1
    assert "已损坏" in bad[0].advice


def test_a_home_of_a_newer_version_is_not(home: Path) -> None:
    with closing(sqlite3.connect(home / "jihe.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '8888'")
    assert [probe.name for probe in examine(home) if not probe.ok] == ["表结构版本"]
