"""The page 分析: charts that say in words what they show, filters in the address, rows as files; and the page 评测."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import openpyxl
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Page, expect

from agents.analysis import Analyst
from eval.synthesis.many import many_forms
from store import Store
from store.figures import Wanted
from tests.answering import import_all
from tests.ui.web.conftest import Running
from ui.web.analysis import wanted_of
from ui.web.analysis_charts import KEYS, MAKERS
from ui.web.analysis_losses import causes_chart
from ui.web.analysis_plots import plain_text, wrapped
from ui.web.analysis_table import Chart
from ui.web.site import Visitor
from ui.web.words import Language

RunSite = Callable[..., Running]
Keep = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def analyst(tmp_path_factory: pytest.TempPathFactory) -> Analyst:
    folder = tmp_path_factory.mktemp("analysis")
    store = Store.open(folder / "home")
    import_all(store, list(many_forms(60)), folder)
    return Analyst(store)


def _charts(analyst: Analyst, language: Language) -> dict[str, Chart]:
    visitor, everything = Visitor("web", language), Wanted()
    seen = analyst.look(everything)
    made = {key: make(seen, visitor) for key, make in MAKERS.items()}
    return made | {"causes": causes_chart(analyst.causes(everything), visitor)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_chart_is_one_that_plotly_knows_and_has_words_and_rows(analyst: Analyst, language: Language) -> None:
    charts = _charts(analyst, language)
    assert set(charts) == set(KEYS)
    for chart in charts.values():
        assert chart.words
        assert chart.plot is not None
        spec = json.loads(chart.plot.plot)
        # It refuses what plotly.js does not know.
        go.Figure(data=spec["data"], layout=spec["layout"])
        assert all(len(row.cells) == len(chart.headings) for row in chart.rows)


def test_words_and_rows_tell_the_same_sum(analyst: Analyst) -> None:
    causes = _charts(analyst, "zh")["causes"]
    told = re.search(r"共 ([\d,.]+) 分", causes.words)
    assert told
    assert float(told[1].replace(",", "")) == pytest.approx(sum(float(row.cells[1].replace(",", "")) for row in causes.rows), abs=0.1)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, Wanted()),
        ({"year": "2024", "department": "甲局"}, Wanted(year=2024, department="甲局")),
        ({"year": "二〇二四"}, Wanted()),
        ({"year": "²024", "unit": ""}, Wanted()),
        ({"year": "20244"}, Wanted()),
    ],
)
def test_filters_of_an_address(given: dict[str, str], wanted: Wanted) -> None:
    assert wanted_of(given) == wanted


def test_labels_hold_nothing_that_plotly_would_read() -> None:
    assert plain_text('<a href="javascript:x">\u202e点</a>\n&') == '&lt;a href="javascript:x"&gt; 点&lt;/a&gt; &amp;'
    assert wrapped("很" * 13 + "<b>" * 20).count("<") == 1


def test_charts_filters_and_files(shared_site: Running, tab: Page, keep_picture: Keep) -> None:
    tab.goto(f"{shared_site.url}/analysis")
    for key in KEYS:
        expect(tab.locator(f"#analysis-{key} .js-plotly-plot[role=img]")).to_have_attribute("aria-label", re.compile(".{20}"))
    expect(tab.locator("#analysis-summary")).to_contain_text("指标扣分")
    keep_picture(tab, "analysis")
    tab.get_by_role("combobox", name="年度").click()
    tab.get_by_role("option").nth(1).click()
    expect(tab).to_have_url(re.compile(r"/analysis\?year=\d{4}$"))
    year = tab.url[-4:]
    held = [form for form in shared_site.site.store.forms() if str(form.fiscal_year) == year]
    expect(tab.locator(".jh-figure strong").first).to_have_text(str(len(held)))
    tab.locator("#analysis-rates summary").click()
    expect(tab.locator("#analysis-rates tbody tr")).to_have_count(len(held))
    address = tab.locator("#analysis-rates .jh-downloads a").first.get_attribute("href")
    book = openpyxl.load_workbook(io.BytesIO(httpx.get(shared_site.url + str(address)).content))
    assert book.active is not None
    assert {str(row[0]) for row in book.active.iter_rows(min_row=2, values_only=True)} == {form.form_id for form in held}
    tab.reload()
    expect(tab.locator(".jh-figure strong").first).to_have_text(str(len(held)))
    with tab.expect_navigation():
        tab.locator("#analysis-rules .js-plotly-plot .barlayer path").first.click(force=True)
    expect(tab).to_have_url(re.compile(rf"/findings\?rule=[a-z-]+&year={year}"))


@pytest.mark.slow
def test_nothing_to_analyse(run_site: RunSite, tab: Page, home: Path, keep_picture: Keep) -> None:
    running = run_site()
    tab.goto(f"{running.url}/analysis")
    expect(tab.get_by_role("link", name="去导入")).to_have_attribute("href", "/import")
    keep_picture(tab, "analysis-empty")
    tab.goto(f"{running.url}/evaluation")
    expect(tab.locator("#evaluation")).to_contain_text("python -m eval.")
    keep_picture(tab, "evaluation")


@pytest.mark.slow
def test_a_filter_that_leaves_nothing(shared_site: Running, new_page: Callable[..., Page], keep_picture: Keep) -> None:
    tab = new_page(390, 800)
    tab.goto(f"{shared_site.url}/analysis?department=%3Cb%3E%E7%94%B2")
    expect(tab.get_by_text("没有符合条件的表单")).to_be_visible()
    tab.get_by_role("button", name="清除筛选").click()
    expect(tab.locator("#analysis-causes .js-plotly-plot")).to_be_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    keep_picture(tab, "analysis-phone")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["nothing.csv", "causes.exe", "causes.csv?year=x", "levels.csv?department=%00"])
def test_files_that_do_not_exist_and_odd_filters(shared_site: Running, path: str) -> None:
    answer = httpx.get(f"{shared_site.url}/jihe/analysis/{path}")
    assert answer.status_code == (200 if ".csv?" in path else 404)
