"""The extractor broken on purpose: what `agents.reader` gives is changed before anybody sees it; runs over a dataset of one document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pymupdf
import pytest

import agents.reader
import data
import eval.runs.carry
from eval.dataset.manifest import NAME, Dataset, load_dataset
from eval.runs.carry import Wish, carry_out
from eval.runs.folder import Runs
from eval.runs.record import RunRecord
from schema.canonical import dump_forms, read_forms
from schema.cells import set_cell
from schema.form import Form
from schema.identity import with_ids

Break = Callable[[Form], Form]
_ROW = re.compile(r"indicators\[(\d+)\](.*)")


def shift_column(form: Form) -> Form:
    """The scores of the indicators stand in the column of the weights, as where a ruling was not seen."""
    return form.model_copy(
        update={"indicators": tuple(row.model_copy(update={"weight": row.score, "score": None}) for row in form.indicators)}
    )


def drop_row(form: Form, number: int = 1) -> Form:
    """A row in the middle is gone, and nobody is told."""
    rows = (*form.indicators[:number], *form.indicators[number + 1 :])
    evidence = {}
    for cell, places in form.evidence.items():
        at = _ROW.match(cell)
        if at is None or int(at[1]) < number:
            evidence[cell] = places
        elif int(at[1]) > number:
            evidence[f"indicators[{int(at[1]) - 1}]{at[2]}"] = places
    return form.model_copy(update={"indicators": rows, "evidence": evidence})


def change_digit(form: Form) -> Form:
    """The total score has another digit."""
    return set_cell(form, "total_score", (form.total_score or Decimal(0)) - 7)


BREAKS: Mapping[str, Break] = {"column": shift_column, "row": drop_row, "digit": change_digit}


@contextmanager
def broken(how: Break):
    """While this lasts, documents are read like that; runs read in this process."""

    def wrong(forms: Sequence[Form], sha256: str) -> tuple[Form, ...]:
        return tuple(how(form) for form in with_ids(forms, sha256))

    with pytest.MonkeyPatch.context() as patch:
        # The last that is done to the forms of a document.
        patch.setattr(agents.reader, "with_ids", wrong)
        patch.setattr(eval.runs.carry, "WORKERS", 0)
        yield


def small_dataset(folder: Path, forms: int = 4, **settings: object) -> Dataset:
    """A dataset of so many forms of the sample of four, each on a page."""
    for kind in ("pdf", "gold"):
        (folder / kind).mkdir(parents=True)
    with pymupdf.open(data.samples() / "pdf" / "baoshan-2020.pdf") as document:
        document.select(range(forms))
        document.save(folder / "pdf" / "baoshan-2020.pdf", no_new_id=True)
    gold = read_forms(data.samples() / "gold" / "baoshan-2020.json")[:forms]
    (folder / "gold" / "baoshan-2020.json").write_text(dump_forms(gold), encoding="utf-8")
    only = {"name": "digital", "condition": "digital", "documents": ["pdf/*.pdf"], "quick": ["baoshan-2020"]}
    manifest = {"name": "small", "title": "一份", "source": "data/samples", "licence": "AGPL", "gold": "gold", "sets": [only]} | settings
    (folder / NAME).write_text(json.dumps(manifest), encoding="utf-8")
    return load_dataset(folder)


def run_over(dataset: Dataset, runs: Runs, how: Break | None = None) -> RunRecord:
    """A run, read rightly or wrongly."""
    wish = Wish(faults=0)
    if how is None:
        return carry_out(dataset, runs, wish, {})
    with broken(how):
        return carry_out(dataset, runs, wish, {})
