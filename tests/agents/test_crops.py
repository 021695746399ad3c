"""What is shown of a page around a doubtful cell."""

from __future__ import annotations

from pathlib import Path

import pytest

import data
from agents.crops import crop_of, frame_around
from agents.pipeline import ingest
from agents.reviewing import doubt_of, review_desk
from schema.evidence import ReviewMark
from schema.form import Form
from store.review_records import CellRef, ReviewFilter
from store.store import Store
from tests.factories import make_form, make_indicator, make_reading


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "home")


@pytest.mark.parametrize(
    ("boxes", "frame"),
    [
        ([(300, 400, 340, 412)], (130, 346, 510, 466)),
        ([(5, 10, 40, 22)], (0, 0, 380, 120)),
        ([(560, 800, 590, 830)], (215, 722, 595, 842)),
        ([(100, 400, 500, 412), (100, 412, 500, 430)], (0, 355, 595, 475)),
        ([], (0, 0, 595, 842)),
    ],
)
def test_the_frame_holds_the_cell_and_stays_on_the_page(boxes: list[tuple[float, ...]], frame: tuple[float, ...]) -> None:
    made = frame_around(boxes, 595, 842)  # type: ignore[arg-type]
    assert made == pytest.approx(frame, abs=8)
    assert made[0] >= 0
    assert made[1] >= 0
    assert made[2] <= 595
    assert made[3] <= 842


def test_an_empty_cell_is_shown_where_its_row_and_column_cross(store: Store) -> None:
    ingest([str(data.samples() / "pdf" / "jiading-2024.pdf")], store)
    form = next(store.iter_forms())
    index = next(i for i, row in enumerate(form.indicators) if row.deviation is None)
    known = crop_of(store, form, f"indicators[{index}].score")
    empty = crop_of(store, form, f"indicators[{index}].deviation")
    assert known is not None
    assert empty is not None
    assert (known.guessed, empty.guessed, len(empty.boxes)) == (False, True, 1)
    # Right of the score, at its height.
    assert empty.boxes[0][0] >= known.boxes[0][2]
    assert empty.boxes[0][1] < known.boxes[0][3]
    assert empty.boxes[0][3] > known.boxes[0][1]
    whole = crop_of(store, form, "indicators")
    assert whole is not None
    assert (whole.boxes, whole.frame) == ((), (0.0, 0.0, whole.width, whole.height))
    store.close()


def _marked(form: Form, *marks: ReviewMark) -> Form:
    return form.model_copy(update={"review": marks})


def test_a_desk_without_pictures_shows_what_is_printed_and_what_stands_beside(store: Store) -> None:
    rows = (make_indicator(0), make_indicator(1, score=None))
    marks = (ReviewMark(cell="indicators[0].actual", reason="模糊"), ReviewMark(cell="funding.total.outturn", reason="模糊"))
    store.save(make_reading([_marked(make_form(indicators=rows), *marks)]), store.start_run("test"))
    desk = review_desk(store, ReviewFilter())
    amount, text = desk.doubts
    assert (amount.cell, amount.crop, amount.printed, amount.text) == ("funding.total.outturn", None, "6.8", False)
    assert len(amount.neighbours) == 24
    assert [one.value for one in text.neighbours][2:4] == ["办理业务量0", "≥90.00(%)"]
    assert text.text
    left = review_desk(store, ReviewFilter(), [CellRef(form_id=amount.form_id, cell=amount.cell)])
    assert [doubt.cell for doubt in left.doubts] == ["indicators[0].actual"]
    assert doubt_of(store, amount.form_id, "grade") is None
    assert doubt_of(store, "nobody", "grade") is None
    store.close()
