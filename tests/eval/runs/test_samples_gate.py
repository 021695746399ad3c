"""The gate over the built-in samples: what reading came to must not get worse; scans, which take minutes, among the slow."""

from __future__ import annotations

from pathlib import Path

import pytest

import data
from eval.dataset.manifest import load_dataset
from eval.runs.carry import Wish, carry_out
from eval.runs.folder import Runs
from eval.runs.gate import Baseline, read_baseline, worse

READ_AS_TEXT = ("digital", "text")


def test_the_baseline_has_every_set_and_gives_slack_to_pictures_only() -> None:
    baseline = read_baseline(data.samples() / "baseline.json")
    assert tuple(baseline.sets) == tuple(one.name for one in load_dataset().manifest.sets if not one.on_request)
    assert {name for name, one in baseline.sets.items() if not one.slack and not one.slack_counts} == {*READ_AS_TEXT}
    assert baseline.beside["faults.number"] == 0 and baseline.beside["checker.false_alarms"] == 0
    assert not baseline.quick


@pytest.mark.slow
def test_reading_scans_of_the_samples_is_not_worse_than_the_baseline(tmp_path: Path) -> None:
    baseline = read_baseline(data.samples() / "baseline.json")
    scans = tuple(name for name in baseline.sets if name not in READ_AS_TEXT)
    record = carry_out(load_dataset(), Runs(tmp_path), Wish(sets=scans, reading_only=True), {})
    assert worse(record, baseline, scans) == []


def test_reading_the_samples_is_not_worse_than_the_baseline(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    baseline: Baseline = read_baseline(data.samples() / "baseline.json")
    record = carry_out(load_dataset(), runs, Wish(sets=READ_AS_TEXT, reading_only=True), {})
    assert worse(record, baseline, READ_AS_TEXT) == []
    assert not any(one.failed for one in record.sets)
    # A second call does nothing anew: the run is finished, and another one is begun.
    assert runs.get("last") == record
