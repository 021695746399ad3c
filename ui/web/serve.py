"""The web app as a server: gate, frame, our routes and Gradio's, from the outside in."""

from __future__ import annotations

import asyncio
import os
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

# Before Gradio is imported: it counts its users over the network unless it is told not to.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
# After every event it would reckon statistics of all events with pandas, for a monitoring page that is switched off.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from agents.answer.agent.assistant import assistant_from_env
from agents.answer.ask import Asker
from agents.imports import ImportDesk
from schema.errors import UsageError
from store.store import Store
from ui.web import analysis, evaluation, findings, review
from ui.web.accounts import Accounts
from ui.web.frame import Frame, Framed
from ui.web.gate import Gate
from ui.web.pages import make_blocks
from ui.web.routes import SOURCE, add_routes
from ui.web.site import Site
from ui.web.temporary import passing_folder
from ui.web.theme import make_theme
from ui.web.uploads import UploadsKept

_WAITING = 2048
"""How many connections may wait for the pages to be made, as many as uvicorn lets wait."""
QUEUE_SECONDS = 0.01
"""How often the queue of events is looked into."""


@dataclass(frozen=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 7860


@contextmanager
def open_site(home: Path, *, read_only: bool = False, accounts: bool = False) -> Iterator[Site]:
    """Everything the pages need, closed at the end.

    Raises:
        StoreError: the home cannot be opened.
    """
    with Store.open(home) as store, Asker.open(home) as asker, passing_folder(home) as passing:
        asker.assistant = assistant_from_env(home, os.environ, "auto")
        desk = ImportDesk(home)
        try:
            yield Site(home, store, asker, desk, passing, read_only=read_only, accounts=accounts)
        finally:
            desk.close()


def make_server(site: Site, address: Address, accounts: Accounts | None = None) -> ASGIApp:
    """The whole application, ready for any ASGI server."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(app, site)
    for module in (analysis, review, findings):
        module.add_routes(app, site)
    evaluation.add_report_routes(app, site)
    frame = Frame(accounts=accounts is not None, read_only=site.read_only, source=SOURCE)
    # The gate knows who is logged in before anything behind it is asked.
    gate = Gate(cast(ASGIApp, None), accounts, address.host, site.read_only)
    blocks = _in_a_loop(lambda: _mounted(app, site, gate))
    # Gradio looks into its queue a thousand times a second, which keeps an idle machine busy.
    blocks._queue.sleep_when_free = QUEUE_SECONDS
    gate.app = Framed(UploadsKept(app, site.passing), frame, gate.who)
    return gate


def _in_a_loop(make: Callable[[], gr.Blocks]) -> gr.Blocks:
    """Call something inside an event loop: outside of one Gradio makes several of its own for every page, and closes none of them."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def made() -> gr.Blocks:
            return make()

        return asyncio.run(made())
    return make()


def _mounted(app: FastAPI, site: Site, gate: Gate) -> gr.Blocks:
    blocks, words = make_blocks(site)
    with warnings.catch_warnings():
        # It says that pages are not rendered on the server, which is what we ask for.
        warnings.filterwarnings("ignore", "SSR mode", UserWarning)
        _mount(app, blocks, words, site, gate)
    return blocks


def _mount(app: FastAPI, blocks: gr.Blocks, words: gr.I18n, site: Site, gate: Gate) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        "/",
        auth_dependency=gate.who if site.accounts else None,
        show_error=False,
        max_file_size=site.limits.file_bytes,
        ssr_mode=False,
        enable_monitoring=False,
        run_history=False,
        pwa=False,
        footer_links=[],
        i18n=words,
        theme=make_theme(),
    )


def listening(address: Address) -> socket.socket:
    """A socket that listens already, so that nobody is told of an address that is taken; who comes before the pages are made waits.

    Raises:
        UsageError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    out = socket.socket(family)
    out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        out.bind((address.host, address.port))
        # Two sockets may be bound to one address for as long as neither listens.
        out.listen(_WAITING)
    except OSError as e:
        out.close()
        raise UsageError(f"{address.host}:{address.port} 不能监听（{e.strerror or e}）。请用 --port 换一个端口，或检查 --host。") from e
    return out


def serve(app: ASGIApp, bound: socket.socket) -> None:
    """Answer requests until interrupted."""
    # Chunks of an upload come in small pieces; the limits of sizes are Gradio's.
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3, server_header=False)
    uvicorn.Server(config).run([bound])
