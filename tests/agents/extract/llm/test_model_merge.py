"""Two readings of one form to one: whose value stands, what is marked, and who read it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from agents.extract.llm.merge import merge
from schema.cells import get_cell, iter_cells, set_cell
from schema.evidence import Evidence, PagePlace, Reader, Reading, ReviewMark
from schema.form import Form
from tests.factories import make_form, make_indicator

D = Decimal
SCORE, NAME = "indicators[1].score", "indicators[1].name"
FIRST = "indicators[0].weight"


def reading(reader: Reader, marks: tuple[str, ...] = (), **changes: Any) -> Form:
    """A form as one reader gives it: changes are cells with dots and brackets spelled out in a dict under `cells`."""
    form = make_form(rows=3)
    for cell, value in changes.pop("cells", {}).items():
        form = set_cell(form, cell, value)
    form = form.model_copy(update=changes)
    place = PagePlace(page=1, bbox=(0.0, 0.0, 1.0, 1.0), text="")
    evidence = {
        cell: Evidence(match="exact", read_by=reader, confidence=0.9, at=(place.model_copy(update={"text": str(value)}),))
        for cell, value in iter_cells(form)
        if value is not None
    }
    review = tuple(ReviewMark(cell=cell, reason=f"{reader}的疑问") for cell in marks)
    return form.model_copy(update={"evidence": evidence, "review": review})


def marks_of(form: Form, cell: str) -> list[ReviewMark]:
    """The marks on a cell."""
    return [mark for mark in form.review if mark.cell == cell]


CELLS: dict[str, tuple[tuple[Any, bool], tuple[Any, bool], bool, tuple[Any, bool, str | None]]] = {
    # (layout value, marked), (model value, marked), scanned -> (value, marked, reader)
    "both the same": ((D(9), False), (D(9), False), False, (D(9), False, "layout")),
    "both the same, layout doubts": ((D(9), True), (D(9), False), False, (D(9), False, "layout")),
    "both the same, layout doubts, scan": ((D(9), True), (D(9), False), True, (D(9), True, "layout")),
    "both the same, the model is not believed": ((D(9), False), (D(9), True), False, (D(9), False, "layout")),
    "both the same, both doubt": ((D(9), True), (D(9), True), False, (D(9), True, "layout")),
    "different, neither doubts": ((D(9), False), (D(8), False), False, (D(9), True, "layout")),
    "different, neither doubts, scan": ((D(9), False), (D(8), False), True, (D(9), True, "layout")),
    "different, layout doubts": ((D(9), True), (D(8), False), False, (D(8), False, "llm")),
    "different, layout doubts, scan": ((D(9), True), (D(8), False), True, (D(9), True, "layout")),
    "different, the model is not believed": ((D(9), False), (D(8), True), False, (D(9), False, "layout")),
    "different, both doubt": ((D(9), True), (D(8), True), False, (D(9), True, "layout")),
    "layout has nothing": ((None, False), (D(8), False), False, (None, True, None)),
    "layout has nothing and doubts": ((None, True), (D(8), False), False, (D(8), False, "llm")),
    "layout has nothing and doubts, scan": ((None, True), (D(8), False), True, (None, True, None)),
    "layout has nothing and doubts, the model is not believed": ((None, True), (D(8), True), False, (None, True, None)),
    "the model has nothing": ((D(9), False), (None, False), False, (D(9), True, "layout")),
    "the model has nothing, layout doubts": ((D(9), True), (None, False), False, (None, False, None)),
    "the model has nothing and is not believed": ((D(9), False), (None, True), False, (D(9), False, "layout")),
    "neither has anything": ((None, False), (None, False), False, (None, False, None)),
    "neither has anything, layout doubts": ((None, True), (None, False), False, (None, False, None)),
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs", "scanned", "wanted"), CELLS.values(), ids=CELLS)
def test_one_cell(ours: tuple[Any, bool], theirs: tuple[Any, bool], scanned: bool, wanted: tuple[Any, bool, str | None]) -> None:
    layout = reading("layout", (SCORE,) if ours[1] else (), cells={SCORE: ours[0]})
    model = reading("llm", (SCORE,) if theirs[1] else (), cells={SCORE: theirs[0]})
    form = merge(layout, model, scanned=scanned)
    value, marked, reader = wanted
    assert get_cell(form, SCORE) == value
    assert bool(marks_of(form, SCORE)) is marked
    evidence = form.evidence.get(SCORE)
    assert (evidence.read_by if evidence else None) == reader
    assert {mark.cell for mark in form.review} <= {SCORE}


def test_both_readings_are_told_where_they_differ() -> None:
    form = merge(reading("layout", cells={SCORE: D(9)}), reading("llm", cells={SCORE: D(8)}), scanned=False)
    (mark,) = marks_of(form, SCORE)
    assert set(mark.readings) == {Reading(read_by="layout", value=D(9)), Reading(read_by="llm", value=D(8))}


def test_a_doubt_of_layout_is_told_with_what_the_model_says() -> None:
    form = merge(reading("layout", (SCORE,), cells={SCORE: D(9)}), reading("llm", (SCORE,), cells={SCORE: D(8)}), scanned=False)
    (mark,) = marks_of(form, SCORE)
    assert mark.reason == "layout的疑问"
    assert Reading(read_by="llm", value=D(8)) in mark.readings


@pytest.mark.parametrize("text", ["服务 热线", "服务热线（一期）"])
def test_texts_are_the_same_whatever_their_width(text: str) -> None:
    wide = text.replace("（", "(").replace("）", ")").replace(" ", "")
    form = merge(reading("layout", project_name=text), reading("llm", project_name=wide), scanned=False)
    assert form.project_name == text
    assert not form.review


@pytest.mark.parametrize(
    "cell", ["fiscal_year", "funding.total.outturn", "department", "expected_goal", "total_score", "grade", "indicators[0].target"]
)
def test_every_kind_of_cell_is_compared(cell: str) -> None:
    layout = reading("layout")
    other: Any = 2020 if cell == "fiscal_year" else D("1.5") if isinstance(get_cell(layout, cell), Decimal) else "另一个"
    form = merge(layout, reading("llm", cells={cell: other}), scanned=False)
    assert get_cell(form, cell) == get_cell(layout, cell)
    assert [mark.cell for mark in form.review] == [cell]


# -- rows -----------------------------------------------------------------------------------------------------------------------------


def rows(*numbers: int, **changes: Any) -> dict[str, Any]:
    """Indicators by number."""
    return {"indicators": tuple(make_indicator(n, **changes) for n in numbers)}


@pytest.mark.parametrize(
    ("ours", "theirs", "names"),
    [
        ((0, 1, 2), (0, 1, 2), (0, 1, 2)),
        ((0, 2), (0, 1, 2), (0, 1, 2)),
        ((0, 1, 2), (0, 2), (0, 1, 2)),
        ((), (0, 1), (0, 1)),
        ((0, 1), (), (0, 1)),
        ((1, 2), (0, 1, 2, 3), (0, 1, 2, 3)),
    ],
    ids=[
        "the same",
        "one more of the model",
        "one more of layout",
        "layout has none",
        "the model has none",
        "at both ends",
    ],
)
def test_rows_of_both_are_kept_in_order(ours: tuple[int, ...], theirs: tuple[int, ...], names: tuple[int, ...]) -> None:
    form = merge(reading("layout", **rows(*ours)), reading("llm", **rows(*theirs)), scanned=False)
    assert [indicator.name for indicator in form.indicators] == [make_indicator(n).name for n in names]


def test_different_rows_of_equal_figures_are_two() -> None:
    """Many rows print 100%, 100%, 5, 5: a row that only layout has and one that only the model has are not one."""
    alike = {"target": "=100%", "actual": "100%", "weight": D(5), "score": D(5), "level1": "产出指标", "level2": "质量指标"}
    ours, theirs = (make_indicator(0, name=name, **alike) for name in ("苗木验收合格率", "园路巡查到位情况"))
    form = merge(reading("layout", indicators=(ours,)), reading("llm", indicators=(theirs,)), scanned=False)
    assert sorted(row.name for row in form.indicators) == sorted([ours.name, theirs.name])


def test_a_row_of_the_model_alone_is_marked_in_every_cell() -> None:
    form = merge(reading("layout", **rows(0, 2)), reading("llm", **rows(0, 1, 2)), scanned=False)
    filled = {f"indicators[1].{name}" for name, value in form.indicators[1].model_dump().items() if value is not None}
    assert filled <= {mark.cell for mark in form.review}
    assert all(form.evidence[cell].read_by == "llm" for cell in filled)
    assert not [mark for mark in form.review if mark.cell.startswith(("indicators[0]", "indicators[2]"))]


def test_a_row_of_layout_alone_keeps_its_doubts() -> None:
    layout = reading("layout", ("indicators[1].score",), **rows(0, 1, 2))
    form = merge(layout, reading("llm", **rows(0, 2)), scanned=False)
    assert [mark.cell for mark in form.review] == ["indicators[1].score"]
    assert form.evidence["indicators[1].score"].read_by == "layout"


def test_marks_move_with_their_rows() -> None:
    layout = reading("layout", ("indicators[1].score",), **rows(0, 2))
    form = merge(layout, reading("llm", ("indicators[2].score",), **rows(0, 1, 2)), scanned=False)
    assert form.indicators[2].name == make_indicator(2).name
    assert marks_of(form, "indicators[2].score")
    assert form.evidence["indicators[2].name"].at[0].text == make_indicator(2).name


def test_rows_whose_names_are_nearly_the_same_are_one() -> None:
    layout = reading("layout", **rows(0, 1))
    model = reading("llm", indicators=(make_indicator(0, name="办理业务量零"), make_indicator(1)))
    form = merge(layout, model, scanned=False)
    assert len(form.indicators) == 2
    assert marks_of(form, "indicators[0].name")


MISSING = "indicators"


@pytest.mark.parametrize(
    ("ours", "our_mark", "theirs", "their_mark", "wanted"),
    [
        ((0, 1), False, (0, 1), False, set()),
        ((0, 1), True, (0, 1), False, set()),
        ((0, 2), True, (0, 1, 2), False, set()),
        ((0, 2), True, (0, 1, 2), True, {"layout", "llm"}),
        ((0, 1, 2), True, (0, 2), False, {"layout"}),
        ((0, 1, 2), False, (0, 2), True, set()),
        ((0, 1), False, (0, 1), True, set()),
        ((0, 2), False, (0, 1, 2), True, {"llm"}),
        ((0, 1), True, (0, 1), True, {"layout", "llm"}),
    ],
    ids=["clean", "settled", "settled by a further row", "both miss rows", "the model has fewer", "only the model misses",
         "only the model misses, same", "the model has more and misses", "both, same"],
)  # fmt: skip
def test_doubts_about_missing_rows(
    ours: tuple[int, ...], our_mark: bool, theirs: tuple[int, ...], their_mark: bool, wanted: set[str]
) -> None:
    layout = reading("layout", (MISSING,) if our_mark else (), **rows(*ours))
    model = reading("llm", (MISSING,) if their_mark else (), **rows(*theirs))
    form = merge(layout, model, scanned=False)
    assert {mark.reason.removesuffix("的疑问") for mark in marks_of(form, MISSING)} == wanted


def test_what_is_no_cell_of_the_model_stays_as_layout_has_it() -> None:
    layout = reading("layout", ("extras[0].text",))
    model = reading("llm", extras=(), leftover=())
    form = merge(layout, model, scanned=False)
    assert (form.extras, form.leftover, form.source, form.form_id) == (layout.extras, layout.leftover, layout.source, layout.form_id)
    assert marks_of(form, "extras[0].text")
    assert form.evidence["extras[0].text"] == layout.evidence["extras[0].text"]


def test_every_value_has_the_evidence_of_its_reader() -> None:
    layout = reading("layout", (FIRST, "grade"), cells={FIRST: D(14), "grade": "良"})
    form = merge(layout, reading("llm"), scanned=False)
    for cell, value in iter_cells(form):
        assert (cell in form.evidence) == (value is not None), cell
    assert form.evidence[FIRST].read_by == form.evidence["grade"].read_by == "llm"
    assert not form.review
