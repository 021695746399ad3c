"""Made-up results and runs: few forms, with chosen cells wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from eval.metrics.compare import CellResult, FormResult, compare
from eval.metrics.extraction import Compared, figures
from eval.runs.folder import Runs
from eval.runs.record import RunRecord, RunSettings, SetRun, Stamp
from schema.cells import CellValue
from schema.form import Form
from tests.factories import make_form

STAMP = Stamp(version="0.1.0", commit="abc", python="3.11", machine="Linux", cores=2, libraries={"numpy": "2"})
START = datetime(2026, 11, 1, tzinfo=UTC)


def gold(count: int = 3) -> list[Form]:
    """Forms that are right."""
    return [make_form(f"项目{n}", form_id=f"{n:03}-1") for n in range(count)]


def result(form: Form, wrong: Mapping[str, CellValue] | None = None, marked: Sequence[str] = ()) -> FormResult:
    """A form with chosen cells read as something else, and chosen cells marked."""
    held = compare(form, form)
    changed = wrong or {}
    return replace(held, cells=tuple(_cell(cell, changed, marked) for cell in held.cells))


def make_run(number: int, sets: Mapping[str, Sequence[FormResult]], runs: Runs | None = None, **settings: object) -> RunRecord:
    """A finished run with these results; kept where `runs` are given."""
    asked = {"dataset": "made-up", "dataset_sha256": "0" * 64, "sets": tuple(sets)} | settings
    run = RunRecord(
        id=f"202611{number:02}-000000-{number:04x}",
        settings=RunSettings.model_validate(asked),
        stamp=STAMP,
        started_at=START + timedelta(days=number),
        finished_at=START + timedelta(days=number, minutes=1),
        sets=tuple(_set(name, results) for name, results in sets.items()),
    )
    if runs is not None:
        runs.keep(run)
        for name, results in sets.items():
            (runs.of(run) / name).mkdir()
            runs.keep_results(run, name, tuple(results))
    return run


def _cell(cell: CellResult, wrong: Mapping[str, CellValue], marked: Sequence[str]) -> CellResult:
    cell = replace(cell, marked=cell.cell in marked)
    return replace(cell, got=wrong[cell.cell], likeness=0.0, edits=1) if cell.cell in wrong else cell


def _set(name: str, results: Sequence[FormResult]) -> SetRun:
    told = figures(Compared(tuple(results), 0))
    counts = {"documents": 1, "pages": 2, "failed": {}, "seconds": 1.0, "seconds_per_page": 0.5, "peak_megabytes": None}
    return SetRun(name=name, condition="digital", extraction=told, **counts)
