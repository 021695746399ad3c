"""The tables grow version by version, and no home is lost on the way."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from schema.errors import StoreError, StoreVersion
from store import Store
from store.database import Database, sqlite_url
from store.migrate import HEAD, REVISIONS, SCRIPTS, bring_up_to_date, current_revision
from store.models import Base
from tests.factories import make_form, make_reading

pytestmark = pytest.mark.files_only

FIRST = Path(__file__).with_name("first_version.sql")
"""A home of the first version with two forms, one corrected, as SQL. Never made anew: old homes do not change either."""
ROOT = Path(__file__).parents[2]

NEXT = '''"""A change that only a test makes: batch mode copies and re-makes a table that others refer to."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{down}"


def upgrade() -> None:
    """Forbid what was allowed, and add a column."""
    with op.batch_alter_table("versions") as batch:
        batch.add_column(sa.Column("remark", sa.String(), nullable=True))
        batch.alter_column("stored_at", nullable=True)
    {then}
'''


def _first_home(tmp_path: Path) -> Path:
    home = tmp_path / "old"
    home.mkdir()
    with closing(sqlite3.connect(home / "jihe.db")) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    return home


def _scripts_with_one_more(tmp_path: Path, then: str = "") -> Path:
    scripts = Path(shutil.copytree(SCRIPTS, tmp_path / "migrations"))
    (scripts / "versions" / "v9999_test.py").write_text(NEXT.format(down=HEAD, then=then), encoding="utf-8")
    return scripts


def test_the_known_revisions_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS
    assert scripts.get_current_head() == HEAD


def test_migrations_make_the_tables_of_the_models(store: Store) -> None:
    with store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()
    for table in Base.metadata.sorted_tables:
        words = str(CreateTable(table).compile(dialect=dialect))
        assert "ROWID" not in words
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))


def test_a_home_of_the_first_version_is_upgraded_and_read(tmp_path: Path) -> None:
    with Store.open(_first_home(tmp_path)) as store:
        names = [form.project_name for form in store.iter_forms()]
        assert names == ["政务服务热线运维", "公共数据平台"]
        assert store.get("公共数据平台").grade == "良"
        assert [event.who for event in store.corrections("公共数据平台")] == ["张三"]
        pages = [page for document in store.documents() for page in store.pages(document.sha256 or "")]
        assert pages
        assert {(page.method, page.seconds, page.notes) for page in pages} == {(None, None, ())}
        with store.database.read() as connection:
            assert current_revision(connection) == HEAD


def test_an_upgrade_in_batch_mode_keeps_all_rows_and_copies_the_home_first(tmp_path: Path) -> None:
    home = _first_home(tmp_path)
    database = Database(sqlite_url(home / "jihe.db"))
    bring_up_to_date(database, home)
    with Store.open(home) as store:
        before = list(store.iter_forms())
    copy = bring_up_to_date(database, home, _scripts_with_one_more(tmp_path), (*REVISIONS, "9999"))
    assert copy is not None
    assert copy.parent == home / "copies"
    with database.read() as connection:
        assert current_revision(connection) == "9999"
        assert connection.exec_driver_sql("SELECT count(*) FROM indicators").scalar() == 18
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.close()
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(copy, restored / "jihe.db")
    with Store.open(restored) as store:
        assert list(store.iter_forms()) == before


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path) -> None:
    home = _first_home(tmp_path)
    database = Database(sqlite_url(home / "jihe.db"))
    bring_up_to_date(database, home)
    broken = _scripts_with_one_more(tmp_path, then='op.execute("DELETE FROM documents")')
    with pytest.raises(StoreError, match="已撤销升级"):
        bring_up_to_date(database, home, broken, (*REVISIONS, "9999"))
    database.close()
    with Store.open(home) as store:
        assert len(list(store.iter_forms())) == 2


def test_a_database_of_a_newer_version_is_refused_with_what_to_do(home: Path) -> None:
    with closing(sqlite3.connect(home / "jihe.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '8888'")
    with pytest.raises(StoreVersion, match="请升级 jihe"):
        Store.open(home)


def test_opening_an_up_to_date_home_makes_no_copy(home: Path) -> None:
    Store.open(home).close()
    assert not (home / "copies").exists()


def test_two_processes_may_open_a_new_home_at_once(tmp_path: Path) -> None:
    script = f"from pathlib import Path; from store import Store; Store.open(Path({str(tmp_path / 'new')!r})).close()"
    both = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    assert [(process.communicate()[1], process.returncode) for process in both] == [(b"", 0)] * 3


def test_opening_needs_no_alembic_once_the_home_is_made(home: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from store import Store
Store.open(Path({str(home)!r})).close()
print('alembic' in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_first_version_home_can_still_be_compared_with_the_factories() -> None:
    # Guards the dump itself: it must hold what the tests above rely on.
    assert make_reading([make_form()]).forms[0].form_id in FIRST.read_text(encoding="utf-8")
