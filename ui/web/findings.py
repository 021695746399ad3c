"""The list of findings: what the rules found on all forms, to be filtered, opened at its place, and taken away as a sheet.

The address says what is shown (`/findings?rule=score-sum&severity=error&page=2`), so a view can be kept or handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast, get_args
from urllib.parse import urlencode

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import Response

from schema.checks import Severity
from schema.errors import JiheError
from schema.evidence import PagePlace
from store.export.review_sheet import write_review_sheet
from store.review_records import FindingsPage, FindingsWanted, ListedFinding, Sort
from ui.web.downloads import SHEET, download
from ui.web.form_cells import cell_name, place_name
from ui.web.review import shown
from ui.web.site import Site, Visitor
from ui.web.vocabulary import rule_advice, rule_title

LINES = 50
"""Findings on one page."""
CHIPS = 10
"""Rules shown as chips; the others can be unfolded."""
_MOST_PAGES = 100_000
_LONGEST = 100
_BRIDGE = "// 'go'\nelement.addEventListener('jh-findings', (event) => trigger('go', event.detail));"
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 20}


class Asked(NamedTuple):
    """What an address asks for."""

    wanted: FindingsWanted
    page: int

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Out of the query of an address; what makes no sense is left out."""
        severity, year, sort, page = (query.get(name, "") for name in ("severity", "year", "sort", "page"))
        wanted = FindingsWanted(
            rule=query.get("rule") or None,
            severity=cast("Severity", severity) if severity in get_args(Severity) else None,
            department=query.get("department") or None,
            year=int(year) if year.isascii() and year.isdecimal() and len(year) <= len("2024") else None,
            form=query.get("form") or None,
            text=query.get("text", "").strip()[:_LONGEST] or None,
            sort=cast("Sort", sort) if sort in get_args(Sort) else "severity",
        )
        return cls(wanted, min(int(page), _MOST_PAGES) if page.isascii() and page.isdecimal() and 0 < len(page) < len("1000000") else 1)

    def address(self, **changes: object) -> str:
        """The address of this view with something changed; the page is the first unless it is named."""
        # From the root: the base of Gradio's pages is not their own address.
        return "/findings" + self.query(**changes)

    def query(self, **changes: object) -> str:
        """The same without the path."""
        values = self.wanted.model_dump() | {"page": None} | changes
        kept = {name: str(value) for name, value in values.items() if value not in (None, "") and (name, value) != ("sort", "severity")}
        return "?" + urlencode(kept)


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - the interface of pages
    """The page."""
    listing = gr.HTML(elem_id="jh-findings", js_on_load=None, apply_default_css=False)
    bridge: Any = gr.HTML("", elem_id="jh-findings-bridge", js_on_load=_BRIDGE)

    def opened(request: gr.Request) -> str:
        return _listing(site, Visitor.of(request), dict(request.query_params))

    def go(event: gr.EventData, request: gr.Request) -> str:
        sent = event._data if isinstance(event._data, dict) else {}
        return _listing(site, Visitor.of(request), {str(name): str(value) for name, value in sent.items()})

    page.load(opened, None, listing, **_QUIET)
    bridge.go(go, None, listing, trigger_mode="always_last", **_QUIET)


def add_routes(app: FastAPI, site: Site) -> None:
    """The download of the review sheet, filtered as the page is."""

    @app.get("/jihe/exports/findings.xlsx")
    def sheet(request: Request) -> Response:
        wanted = Asked.of(request.query_params).wanted
        return download(site.passing, lambda path: write_review_sheet(site.store.iter_findings(wanted), path), "jihe-findings.xlsx", SHEET)


def _listing(site: Site, visitor: Visitor, query: Mapping[str, str]) -> str:
    asked = Asked.of(query)
    try:
        found = site.store.findings_page(asked.wanted, (asked.page - 1) * LINES, LINES)
        pages = max(1, -(-found.total // LINES))
        if asked.page > pages:
            asked = asked._replace(page=pages)
            found = site.store.findings_page(asked.wanted, (pages - 1) * LINES, LINES)
        forms = site.store.counts().forms if not found.total else 1
    except JiheError as e:
        return visitor.render("review_trouble.html", message=str(e))
    return visitor.render(
        "findings.html",
        found=found,
        asked=asked,
        first=(asked.page - 1) * LINES + 1,
        pages=pages,
        forms=forms,
        chips=_chips(found, asked.wanted.rule),
        label=lambda cell: cell_name(visitor, cell),
        shown=lambda value: shown(visitor, value),
        place=lambda listed: _place(visitor, listed),
        spot=lambda place, pages: place_name(visitor, place, pages),
        advice=lambda rule: rule_advice(visitor, rule),
        title=lambda rule: rule_title(visitor, rule),
    )


def _chips(found: FindingsPage, chosen: str | None) -> tuple[list[Any], list[Any]]:
    """The rules most found, and the others; the chosen one is always among the first."""
    first = [share for i, share in enumerate(found.rules) if i < CHIPS or share.value == chosen]
    return first, [share for share in found.rules if share not in first]


def _place(visitor: Visitor, listed: ListedFinding) -> dict[str, Any] | None:
    """What the browser needs to show the place on its page; None where there is none."""
    if not isinstance(listed.place, PagePlace) or listed.document is None:
        return None
    return {
        "document": listed.document,
        "page": listed.place.page,
        "box": listed.place.bbox,
        "title": f"{listed.finding.project_name or ''} {cell_name(visitor, listed.finding.cell)}".strip(),
        "form": listed.finding.form_id,
        "cell": listed.finding.cell,
    }
