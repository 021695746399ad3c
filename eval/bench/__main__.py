"""`python -m eval.bench`: measure, print the tables, write the figures; `… questions`, `… servers`, `… web`, `… pages`, `… ray`: others."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from data import samples
from eval.bench import pages, questions, ray, report, servers, web
from eval.bench.peers import FLOOR, JIHE, PEERS
from eval.bench.runs import Contender, Progress, Row, interleave, summarise
from eval.synthesis.corpus import write_corpus

OTHERS: dict[str, Callable[[list[str]], int]] = {
    "questions": questions.main,
    "servers": servers.main,
    "web": web.main,
    "pages": pages.main,
    "ray": ray.main,
}
"""Benchmarks with a command of their own."""


def main(argv: list[str] | None = None) -> int:
    """Run the benchmark; 1 when a limit of the issue is broken, else 0."""
    given = sys.argv[1:] if argv is None else argv
    if given and given[0] in OTHERS:
        return OTHERS[given[0]](given[1:])
    options = _parser().parse_args(argv)
    console, log = Console(), Console(stderr=True)
    contenders = [(peer, workers) for peer in options.peers for workers in (options.workers if peer == JIHE else (1,))]

    def tell(line: str) -> None:
        log.print(line, style="dim", highlight=False)

    peers = summarise(interleave(contenders, sorted(options.pdf.glob("*.pdf")), options.repeat, tell)) if options.peers else []
    growth = _growth(options, tell) if options.forms else []
    for title, rows in ((f"Same pages: {options.pdf}", peers), ("Growth: distinct generated forms, one per PDF", growth)):
        if rows:
            console.print(report.table(title, rows) if console.is_terminal else f"{title}\n\n{report.markdown(rows)}\n", soft_wrap=True)
    kept = report.verdicts(peers, growth)
    for what, good in kept:
        console.print(f"{'ok  ' if good else 'MISS'} {what}", highlight=False)
    if options.output:
        report.write_json(options.output, peers, growth, shlex.join(["python", "-m", "eval.bench", *(argv or sys.argv[1:])]))
    return 0 if all(good for _, good in kept) else 1


def _growth(options: argparse.Namespace, tell: Progress) -> list[Row]:
    """The floor and the whole path on ever more generated forms."""
    contenders: list[Contender] = [(FLOOR, 1), *((JIHE, workers) for workers in options.workers if JIHE in options.peers)]
    samples_ = []
    with tempfile.TemporaryDirectory(prefix="jihe-forms-") as folder:
        tell(f"drawing {max(options.forms)} forms")
        paths = [path for path, _ in write_corpus(Path(folder), max(options.forms))]
        for size in sorted(options.forms):
            samples_ += interleave(contenders, paths[:size], options.growth_repeat, tell)
    return summarise(samples_)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench",
        description="Seconds per page and peak memory, against the floor and peers.",
        epilog="python -m eval.bench questions, web, pages: seconds per question, singly and with many askers at once, and of pages; "
        "servers: a province's forms on PostgreSQL and Chroma.",
    )
    parser.add_argument("--pdf", type=Path, default=samples() / "pdf", help="folder of PDFs for the comparison of peers")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="readers to compare; none skips the comparison")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2], help="worker counts of jihe")
    parser.add_argument("--forms", nargs="*", type=int, default=[10, 100, 1000], help="sizes of the growth run; none skips it")
    parser.add_argument("--repeat", type=int, default=5, help="interleaved repetitions of the comparison")
    parser.add_argument("--growth-repeat", type=int, default=1, help="interleaved repetitions of each size")
    parser.add_argument("-o", "--output", type=Path, help="write all figures there as JSON")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
