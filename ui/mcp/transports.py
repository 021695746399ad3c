"""How clients reach the server: over stdin and stdout of one process, or over HTTP on this machine and no other.

On stdio, the package points file descriptor 1 at stderr while it serves, so nothing but the protocol can reach stdout. Over HTTP, requests
are taken only with a Host that names this machine and this port, and with no foreign Origin: a web page whose name was made to point here
(DNS rebinding) is refused.
"""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from mcp.server import Server
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl

from schema.errors import UsageError

HOST = "127.0.0.1"
PATH = "/mcp"
LARGEST_REQUEST = 256 * 1024
"""Bytes of a request over HTTP."""
SHORTEST_TOKEN = 16
_NAMES = (HOST, "localhost")
MOST_REQUESTS = 64
"""At once over HTTP; more are told to come back."""
_PATIENCE = 3
"""Seconds that calls under way get when the server is stopped."""


def serve_stdio(server: Server[Any], stopping: Callable[[], None]) -> None:
    """Serve one client on stdin and stdout until it closes them.

    Args:
        stopping: called at the end, before calls under way are waited for.
    """

    async def run() -> None:
        try:
            async with stdio_server() as (reading, writing):
                await server.run(reading, writing, server.create_initialization_options())
        finally:
            stopping()

    asyncio.run(run())


def listen(port: int) -> socket.socket:
    """A socket that listens on this machine; port 0 takes a free one.

    Raises:
        UsageError: the port cannot be had.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as e:
        listening.close()
        raise UsageError(f"端口 {port} 用不了（{e.strerror or e}）。请用 --port 换一个，0 表示任取一个空闲的。") from e
    return listening


def address(listening: socket.socket) -> str:
    """Where clients reach it."""
    return f"http://{HOST}:{listening.getsockname()[1]}{PATH}"


def serve_http(server: Server[Any], listening: socket.socket, stopping: Callable[[], None], token: str | None = None) -> None:
    """Serve any number of clients by streamable HTTP until the process is told to stop. Requests stand alone: there are no sessions.

    Args:
        listening: from `listen`.
        stopping: called when the server is told to stop, before calls under way are waited for.
        token: what clients must send as `Authorization: Bearer …`; None lets every program of this machine in.
    """
    port = listening.getsockname()[1]
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_REQUEST,
        transport_security=TransportSecuritySettings(
            enable_dns_rebinding_protection=True,
            allowed_hosts=[f"{name}:{port}" for name in _NAMES],
            allowed_origins=[f"http://{name}:{port}" for name in _NAMES],
        ),
        # The package knows tokens as those of an authorization server; ours is this server itself, and it publishes nothing.
        auth=AuthSettings(issuer_url=AnyHttpUrl(f"http://{HOST}:{port}"), resource_server_url=None) if token else None,
        token_verifier=_OneToken(token) if token else None,
    )
    settings = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_REQUESTS,
        timeout_graceful_shutdown=_PATIENCE,
    )
    _Serving(settings, stopping).run(sockets=[listening])


class _Serving(uvicorn.Server):
    """Tells when it stops: the thread of a call would keep the process for as long as a model takes."""

    def __init__(self, settings: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(settings)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say so, then stop as ever."""
        self._stopping()
        await super().shutdown(sockets)


def usable_token(said: str | None) -> str | None:
    """The token of a setting; None when it is not set.

    Raises:
        UsageError: it is too short to protect anything, or cannot stand in a header.
    """
    if said is None:
        return None
    if len(said) < SHORTEST_TOKEN or not all("!" <= c <= "~" for c in said):
        raise UsageError(f"JIHE_MCP_TOKEN 的值不行：至少 {SHORTEST_TOKEN} 个字符，英文字母、数字和符号，不含空格。不需要令牌就不要设它。")
    return said


class _OneToken:
    """Knows one token."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        if not hmac.compare_digest(token.encode(), self._token):
            return None
        return AccessToken(token=token, client_id="jihe", scopes=[])
