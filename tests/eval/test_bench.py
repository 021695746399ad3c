"""The benchmark: figures of its own small runs, medians and ratios, and what it says when a reader cannot run."""

from __future__ import annotations

import json
import mmap
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from data import samples
from eval.bench import __main__ as command
from eval.bench import report, runs
from eval.bench.memory import PeakMemory
from eval.bench.runs import MeasurementFailed, Row, Sample, interleave, run_child, summarise
from eval.bench.tree import INTERVAL

PDF = [samples() / "pdf" / "baoshan-2020.pdf", samples() / "pdf" / "jiading-2024.pdf"]


def _sample(peer: str, warm: float, workers: int = 1, documents: int = 10) -> Sample:
    return Sample(peer, workers, documents, pages=100, start=0.5, cold=0.1, warm=warm, cpu=warm, peak_mb=80.0)


def test_median_and_ratio() -> None:
    samples_ = [_sample("floor", s) for s in (0.1, 0.3, 0.2)] + [_sample("jihe", s) for s in (2.0, 1.0, 9.0)]
    floor, ours = summarise(samples_)
    assert (floor.ms_per_page, floor.fastest, floor.slowest, floor.ratio) == (2.0, 1.0, 3.0, 1.0)
    assert ours.ratio == pytest.approx(10.0)
    assert ours.repetitions == 3


def test_sets_of_different_size_have_their_own_floor() -> None:
    rows = summarise([_sample("floor", 0.1, documents=10), _sample("floor", 0.2, documents=100), _sample("jihe", 1.0, documents=100)])
    assert rows[2].ratio == pytest.approx(5.0)


def test_repetitions_are_interleaved(monkeypatch: pytest.MonkeyPatch) -> None:
    order = []

    def child(peer: str, workers: int, _paths: Sequence[Path]) -> Sample:
        order.append(peer)
        if peer == "jihe":
            raise MeasurementFailed("no such pipeline")
        return _sample(peer, 1.0, workers)

    monkeypatch.setattr(runs, "run_child", child)
    told: list[str] = []
    done = interleave([("floor", 1), ("jihe", 1), ("pdfplumber", 1)], PDF, 2, told.append)
    assert order == ["floor", "jihe", "pdfplumber", "floor", "pdfplumber"]
    assert len(done) == 4
    assert any("jihe" in line and "no such pipeline" in line for line in told)


def test_limits() -> None:
    peers = summarise([_sample("floor", 0.1), _sample("jihe", 1.0), _sample("pdfplumber", 1.5), _sample("find_tables", 20.0)])
    floors = [_sample("floor", 0.1, documents=documents) for documents in (100, 1000)]
    growth = summarise([*floors, _sample("jihe", 1.0, documents=100), _sample("jihe", 1.1, documents=1000)])
    assert [kept for _, kept in report.verdicts(peers, growth)] == [True, False, True, True]
    assert report.verdicts([], []) == []


def test_one_measurement() -> None:
    sample = run_child("floor", 1, PDF)
    assert (sample.documents, sample.pages) == (2, 11)
    assert sample.warm > 0
    assert sample.cold > 0
    assert 0 < sample.cpu < 60
    assert sample.start > 0


def test_a_failing_measurement_says_why() -> None:
    with pytest.raises(MeasurementFailed, match="nobody"):
        run_child("nobody", 1, PDF)


def test_peak_memory_counts_what_is_held() -> None:
    with PeakMemory() as before:
        pass
    # Mapped on its own, so that memory which other tests gave back is not used again for it.
    with PeakMemory() as peak, mmap.mmap(-1, 60_000_000) as held:
        held.write(b"x" * len(held))
        time.sleep(2 * INTERVAL)
    if before.megabytes is None or peak.megabytes is None:
        pytest.skip("no /proc here")
    assert peak.megabytes - before.megabytes > 50


def test_command_writes_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bench.json"
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(PDF[0].read_bytes())
    code = command.main(["--pdf", str(folder), "--peers", "floor", "--forms", "--repeat", "1", "-o", str(out)])
    assert code == 0
    data = json.loads(out.read_text(encoding="utf-8"))
    assert [Row(**row).peer for row in data["peers"]] == ["floor"]
    assert data["peers"][0]["ratio"] == 1.0
    assert data["machine"]["packages"]["pymupdf"]
    assert "| floor | 1 | 1 | 4 |" in capsys.readouterr().out
