"""A broken extractor is seen: the gate fails and says where, the comparison and the reports name the field and show the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.report.gather import gather
from eval.report.html import to_html
from eval.report.markdown import to_markdown
from eval.runs.cells import field_label, field_of
from eval.runs.compare import compare_runs
from eval.runs.folder import Runs
from eval.runs.gate import broken_cells, make_baseline, worse
from tests.eval.runs.breaking import BREAKS, run_over, small_dataset

WANTED = {
    "column": ("indicators[].score", {"number.f1", "silent_numbers", "forms_exact"}),
    "row": ("indicators[].name", {"rows_recall", "number.f1", "label.f1", "silent", "forms_exact"}),
    "digit": ("total_score", {"number.f1", "silent_numbers", "forms_exact"}),
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] if name != "digit" else []) for name in BREAKS])
def test_a_broken_extractor_is_named_by_gate_comparison_and_reports(name: str, tmp_path: Path) -> None:
    dataset, runs = small_dataset(tmp_path / "set"), Runs(tmp_path / "home")
    good, bad = run_over(dataset, runs), run_over(dataset, runs, BREAKS[name])
    field, figures = WANTED[name]

    baseline = make_baseline(runs, good)
    assert worse(good, baseline) == []
    found = worse(bad, baseline)
    assert {(one.set, one.figure) for one in found} >= {("digital", figure) for figure in figures}
    (behind,) = broken_cells(runs, bad, baseline, found)
    assert field in {field_of(cell.gold_cell or cell.cell) for cell in behind.cells} and behind.lost == ()
    # What was wrong when the baseline was made is not named again.
    assert broken_cells(runs, bad, make_baseline(runs, bad), found)[0].cells == ()

    (compared,) = compare_runs(runs, good, bad).sets
    (told,) = (one for one in compared.fields if one.field == field)
    assert told.broken >= 4 and told.silent == told.broken and told.mended == 0
    assert told.examples[0].want == told.examples[0].first != told.examples[0].second
    assert compared.new_silent_count >= told.broken
    assert compared.new_silent[0].group == "number"
    assert {one.verdict for one in compared.figures if one.figure in ("numbers", "silent", "forms_exact")} == {"worse"}

    report = gather(runs, bad, good)
    html, markdown = to_html(report), to_markdown(report)
    for text in (html, markdown):
        assert field_label(field) in text
    assert field in {shown.error.field for shown in report.errors if shown.crop is not None}
    assert all(shown.crop is not None and shown.crop.picture.startswith(b"\xff\xd8") for shown in report.errors)
    assert html.count("data:image/jpeg;base64,") == len(report.errors) == markdown.count("](crops/")


@pytest.mark.slow
def test_what_was_mended_is_told_as_well(tmp_path: Path) -> None:
    dataset, runs = small_dataset(tmp_path / "set"), Runs(tmp_path / "home")
    bad, good = run_over(dataset, runs, BREAKS["row"]), run_over(dataset, runs)
    (compared,) = compare_runs(runs, bad, good).sets
    assert compared.new_silent == ()
    assert {field.broken for field in compared.fields} == {0}
    assert all(field.mended for field in compared.fields)
    assert {one.verdict for one in compared.figures} >= {"better"}
