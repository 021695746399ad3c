"""Uploads on their way: where they lie, and what becomes of the folders that they leave empty."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2 as httpx
from starlette.types import Message, Receive, Scope, Send

from tests.ui.loops import run_apart
from tests.ui.web.conftest import Running
from ui.web.uploads import UploadsKept

SAME = "a" * 64


def scope(path: str = "/gradio_api/upload", method: str = "POST") -> Scope:
    return {"type": "http", "method": method, "path": path}


async def nothing(*_: Any) -> Any:
    return {}


def test_a_folder_that_another_upload_counts_on_is_left(tmp_path: Path) -> None:
    """Gradio makes the folder of a document's hash first and moves the file there later; in between others that sent it are served."""
    folder = tmp_path / SAME

    async def run() -> None:
        goes_on = asyncio.Event()
        slow = True

        async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
            nonlocal slow
            folder.mkdir(exist_ok=True)
            if slow:
                slow = False
                await goes_on.wait()
                (folder / "mine").touch()

        kept = UploadsKept(gradio, tmp_path)
        first = asyncio.create_task(kept(scope(), nothing, nothing))
        await asyncio.sleep(0)
        await kept(scope(), nothing, nothing)
        assert folder.is_dir()
        goes_on.set()
        await first

    run_apart(run())
    assert (folder / "mine").is_file()


def test_empty_folders_go_with_the_last_upload(tmp_path: Path) -> None:
    (tmp_path / SAME).mkdir()
    (tmp_path / ("b" * 64)).mkdir()
    (tmp_path / ("b" * 64) / "file").touch()
    (tmp_path / "jihe-download-1").mkdir()
    run_apart(UploadsKept(nothing, tmp_path)(scope(), nothing, nothing))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b" * 64, "jihe-download-1"]


def test_a_failed_upload_counts_no_more(tmp_path: Path) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError("away")

    kept = UploadsKept(broken, tmp_path)
    (tmp_path / SAME).mkdir()

    async def run() -> None:
        for _ in range(2):
            try:
                await kept(scope(), nothing, nothing)
            except OSError:
                continue

    run_apart(run())
    assert not (tmp_path / SAME).exists()


def test_an_upload_is_not_handed_out_while_it_lies_there(tmp_path: Path) -> None:
    file = tmp_path / SAME / "one"
    file.parent.mkdir()
    file.touch()
    answers: list[int] = []

    async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
        body = f'["{file}"]'.encode() if scope["method"] == "POST" else b""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            answers.append(message["status"])

    async def run() -> None:
        kept = UploadsKept(gradio, tmp_path)
        await kept(scope(), nothing, told)
        await kept(scope(f"/gradio_api/file={file}", "GET"), nothing, told)

    run_apart(run())
    assert answers == [200, 404]


def test_many_who_send_the_same_document_at_once(run_site: Callable[..., Running], home: Path) -> None:
    running = run_site(home)

    def send(_: int) -> tuple[int, bool]:
        files = {"files": (f"{secrets.token_hex(16)}.upload", "项目名称,甲\n".encode())}
        answer = httpx.post(f"{running.url}/gradio_api/upload", files=files, timeout=60)
        arrived = Path(answer.json()[0]) if answer.status_code == 200 else None
        try:
            return answer.status_code, arrived is not None and arrived.is_file()
        finally:
            if arrived is not None:
                arrived.unlink()

    with ThreadPoolExecutor(8) as senders:
        assert set(senders.map(send, range(64))) == {(200, True)}
    assert not [path for path in running.site.passing.iterdir() if any(path.iterdir())]
