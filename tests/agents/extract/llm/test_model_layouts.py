"""Forms of other templates, drawn as PDFs and read through ingest: rows are counted, right answers taken, faults not."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.extract.llm.build import build, ground
from agents.extract.llm.points import row_points
from agents.extract.llm.printed import Printed
from agents.extract.llm.read import read_printed
from eval.simulate.answers import GoldAnswers, two_decimals
from eval.simulate.endpoint import FaultyAnswers
from eval.synthesis.corpus import write_corpus
from eval.synthesis.layouts import LAYOUTS
from schema.form import Form
from schema.transcript import head_of, rows_of
from tests.agents.extract.llm.asking import from_texts
from tests.agents.extract.llm.comparing import silent_numbers, silent_texts
from tests.agents.extract.llm.tables import printed_forms

each_layout = pytest.mark.parametrize("name", LAYOUTS)
Made = dict[str, tuple[Form, Printed]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One form in each layout: what is to be read of it, and its text."""
    out = {}
    for name, (path, form) in zip(LAYOUTS, write_corpus(tmp_path_factory.mktemp("layouts"), len(LAYOUTS), seed=4), strict=True):
        (printed,) = printed_forms(Path(path))
        out[name] = (form.model_copy(update={"form_id": name}), printed)
    return out


@pytest.fixture(scope="module")
def gold(made: Made) -> GoldAnswers:
    """Right answers about all of them."""
    return GoldAnswers([form for form, _ in made.values()], two_decimals)


@each_layout
def test_the_page_tells_how_many_rows_it_prints(name: str, made: Made) -> None:
    """Else rows that nobody gives are not missed."""
    form, printed = made[name]
    if any(row.weight is None or row.score is None for row in form.indicators):
        pytest.skip("this template prints no points")
    assert len(row_points(printed)) == len(form.indicators)


@each_layout
@pytest.mark.parametrize("at", ["first", "middle", "last"])
def test_a_row_that_nobody_gave_is_missed(name: str, at: str, made: Made) -> None:
    form, printed = made[name]
    rows = list(rows_of(form).rows)
    rows.pop({"first": 0, "middle": len(rows) // 2, "last": len(rows) - 1}[at])
    found = build(ground(printed, head_of(form), rows))
    assert "indicators" in {mark.cell for mark in found.review}


@each_layout
def test_right_answers_give_the_form(name: str, made: Made, gold: GoldAnswers) -> None:
    form, printed = made[name]
    found = read_printed(printed, name, from_texts(gold)).form
    assert found is not None
    assert silent_numbers(form, found) == []
    assert silent_texts(form, found) == []


@each_layout
@pytest.mark.parametrize("relapse", [pytest.param(0.0, marks=pytest.mark.slow), 1.0], ids=["mended", "insisted"])
def test_no_number_is_silently_wrong_in_any_layout(name: str, relapse: float, made: Made, gold: GoldAnswers) -> None:
    form, printed = made[name]
    answers = FaultyAnswers(gold, 1, 0.1, relapse)
    found = read_printed(printed, name, from_texts(answers)).form
    assert found is not None
    assert silent_numbers(form, found) == []
