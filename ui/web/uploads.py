"""What visitors upload through Gradio is not handed out again: whoever knew the address of a file could fetch it otherwise.

Gradio keeps uploads and the files that it offers for download in one folder and serves both by their path. Nothing of ours shows an upload
back to its visitor, so the answer to an upload is read for the paths in it, and these are closed to everyone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UPLOAD = "/gradio_api/upload"
_FILES = ("/gradio_api/file=", "/gradio_api/file/")


class UploadsClosed:
    """The application without its way back to uploads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._uploaded: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse."""
        path = scope.get("path", "")
        if scope["type"] == "http" and scope["method"] == "POST" and path.rstrip("/") == _UPLOAD:
            await self._app(scope, receive, _Reader(send, self._remember))
        elif scope["type"] == "http" and self._is_upload(path):
            await PlainTextResponse("没有这个文件。 No such file.", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _remember(self, body: bytes) -> None:
        self._uploaded.update(os.path.realpath(path) for path in json.loads(body))

    def _is_upload(self, path: str) -> bool:
        asked = next((path.removeprefix(start) for start in _FILES if path.startswith(start)), None)
        # One of the two ways to a file leaves out the slash that its path begins with.
        return asked is not None and any(os.path.realpath(one) in self._uploaded for one in (asked, f"/{asked}"))


class _Reader:
    """Lets an answer through and hands over its body when it is a good one."""

    def __init__(self, send: Send, got: Callable[[bytes], None]) -> None:
        self._send, self._got = send, got
        self._good, self._body = False, b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._good = message["status"] == 200
        elif message["type"] == "http.response.body" and self._good:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                self._got(self._body)
        await self._send(message)
