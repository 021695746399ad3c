"""The page 评测: the evaluations of the home, the latest one set by set, and two of them side by side.

The address says which two (`/evaluation?first=ID&second=ID`), so a comparison can be kept or handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from eval.report.tables import difference_text, figure_text
from eval.report.words import FAULTS, percent, shortened
from eval.runs.cells import field_label
from eval.runs.compare import Comparison
from eval.runs.listing import Listing, compared, listing, report_file
from schema.errors import UsageError
from store.export.labels import cell_label
from ui.web.site import NOBODY, Site, Visitor
from ui.web.words import language_of

MEASURED = ("retrieval", "answers", "calibrate", "bench")
"""What can be run beside it, each with a text of its own."""
COLUMNS = ("forms_found", "forms_exact", "number.f1", "label.f1", "text.f1", "silent", "silent_numbers", "marked_share", "seconds_per_page")
"""The figures that the page shows, each with a text of its own (`.` as `_`)."""
GROUPS = ("number", "label", "text", "deviation")
_FEWEST = 2
"""Finished runs from which there is anything to compare."""
_EXAMPLES = 20


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - nothing of the page is a component with a label
    """The page."""

    def opened(request: gr.Request) -> str:
        visitor = Visitor.of(request)
        return rendered(site, visitor, request.query_params if request is not None else {})

    shown = gr.HTML(elem_id="evaluation", js_on_load=None, apply_default_css=False)
    quiet: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": 20, "show_progress": "hidden"}
    page.load(opened, None, shown, **quiet)


def rendered(site: Site, visitor: Visitor, query: Mapping[str, str]) -> str:
    """The page for the address that was asked for."""
    told = listing(site.home)
    finished = [one.line.id for one in told.runs if one.finished_at is not None]
    comparison, trouble = _compared(site, visitor, query, finished)
    chosen = (comparison.first, comparison.second) if comparison is not None else tuple(reversed(finished[:_FEWEST]))
    return visitor.render(
        "evaluation.html",
        told=told,
        finished=finished if len(finished) >= _FEWEST else [],
        chosen=chosen,
        comparison=comparison,
        trouble=trouble,
        measured=MEASURED,
        columns=COLUMNS,
        groups=GROUPS,
        most=_EXAMPLES,
        figure=figure_text,
        difference=difference_text,
        percent=percent,
        shortened=shortened,
        field_label=field_label,
        cell_label=cell_label,
        report_address=report_address,
        last_report=_report_of_last(told),
        fault_name=partial(_fault_name, visitor),
    )


def _fault_name(visitor: Visitor, fault: str) -> str:
    """What a class of faults is called; its own name is English."""
    return FAULTS.get(fault, fault) if visitor.language == "zh" else fault


def report_address(run: str) -> str:
    """Where the report of a run is served."""
    return f"/jihe/evaluations/{run}/report.html"


def add_report_routes(app: FastAPI, site: Site) -> None:
    """The HTML reports of the home's runs, as files; 404 with the reason where there is none."""

    @app.get("/jihe/evaluations/{run}/report.html")
    def report(run: str, request: Request) -> Response:
        path = report_file(site.home, run)
        if path is None:
            reason = Visitor(NOBODY, language_of(request.cookies)).say("evaluation.no_report")
            return JSONResponse({"reason": reason}, 404)
        return FileResponse(path, media_type="text/html; charset=utf-8", headers={"Cache-Control": "private, no-cache"})


def _compared(site: Site, visitor: Visitor, query: Mapping[str, str], finished: list[str]) -> tuple[Comparison | None, str]:
    """The comparison that an address asks for, or why there is none."""
    first, second = query.get("first", ""), query.get("second", "")
    if not first and not second:
        return None, ""
    if first == second:
        return None, visitor.say("evaluation.choose_two")
    if first not in finished or second not in finished:
        return None, visitor.say("evaluation.gone")
    try:
        return compared(site.home, first, second), ""
    except UsageError as e:
        return None, str(e)


def _report_of_last(told: Listing) -> bool:
    return any(one.report for one in told.runs if told.last is not None and one.line.id == told.last.id)
