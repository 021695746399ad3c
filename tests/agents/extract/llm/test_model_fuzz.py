"""Answers that fit the schema and mean nothing, to every question: nothing crashes, and nothing that is not printed is believed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from agents.extract.llm.asked import read_back
from agents.extract.llm.build import build, ground
from agents.extract.llm.extractor import Extractor
from agents.extract.llm.printed import Printed
from agents.extract.llm.read import blank_head, read_printed
from agents.extract.numbers import parse_number
from agents.models.question import Outcome, Question
from eval.endpoint.honest import random_answer
from schema.cells import cell_kind, iter_cells
from schema.form import Form
from schema.transcript import CellsTranscript, CellTranscript, HeadTranscript, RowsTranscript, RowTranscript, wire_schema
from tests.agents.extract.llm.tables import ROWS, SHAPES, head

READY = {name: make() for name, make in SHAPES.items()}
ANSWERS = 12
"""Made-up answers to each kind of question; one costs as much as reading a form a hundred times."""


@pytest.fixture(scope="module")
def answers() -> dict[type, list[Any]]:
    """Answers that an engine bound to the schema made up, by schema."""
    rng = random.Random(7)
    return {
        model: [model.model_validate_json(random_answer(wire_schema(model), rng)) for _ in range(ANSWERS)]
        for model in (HeadTranscript, RowsTranscript, CellsTranscript)
    }


def drawn(answers: dict[type, list[Any]], seed: int) -> Callable[[Question[Any]], Outcome[Any]]:
    """An ask that answers with any of them, cells that are asked for by their names; numbers and words of the page come in at random."""
    rng = random.Random(seed)

    def ask(question: Question[Any]) -> Outcome[Any]:
        value = rng.choice(answers[question.schema])
        if hasattr(value, "cells"):
            value = _about(question, value, rng)
        if hasattr(value, "rows"):
            value = value.model_copy(update={"rows": [_spiced(row, rng) for row in value.rows]})
        return Outcome("ok", value)

    return ask


_WORDS = [text for row in ROWS for text in row.model_dump().values() if text]
_WORDS += ["10", "0", "100%", "1e9", "9" * 40, "-", "", "≥", "二〇三一", "\n", "|"]


def _spiced(row: RowTranscript, rng: random.Random) -> RowTranscript:
    """The row with words of the page, or of none, in some cells."""
    changes = {name: rng.choice(_WORDS) for name in ("name", "target", "actual", "weight", "score", "deviation") if rng.random() < 0.5}
    return row.model_copy(update=changes)


def _about(question: Question[Any], value: Any, rng: random.Random) -> Any:
    names = [cell for cell, _ in read_back(question.user).cells]
    told = [CellTranscript(cell=name, printed=rng.choice([None, *_WORDS])) for name in names if rng.random() < 0.7]
    return value.model_copy(update={"cells": [*value.cells, *told]})


def unmarked(form: Form) -> Iterator[tuple[str, Any]]:
    """The values that nobody is told to look at."""
    marked = {mark.cell for mark in form.review}
    values = ((cell, value) for cell, value in iter_cells(form) if value is not None and cell not in marked)
    return ((cell, value) for cell, value in values if not cell.startswith("extras"))


def baseless(form: Form, printed: Printed) -> list[tuple[str, Any]]:
    """Unmarked values that are not what the places of their evidence print, or that have none."""
    out = []
    for cell, value in unmarked(form):
        places = form.evidence[cell].at if cell in form.evidence else ()
        text = "".join(place.text for place in places)
        known = text and "".join(text.split()) in "".join(printed.text.replace("|", "").split())
        if not known and "".join(text.split()) not in "".join("".join(p.text for p in printed.pieces).split()):
            out.append((cell, value))
        elif cell_kind(cell) == "number":
            parsed = parse_number(text) or parse_number(text.strip("（()）分").rpartition("（")[2])
            if parsed is None or parsed[0] != value:
                out.append((cell, value))
    return out


each_amount = pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in (1, 2))])
"""A third of the readings, and the others for `make test-all`."""


@each_amount
@pytest.mark.parametrize("shape", SHAPES)
def test_made_up_answers_are_not_believed(shape: str, part: int, answers: dict[type, list[Any]]) -> None:
    """Sixty readings of each kind of page."""
    printed = READY[shape]
    right = dict(iter_cells(_right(printed)))
    numbers = {value for value in right.values() if isinstance(value, Decimal | int)}
    for seed in range(part, 60, 3):
        form = read_printed(printed, "甲", drawn(answers, seed)).form
        assert form is not None
        assert baseless(form, printed) == [], seed
        figures = [(cell, value) for cell, value in unmarked(form) if isinstance(value, Decimal | int)]
        assert [cell for cell, value in figures if value not in numbers] == [], seed
        if shape == "ruled":
            columns = {name: {Decimal(getattr(row, name)) for row in ROWS} for name in ("weight", "score")}
            points = [(cell, value) for cell, value in figures if cell.startswith("indicators")]
            assert [cell for cell, value in points if value not in columns[cell.rpartition(".")[2]]] == [], seed
        # Behind a label, a value is that of its cell.
        assert [(cell, value) for cell, value in figures if not cell.startswith("indicators") and value != right[cell]] == [], seed


def _right(printed: Printed) -> Form:
    return build(ground(printed, head(), ROWS))


@each_amount
@pytest.mark.parametrize("shape", SHAPES)
def test_made_up_answers_never_spoil_what_layout_read(shape: str, part: int, answers: dict[type, list[Any]]) -> None:
    """Whatever a model says, a cell of layout without a doubt keeps its value or is marked; a cell left out is marked, too."""
    printed = READY[shape]
    layout = _right(printed).model_copy(update={"review": ()})
    right = dict(iter_cells(layout))
    for seed in range(part, 25, 3):
        form = Extractor(drawn(answers, seed), "llm").read(printed, layout, "甲").form
        assert form is not None
        marked = {mark.cell for mark in form.review}
        if len(form.indicators) == len(layout.indicators):
            changed = {cell: value for cell, value in iter_cells(form) if value != right.get(cell) and cell not in marked}
            assert changed == {}, seed
        else:
            assert {mark.cell for mark in form.review if mark.cell.startswith("indicators")}, seed


@each_amount
def test_random_rows_of_printed_words_keep_to_the_page(part: int) -> None:
    """Rows put together of words that the page prints, elsewhere: the form never has more rows than the page, unless it says so."""
    rng = random.Random(3 + part)
    for _ in range(100):
        shape = rng.choice(sorted(READY))
        said = [_spiced(rng.choice(ROWS), rng) for _ in range(rng.randint(0, 9))]
        form = build(ground(READY[shape], blank_head(), said))
        assert len(form.indicators) == len(ROWS) or any(mark.cell == "indicators" for mark in form.review)
        assert baseless(form, READY[shape]) == []


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["ruled", "dump"])
def test_made_up_answers_about_samples(shape: str, answers: dict[type, list[Any]], request: pytest.FixtureRequest) -> None:
    for name, gold, printed in request.getfixturevalue(f"{shape}_samples"):
        printed_numbers = {value for _, value in iter_cells(gold) if isinstance(value, Decimal | int)}
        printed_numbers |= {parsed[0] for piece in printed.pieces if (parsed := parse_number(piece.text))}
        for seed in range(20):
            form = read_printed(printed, name, drawn(answers, seed)).form
            assert form is not None
            assert baseless(form, printed) == [], (name, seed)
            wrong = [(cell, value) for cell, value in unmarked(form) if isinstance(value, Decimal | int) and value not in printed_numbers]
            assert wrong == [], (name, seed)
