"""Figures vouched for by arithmetic, read again, replaced or marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from agents.repair.doubts import mark_doubts
from agents.repair.equations import equations_of, figures_of
from agents.repair.search import repair
from ingest.page import Picture
from schema.cells import get_cell, set_cell
from schema.evidence import Box, Evidence, PagePlace, ReviewMark
from schema.form import Form
from tests.factories import located, make_form

D = Decimal


class Looks:
    """A picture that says what each place reads."""

    def __init__(self, readings: Mapping[Box, Sequence[tuple[str, float]]]) -> None:
        self._readings = readings

    def reread(self, box: Box) -> list[tuple[str, float]]:
        return list(self._readings.get(box, ()))


def scanned(form: Form, **confidence: float) -> Form:
    """The form as read by OCR: all sure but the named cells (dots and brackets written as underscores)."""
    plain = located(form, file="甲.pdf", sha256="0" * 64, kind="scan")
    names = {cell: cell.replace(".", "_").replace("[", "_").replace("]", "") for cell in plain.evidence}
    read: dict[str, Evidence] = {
        cell: old.model_copy(update={"read_by": "ocr", "confidence": confidence.get(names[cell], 0.999)})
        for cell, old in plain.evidence.items()
    }
    return plain.model_copy(update={"evidence": read})


def marks(form: Form) -> set[str]:
    return {mark.cell for mark in mark_doubts(form).review}


def box_of(form: Form, cell: str) -> Box:
    place = form.evidence[cell].at[0]
    assert isinstance(place, PagePlace)
    return place.bbox


def test_a_form_that_adds_up_and_was_read_surely_has_no_marks() -> None:
    assert marks(scanned(make_form())) == set()


def test_the_layout_extractor_is_not_doubted() -> None:
    form = located(make_form(), file="甲.pdf", sha256="0" * 64)
    assert mark_doubts(form) == form


def test_all_equations_of_a_sound_form_hold_or_lack_figures() -> None:
    form = make_form()
    assert {equation.holds(figures_of(form)) for equation in equations_of(form)} <= {True, None}


def test_a_doubtful_weight_is_vouched_for_by_the_sum() -> None:
    assert marks(scanned(make_form(), indicators_2_weight=0.8)) == set()


def test_a_doubtful_label_is_marked() -> None:
    assert marks(scanned(make_form(), indicators_2_name=0.5)) == {"indicators[2].name"}


def test_a_doubtful_amount_that_nothing_vouches_for_is_marked() -> None:
    assert "fiscal_year" in marks(scanned(make_form(), fiscal_year=0.5))


def test_figures_that_do_not_add_up_are_marked_unless_they_are_certain() -> None:
    wrong = set_cell(make_form(), "indicators[2].weight", D(18))
    assert "indicators[2].weight" in marks(scanned(wrong, indicators_2_weight=0.98))
    assert "indicators[2].weight" not in marks(scanned(wrong))


def test_a_cell_that_every_other_row_has_is_missed() -> None:
    assert marks(scanned(set_cell(make_form(), "indicators[2].target", None))) == {"indicators[2].target"}


def test_a_torn_bracket_is_marked() -> None:
    assert marks(scanned(set_cell(make_form(), "indicators[2].actual", "95.00(%"))) == {"indicators[2].actual"}


def misread(value: str | None = "18") -> Form:
    return scanned(set_cell(make_form(), "indicators[2].weight", value and D(value)), indicators_2_weight=0.7)


def test_a_second_reading_that_makes_the_sum_right_is_taken_with_its_text() -> None:
    form = misread()
    pictures: dict[int, Picture] = {1: Looks({box_of(form, "indicators[2].weight"): [("18", 0.6), ("15.00", 0.3), ("13", 0.1)]})}
    mended = repair(form, pictures)
    assert get_cell(mended, "indicators[2].weight") == D(15)
    assert mended.evidence["indicators[2].weight"].at[0].text == "15.00"
    assert marks(mended) == set()


def test_nothing_is_computed_that_no_look_has_read() -> None:
    form = misread()
    pictures: dict[int, Picture] = {1: Looks({box_of(form, "indicators[2].weight"): [("18", 0.6), ("13", 0.4)]})}
    assert repair(form, pictures) == form
    assert "indicators[2].weight" in marks(form)


def test_two_ways_to_mend_are_none() -> None:
    form = misread()
    looks = {box_of(form, f"indicators[{i}].weight"): [(text, 0.5)] for i, text in ((2, "15"), (3, "12"))}
    assert repair(form, {1: Looks(looks)}) == form


def test_a_change_that_breaks_another_equation_is_refused() -> None:
    # The score of the total hangs on the rate and the weight; a weight of the budget that mends the sum of weights would break it.
    form = scanned(set_cell(make_form(), "total_weight", D(95)), funding_total_weight=0.6)
    pictures: dict[int, Picture] = {1: Looks({box_of(form, "funding.total.weight"): [("5", 0.9)]})}
    assert repair(form, pictures) == form


@pytest.mark.parametrize("text", ["15,00", "l5", ""])
def test_a_reading_that_is_no_number_is_not_considered(text: str) -> None:
    form = misread()
    assert repair(form, {1: Looks({box_of(form, "indicators[2].weight"): [(text, 0.9)]})}) == form


def test_a_cell_without_a_value_keeps_no_evidence() -> None:
    form = misread(None)
    evidence = {**form.evidence, "indicators[2].weight": form.evidence["indicators[1].weight"]}
    assert "indicators[2].weight" not in mark_doubts(form.model_copy(update={"evidence": evidence})).evidence


def test_print_that_read_as_no_number_is_filled_in_and_stays_marked() -> None:
    form = misread(None)
    mark = ReviewMark(cell="indicators[2].weight", reason="这里印的不是一个数：15,00")
    unread = form.evidence["indicators[1].weight"].model_copy(update={"at": (PagePlace(page=1, bbox=(1, 2, 3, 4), text="15,00"),)})
    form = form.model_copy(update={"evidence": {**form.evidence, "indicators[2].weight": unread}, "review": (mark,)})
    filled = repair(form, {1: Looks({(1, 2, 3, 4): [("15.00", 0.7), ("15,00", 0.3)]})})
    assert get_cell(filled, "indicators[2].weight") == D(15)
    assert "indicators[2].weight" in {m.cell for m in filled.review}
