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
from store.home import URL_VARIABLE, database_file
from store.index.vectors import URL_VARIABLE as CHROMA_VARIABLE
from store.migrate import bring_up_to_date
from store.store import Store
from tests.servers import Chroma, Postgres, skip_without_programs

# Started in the background a shell has its children ignore Ctrl-C, and theirs; tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A slow machine is no reason for a property to fail; pytest-timeout stops what hangs. A change is judged by the same examples every time;
# new ones are looked for in runs of their own (make test-search).
settings.register_profile("jihe", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("jihe")

_LOOPBACK = ("127.", "localhost", "::1")
_ALL_ON_SERVERS = "JIHE_TEST_SERVERS"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--servers`: every home of every test is a database of a PostgreSQL server, and its vectors lie on a Chroma server."""
    chosen = bool(os.environ.get(_ALL_ON_SERVERS))
    parser.addoption("--servers", action="store_true", default=chosen, help="run everything against PostgreSQL and a Chroma server")


def pytest_configure(config: pytest.Config) -> None:
    """The marks of tests on servers."""
    config.addinivalue_line("markers", "on_servers: runs on homes and, a second time, on a PostgreSQL and a Chroma server")
    config.addinivalue_line("markers", "files_only: about the files of a home; left out with --servers")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `on_servers` runs twice: on homes as they are by default, and on servers."""
    if metafunc.definition.get_closest_marker("on_servers") and not metafunc.config.getoption("--servers"):
        metafunc.parametrize("where", ["home", "servers"], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--servers` there is nothing to see of what only the file in the home can do."""
    if config.getoption("--servers"):
        for item in items:
            if item.get_closest_marker("files_only"):
                item.add_marker(pytest.mark.skip(reason="about the files of a home"))


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
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server."""
    skip_without_programs()
    with closing(Postgres()) as server:
        yield server


@pytest.fixture(scope="session")
def chroma() -> Iterator[Chroma]:
    """A Chroma server."""
    with closing(Chroma()) as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def everything_on_servers(request: pytest.FixtureRequest) -> Iterator[None]:
    """With `--servers`, stores that fixtures of modules open are on servers, too."""
    if not request.config.getoption("--servers"):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        _to_servers(patch, request.getfixturevalue("postgres"), request.getfixturevalue("chroma"))
        yield


@pytest.fixture(autouse=True)
def where(request: pytest.FixtureRequest, own_surroundings: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Whether the homes of this test are folders, or databases of servers: the one at tmp_path/home for processes, too."""
    everything = request.config.getoption("--servers") and not request.node.get_closest_marker("files_only")
    if getattr(request, "param", "home") == "home" and not everything:
        yield "home"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    chroma: Chroma = request.getfixturevalue("chroma")
    if not everything:
        _to_servers(monkeypatch, postgres, chroma)
    home = tmp_path / "home"
    # Made at once where processes may want it; else when it is opened.
    monkeypatch.setenv(URL_VARIABLE, postgres.of_home(home) if "home" in request.fixturenames else postgres.url(postgres.name_of(home)))
    monkeypatch.setenv(CHROMA_VARIABLE, chroma.url)
    yield "servers"
    postgres.drop_all(tmp_path)


def _to_servers(patch: pytest.MonkeyPatch, postgres: Postgres, chroma: Chroma) -> None:
    """A store that is opened in a folder is opened in the database that takes its place, unless another one is named."""
    open_store = Store.open.__func__  # type: ignore[attr-defined]

    def opened(cls: type[Store], home: Path, url: str | None = None, *rest: Any, **more: Any) -> Store:
        named = url or os.environ.get(URL_VARIABLE)
        ours = not url and (not named or "/home_" in named)
        store: Store = open_store(cls, home, postgres.of_home(home) if ours else url, *rest, **more)
        return store

    patch.setattr(Store, "open", classmethod(opened))
    patch.setenv(CHROMA_VARIABLE, chroma.url)


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
