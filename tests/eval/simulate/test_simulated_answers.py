"""Answers from gold forms: the right form, rows and cells from lines of both shapes; JSON that a bound engine could have written."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path

import pytest

import data
from agents.extract.llm.asked import Asked, compose, numbered, read_back
from eval.simulate.answers import GoldAnswers, cells_asked, plain_digits, rows_asked, two_decimals
from eval.simulate.lines import find_rows, prepare
from eval.synthesis.forms import make_forms
from ingest.blocks import find_blocks, rows_of
from ingest.documents import open_document
from ingest.page import Page
from ingest.settings import DEFAULT
from schema.canonical import read_forms
from schema.cells import ROW_CELLS, row_cell
from schema.form import Form
from schema.transcript import CellsTranscript, HeadTranscript, RowsTranscript, Transcript, head_of, printed_cell, wire_schema
from schema.transcript import rows_of as right_rows
from tests.eval.simulate.printed import dump_lines, head_lines, table_lines, table_row
from tests.eval.simulate.walking import walk
from tests.factories import make_form

SAMPLES = [form for path in sorted((data.samples() / "gold").glob("*.json")) for form in read_forms(path)]
MADE_UP = list(make_forms(60, seed=5))
SHAPES = {"table": table_lines, "dump": dump_lines}
each_form = pytest.mark.parametrize("form", SAMPLES, ids=lambda form: form.form_id)
each_shape = pytest.mark.parametrize("shape", SHAPES)


@pytest.fixture(scope="module")
def gold() -> GoldAnswers:
    return GoldAnswers([*SAMPLES, *MADE_UP], two_decimals)


def asked_back(asked: Asked) -> Asked:
    """The question as it comes out of its text."""
    return read_back(compose(asked))


@each_shape
@each_form
def test_head_and_rows_of_every_sample(gold: GoldAnswers, form: Form, shape: str) -> None:
    lines = numbered(SHAPES[shape](form))
    found = gold.find(asked_back(Asked("head", lines)))
    assert found is not None
    assert found.form_id == form.form_id
    assert gold.answer(Asked("head", lines)) == head_of(found)
    assert gold.answer(asked_back(Asked("rows", lines))) == right_rows(found)
    assert rows_asked(found, Asked("rows", lines, 2, 4, 7)) == [1, 2, 3]


@each_shape
def test_made_up_forms_of_one_vocabulary_are_told_apart(gold: GoldAnswers, shape: str) -> None:
    for form in MADE_UP:
        lines = numbered(SHAPES[shape](form))
        found = gold.find(Asked("head", lines))
        assert found is not None
        assert found.form_id == form.form_id
        assert rows_asked(found, Asked("rows", lines)) == list(range(len(form.indicators)))


@each_form
def test_parts_of_a_table(gold: GoldAnswers, form: Form) -> None:
    """Rows stand under the heading of their form or alone; alone, what is answered is right even where two forms have the rows."""
    for first in range(0, len(form.indicators), 4):
        part = range(first, min(first + 4, len(form.indicators)))
        rows = [table_row(form.indicators[i]) for i in part]
        want = GoldAnswers([form], two_decimals).answer(Asked("rows", numbered(table_lines(form)), part[0] + 1, part[-1] + 1))
        for lines in (numbered(rows), numbered([*head_lines(form)[:4], *rows])):
            assert gold.answer(asked_back(Asked("rows", lines))) == want
            assert gold.answer(asked_back(Asked("rows", lines, part[0] + 1, part[-1] + 1, len(form.indicators)))) == want


@each_shape
@each_form
def test_cells_by_the_line_their_row_begins_on(gold: GoldAnswers, form: Form, shape: str) -> None:
    lines = numbered(SHAPES[shape](form))
    begins = find_rows(form, prepare(lines))
    assert sorted(begins) == list(range(len(form.indicators)))
    names = [(row_cell(i, field), f"{lines[at][0]}.{field}") for i, at in begins.items() for field in ROW_CELLS]
    names += [(cell, cell) for cell in ("funding.total.outturn", "expected_goal", "total_score", "grade")]
    asked = asked_back(Asked("cells", lines, cells=tuple((name, "与合计不符") for _, name in names)))
    answer = gold.answer(asked)
    assert isinstance(answer, CellsTranscript)
    spelled = GoldAnswers([form], two_decimals).forms[0]
    assert [(cell.cell, cell.printed) for cell in answer.cells] == [(name, printed_cell(spelled, address)) for address, name in names]


def test_lines_that_begin_no_row_belong_to_the_row_they_hold_more_of() -> None:
    form = make_form(rows=2)
    lines = numbered(
        ["数量", "办理业务", "量0 ≥90.00(%) 95.00(%)", "15.00 15.00", "质量指标", "办理业务量1 ≥90.00(%) 95.00(%)", "15.00 15.00"]
    )
    asked = Asked("cells", lines, cells=tuple((f"{i}.name", "看不清") for i in range(1, 8)))
    rows = [0, 0, 0, 0, 1, 1, 1]
    assert cells_asked(form, asked)[:3] + cells_asked(form, asked)[4:] == [row_cell(i, "name") for i in rows[:3] + rows[4:]]


def test_cells_that_do_not_exist_are_null(gold: GoldAnswers) -> None:
    lines = numbered(table_lines(SAMPLES[0]))
    names = ("funding.total.profit", "nothing", "99.name", "1.total", "extras[3].text", "indicators[0].name")
    answer = gold.answer(Asked("cells", lines, cells=tuple((name, "无") for name in names)))
    assert isinstance(answer, CellsTranscript)
    assert [cell.cell for cell in answer.cells] == list(names)
    assert [cell.printed for cell in answer.cells] == [None] * 5 + [SAMPLES[0].indicators[0].name]


@pytest.mark.parametrize("text", ["请转录全文。", "采购公告|第12号|金额 3,400.00", ""])
def test_a_document_that_is_no_known_form(gold: GoldAnswers, text: str) -> None:
    lines = numbered([text])
    head = gold.answer(Asked("head", lines))
    assert isinstance(head, HeadTranscript)
    assert head.project_name is None
    assert gold.answer(Asked("rows", lines)) == RowsTranscript(rows=[])
    cells = gold.answer(Asked("cells", lines, cells=(("1.name", "无"), ("grade", "无"))))
    assert isinstance(cells, CellsTranscript)
    assert [cell.printed for cell in cells.cells] == [None, None]


def test_numbers_in_both_spellings() -> None:
    assert [two_decimals(Decimal(n)) for n in ("15425.64", "10", "0.1234", "0")] == ["15,425.64", "10.00", "0.1234", "0.00"]
    form = make_form()
    lines = numbered(table_lines(form))
    for spelling, want in ((plain_digits, "6.8"), (two_decimals, "6.80")):
        head = GoldAnswers([form], spelling).answer(Asked("head", lines))
        assert isinstance(head, HeadTranscript)
        assert head.funding.total.outturn == want
        assert head.fiscal_year == "2024"


def test_one_form_id_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="form_id"):
        GoldAnswers([make_form(), make_form()])


def test_lines_of_real_documents(sample_pdfs: list[Path]) -> None:
    """The rows of the tables that are found on real pages, merged cells once, rows cut by pages in two."""
    for path in sample_pdfs:
        forms = read_forms(data.samples() / "gold" / f"{path.stem}.json")
        gold = GoldAnswers(SAMPLES)
        with open_document(path, path.name, "pdf", DEFAULT) as document:
            blocks = find_blocks(page for page in document.pages() if isinstance(page, Page))
        for form, block in zip(forms, blocks, strict=True):
            tables = ["|".join(cell.text for cell in row) for table in block.tables for row in rows_of(table)]
            lines = numbered([line.text for _, line in block.before] + tables)
            found = gold.find(Asked("rows", lines))
            assert found is not None
            assert found.form_id == form.form_id
            assert rows_asked(found, Asked("rows", lines)) == list(range(len(form.indicators)))


def answers_of(form: Form) -> list[Transcript]:
    cells = tuple((f"indicators[{i}].{field}", "无") for i in range(len(form.indicators)) for field in ROW_CELLS)
    return [head_of(form), right_rows(form), GoldAnswers([form]).answer(Asked("cells", numbered(table_lines(form)), cells=cells))]


@pytest.mark.parametrize("spelling", [plain_digits, two_decimals])
def test_every_answer_could_come_from_a_bound_engine(spelling: object) -> None:
    for form in GoldAnswers(SAMPLES, spelling).forms:  # type: ignore[arg-type]
        for answer in answers_of(form):
            assert walk(wire_schema(type(answer)), answer.model_dump_json()) is None


def test_reply_text_is_json_in_the_order_of_the_schema(gold: GoldAnswers) -> None:
    lines = numbered(table_lines(SAMPLES[0]))
    for task, model in (("head", HeadTranscript), ("rows", RowsTranscript)):
        text = gold.reply_text(compose(Asked(task, lines)))  # type: ignore[arg-type]
        assert walk(wire_schema(model), text) is None
        assert "\\u" not in text
    with pytest.raises(ValueError, match="no document"):
        gold.reply_text("你好")


def test_what_no_bound_engine_writes_is_refused() -> None:
    rows = right_rows(SAMPLES[0]).model_dump()
    head = head_of(SAMPLES[0]).model_dump()

    def broken(data: dict, change: object) -> str:  # type: ignore[type-arg]
        copy = json.loads(json.dumps(data))
        change(copy)  # type: ignore[operator]
        return json.dumps(copy, ensure_ascii=False)

    def reorder(row: dict) -> None:  # type: ignore[type-arg]
        row["level1"] = row.pop("level1")

    schema = wire_schema(RowsTranscript)
    good = json.dumps(rows, ensure_ascii=False)
    assert walk(schema, good) is None
    cases = [
        broken(rows, lambda d: d["rows"][0].pop("deviation")),
        broken(rows, lambda d: d["rows"][0].update(level1="别的指标")),
        broken(rows, lambda d: d["rows"][0].update(weight=3.0)),
        broken(rows, lambda d: d["rows"][0].update(remark="")),
        broken(rows, lambda d: reorder(d["rows"][0])),
        good + "。",
        "```json\n" + good + "\n```",
        good[:-1],
        json.dumps(rows),
    ]
    assert [text[:60] for text in cases if walk(schema, text) is None] == []
    assert walk(wire_schema(HeadTranscript), broken(head, lambda d: d["funding"].pop("other"))) is not None
    assert walk(wire_schema(HeadTranscript), broken(head, lambda d: d.update(fiscal_year=2024))) is not None


def test_order_of_forms_does_not_matter() -> None:
    mixed = list(SAMPLES)
    random.Random(1).shuffle(mixed)
    one, other = GoldAnswers(SAMPLES), GoldAnswers(mixed)
    for form in SAMPLES:
        asked = Asked("head", numbered(dump_lines(form)))
        assert one.answer(asked) == other.answer(asked)
