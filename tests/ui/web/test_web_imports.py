"""导入: dropping files, watching them being read, what is refused, and what a killed worker looks like."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import ValidationError

import data
from agents.imports import ImportDesk, Limits, Options, Sent
from schema.errors import UsageError
from tests.ui.web.conftest import Running
from ui.web.accounts import add_account
from ui.web.imports import COOKIE, _Batch, _options, _uploaded

RunSite = Callable[..., Running]
Keep = Callable[[Page, str], None]
PASSWORD = "correct horse"
TOKEN = "0" * 31 + "1"
SCAN = data.samples() / "scans" / "medium" / "baoshan-2020.tiff"
PATIENCE = 120_000
"""Milliseconds until a document must be read, on a machine that has much else to do."""


_DROPPED = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["MZ a program"], "程序.pdf"));
  return data;
}"""


def open_import(tab: Page, running: Running) -> None:
    tab.context.add_cookies([{"name": COOKIE, "value": TOKEN, "url": running.url}])
    tab.goto(f"{running.url}/import")
    expect(tab.locator("#jh-imports [class^=jh-]").first).to_be_visible()


def _documents(tmp_path: Path, pdf: Path) -> Path:
    """A folder with a digital document and a scan, and beside it files that are refused."""
    (tmp_path / "太大.pdf").write_bytes(b"%PDF-1.7" + bytes(300_000))
    (tmp_path / "空.docx").touch()
    folder = tmp_path / "单位报来的"
    (folder / "里面").mkdir(parents=True)
    shutil.copy(pdf, folder / "里面" / "自评表<b>.pdf")
    shutil.copy(SCAN, folder / "扫描.tiff")
    (folder / "~$锁.docx").write_bytes(b"lock")
    (folder / "程序.exe").write_bytes(b"MZ")
    return folder


def test_documents_are_imported_and_others_refused(
    run_site: RunSite, new_page: Callable[..., Page], tmp_path: Path, sample_pdfs: list[Path], keep_picture: Keep
) -> None:
    running = run_site()
    object.__setattr__(running.site, "limits", Limits(file_bytes=300_000))
    folder = _documents(tmp_path, sample_pdfs[1])
    tab = new_page()
    tab.goto(f"{running.url}/import")
    expect(tab.get_by_role("heading", name="还没有导入过文件")).to_be_visible()
    keep_picture(tab, "import-empty")
    tab.set_input_files("[data-jh-folder]", folder)
    tab.set_input_files("[data-jh-files]", [tmp_path / name for name in ("太大.pdf", "空.docx")])
    dropped = tab.evaluate_handle(_DROPPED)
    tab.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(tab.locator(".jh-import")).to_have_count(5)
    expect(tab.locator(".jh-import", has_text="程序.pdf")).to_contain_text("这是一个可执行程序")
    expect(tab.locator(".jh-import", has_text="太大.pdf")).to_contain_text("超过单个文件的上限 293 KB。请拆成几个文件")
    expect(tab.locator(".jh-import", has_text="空.docx")).to_contain_text("文件是空的")
    read = tab.locator(".jh-import", has_text="自评表_b_.pdf")
    expect(read.locator(".jh-tag").first).to_contain_text("完成", timeout=PATIENCE)
    scanned = tab.locator(".jh-import", has_text="扫描.tiff")
    expect(scanned.locator(".jh-tag").first).to_contain_text("完成", timeout=PATIENCE)
    expect(tab.locator(".jh-import-sum")).to_contain_text(f"读出 {len(running.site.store.forms())} 张表")
    read.locator("summary").click()
    links = [link for row in (read, scanned) for link in row.locator("a[href^='/form?id=']").all()]
    stored = {form.form_id for form in running.site.store.forms()}
    assert {str(link.get_attribute("href")).removeprefix("/form?id=") for link in links} == stored
    keep_picture(tab, "import-done")
    tab.set_viewport_size({"width": 390, "height": 844})
    keep_picture(tab, "import-phone")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390

    _the_form_of_the_scan(new_page(), running, keep_picture)

    # Whoever else looks sees nothing of it, until it is stored.
    other = new_page()
    other.goto(f"{running.url}/import")
    expect(other.get_by_role("heading", name="还没有导入过文件")).to_be_visible()
    other.get_by_role("button", name="English").click()
    expect(other.get_by_role("heading", name="Nothing imported yet")).to_be_visible()


def _the_form_of_the_scan(tab: Page, running: Running, keep_picture: Keep) -> None:
    """Its cells have places on the picture of the page, as recognised."""
    scan = next(form for form in running.site.store.iter_forms() if form.source and form.source.kind == "scan")
    tab.goto(f"{running.url}/form?id={scan.form_id}&cell=total_score")
    chosen = tab.locator(".jh-box.jh-chosen")
    expect(chosen).to_have_attribute("data-cell", "total_score")
    expect(chosen).to_be_in_viewport()
    expect(tab.locator(".jf-panel")).to_contain_text("OCR 识别")
    expect(tab.locator(".jf-drawn img").first).to_be_visible()
    keep_picture(tab, "form-scan")


