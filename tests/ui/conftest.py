"""The command line on a fresh home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from agents.pipeline import IN_THIS_PROCESS
from store import Store
from tests.factories import make_form, make_reading
from ui.cli.app import make_app

Jihe = Callable[..., Result]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("JIHE_DATABASE_URL", "OPENAI_API_KEY", "JIHE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHE_HOME", str(tmp_path / "home"))


@pytest.fixture
def jihe(monkeypatch: pytest.MonkeyPatch) -> Jihe:
    """Run a command; arguments as on the shell. It reads in this process: tests that start the real command see the workers."""
    monkeypatch.setattr("agents.pipeline.Plan.workers", IN_THIS_PROCESS)
    app = make_app()

    def run(*arguments: object, catch: bool = True) -> Result:
        words: Sequence[str] = [str(argument) for argument in arguments]
        return CliRunner().invoke(app, words, catch_exceptions=catch)

    return run


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A home with two forms, one of them with trouble."""
    home = tmp_path / "home"
    with Store.open(home) as store:
        run = store.start_run("test")
        forms = [make_form("政务服务热线运维"), make_form("公共数据平台（2024年度运维及安全保障服务项目）", total_score=90)]
        store.save(make_reading(forms, "自评表.pdf"), run)
        store.save_failure("坏的.pdf", None, 0, "文件不完整", run)
        store.finish_run(run)
    return home
