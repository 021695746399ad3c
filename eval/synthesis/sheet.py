"""A form as a table of cells under a layout, before it meets a page: texts, spans, merged cells; positions are shares of the width."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, groupby, pairwise

from eval.synthesis import printed
from eval.synthesis.layout import Align, Column, Layout
from schema.form import Form, Indicator
from schema.record import plain

OUTER_WIDTH = 0.05
SNAP = 0.03
"""Edges of head and funding cells go to a column edge of the indicator table that is this near, as Word tables have it."""


@dataclass(frozen=True)
class Cell:
    """A cell from `left` to `right` (shares of the table's width) over `rows` rows."""

    left: float
    right: float
    text: str
    rows: int = 1
    align: Align = "center"


@dataclass
class Row:
    """The cells that begin in a row. A header row may be repeated after a page break."""

    cells: list[Cell] = field(default_factory=list)
    header: bool = False
    indicator: bool = False


@dataclass(frozen=True)
class Sheet:
    """One form: lines above its table, the table, lines below."""

    title: str
    subtitle: str | None
    lead: str | None
    above: tuple[str, ...]
    rows: tuple[Row, ...]
    below: tuple[str, ...]


def make_sheet(form: Form, layout: Layout) -> Sheet:
    """Set out one form."""
    edges = _edges(layout)
    rows = [*_head(form, layout, edges), *_funding(form, layout, edges), *_goals(form, layout, edges)]
    rows += _indicators(form, layout, edges)
    rows += _closing(form, layout, edges)
    return Sheet(
        title=layout.title.format(year=form.fiscal_year),
        subtitle=layout.subtitle.format(year=form.fiscal_year) if layout.subtitle else None,
        lead=layout.lead,
        above=tuple("\t".join(f"{label}：{_head_value(form, name)}" for label, name in line) for line in layout.head_lines),
        rows=tuple(rows),
        below=("\t".join(f"{label}：{printed.extra_text(form, label)}" for label in layout.extra_lines),) if layout.extra_lines else (),
    )


def _edges(layout: Layout) -> list[float]:
    """The column edges of the indicator table, the outer label's first."""
    start = OUTER_WIDTH if layout.outer else 0.0
    total = sum(column.width for column in layout.columns)
    return [round(start + (1 - start) * x / total, 4) for x in accumulate((column.width for column in layout.columns), initial=0.0)]


def _snap(x: float, edges: list[float]) -> float:
    nearest = min(edges, key=lambda edge: abs(edge - x))
    return nearest if abs(nearest - x) <= SNAP else x


def _even(left: float, right: float, parts: int, edges: list[float]) -> list[float]:
    even = [left + (right - left) * i / parts for i in range(parts + 1)]
    snapped = [left, *(_snap(x, edges) for x in even[1:-1]), right]
    narrow = min(b - a for a, b in pairwise(snapped)) < 0.85 * (right - left) / parts
    return even if narrow else snapped


def _head_value(form: Form, name: str) -> str:
    return getattr(form, name) or ""


def _head(form: Form, layout: Layout, edges: list[float]) -> list[Row]:
    label_edge = _snap(0.15, edges)
    out = []
    for pairs in layout.head:
        row = Row()
        bounds = [0.0, label_edge, 1.0] if len(pairs) == 1 else [0.0, label_edge, _snap(0.5, edges), _snap(0.64, edges), 1.0]
        texts = [text for label, name in pairs for text in (label, _head_value(form, name))]
        row.cells = [Cell(a, b, text) for a, b, text in zip(bounds, bounds[1:], texts, strict=False)]
        out.append(row)
    return out


def _funding(form: Form, layout: Layout, edges: list[float]) -> list[Row]:
    style = layout.funding
    corner_edge, label_edge = _snap(0.12, edges), _snap(0.28, edges)
    bounds = _even(label_edge, 1.0, len(style.columns), edges)
    corner = style.corner.format(unit=form.unit_of_money, weight=form.funding.total.weight)
    header = Row([Cell(0.0, corner_edge, corner, rows=len(style.rows) + 1), Cell(corner_edge, label_edge, "")])
    header.cells += [Cell(a, b, label) for a, b, (_, label) in zip(bounds, bounds[1:], style.columns, strict=False)]
    out = [header]
    for name, label in style.rows:
        values = printed.funding_row(layout, form, name)
        row = Row([Cell(corner_edge, label_edge, label)])
        for a, b, (column, _) in zip(bounds, bounds[1:], style.columns, strict=False):
            row.cells.append(Cell(a, b, printed.funding_text(layout, values, column)))
        out.append(row)
    return out


def _goals(form: Form, layout: Layout, edges: list[float]) -> list[Row]:
    style = layout.goals
    side_edge = (edges[0] or edges[1]) if style.side else 0.0
    middle = _snap((side_edge + 1) / 2, edges)
    first = Row([Cell(0.0, side_edge, style.side, rows=2)] if style.side else [])
    first.cells += [Cell(side_edge, middle, style.expected), Cell(middle, 1.0, style.actual)]
    goal = Cell(side_edge, middle, form.expected_goal or "", align="left")
    return [first, Row([goal, Cell(middle, 1.0, form.actual_result or "", align="left")])]


def _indicators(form: Form, layout: Layout, edges: list[float]) -> list[Row]:
    rows = _indicator_header(layout, edges)
    lines = list(_lines(form, layout))
    for i, (indicator, name) in enumerate(lines):
        row = Row(indicator=True)
        for column, left, right in zip(layout.columns, edges, edges[1:], strict=False):
            if column.field in ("level1", "level2") and layout.merged:
                span = _span(lines, i, column.field)
                if span:
                    row.cells.append(Cell(left, right, _level_text(form, layout, indicator, column), rows=span))
                continue
            row.cells.append(Cell(left, right, _cell_text((form, layout), indicator, name, column), align=column.align))
        rows.append(row)
    if layout.outer:
        rows[0].cells.insert(0, Cell(0.0, edges[0], layout.outer, rows=len(rows)))
    return rows


def _indicator_header(layout: Layout, edges: list[float]) -> list[Row]:
    grouped = any(column.group for column in layout.columns)
    top, below = Row(header=True), Row(header=True)
    numbered = list(enumerate(layout.columns))
    for group, members in groupby(numbered, key=lambda item: item[1].group or item[0]):
        places = [place for place, _ in members]
        left, right = edges[places[0]], edges[places[-1] + 1]
        if not isinstance(group, str):
            top.cells.append(Cell(left, right, layout.columns[places[0]].label, rows=2 if grouped else 1))
            continue
        top.cells.append(Cell(left, right, group))
        below.cells += [Cell(edges[place], edges[place + 1], layout.columns[place].label) for place in places]
    return [top, below] if grouped else [top]


def _lines(form: Form, layout: Layout) -> list[tuple[Indicator, str | None]]:
    """The indicators with their printed names, and unused template rows (without a name of their own) at the end of each level 2."""
    out: list[tuple[Indicator, str | None]] = []
    for _, group in groupby(form.indicators, key=lambda row: (row.level1, row.level2)):
        rows = list(group)
        out += [(row, (layout.numbering or "").format(n=n) + row.name) for n, row in enumerate(rows, 1)]
        if layout.template_row is not None and len(rows) < 3:
            out.append((rows[0], None))
    return out


def _span(lines: list[tuple[Indicator, str | None]], i: int, level: str) -> int:
    """How many rows the merged label beginning at row i covers; 0 where none begins."""
    fields = ("level1",) if level == "level1" else ("level1", "level2")
    key = [tuple(getattr(row, name) for name in fields) for row, _ in lines]
    if i and key[i - 1] == key[i]:
        return 0
    return next((j for j in range(i, len(key)) if key[j] != key[i]), len(key)) - i


def _level_text(form: Form, layout: Layout, row: Indicator, column: Column) -> str:
    text: str = getattr(row, column.field) or ""
    if column.field != "level1" or not layout.points:
        return text
    total = sum((other.weight or Decimal(0) for other in form.indicators if other.level1 == row.level1), Decimal(0))
    return text + layout.points.format(points=plain(total))


def _cell_text(context: tuple[Form, Layout], row: Indicator, name: str | None, column: Column) -> str:
    form, layout = context
    if column.field in ("level1", "level2"):
        return _level_text(form, layout, row, column)
    if name is None:
        return layout.template_row or "" if column.field == "name" else ""
    return name if column.field == "name" else printed.indicator_text(layout, row, column.field)


def _closing(form: Form, layout: Layout, edges: list[float]) -> list[Row]:
    rows = []
    if layout.total and any(column.field in ("weight", "score") for column in layout.columns):
        rows.append(_total_row(form, layout, edges))
    label_edge = _snap(0.15, edges)
    if layout.grade:
        rows.append(Row([Cell(0.0, label_edge, layout.grade), Cell(label_edge, 1.0, form.grade or "")]))
    for label in layout.extra_rows:
        text = printed.extra_text(form, label)
        rows.append(Row([Cell(0.0, label_edge, label), Cell(label_edge, 1.0, text, align="left")]))
    return rows


def _total_row(form: Form, layout: Layout, edges: list[float]) -> Row:
    totals = {"weight": form.total_weight, "score": form.total_score}
    first = next(i for i, column in enumerate(layout.columns) if column.field in totals)
    row = Row([Cell(0.0, edges[first], layout.total or "")])
    for i, column in enumerate(layout.columns[first:], first):
        row.cells.append(Cell(edges[i], edges[i + 1], printed.points(layout, totals.get(column.field))))
    return row
