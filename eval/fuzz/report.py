"""What a run came to: a table for people, JSON for whoever adds up several."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

from eval.fuzz.run import Tally


def as_json(tally: Tally) -> str:
    """The whole of it."""
    course = tally.course
    return json.dumps(
        {
            "seed": course.seed,
            "start": course.start,
            "inputs": tally.done,
            "next": tally.next_number,
            "seconds": round(tally.seconds, 1),
            "per_second": round(tally.done / max(tally.seconds, 0.001), 2),
            "slowest": round(tally.slowest, 2),
            "outcomes": {kind: dict(counts.most_common()) for kind, counts in sorted(tally.outcomes.items())},
            "mutations": dict(tally.steps.most_common()),
            "findings": [asdict(finding) for finding in tally.findings.values()],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_table(tally: Tally) -> str:
    """Inputs and outcomes by kind; the findings below."""
    names = [name for name, _ in sum(tally.outcomes.values(), Counter[str]()).most_common()]
    lines = ["| kind | inputs | " + " | ".join(names) + " |", "|---" * (len(names) + 2) + "|"]
    for kind, counts in sorted(tally.outcomes.items()):
        lines.append(f"| {kind} | {counts.total()} | " + " | ".join(str(counts[name]) for name in names) + " |")
    speed = f"{tally.done / max(tally.seconds, 0.001):.1f} inputs/s, slowest {tally.slowest:.1f} s"
    lines += ["", f"{tally.done} inputs in {tally.seconds:.0f} s, {speed}; go on with --start {tally.next_number}"]
    lines += [f"{finding.times:4} × {finding.signature}  {finding.file}" for finding in tally.findings.values()]
    return "\n".join(lines)
