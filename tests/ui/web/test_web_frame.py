"""The frame around the pages: header, footer, languages, log-in, and what a stranger gets."""

from __future__ import annotations

import io
import re
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from schema.errors import UsageError
from tests.ui.web.conftest import Running
from ui.web import serve
from ui.web.accounts import add_account
from ui.web.frame import PAGES

RunSite = Callable[..., Running]
PASSWORD = "correct horse"


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    file = tmp_path / "people"
    add_account(file, "li", PASSWORD)
    add_account(file, "wang", "battery staple")
    return file


def test_an_address_that_is_told_is_ones_own_and_may_be_opened_at_once() -> None:
    with serve.listening(serve.Address(port=0)) as bound:
        with pytest.raises(UsageError, match="不能监听"):
            serve.listening(serve.Address(port=bound.getsockname()[1]))
        socket.create_connection(bound.getsockname(), timeout=5).close()


def test_every_page_opens_in_both_languages(shared_site: Running, tab: Page) -> None:
    for path in PAGES:
        tab.goto(f"{shared_site.url}/{path}")
        expect(tab.locator(".jh-nav a[aria-current]")).to_have_attribute("href", f"/{path}")
        expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")
    tab.get_by_role("button", name="English").click()
    expect(tab.get_by_role("link", name="Forms", exact=True)).to_be_visible()
    expect(tab.locator("html")).to_have_attribute("lang", "en")


def test_the_footer_gives_the_source_of_the_running_version(shared_site: Running, tab: Page) -> None:
    tab.goto(shared_site.url)
    link = tab.get_by_role("link", name="本运行版本的源代码")
    raw = httpx.get(shared_site.url + str(link.get_attribute("href"))).content
    names = zipfile.ZipFile(io.BytesIO(raw)).namelist()
    assert {"jihe/ui/web/source.py", "jihe/LICENSE", "jihe/schema/form.py"} <= set(names)


def test_who_is_not_logged_in_gets_nothing(run_site: RunSite, home: Path, accounts: Path) -> None:
    running = run_site(home, accounts=accounts)
    for path in (
        "/config",
        "/gradio_api/info",
        "/gradio_api/file=/etc/passwd",
        "/jihe/pages/x/1.jpg",
        "/jihe/places/x/1",
        "/gradio_api/queue/data",
    ):
        assert httpx.get(running.url + path).status_code == 401, path
    assert httpx.post(running.url + "/gradio_api/upload", files={"files": b"x"}).status_code == 401
    page = httpx.get(running.url + "/ask?q=1", headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["location"] == "/login?next=/ask%3Fq%3D1"


def test_log_in_wrong_password_and_out(run_site: RunSite, home: Path, accounts: Path, new_page: Callable[..., Page]) -> None:
    running = run_site(home, accounts=accounts)
    # A refused log-in is an error to the browser's console; so no page of `tab`.
    answer = httpx.post(running.url + "/login", data={"username": "li", "password": "wrong"}, headers={"Accept": "text/html"})
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    tab = new_page()
    tab.goto(f"{running.url}/findings")
    tab.get_by_label("用户名").fill("li")
    tab.get_by_label("密码").fill(PASSWORD)
    tab.get_by_role("button", name="登录").click()
    expect(tab).to_have_url(re.compile("/findings$"))
    expect(tab.locator(".jh-user")).to_have_text("li")
    expect(tab.locator(".jp-line strong")).to_be_visible()
    tab.get_by_role("button", name="退出").click()
    expect(tab).to_have_url(re.compile("/login"))


def test_guessing_passwords_is_slowed_down(run_site: RunSite, accounts: Path) -> None:
    running = run_site(accounts=accounts)
    codes = [httpx.post(running.url + "/login", data={"username": "li", "password": str(n)}).status_code for n in range(7)]
    assert codes == [401] * 5 + [429] * 2
    right = httpx.post(running.url + "/login", data={"username": "li", "password": PASSWORD})
    assert right.status_code == 429


def test_a_log_in_leads_only_to_pages_of_this_site(run_site: RunSite, accounts: Path) -> None:
    running = run_site(accounts=accounts)
    for target in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        form = {"username": "li", "password": PASSWORD, "next": target}
        answer = httpx.post(running.url + "/login", data=form, headers={"Accept": "text/html"})
        assert answer.headers["location"] == "/"


def test_other_sites_cannot_act_in_the_name_of_a_visitor(shared_site: Running) -> None:
    assert httpx.get(shared_site.url, headers={"Host": "elsewhere.example"}).status_code == 421
    join = f"{shared_site.url}/gradio_api/queue/join"
    assert httpx.post(join, json={}, headers={"Origin": "http://elsewhere.example"}).status_code == 403


NOT_OURS = (
    "/jihe/assets/../serve.py",
    "/jihe/assets/%2e%2e/serve.py",
    "/jihe/assets/..%2fserve.py",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/file=../../../etc/passwd",
    "/gradio_api/file=/proc/self/environ",
)


def test_files_that_are_not_the_sites_are_not_served(shared_site: Running) -> None:
    for path in NOT_OURS:
        answer = httpx.get(shared_site.url + path)
        assert answer.status_code in (403, 404), path
        assert "root:" not in answer.text


def test_a_read_only_site_takes_no_file(run_site: RunSite, home: Path) -> None:
    running = run_site(home, read_only=True)
    assert httpx.post(running.url + "/gradio_api/upload", files={"files": b"x"}).status_code == 403
