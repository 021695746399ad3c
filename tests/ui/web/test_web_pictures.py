"""Every page as it looks: at three widths and in English, over the sample documents. `python -m tests.ui.web.pictures` makes those of the
README of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import data
from agents.indexing import bring_up_to_date
from agents.pipeline import ingest
from store.store import Store
from tests.ui.web.conftest import Running

SIZES = {"1280": (1280, 800), "1920": (1920, 1080), "390": (390, 844)}
REFORM = "有哪些项目因为机构改革而影响了绩效？"
READY = {
    "": ".jl tbody a", "import": ".jh-empty", "review": ".jr-item:not([hidden]) img", "findings": ".jp-table tbody tr",
    "ask": ".ask-past .ask-meta", "analysis": ".jh-chart .js-plotly-plot", "evaluation": "#jh-main h1, .jh-title h1",
    "form": ".jf-drawn img",
}  # fmt: skip
"""What is there once a page is."""


@pytest.fixture(scope="module")
def samples_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample documents: four as they are, one as a bad scan of it, so that there is something to review."""
    home = tmp_path_factory.mktemp("samples") / "home"
    pdfs = [path for path in sorted((data.samples() / "pdf").glob("*.pdf")) if not path.stem.startswith("baoshan")]
    with Store.open(home) as store:
        ingest([*map(str, pdfs), str(data.samples() / "scans" / "heavy" / "baoshan-2020.pdf")], store)
        bring_up_to_date(store, os.environ)
    return home


@pytest.mark.slow
def test_every_page_at_every_width(
    run_site: Callable[..., Running], samples_home: Path, new_page: Callable[..., Page], keep_picture: Callable[[Page, str], None]
) -> None:
    running = run_site(samples_home)
    form = max(running.site.store.findings(rule="deduction-unexplained"), key=lambda one: one.form_id)
    pages = {name: f"/{name}" for name in READY} | {"form": f"/form?id={form.form_id}&cell={form.cell}"}
    for language in ("zh", "en"):
        for size, (width, height) in SIZES.items() if language == "zh" else [("1280", SIZES["1280"])]:
            tab = new_page(width, height)
            tab.context.add_cookies([{"name": "jihe-lang", "value": language, "url": running.url}])
            for name, address in pages.items():
                tab.goto(running.url + address)
                if name == "ask":
                    tab.locator("#ask-box textarea").fill(REFORM)
                    tab.locator("#ask-box textarea").press("Enter")
                expect(tab.locator(READY[name]).first).to_be_visible()
                # Charts and pictures are drawn when they are there; a page never falls silent, as Gradio keeps a stream open.
                tab.wait_for_timeout(1500)
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, (name, size)
                keep_picture(tab, f"page-{name or 'forms'}-{size}-{language}")
            tab.close()
