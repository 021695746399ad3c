"""Fixtures of the whole suite: no test reaches beyond this machine, or a home that is not its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import data
import store.store
from agents.models.endpoint import VARIABLES
from schema.canonical import read_forms
from schema.form import Form
from store.database import Database, sqlite_url
from store.home import database_file
from store.migrate import bring_up_to_date

# Started in the background a shell has its children ignore Ctrl-C, and theirs; tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow machine is no reason for a property to fail; pytest-timeout stops what hangs.
settings.register_profile("jihe", deadline=None)
settings.load_profile("jihe")

_LOOPBACK = ("127.", "localhost", "::1")


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home in the test's own folder, no settings from outside, and no connection that leaves the machine."""
    others = [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_")) or name.lower().endswith("_proxy")]
    for name in ("JIHE_DATABASE_URL", "JIHE_CHROMA_URL", "JIHE_EMBEDDING_MODEL", *VARIABLES, *others):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JIHE_HOME", str(tmp_path / "home"))
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """The database of a new home, as the migrations make it when it is first asked for."""

    @cache
    def made() -> Path:
        file = database_file(tmp_path_factory.mktemp("blank"))
        with closing(Database(sqlite_url(file))) as database:
            bring_up_to_date(database, file.parent)
        return file

    return made


@pytest.fixture(autouse=True)
def homes_from_a_copy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, blank_database: Callable[[], Path]) -> None:
    """A new home begins with a copy of what the migrations made once: a tenth of the time, and there are a thousand homes.

    Processes that tests start, homes that have a database, and the tests of the migrations go the way of users.
    """
    if request.path.name == "test_migrations.py":
        return

    def begun(database: Database, home: Path) -> Path | None:
        file = database.file
        if file is not None and not file.exists():
            # Linked when it is whole: another thread may be opening the same home.
            whole = file.with_name(f"{file.name}.{id(database)}")
            with suppress(OSError):
                shutil.copyfile(blank_database(), whole)
                os.link(whole, file)
            with suppress(OSError):
                whole.unlink()
        return bring_up_to_date(database, home)

    monkeypatch.setattr(store.store, "bring_up_to_date", begun)


@pytest.fixture(scope="session")
def sample_pdfs() -> list[Path]:
    """The sample documents."""
    return sorted((data.samples() / "pdf").glob("*.pdf"))


@pytest.fixture(scope="session")
def gold_forms() -> dict[str, list[Form]]:
    """The gold forms of each sample document, by its name without suffix."""
    return {path.stem: read_forms(path) for path in sorted((data.samples() / "gold").glob("*.json"))}
