"""The flat table behind csv and parquet: one row per indicator, with the columns of its form repeated.

A form without indicators has one row whose indicator columns are empty, so no form is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS, cell_kind, get_cell, row_cell
from schema.form import Form
from store.export import labels
from store.export.labels import row_index

Value = Decimal | int | str | None


class Column(NamedTuple):
    """One column: its name for programs, its label for people, and how a row fills it."""

    name: str
    label: str
    kind: Literal["text", "number", "integer"]
    get: Callable[[Form, int], Value]
    """Of a form and the index of one of its indicators; -1 for none."""


def form_page(form: Form) -> int | None:
    """The first page of a form in its document."""
    return form.source.pages[0] if form.source and form.source.pages else None


def row_page(form: Form, index: int) -> int | None:
    """The page on which an indicator starts, by the evidence of its cells."""
    return cell_page(form, *(row_cell(index, field) for field in ("name", "target", "score")))


def noted_page(form: Form, cell: str) -> int | None:
    """The page where something noted about a cell is to be looked up; an empty cell has its row's place."""
    index = row_index(cell)
    beside = (row_cell(index, "name"), row_cell(index, "target")) if index is not None else ()
    within = tuple(f"{cell}.{column}" for column in FUNDING_COLUMNS) if cell.startswith("funding.") else ()
    return cell_page(form, cell, *beside, *within)


def cell_page(form: Form, *cells: str) -> int | None:
    """The page of the first of these cells that has a place, else the form's first page."""
    for cell in cells:
        known = form.evidence.get(cell)
        for place in known.at if known else ():
            page: int | None = getattr(place, "page", None)
            if page is not None:
                return page
    return form_page(form)


def flat_columns() -> tuple[Column, ...]:
    """The columns in order: form, funding, goals, totals, indicator, where it stands."""
    return (
        Column("form_id", "表号", "text", lambda form, _: form.form_id),
        *(_cell_column(cell, cell, labels.HEAD[cell]) for cell in HEAD_CELLS),
        *(
            _cell_column(
                f"funding_{row}_{column}", f"funding.{row}.{column}", f"{labels.FUNDING_ROWS[row]}·{labels.FUNDING_COLUMNS[column]}"
            )
            for row in FUNDING_ROWS
            for column in FUNDING_COLUMNS
        ),
        *(_cell_column(cell, cell, labels.HEAD[cell]) for cell in (*TEXT_CELLS, *TOTAL_CELLS)),
        Column("indicator", "指标序号", "integer", lambda _, index: index + 1 if index >= 0 else None),
        *(_row_column(field) for field in ROW_CELLS),
        Column("file", "原件", "text", lambda form, _: form.source.file if form.source else None),
        Column("page", "页", "integer", lambda form, index: row_page(form, index) if index >= 0 else form_page(form)),
    )


def flat_rows(form: Form) -> Iterator[int]:
    """The indicator indexes that a form's rows stand for."""
    yield from range(len(form.indicators)) if form.indicators else (-1,)


def _cell_column(name: str, cell: str, label: str) -> Column:
    kind = cell_kind(cell)
    return Column(name, label, "integer" if kind == "year" else kind, lambda form, _: get_cell(form, cell))


def _row_column(field: str) -> Column:
    kind: Literal["text", "number"] = "number" if field in ("weight", "score") else "text"
    name = field if field.startswith("level") else f"indicator_{field}"
    label = f"指标{labels.INDICATOR_COLUMNS[field]}" if kind == "number" else labels.INDICATOR_COLUMNS[field]
    return Column(name, label, kind, lambda form, index: getattr(form.indicators[index], field) if index >= 0 else None)
