"""The HTTP API, with Gradio's client and with plain HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2 as httpx
import openpyxl

from tests.ui.web.conftest import Running
from ui.web.accounts import add_account

RunSite = Callable[..., Running]


def called(running: Running, name: str, *arguments: Any, cookies: dict[str, str] | None = None) -> tuple[str, Any]:
    """What plain HTTP gives: complete or error, and the result or the message."""
    with httpx.Client(base_url=f"{running.url}/gradio_api/call/", cookies=cookies, timeout=60) as client:
        begun = client.post(name, json={"data": list(arguments)})
        assert begun.status_code == 200, begun.text
        told = client.get(f"{name}/{begun.json()['event_id']}").text
    event, _, data = told.rpartition("event: ")[2].partition("\ndata: ")
    parsed = json.loads(data)
    return event, parsed[0] if event == "complete" else parsed["error"]


def test_every_function(run_site: RunSite, home: Path, tmp_path: Path) -> None:
    running = run_site(home)
    event, answer = called(running, "ask", "哪些项目执行率低于80%？")
    assert event == "complete"
    assert answer["verified"]
    assert set(answer["citations"][0]) == {"n", "project_name", "fiscal_year", "file", "page", "cell", "quote"}
    _, forms = called(running, "forms", "嘉定", 2024, False)
    assert forms
    _, form = called(running, "form", forms[0]["form_id"])
    assert form["project_name"] == forms[0]["project_name"]
    _, found = called(running, "findings", "", "", "error")
    assert {one["severity"] for one in found} == {"error"}
    _, change = called(running, "correct", form["form_id"], "total_score", "90")
    assert change["event"]["who"] == "web"
    assert running.site.store.get(form["form_id"]).total_score == 90
    _, file = called(running, "export", "xlsx")
    raw = httpx.get(f"{running.url}/gradio_api/file={file['path']}").content
    (tmp_path / "out.xlsx").write_bytes(raw)
    assert openpyxl.load_workbook(tmp_path / "out.xlsx").sheetnames == ["项目", "指标", "问题清单"]


WRONG = (
    ("ask", [""], "问题是空的"),
    ("ask", [5], "参数 question 不对，应为文字"),
    ("form", ["没有的"], "没有“没有的”这张表"),
    ("forms", ["", "2024", False], "参数 year 不对"),
    ("findings", ["", "no-such", ""], "参数 rule 不对"),
    ("export", ["../etc/passwd"], "参数 kind 不对"),
    ("import_documents", [[{"path": "/etc/passwd"}]], "参数 files 不对"),
)


def test_errors_are_told_in_words(shared_site: Running) -> None:
    for name, arguments, told in WRONG:
        event, message = called(shared_site, name, *arguments)
        assert event == "error"
        assert told in message
        assert "Traceback" not in message


def test_a_read_only_site_changes_nothing(run_site: RunSite, home: Path) -> None:
    shared = run_site(home, read_only=True)
    form = shared.site.store.forms()[0]
    for name, arguments in (("correct", [form.form_id, "total_score", "1"]), ("import_documents", [[]])):
        assert called(shared, name, *arguments) == ("error", "本站只读，不能修改。")
    assert shared.site.store.corrections(form.form_id) == []


def test_with_accounts_one_logs_in_first(run_site: RunSite, home: Path, tmp_path: Path) -> None:
    add_account(tmp_path / "people", "li", "correct horse")
    running = run_site(home, accounts=tmp_path / "people")
    assert httpx.post(f"{running.url}/gradio_api/call/ask", json={"data": ["?"]}).status_code == 401
    login = httpx.post(f"{running.url}/login", data={"username": "li", "password": "correct horse"})
    form = running.site.store.forms()[0]
    _, change = called(running, "correct", form.form_id, "total_score", "90", cookies=dict(login.cookies))
    assert change["event"]["who"] == "li"
