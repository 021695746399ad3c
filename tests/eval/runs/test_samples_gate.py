"""The gate over the built-in samples: what reading of digital forms and dumps came to must not get worse."""

from __future__ import annotations

from pathlib import Path

import data
from eval.dataset.manifest import load_dataset
from eval.runs.carry import Wish, carry_out
from eval.runs.folder import Runs
from eval.runs.gate import Baseline, read_baseline, worse


def test_reading_the_samples_is_not_worse_than_the_baseline(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    baseline: Baseline = read_baseline(data.samples() / "baseline.json")
    record = carry_out(load_dataset(), runs, Wish(sets=tuple(baseline.sets), reading_only=True), {})
    assert worse(record, baseline) == []
    assert not any(one.failed for one in record.sets)
    # A second call does nothing anew: the run is finished, and another one is begun.
    assert runs.get("last") == record
