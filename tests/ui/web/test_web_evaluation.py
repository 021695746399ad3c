"""The page 评测: the runs of the home, two side by side, and reports served as files and as nothing else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from starlette.routing import Match

from eval.metrics.bootstrap import FIGURES
from eval.metrics.injection import injection_figures, tally
from eval.report.write import write_report
from eval.runs.folder import Runs
from eval.simulate.faults import Planted
from eval.simulate.measure import Measured
from eval.simulate.run import Setting
from tests.eval.runs.resulting import gold, make_run, result
from tests.ui.web.conftest import Running
from ui.web.evaluation import add_report_routes, rendered, report_address
from ui.web.site import Site, Visitor
from ui.web.texts.evaluation import TEXTS

D = Decimal
HOSTILE = "<script>alert(1)</script>"
RunSite = Callable[..., Running]


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A home with two runs, the second worse than the first and with a report."""
    home = tmp_path / "evaluated"
    runs, forms = Runs(home), gold()
    make_run(1, {"digital": [result(form) for form in forms]}, runs)
    bad = [result(form, {"total_score": D(1), "department": HOSTILE}) for form in forms]
    write_report(runs, make_run(2, {"digital": bad}, runs))
    return home


def _page(home: Path, language: str = "zh", **query: str) -> str:
    return rendered(cast(Site, SimpleNamespace(home=home)), Visitor("web", cast(Any, language)), query)


def test_runs_the_latest_card_and_the_report_are_shown(filled: Path) -> None:
    page = _page(filled)
    assert "最近一次" in page and page.count("20261102-000000-0002") >= 3 and "20261101-000000-0001" in page
    assert page.count(report_address("20261102-000000-0002")) == 2 and report_address("20261101-000000-0001") not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_became_of_a_models_faults_is_shown(filled: Path, language: str) -> None:
    assert "decimal-moved" not in _page(filled, language) and "小数点移位" not in _page(filled, language)
    runs, form, measured = Runs(filled), gold(1)[0], Measured()
    measured.add(form, form, [Planted("decimal-moved", None, "total_score", "98", "9.8", harmless=False)])
    injection = injection_figures([tally("digital", Setting(), measured)])
    runs.keep(runs.get("last").model_copy(update={"injection": injection}))
    page = _page(filled, language)
    assert ("说错 1 处：改正 1，标出 0，未标出 0" if language == "zh" else "tells 1 things wrongly: 1 repaired") in page
    assert ("小数点移位" if language == "zh" else "decimal-moved") in page and "row-dropped" not in page
    assert f"0 / {injection.cells['number']}" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_runs_side_by_side(filled: Path, language: str) -> None:
    page = _page(filled, language, first="20261101-000000-0001", second="20261102-000000-0002")
    assert "总得分" in page and ("变差" if language == "zh" else "worse") in page
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert ("新出现 6 格" if language == "zh" else "6 cells are newly") in page


def test_what_cannot_be_compared_is_said(filled: Path) -> None:
    one = "20261101-000000-0001"
    assert "两次不同" in _page(filled, first=one, second=one)
    assert "不在这里" in _page(filled, first="../x", second=one)


def test_every_figure_has_its_text() -> None:
    assert {f"evaluation.figure.{name}" for name in FIGURES} <= TEXTS.keys()


def test_reports_are_served_and_nothing_else(filled: Path) -> None:
    app = FastAPI()
    add_report_routes(app, cast(Site, SimpleNamespace(home=filled)))
    (route,) = [route for route in app.routes if getattr(route, "path", "").startswith("/jihe/evaluations/")]
    request = SimpleNamespace(cookies={})
    served = cast(Any, route).endpoint("20261102-000000-0002", request)
    assert Path(served.path).name == "report.html" and served.status_code == 200
    for name in ("20261101-000000-0001", "..", "shared", "last", ""):
        assert cast(Any, route).endpoint(name, request).status_code == 404
    for path in ("/jihe/evaluations/x/run.json", "/jihe/evaluations/a/b/report.html"):
        assert route.matches({"type": "http", "method": "GET", "path": path, "root_path": ""})[0] == Match.NONE


@pytest.mark.slow
def test_the_page_in_a_browser(filled: Path, run_site: RunSite, tab: Page, keep_picture: Callable[[Page, str], None]) -> None:
    running = run_site(filled)
    tab.goto(f"{running.url}/evaluation")
    expect(tab.locator("#evaluation h2").first).to_contain_text("最近一次")
    tab.get_by_role("button", name="比较").click()
    expect(tab.get_by_text("新出现 6 格")).to_be_visible()
    assert "first=20261101-000000-0001&second=20261102-000000-0002" in tab.url
    keep_picture(tab, "evaluation-compared")
