"""Where an answer stands: a few citations word for word, many of them one line per form with its pages and cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from store.export.labels import cell_label, row_index

if TYPE_CHECKING:
    from agents.answer.answer import Citation

IN_FULL = 5
"""Citations up to which each has a line of its own, with what is printed there."""
FORMS_SHOWN = 12
CELLS_SHOWN = 8
"""Cells of one form that are named; further ones stand in the JSON."""
_SHORT = 60


def print_citations(console: Console, citations: Sequence[Citation], most: int = FORMS_SHOWN) -> None:
    """The citations below an answer.

    Args:
        most: forms that are named.
    """
    if len(citations) <= IN_FULL:
        for cite in citations:
            console.print(_in_full(cite), soft_wrap=True)
        return
    by_form: dict[tuple[str, str], list[Citation]] = {}
    for cite in citations:
        by_form.setdefault((cite.form_id, cite.project_name), []).append(cite)
    console.print(Text("出处", style="dim"))
    left_out = 0
    for number, cites in enumerate(by_form.values()):
        if number >= most:
            left_out += len(cites)
            continue
        left_out += max(0, len(cites) - CELLS_SHOWN)
        console.print(_of_form(cites), soft_wrap=True)
    if left_out:
        console.print(Text(f"  其余 {left_out} 处出处见 jihe ask --json。", style="dim"))


def _in_full(cite: Citation) -> Text:
    quote = cite.quote if len(cite.quote) <= _SHORT else f"{cite.quote[:_SHORT]}…"
    page = f" 第{cite.page}页" if cite.page else ""
    return Text.assemble((f"[{cite.n}] {cite.project_name}，{_file(cite)}{page}，{cell_label(cite.cell)}：", "dim"), quote)


def _of_form(cites: Sequence[Citation]) -> Text:
    """One line: `  项目，文件 第2页：[3]总得分 第 4 行 [5]分值 [6]得分；第3页：…`."""
    shown = sorted(cites[:CELLS_SHOWN], key=lambda cite: (cite.page or 0, row_index(cite.cell) or 0, cite.n))
    pages = []
    for page, on_page in groupby(shown, key=lambda cite: cite.page):
        rows = [" ".join(_of_row(row, list(held))) for row, held in groupby(on_page, key=lambda cite: row_index(cite.cell))]
        pages.append((f"第{page}页：" if page else "") + "，".join(rows))
    return Text.assemble(f"  {cites[0].project_name}", (f"，{_file(cites[0])} {'；'.join(pages)}", "dim"))


def _of_row(row: int | None, cites: Sequence[Citation]) -> Iterator[str]:
    """The cells of one indicator, whose number is told once; of the form itself, each by its name."""
    head = f"第 {row + 1} 行" if row is not None else ""
    if head:
        yield head
    for cite in cites:
        yield f"[{cite.n}]{cell_label(cite.cell).removeprefix(head)}"


def _file(cite: Citation) -> str:
    return Path(cite.file).name if cite.file else "导入的表"
