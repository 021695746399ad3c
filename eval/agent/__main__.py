"""`python -m eval.agent HOME QUESTIONS.jsonl`: how many faulty final answers of an agent are kept back, how many right ones shown."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.agent.measure import Measured, measure


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.agent", description=__doc__)
    parser.add_argument("home", type=Path, help="home with forms")
    parser.add_argument("questions", type=Path, help="JSON lines with a question each")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same answers and faults")
    parser.add_argument("--faulty", type=int, default=1000, help="faulty final answers")
    parser.add_argument("--right", type=int, default=250, help="right final answers")
    parser.add_argument("--examples", type=int, default=20, help="how many examples of misses to show")
    given = parser.parse_args(arguments)
    lines = given.questions.read_text("utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines if line.strip()]
    started = time.monotonic()
    measured = measure(given.home, questions, given.seed, given.faulty, given.right)
    told = [*table(measured), f"\n{time.monotonic() - started:.0f} seconds", *measured.examples[: given.examples]]
    sys.stdout.write("\n".join(told) + "\n")
    return 0


def table(measured: Measured) -> Iterator[str]:
    """The figures as two tables of Markdown."""
    yield "| fault | planted | kept from the reader | share |\n|---|---|---|---|"
    for kind, planted in measured.planted.items():
        yield f"| {kind} | {planted} | {planted - measured.missed[kind]} | {1 - measured.missed[kind] / planted:.1%} |"
    planted, missed = measured.planted.total(), measured.missed.total()
    yield f"| all | {planted} | {planted - missed} | {1 - missed / max(1, planted):.1%} |"
    yield "\n| right answers beginning with | told | shown as worded | share |\n|---|---|---|---|"
    for shape, told in measured.right.items():
        yield f"| {shape} | {told} | {measured.shown[shape]} | {measured.shown[shape] / told:.1%} |"
    told, shown = measured.right.total(), measured.shown.total()
    yield f"| all | {told} | {shown} | {shown / max(1, told):.1%} |"


if __name__ == "__main__":
    sys.exit(main())
