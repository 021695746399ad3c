"""The list of forms, at /: searched, filtered and ordered by the store, loaded as far as it is scrolled.

The address says what is shown (`/?text=…&year=…&review=1&sort=lost&desc=1`), so a view can be kept or handed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast, get_args
from urllib.parse import urlencode

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from store.export.grid import GridFormat, grid_file
from store.records import FormFilter, FormLine, FormLines, LineOrder, Slice
from ui.web.site import Site, Visitor
from ui.web.words import language_of

SLICE = 100
"""Lines that are asked for at a time."""
COLUMNS = (
    "project", "year", "unit", "department", "budget", "outturn", "rate", "score", "lost", "grade", "findings", "review", "corrected",
)  # fmt: skip
NUMBERS = ("budget", "outturn", "rate", "score", "lost")
_SWITCHES = ("errors", "review", "corrected")
_MOST_LINES = 1_000_000
_TYPES: dict[GridFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Row(NamedTuple):
    """A line as it is shown."""

    at: int
    line: FormLine
    unit: str
    budget: str
    outturn: str
    rate: str
    score: str
    lost: str


class Asked(NamedTuple):
    """What an address asks for."""

    text: str = ""
    year: str = ""
    department: str = ""
    errors: bool = False
    review: bool = False
    corrected: bool = False
    sort: LineOrder = "stored"
    desc: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Out of the query of an address; what makes no sense is left out."""
        sort = query.get("sort", "")
        switches = {name: query.get(name) == "1" for name in (*_SWITCHES, "desc")}
        year = query.get("year", "")
        return cls(
            text=query.get("text", "").strip()[:100],
            year=year if year.isdecimal() and len(year) <= 4 else "",
            department=query.get("department", ""),
            sort=cast("LineOrder", sort) if sort in get_args(LineOrder) else "stored",
            **switches,
        )

    @property
    def wanted(self) -> FormFilter:
        """As the store takes it."""
        return FormFilter(
            text=self.text or None,
            year=int(self.year) if self.year else None,
            department=self.department or None,
            severity="error" if self.errors else None,
            review=self.review,
            corrected=self.corrected,
        )

    def part(self, offset: int, limit: int) -> Slice:
        """A part of the list in the wanted order."""
        return Slice(by=self.sort, descending=self.desc, offset=offset, limit=limit)

    @property
    def query(self) -> str:
        """The query of the address again."""
        return urlencode({name: "1" if value is True else value for name, value in self._asdict().items() if value})


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - all its texts are rendered by the server
    """The page."""
    shown = gr.HTML(elem_classes="jl-page", js_on_load=None, apply_default_css=False)

    def load(request: gr.Request) -> str:
        visitor = Visitor.of(request)
        asked = Asked.of(dict(request.query_params))
        facets, counts = site.store.form_facets(), site.store.counts()
        lines = site.store.form_lines(asked.wanted, asked.part(0, SLICE))
        told = visitor.say(
            "forms.counts",
            forms=counts.forms,
            documents=counts.documents - counts.failed,
            errors=counts.findings.get("error", 0),
            warnings=counts.findings.get("warning", 0),
            review=counts.review_marks,
            corrections=counts.corrections,
        )
        values = {"asked": asked, "query": asked.query, "columns": COLUMNS, "numbers": NUMBERS, "slice": SLICE, "read_only": site.read_only}
        return visitor.render("forms.html", facets=facets, lines=lines, rows=_rows(lines, 0), counts=told, **values)

    page.load(load, None, shown, api_visibility="private", concurrency_limit=20, show_progress="hidden")


def add_routes(app: FastAPI, site: Site) -> None:
    """Parts of the list as rows of the table, and the list as a file."""

    @app.get("/jihe/forms/rows")
    def rows(request: Request, offset: int = 0) -> Response:
        start = max(0, offset)
        asked = Asked.of(request.query_params)
        lines = site.store.form_lines(asked.wanted, asked.part(start, SLICE))
        html = _visitor(request).render("forms_rows.html", rows=_rows(lines, start))
        return JSONResponse({"total": lines.total, "rows": html}, headers={"Cache-Control": "private, no-store"})

    def download(request: Request, to: GridFormat) -> Response:
        asked = Asked.of(request.query_params)
        lines = site.store.form_lines(asked.wanted, asked.part(0, _MOST_LINES))
        raw = grid_file(*_grid(_visitor(request), lines.lines), to)
        headers = {"Content-Disposition": f'attachment; filename="jihe-forms.{to}"', "Cache-Control": "private, no-store"}
        return Response(raw, media_type=_TYPES[to], headers=headers)

    @app.get("/jihe/forms.csv")
    def as_csv(request: Request) -> Response:
        return download(request, "csv")

    @app.get("/jihe/forms.xlsx")
    def as_xlsx(request: Request) -> Response:
        return download(request, "xlsx")


def number(value: Decimal | int | None) -> str:
    """A number as tables show it."""
    return "" if value is None else f"{value:,}"


def _visitor(request: Request) -> Visitor:
    return Visitor("", language_of(request.cookies))


def _rows(lines: FormLines, start: int) -> list[Row]:
    return [
        Row(
            index,
            line,
            unit=line.implementing_unit or line.department or "",
            budget=_amount(line.adjusted_budget, line.unit_of_money),
            outturn=_amount(line.outturn, line.unit_of_money),
            rate=f"{number(line.execution_rate)}%" if line.execution_rate is not None else "",
            score=number(line.total_score),
            lost=number(line.lost),
        )
        for index, line in enumerate(lines.lines, start)
    ]


def _amount(value: Decimal | None, unit: str | None) -> str:
    return "" if value is None else f"{number(value)} {unit or ''}".strip()


def _grid(visitor: Visitor, lines: Sequence[FormLine]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the list as a file; amounts as printed, their unit beside them."""
    names: list[tuple[str, Any]] = [
        ("form.id", lambda one: one.form_id), ("forms.project", lambda one: one.project_name), ("forms.year", lambda one: one.fiscal_year),
        ("forms.department", lambda one: one.department), ("forms.unit", lambda one: one.implementing_unit),
        ("form.unit_of_money", lambda one: one.unit_of_money), ("forms.budget", lambda one: one.adjusted_budget),
        ("forms.outturn", lambda one: one.outturn), ("forms.rate", lambda one: one.execution_rate),
        ("forms.score", lambda one: one.total_score), ("forms.lost", lambda one: one.lost), ("forms.grade", lambda one: one.grade),
        ("form.error", lambda one: one.errors), ("form.warning", lambda one: one.warnings), ("forms.review", lambda one: one.review_marks),
        ("forms.corrected", lambda one: one.corrected), ("form.file", lambda one: one.file), ("form.page", lambda one: one.page),
    ]  # fmt: skip
    rows = [["" if (value := get(line)) is None else str(value) for _, get in names] for line in lines]
    return [visitor.say(key) for key, _ in names], rows
