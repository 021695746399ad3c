"""The frame around every page: what stands in the HTML before Gradio's own script runs.

Gradio's page is taken as it is and given: the language (its I18n follows the browser's, so the browser is told), our styles and script,
header and footer. So they show at once, and nobody has to wait for the page to know where they are.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web import bundle
from ui.web.site import Visitor
from ui.web.words import LOCALES, language_of

PAGES = ("", "import", "review", "findings", "ask", "analysis", "evaluation")
"""Addresses in the order of the header; the first is the list of forms."""
_LANGUAGE = re.compile(rb"<html\s+lang=\"en\"")
_ELSEWHERE = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>")
"""What Gradio's page says of itself to other sites; it names hosts elsewhere."""
_PLACES = (
    (re.compile(rb"<head>"), "head.html"),
    (re.compile(rb"<body[^>]*>"), "header.html"),
    (re.compile(rb"</gradio-app>"), "footer.html"),
)
"""Behind what the pieces of the frame are put."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Nothing is loaded from elsewhere, and nothing is sent there. Gradio's own script needs inline code and eval."""


@dataclass(frozen=True)
class Frame:
    """What header and footer say of the site."""

    accounts: bool
    read_only: bool
    source: str

    def around(self, page: bytes, visitor: Visitor, path: str) -> bytes:
        """The page with the frame around it."""
        values = {
            "active": path.strip("/"),
            "pages": PAGES,
            "user": visitor.name if self.accounts else "",
            "read_only": self.read_only,
            "source": self.source,
            "version": importlib.metadata.version("jihe"),
            "locale": LOCALES[visitor.language],
            "styles": bundle.address("css"),
            "script": bundle.address("js"),
        }
        page = _LANGUAGE.sub(f'<html lang="{LOCALES[visitor.language]}"'.encode(), _ELSEWHERE.sub(b"", page), count=1)
        for mark, template in _PLACES:
            if found := mark.search(page):
                page = page[: found.end()] + visitor.render(template, **values).encode() + page[found.end() :]
        return page


class Framed:
    """The application whose HTML pages get the frame, and all of whose answers get the headers that keep a browser safe."""

    def __init__(self, app: ASGIApp, frame: Frame, who: Callable[[Request], str | None]) -> None:
        self._app, self._frame, self._who = app, frame, who

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Sender(scope, send, self._around(scope)))

    def _around(self, scope: Scope) -> Callable[[bytes], bytes]:
        def around(page: bytes) -> bytes:
            request = Request(scope)
            return self._frame.around(page, Visitor(self._who(request) or "", language_of(request.cookies)), scope["path"])

        return around


class _Sender:
    """Lets answers through, but holds HTML pages of Gradio back until they are whole."""

    def __init__(self, scope: Scope, send: Send, around: Callable[[bytes], bytes]) -> None:
        self._send, self._around = send, around
        self._html = scope["method"] == "GET"
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = POLICY
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"
            self._html = self._html and headers.get("content-type", "").startswith("text/html")
            if self._html:
                self._start = message
                return
        elif self._html:
            await self._gather(message)
            return
        await self._send(message)

    async def _gather(self, message: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        assert self._start is not None
        body = self._around(self._body) if b"<gradio-app" in self._body else self._body
        MutableHeaders(scope=self._start)["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
