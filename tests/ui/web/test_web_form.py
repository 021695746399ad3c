"""The page of one form: cells and their places, corrections, and pictures that are shown to nobody who may not see them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Page, expect

from store.store import Store
from tests.ui.web.conftest import Running

RunSite = Callable[..., Running]
KeepPicture = Callable[[Page, str], None]
UNEXPLAINED = "deduction-unexplained"


def _unexplained(home: Path) -> tuple[str, str]:
    """A form with points lost without a reason, and the cell for it."""
    with Store.open(home) as store:
        found = store.findings(rule=UNEXPLAINED)[0]
    return found.form_id, found.cell.rsplit(".", 1)[0] + ".deviation"


def test_cells_and_their_places(shared_site: Running, tab: Page, keep_picture: KeepPicture) -> None:
    form_id, _ = _unexplained(shared_site.home)
    tab.goto(f"{shared_site.url}/form?id={form_id}")
    tab.locator('.jf-cell[data-cell="total_score"]').click()
    chosen = tab.locator(".jh-box.jh-chosen")
    expect(chosen).to_have_attribute("data-cell", "total_score")
    expect(chosen).to_be_in_viewport()
    expect(tab.locator(".jf-panel h2")).to_contain_text("总得分")
    expect(tab).to_have_url(re.compile("cell=total_score"))
    tab.locator('.jh-box[data-cell="indicators[0].name"]').first.click()
    expect(tab.locator('.jf-cell[data-cell="indicators[0].name"]')).to_have_attribute("aria-pressed", "true")
    tab.locator('.jf-cell[data-cell="indicators[0].name"]').focus()
    tab.keyboard.press("ArrowDown")
    expect(tab.locator('.jf-cell[data-cell="indicators[1].name"]')).to_be_focused()
    expect(chosen.first).to_have_attribute("data-cell", "indicators[1].name")
    tab.get_by_role("button", name="放大").click()
    expect(tab.locator(".jf-zoom")).to_have_text("125%")
    expect(tab.locator(".jf-drawn img").first).to_be_visible()
    keep_picture(tab, "form")


def test_a_correction_takes_its_finding_away(run_site: RunSite, home: Path, tab: Page, keep_picture: KeepPicture) -> None:
    form_id, cell = _unexplained(home)
    running = run_site(home)
    tab.goto(f"{running.url}/form?id={form_id}&cell={cell}")
    area = tab.get_by_label("正确的值")
    tab.locator(f'.jf-cell[data-cell="{cell}"]').focus()
    tab.keyboard.press("Enter")
    expect(area).to_be_focused()
    area.fill("年中预算压减")
    tab.keyboard.press("Enter")
    told = tab.locator(".jf-told")
    expect(told).to_contain_text("不再有的问题")
    corrected = tab.locator(f'.jf-cell[data-cell="{cell}"]')
    expect(corrected).to_have_class(re.compile("jf-corrected"))
    expect(corrected).to_have_attribute("title", re.compile("读出的原值"))
    keep_picture(tab, "form-corrected")
    with Store.open(home) as store:
        assert UNEXPLAINED not in {f.rule for f in store.findings(form_id) if f.cell.rsplit(".", 1)[0] == cell.rsplit(".", 1)[0]}
        # Someone else is faster: what they wrote is not overwritten.
        store.correct(form_id, cell, "别人写的", "李四")
    tab.get_by_label("正确的值").fill("我写的")
    tab.get_by_role("button", name="更正", exact=True).click()
    expect(told).to_contain_text("别人写的")
    tab.get_by_role("button", name="撤销更正").click()
    expect(told).to_contain_text("已撤销更正")
    with Store.open(home) as store:
        assert [event.undone_by for event in store.corrections(form_id)] == [None, "web"]


def test_a_read_only_site_shows_and_changes_nothing(run_site: RunSite, home: Path, tab: Page) -> None:
    form_id, cell = _unexplained(home)
    tab.goto(f"{run_site(home, read_only=True).url}/form?id={form_id}&cell={cell}")
    expect(tab.locator(".jf-panel")).to_be_visible()
    assert tab.locator(".jf-edit, [data-decide]").count() == 0
    wish = {"form": form_id, "cell": cell, "do": "correct", "value": "x", "seen": ""}
    tab.locator(".jf-sheet").evaluate("(at, detail) => at.dispatchEvent(new CustomEvent('jihe-act', { bubbles: true, detail }))", wish)
    expect(tab.get_by_text("本站只读，不能修改。")).to_be_visible()
    with Store.open(home) as store:
        assert store.corrections(form_id) == []


def test_pictures_are_of_stored_documents_only(run_site: RunSite, home: Path, tab: Page, tmp_path: Path) -> None:
    with Store.open(home) as store:
        source = store.iter_forms().__next__().source
        assert source is not None
        copy = Path(shutil.copy(source.file, tmp_path / "moved.pdf"))
        form_id = store.forms()[0].form_id
    url = run_site(home).url
    place = httpx.get(f"{url}/jihe/places/{source.sha256}/1").json()
    picture = httpx.get(url + place["picture"])
    assert (picture.headers["content-type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert "private" in picture.headers["cache-control"]
    assert httpx.get(url + place["picture"], headers={"If-None-Match": picture.headers["etag"]}).status_code == 304
    for address in ("/jihe/pages/../../etc/passwd/1.jpg", f"/jihe/pages/{'0' * 64}/1.jpg", f"/jihe/pages/{source.sha256}/999.jpg"):
        assert httpx.get(url + address).status_code == 404
    assert json.loads(httpx.get(f"{url}/jihe/forms/{form_id}.json").content)[0]["form_id"] == form_id
    # A document that was changed since is not shown, and the form stays usable.
    with Store.open(home) as store, store.database.write() as connection:
        connection.exec_driver_sql("UPDATE document_files SET path = ?", (str(copy),))
    copy.write_bytes(b"%PDF-1.4 other")
    tab.goto(f"{url}/form?id={form_id}&cell=total_score")
    expect(tab.locator(".jf-none")).to_contain_text("改动过")
    expect(tab.locator(".jf-panel h2")).to_contain_text("总得分")


@pytest.mark.slow
def test_no_such_form(shared_site: Running, tab: Page) -> None:
    tab.goto(f"{shared_site.url}/form?id=nothing-like-it")
    expect(tab.get_by_role("link", name="回到表单列表")).to_be_visible()
