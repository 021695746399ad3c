"""The form a reader should get back from a page: what the layout does not print is null, printed marks are taken off."""

from __future__ import annotations

from eval.synthesis import printed
from eval.synthesis.forms import with_own_id
from eval.synthesis.layout import Layout
from schema.cells import FUNDING_ROWS
from schema.form import Form, Funding, FundingRow, Indicator


def as_read(form: Form, layout: Layout) -> Form:
    """The form as it is to be read from a page drawn with the layout, without source, evidence and review marks."""
    weighted, scored = layout.prints("weight"), layout.prints("score")
    has_total = layout.total is not None
    return with_own_id(
        form.model_copy(
            update={
                "title": layout.title.format(year=form.fiscal_year),
                **{field: getattr(form, field) if field in _head_fields(layout) else None for field in _HEAD},
                "unit_of_money": form.unit_of_money if _prints_unit(layout) else None,
                "funding": Funding(**{name: _funding_row(form, layout, name) for name in FUNDING_ROWS}),
                "indicators": tuple(_indicator(row, layout) for row in form.indicators),
                "total_weight": form.total_weight if has_total and weighted else None,
                "total_score": form.total_score if has_total and scored else None,
                "grade": form.grade if layout.grade else None,
                "extras": tuple(printed.extras(layout, form)),
            }
        )
    )


_HEAD = ("project_name", "department", "implementing_unit")


def _head_fields(layout: Layout) -> set[str]:
    return {field for row in (*layout.head, *layout.head_lines) for _, field in row}


def _prints_unit(layout: Layout) -> bool:
    return "{unit}" in layout.funding.corner or "unit_of_money" in _head_fields(layout)


def _funding_row(form: Form, layout: Layout, name: str) -> FundingRow:
    if name not in {field for field, _ in layout.funding.rows}:
        return FundingRow()
    columns = {field for field, _ in layout.funding.columns}
    row: FundingRow = getattr(form.funding, name)
    update = {field: getattr(row, field) if field in columns else None for field in FundingRow.model_fields}
    if name == "total" and "{weight}" in layout.funding.corner:
        update["weight"] = row.weight
    return row.model_copy(update=update)


def _indicator(row: Indicator, layout: Layout) -> Indicator:
    update = {field: getattr(row, field) if layout.prints(field) else None for field in Indicator.model_fields}
    if {"sign", "value", "unit"} <= {column.field for column in layout.columns}:
        update["target"] = "".join(printed.split_target(row.target or ""))
    return row.model_copy(update=update)
