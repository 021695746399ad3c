"""What leaves the store as a file."""

from __future__ import annotations

import csv
import gc
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from schema.canonical import dump_forms, read_forms
from schema.errors import StoreError
from schema.evidence import ReviewMark
from schema.form import Form
from store import Store
from store.export import FORMATS, export
from store.export.labels import cell_label
from store.export.text_files import write_json
from tests.factories import make_form, make_indicator, make_reading

EVIL = ("=0.00(%)", '=HYPERLINK("http://x","y")', "+86", "-1.5(%)", "@SUM(A1)", "=1+1")


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Iterator[Store]:
    """A store with one document that lies on the disk: a plain form, one with trouble, one without indicators."""
    rows = tuple(make_indicator(i, target=text, name=text) for i, text in enumerate(EVIL))
    mark = ReviewMark(cell="indicators[0].weight", reason="两次读数不同")
    trouble = make_form("有问题的项目", indicators=rows, total_score=Decimal("99.5"), review=(mark,), grade="良")
    pdf = tmp_path / "自评 表#1.pdf"
    pdf.write_bytes(b"%PDF-")
    run = store.start_run("test")
    store.save(make_reading([make_form(), trouble, make_form("没有指标", rows=0)], str(pdf)), run)
    store.finish_run(run)
    yield store


def _export(store: Store, tmp_path: Path, to: Any) -> Path:
    path = tmp_path / f"out.{to}"
    assert export(store, to, path) == 3
    return path


def test_json_is_the_canonical_list(filled: Store, tmp_path: Path) -> None:
    path = _export(filled, tmp_path, "json")
    forms = list(filled.iter_forms())
    assert path.read_text(encoding="utf-8") == dump_forms(forms) + "\n"
    assert read_forms(path) == forms


@pytest.mark.parametrize("forms", [[], [make_form(form_id="a")]], ids=["none", "one"])
def test_json_of_few_forms_is_laid_out_like_any(tmp_path: Path, forms: list[Form]) -> None:
    write_json(forms, tmp_path / "x.json")
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == dump_forms(forms) + "\n"


def test_jsonl_has_a_canonical_form_per_line(filled: Store, tmp_path: Path) -> None:
    lines = _export(filled, tmp_path, "jsonl").read_text(encoding="utf-8").splitlines()
    assert [Form.model_validate(json.loads(line, parse_float=Decimal)) for line in lines] == list(filled.iter_forms())


def test_what_was_exported_can_be_imported(filled: Store, tmp_path: Path, empty_home: Path) -> None:
    path = _export(filled, tmp_path, "json")
    with Store.open(tmp_path / "other") as other:
        other.import_forms(read_forms(path), path)
        assert list(other.iter_forms()) == list(filled.iter_forms())
        assert other.findings() == filled.findings()


