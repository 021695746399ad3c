"""When a model is asked: not about clean forms, about cells where few are doubtful, about all of a form where rows may be missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agents.extract.layout import read_form
from agents.extract.llm.asked import read_back
from agents.extract.llm.build import build, ground
from agents.extract.llm.extractor import MANY, Extractor, wanted_share
from agents.extract.llm.printed import Printed
from agents.models.question import MEANINGS, Outcome, Question, Status
from schema.cells import iter_cells
from schema.evidence import Evidence, LinePlace, ReviewMark
from schema.form import Form
from tests.agents.extract.llm.asking import Model
from tests.agents.extract.llm.tables import ROWS, SHAPES, changed, dumped, head, ruled, ruled_block

each_shape = pytest.mark.parametrize("make", [ruled, dumped], ids=["ruled", "dumped"])


def nobody(question: Question[Any]) -> Outcome[Any]:
    """An ask that must not be used."""
    raise AssertionError(f"asked: {question.user}")


def as_layout(printed: Printed, *marks: str, rows: tuple[int, ...] = tuple(range(6)), **changes: Any) -> Form:
    """The form as layout might have read it, with doubts."""
    form = build(ground(printed, head(), [ROWS[i] for i in rows]))
    evidence = {cell: known.model_copy(update={"read_by": "layout"}) for cell, known in form.evidence.items()}
    review = tuple(ReviewMark(cell=cell, reason="版面的疑问") for cell in marks)
    return form.model_copy(update={"evidence": evidence, "review": review} | changes)


def with_score(form: Form, number: int, score: Any) -> Form:
    """The form with another score in a row."""
    rows = tuple(row.model_copy(update={"score": score}) if i == number else row for i, row in enumerate(form.indicators))
    return form.model_copy(update={"indicators": rows})


@each_shape
def test_auto_asks_nothing_about_a_clean_form(make: Callable[..., Printed]) -> None:
    printed = make()
    layout = as_layout(printed)
    extractor = Extractor(nobody)
    assert extractor.questions(printed, layout, "甲") == []
    asked = extractor.read(printed, layout, "甲")
    assert asked.form is layout
    assert not asked.changed
    assert not asked.failed


@each_shape
def test_auto_asks_about_few_doubtful_cells_only(make: Callable[..., Printed]) -> None:
    printed = make()
    layout = with_score(as_layout(printed, "indicators[3].score", "grade"), 3, None)
    model = Model()
    asked = Extractor(model).read(printed, layout, "甲")
    assert model.tasks == ["cells"]
    assert len(read_back(model.asked[0].user).cells) == 2
    assert asked.changed
    assert asked.form is not None
    assert str(asked.form.indicators[3].score) == "7.5"
    assert asked.form.evidence["indicators[3].score"].read_by == "llm"
    assert not asked.form.review


@each_shape
def test_what_layout_read_without_doubt_stays(make: Callable[..., Printed]) -> None:
    """An answer about one cell changes no other."""
    printed = make()
    layout = as_layout(printed, "indicators[3].score")
    asked = Extractor(Model(again={"score": "99"})).read(printed, layout, "甲")
    assert asked.form is not None
    assert dict(iter_cells(asked.form)) == dict(iter_cells(layout))
    assert {mark.cell for mark in asked.form.review} == {"indicators[3].score"}


@each_shape
@pytest.mark.parametrize("why", ["rows", "many"])
def test_auto_reads_a_form_anew_where_much_is_in_doubt(make: Callable[..., Printed], why: str) -> None:
    printed = make()
    many = tuple(f"indicators[{i}].{name}" for i in range(6) for name in ("target", "actual", "score"))
    layout = as_layout(printed, "indicators", rows=(0, 1, 3, 4, 5)) if why == "rows" else as_layout(printed, *many)
    assert wanted_share(layout, scanned=False) >= MANY
    model = Model()
    asked = Extractor(model).read(printed, layout, "甲")
    assert sorted(model.tasks)[:2] == ["head", "rows"]
    assert asked.form is not None
    assert [row.name for row in asked.form.indicators] == [row.name for row in ROWS]
    assert not [mark for mark in asked.form.review if mark.cell == "indicators"]


@each_shape
def test_llm_asks_about_every_form(make: Callable[..., Printed]) -> None:
    printed = make()
    model = Model()
    asked = Extractor(model, "llm").read(printed, as_layout(printed), "甲")
    assert sorted(model.tasks) == ["head", "rows"]
    assert asked.changed
    assert asked.form is not None
    assert not asked.form.review


@each_shape
def test_llm_and_layout_that_differ_are_both_told(make: Callable[..., Printed]) -> None:
    printed = make()
    layout = with_score(as_layout(printed), 3, 13)
    asked = Extractor(Model(), "llm").read(printed, layout, "甲")
    assert asked.form is not None
    (mark,) = asked.form.review
    assert mark.cell == "indicators[3].score"
    assert {reading.read_by for reading in mark.readings} == {"layout", "llm"}


def test_without_comparing_the_model_stands_alone() -> None:
    printed = ruled()
    layout = with_score(as_layout(printed), 3, 13)
    asked = Extractor(Model(), "auto", compare=False).read(printed, layout, "甲")
    assert asked.form is not None
    assert str(asked.form.indicators[3].score) == "7.5"
    assert all(evidence.read_by == "llm" for evidence in asked.form.evidence.values())


@each_shape
@pytest.mark.parametrize("mode", ["auto", "llm"])
def test_a_form_that_layout_could_not_read(make: Callable[..., Printed], mode: Any) -> None:
    printed = make()
    model = Model()
    asked = Extractor(model, mode).read(printed, None, "甲")
    assert sorted(model.tasks) == ["head", "rows"]
    assert asked.form is not None
    assert len(asked.form.indicators) == 6


def test_a_text_without_rows_is_no_form() -> None:
    asked = Extractor(Model(rows=())).read(Printed("通知\n请于月底前报送自评表。\n"), None, "甲")
    assert asked.form is None


@each_shape
def test_the_first_questions_are_told_beforehand(make: Callable[..., Printed]) -> None:
    """What a run would cost is what it then asks."""
    printed = make()
    for mode, layout in (
        ("auto", as_layout(printed, "grade")),
        ("auto", as_layout(printed, "indicators")),
        ("llm", as_layout(printed)),
        ("auto", None),
    ):
        model = Model()
        extractor = Extractor(model, mode)  # type: ignore[arg-type]
        told = [question.user for question in extractor.questions(printed, layout, "甲")]
        extractor.read(printed, layout, "甲")
        assert sorted(told) == sorted(question.user for question in model.asked[: len(told)])
        assert told


# -- scans ----------------------------------------------------------------------------------------------------------------------------


def test_on_scans_a_model_is_asked_about_what_was_not_read_only() -> None:
    """It is given the characters that OCR read, so it cannot tell whether they are right."""
    printed = replace(ruled(), scanned=True)
    layout = as_layout(printed, "indicators[3].score", "department")
    assert wanted_share(layout, scanned=True) == 0
    assert Extractor(nobody).read(printed, layout, "甲").form is layout
    unread = with_score(layout, 3, None)
    unread = unread.model_copy(
        update={"evidence": {cell: known for cell, known in unread.evidence.items() if cell != "indicators[3].score"}}
    )
    model = Model()
    asked = Extractor(model).read(printed, unread, "甲")
    assert [[cell.rpartition(".")[2] for cell, _ in read_back(question.user).cells] for question in model.asked] == [["score"]]
    assert asked.form is not None
    assert {"department", "indicators[3].score"} <= {mark.cell for mark in asked.form.review}


# -- failures -------------------------------------------------------------------------------------------------------------------------


@each_shape
@pytest.mark.parametrize("status", [status for status in MEANINGS if status != "ok"])
@pytest.mark.parametrize("marks", [("grade",), ("indicators",)], ids=["cells", "whole"])
def test_a_failure_keeps_what_layout_read_and_says_so(make: Callable[..., Printed], status: Status, marks: tuple[str, ...]) -> None:
    printed = make()
    layout = as_layout(printed, *marks)
    asked = Extractor(Model(refuse=("head", "rows", "cells"), status=status)).read(printed, layout, "甲")
    assert asked.form is not None
    assert dict(iter_cells(asked.form)) == dict(iter_cells(layout))
    assert {outcome.status for outcome in asked.failed} == {status}
    assert not asked.changed
    (mark,) = asked.form.review
    assert mark.reason.startswith("版面的疑问")
    assert MEANINGS[status].what in mark.reason


def test_a_failure_without_layout_gives_no_form() -> None:
    asked = Extractor(Model(refuse=("head", "rows"))).read(ruled(), None, "甲")
    assert asked.form is None
    assert len(asked.failed) == 2


@each_shape
@pytest.mark.parametrize("task", ["head", "rows"])
def test_half_an_answer_takes_nothing_from_layout(make: Callable[..., Printed], task: str) -> None:
    printed = make()
    layout = as_layout(printed)
    asked = Extractor(Model(refuse=(task,)), "llm").read(printed, layout, "甲")
    assert asked.form is not None
    assert [outcome.status for outcome in asked.failed] == ["refused"]
    assert dict(iter_cells(asked.form)) == dict(iter_cells(layout))


def test_a_mark_on_a_cell_that_stands_nowhere_asks_nothing() -> None:
    printed = ruled()
    layout = as_layout(printed, "extras[0].text")
    asked = Extractor(nobody).read(printed, layout, "甲")
    assert asked.form is layout


def test_a_dump_whose_points_do_not_add_up_says_so() -> None:
    """A row less leaves weights that do not make a hundred; a text without columns has nothing else to tell by."""
    printed = dumped(changed(4, weight="29", score="29"))
    asked = Extractor(Model(rows=tuple(changed(4, weight="29", score="29")))).read(printed, None, "甲")
    assert asked.form is not None
    assert "indicators" in {mark.cell for mark in asked.form.review}


def test_evidence_of_the_model_stands_on_the_page() -> None:
    for make in SHAPES.values():
        printed = make()
        form = Extractor(Model()).read(printed, None, "甲").form
        assert form is not None
        for cell, value in iter_cells(form):
            assert (cell in form.evidence) == (value is not None), cell
        for known in form.evidence.values():
            assert isinstance(known, Evidence)
            for place in known.at:
                if isinstance(place, LinePlace):
                    assert printed.text[place.span[0] : place.span[1]].split() == place.text.split()


def test_layout_reads_the_ruled_form_itself() -> None:
    """The small form of these tests is one that layout reads without a doubt."""
    form = read_form(ruled_block())
    assert form is not None
    assert not form.review
    assert dict(iter_cells(form)) == dict(iter_cells(as_layout(ruled())))
