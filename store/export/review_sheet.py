"""The review sheet: findings as a table for the units to answer, one row each, ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook

from schema.checks import RULES
from schema.checks.advice import advice_for
from schema.evidence import LinePlace, PagePlace, Place, SheetPlace
from store.export.atomic import replacing
from store.export.columns import Value
from store.export.labels import SEVERITIES, cell_label
from store.export.spreadsheet import Heading, Sheet, Styled
from store.export.workbook import save_workbook
from store.review_records import ListedFinding

TITLE = "复核意见表"
COLUMNS = (
    Heading("序号", 6), Heading("严重程度", 9), Heading("单位", 22), Heading("项目", 24), Heading("年度", 7), Heading("问题", 40),
    Heading("依据", 22), Heading("位置（文件/页/单元格）", 30), Heading("原值", 14), Heading("应为", 12), Heading("建议", 36),
    Heading("核实意见", 18), Heading("处理结果", 14),
)  # fmt: skip


def write_review_sheet(findings: Iterable[ListedFinding], path: Path) -> int:
    """Write the sheet as .xlsx; the number of findings.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    count = 0
    with replacing(path) as part:
        book = Workbook(write_only=True)
        sheet = Sheet(book, TITLE, COLUMNS)
        try:
            for listed in findings:
                count += 1
                sheet.append(_row(count, listed))
            sheet.finish()
            save_workbook(book, part)
        finally:
            sheet.close()
    return count


def basis_of(rule: str, basis: str) -> str:
    """On what a finding stands: the rule in words, and whose thresholds it used."""
    title = RULES[rule].title if rule in RULES else rule
    return f"{title}（规则 {rule}，{basis} 口径）"


def where(listed: ListedFinding) -> str:
    """Where to look, as people say it: file, page, cell, indicator."""
    finding = listed.finding
    cell = cell_label(finding.cell) + (f"“{listed.row}”" if listed.row else "")
    return " / ".join(part for part in (listed.file, spot(listed.place, listed.pages), cell) if part)


def spot(place: Place | None, pages: tuple[int, ...] = ()) -> str:
    """A place in words: a page, a cell of a sheet, lines, a cell of a table; the first of the form's pages where there is no place."""
    if place is None:
        return f"第 {pages[0]} 页" if pages else ""
    if isinstance(place, PagePlace):
        return f"第 {place.page} 页"
    if isinstance(place, SheetPlace):
        return f"{place.sheet}!{place.ref}"
    if isinstance(place, LinePlace):
        return f"第 {place.line[0]} 行" if place.line[0] == place.line[1] else f"第 {place.line[0]}–{place.line[1]} 行"
    return f"表 {place.table} 第 {place.row} 行第 {place.column} 列"


def _row(number: int, listed: ListedFinding) -> list[Value | Styled]:
    finding = listed.finding
    return [
        number,
        Styled(SEVERITIES[finding.severity], finding.severity),
        listed.unit or listed.department,
        finding.project_name,
        listed.year,
        finding.message,
        basis_of(finding.rule, finding.basis),
        where(listed),
        listed.value,
        finding.computed,
        advice_for(finding.rule),
        None,
        None,
    ]
