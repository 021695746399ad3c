"""Text dumps of the samples, as different programs write them, read end to end."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from agents.reader import read_document
from ingest.mupdf import pymupdf
from schema.cells import iter_cells
from schema.errors import NoFormFound, UnsupportedDocument
from schema.evidence import LinePlace
from schema.form import Form
from schema.text import fold

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NAMES = ["jiading-2024", "minhang-science-2023"]


def _gold(name: str) -> list[Form]:
    return [Form.model_validate(form) for form in json.loads((SAMPLES / "gold" / f"{name}.json").read_text("utf-8"), parse_float=Decimal)]


def _plain(name: str) -> str:
    """What an extractor of text gives: cell after cell, each of their lines on one of its own."""
    with pymupdf.open(SAMPLES / "pdf" / f"{name}.pdf") as document:
        return "\f".join(page.get_text() for page in document)


def _tabs(form: Form) -> str:
    """A form as a table pasted from a web page or a word processor: fields parted by tabs, merged cells blank."""

    def said(value: object) -> str:
        return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)

    total = form.funding.total
    amounts = (total.original_budget, total.adjusted_budget, total.outturn, total.weight, total.execution_rate, total.score)
    rows = [
        ["项目名称", "", said(form.project_name), "", "", "", ""],
        ["主管部门", "", said(form.department), "", "实施单位", "", said(form.implementing_unit)],
        ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["", "年度资金总额", *map(said, amounts)],
        ["年度总体目标", "预期目标", "", "", "实际完成情况", "", "", ""],
        ["", said(form.expected_goal), "", "", said(form.actual_result), "", "", ""],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ]
    first = second = None
    for row in form.indicators:
        level1, level2 = (None if row.level1 == first else row.level1), (None if row.level2 == second else row.level2)
        first, second = row.level1, row.level2
        rows.append([said(v) for v in (level1, level2, row.name, row.target, row.actual, row.weight, row.score, row.deviation)])
    rows += [["总分", "", "", "", "", said(form.total_weight), said(form.total_score), ""], ["评分等级", "", said(form.grade)]]
    return f"{form.title}\n（{form.fiscal_year}年度）\n\n" + "\n".join("\t".join(row) for row in rows) + "\n\n"


def _wrong(form: Form, gold: Form) -> dict[str, tuple[object, object]]:
    read, wanted = dict(iter_cells(form)), dict(iter_cells(gold))

    def same(a: object, b: object) -> bool:
        return fold(a) == fold(b) if isinstance(a, str) and isinstance(b, str) else a == b

    return {cell: (read.get(cell), value) for cell, value in wanted.items() if cell != "form_id" and not same(read.get(cell), value)}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_dump_gives_its_forms_or_says_where_it_may_be_wrong(name: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.txt"
    path.write_bytes(_plain(name).encode(encoding, errors="replace"))
    reading, gold = read_document(path), _gold(name)
    assert reading.kind == "text"
    assert [page.method for page in reading.pages] == ["text"]
    assert [form.project_name for form in reading.forms] == [form.project_name for form in gold]
    for form, wanted in zip(reading.forms, gold, strict=True):
        assert len(form.indicators) == len(wanted.indicators)
        marked = {mark.cell for mark in form.review}
        assert {cell: pair for cell, pair in _wrong(form, wanted).items() if cell not in marked} == {}
        assert len(marked) < 0.1 * len(dict(iter_cells(form)))


def test_evidence_is_lines_and_spans_of_the_file(tmp_path: Path) -> None:
    text = _plain(NAMES[0])
    path = tmp_path / "dump.txt"
    path.write_text(text, "utf-8")
    lines = text.split("\n")
    for form in read_document(path).forms:
        whole = {mark.cell for mark in form.review}
        for cell, evidence in form.evidence.items():
            for place in evidence.at:
                assert isinstance(place, LinePlace)
                if cell not in whole:
                    assert fold(text[slice(*place.span)]) == fold(place.text)
                    assert fold("".join(lines[place.line[0] - 1 : place.line[1]])).find(fold(place.text)) >= 0


@pytest.mark.parametrize("name", NAMES)
def test_tables_of_tabs_and_bars_give_equal_forms(name: str, tmp_path: Path) -> None:
    gold = _gold(name)
    tabs = "".join(map(_tabs, gold))
    bars = "".join("|" + line.replace("\t", " | ") + "|\n" if "\t" in line else line + "\n" for line in tabs.split("\n"))
    for suffix, text in ((".txt", tabs), (".md", bars)):
        path = tmp_path / f"{name}{suffix}"
        path.write_text(text, "utf-8")
        forms = read_document(path).forms
        assert len(forms) == len(gold)
        for form, wanted in zip(forms, gold, strict=True):
            wrong = _wrong(form, wanted)
            assert {cell: pair for cell, pair in wrong.items() if not cell.startswith(("funding.", "unit", "extras"))} == {}
            assert not any(cell.startswith("funding.total") for cell in wrong)


def test_text_of_something_else_is_told(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("关于开展绩效自评工作的通知\n各部门：\n请于月底前报送。\n" * 30, "utf-8")
    with pytest.raises(NoFormFound):
        read_document(path)


def test_a_dump_with_columns_side_by_side_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "版面.txt"
    path.write_text("项目名称          某项目          主管部门      某局\n" * 20, "utf-8")
    with pytest.raises(UnsupportedDocument, match="按版面排列"):
        read_document(path)


def test_who_waits_for_a_long_dump_hears_of_every_form(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text(_plain(NAMES[0]), encoding="utf-8")
    heard: list[tuple[int, int]] = []
    reading = read_document(path, watch=lambda pages, read: heard.append((pages, read)))
    # While tables are taken apart, and again while forms are made of them.
    assert heard.count((1, 0)) > len(reading.forms) > 1
    assert heard.count((1, 1)) > len(reading.forms)
