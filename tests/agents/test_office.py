"""Samples as Word files, workbooks and OFD give forms equal to their gold."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.shared import Pt, RGBColor

from agents.reader import read_document
from ingest.settings import DEFAULT
from schema.cells import iter_cells
from schema.errors import DamagedDocument, NoFormFound, UnsupportedDocument
from schema.evidence import LinePlace, PagePlace, SheetPlace, TablePlace
from schema.form import Form
from tests.ingest.office.writers import write_docx, write_ofd, write_xlsx

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NAMES = ["jiading-2024", "baoshan-2020"]


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def gold(name: str) -> list[Form]:
    return _gold(name)


def _equal(forms: tuple[Form, ...], gold: list[Form]) -> None:
    assert len(forms) == len(gold)
    for form, wanted in zip(forms, gold, strict=True):
        read, printed = dict(iter_cells(form)), dict(iter_cells(wanted))
        shared = {cell for cell in printed if not cell.startswith(("extras", "form_id"))}
        assert {cell: read.get(cell) for cell in shared} == {cell: printed[cell] for cell in shared}
        assert not form.review


def test_word_files_give_their_forms(gold: list[Form], tmp_path: Path) -> None:
    write_docx(tmp_path / "自评表.docx", gold)
    reading = read_document(tmp_path / "自评表.docx")
    _equal(reading.forms, gold)
    assert reading.kind == "office"
    places = {type(place) for form in reading.forms for evidence in form.evidence.values() for place in evidence.at}
    assert places == {TablePlace, LinePlace}


@pytest.mark.parametrize(("border", "merge"), [(True, True), (False, True), (True, False), (False, False)])
def test_workbooks_give_their_forms(gold: list[Form], border: bool, merge: bool, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "自评表.xlsx", gold, border=border, merge=merge)
    reading = read_document(tmp_path / "自评表.xlsx")
    _equal(reading.forms, gold)
    places = [place for evidence in reading.forms[1].evidence.values() for place in evidence.at]
    assert all(isinstance(place, SheetPlace) and place.sheet == "表2" for place in places)


def test_ofd_gives_its_forms_where_they_stand(name: str, gold: list[Form], tmp_path: Path) -> None:
    pdf = SAMPLES / "pdf" / f"{name}.pdf"
    write_ofd(tmp_path / "自评表.ofd", pdf.read_bytes())
    reading = read_document(tmp_path / "自评表.ofd")
    _equal(reading.forms, gold)
    assert reading.kind == "office"
    wanted = read_document(pdf).forms[0].evidence["funding.total.outturn"].at[0]
    found = reading.forms[0].evidence["funding.total.outturn"].at[0]
    assert isinstance(found, PagePlace)
    assert isinstance(wanted, PagePlace)
    assert all(abs(a - b) < 6 for a, b in zip(found.bbox, wanted.bbox, strict=True))


def test_hidden_and_deleted_text_of_word_is_no_content(gold: list[Form], tmp_path: Path) -> None:
    path = tmp_path / "自评表.docx"
    write_docx(path, gold[:1])
    document = docx.Document(str(path))
    cell = document.tables[0].cell(0, 2).paragraphs[0]
    for text, hide in (("隐藏", "vanish"), ("白字", "white"), ("极小", "tiny")):
        run = cell.add_run(text)
        run.font.hidden = True if hide == "vanish" else None
        if hide == "white":
            run.font.color.rgb = RGBColor(255, 255, 255)
        if hide == "tiny":
            run.font.size = Pt(1)
    deleted = OxmlElement("w:del")
    deleted.append(cell.add_run("删去")._r)
    cell._p.append(deleted)
    document.save(str(path))
    reading = read_document(path)
    assert reading.forms[0].project_name == gold[0].project_name
    assert "“隐藏”、“白字”、“极小”" in reading.pages[0].notes[0]


def test_controls_breaks_and_nested_tables_are_read_through(gold: list[Form], tmp_path: Path) -> None:
    path = tmp_path / "自评表.docx"
    write_docx(path, gold[:1])
    document = docx.Document(str(path))
    table = document.tables[0]
    cell = table.cell(0, 2).paragraphs[0]
    cell.runs[0].add_break(WD_BREAK.LINE)
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    table._tbl.addprevious(control)
    control.append(content)
    content.append(table._tbl)
    holder = document.add_table(1, 1)
    holder.cell(0, 0).paragraphs[0]._p.addprevious(control)
    document.save(str(path))
    _equal(read_document(path).forms, gold[:1])


def test_formulas_show_saved_results_or_are_marked(gold: list[Form], tmp_path: Path) -> None:
    path = tmp_path / "自评表.xlsx"
    write_xlsx(path, gold[:1])
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["D7"] = "=1+1"
    sheet.row_dimensions[9].hidden = True
    other = book.create_sheet("藏")
    other.sheet_state = "hidden"
    book.save(path)
    reading = read_document(path)
    (form,) = reading.forms
    assert form.funding.total.original_budget is None
    assert {mark.cell: mark.reason for mark in form.review}["funding.total.original_budget"].startswith("公式没有保存结果")
    assert form.funding.carryover.outturn is None
    assert "看不见的文字" in reading.pages[0].notes[0]
    assert len(reading.pages) == 1


def test_a_workbook_or_word_file_of_something_else_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "会议安排"
    book.save(tmp_path / "会议.xlsx")
    docx.Document().save(str(tmp_path / "空.docx"))
    for file in ("会议.xlsx", "空.docx"):
        with pytest.raises(NoFormFound):
            read_document(tmp_path / file)


def test_a_huge_blank_sheet_is_bounded(gold: list[Form], tmp_path: Path) -> None:
    path = tmp_path / "自评表.xlsx"
    write_xlsx(path, gold[:1])
    with pytest.raises(UnsupportedDocument, match="单元格太多"):
        read_document(path, replace(DEFAULT, cells=50))


def test_old_formats_say_what_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "旧.rtf").write_bytes(rb"{\rtf1 x}")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UnsupportedDocument, match="LibreOffice"):
        read_document(tmp_path / "旧.rtf")


needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def _convert(source: Path, kind: str) -> Path:
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command: list[str | Path] = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", source.parent, source]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    return source.with_suffix(f".{kind}")


def _gold(name: str) -> list[Form]:
    return [Form.model_validate(f) for f in json.loads((SAMPLES / "gold" / f"{name}.json").read_text("utf-8"), parse_float=Decimal)]


@needs_office
def test_old_word_files_are_converted(tmp_path: Path) -> None:
    gold = _gold(NAMES[1])
    write_docx(tmp_path / "表.docx", gold)
    _equal(read_document(_convert(tmp_path / "表.docx", "doc")).forms, gold)


@needs_office
@pytest.mark.slow
def test_old_workbooks_are_read_and_broken_word_files_told(tmp_path: Path) -> None:
    """The reader of old workbooks starts no LibreOffice; only making one does."""
    gold = _gold(NAMES[1])
    write_xlsx(tmp_path / "簿.xlsx", gold)
    write_docx(tmp_path / "表.docx", gold[:1])
    _equal(read_document(_convert(tmp_path / "簿.xlsx", "xls")).forms, gold)
    _convert(tmp_path / "表.docx", "doc")
    (tmp_path / "坏.doc").write_bytes((tmp_path / "表.doc").read_bytes()[:700])
    with pytest.raises((DamagedDocument, NoFormFound)):
        read_document(tmp_path / "坏.doc")
