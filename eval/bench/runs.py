"""Measurements in turn: every peer once, then every peer again, so that a slow minute of the machine hits all alike."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import median

import pymupdf

from eval.bench.peers import FLOOR, JIHE

Contender = tuple[str, int]
"""A peer and its number of workers."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Sample:
    """One measurement. Seconds; `start` is interpreter and imports, `cold` the first document.

    `warm` and `cpu` (processor seconds, all cores and workers) are for `pages`: those of all documents, for jihe those of all but the
    first, which has set up the home.
    """

    peer: str
    workers: int
    documents: int
    pages: int
    start: float
    cold: float
    warm: float
    cpu: float
    peak_mb: float | None

    @property
    def ms_per_page(self) -> float:
        """Warm milliseconds per page."""
        return self.warm / self.pages * 1000


@dataclass(frozen=True)
class Row:
    """What the repetitions of one contender on one set of documents come to."""

    peer: str
    workers: int
    documents: int
    pages: int
    ms_per_page: float
    fastest: float
    slowest: float
    cpu_ms_per_page: float
    ratio: float | None
    seconds: float
    start: float
    cold: float
    peak_mb: float | None
    repetitions: int


class MeasurementFailed(Exception):
    """A measuring process ended with an error; the message is what it said last."""


def interleave(contenders: Sequence[Contender], paths: Sequence[Path], repeat: int, tell: Progress) -> list[Sample]:
    """Measure every contender `repeat` times, in turn. One that cannot run is told of and left out."""
    samples: list[Sample] = []
    out: set[Contender] = set()
    for turn in range(repeat):
        for peer, workers in contenders:
            if (peer, workers) in out:
                continue
            tell(f"{turn + 1}/{repeat}: {peer}, {workers} worker(s), {len(paths)} documents")
            try:
                samples.append(run_child(peer, workers, paths))
            except MeasurementFailed as e:
                out.add((peer, workers))
                tell(f"{peer} with {workers} worker(s) is left out: {e}")
    return samples


def run_child(peer: str, workers: int, paths: Sequence[Path]) -> Sample:
    """One measurement in a fresh process.

    Raises:
        MeasurementFailed: the process ended with an error.
    """
    begun = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "eval.bench.child", peer, str(workers)],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise MeasurementFailed(lines[-1] if lines else f"exit code {done.returncode}")
    figures = json.loads(done.stdout.splitlines()[-1])
    start = figures.pop("ready") - begun
    pages = sum(_count_pages(path) for path in (paths[1:] if peer == JIHE else paths))
    return Sample(peer=peer, workers=workers, documents=len(paths), pages=pages, start=start, **figures)


@cache
def _count_pages(path: Path) -> int:
    with pymupdf.open(path) as document:
        pages: int = document.page_count
    return pages


def summarise(samples: Iterable[Sample]) -> list[Row]:
    """One row per contender and number of documents, with the ratio to the floor of the same documents."""
    groups: dict[tuple[str, int, int], list[Sample]] = {}
    for sample in samples:
        groups.setdefault((sample.peer, sample.workers, sample.documents), []).append(sample)
    return _with_ratios([_row(group) for group in groups.values()])


def _row(group: Sequence[Sample]) -> Row:
    first, each = group[0], sorted(sample.ms_per_page for sample in group)
    peaks = [sample.peak_mb for sample in group if sample.peak_mb is not None]
    return Row(
        peer=first.peer,
        workers=first.workers,
        documents=first.documents,
        pages=first.pages,
        ms_per_page=median(each),
        fastest=each[0],
        slowest=each[-1],
        cpu_ms_per_page=median(sample.cpu / sample.pages * 1000 for sample in group),
        ratio=None,
        seconds=median(sample.warm for sample in group),
        start=median(sample.start for sample in group),
        cold=median(sample.cold for sample in group),
        peak_mb=max(peaks, default=None),
        repetitions=len(group),
    )


def _with_ratios(rows: list[Row]) -> list[Row]:
    floors = {row.documents: row.ms_per_page for row in rows if row.peer == FLOOR}
    out = []
    for row in rows:
        floor = floors.get(row.documents)
        ratio = row.ms_per_page / floor if floor else None
        out.append(Row(**asdict(row) | {"ratio": ratio}))
    return out
