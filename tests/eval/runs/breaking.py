"""The extractor broken on purpose: what `agents.reader` gives is changed before it is stored, and runs over a dataset of one document."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

import agents.pipeline
import data
from eval.dataset.manifest import NAME, Dataset, load_dataset
from eval.runs.carry import Wish, carry_out
from eval.runs.folder import Runs
from eval.runs.record import RunRecord
from schema.cells import set_cell
from schema.form import Form
from schema.reading import DocumentReading

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
    """While this lasts, documents are read like that; in this process, so only runs of few documents."""
    read = agents.pipeline.read_document

    def read_wrongly(*arguments: object) -> DocumentReading:
        reading = read(*arguments)
        return reading.model_copy(update={"forms": tuple(how(form) for form in reading.forms)})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agents.pipeline, "read_document", read_wrongly)
        yield


def small_dataset(folder: Path, **settings: object) -> Dataset:
    """A dataset of four forms on four pages."""
    for kind, suffix in (("pdf", "pdf"), ("gold", "json")):
        (folder / kind).mkdir(parents=True)
        shutil.copy(data.samples() / kind / f"baoshan-2020.{suffix}", folder / kind)
    only = {"name": "digital", "condition": "digital", "documents": ["pdf/*.pdf"]}
    manifest = {"name": "small", "title": "一份", "source": "data/samples", "licence": "AGPL", "gold": "gold", "sets": [only]} | settings
    (folder / NAME).write_text(json.dumps(manifest), encoding="utf-8")
    return load_dataset(folder)


def run_over(dataset: Dataset, runs: Runs, how: Break | None = None) -> RunRecord:
    """A run, read rightly or wrongly."""
    if how is None:
        return carry_out(dataset, runs, Wish(), {})
    with broken(how):
        return carry_out(dataset, runs, Wish(), {})
