"""The gate before everything: logging in, and requests that another site has put into a visitor's browser.

It stands before Gradio and before our own routes, so that no address can be forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qs, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from schema.observing import observe
from ui.web import bundle
from ui.web.accounts import SESSION_SECONDS, Accounts, Sessions
from ui.web.site import Visitor
from ui.web.words import LOCALES, language_of

SESSION_COOKIE = "jihe-session"
_OPEN = ("/jihe/assets/", "/source.zip")
"""What everyone may fetch: the styles of the log-in page, and the source, which the licence owes to all who use the site."""
_MOST_FORM_BYTES = 10_000


@dataclass
class Gate:
    """The application behind a log-in, where there are accounts, and behind a check of where requests come from.

    Args:
        app: what is behind it.
        accounts: who may log in; None lets everyone in.
        host: the address that is listened on; on loopback only local names are answered, whatever name led a browser here.
        read_only: no file is taken, not even into a temporary folder.
    """

    app: ASGIApp
    accounts: Accounts | None
    host: str
    read_only: bool = False
    sessions: Sessions = field(default_factory=Sessions)

    def who(self, request: Request) -> str | None:
        """The name of whoever is logged in."""
        return self.sessions.user(request.cookies.get(SESSION_COOKIE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, send to the log-in page, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answer = self._foreign(request) or await self._logging(request)
        if answer is None and self._closed(request):
            answer = self._turned_away(request)
        await (answer or self.app)(scope, receive, send)

    def _foreign(self, request: Request) -> Response | None:
        """A refusal for names that are not ours, for changes that another site asks for, and for uploads to a read-only site."""
        named = request.headers.get("host", "")
        name = urlsplit(f"//{named}").hostname or ""
        if is_loopback(self.host) and not is_loopback(name):
            return Response("这个地址只在本机使用。 This address serves this machine only.", 421, media_type="text/plain; charset=utf-8")
        origin = request.headers.get("origin")
        if request.method not in ("GET", "HEAD", "OPTIONS") and origin is not None and urlsplit(origin).netloc != named:
            return Response("请求来自别的网站。 The request comes from another site.", 403, media_type="text/plain; charset=utf-8")
        if self.read_only and request.method == "POST" and request.url.path.rstrip("/").endswith("/upload"):
            return JSONResponse({"detail": "本站只读，不能上传。 This site is read-only."}, 403)
        return None

    def _closed(self, request: Request) -> bool:
        return self.accounts is not None and not request.url.path.startswith(_OPEN) and self.who(request) is None

    def _turned_away(self, request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(target)}", 303)
        return JSONResponse({"detail": "请先登录。 Log in first."}, 401)

    async def _logging(self, request: Request) -> Response | None:
        path = request.url.path.rstrip("/")
        if path == "/logout":
            self.sessions.end(request.cookies.get(SESSION_COOKIE))
            answer = RedirectResponse("/", 303)
            answer.delete_cookie(SESSION_COOKIE)
            return answer
        if path != "/login":
            return None
        if self.accounts is None:
            return RedirectResponse("/", 303)
        if request.method == "POST":
            return await self._entered(request, self.accounts)
        return _page(request, request.query_params.get("next", "/"))

    async def _entered(self, request: Request, accounts: Accounts) -> Response:
        """A password was sent: by our page, or by Gradio's client, which wants no page in return."""
        raw = b""
        async for piece in request.stream():
            raw += piece
            if len(raw) > _MOST_FORM_BYTES:
                return Response(status_code=413)
        form = {name: values[0] for name, values in parse_qs(raw.decode("utf-8", "replace")).items()}
        target = _own(form.get("next", "/"))
        address = request.client.host if request.client else ""
        if seconds := self.sessions.wait(address):
            return _page(request, target, "login.slow", 429, seconds=round(seconds + 0.5))
        name = form.get("username", "").strip()
        if not accounts.knows(name, form.get("password", "")):
            self.sessions.failed(address)
            observe("login.refused", address=address)
            return _page(request, target, "login.wrong", 401)
        self.sessions.forgive(address)
        wants_page = "text/html" in request.headers.get("accept", "")
        answer: Response = RedirectResponse(target, 303) if wants_page else JSONResponse({"success": True})
        secure = request.url.scheme == "https"
        answer.set_cookie(SESSION_COOKIE, self.sessions.begin(name), SESSION_SECONDS, httponly=True, samesite="lax", secure=secure)
        return answer


def is_loopback(host: str) -> bool:
    """Whether an address or name leads to this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _own(target: str) -> str:
    """Where to go after logging in: only to a page of this site."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else "/"


def _page(request: Request, target: str, trouble: str = "", status: int = 200, **values: object) -> Response:
    visitor = Visitor("", language_of(request.cookies))
    told = visitor.say(trouble, **values) if trouble else ""
    frame = {"locale": LOCALES[visitor.language], "styles": bundle.address("css"), "script": bundle.address("js")}
    return HTMLResponse(visitor.render("login.html", trouble=told, next=_own(target), **frame), status)
