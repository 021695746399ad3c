"""One form on the terminal, laid out as it is printed, with numbered notes at the cells that have something to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from schema.cells import AMOUNT_COLUMNS, FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, CellValue, funding_cell, get_cell, row_cell
from schema.checks import RULES, Finding
from schema.form import Form
from schema.reading import PageReport
from store.export.columns import cell_page, noted_page, row_page
from store.export.labels import FUNDING_COLUMNS as FUNDING_LABELS
from store.export.labels import FUNDING_ROWS as ROW_LABELS
from store.export.labels import HEAD, INDICATOR_COLUMNS, KINDS, METHODS, REVIEW, SEVERITIES, cell_label
from store.records import Correction, Note, VersionSummary
from ui.cli.console import STYLES, make_table, out, print_table, seconds_told, shown

GRAVITY = ("error", "review", "warning", "info")
_NOTES: dict[Note, str] = {"unreadable": "原件看不清"}


class Noted(NamedTuple):
    """A finding or a review mark, numbered through the form."""

    number: int
    level: str
    cell: str
    text: str


class Sheet:
    """A form with its notes, ready to be printed."""

    def __init__(self, form: Form, findings: Sequence[Finding]) -> None:
        self.form = form
        self.notes = _notes(form, findings)
        self._at: dict[str, list[Noted]] = defaultdict(list)
        for note in self.notes:
            self._at[note.cell].append(note)

    def value(self, cell: str) -> Text:
        """A cell's value with the numbers of its notes."""
        return self.noted(shown(get_cell(self.form, cell)), cell)

    def noted(self, text: str, cell: str) -> Text:
        """A text with the numbers of the notes of a cell."""
        notes = self._at.get(cell, [])
        styled = Text(text)
        if notes:
            styled.stylize(STYLES[min((note.level for note in notes), key=GRAVITY.index)])
        for note in notes:
            styled.append(f" [{note.number}]", STYLES[note.level])
        return styled


class Known(NamedTuple):
    """What the store knows about a form besides the form itself."""

    findings: Sequence[Finding]
    versions: Sequence[VersionSummary]
    corrections: Sequence[Correction]
    pages: Sequence[PageReport]


def print_form(form: Form, known: Known) -> None:
    """Print a form with everything known about it."""
    findings, versions, corrections, pages = known
    console, sheet = out(), Sheet(form, findings)
    _print_head(console, sheet, versions)
    _print_funding(console, sheet)
    for name in ("expected_goal", "actual_result"):
        if get_cell(form, name) is not None:
            _heading(console, HEAD[name], cell_page(form, name))
            console.print(Padding(sheet.value(name), (0, 0, 0, 2), expand=False))
    _print_indicators(console, sheet)
    _print_totals(console, sheet)
    _print_notes(console, sheet)
    _print_pages(console, form, pages)
    _print_corrections(console, corrections)
    _print_versions(console, versions)


def _notes(form: Form, findings: Sequence[Finding]) -> list[Noted]:
    found: list[tuple[str, str, str]] = [(f.severity, f.cell, f"{_title(f.rule)}：{f.message}（{f.rule}）") for f in findings]
    for mark in form.review:
        readings = "；".join(f"{reading.read_by} 读作 {shown(reading.value)}" for reading in mark.readings)
        found.append(("review", mark.cell, mark.reason + (f"（{readings}）" if readings else "")))
    found.sort(key=lambda note: GRAVITY.index(note[0]))
    return [Noted(i, *note) for i, note in enumerate(found, start=1)]


def _title(rule: str) -> str:
    return RULES[rule].title if rule in RULES else rule


def _heading(console: Console, title: str, page: int | None = None) -> None:
    console.print(Text.assemble("\n", (title, "bold"), (f"  第 {page} 页" if page else "", "dim")))


def _print_head(console: Console, sheet: Sheet, versions: Sequence[VersionSummary]) -> None:
    current = next(version for version in versions if version.current)
    kind = KINDS.get(current.kind or "", "导入")
    console.print(Text.assemble((f"表 {sheet.form.form_id}", "bold"), f"  {current.file}{_pages(current.pages)}  {kind}"))
    for cell in HEAD_CELLS:
        console.print(Text(f"{HEAD[cell]}  ").append_text(sheet.value(cell)))


def _pages(pages: Sequence[int]) -> str:
    return f" 第 {'、'.join(str(page) for page in pages)} 页" if pages else ""


def _print_funding(console: Console, sheet: Sheet) -> None:
    columns = [FUNDING_LABELS[column] for column in FUNDING_COLUMNS]
    _heading(console, "资金", noted_page(sheet.form, "funding.total"))
    table = make_table("", *columns, right=tuple(columns))
    for row in FUNDING_ROWS:
        cells = [funding_cell(row, column) for column in FUNDING_COLUMNS]
        name = sheet.noted(ROW_LABELS[row], f"funding.{row}")
        if row == "total" or any(get_cell(sheet.form, cell) is not None for cell in cells[: len(AMOUNT_COLUMNS)]):
            table.add_row(name, *(sheet.value(cell) for cell in cells))
    print_table(table)


