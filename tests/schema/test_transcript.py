"""Transcripts: schemas that every strict endpoint takes, and strings of gold forms that lose nothing on their way through them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

import data
from eval.endpoint.honest import compile_fault, walk
from eval.endpoint.strict import strict_faults
from schema.canonical import read_forms
from schema.cells import FUNDING_COLUMNS, FUNDING_ROWS, HEAD_CELLS, ROW_CELLS, TEXT_CELLS, TOTAL_CELLS, funding_cell, get_cell, row_cell
from schema.evidence import Evidence, PagePlace
from schema.form import Form
from schema.transcript import (
    LEVEL1_CHOICES,
    LEVEL2_CHOICES,
    OTHER_LABEL,
    CellsTranscript,
    HeadTranscript,
    RowsTranscript,
    RowTranscript,
    Transcript,
    head_of,
    printed_cell,
    rows_of,
    wire_schema,
)
from tests.factories import make_form, make_indicator

SENT: tuple[type[Transcript], ...] = (HeadTranscript, RowsTranscript, CellsTranscript)
GOLD = [form for path in sorted((data.samples() / "gold").glob("*.json")) for form in read_forms(path)]
each_sent = pytest.mark.parametrize("model", SENT, ids=lambda model: model.__name__)
each_form = pytest.mark.parametrize("form", GOLD, ids=lambda form: form.form_id)


def nodes(schema: Any, inside: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema in a schema, with the keyword that it stands under; the names of fields are no keywords."""
    if isinstance(schema, dict):
        if inside not in ("properties", "$defs"):
            yield inside, schema
        for key, value in schema.items():
            yield from nodes(value, key)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value, inside)


@each_sent
def test_strict_endpoints_take_the_schema(model: type[Transcript]) -> None:
    schema = wire_schema(model)
    assert strict_faults(schema) == []
    assert compile_fault(schema) == ""


@each_sent
def test_a_schema_holds_nothing_that_costs_or_breaks(model: type[Transcript]) -> None:
    for _, node in nodes(wire_schema(model)):
        assert node.keys() <= {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"}
        assert node.get("type") in (None, "object", "array", "string", "null")
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])


def test_a_field_that_is_called_title_stays() -> None:
    assert "title" in wire_schema(HeadTranscript)["properties"]


def test_level_labels_are_a_closed_list() -> None:
    row = wire_schema(RowsTranscript)["$defs"]["RowTranscript"]["properties"]
    for level, choices in (("level1", LEVEL1_CHOICES), ("level2", LEVEL2_CHOICES)):
        assert row[level]["anyOf"][0]["enum"] == list(choices)
        assert OTHER_LABEL in choices
        assert len(set(choices)) == len(choices)


@each_form
def test_gold_forms_can_be_said_word_for_word(form: Form) -> None:
    """What a reader without fault says is what a bound engine could write, and comes back the same."""
    for said in (head_of(form), rows_of(form)):
        text = said.model_dump_json()
        assert walk(wire_schema(type(said)), text) == ""
        assert type(said).model_validate_json(text) == said


def number(text: str | None) -> Decimal | None:
    return Decimal(text.replace(",", "").rstrip("%")) if text is not None else None


@each_form
def test_gold_forms_lose_nothing(form: Form) -> None:
    head, rows = head_of(form), rows_of(form).rows
    told = {name: getattr(head, name) for name in (*HEAD_CELLS, *TEXT_CELLS, *TOTAL_CELLS)}
    told |= {funding_cell(row, column): getattr(getattr(head.funding, row), column) for row in FUNDING_ROWS for column in FUNDING_COLUMNS}
    told |= {row_cell(i, name): getattr(row, name) for i, row in enumerate(rows) for name in ROW_CELLS}
    for cell, text in told.items():
        value = get_cell(form, cell)
        if isinstance(value, Decimal | int):
            assert number(text) == value, cell
        elif cell.endswith(("level1", "level2")):
            assert text in (value, OTHER_LABEL), cell
        else:
            assert text == value, cell
    assert [(extra.label, extra.text) for extra in head.extras] == [(extra.label, extra.text) for extra in form.extras]


@pytest.mark.parametrize(
    ("first", "end", "names"), [(0, None, [0, 1, 2, 3]), (2, None, [2, 3]), (1, 3, [1, 2]), (0, 9, [0, 1, 2, 3]), (4, 6, [])]
)
def test_a_part_of_the_rows(first: int, end: int | None, names: list[int]) -> None:
    form = make_form(rows=4)
    assert [row.name for row in rows_of(form, first, end).rows] == [form.indicators[i].name for i in names]


@pytest.mark.parametrize(
    ("label", "told"),
    [("产出指标", "产出指标"), ("满意度", "满意度"), ("绩效产出类", OTHER_LABEL), ("数量指标", OTHER_LABEL), (None, None)],
)
def test_a_label_outside_of_the_list_is_told_as_such(label: str | None, told: str | None) -> None:
    form = make_form(rows=1, indicators=(make_indicator(0, level1=label),))
    assert rows_of(form).rows[0].level1 == told


def test_numbers_are_told_as_the_page_prints_them() -> None:
    form = make_form(rows=2)
    place = PagePlace(page=1, bbox=(0.0, 0.0, 1.0, 1.0), text="15.")
    places = (place, place.model_copy(update={"text": "00"}))
    form = form.model_copy(
        update={"evidence": {"indicators[1].weight": Evidence(match="exact", read_by="layout", confidence=1, at=places)}}
    )
    assert printed_cell(form, "indicators[0].weight") == "15"
    assert printed_cell(form, "indicators[1].weight") == "15.00"
    assert rows_of(form).rows[1].weight == "15.00"
    assert printed_cell(form, "fiscal_year") == str(form.fiscal_year)
    assert printed_cell(form, "funding.other.outturn") is None


def test_large_numbers_are_told_without_exponents() -> None:
    form = make_form(rows=1, total_weight=Decimal("1E+2"))
    assert printed_cell(form, "total_weight") == "100"


@pytest.mark.parametrize(
    "broken",
    [
        {"weight": 15},
        {"level1": "数量指标"},
        {"remark": "甲"},
        {"name": ...},
    ],
    ids=["a number", "a label of the other level", "a further field", "a missing field"],
)
def test_answers_outside_of_the_schema_are_refused(broken: dict[str, Any]) -> None:
    values = rows_of(make_form(rows=1)).rows[0].model_dump() | broken
    values = {name: value for name, value in values.items() if value is not ...}
    with pytest.raises(ValidationError):
        RowTranscript.model_validate(values)
    assert walk(wire_schema(RowsTranscript), json.dumps({"rows": [values]}, ensure_ascii=False)) != ""
