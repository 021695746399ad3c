"""`python -m eval.bench.scans`: reading scans beside the OCR engine's own single pass over the same pictures, in the same run.

The pages are those of the samples, degraded with fixed seeds. The engine's pass is rapidocr as it comes, detection and recognition of
every line at the picture's own size; jihe straightens, finds rulings, reads, reads again where it is unsure, extracts and verifies.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import rapidocr

from agents.reader import read_document
from data import samples
from eval.bench.memory import PeakMemory
from eval.degrade.presets import PRESETS, Name
from eval.degrade.tool import degraded, write
from ingest.mupdf import pymupdf
from schema.errors import DocumentError

LIMITS: dict[Name, float] = {"light": 1.5, "heavy": 3.0}
"""How many times the engine's own pass the whole path may take."""
_PAGES = (("jiading-2024", (1, 2, 3)), ("minhang-services-2024", (1, 2)), ("shanghai-bigdata-2024", (1,)))
_SEED = 11


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and return 1 where a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.scans", description="Reading scans beside the engine's own pass.")
    parser.add_argument("--memory-pages", type=int, default=0, metavar="N", help="also read one scan of N pages and watch its memory")
    given = parser.parse_args(arguments)
    missed = False
    _say("| scans | pages | engine s/page | jihe s/page | ratio | limit |", "|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="jihe-bench-") as folder:
        for preset, limit in LIMITS.items():
            pairs = list(_timed(preset, Path(folder)))
            engine, ours = (statistics.mean(column) for column in zip(*pairs, strict=True))
            missed |= ours > limit * engine
            _say(f"| {preset} | {len(pairs)} | {engine:.2f} | {ours:.2f} | {ours / engine:.2f} | {limit} |")
        if given.memory_pages:
            _watch_memory(Path(folder), given.memory_pages)
    return int(missed)


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _timed(preset: Name, folder: Path) -> Iterator[tuple[float, float]]:
    """Seconds of the engine's pass and of ours for each page, taking turns; both are warmed up on the first page."""
    engine = rapidocr.RapidOCR()
    warm = False
    for name, pages in _PAGES:
        for number in pages:
            made = list(degraded(samples() / "pdf" / f"{name}.pdf", PRESETS[preset], _SEED, (number,)))
            picture = np.ascontiguousarray(made[0][0][..., ::-1])
            (path,) = write(made, folder / f"{preset}-{name}-{number}", "pdf")
            if not warm:
                engine(picture)
                _seconds(path)
                warm = True
            started = time.perf_counter()
            engine(picture)
            yield time.perf_counter() - started, _seconds(path)


def _seconds(path: Path) -> float:
    started = time.perf_counter()
    try:
        read_document(path)
    except DocumentError as e:
        # Half a form may hold nothing to extract; the time counts all the same.
        sys.stderr.write(f"{path.name}: {type(e).__name__}\n")
    return time.perf_counter() - started


def _watch_memory(folder: Path, count: int) -> None:
    """Peak memory while one scan of 20 pages is read, and one of `count`."""
    made = list(degraded(samples() / "pdf" / "jiading-2024.pdf", PRESETS["light"], _SEED, (1, 2)))
    (path,) = write(made, folder / "two", "pdf")
    _say("", "| pages of one scan | peak MB |", "|---:|---:|")
    for pages in (20, count):
        with pymupdf.open() as document, pymupdf.open(path) as two:
            for _ in range(pages // 2):
                document.insert_pdf(two)
            document.save(folder / "long.pdf")
        with PeakMemory() as peak:
            read_document(folder / "long.pdf")
        _say(f"| {pages} | {peak.megabytes or 0:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
