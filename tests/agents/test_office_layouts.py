"""Forms in the layouts of several provinces, as Word files and workbooks, merged or not, with borders or without."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.reader import read_document
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layout import Layout
from eval.synthesis.layouts import LAYOUTS, vary
from eval.synthesis.office import as_docx, as_xlsx
from schema.cells import iter_cells
from schema.form import Form

_KINDS: dict[str, Callable[[Sequence[Form], Layout], bytes]] = {
    "docx": as_docx,
    "merged.xlsx": as_xlsx,
    "plain.xlsx": lambda forms, layout: as_xlsx(forms, layout, borders=False, merged=False),
    "ruled.xlsx": lambda forms, layout: as_xlsx(forms, layout, merged=False),
    "one-sheet.xlsx": lambda forms, layout: as_xlsx(forms, layout, one_sheet=True),
}


_BOOKS = list(_KINDS)[1:]


def _cases() -> Iterator[Any]:
    """Every layout as a Word file and as one kind of workbook, in turn; as all the other kinds for `make test-all`."""
    for i, name in enumerate(LAYOUTS):
        for kind in _KINDS:
            first = kind in ("docx", _BOOKS[i % len(_BOOKS)])
            yield (name, kind) if first else pytest.param(name, kind, marks=pytest.mark.slow)


@pytest.mark.parametrize(("name", "kind"), list(_cases()))
def test_every_layout_is_read_from_office_files(name: str, kind: str, tmp_path: Path) -> None:
    layout = vary(LAYOUTS[name], random.Random(name))
    forms = list(make_forms(2 if kind.startswith("one") else 1, seed=len(name)))
    path = tmp_path / f"表.{kind}"
    path.write_bytes(_KINDS[kind](forms, layout))
    reading = read_document(path)
    assert len(reading.forms) == len(forms)
    for form, wanted in zip(reading.forms, forms, strict=True):
        printed = {cell: value for cell, value in iter_cells(as_read(wanted, layout)) if cell != "form_id"}
        assert {cell: value for cell, value in iter_cells(form) if cell != "form_id"} == printed
        assert not form.review
