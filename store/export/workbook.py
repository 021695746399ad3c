"""The workbook people hand on: 项目, 指标 and 问题清单, with links to file and page and the doubtful cells coloured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from schema.checks import RULES, Finding
from schema.form import Form
from store.export import labels
from store.export.columns import Value, form_page, noted_page, row_page
from store.export.spreadsheet import Heading, Sheet, Styled

AMOUNT, POINTS = "#,##0.00####", "0.00####"
_GRAVITY = ("error", "review", "warning", "info")

PROJECTS = (
    Heading("表号", 14), Heading("项目名称", 36), Heading("年度", 7), Heading("主管部门", 26), Heading("实施单位", 26),
    Heading("金额单位", 9), Heading("年初预算数", 14, AMOUNT), Heading("全年预算数", 14, AMOUNT), Heading("全年执行数", 14, AMOUNT),
    Heading("执行率(%)", 10, POINTS), Heading("预算执行分值", 9, POINTS), Heading("预算执行得分", 9, POINTS), Heading("总分值", 9, POINTS),
    Heading("总得分", 9, POINTS), Heading("评分等级", 9), Heading("指标数", 8), Heading("错误", 7), Heading("警告", 7), Heading("提示", 7),
    Heading("待核对", 8), Heading("原件", 30), Heading("页", 6),
)  # fmt: skip
INDICATORS = (
    Heading("表号", 14), Heading("项目名称", 30), Heading("年度", 7), Heading("序号", 6), Heading("一级指标", 12), Heading("二级指标", 16),
    Heading("三级指标", 28), Heading("年度指标值", 22), Heading("实际完成值", 22), Heading("分值", 8, POINTS), Heading("得分", 8, POINTS),
    Heading("偏差原因分析及改进措施", 40), Heading("问题与待核对", 48), Heading("页", 6),
)  # fmt: skip
ISSUES = (
    Heading("级别", 8), Heading("表号", 14), Heading("项目名称", 30), Heading("实施单位", 24), Heading("位置", 24), Heading("问题", 22),
    Heading("说明", 60), Heading("推算值", 14), Heading("原件", 30), Heading("页", 6), Heading("单元格", 26), Heading("规则", 20),
    Heading("复核意见", 24),
)  # fmt: skip


def write_workbook(forms: Iterable[Form], findings: Mapping[str, Sequence[Finding]], files: Mapping[str, Path], path: Path) -> int:
    """Write the workbook; the number of forms.

    Args:
        forms: in the order they should stand.
        findings: by form_id.
        files: where documents lie, by sha256; links lead there.
        path: the .xlsx to write.
    """
    book = Workbook(write_only=True)
    sheets = [Sheet(book, "项目", PROJECTS), Sheet(book, "指标", INDICATORS), Sheet(book, "问题清单", ISSUES)]
    projects, indicators, issues = sheets
    count = 0
    try:
        for form in forms:
            notes = _Notes(form, findings.get(form.form_id, ()), files)
            projects.append(_project(notes))
            for index in range(len(form.indicators)):
                indicators.append(_indicator(notes, index))
            for row in _issues(notes):
                issues.append(row)
            count += 1
        for sheet in sheets:
            sheet.finish()
        save_workbook(book, path)
    finally:
        for sheet in sheets:
            sheet.close()
    return count


def save_workbook(book: Workbook, path: Path) -> None:
    """Write a workbook whose sheets are finished."""
    with path.open("wb") as out:
        archive = ZipFile(out, "w", ZIP_DEFLATED)
        try:
            ExcelWriter(book, archive).save()
        except OSError:
            # On a full disk the archive would try to write its end again when it is collected, and complain on stderr.
            archive.fp = None
            raise


class _Notes:
    """A form with what is noted about its cells."""

    def __init__(self, form: Form, findings: Sequence[Finding], files: Mapping[str, Path]) -> None:
        self.form = form
        self.findings = findings
        self._file = files.get(form.source.sha256) if form.source else None
        self._fills: dict[str, str] = {mark.cell: "review" for mark in form.review}
        for finding in findings:
            present = self._fills.get(finding.cell, finding.severity)
            self._fills[finding.cell] = min(present, finding.severity, key=_GRAVITY.index)

    def cell(self, value: Value, address: str) -> Styled:
        """A value coloured by what is noted about its cell."""
        return Styled(value, self._fills.get(address))

    def page(self, page: int | None) -> Styled:
        """A page number that leads there."""
        return Styled(page, link=self._link(page))

    def file(self, page: int | None) -> Styled:
        """The document's name, leading to the page."""
        source = self.form.source
        return Styled(Path(source.file).name if source else None, link=self._link(page))

    def count(self, severity: str) -> Styled:
        """How many findings of a severity, coloured when there are any."""
        count = sum(finding.severity == severity for finding in self.findings)
        return Styled(count, severity if count else None)

    def of_row(self, index: int) -> str | None:
        """What is noted about an indicator, one line each."""
        found = [f"{labels.SEVERITIES[f.severity]}：{f.message}" for f in self.findings if labels.row_index(f.cell) == index]
        found += [f"{labels.REVIEW}：{mark.reason}" for mark in self.form.review if labels.row_index(mark.cell) == index]
        return "\n".join(found) or None

    def _link(self, page: int | None) -> str | None:
        return f"{self._file.as_uri()}#page={page or 1}" if self._file else None


