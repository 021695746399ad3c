"""The web app as it runs, and the system's Chromium to look at it."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, expect, sync_playwright

import data
from agents.indexing import bring_up_to_date
from agents.pipeline import ingest
from eval.bench.browser import NoBrowser, launched
from store.store import Store
from ui.web import serve
from ui.web.accounts import Accounts
from ui.web.site import Site

PICTURES = Path(__file__).parents[3] / ".test-artefacts" / "screens"
"""Where screenshots are kept."""
LEAVING = ("signal is aborted", "Connection errored out")
"""What Gradio's client says of events that are still under way when a page is left."""


# The machine may be busy with other tests; what never comes fails all the same.
expect.set_options(timeout=30_000)


@dataclass(frozen=True)
class Running:
    """A web app that runs: its address, and the home behind it."""

    url: str
    home: Path
    site: Site


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the forms of some sample documents, indexed; never written to: take a copy with `home`."""
    home = tmp_path_factory.mktemp("filled") / "home"
    documents = sorted((data.samples() / "pdf").glob("*.pdf"))[:8]
    with Store.open(home) as store:
        ingest([str(path) for path in documents], store)
        bring_up_to_date(store, os.environ)
    return home


@pytest.fixture
def home(filled_home: Path, tmp_path: Path) -> Path:
    """A home of the test's own with the forms of `filled_home`."""
    return Path(shutil.copytree(filled_home, tmp_path / "home-of-web"))


@pytest.fixture
def run_site(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the web app over a home, on a free port of loopback; stopped after the test."""
    with ExitStack() as stack:

        def start(home: Path | None = None, *, accounts: Path | None = None, read_only: bool = False) -> Running:
            return stack.enter_context(_Server(home or tmp_path / "empty-home", accounts, read_only=read_only))

        yield start


@pytest.fixture(scope="session")
def shared_site(filled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A web app over the forms of `filled_home` for tests that change nothing: to start one takes a second."""
    home = Path(shutil.copytree(filled_home, tmp_path_factory.mktemp("shared") / "home"))
    with _Server(home, None, read_only=False) as running:
        yield running


class _Server:
    def __init__(self, home: Path, accounts: Path | None, *, read_only: bool) -> None:
        self._home = home
        self._accounts = Accounts(accounts) if accounts else None
        self._read_only = read_only

    def __enter__(self) -> Running:
        self._stack = ExitStack()
        site = self._stack.enter_context(serve.open_site(self._home, read_only=self._read_only, accounts=self._accounts is not None))
        address = serve.Address(port=0)
        bound = self._stack.enter_context(serve.listening(address))
        app = serve.make_server(site, address, self._accounts)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, args=([bound],), daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return Running(f"http://127.0.0.1:{bound.getsockname()[1]}", self._home, site)

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._stack.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the tests that need it are skipped, or fail where JIHE_TEST_BROWSER insists."""
    with sync_playwright() as playwright:
        try:
            opened = launched(playwright)
        except NoBrowser as e:
            pytest.fail(str(e)) if os.environ.get("JIHE_TEST_BROWSER") else pytest.skip(str(e))
        yield opened
        opened.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens tabs, each a visitor of its own. A tab that reports an error, or asks any host but loopback, fails the test at its end."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            note(message.text)

    def on_error(error: Error) -> None:
        note(str(error))

    def note(fault: str) -> None:
        if not any(said in fault for said in LEAVING):
            faults.append(fault)

    def on_request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1", "data:", "blob:")):
            faults.append(request.url)

    def open_page(width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", on_console)
        page.on("pageerror", on_error)
        page.on("request", on_request)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def tab(new_page: Callable[..., Page]) -> Page:
    """One tab, 1280 wide."""
    return new_page()


@pytest.fixture
def keep_picture() -> Callable[[Page, str], None]:
    """Keeps a screenshot of the whole page as an artefact of the test run."""

    def keep(page: Page, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)

    return keep