def _print_indicators(console: Console, sheet: Sheet) -> None:
    console.print(Text("\n").append_text(sheet.noted("指标", "indicators")), style="bold")
    headings = list(INDICATOR_COLUMNS.values())
    table = make_table("#", *headings, "页", right=("#", INDICATOR_COLUMNS["weight"], INDICATOR_COLUMNS["score"], "页"))
    before: tuple[CellValue, CellValue] | None = None
    for i, row in enumerate(sheet.form.indicators):
        cells = [sheet.value(row_cell(i, field)) for field in INDICATOR_COLUMNS]
        levels = (row.level1, row.level2)
        # Merged cells are repeated on each row in the data; on the page, and here, they stand once.
        if levels == before and not any(cell.spans for cell in cells[:2]):
            cells[:2] = [Text(), Text()]
        before = levels
        table.add_row(str(i + 1), *cells, shown(row_page(sheet.form, i)))
    print_table(table, "页", "一级指标")


def _print_totals(console: Console, sheet: Sheet) -> None:
    line = Text()
    for cell in ("total_weight", "total_score", "grade"):
        line.append(f"{HEAD[cell]}  ").append_text(sheet.value(cell)).append("    ")
    line.rstrip()
    console.print(line)
    for i, extra in enumerate(sheet.form.extras):
        console.print(Text(f"{extra.label}  ").append_text(sheet.value(f"extras[{i}].text")))


def _print_pages(console: Console, form: Form, reports: Sequence[PageReport]) -> None:
    """How the pages of the form were read; those in between and the one behind it as well, where they failed."""
    pages = form.source.pages if form.source else ()
    told = [r for r in reports if pages and (r.page in pages or (pages[0] < r.page <= pages[-1] + 1 and r.status == "failed"))]
    if not any(report.method or report.reason or report.notes for report in told):
        return
    _heading(console, "页面")
    for report in told:
        way = METHODS[report.method] if report.method else "没有读"
        took = "" if report.seconds is None else f"，{seconds_told(report.seconds)}"
        console.print(Text(f"  第 {report.page} 页  {way}{took}" + (f"  {report.reason}" if report.reason else "")))
        for note in report.notes:
            console.print(Padding(Text(note, style=STYLES["review"]), (0, 0, 0, 4), expand=False))


def _print_notes(console: Console, sheet: Sheet) -> None:
    if not sheet.notes:
        console.print("\n没有发现问题，没有待核对的单元格。")
    else:
        _heading(console, "问题与待核对")
    for note in sheet.notes:
        level = REVIEW if note.level == "review" else SEVERITIES[note.level]
        page = noted_page(sheet.form, note.cell)
        where = f"  {cell_label(note.cell)}" + (f" 第 {page} 页" if page else "") + f"  {note.cell}"
        console.print(Text.assemble((f"[{note.number}] {level}", STYLES[note.level]), (where, "dim")))
        console.print(Padding(Text(note.text), (0, 0, 0, 4), expand=False))
    if sheet.form.leftover:
        _heading(console, "表上没有归入任何单元格的文字")
        for leftover in sheet.form.leftover:
            console.print(Text(f"  第 {leftover.page} 页  {leftover.text}"))


def _print_corrections(console: Console, corrections: Sequence[Correction]) -> None:
    if corrections:
        _heading(console, "更正")
    for event in corrections:
        state = f"（{event.undone_by} 已撤销）" if event.undone_at else "" if event.applied else "（现有读取结果里没有这一行，未生效）"
        what = f"{cell_label(event.cell)}：{shown(event.old) or '空'} → {shown(event.new) or '空'}{note_told(event)}"
        console.print(Text(f"  {event.made_at.astimezone():%Y-%m-%d %H:%M}  {event.who}  {what}{state}"))


def note_told(event: Correction) -> str:
    """What a correction says besides the value, in brackets; nothing where it says no more."""
    return f"（{_NOTES[event.note]}）" if event.note else ""


def _print_versions(console: Console, versions: Sequence[VersionSummary]) -> None:
    if len(versions) < 2:
        return
    _heading(console, "读取版本")
    for version in versions:
        kind = KINDS.get(version.kind or "", "导入")
        chosen = f"，由 {version.chosen_by} 选定" if version.chosen_by else ""
        state = f"  ← 当前{chosen}" if version.current else ""
        name = Path(version.file).name
        console.print(Text(f"  {version.version_id}  {kind}  {name}{_pages(version.pages)}  待核对 {version.review_marks}{state}"))
