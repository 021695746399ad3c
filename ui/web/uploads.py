"""What visitors upload through Gradio is not handed out again: whoever knew the address of a file could fetch it otherwise.

Gradio keeps uploads and the files that it offers for download in one folder and serves both by their path. Nothing of ours shows an upload
back to its visitor, so the answer to an upload is read for the paths in it, and these are closed to everyone.

Every upload lies in a folder that is named by the hash of its bytes, so two visitors who send the same document share one. Gradio makes the
folder first and moves the file there later: it may only be taken away when no upload is under way.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_UPLOAD = "/gradio_api/upload"
_FILES = ("/gradio_api/file=", "/gradio_api/file/")
_HASH = re.compile(r"[0-9a-f]{64}")


class UploadsKept:
    """The application without its way back to uploads, and with an eye on the folders that they leave empty."""

    def __init__(self, app: ASGIApp, passing: Path) -> None:
        self._app, self._passing = app, passing
        self._uploaded: set[str] = set()
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse."""
        path = scope.get("path", "")
        if scope["type"] == "http" and scope["method"] == "POST" and path.rstrip("/") == _UPLOAD:
            await self._upload(scope, receive, send)
        elif scope["type"] == "http" and self._is_upload(path):
            await PlainTextResponse("没有这个文件。 No such file.", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way += 1
        try:
            await self._app(scope, receive, _Reader(send, self._remember))
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._sweep()

    def _sweep(self) -> None:
        """Take away what taken files left empty. Uploads are served in this same event loop, so none begins meanwhile."""
        for folder in self._passing.iterdir():
            if _HASH.fullmatch(folder.name):
                # Not empty: a file lies there that nobody has taken yet.
                with suppress(OSError):
                    folder.rmdir()
        self._uploaded = {path for path in self._uploaded if Path(path).exists()}

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
