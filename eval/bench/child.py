"""One measurement in a process of its own: `python -m eval.bench.child PEER WORKERS`, paths on stdin, one JSON object on stdout.

The first document is read alone, cold; then all documents are read, warm. jihe stores the first in a new home, which sets up the
database, and then the rest in the same home.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from eval.bench.memory import PeakMemory
from eval.bench.peers import JIHE, load_ingest, load_reader

AT_LEAST = 0.5
"""Seconds that short passes are repeated for; the median pass counts."""


def measure(peer: str, workers: int, paths: Sequence[Path]) -> dict[str, float | None]:
    """When all was imported, cold and warm seconds, processor seconds of the warm part, and peak memory."""
    with PeakMemory() as peak:
        figures = _measure_jihe(workers, paths) if peer == JIHE else _measure_reader(peer, paths)
    return figures | {"peak_mb": peak.megabytes}


def _measure_reader(peer: str, paths: Sequence[Path]) -> dict[str, float | None]:
    read = load_reader(peer)
    ready = time.time()
    cold, _ = _timed(lambda: read(paths[0]))

    def whole() -> None:
        for path in paths:
            read(path)

    passes = [_timed(whole)]
    while sum(wall for wall, _ in passes) < AT_LEAST:
        passes.append(_timed(whole))
    return {"ready": ready, "cold": cold, "warm": median(wall for wall, _ in passes), "cpu": median(cpu for _, cpu in passes)}


def _measure_jihe(workers: int, paths: Sequence[Path]) -> dict[str, float | None]:
    ingest = load_ingest()
    ready = time.time()
    with tempfile.TemporaryDirectory(prefix="jihe-bench-") as folder:
        home = Path(folder) / "home"
        cold, _ = _timed(lambda: ingest(paths[:1], home, workers))
        warm, cpu = _timed(lambda: ingest(paths[1:], home, workers))
    return {"ready": ready, "cold": cold, "warm": warm, "cpu": cpu}


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processors, those of ended children included."""
    start, cpu = time.perf_counter(), _cpu()
    run()
    return time.perf_counter() - start, _cpu() - cpu


def _cpu() -> float:
    return sum(os.times()[:4])


def main() -> None:
    """Measure what the arguments name and write the figures as JSON."""
    peer, workers = sys.argv[1], int(sys.argv[2])
    paths = [Path(line) for line in sys.stdin.read().splitlines()]
    sys.stdout.write(json.dumps(measure(peer, workers, paths)) + "\n")


if __name__ == "__main__":  # a spawned worker imports this module again
    main()
