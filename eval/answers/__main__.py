"""`python -m eval.answers HOME QUESTIONS.jsonl`: how many faults in answers are seen, and how many right answers are shown as worded."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from eval.answers.measure import Measured, measure


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.answers", description=__doc__)
    parser.add_argument("home", type=Path, help="home with forms")
    parser.add_argument("questions", type=Path, help="JSON lines with a question each")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same answers and faults")
    parser.add_argument("--count", type=int, default=1000, help="wrong answers; right ones are a quarter of that")
    parser.add_argument("--examples", type=int, default=20, help="how many examples of misses to show")
    given = parser.parse_args(arguments)
    lines = given.questions.read_text("utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines if line.strip()]
    measured = measure(given.home, questions, given.seed, given.count)
    sys.stdout.write("\n".join(table(measured, given.examples)) + "\n")
    return 0


def table(measured: Measured, examples: int = 0) -> Iterator[str]:
    """The figures as two tables of Markdown."""
    yield "| fault | planted | caught | share |\n|---|---|---|---|"
    for kind, planted in measured.planted.items():
        caught = planted - measured.missed[kind]
        yield f"| {kind} | {planted} | {caught} | {caught / planted:.1%} |"
    planted, missed = measured.planted.total(), measured.missed.total()
    yield f"| all | {planted} | {planted - missed} | {1 - missed / max(1, planted):.1%} |"
    yield "\n| right sentence | told | shown | share |\n|---|---|---|---|"
    for shape, told in measured.right.items():
        shown = told - measured.refused[shape]
        yield f"| {shape} | {told} | {shown} | {shown / told:.1%} |"
    yield f"| whole answers | {measured.answers} | {measured.passed} | {measured.passed / max(1, measured.answers):.1%} |"
    yield from ("", *measured.examples[:examples])


if __name__ == "__main__":
    sys.exit(main())