def test_csv_has_a_row_per_indicator_and_none_of_the_forms_is_missing(filled: Store, tmp_path: Path) -> None:
    path = _export(filled, tmp_path, "csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6 + 6 + 1
    assert rows[0]["年度资金总额·全年预算数"] == "6.8"
    assert rows[0]["指标得分"] == "15"
    assert (rows[-1]["项目名称"], rows[-1]["三级指标"], rows[-1]["指标序号"]) == ("没有指标", "", "")
    assert len(set(rows[0])) == len(rows[0])


def test_csv_disarms_formulas(filled: Store, tmp_path: Path) -> None:
    with _export(filled, tmp_path, "csv").open(encoding="utf-8-sig", newline="") as file:
        targets = [row["年度指标值"] for row in csv.DictReader(file) if row["项目名称"] == "有问题的项目"]
    assert targets == ["'=0.00(%)", '\'=HYPERLINK("http://x","y")', "+86", "'-1.5(%)", "'@SUM(A1)", "'=1+1"]


def test_parquet_numbers_are_exact(filled: Store, tmp_path: Path) -> None:
    table = pq.read_table(_export(filled, tmp_path, "parquet"))
    assert table.num_rows == 13
    assert str(table.schema.field("funding_total_outturn").type) == "decimal128(21, 6)"
    first = table.to_pylist()[0]
    assert first["funding_total_adjusted_budget"] == Decimal("6.8")
    assert (first["indicator"], first["indicator_name"], first["page"]) == (1, "办理业务量0", 1)


def _workbook(store: Store, tmp_path: Path) -> Any:
    return openpyxl.load_workbook(_export(store, tmp_path, "xlsx"))


def test_the_workbook_has_its_three_sheets_ready_to_use(filled: Store, tmp_path: Path) -> None:
    book = _workbook(filled, tmp_path)
    assert book.sheetnames == ["项目", "指标", "问题清单"]
    for sheet in book:
        assert sheet.freeze_panes in ("C2", "D2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.column_dimensions["B"].width > 10
        assert sheet["A1"].font.bold
        assert sheet["A2"].alignment.wrap_text
    assert book["项目"].max_row == 4
    assert book["指标"].max_row == 13


def test_workbook_texts_are_never_formulas(filled: Store, tmp_path: Path) -> None:
    sheet = _workbook(filled, tmp_path)["指标"]
    cells = [row[7] for row in sheet.iter_rows(min_row=8)]
    assert [cell.value for cell in cells] == list(EVIL)
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert not any(cell.data_type == "f" for each in sheet.parent for row in each.iter_rows() for cell in row)


def test_workbook_amounts_are_numbers_with_formats(filled: Store, tmp_path: Path) -> None:
    cell = _workbook(filled, tmp_path)["项目"]["H2"]
    assert (cell.value, cell.data_type, cell.number_format) == (6.8, "n", "#,##0.00####")


def test_workbook_links_lead_to_file_and_page(filled: Store, tmp_path: Path) -> None:
    book = _workbook(filled, tmp_path)
    link = book["项目"]["U3"].hyperlink.target
    assert link == (tmp_path / "自评 表#1.pdf").as_uri() + "#page=3"
    assert book["指标"]["N8"].hyperlink.target == link
    assert book["项目"]["U3"].value == "自评 表#1.pdf"


def test_the_issue_sheet_lists_findings_and_review_marks_by_gravity(filled: Store, tmp_path: Path) -> None:
    sheet = _workbook(filled, tmp_path)["问题清单"]
    rows = [row for row in sheet.iter_rows(min_row=2) if row[2].value == "有问题的项目"]
    levels = [row[0].value for row in rows]
    assert set(levels) >= {"错误", "待核对"}
    assert levels[0] == "错误"
    assert {row[0].value: row[0].fill.fgColor.rgb[-6:] for row in rows}["错误"] == "F8CBAD"
    marked = next(row for row in rows if row[0].value == "待核对")
    assert (marked[4].value, marked[6].value, marked[10].value) == ("第 1 行分值 =0.00(%)", "两次读数不同", "indicators[0].weight")


def test_the_noted_cells_are_coloured(filled: Store, tmp_path: Path) -> None:
    book = _workbook(filled, tmp_path)
    assert book["项目"]["N3"].fill.fgColor.rgb[-6:] == "F8CBAD"  # total_score: score-sum
    assert book["指标"]["J8"].fill.fgColor.rgb[-6:] == "E4DFEC"  # the review mark
    assert book["项目"]["N2"].fill.fill_type is None


def test_text_that_excel_refuses_is_cleaned_and_cut(store: Store, run: int, tmp_path: Path) -> None:
    store.save(make_reading([make_form("甲\x07乙", indicators=(make_indicator(0, deviation="长" * 40_000),))]), run)
    export(store, "xlsx", tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book["项目"]["B2"].value == "甲乙"
    assert book["指标"]["L2"].value.endswith("（已截断）")


@pytest.mark.parametrize("to", FORMATS)
def test_an_export_that_fails_leaves_the_old_file(filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: Any) -> None:
    path = tmp_path / f"out.{to}"
    path.write_text("old")

    def broken(self: Store) -> Iterator[Form]:
        yield make_form()
        raise StoreError("磁盘已满")

    monkeypatch.setattr(Store, "iter_forms", broken)
    with pytest.raises(StoreError, match="磁盘已满"):
        export(filled, to, path)
    assert path.read_text() == "old"
    assert not list(tmp_path.glob(".out*"))


def test_a_folder_that_is_not_there_is_named(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="写不了"):
        export(filled, "json", tmp_path / "nowhere" / "x.json")


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("indicators[3].score", "第 4 行得分"),
        ("funding.total.outturn", "年度资金总额·全年执行数"),
        ("funding.total", "年度资金总额"),
        ("total_score", "总得分"),
        ("indicators", "指标"),
        ("extras[0].text", "其他内容第 1 行text"),
    ],
)
def test_cells_have_names_for_people(cell: str, label: str) -> None:
    assert cell_label(cell) == label


def test_rows_of_the_workbook_are_as_high_as_their_texts_and_pages_repeat_the_headings(filled: Store, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_export(filled, tmp_path, "xlsx"))
    issues = book["问题清单"]
    heights = {len(str(issues.cell(row, 7).value)): issues.row_dimensions[row].height for row in range(2, issues.max_row + 1)}
    assert heights[max(heights)] > heights[min(heights)] > 0
    assert {sheet.print_title_rows for sheet in book} == {"$1:$1"}


def test_a_sign_behind_a_control_character_is_no_formula_either(store: Store, tmp_path: Path) -> None:
    run = store.start_run("test")
    store.save(make_reading([make_form(indicators=(make_indicator(0, target="\x01=1+1"),))], "x.pdf"), run)
    export(store, "xlsx", tmp_path / "x.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "x.xlsx")["指标"] for cell in row if cell.value == "=1+1"]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]


def test_a_workbook_that_cannot_be_written_says_so_once(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("store.export.workbook.ExcelWriter", _FullDisk)
    with pytest.raises(StoreError, match="写不了"):
        export(filled, "xlsx", tmp_path / "x.xlsx")
    gc.collect()
    assert capfd.readouterr().err == ""
    assert not (tmp_path / "x.xlsx").exists()


class _FullDisk:
    """Stands in for openpyxl's writer on a full disk."""

    def __init__(self, _: object, archive: zipfile.ZipFile) -> None:
        archive.writestr("begun", "x")

    def save(self) -> None:
        """Fail."""
        raise OSError(28, "No space left on device")