def _project(notes: _Notes) -> list[Value | Styled]:
    form, page = notes.form, form_page(notes.form)
    total = form.funding.total
    amounts = [notes.cell(getattr(total, name), f"funding.total.{name}") for name in ("original_budget", "adjusted_budget", "outturn")]
    shares = [notes.cell(getattr(total, name), f"funding.total.{name}") for name in ("execution_rate", "weight", "score")]
    marks = Styled(len(form.review), "review" if form.review else None)
    return [
        form.form_id,
        notes.cell(form.project_name, "project_name"),
        notes.cell(form.fiscal_year, "fiscal_year"),
        notes.cell(form.department, "department"),
        notes.cell(form.implementing_unit, "implementing_unit"),
        notes.cell(form.unit_of_money, "funding.total"),
        *amounts,
        *shares,
        notes.cell(form.total_weight, "total_weight"),
        notes.cell(form.total_score, "total_score"),
        notes.cell(form.grade, "grade"),
        len(form.indicators),
        *(notes.count(severity) for severity in labels.SEVERITIES),
        marks,
        notes.file(page),
        notes.page(page),
    ]


def _indicator(notes: _Notes, index: int) -> list[Value | Styled]:
    form, row = notes.form, notes.form.indicators[index]
    cells = {name: notes.cell(getattr(row, name), f"indicators[{index}].{name}") for name in labels.INDICATOR_COLUMNS}
    noted = notes.of_row(index)
    return [form.form_id, form.project_name, form.fiscal_year, index + 1, *cells.values(), noted, notes.page(row_page(form, index))]


def _issues(notes: _Notes) -> Iterable[list[Value | Styled]]:
    form = notes.form
    for finding in sorted(notes.findings, key=lambda f: _GRAVITY.index(f.severity)):
        level = Styled(labels.SEVERITIES[finding.severity], finding.severity)
        title = RULES[finding.rule].title if finding.rule in RULES else finding.rule
        yield _issue(notes, level, finding.cell, (title, finding.message, finding.computed, finding.rule))
    for mark in form.review:
        readings = "；".join(f"{reading.read_by} 读作 {reading.value}" for reading in mark.readings)
        reason = f"{mark.reason}（{readings}）" if readings else mark.reason
        yield _issue(notes, Styled(labels.REVIEW, "review"), mark.cell, ("读取结果待核对", reason, None, None))


def _issue(notes: _Notes, level: Styled, cell: str, words: tuple[str, str, str | None, str | None]) -> list[Value | Styled]:
    form, (title, message, computed, rule) = notes.form, words
    page = noted_page(form, cell)
    index = labels.row_index(cell)
    name = f" {form.indicators[index].name}" if index is not None and index < len(form.indicators) else ""
    place = labels.cell_label(cell) + name
    head = [level, form.form_id, form.project_name, form.implementing_unit, place, title, message, computed]
    return [*head, notes.file(page), notes.page(page), cell, rule, None]
