"""`python -m eval.simulate --gold DIR PATH…`: documents read with a simulated model at several shares of faults, as tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import data
from eval.metrics.compare import GROUPS
from eval.metrics.injection import FaultCounts, Injection, InjectionSetting, Tally, injection_figures, tally
from eval.report.words import shortened
from eval.simulate.run import Setting, as_text, read_materials, run
from ingest.files import find_documents
from schema.canonical import read_forms

SHARES = (0.02, 0.1, 0.3)
FULL_SHARES, FULL_CUTS = (0.1, 0.3), 0.2
"""Of the run that docs/evaluation.md tells."""
_FULL = ((False, False), (False, True), (True, True))
"""What it reads: PDFs with what layout read, PDFs without, dumps without; the last two show what a model's answers alone come to."""
_HEADS = ("read", "faults", "relapse", "cut", "seed", "forms", "planted", *(f"silent {group}s" for group in GROUPS), "requests", "ledger")
_PASSED_HEADS = ("read", "faults", "relapse", "seed", "of", "form", "cell", "fault", "printed", "came out")
MOST_PASSED = 20
_FAULT_HEADS = ("fault", "planted", "repaired", "marked", "silent", "planted / silent by group")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 1 where a number came out wrong and unmarked."""
    options = _options().parse_args(arguments)
    figures = injection_figures(list(_played(options)))
    sys.stdout.write(figures.model_dump_json(indent=1) if options.json else "\n".join(_tables(figures)))
    sys.stdout.write("\n")
    return 1 if figures.silent_numbers else 0


def _played(options: argparse.Namespace) -> Iterator[Tally]:
    gold = [form for path in sorted(options.gold.glob("*.json")) for form in read_forms(path)]
    paths = [str(path) for path in options.paths] or [str(data.samples() / "pdf")]
    found = [document.path for document in find_documents(paths) if document.error is None]
    for dump, alone in _FULL if options.full else ((options.as_text, options.alone),):
        name = "dump" if dump else "digital"
        with TemporaryDirectory() as folder:
            materials = read_materials([as_text(path, Path(folder)) for path in found] if dump else found)
        for setting in _settings(options, alone):
            ran = run(materials, gold, setting)
            sys.stderr.write(f"{name} {setting}: {ran.measured.planted} faults, silent {dict(ran.measured.silent)}\n")
            yield tally(name, setting, ran.measured, ran.requests, ran.ledger_agrees)


def _settings(options: argparse.Namespace, alone: bool) -> Iterator[Setting]:
    """Every share with every relapse and seed."""
    shares, relapses = (
        options.share or (FULL_SHARES if options.full else SHARES),
        options.relapse or ([0.0, 0.5] if options.full else [0.0]),
    )
    seeds, cuts = (max(2, options.seeds), options.cuts or FULL_CUTS) if options.full else (options.seeds, options.cuts)
    for share, relapse, seed in product(shares, relapses, range(1, seeds + 1)):
        yield Setting(share, relapse, seed, alone, options.delay, cuts)


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.simulate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="documents; default the samples' PDFs")
    parser.add_argument("--gold", type=Path, default=data.samples() / "gold", help="folder of gold forms; default the samples'")
    parser.add_argument("--share", type=float, action="append", help="share of cells with faults; may be repeated; default 0.02 0.1 0.3")
    parser.add_argument("--relapse", type=float, action="append", help="how probably a fault is told again; may be repeated; default 0")
    parser.add_argument("--cuts", type=float, default=0.0, help="share of answers that break off, and of those that end early")
    parser.add_argument("--seeds", type=int, default=1, help="runs for each share")
    parser.add_argument("--as-text", action="store_true", help="dump the text of PDFs and read that, layout gone")
    parser.add_argument("--alone", action="store_true", help="leave out what layout read")
    parser.add_argument(
        "--full", action="store_true", help="PDFs with layout and without, dumps without; two seeds; faults told again or not"
    )
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    return parser


def _tables(figures: Injection) -> Iterator[str]:
    yield from _table(_HEADS)
    for one in figures.runs:
        ledger = "agrees" if one.agrees else "DIFFERS"
        cells = (read_as(one), f"{one.share:.0%}", f"{one.relapse:g}", f"{one.cuts:.0%}", one.seed, one.forms, one.planted)
        yield _line(*cells, *(one.silent[group] for group in GROUPS), one.requests, ledger)
    yield ""
    silent = "; ".join(f"{group} {figures.silent[group]} of {figures.cells[group]}" for group in figures.cells)
    apart = ", ".join(f"{group} {count}" for group, count in figures.silent_apart.items())
    yield f"Silently wrong: {silent}; with rows of doubtful names as rows apart: {apart}."
    yield f"Right accepted {figures.accepted or 0:.2%}, marked {figures.marked or 0:.2%}."
    yield ""
    yield from _table(_FAULT_HEADS)
    for row in figures.faults:
        groups = "; ".join(f"{group} {counts.planted} / {counts.silent}" for group, counts in row.groups.items())
        yield _line(f"{row.fault}{' (harmless)' if row.harmless else ''}", *_counted(row.all), groups)
    every = FaultCounts(planted=figures.planted, repaired=figures.repaired, marked=figures.faults_marked, silent=figures.faults_silent)
    yield _line("all", *_counted(every), "")
    if figures.examples:
        yield ""
        yield from _table(_PASSED_HEADS)
    for cell in figures.examples[:MOST_PASSED]:
        where = (cell.name, f"{cell.share:.0%}", f"{cell.relapse:g}", cell.seed, cell.group, cell.form, cell.cell)
        yield _line(*where, cell.fault or "none", *(shortened(text) for text in (cell.want, cell.got)))


def read_as(one: InjectionSetting) -> str:
    """What was read, and whether with what layout read."""
    return f"{one.name}{', model alone' if one.alone else ''}"


def _counted(counts: FaultCounts) -> tuple[object, ...]:
    return counts.planted, counts.repaired, counts.marked, counts.silent


def _table(heads: Sequence[str]) -> Iterator[str]:
    yield _line(*heads)
    yield "|---" * len(heads) + "|"


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
