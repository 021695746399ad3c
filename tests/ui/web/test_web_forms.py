"""The list of forms: found, filtered, ordered, taken away, and safe whatever documents say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import httpx2 as httpx
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from store.records import FormFilter, Slice
from store.store import Store
from tests.factories import make_form, make_reading
from tests.ui.web.conftest import Running
from ui.web.forms import SLICE, Asked

RunSite = Callable[..., Running]
KeepPicture = Callable[[Page, str], None]
HOSTILE = "<img src=x onerror=alert(1)>${7*7}{{7*7}}</script><script>alert(2)</script>"


_SORTED = """() => {
  const lost = [...document.querySelectorAll("td.jl-lost")].map((cell) => parseFloat(cell.innerText)).filter((points) => !isNaN(points));
  return lost.length > 1 && lost.every((points, at) => !at || lost[at - 1] >= points);
}"""
"""The address is there before the rows are."""


def _many(home: Path, count: int) -> None:
    with Store.open(home) as store:
        forms = [make_form(f"第{number:03}号项目", total_score=Decimal(number) / 10) for number in range(count)]
        store.save(make_reading(forms, "many.pdf"), store.start_run("test"))


def test_an_address_says_what_is_shown() -> None:
    asked = Asked.of({"text": " 热线 ", "year": "2024", "errors": "1", "review": "0", "sort": "lost", "desc": "1"})
    assert asked.wanted == FormFilter(text="热线", year=2024, severity="error")
    assert asked.part(200, 100) == Slice(by="lost", descending=True, offset=200, limit=100)
    assert Asked.of(dict(httpx.QueryParams(asked.query))) == asked
    assert Asked.of({"year": "二〇二四", "sort": "rowid; drop table forms"}) == Asked()


def test_finding_a_form(shared_site: Running, tab: Page, keep_picture: KeepPicture) -> None:
    tab.goto(shared_site.url)
    rows = tab.locator(".jl tbody tr:not(.jl-gap)")
    expect(tab.locator(".jl-shown")).to_contain_text("37")
    keep_picture(tab, "forms")
    tab.get_by_role("searchbox").fill("培训经费")
    expect(rows).to_have_count(1)
    expect(tab).to_have_url(re.compile("text="))
    tab.get_by_role("button", name="清除条件").click()
    tab.get_by_role("combobox", name="年度").select_option("2024")
    tab.get_by_label("有错误").check()
    tab.get_by_role("button", name="失分").click()
    expect(tab.locator("th[aria-sort=descending]")).to_have_text("失分")
    expect(tab).to_have_url(re.compile("year=2024&errors=1&sort=lost&desc=1"))
    tab.wait_for_function(_SORTED)
    tab.reload()
    expect(tab.get_by_label("有错误")).to_be_checked()
    rows.first.locator("a").focus()
    tab.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator("a")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile(r"/form\?id="))


@pytest.mark.slow
def test_a_long_list_is_loaded_as_it_is_scrolled(run_site: RunSite, tmp_path: Path, tab: Page) -> None:
    home = tmp_path / "many"
    _many(home, 450)
    tab.goto(run_site(home).url)
    rows = tab.locator(".jl tbody tr:not(.jl-gap)")
    expect(rows.first).to_contain_text("第000号项目")
    tab.locator(".jl-scroll").evaluate("scroller => scroller.scrollTop = scroller.scrollHeight")
    expect(tab.get_by_role("link", name="第449号项目")).to_be_visible()
    assert rows.count() < SLICE
    last = tab.get_by_role("link", name="第449号项目")
    last.focus()
    tab.keyboard.press("ArrowUp")
    expect(tab.get_by_role("link", name="第448号项目")).to_be_focused()


def test_the_list_as_a_file(run_site: RunSite, home: Path) -> None:
    with Store.open(home) as store:
        store.save(make_reading([make_form("=HYPERLINK(1)", total_score=Decimal("88.5"))], "x.pdf"), store.start_run("test"))
    url = run_site(home).url
    sheet = load_workbook(io.BytesIO(httpx.get(f"{url}/jihe/forms.xlsx?sort=score").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 39
    named = next(row for row in sheet.iter_rows() if row[1].value == "=HYPERLINK(1)")
    assert named[1].data_type == "s"
    table = list(csv.DictReader(io.StringIO(httpx.get(f"{url}/jihe/forms.csv?text=HYPERLINK").content.decode("utf-8-sig"))))
    assert [row["项目名称"] for row in table] == ["'=HYPERLINK(1)"]


@pytest.mark.slow
def test_texts_of_documents_are_only_shown(run_site: RunSite, tmp_path: Path, tab: Page) -> None:
    home = tmp_path / "hostile"
    with Store.open(home) as store:
        store.save(make_reading([make_form(HOSTILE, department=HOSTILE, grade=HOSTILE)], "x.pdf"), store.start_run("test"))
        form_id = store.forms()[0].form_id
    url = run_site(home).url
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto(url)
    expect(tab.locator(".jl tbody a")).to_have_text(HOSTILE)
    tab.goto(f"{url}/form?id={form_id}&cell=project_name")
    expect(tab.locator(".jf-head h1")).to_have_text(HOSTILE)
    expect(tab.locator('.jf-cell[data-cell="grade"] > span')).to_have_text(HOSTILE)
    assert tab.locator("img[src=x]").count() == 0


def test_an_empty_home_says_what_to_do(run_site: RunSite, new_page: Callable[..., Page], keep_picture: KeepPicture) -> None:
    running = run_site()
    tab = new_page(390)
    tab.goto(running.url)
    expect(tab.get_by_role("link", name="去导入")).to_have_attribute("href", "/import")
    keep_picture(tab, "forms-empty")
