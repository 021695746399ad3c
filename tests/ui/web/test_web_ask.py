"""Questions in the browser: asked, gone on from, opened at their sources, taken away, remembered; nobody sees anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from store.store import Store
from tests.ui.web.conftest import Running

RunSite = Callable[..., Running]
HOSTILE = "=1+1 <img src=x onerror=alert(1)> ${document.cookie} {{value}} [click](http://elsewhere.example) | **x**"


def asked(tab: Page, question: str, turns: int) -> None:
    """Type a question and wait for its answer."""
    tab.locator("#ask-box textarea").fill(question)
    tab.locator("#ask-box textarea").press("Enter")
    expect(tab.locator(".ask-past .ask-turn")).to_have_count(turns, timeout=20_000)


def test_a_conversation(run_site: RunSite, home: Path, tab: Page, keep_picture: Callable[[Page, str], None], tmp_path: Path) -> None:
    running = run_site(home)
    tab.goto(f"{running.url}/ask")
    expect(tab.locator(".ask-start li button").first).to_be_visible(timeout=20_000)
    keep_picture(tab, "ask-start")
    asked(tab, "有哪些项目因为机构改革而影响了绩效？", 1)
    answer = tab.locator(".ask-past .ask-turn").first
    expect(answer).to_contain_text("其他专项工作经费")
    expect(answer.locator(".jh-good")).to_contain_text("已核实")
    expect(answer.locator(".ask-related")).to_contain_text("信息化项目运维")
    keep_picture(tab, "ask-answer")

    # The chip opens the page of the form at the box.
    answer.locator(".ask-chip[data-jh-place]").first.click()
    viewer = tab.locator("dialog.jh-viewer")
    expect(viewer.locator(".jh-box.jh-chosen")).to_be_visible()
    keep_picture(tab, "ask-source")
    viewer.get_by_role("button", name="关闭").click()

    # How it was understood, in words and as data.
    answer.get_by_text("怎样理解这个问题").click()
    expect(answer.locator(".ask-plan dl")).to_contain_text("机构改革与职能划转")

    # Its table is sorted by keyboard and taken away as a workbook.
    table = answer.locator(".ask-table").first
    head = table.get_by_role("button", name="失分")
    head.press("Enter")
    expect(table.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    expect(table.locator("tbody tr").first).to_contain_text("0.5")
    with tab.expect_download() as download:
        table.get_by_role("button", name=re.compile("XLSX")).click()
    download.value.save_as(tmp_path / "table.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:2] == ["项目", "指标"]
    assert sheet.max_row == 3

    # It goes on, survives a reload, and is deleted.
    asked(tab, "嘉定各项目的平均总得分是多少？", 2)
    asked(tab, "那闵行呢？", 3)
    expect(tab.locator(".ask-past .ask-turn").last).to_contain_text("闵行")
    tab.reload()
    expect(tab.locator(".ask-past .ask-turn")).to_have_count(3)
    expect(tab.locator(".ask-past .ask-turn").nth(1).locator(".jh-good")).to_be_visible()
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.get_by_role("button", name=re.compile("删除对话")).click()
    expect(tab.locator(".ask-chats")).to_contain_text("还没有对话")
    expect(tab).to_have_url(re.compile("/ask$"))


def test_nobody_sees_the_conversations_of_others(run_site: RunSite, home: Path, new_page: Callable[..., Page]) -> None:
    running = run_site(home)
    one, other = new_page(), new_page(390)
    one.goto(f"{running.url}/ask")
    asked(one, "哪些项目执行率低于80%？", 1)
    other.goto(one.url)
    expect(other.locator(".ask-start li button").first).to_be_visible(timeout=20_000)
    expect(other.locator(".ask-past .ask-turn")).to_have_count(0)
    asked(other, "今天天气怎么样？", 1)
    expect(other.locator(".ask-abstained")).to_contain_text("没有找到：天气")
    assert other.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.slow
def test_texts_of_documents_stay_texts(run_site: RunSite, home: Path, tab: Page) -> None:
    with Store.open(home) as store:
        form = next(form for form in store.iter_forms() if any(row.deviation for row in form.indicators))
        index = next(at for at, row in enumerate(form.indicators) if row.deviation)
        store.correct(form.form_id, f"indicators[{index}].deviation", HOSTILE, "test")
        question = f"“{form.project_name}”的“{form.indicators[index].name}”为什么扣分？"
    running = run_site(home)
    tab.goto(f"{running.url}/ask")
    asked(tab, question, 1)
    answer = tab.locator(".ask-past .ask-turn")
    expect(answer).to_contain_text("${document.cookie} {{value}}")
    assert answer.locator("img, .ask-text a[href^=http]").count() == 0


@pytest.mark.slow
def test_without_forms_it_leads_to_the_imports(run_site: RunSite, tab: Page) -> None:
    running = run_site()
    tab.goto(f"{running.url}/ask")
    expect(tab.get_by_role("link", name="去导入")).to_have_attribute("href", "/import")
    expect(tab.locator("#ask-box")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize("question", ["", "？？"])
def test_what_is_no_question_is_said(run_site: RunSite, home: Path, tab: Page, question: str) -> None:
    running = run_site(home)
    tab.goto(f"{running.url}/ask?q={question}")
    box = tab.locator("#ask-box textarea")
    expect(box).to_have_value(question)
    box.press("Enter")
    expect(tab.locator(".ask-now [role=alert]")).to_contain_text("问题" if question else "问题是空的")
