"""The list of findings in a browser: filtered, opened at its place, taken away as a sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from store.review_records import FindingsWanted
from tests.ui.web.conftest import Running
from ui.web import findings
from ui.web.findings import Asked

RunSite = Callable[..., Running]
Keep = Callable[[Page, str], None]


def test_findings_are_filtered_opened_and_exported(shared_site: Running, tab: Page, keep_picture: Keep) -> None:
    store = shared_site.site.store
    everything = store.findings_page(FindingsWanted())
    tab.goto(f"{shared_site.url}/findings")
    expect(tab.locator(".jp-line strong")).to_have_text(f"共 {everything.total} 条")
    keep_picture(tab, "findings")
    rule = everything.rules[1]
    tab.locator(".jp-chip", has_text=rule.label).click()
    expect(tab.locator(".jp-chip[aria-current]")).to_contain_text(rule.label)
    expect(tab.locator("tbody tr")).to_have_count(min(rule.count, findings.LINES))
    assert f"rule={rule.value}" in tab.url
    with tab.expect_download() as got:
        tab.get_by_role("link", name="导出复核意见表").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(got.value.path()).read_bytes())).active
    assert sheet is not None
    assert sheet.max_row == rule.count + 1
    tab.locator("[data-jh-place]").first.click()
    expect(tab.locator("dialog[open] .jh-box")).to_be_visible()
    tab.keyboard.press("Escape")
    tab.get_by_label("搜索").fill("没有这样的话")
    expect(tab.get_by_text("没有符合筛选的问题")).to_be_visible()
    expect(tab.get_by_label("搜索")).to_be_focused()
    tab.get_by_role("link", name="清除筛选").last.click()
    expect(tab.locator(".jp-line strong")).to_have_text(f"共 {everything.total} 条")
    tab.locator("select[name=severity]").select_option("error")
    expect(tab.locator("tbody .jh-warning")).to_have_count(0)
    tab.go_back()
    expect(tab.locator("tbody .jh-warning").first).to_be_visible()


@pytest.mark.slow
def test_without_forms_it_says_what_to_do_and_fits_a_phone(
    run_site: RunSite, home: Path, new_page: Callable[..., Page], keep_picture: Keep
) -> None:
    empty = run_site()
    tab = new_page(390, 844)
    tab.goto(f"{empty.url}/findings")
    expect(tab.get_by_role("link", name="导入文件")).to_be_visible()
    running = run_site(home)
    tab.goto(f"{running.url}/findings?severity=warning")
    expect(tab.locator("tbody tr").first).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(tab, "findings-phone")


def test_an_address_asks_for_what_makes_sense() -> None:
    asked = Asked.of({"severity": "x", "year": "²", "sort": "y", "page": "0x", "rule": "score-sum", "text": " 服务 "})
    assert asked == Asked(FindingsWanted(rule="score-sum", text="服务"), 1)
    assert asked.address(page=2) == "/findings?rule=score-sum&text=%E6%9C%8D%E5%8A%A1&page=2"
    assert asked.address(rule=None, text=None) == "/findings?"
