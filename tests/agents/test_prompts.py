"""Prompts: their examples hold what they teach, their versions follow their text, and nothing of a document is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

import data
from agents import prompts
from agents.extract.llm.asked import Asked, compose
from agents.extract.llm.build import ground
from agents.extract.llm.head import ground_head
from agents.extract.llm.printed import Printed, print_dump
from agents.extract.llm.questions import head_question, row_questions
from agents.extract.llm.rows import ground_rows
from agents.models.tokens import estimate_tokens
from eval.endpoint.honest import walk
from schema.canonical import read_forms
from schema.transcript import CellsTranscript, HeadTranscript, RowsTranscript, RowTranscript, Transcript, wire_schema
from tests.agents.extract.llm.tables import ruled

_EXAMPLE = re.compile(r"示例文档：\n(?P<lines>.*?)\n(?P<task>任务：.*?\n)?示例答案：\n(?P<answer>\{.*\})\s*\Z", re.DOTALL)
SCHEMAS: dict[str, type[Transcript]] = {"head": HeadTranscript, "rows": RowsTranscript, "cells": CellsTranscript}
each_name = pytest.mark.parametrize("name", prompts.NAMES)


def forget() -> None:
    """Read the files of prompts anew."""
    prompts.prompt.cache_clear()
    prompts.version.cache_clear()


@pytest.fixture
def fresh() -> Iterator[None]:
    """Prompts as their files hold them, before and after."""
    forget()
    yield
    forget()


def example(name: str) -> tuple[list[tuple[str, str]], str, str]:
    """The lines of an example's document, its task, and its answer."""
    match = _EXAMPLE.search(prompts.prompt(name))
    assert match is not None
    lines = [tuple(line.split("|", 1)) for line in match["lines"].split("\n")]
    return lines, (match["task"] or "").strip(), match["answer"]  # type: ignore[return-value]


def document(*names: str) -> Printed:
    """The documents of examples as one, their cells parted by bars, as a table of this kind is printed."""
    texts = [text for name in names for _, text in example(name)[0]]
    rows = [f"|{text}|||\n" if "|" in text else text + "\n" for text in texts]
    return print_dump("".join(rows))[0]


@each_name
def test_an_example_answer_fits_its_schema(name: str) -> None:
    _, _, answer = example(name)
    said = SCHEMAS[name].model_validate_json(answer)
    assert walk(wire_schema(SCHEMAS[name]), answer) == ""
    assert said.model_dump_json() == answer


@each_name
def test_an_example_asks_as_questions_do(name: str) -> None:
    """The task of an example is worded like the real one, so that the model knows what it sees."""
    lines, task, answer = example(name)
    if name == "rows":
        asked = Asked("rows", tuple(lines), 1, 3, 3)
    elif name == "cells":
        cells = re.findall(r"^- (\S+?)（(.*)）$", task, re.MULTILINE)
        asked = Asked("cells", tuple(lines), cells=tuple(cells))
        assert [cell.cell for cell in CellsTranscript.model_validate_json(answer).cells] == [cell for cell, _ in cells]
    else:
        return
    assert compose(asked).endswith(task)


def test_every_row_of_the_example_is_believed() -> None:
    said = RowsTranscript.model_validate_json(example("rows")[2]).rows
    found = ground_rows(document("head", "rows"), said)
    assert [row.said for row in found.rows] == list(said)
    assert {verdict.why for row in found.rows for verdict in row.cells.values() if not verdict.believed} == set()
    assert not found.missing


def test_every_cell_of_the_example_head_is_believed() -> None:
    """The example prints its table as questions do, with the rows of the other example in their place."""
    lines = example("head")[0]
    at = next(i for i, (_, text) in enumerate(lines) if text.startswith("总分"))
    texts = [text for _, text in (*lines[:at], *example("rows")[0], *lines[at:])]
    printed = print_dump("".join(f"|{text}|||\n" if "|" in text else text + "\n" for text in texts))[0]
    said = HeadTranscript.model_validate_json(example("head")[2])
    verdicts = ground_head(printed, said)
    assert {cell: verdict.why for cell, verdict in verdicts.items() if not verdict.believed} == {}
    assert len(ground(printed, said, ()).extras) == len(said.extras)


def test_the_cells_of_the_example_are_those_of_the_rows_example() -> None:
    """Both examples show one table; what the second look finds is what the first should have found."""
    rows = {row.name: row for row in RowsTranscript.model_validate_json(example("rows")[2]).rows}
    lines = dict(example("cells")[0])
    for cell in CellsTranscript.model_validate_json(example("cells")[2]).cells:
        number, _, field = cell.cell.partition(".")
        assert field in RowTranscript.model_fields
        row = next(row for name, row in rows.items() if name in lines[number])
        assert getattr(row, field) == cell.printed


@each_name
def test_an_example_is_invented(name: str) -> None:
    """No text of a sample stands in a prompt."""
    text = prompts.prompt(name)
    for path in sorted((data.samples() / "gold").glob("*.json")):
        for form in read_forms(path):
            own = (form.project_name, form.department, form.implementing_unit, form.expected_goal, form.actual_result)
            assert not [value for value in own if value and value in text]
            assert not [row.name for row in form.indicators if len(row.name) > 4 and row.name in text]


@pytest.mark.parametrize(("edited", "changed"), [("rows", {"rows"}), ("common", set(prompts.NAMES))], ids=["one task", "the rules of all"])
def test_a_version_changes_with_its_text(edited: str, changed: set[str], monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    before = {name: prompts.version(name) for name in prompts.NAMES}
    assert len(set(before.values())) == len(before)
    text = prompts._text
    monkeypatch.setattr(prompts, "_text", lambda name: text(name) + ("。" if name == edited else ""))
    forget()
    assert {name for name in prompts.NAMES if prompts.version(name) != before[name]} == changed


def test_the_fixed_part_holds_nothing_of_a_document() -> None:
    """What all questions of a task share is one text, so that providers can cache it; the document stands in the user's part only."""
    printed = ruled()
    questions = [head_question(printed, "甲"), *row_questions(printed, "甲")]
    assert [question.system for question in questions] == [prompts.prompt("head"), prompts.prompt("rows")]
    shared = prompts._text(prompts.COMMON)
    assert all(prompts.prompt(name).startswith(shared) for name in prompts.NAMES)
    for value in ("柳溪", "苗木", "13.75"):
        assert not [name for name in prompts.NAMES if value in prompts.prompt(name)]


@each_name
def test_a_prompt_is_short(name: str) -> None:
    assert estimate_tokens(prompts.prompt(name)) < 2000
