"""`jihe migrate`, `jihe backup` and `jihe restore` as a user meets them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from store import Store
from tests.servers import LOCKED, PASSWORD, Postgres
from ui.cli.app import make_app

pytestmark = pytest.mark.files_only


@pytest.fixture
def jihe() -> Callable[..., Result]:
    """Runs the command."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(make_app(), [str(argument) for argument in arguments])

    return run


def test_a_home_is_backed_up_and_restored(filled: Path, tmp_path: Path, jihe: Callable[..., Result]) -> None:
    file, new = tmp_path / "b.zip", tmp_path / "new"
    done = jihe("--home", filled, "backup", file)
    assert done.exit_code == 0, done.output
    assert "已备份到" in done.stdout
    again = jihe("--home", filled, "backup", file)
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    assert jihe("--home", filled, "backup", file, "--overwrite").exit_code == 0
    done = jihe("restore", file, "--home", new)
    assert done.exit_code == 0, done.output
    assert "核对一致" in done.stdout
    with Store.open(new) as one, Store.open(filled) as other:
        assert list(one.iter_forms()) == list(other.iter_forms())
    assert "不是空文件夹" in jihe("restore", file, "--home", new).stderr
    file.write_bytes(b"x")
    done = jihe("restore", file, "--home", tmp_path / "other")
    assert (done.exit_code, "已损坏" in done.stderr) == (1, True)


def test_a_home_is_carried_to_a_server_and_back(
    filled: Path, tmp_path: Path, postgres: Postgres, jihe: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.of_home(tmp_path / "x")
    monkeypatch.setenv("THERE", url)
    done = jihe("--home", filled, "migrate", "--from", filled, "--to", "env:THERE")
    assert done.exit_code == 0, done.output
    assert "已搬完并核对一致" in done.stdout
    assert "forms" in done.stdout
    again = jihe("--home", filled, "migrate", "--from", filled, "--to", url)
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert jihe("--home", filled, "migrate", "--from", filled, "--to", url, "--replace").exit_code == 0
    done = jihe("--home", filled, "migrate", "--from", url, "--to", tmp_path / "back")
    assert done.exit_code == 0, done.output
    with Store.open(tmp_path / "back") as one, Store.open(filled) as other:
        assert list(one.iter_forms()) == list(other.iter_forms())
        assert one.findings() == other.findings()
    monkeypatch.setenv("JIHE_DATABASE_URL", url)
    assert "✗" not in jihe("--home", filled, "doctor").stdout
    postgres.drop_all()


def test_what_is_wrong_is_told_without_the_password(filled: Path, tmp_path: Path, postgres: Postgres, jihe: Callable[..., Result]) -> None:
    done = jihe("migrate", "--from", filled, "--to", postgres.url("none", f"{LOCKED}:geheim"))
    assert done.exit_code == 1
    assert "用户或密码" in done.stderr
    assert "geheim" not in done.output + done.stderr
    assert PASSWORD not in done.output + done.stderr
    assert "没有设置" in jihe("migrate", "--from", filled, "--to", "env:NOTHING_HERE").stderr
    assert "还没有数据" in jihe("migrate", "--from", tmp_path / "none", "--to", filled).stderr
    assert "同一处" in jihe("migrate", "--from", filled, "--to", filled).stderr
