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
from gradio.utils import get_upload_folder
from playwright.sync_api import Page, expect
from pydantic import ValidationError

from agents.imports import ImportDesk, Limits, Options, Sent
from schema.errors import UsageError
from store.store import Store
from tests.ui.web.conftest import Running
from ui.web.imports import COOKIE, _Batch, _options, _uploaded

RunSite = Callable[..., Running]
Keep = Callable[[Page, str], None]
TOKEN = "0" * 31 + "1"
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


def test_documents_are_imported_and_others_refused(
    run_site: RunSite, new_page: Callable[..., Page], tmp_path: Path, sample_pdfs: list[Path], keep_picture: Keep
) -> None:
    running = run_site()
    object.__setattr__(running.site, "limits", Limits(file_bytes=300_000))
    (tmp_path / "太大.pdf").write_bytes(b"%PDF-1.7" + bytes(300_000))
    (tmp_path / "空.docx").touch()
    folder = tmp_path / "单位报来的"
    (folder / "里面").mkdir(parents=True)
    shutil.copy(sample_pdfs[0], folder / "里面" / "自评表<b>.pdf")
    (folder / "~$锁.docx").write_bytes(b"lock")
    (folder / "程序.exe").write_bytes(b"MZ")

    tab = new_page()
    tab.goto(f"{running.url}/import")
    expect(tab.get_by_role("heading", name="还没有导入过文件")).to_be_visible()
    keep_picture(tab, "import-empty")
    tab.set_input_files("[data-jh-folder]", folder)
    tab.set_input_files("[data-jh-files]", [tmp_path / name for name in ("太大.pdf", "空.docx")])
    dropped = tab.evaluate_handle(_DROPPED)
    tab.dispatch_event("body", "drop", {"dataTransfer": dropped})
    expect(tab.locator(".jh-import")).to_have_count(4)
    expect(tab.locator(".jh-import", has_text="程序.pdf")).to_contain_text("这是一个可执行程序")
    expect(tab.locator(".jh-import", has_text="太大.pdf")).to_contain_text("超过单个文件的上限 293 KB。请拆成几个文件")
    expect(tab.locator(".jh-import", has_text="空.docx")).to_contain_text("文件是空的")
    read = tab.locator(".jh-import", has_text="自评表_b_.pdf")
    expect(read.locator(".jh-tag").first).to_contain_text("完成", timeout=PATIENCE)
    expect(tab.locator(".jh-import-sum")).to_contain_text("读出 4 张表，待复核 0 处")
    read.locator("summary").click()
    with Store.open(running.home) as store:
        assert {form.form_id for form in store.forms()} == {
            str(link.get_attribute("href")).removeprefix("/form?id=") for link in read.locator("ol a").all()
        }
    keep_picture(tab, "import-done")
    tab.set_viewport_size({"width": 390, "height": 844})
    keep_picture(tab, "import-phone")
    assert tab.evaluate("document.documentElement.scrollWidth") == 390

    # Whoever else looks sees nothing of it, until it is stored.
    other = new_page()
    other.goto(f"{running.url}/import")
    expect(other.get_by_role("heading", name="还没有导入过文件")).to_be_visible()
    other.get_by_role("button", name="English").click()
    expect(other.get_by_role("heading", name="Nothing imported yet")).to_be_visible()


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


def test_only_uploads_of_the_page_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    folder = Path(get_upload_folder()) / ("a" * 64)
    folder.mkdir(parents=True)
    good = folder / f"{'b' * 32}.upload"
    good.write_bytes(b"x")
    (folder / "export.xlsx").write_bytes(b"x")
    secret = tmp_path / "secret"
    secret.write_bytes(b"x")
    link = folder / f"{'c' * 32}.upload"
    link.symlink_to(secret)
    assert _uploaded(str(good)) == good.resolve()
    for path in (
        "", "/etc/passwd", str(secret), str(folder / "export.xlsx"), str(link), f"{folder}/../{'a' * 64}/{good.name}",
        str(folder / f"{'d' * 32}.upload"), good.name, str(folder), "/proc/self/environ", f"{folder}/\0",
    ):  # fmt: skip
        assert _uploaded(path) is None, path
