"""The calibration: what thresholds would mark and miss, counted on cells that are known."""

from __future__ import annotations

from decimal import Decimal

from eval.calibrate.measure import Reading, marks_that_are_wrong, readings, report, same, steps
from eval.synthesis.forms import make_forms
from schema.evidence import Evidence, PagePlace, ReviewMark

FOUND = [
    Reading("number", 0.99, right=True, marked=False),
    Reading("number", 0.60, right=False, marked=True),
    Reading("number", 0.97, right=False, marked=False),
    Reading("number", 0.80, right=True, marked=True),
]


def test_a_threshold_marks_what_is_below_it() -> None:
    at = {step.threshold: step for step in steps(FOUND)}
    assert (at[0.85].marked, at[0.85].caught, at[0.85].wrong, at[0.85].silent) == (0.5, 0.5, 0.5, 1)
    assert at[0.98].silent == 0
    assert steps([])[0].caught == 1.0


def test_marks_are_counted_with_what_they_are_worth() -> None:
    assert marks_that_are_wrong(FOUND) == (4, 2, 1, 1)
    assert "| light | 4 | 2（50.0%） | 1（50%） | 1 |" in report({"light": FOUND})


def test_only_cells_read_from_pictures_count() -> None:
    gold = next(iter(make_forms(1, seed=3)))
    place = PagePlace(page=1, bbox=(0, 0, 1, 1), text="")
    read = gold.model_copy(
        update={
            "evidence": {
                "project_name": Evidence(match="exact", read_by="ocr", confidence=0.7, at=(place,)),
                "department": Evidence(match="exact", read_by="layout", confidence=1.0, at=(place,)),
            },
            "project_name": "别的项目",
            "review": (ReviewMark(cell="project_name", reason="识别把握不大"),),
        }
    )
    assert list(readings(read, gold)) == [Reading("label", 0.7, right=False, marked=True)]
    assert list(readings(read.model_copy(update={"indicators": ()}), gold)) == []


def test_texts_are_compared_without_widths_and_numbers_exactly() -> None:
    assert same("数量（个）", "数量(个)")
    assert same(Decimal("10.0"), Decimal(10))
    assert not same("10", Decimal(10))
