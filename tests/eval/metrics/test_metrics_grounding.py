"""Where values stand: found apart from the product's reading, carried over to degraded pages, and evidence held against it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import data
from agents.reader import read_document
from eval.degrade.geometry import Placement, photographed
from eval.metrics.compare import compare
from eval.metrics.grounding import GroundingFigures, ground, grounding_figures, overlap, prints
from eval.metrics.pagetext import PdfPages
from eval.metrics.references import References, carried, find_references
from eval.synthesis.drawing import draw
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS
from schema.canonical import read_forms
from schema.cells import iter_cells, set_cell
from schema.evidence import Evidence, PagePlace
from schema.form import Form

NAME = "baoshan-2020"
PDF = data.samples() / "pdf" / f"{NAME}.pdf"
GOLD = read_forms(data.samples() / "gold" / f"{NAME}.json")


@pytest.fixture(scope="module")
def references() -> dict[str, References]:
    return find_references(PDF, GOLD)


@pytest.fixture(scope="module")
def read() -> list[Form]:
    return list(read_document(PDF).forms)


def figured(read: list[Form], references: dict[str, References], pages: PdfPages | None = None) -> GroundingFigures:
    found = [
        cell for gold, form in zip(GOLD, read, strict=True) for cell in ground(compare(gold, form), form, references[gold.form_id], pages)
    ]
    return grounding_figures(found).all


def moved(form: Form, cell: str, *, by: float = 0.0, page: int = 0) -> Form:
    """The form with the evidence of one cell so many points further down, or on a later page."""
    evidence = form.evidence[cell]
    places = [place for place in evidence.at if isinstance(place, PagePlace)]
    shifted = tuple(
        PagePlace(
            page=place.page + page,
            bbox=(place.bbox[0], place.bbox[1] + by, place.bbox[2], place.bbox[3] + by),
            text=place.text,
        )
        for place in places
    )
    return form.model_copy(update={"evidence": form.evidence | {cell: evidence.model_copy(update={"at": shifted})}})


def test_every_printed_value_of_a_sample_is_found(references: dict[str, References]) -> None:
    for form in GOLD:
        wanted = {cell for cell, value in iter_cells(form) if value not in (None, "") and not cell.startswith(("title", "extras"))}
        assert wanted == set(references[form.form_id])


def test_values_cut_by_a_page_break_and_merged_labels_have_their_boxes(tmp_path: Path) -> None:
    forms = list(make_forms(3, seed=8))
    path = tmp_path / "a.pdf"
    path.write_bytes(draw(forms, LAYOUTS["plain"]))
    gold = [as_read(form, LAYOUTS["plain"]) for form in forms]
    found = find_references(path, gold)
    wanted = sum(value not in (None, "") for form in gold for cell, value in iter_cells(form) if not cell.startswith(("title", "extras")))
    assert sum(map(len, found.values())) >= 0.97 * wanted
    for form in gold:
        labels = [(row.level1, found[form.form_id].get(f"indicators[{i}].level1")) for i, row in enumerate(form.indicators)]
        assert all(boxes == other for (label, boxes), (same, other) in pairwise(labels) if label == same and boxes and other)


def test_reading_is_grounded(references: dict[str, References], read: list[Form]) -> None:
    with PdfPages() as pages:
        told = figured(read, references, pages)
    assert told.cells == told.referenced == told.readable == sum(map(len, references.values()))
    assert (told.missing, told.on_page, told.near, told.read) == (0, 1, 1, 1)
    assert told.iou is not None
    assert told.iou > 0.95


def test_wrong_evidence_shows(references: dict[str, References], read: list[Form]) -> None:
    cell, other = "funding.total.outturn", "indicators[1].name"
    whole = figured(read, references)

    def lost(form: Form) -> tuple[int, ...]:
        with PdfPages() as pages:
            told = figured([form, *read[1:]], references, pages)
        count = told.cells
        assert count == whole.cells
        return told.missing, *(round(count * (1 - (share or 0))) for share in (told.on_page, told.near, told.read))

    assert lost(read[0]) == (0, 0, 0, 0)
    assert lost(moved(read[0], cell, by=60)) == (0, 0, 1, 1)
    assert lost(moved(read[0], cell, page=1)) == (0, 1, 1, 1)
    assert lost(read[0].model_copy(update={"evidence": {c: e for c, e in read[0].evidence.items() if c != cell}})) == (1, 1, 1, 1)
    swapped = read[0].evidence | {cell: read[0].evidence[other], other: read[0].evidence[cell]}
    assert lost(read[0].model_copy(update={"evidence": swapped})) == (0, 0, 2, 2)


def test_a_value_that_was_misread_still_has_its_place(references: dict[str, References], read: list[Form]) -> None:
    wrong = set_cell(read[0], "indicators[1].name", "数据备分率")
    with PdfPages() as pages:
        told = figured([wrong, *read[1:]], references, pages)
    assert (told.near, round(told.readable * (1 - (told.read or 0)))) == (1, 1)


def test_scans_are_measured_where_the_page_went(references: dict[str, References], read: list[Form]) -> None:
    shifts = [[0.01, 0.02], [-0.01, 0.0], [0.0, -0.01], [0.02, 0.01]]
    bent = [photographed((1190, 1684), 2.0, shifts, 0.05, 12.0)] * 4  # type: ignore[arg-type]
    over = {name: carried(boxes, bent) for name, boxes in references.items()}
    assert figured(read, over).near is not None
    assert (figured(read, over).near or 0) < 0.5
    follow = [_followed(form, bent) for form in read]
    told = figured(follow, over)
    assert (told.on_page, told.near, told.readable, told.read) == (1, 1, 0, None)


def _followed(form: Form, placements: list[Placement]) -> Form:
    def carry(evidence: Evidence) -> Evidence:
        found = {str(i): ((place.page, place.bbox),) for i, place in enumerate(evidence.at) if isinstance(place, PagePlace)}
        boxes = [box for places in carried(found, placements).values() for box in places]
        return evidence.model_copy(update={"at": tuple(PagePlace(page=page, bbox=box, text="") for page, box in boxes)})

    return form.model_copy(update={"evidence": {cell: carry(one) for cell, one in form.evidence.items()}})


def test_some_pages_of_a_document_keep_their_own_numbers(references: dict[str, References]) -> None:
    flat = Placement((1190, 1684), (1190, 1684), 2.0, (1, 0, 0, 0, 1, 0, 0, 0, 1))
    second = references[GOLD[1].form_id]
    pages = {page for boxes in second.values() for page, _ in boxes}
    assert pages == {2}
    over = carried(second, [flat], pages=[2])
    assert {cell: tuple(box for _, box in boxes) for cell, boxes in over.items()} == {
        cell: tuple(pytest.approx(box) for _, box in boxes) for cell, boxes in second.items()
    }
    assert {page for boxes in over.values() for page, _ in boxes} == {1}
    assert carried(second, [flat], pages=[3]) == {}


def test_overlap_adds_pages_up() -> None:
    upper, lower = (0.0, 0.0, 10.0, 10.0), (0.0, 10.0, 10.0, 20.0)
    assert overlap(((1, upper),), ((1, upper),)) == 1
    assert overlap(((1, upper), (1, lower)), ((1, (0, 0, 10, 20)),)) == 1
    assert overlap(((1, upper), (2, upper)), ((1, upper),)) == 0.5
    assert overlap(((1, upper),), ((2, upper),)) == 0
    assert overlap(((1, upper),), ()) == 0
    assert overlap(((1, upper),), ((1, (0, 0, 5, 10)),)) == 0.5


@pytest.mark.parametrize(
    ("value", "text", "same"),
    [
        ("热线接通率", "热线接通率", True),
        ("热线接通率", "三级指标:热线接通率", True),
        ("热线接通率", "热线接通率及其他各项服务类指标的完成情况", False),
        ("热线", "线热", True),
        ("优", "优良", False),
        ("87.50(%)", "78.50(%)", False),
        (2024, "(2024年度)", True),
        (2024, "12024", False),
    ],
)
def test_what_a_print_reads(value: str | int, text: str, same: bool) -> None:
    assert prints(value, text) is same
