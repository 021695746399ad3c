"""The form, its cells, its numbers and canonical JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import data
from schema.canonical import dump_forms, load_forms, read_forms
from schema.cells import cell_kind, get_cell, iter_cells, parse_input, set_cell
from schema.errors import CanonicalError, UsageError
from schema.evidence import Evidence, LinePlace, PagePlace, Reading, ReviewMark, SheetPlace, TablePlace
from schema.form import Form, FundingRow, Indicator
from schema.identity import form_id, with_ids

KEYS = [
    "form_id", "title", "fiscal_year", "project_name", "department", "implementing_unit", "unit_of_money", "funding", "expected_goal",
    "actual_result", "indicators", "total_weight", "total_score", "grade", "extras", "source", "evidence", "review", "leftover",
]  # fmt: skip

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False)


@given(numbers)
def test_numbers_survive_json_exactly(number: Decimal) -> None:
    form = Form(form_id="x", total_score=number)
    (back,) = load_forms(dump_forms([form]), "x")
    assert back.total_score == number


@pytest.mark.parametrize("printed", ["10.00", "9.90", "0.00", "100", "1E+2"])
def test_trailing_zeros_are_dropped(printed: str) -> None:
    row = FundingRow(score=Decimal(printed))
    assert "E" not in str(row.score)
    assert str(row.score) == format(Decimal(printed).normalize(), "f")


@pytest.mark.parametrize(
    "wrong", [0.1, True, Decimal("NaN"), Decimal("Infinity"), Decimal("0.1234567"), Decimal(10**12), "1234567890.123456"]
)
def test_no_binary_floats_and_nothing_a_column_cannot_hold(wrong: object) -> None:
    with pytest.raises(ValidationError):
        FundingRow.model_validate({"score": wrong})


def test_the_export_has_the_keys_of_the_contract_in_its_order() -> None:
    (form,) = json.loads(dump_forms([Form(form_id="x")]))
    assert list(form) == KEYS
    assert list(form["funding"]) == ["total", "appropriation", "carryover", "other"]


def test_every_kind_of_place_goes_out_and_in() -> None:
    places = (
        PagePlace(page=2, bbox=(1.5, 2, 3, 4), text="5.00"),
        LinePlace(line=(12, 14), span=(301, 330), text="5.00"),
        SheetPlace(sheet="表1", ref="B3:C3", text="5.00"),
        TablePlace(table=1, row=2, column=3, text="5.00"),
    )
    form = Form(
        form_id="x",
        evidence={"total_score": Evidence(match="exact", read_by="ocr", confidence=0.97, at=places)},
        review=(ReviewMark(cell="total_score", reason="…", readings=(Reading(read_by="llm", value=Decimal("5")),)),),
    )
    assert load_forms(dump_forms([form]), "x") == [form]


def test_gold_files_come_back_as_they_are() -> None:
    for path in (data.samples() / "gold").glob("*.json"):
        gold = json.loads(path.read_text(encoding="utf-8"))
        written = json.loads(dump_forms(read_forms(path)))
        for one, other in zip(gold, written, strict=True):
            assert {key: value for key, value in one.items() if key != "notes"} == {key: other[key] for key in one if key != "notes"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[{", "JSON"),
        ("[1]", "第 1 项"),
        ('[{"form_id": "a", "surprise": 1}]', "surprise"),
        ('[{"form_id": "a", "total_score": "many"}]', "total_score"),
        ('[{"form_id": "a", "total_score": NaN}]', "JSON"),
        ('{"title": "x"}', "form_id"),
    ],
)
def test_what_is_not_canonical_is_named(text: str, named: str) -> None:
    with pytest.raises(CanonicalError, match=named) as caught:
        load_forms(text, "forms.json")
    assert "forms.json" in str(caught.value)


def test_a_missing_file_and_another_encoding_are_named(tmp_path: Path) -> None:
    path = tmp_path / "表.json"
    with pytest.raises(CanonicalError, match="没有这个文件"):
        read_forms(path)
    path.write_bytes("[]绩效".encode("gb18030"))
    with pytest.raises(CanonicalError, match=r"表\.json"):
        read_forms(path)


FORM = Form(form_id="x", indicators=(Indicator(name="甲", score=Decimal(5)), Indicator(name="乙")))


def test_cells_are_read_and_replaced_by_address() -> None:
    for cell, value in iter_cells(FORM):
        assert get_cell(FORM, cell) == value
    changed = set_cell(FORM, "indicators[1].score", Decimal("4.5"))
    assert get_cell(changed, "indicators[1].score") == Decimal("4.5")
    assert get_cell(FORM, "indicators[1].score") is None
    assert [cell for cell, value in iter_cells(changed) if value != dict(iter_cells(FORM))[cell]] == ["indicators[1].score"]


@pytest.mark.parametrize(
    "address", ["", "evidence", "indicators", "indicators[2].score", "indicators[0].page", "funding.total", "funding.x.score"]
)
def test_no_such_cell(address: str) -> None:
    with pytest.raises(UsageError, match=r"单元格|没有"):
        get_cell(FORM, address)


@pytest.mark.parametrize(
    ("cell", "typed", "value"),
    [
        ("total_score", "1,234.50", Decimal("1234.50")),
        ("funding.total.execution_rate", "98.5%", Decimal("98.5")),
        ("fiscal_year", "2024", 2024),
        ("grade", "优", "优"),
        ("grade", "—", None),
        ("total_score", "", None),
    ],
)
def test_what_a_person_types(cell: str, typed: str, value: object) -> None:
    assert parse_input(cell, typed) == value


@pytest.mark.parametrize(("cell", "typed"), [("total_score", "九十"), ("fiscal_year", "2024.5")])
def test_what_does_not_fit_a_cell_is_refused(cell: str, typed: str) -> None:
    assert cell_kind(cell) in ("number", "year")
    with pytest.raises(UsageError, match=cell):
        parse_input(cell, typed)


def test_identity_folds_widths_and_tells_equals_and_nameless_apart() -> None:
    half = Form(form_id="", project_name="运维(2024)", fiscal_year=2024)
    full = Form(form_id="", project_name=" 运维（2024） ", fiscal_year=2024)
    assert form_id(half, 1, "a") == form_id(full, 1, "b")
    twins = with_ids([half, full], "a")
    assert twins[0].form_id != twins[1].form_id
    nameless = Form(form_id="")
    assert form_id(nameless, 1, "a") != form_id(nameless, 1, "b")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"form_id":"a","indicators":[{"name":"x","weight":"abc"}]}', r"表 a 的 indicators\[0\]\.weight 不合规范（应为数字）"),
        ('{"form_id":"a","zzz":1}', "zzz 不合规范（没有这样的项）"),
        ('{"project_name":"a"}', "form_id 不合规范（缺少这一项）"),
        ('{"form_id":"a","total_score":1e400}', "整数部分超过 12 位"),
        ('{"form_id":"a","total_score":NaN}', "NaN 不是可用的数字"),
        ("{\n ", "第 2 行第 2 个字符处有误"),
        ("", "文件是空的"),
        ("[" * 100_000, "不是 JSON"),
    ],
)
def test_what_is_not_canonical_is_told_in_chinese_with_its_cell(text: str, told: str) -> None:
    with pytest.raises(CanonicalError, match=told) as e:
        load_forms(text, "x.json")
    assert str(e.value).startswith("x.json：")


def test_a_folder_or_another_encoding_is_no_json_file(tmp_path: Path) -> None:
    with pytest.raises(CanonicalError, match="是文件夹"):
        read_forms(tmp_path)
    (tmp_path / "gbk.json").write_bytes('["表"]'.encode("gbk"))
    with pytest.raises(CanonicalError, match="不是 UTF-8 编码"):
        read_forms(tmp_path / "gbk.json")
