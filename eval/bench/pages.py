"""`python -m eval.bench pages`: seconds until pages of `jihe ui` can be used, in the system's Chromium, over loopback.

Every page is opened in a tab of its own without a cache. Seconds are from asking for it until what a user came for is there: rows of the
list, the form with the picture of its page, the charts. The first look at everything is told in brackets and not counted: it imports what a
process needs once.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from agents.pipeline import ingest
from data import samples
from eval.bench.browser import launched
from eval.bench.questions import fill
from eval.bench.report import machine
from eval.bench.web import serving
from store.store import Store

WAIT_MS = 60_000
SETTLED_MS = 500
"""Until what a page does after it was opened is done."""
SIZE = 10_000
LONG = "minhang-services-2024.pdf"
DRAWN = "() => { const drawn = document.querySelector('.jf-drawn img'); return drawn && drawn.complete && drawn.naturalWidth > 0 }"
"""The picture of the page with the form's first cell is there."""
SCROLLED = """() => {
  const at = document.querySelector('.jl-scroll'), box = at.getBoundingClientRect();
  const rows = [...document.querySelectorAll('.jl tbody tr:not(.jl-gap)')].map((row) => row.getBoundingClientRect());
  return at.scrollTop > 100 && rows.some((row) => row.bottom > box.top && row.top < box.bottom);
}"""
"""The list was scrolled, and rows are in view there."""


@dataclass(frozen=True)
class Opened:
    """Seconds of one page: the first time and the others, and what it may take."""

    page: str
    limit: float
    first: float
    median: float
    worst: float

    @property
    def kept(self) -> bool:
        """Whether the limit is kept, the first time aside."""
        return self.median <= self.limit


@dataclass(frozen=True)
class Look:
    """A page: its address, what is there when it can be used, and a step on it that is measured instead where there is one."""

    name: str
    path: str
    ready: str
    limit: float
    step: Callable[[Page], None] | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 where a page took too long."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="jihe-pages-") as folder:
        home = Path(folder) / "home"
        form = _fill(home, given.forms)
        with serving(home) as (address, _), sync_playwright() as playwright:
            browser = launched(playwright)
            opened = [_opened(browser, address, look, given.repeat) for look in looks(form)]
            browser.close()
    for one in opened:
        told = f"median {one.median:.2f} s, worst {one.worst:.2f} s (the first time {one.first:.2f} s), limit {one.limit:g} s"
        sys.stdout.write(f"{'ok  ' if one.kept else 'MISS'} {one.page}: {told}\n")
    if given.output:
        figures = {"machine": machine(), "forms": given.forms, "pages": [asdict(one) for one in opened]}
        given.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if all(one.kept for one in opened) else 1


def looks(form: str) -> tuple[Look, ...]:
    """The pages that are measured; the form is one of a document of 33 pages."""
    return (
        Look("list of forms, first rows", "/", ".jl tbody tr:not(.jl-gap) a", 3.0),
        Look("list of forms, scrolled to its end", "/", ".jl tbody tr:not(.jl-gap) a", 1.0, _scrolled),
        Look("form in 33 pages of PDF", f"/form?id={form}", ".jf-cell", 1.5),
        Look("findings", "/findings", ".jp-table tbody tr a", 3.0),
        Look("review", "/review", ".jr-item:not([hidden]), .jh-empty", 3.0),
        Look("analysis, every chart", "/analysis", "#analysis-causes .js-plotly-plot .plot-container", 2.0),
        Look("questions", "/ask", "#ask-box textarea", 3.0),
    )


def _scrolled(page: Page) -> None:
    page.locator(".jl-scroll").evaluate("at => { at.scrollTop = at.scrollHeight }")
    page.wait_for_function(SCROLLED, timeout=WAIT_MS)


def _opened(browser: Browser, address: str, look: Look, repeat: int) -> Opened:
    took = []
    for _ in range(repeat + 1):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        begun = time.perf_counter()
        page.goto(address + look.path, wait_until="commit")
        page.wait_for_selector(look.ready, timeout=WAIT_MS)
        if "/form?" in look.path:
            page.wait_for_function(DRAWN, timeout=WAIT_MS)
        if look.step is not None:
            page.wait_for_timeout(SETTLED_MS)
            begun = time.perf_counter()
            look.step(page)
        took.append(time.perf_counter() - begun)
        context.close()
    return Opened(look.name, look.limit, took[0], statistics.median(took[1:]), max(took[1:]))


def _fill(home: Path, size: int) -> str:
    """A home with so many made-up forms and those of the samples' longest document; the id of one of the latter."""
    fill(home, size)
    with Store.open(home) as store:
        ingest([str(samples() / "pdf" / LONG)], store)
        # The last of them: its pages are the furthest down.
        return max((form for form in store.forms() if Path(form.file).name == LONG), key=lambda form: form.page or 0).form_id


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench pages", description="Seconds until pages of the web app can be used.")
    parser.add_argument("--forms", type=int, default=SIZE, help="made-up forms in the home that is served")
    parser.add_argument("--repeat", type=int, default=5, help="times each page is opened after the first")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
