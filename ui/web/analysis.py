"""The page 分析: charts of the forms that year, department and unit leave, each with its words, its rows, and the rows as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from agents.analysis import Analyst
from agents.analysis_records import Analysis
from schema.errors import JiheError
from store.export.grid import GridFormat, grid_file
from store.figures import Wanted
from ui.web.analysis_charts import KEYS, MAKERS
from ui.web.analysis_losses import causes_chart
from ui.web.analysis_table import Chart, cells, number, share, where
from ui.web.site import NOBODY, Site, Visitor
from ui.web.words import language_of

ALL = ""
"""What a filter holds that leaves all forms."""
_ROWS = 100
"""Rows that a page shows of a table; the others are in the file."""
_READS = 20
_MEDIA: dict[GridFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_KEEP_ADDRESS = "(year, department, unit) => window.jihe.analysisAddress({year, department, unit})"


class _Place(NamedTuple):
    """The components of one chart."""

    head: gr.HTML
    plot: gr.Plot
    foot: gr.HTML


class _Handlers:
    """What the page does; every event reads the forms anew and renders what was found."""

    def __init__(self, site: Site) -> None:
        self._analyst = Analyst(site.store)

    def opened(self, request: gr.Request) -> list[Any]:
        """The page for the address that was asked for."""
        return self._shown(wanted_of(request.query_params), Visitor.of(request))

    def chosen(self, year: str, department: str, unit: str, request: gr.Request) -> list[Any]:
        """The page for other filters."""
        return self._shown(wanted_of({"year": year, "department": department, "unit": unit}), Visitor.of(request))

    def cleared(self, request: gr.Request) -> list[Any]:
        """The page without filters."""
        return self._shown(Wanted(), Visitor.of(request))

    def causes(self, year: str, department: str, unit: str, request: gr.Request) -> list[Any]:
        """The chart of causes, which may take longer than the others."""
        visitor, wanted = Visitor.of(request), wanted_of({"year": year, "department": department, "unit": unit})
        try:
            seen = self._analyst.causes(wanted)
        except JiheError as e:
            return _trouble(visitor, e)
        return _drawn(causes_chart(seen, visitor), wanted, visitor) if seen.forms else _nothing()

    def _shown(self, wanted: Wanted, visitor: Visitor) -> list[Any]:
        title = visitor.render("analysis_title.html")
        try:
            seen = self._analyst.look(wanted)
        except JiheError as e:
            trouble = visitor.render("analysis_trouble.html", reason=str(e))
            return [title, gr.skip(), gr.skip(), gr.skip(), trouble, *_nothing() * len(KEYS)]
        filters = [title, *_filters(seen, visitor)]
        if not seen.forms:
            empty = visitor.render("analysis_empty.html", any_forms=bool(seen.choices))
            return [*filters, empty, *_nothing() * len(KEYS)]
        charts = {key: make(seen, visitor) for key, make in MAKERS.items()}
        waiting = [visitor.render("analysis_waiting.html", key="causes"), gr.update(visible=False), ""]
        drawn = [_drawn(charts[key], wanted, visitor) if key in charts else waiting for key in KEYS]
        return [
            *filters,
            visitor.render("analysis_summary.html", seen=seen, number=number, share=share),
            *(part for parts in drawn for part in parts),
        ]


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:
    """The page."""
    does = _Handlers(site)
    title = gr.HTML(elem_id="analysis-title")
    with gr.Row(elem_classes="jh-filters", equal_height=True):
        filters = [
            gr.Dropdown([("", ALL)], value=ALL, label=words(f"analysis.{name}"), elem_id=f"analysis-{name}", min_width=150)
            for name in ("year", "department", "unit")
        ]
        clear = gr.Button(words("analysis.clear"), size="sm", min_width=90, scale=0)
    summary = gr.HTML(elem_id="analysis-summary")
    with gr.Column(elem_classes="jh-charts"):
        places = [_place(key) for key in KEYS]
    every: list[Any] = [title, *filters, summary, *(part for place in places for part in place)]
    quiet: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": _READS, "show_progress": "hidden"}
    opened = page.load(does.opened, None, every, **quiet)
    changed = gr.on([one.input for one in filters], does.chosen, filters, every, trigger_mode="always_last", **quiet)
    cleared = clear.click(does.cleared, None, every, **quiet)
    for event in (opened, changed, cleared):
        event.then(does.causes, filters, list(places[0]), **quiet)
    for event in (changed, cleared):
        event.then(None, filters, None, js=_KEEP_ADDRESS, api_visibility="private")


def add_routes(app: FastAPI, site: Site) -> None:
    """The rows of every chart as a file: /jihe/analysis/{chart}.{csv or xlsx}, with the filters of the page."""
    analyst = Analyst(site.store)

    @app.get("/jihe/analysis/{key}.{to}")
    def rows(key: str, to: str, request: Request) -> Response:
        visitor = Visitor(NOBODY, language_of(request.cookies))
        if key not in KEYS or to not in _MEDIA:
            return PlainTextResponse(visitor.say("missing.title"), 404)
        wanted = wanted_of(request.query_params)
        chart = _chart(analyst, key, wanted, visitor)
        name = f"{visitor.say('analysis.file')}-{visitor.say(f'analysis.{key}')}.{to}"
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(
            grid_file(chart.headings, cells(chart.rows), to), media_type=_MEDIA[to], headers={"Content-Disposition": disposition}
        )


def wanted_of(given: Mapping[str, Any]) -> Wanted:
    """The filters of an address; what is not a year is none."""
    year = str(given.get("year") or "")
    whose = {name: str(given.get(name) or "") or None for name in ("department", "unit")}
    return Wanted(year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None, **whose)


def _chart(analyst: Analyst, key: str, wanted: Wanted, visitor: Visitor) -> Chart:
    if key == "causes":
        return causes_chart(analyst.causes(wanted), visitor)
    return MAKERS[key](analyst.look(wanted), visitor)


def _place(key: str) -> _Place:
    with gr.Column(elem_classes=["jh-chart"], elem_id=f"analysis-{key}"):
        return _Place(gr.HTML(), gr.Plot(show_label=False, container=False, visible=False, elem_classes="jh-plot"), gr.HTML())


def _filters(seen: Analysis, visitor: Visitor) -> list[Any]:
    """The choices of the filters: units of the department that is chosen, all years and departments."""
    wanted = seen.wanted
    years = sorted({year for year, *_ in seen.choices if year is not None}, reverse=True)
    departments = sorted({department for _, department, *_ in seen.choices if department})
    units = sorted({unit for _, department, unit, _ in seen.choices if unit and wanted.department in (None, department)})
    chosen = (str(wanted.year or ALL), wanted.department or ALL, wanted.unit or ALL)
    return [_dropdown(names, value, visitor) for names, value in zip((map(str, years), departments, units), chosen, strict=True)]


def _dropdown(names: Iterable[str], value: str, visitor: Visitor) -> Any:
    choices = [(visitor.say("analysis.all"), ALL), *((name, name) for name in names)]
    # An address may name what no form has.
    if value not in {known for _, known in choices}:
        choices.append((value, value))
    return gr.update(choices=choices, value=value)


def _drawn(chart: Chart, wanted: Wanted, visitor: Visitor) -> list[Any]:
    shown = chart.rows[:_ROWS]
    first_number = len(chart.headings) - chart.numbers
    foot = visitor.render("analysis_rows.html", chart=chart, shown=shown, first_number=first_number, address=where(wanted), number=number)
    return [
        visitor.render("analysis_head.html", chart=chart),
        gr.update(value=chart.plot, visible=chart.plot is not None),
        foot if chart.rows else "",
    ]


def _nothing() -> list[Any]:
    return ["", gr.update(value=None, visible=False), ""]


def _trouble(visitor: Visitor, error: JiheError) -> list[Any]:
    return [visitor.render("analysis_trouble.html", reason=str(error)), gr.update(visible=False), ""]
