"""`python -m eval.fuzz -o FOLDER`: mutated documents through the real reading path; what may not happen is kept to be replayed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.fuzz.findings import known
from eval.fuzz.material import KINDS
from eval.fuzz.report import as_json, as_table
from eval.fuzz.run import LIMITS, OCR_LIMITS, Course, Tally, replayed, run
from schema.errors import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, or replay; 1 when something was found."""
    given = _parser().parse_args(arguments)
    if given.replay:
        return _replay(given.replay)
    course = Course(given.seed, given.start, given.count, tuple(given.kinds.split(",")), given.seconds, given.workers)
    given.output.mkdir(parents=True, exist_ok=True)
    report = given.output / f"report-{course.seed}-{course.start}.json"

    def told(tally: Tally) -> None:
        report.write_text(as_json(tally), "utf-8")
        sys.stderr.write(f"{tally.next_number} of {course.start + course.count}, {tally.seconds:.0f} s, {len(tally.findings)} findings\n")

    tally = run(course, given.output / "findings", told)
    sys.stdout.write(f"{as_table(tally)}\n")
    return 1 if tally.findings else 0


def _replay(path: Path) -> int:
    try:
        file, ocr = known(path)
    except UsageError as e:
        sys.stderr.write(f"{e}\n")
        return 1
    verdict, seconds = replayed(file, OCR_LIMITS if ocr else LIMITS)
    sys.stdout.write(f"{file}: {verdict.outcome} in {seconds:.1f} s\n")
    if verdict.complaint:
        sys.stdout.write(f"{verdict.signature}\n{verdict.detail}\n")
    return 1 if verdict.complaint else 0


def _kinds(text: str) -> str:
    if unknown := set(text.split(",")) - set(KINDS):
        raise argparse.ArgumentTypeError(f"unknown kinds: {', '.join(sorted(unknown))}")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.fuzz", description="Mutated documents through the real reading path.")
    parser.add_argument("-o", "--output", type=Path, default=Path("fuzz"), help="folder for the report and the findings")
    parser.add_argument("--seed", type=int, default=0, help="the same seed and number give the same bytes")
    parser.add_argument("--start", type=int, default=0, help="number of the first input: where an earlier run ended")
    parser.add_argument("--count", type=int, default=1000, help="inputs")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="no new round after so many")
    parser.add_argument("--kinds", type=_kinds, default=",".join(KINDS), help=f"of {','.join(KINDS)}; numbers mean other inputs then")
    parser.add_argument("--workers", type=int, default=1, help="processes that read")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="read a finding again, or any file, and say what came of it")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
