"""Forms out of pages: the samples against their gold, made-up forms in layouts no sample has, and the evidence of every cell."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest

from agents.reader import read_document
from eval.synthesis.corpus import expected_forms
from eval.synthesis.drawing import draw
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layouts import LAYOUTS, vary
from ingest.mupdf import pymupdf
from schema.cells import get_cell, iter_cells
from schema.evidence import PagePlace
from schema.form import Form
from schema.text import fold

UNREAD = {"form_id"}
"""Cells that the page does not decide."""


def _differences(expected: Form, read: Form) -> list[tuple[str, object, object]]:
    wanted, got = dict(iter_cells(expected)), dict(iter_cells(read))
    return [
        (cell, wanted.get(cell), got.get(cell)) for cell in {**wanted, **got} if wanted.get(cell) != got.get(cell) and cell not in UNREAD
    ]


def test_the_samples_are_read_as_their_gold_says(sample_pdfs: list[Path], gold_forms: dict[str, list[Form]]) -> None:
    for path in sample_pdfs:
        read = read_document(path)
        assert len(read.forms) == len(gold_forms[path.stem])
        for form, gold in zip(read.forms, gold_forms[path.stem], strict=True):
            assert _differences(gold, form) == []
            assert form.review == ()
        assert all(page.status == "done" for page in read.pages)


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_no_sample_has(name: str, seed: int, tmp_path: Path) -> None:
    forms = list(make_forms(3, seed))
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(draw(forms, LAYOUTS[name]))
    read = read_document(path)
    expected = expected_forms(forms, LAYOUTS[name])
    assert len(read.forms) == len(expected)
    for form, wanted in zip(read.forms, expected, strict=True):
        assert _differences(wanted, form) == []
        assert form.review == ()
        # A lead over the title (附件3) is all that no cell of a form is for.
        assert {item.text for item in form.leftover} <= {LAYOUTS[name].lead}


def _varied(seed: int, count: int, folder: Path) -> None:
    """Layouts shaken up: other rulings, fonts, spans, and page breaks that cut rows, labels and repeated headers."""
    rng = random.Random(seed)
    forms = list(make_forms(60, seed))
    for _ in range(count):
        layout = vary(rng.choice(list(LAYOUTS.values())), rng)
        chosen = rng.sample(forms, rng.choice([1, 1, 3]))
        path = folder / "varied.pdf"
        path.write_bytes(draw(chosen, layout))
        read = read_document(path).forms
        assert len(read) == len(chosen), layout
        for form, wanted in zip(read, chosen, strict=True):
            assert _differences(as_read(wanted, layout), form) == [], layout


def test_layouts_shaken_up(tmp_path: Path) -> None:
    _varied(20241120, 20, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_many_layouts_shaken_up(seed: int, tmp_path: Path) -> None:
    _varied(seed, 250, tmp_path)


@pytest.mark.parametrize("name", ["plain", "three-columns", "turned", "tight", "outer-label"])
def test_every_cell_stands_where_its_evidence_says(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(draw(list(make_forms(2, 3)), LAYOUTS[name]))
    for form in read_document(path).forms:
        _check_evidence(path, form)


def test_every_cell_of_a_sample_stands_where_its_evidence_says(sample_pdfs: list[Path]) -> None:
    for form in read_document(sample_pdfs[0]).forms:
        _check_evidence(sample_pdfs[0], form)


Printed = list[tuple[float, float, str]]
"""The characters of a page, each with its middle."""


def _check_evidence(path: Path, form: Form) -> None:
    filled = {cell for cell, value in iter_cells(form) if value is not None}
    assert set(form.evidence) == filled
    with pymupdf.open(path) as document:
        pages = [_printed(page) for page in document]
    for cell in filled:
        places = [place for place in form.evidence[cell].at if isinstance(place, PagePlace)]
        on_page = "".join(_text_in(pages[place.page - 1], place.bbox) for place in places)
        assert on_page == fold("".join(place.text for place in places)), cell
        value = get_cell(form, cell)
        if isinstance(value, str):
            assert fold(value) in on_page or cell.startswith("extras"), cell
        else:
            numbers = [Decimal(n) for n in re.findall(r"-?\d+(?:\.\d+)?", on_page.replace(",", ""))]
            assert numbers == [value], cell


def _printed(page: pymupdf.Page) -> Printed:
    """What a page prints, read without any code of ours."""
    out = []
    matrix = page.rotation_matrix
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            for char in (char for span in line["spans"] for char in span["chars"]):
                r = pymupdf.Rect(char["bbox"]) * matrix
                if not char["c"].isspace():
                    out.append(((r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2, char["c"]))
    return out


def _text_in(printed: Printed, box: tuple[float, float, float, float]) -> str:
    """What a page prints inside a box, line by line."""
    rows: list[tuple[float, list[tuple[float, str]]]] = []
    for x, y, char in printed:
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            row = next((row for row in rows if abs(row[0] - y) < 4), None)
            if row is None:
                rows.append(row := (y, []))
            row[1].append((x, char))
    return fold("".join(c for _, row in sorted(rows, key=lambda r: r[0]) for _, c in sorted(row)))
