"""Homes and stores for tests. Making the tables takes Alembic a while, so one empty home is made and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import Store


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIHE_HOME", raising=False)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with tables and nothing in them."""
    home = tmp_path_factory.mktemp("empty") / "home"
    Store.open(home).close()
    return home


@pytest.fixture
def home(empty_home: Path, tmp_path: Path) -> Path:
    """A fresh home."""
    return Path(shutil.copytree(empty_home, tmp_path / "home"))


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A store in a fresh home."""
    with Store.open(home) as opened:
        yield opened


@pytest.fixture
def run(store: Store) -> int:
    """A run to save documents in."""
    return store.start_run("ingest test")


@pytest.fixture(scope="session")
def module_store(empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """A store that many examples of one property share."""
    opened: list[Store] = []

    def make() -> Store:
        if not opened:
            opened.append(Store.open(Path(shutil.copytree(empty_home, tmp_path_factory.mktemp("shared") / "home"))))
        return opened[0]

    yield make
    for each in opened:
        each.close()
