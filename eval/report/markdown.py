"""A report as Markdown: for a pull request or a wiki. Pieces of pages are files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from eval.report.charts import Chart
from eval.report.gather import Report, ShownError
from eval.report.sections import ERRORS, Section, comparison_section, headline, sections
from eval.report.tables import Table
from eval.report.words import GROUPS, shortened
from eval.runs.cells import field_label
from eval.runs.compare import Comparison
from store.export.labels import cell_label

CROPS = "crops"
_ACTIVE = re.compile(r"([\\`*_\[\]#|~$!])")
"""What Markdown takes for more than text; what HTML in it would be is written as entities."""


def to_markdown(report: Report, crops: str = CROPS) -> str:
    """The report; pieces of pages are linked as `CROPS/01.jpg` and so on, in the order of `report.errors`."""
    lines = [f"# 评测报告 {report.run.id}", "", plain(headline(report)), ""]
    for section in sections(report):
        lines += _section(section)
        if section.title == ERRORS:
            lines += [line for number, shown in enumerate(report.errors, 1) for line in _error(number, shown, crops)]
    return "\n".join(lines).rstrip() + "\n"


def comparison_markdown(comparison: Comparison) -> str:
    """Two runs side by side, alone."""
    return "\n".join(_section(comparison_section(comparison))).rstrip() + "\n"


def table_markdown(table: Table) -> list[str]:
    """A table with its title and note."""
    head = " | ".join(plain(column) or " " for column in table.columns)
    marks = " | ".join("---:" if place in table.numbers else "---" for place in range(len(table.columns)))
    rows = [f"| {' | '.join(plain(cell) for cell in row)} |" for row in table.rows]
    title = [f"**{plain(table.title)}**", ""] if table.title else []
    note = ["", plain(table.note)] if table.note else []
    return [*title, f"| {head} |", f"| {marks} |", *rows, *note, ""]


def plain(text: str) -> str:
    """A text on one line that Markdown takes as it stands."""
    return escape(_ACTIVE.sub(r"\\\1", " ".join(text.split())), quote=False)


def crop_name(number: int) -> str:
    """The file of the piece that belongs to an error, from 1."""
    return f"{number:02}.jpg"


def _section(section: Section) -> list[str]:
    lines = [f"## {section.title}", ""]
    if len(section.told) == 1:
        lines += [plain(section.told[0]), ""]
    elif section.told:
        lines += [*(f"- {plain(told)}" for told in section.told), ""]
    for chart in section.charts:
        lines += _chart(chart)
    for table in section.tables:
        lines += table_markdown(table)
    return lines


def _chart(chart: Chart) -> list[str]:
    """A chart as what it says: the figures that it tells of each of its marks."""
    told = dict.fromkeys(shape.text for shape in chart.shapes if shape.kind != "text" and shape.text)
    return [f"**{plain(chart.title)}**：{plain(chart.told)}", "", *(f"- {plain(text)}" for text in told), ""]


def _error(number: int, shown: ShownError, crops: str) -> Iterator[str]:
    error = shown.error
    mark = "已标" if error.marked else "**未标出**"
    yield f"### {number}. {plain(field_label(error.field))}（{GROUPS[error.group]}，{mark}）"
    yield ""
    project = f"《{plain(shown.project)}》" if shown.project else ""
    yield f"- {plain(error.set)} · {plain(error.form)}{project} · {plain(cell_label(error.cell))} `{error.cell}`"
    yield f"- 应为：{plain(shortened(error.want, 300))}"
    yield f"- 读成：{plain(shortened(error.got, 300))}"
    if shown.crop is not None:
        where = f"{plain(shown.crop.file)} 第 {shown.crop.page} 页"
        yield ""
        yield f"![{where}]({crops}/{crop_name(number)})"
    elif shown.text is not None:
        yield f"- 原文：{plain(shortened(shown.text, 300))}"
    yield ""
