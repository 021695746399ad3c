"""Forms written as Word files, workbooks and OFD, in the layouts that offices use."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import openpyxl
from openpyxl.styles import Border, Side

from ingest.mupdf import pymupdf
from schema.form import Form

Row = list[tuple[str, int]]
"""The cells of a row: text and columns covered; ^ goes on with the cell above."""
COLUMNS = 8
_AMOUNTS = ("original_budget", "adjusted_budget", "outturn", "weight", "execution_rate", "score")
_COLUMNS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
_NAMES = {"total": "年度资金总额", "appropriation": "其中：当年财政拨款", "carryover": "上年结转资金", "other": "其他资金"}
_HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


def said(value: object) -> str:
    """A value as a form prints it."""
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def rows_of(form: Form) -> list[Row]:
    """A form as the rows of the central template."""
    rows: list[Row] = [
        [("项目名称", 2), (said(form.project_name), 6)],
        [("主管部门", 2), (said(form.department), 2), ("实施单位", 2), (said(form.implementing_unit), 2)],
        [
            (f"项目资金\n（{form.unit_of_money}）", 1),
            ("", 1),
            *((n, 1) for n in ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")),
        ],
    ]
    for name, row in form.funding:
        rows.append([("^", 1), (_NAMES[name], 1), *((said(getattr(row, column)), 1) for column in _AMOUNTS)])
    rows += [
        [("年度总体目标", 1), ("预期目标", 4), ("实际完成情况", 3)],
        [("^", 1), (said(form.expected_goal), 4), (said(form.actual_result), 3)],
    ]
    rows.append([(name, 1) for name in _HEADER])
    above: tuple[str | None, str | None] = (None, None)
    for row in form.indicators:
        first = "^" if row.level1 == above[0] else said(row.level1)
        second = "^" if first == "^" and row.level2 == above[1] else said(row.level2)
        above = (row.level1, row.level2)
        rows.append(
            [(first, 1), (second, 1), *((said(v), 1) for v in (row.name, row.target, row.actual, row.weight, row.score, row.deviation))]
        )
    rows.append([("总分", 5), (said(form.total_weight), 1), (said(form.total_score), 1), ("", 1)])
    return [*rows, [("评分等级", 5), (said(form.grade), 3)]] if form.grade else rows


def write_docx(path: Path, forms: Iterable[Form]) -> None:
    """A Word file, one table with merged cells for each form."""
    document = docx.Document()
    for form in forms:
        document.add_paragraph(form.title or "")
        document.add_paragraph(f"（{form.fiscal_year}年度）")
        rows = rows_of(form)
        table = document.add_table(len(rows), COLUMNS)
        # Asked for one by one, each cell would cost a walk over the whole table.
        cells = list(table._cells)
        anchors: dict[int, docx.table._Cell] = {}
        for i, row in enumerate(rows):
            column = 0
            for text, span in row:
                cell = cells[i * COLUMNS + column]
                if text == "^":
                    anchors[column] = anchors[column].merge(cell)
                else:
                    anchors[column] = cell.merge(cells[i * COLUMNS + column + span - 1]) if span > 1 else cell
                    anchors[column].text = text
                column += span
    # Word ends every document with a paragraph.
    document.add_paragraph()
    document.save(str(path))


def write_xlsx(path: Path, forms: Sequence[Form], *, border: bool = True, merge: bool = True) -> None:
    """A workbook, a sheet for each form; numbers are numbers with formats that show them as printed."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, form in enumerate(forms, 1):
        _write_sheet(book.create_sheet(f"表{number}"), form, border=border, merge=merge)
    book.save(path)


def _write_sheet(sheet: openpyxl.worksheet.worksheet.Worksheet, form: Form, *, border: bool, merge: bool) -> None:
    side = Side(style="thin")
    sheet.cell(2, 2, form.title)
    sheet.cell(3, 2, f"（{form.fiscal_year}年度）")
    ranges: dict[int, list[int]] = {}
    merged: list[list[int]] = []
    for i, row in enumerate(rows_of(form), 4):
        column = 2
        for text, span in row:
            if text == "^":
                ranges[column][1] = i
            else:
                _set(sheet.cell(i, column), text)
                ranges[column] = [i, i, column, column + span - 1]
                merged.append(ranges[column])
            for c in range(column, column + span if border else column):
                sheet.cell(i, c).border = Border(left=side, right=side, top=side, bottom=side)
            column += span
    for first, last, left, right in merged if merge else ():
        if first != last or left != right:
            sheet.merge_cells(start_row=first, end_row=last, start_column=left, end_column=right)


def _set(cell: openpyxl.cell.cell.Cell, text: str) -> None:
    if text.replace(".", "", 1).isdigit():
        cell.value = float(text)
        cell.number_format = "0." + "0" * len(text.partition(".")[2]) if "." in text else "0"
    elif text:
        cell.value = text
        # A target such as =100% is no formula.
        cell.data_type = "s"


_MM = 25.4 / 72
_NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_XML = '<?xml version="1.0" encoding="UTF-8"?>'


def write_ofd(path: Path, pdf: bytes) -> None:
    """The pages of a PDF as OFD: its characters where they stand, its lines and boxes as paths."""
    with pymupdf.open(stream=pdf) as document, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = ""
        for i, page in enumerate(document):
            listed += f'<ofd:Page ID="{i + 10}" BaseLoc="Pages/Page_{i}/Content.xml"/>'
            archive.writestr(f"Doc_0/Pages/Page_{i}/Content.xml", _page(page))
        area = "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>"
        archive.writestr("Doc_0/Document.xml", f"{_XML}<ofd:Document {_NAMESPACE}>{area}<ofd:Pages>{listed}</ofd:Pages></ofd:Document>")
        body = "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f'{_XML}<ofd:OFD {_NAMESPACE} Version="1.0" DocType="OFD">{body}</ofd:OFD>')


def _page(page: pymupdf.Page) -> str:
    objects = "".join(_text(span) for b in page.get_text("rawdict")["blocks"] for line in b.get("lines", ()) for span in line["spans"])
    for drawing in page.get_cdrawings():
        for item in drawing["items"]:
            objects += _path(item, stroked="s" in drawing["type"])
    box = f"0 0 {page.rect.width * _MM:.2f} {page.rect.height * _MM:.2f}"
    layer = f'<ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content>'
    return f"{_XML}<ofd:Page {_NAMESPACE}><ofd:Area><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:Area>{layer}</ofd:Page>"


def _text(span: dict) -> str:  # type: ignore[type-arg]
    chars = span["chars"]
    x, y = chars[0]["origin"]
    steps = " ".join(f"{(b['origin'][0] - a['origin'][0]) * _MM:.3f}" for a, b in pairwise(chars))
    code = f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">{escape("".join(c["c"] for c in chars))}</ofd:TextCode>'
    box = f'Boundary="{x * _MM:.3f} {y * _MM - 5:.3f} 100 8"'
    return f'<ofd:TextObject ID="1" {box} Font="2" Size="{span["size"] * _MM:.3f}">{code}</ofd:TextObject>'


def _path(item: tuple, stroked: bool) -> str:  # type: ignore[type-arg]
    if item[0] == "l":
        points = [item[1], item[2]]
    else:
        x0, y0, x1, y1 = item[1]
        points = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
    data = " L ".join(f"{x * _MM:.3f} {y * _MM:.3f}" for x, y in points)
    fill = "" if stroked else 'Fill="true" Stroke="false" '
    drawn = f"<ofd:AbbreviatedData>M {data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="1" Boundary="0 0 210 297" {fill}LineWidth="0.2">{drawn}</ofd:PathObject>'
