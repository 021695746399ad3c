"""`python -m eval.bench ray`: one local worker, as many as given, and Ray at equal cores, with a worker killed on the way in one run.

Every measurement is a process of its own with a home of its own; all homes have to hold the same in the end.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pymupdf
from rich.console import Console

from agents.engines.ray_pool import RayPool
from agents.pipeline import plan, run
from agents.reading_pool import ReadingPool
from eval.bench.tree import Sampling, family, files, stats
from eval.degrade.presets import PRESETS, Name
from eval.degrade.tool import degraded, write
from eval.synthesis.corpus import write_corpus
from schema.form import Form
from store.store import Store

MOST_OVERHEAD = 0.15
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_FORMS_AT_ONCE = 50
_NO_CLOCK = {"seconds": None}
_HEAD = "| way | documents | pages | whole s | first s | after it s | pages/s after it | CPU s |\n|---|---|---|---|---|---|---|---|"

Way = Literal["one", "local", "ray", "ray killed"]
WAYS: tuple[Way, ...] = ("one", "local", "ray", "ray killed")
SEED = 1


@dataclass(frozen=True)
class Run:
    """One measurement. Seconds: `whole` of all, `first` until the first document was stored, `cpu` of the processors, all processes."""

    way: Way
    documents: int
    pages: int
    whole: float
    first: float
    cpu: float

    @property
    def reading(self) -> float:
        """Seconds without the start of processes."""
        return self.whole - self.first


class TreeCpu(Sampling):
    """Processor seconds of this process and all below it, those that ended included; sampled, so the last moment of each is lost."""

    def __init__(self) -> None:
        super().__init__()
        self._ticks: dict[int, int] = {}

    @property
    def seconds(self) -> float:
        """So far."""
        return sum(self._ticks.values()) / _TICKS

    def look(self) -> None:
        """Take note of what each process has used."""
        fields = stats()
        # Who lost its parent is still ours.
        members = family([os.getpid(), *self._ticks], {pid: int(told[1]) for pid, told in fields.items()})
        self._ticks |= {pid: int(fields[pid][11]) + int(fields[pid][12]) for pid in members}


def measure(way: Way, folder: Path, home: Path, workers: int) -> Run:
    """Read a folder into a new home."""
    documents, pages, first = 0, 0, 0.0
    with TreeCpu() as cpu, Store.open(home) as store, _pool(way, workers) as pool:
        begun = time.perf_counter()
        planned = plan([str(folder)], store)
        for outcome in run(planned, store, pool):
            documents, pages = documents + 1, pages + len(outcome.pages)
            first = first or time.perf_counter() - begun
            if way == "ray killed" and documents in (len(planned.tasks) // 3, len(planned.tasks) * 2 // 3):
                os.kill(next(_actors()), signal.SIGKILL)
        whole = time.perf_counter() - begun
    return Run(way, documents, pages, whole, first, cpu.seconds)


def _pool(way: Way, workers: int) -> ReadingPool | RayPool:
    if way in ("one", "local"):
        return ReadingPool(1 if way == "one" else workers, threads=1)
    return RayPool(None, workers)


def _actors() -> Iterator[int]:
    return (pid for pid, command in files("cmdline") if command.startswith("ray::Reader"))


def stored(home: Path) -> list[Form]:
    """The forms of a home without what the clock put in."""
    with Store.open(home) as store:
        return [form.model_copy(update={"source": form.source and form.source.model_copy(update=_NO_CLOCK)}) for form in store.iter_forms()]


def main(argv: list[str] | None = None) -> int:
    """Measure, tell, compare; 1 where the overhead or a difference is too large, else 0."""
    options = _parser().parse_args(argv)
    if options.one:
        way, folder, home = options.one
        sys.stdout.write(json.dumps(asdict(measure(way, Path(folder), Path(home), options.workers))) + "\n")
        return 0
    console, log = Console(), Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="jihe-ray-bench-") as place:
        folder = Path(place) / "corpus"
        log.print(f"drawing {options.pages} pages", style="dim", highlight=False)
        _draw(folder, options.pages, options.scanned)
        runs: list[Run] = []
        same = True
        expected: list[Form] | None = None
        for turn in range(options.repeat):
            for way in WAYS:
                home = Path(place) / f"home-{turn}-{way.replace(' ', '-')}"
                log.print(f"{turn + 1}/{options.repeat}: {way}", style="dim", highlight=False)
                runs.append(_measured(way, folder, home, options.workers))
                forms = stored(home)
                expected = forms if expected is None else expected
                same = same and forms == expected
    return _report(console, runs, same, options.output)


def _measured(way: Way, folder: Path, home: Path, workers: int) -> Run:
    command = [sys.executable, "-m", "eval.bench", "ray", "--workers", str(workers), "--one", way, str(folder), str(home)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def _draw(folder: Path, pages: int, scanned: Name | None) -> None:
    """Generated forms, one per PDF, of so many pages at least; or scans of them."""
    folder.mkdir()
    drawn, part = 0, 0
    while drawn < pages:
        inner = folder / f"part-{part:03}"
        inner.mkdir()
        for path, _ in write_corpus(inner, _FORMS_AT_ONCE, seed=part):
            if drawn >= pages:
                path.unlink()
                continue
            with pymupdf.open(path) as document:
                drawn += document.page_count
            if scanned is not None:
                write(list(degraded(path, PRESETS[scanned], SEED)), path.with_suffix(""), "pdf")
        part += 1


def _report(console: Console, runs: list[Run], same: bool, output: Path | None) -> int:
    console.print(_HEAD, soft_wrap=True)
    for one in runs:
        figures = f"{one.whole:.1f} | {one.first:.1f} | {one.reading:.1f} | {one.pages / one.reading:.1f} | {one.cpu:.1f}"
        console.print(f"| {one.way} | {one.documents} | {one.pages} | {figures} |", soft_wrap=True, highlight=False)
    whole, reading, cpu = (_overhead(runs, what) for what in ("whole", "reading", "cpu"))
    told = f"whole {whole:+.1%}, after the first document {reading:+.1%}, CPU {cpu:+.1%}"
    console.print(f"overhead of ray, least of each: {told}", highlight=False, soft_wrap=True)
    good = reading <= MOST_OVERHEAD
    console.print(f"{'ok  ' if good else 'MISS'} overhead at most {MOST_OVERHEAD:.0%} once Ray runs", highlight=False)
    console.print(f"{'ok  ' if same else 'MISS'} every home holds the same forms", highlight=False)
    if output is not None:
        output.write_text(json.dumps({"runs": [asdict(one) for one in runs], "same": same}, indent=1) + "\n", encoding="utf-8")
    return 0 if good and same else 1


def _overhead(runs: list[Run], what: str) -> float:
    least = {way: min(getattr(one, what) for one in runs if one.way == way) for way in ("local", "ray")}
    return float(least["ray"] / least["local"] - 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench ray", description="The local pool against Ray at equal cores.")
    parser.add_argument("--pages", type=int, default=2000, help="at least so many, generated")
    parser.add_argument("--scanned", choices=PRESETS, help="copies of the pages as scans of this strength; some dozens of pages are enough")
    parser.add_argument("--workers", type=int, default=2, help="readers of each")
    parser.add_argument("--repeat", type=int, default=1, help="turns")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    parser.add_argument("--one", nargs=3, metavar=("WAY", "FOLDER", "HOME"), help=argparse.SUPPRESS)
    return parser