def test_two_people_at_once_see_only_what_is_their_own(
    run_site: RunSite, new_page: Callable[..., Page], home: Path, tmp_path: Path
) -> None:
    for name in ("li", "wang"):
        add_account(tmp_path / "people", name, PASSWORD)
    running = run_site(home, accounts=tmp_path / "people")
    tabs = {}
    for name in ("li", "wang"):
        tab = tabs[name] = new_page()
        tab.goto(f"{running.url}/login?next=/import")
        tab.get_by_label("用户名").fill(name)
        tab.get_by_label("密码").fill(PASSWORD)
        tab.get_by_role("button", name="登录").click()
        expect(tab.get_by_role("heading", name="还没有导入过文件")).to_be_visible()
    # Nothing is read in this test: what is sent waits, which is all that the pages have to tell of it.
    running.site.desk.close()
    for name, tab in tabs.items():
        file = tmp_path / f"{name}的自评表.csv"
        file.write_text("项目名称,甲\n", encoding="utf-8")
        tab.set_input_files("[data-jh-files]", [file])
    for name, tab in tabs.items():
        expect(tab.locator(".jh-import")).to_have_count(1)
        expect(tab.locator(".jh-import")).to_contain_text(f"{name}的自评表")
    for name, question in (("li", "哪些项目执行率低于80%？"), ("wang", "嘉定各项目的平均总得分是多少？")):
        tabs[name].goto(f"{running.url}/ask?q={question}")
        expect(tabs[name].locator(".ask-start li button").first).to_be_visible()
        tabs[name].locator("#ask-box textarea").press("Enter")
    for tab in tabs.values():
        expect(tab.locator(".ask-past .ask-turn")).to_have_count(1)
        expect(tab.locator(".ask-chats li")).to_have_count(1)
    # Nor by the address of the other's conversation.
    tabs["li"].goto(tabs["wang"].url)
    expect(tabs["li"].locator(".ask-start li button").first).to_be_visible()
    expect(tabs["li"].locator(".ask-past .ask-turn")).to_have_count(0)
    expect(tabs["li"].locator(".ask-chats")).not_to_contain_text("嘉定")


def test_a_killed_worker_is_told_and_what_was_left_is_gone_on_with(
    run_site: RunSite, tab: Page, tmp_path: Path, sample_pdfs: list[Path], keep_picture: Keep
) -> None:
    home = tmp_path / "home-left"
    earlier = ImportDesk(home)
    for number in (3, 0):
        copy = Path(shutil.copy(sample_pdfs[number], tmp_path / f"upload-{number}"))
        earlier.take(f"browser:{TOKEN}", "batch", Sent(sample_pdfs[number].name, copy), Options(), Limits())
    earlier.close()

    running = run_site(home)
    open_import(tab, running)
    expect(tab.get_by_role("alert")).to_contain_text("上次关闭时有 2 个文件还没有读完")
    keep_picture(tab, "import-interrupted")
    tab.get_by_role("button", name="继续").click()
    desk = running.site.desk
    until = time.monotonic() + PATIENCE / 1000
    while desk.board(f"browser:{TOKEN}").items[0].status != "reading":
        assert time.monotonic() < until
        time.sleep(0.01)
    assert desk.process_id is not None
    os.kill(desk.process_id, signal.SIGKILL)
    expect(tab.locator(".jh-import").first).to_contain_text("读取进程崩溃", timeout=PATIENCE)
    expect(tab.locator(".jh-import").last.locator(".jh-tag").first).to_contain_text("完成", timeout=PATIENCE)
    keep_picture(tab, "import-crashed")
    tab.get_by_role("button", name=re.compile("^重试 minhang")).click()
    expect(tab.locator(".jh-import").first.locator(".jh-tag").first).to_contain_text("完成", timeout=PATIENCE)
    expect(tab.locator(".jh-import-sum")).to_contain_text("读出 21 张表")
    tab.get_by_role("button", name="清除已完成的").click()
    expect(tab.get_by_role("heading", name="还没有导入过文件")).to_be_visible()


def test_nothing_is_imported_into_a_site_that_is_read_only(run_site: RunSite, home: Path, tab: Page) -> None:
    running = run_site(home, read_only=True)
    tab.goto(f"{running.url}/import")
    expect(tab.get_by_text("本站只读，不能导入")).to_be_visible()
    expect(tab.locator("input[type=file]")).to_have_count(0)
    # Nor by whoever does without the page's controls.
    tab.evaluate("window.jihe.imports.say.act({act: 'clear', item: null})")
    expect(tab.get_by_text("本站只读，不能修改。")).to_be_visible()
    assert not (home / "imports.db").exists()


def test_a_model_is_asked_only_where_one_is_set_and_within_a_budget_that_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    def options(**wanted: object) -> Options:
        return _options(_Batch.model_validate({"batch": "a" * 32, **wanted}))

    assert options(ocr="always") == Options("always")
    assert options(model=True, budget="20万") == Options()
    monkeypatch.setenv("JIHE_MODEL", "m")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert options(model=True, budget=" 20万 ") == Options(model=True, budget="20万")
    with pytest.raises(UsageError):
        options(model=True, budget="许多")
    with pytest.raises(ValidationError):
        options(batch="../..")


def test_only_uploads_of_the_page_are_taken(tmp_path: Path) -> None:
    passing = tmp_path / "passing"
    folder = passing / ("a" * 64)
    folder.mkdir(parents=True)
    good = folder / f"{'b' * 32}.upload"
    good.write_bytes(b"x")
    (folder / "export.xlsx").write_bytes(b"x")
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    link = folder / f"{'c' * 32}.upload"
    link.symlink_to(secret)
    assert _uploaded(str(good), passing) == good.resolve()
    for path in (
        "", "/etc/passwd", str(secret), str(folder / "export.xlsx"), str(link), f"{folder}/../{'a' * 64}/{good.name}",
        str(folder / f"{'d' * 32}.upload"), good.name, str(folder), "/proc/self/environ", f"{folder}/\0",
    ):  # fmt: skip
        assert _uploaded(path, passing) is None, path
