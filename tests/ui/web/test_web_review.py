"""The review in a browser: cells settled from the keyboard, two people at once, nothing to do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from schema.evidence import Reading, ReviewMark
from schema.form import Form
from schema.reading import DocumentReading
from store.repository.corrections import value_at
from store.store import Store
from tests.factories import make_form, make_reading
from tests.ui.web.conftest import Running
from ui.web.review import filter_of

RunSite = Callable[..., Running]
Keep = Callable[[Page, str], None]
HOSTILE = '<img src=x onerror="window.broken=1">'


def _doubtful(store: Store) -> str:
    """A form of a real document, read again with four cells in doubt; its id."""
    form = next(form for form in store.iter_forms() if len(form.indicators) > 4)
    assert form.source is not None
    sha256 = form.source.sha256
    marks = tuple(_mark(form, cell) for cell in ("total_score", "indicators[1].score", "indicators[2].weight", "indicators[0].actual"))
    forms = [one for one in store.iter_forms() if one.source and one.source.sha256 == sha256]
    marked = tuple(one.model_copy(update={"review": marks}) if one == form else one for one in forms)
    known = store.known(sha256)
    assert known is not None
    pages = tuple(store.pages(sha256))
    reading = DocumentReading(file=known.files[0], sha256=sha256, size=known.size, kind="digital", pages=pages, forms=marked, seconds=0.1)
    store.save(reading, store.start_run("test"), again=True)
    return form.form_id


def _mark(form: Form, cell: str) -> ReviewMark:
    value = value_at(form, cell)
    other = "另一个读数" if isinstance(value, str) else Decimal(3)
    readings = (Reading(read_by="layout", value=value), Reading(read_by="ocr", value=other))  # type: ignore[arg-type]
    return ReviewMark(cell=cell, reason="识别把握不大（0.52）", readings=readings)


def _now(tab: Page) -> str:
    return str(tab.locator(".jr-item:not([hidden])").get_attribute("data-cell"))


def test_the_queue_is_worked_off_from_the_keyboard(run_site: RunSite, home: Path, tab: Page, keep_picture: Keep) -> None:
    with Store.open(home) as store:
        form_id = _doubtful(store)
        before = store.get(form_id)
    running = run_site(home)
    tab.goto(f"{running.url}/review")
    item = tab.locator(".jr-item:not([hidden])")
    expect(item).to_have_attribute("data-cell", "total_score")
    expect(item.locator("img")).to_have_js_property("complete", True)
    keep_picture(tab, "review")
    tab.keyboard.press("Enter")
    # The next one is there before the server has answered.
    assert _now(tab) == "indicators[1].score"
    expect(tab.locator(".jr-told")).to_contain_text("确认")
    tab.keyboard.press("2")
    expect(tab.locator(".jr-told")).to_contain_text("新出现的问题")
    expect(item).to_have_attribute("data-cell", "indicators[2].weight")
    tab.keyboard.press("s")
    expect(item).to_have_attribute("data-cell", "indicators[0].actual")
    tab.keyboard.press("e")
    field = item.get_by_label("正确的值")
    field.fill("")
    # Keys are letters while someone types.
    field.press_sequentially("use 2")
    keep_picture(tab, "review-editing")
    field.press("Enter")
    expect(tab.get_by_text("跳过的还有 1 处")).to_be_visible()
    form = running.site.store.get(form_id)
    assert (form.indicators[1].score, form.indicators[0].actual, form.total_score) == (3, "use 2", before.total_score)
    tab.get_by_role("button", name="再看跳过的").click()
    expect(item).to_have_attribute("data-cell", "indicators[2].weight")
    tab.keyboard.press("u")
    expect(tab.get_by_text("没有待复核的单元格")).to_be_visible()
    expect(tab.locator(".jr-today")).to_have_text("今天已复核 4 处")
    tab.keyboard.press("z")
    expect(item).to_have_attribute("data-cell", "indicators[2].weight")
    expect(tab.locator(".jr-left")).to_have_text("还有 1 处待复核")
    assert running.site.store.get(form_id).indicators[2].weight == before.indicators[2].weight
    tab.keyboard.press("u")
    expect(tab.get_by_text("没有待复核的单元格")).to_be_visible()
    _look_at_the_log(running, tab, form_id, keep_picture)
    assert running.site.store.get(form_id).indicators[0].actual == before.indicators[0].actual


def _look_at_the_log(running: Running, tab: Page, form_id: str, keep_picture: Keep) -> None:
    """Take the gold away, and then the correction of a text back."""
    tab.get_by_text("更正记录").click()
    expect(tab.locator(".jr-log tbody tr")).to_have_count(5)
    keep_picture(tab, "review-log")
    gold = json.loads(httpx.get(f"{running.url}/jihe/exports/reviewed.json").content)
    assert [one["form_id"] for one in gold] == [form_id]
    tab.locator(".jr-log tbody tr").nth(2).get_by_role("button").click()
    expect(tab.locator(".jr-item:not([hidden])")).to_have_attribute("data-cell", "indicators[0].actual")


@pytest.mark.slow
def test_a_cell_that_someone_else_settled_is_shown_anew(run_site: RunSite, home: Path, new_page: Callable[..., Page]) -> None:
    with Store.open(home) as store:
        form_id = _doubtful(store)
    running = run_site(home)
    first, second = new_page(), new_page(390, 844)
    for tab in (first, second):
        tab.goto(f"{running.url}/review")
        expect(tab.locator(".jr-item:not([hidden])")).to_have_attribute("data-cell", "total_score")
    first.keyboard.press("e")
    first.get_by_label("正确的值").locator("visible=true").fill("77")
    first.keyboard.press("Enter")
    expect(first.locator(".jr-told")).to_contain_text("→ 77")
    second.get_by_role("button", name=re.compile("无误")).locator("visible=true").click()
    expect(second.locator(".jr-told")).to_contain_text("已由 web 复核，现在是“77”")
    expect(second.locator(".jr-left")).to_have_text("还有 3 处待复核")
    assert [one.new for one in running.site.store.corrections(form_id)] == [77]
    # What does not fit is refused at its cell, with what was typed.
    second.get_by_role("button", name=re.compile("改正")).locator("visible=true").click()
    second.get_by_label("正确的值").locator("visible=true").fill("十五")
    second.keyboard.press("Enter")
    expect(second.locator(".jr-message:visible")).to_contain_text("需要一个数字")
    expect(second.get_by_label("正确的值").locator("visible=true")).to_have_value("十五")


@pytest.mark.slow
def test_a_site_to_look_at_and_texts_that_would_be_code(run_site: RunSite, tmp_path: Path, tab: Page, keep_picture: Keep) -> None:
    mark = ReviewMark(cell="project_name", reason=HOSTILE, readings=(Reading(read_by="llm", value=HOSTILE),))
    with Store.open(tmp_path / "odd") as store:
        store.save(make_reading([make_form(HOSTILE, review=(mark,))]), store.start_run("test"))
    running = run_site(tmp_path / "odd", read_only=True)
    tab.goto(f"{running.url}/review?kind=text")
    item = tab.locator(".jr-item:not([hidden])")
    expect(item).to_contain_text(HOSTILE)
    expect(item).to_contain_text("没有页面图像")
    assert tab.evaluate("window.broken") is None
    expect(tab.get_by_role("button", name="无误")).to_have_count(0)
    tab.keyboard.press("Enter")
    # Whoever asks all the same is refused by the server.
    detail = {"name": "act", "form": "x", "cell": "grade", "action": "accept", "seen": "", "seen_empty": True, "row": None, "turn": 1}
    script = (
        "detail => document.querySelector('#jh-review-bridge .prose').dispatchEvent(new CustomEvent('jh-review', {detail, bubbles: true}))"
    )
    tab.evaluate(script, detail)
    expect(tab.get_by_text("本站只读，不能修改。")).to_be_visible()
    assert running.site.store.corrections_made(5) == []
    tab.goto(f"{running.url}/review?kind=figure")
    expect(tab.get_by_text("没有符合筛选的单元格")).to_be_visible()
    keep_picture(tab, "review-none")


def test_an_address_asks_for_what_makes_sense() -> None:
    assert filter_of({"kind": "nonsense", "form": "", "reason": "模糊"}).model_dump(exclude_none=True) == {"reason": "模糊"}
