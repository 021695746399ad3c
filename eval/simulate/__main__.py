"""`python -m eval.simulate --gold DIR PATH…`: documents read with a simulated model at several shares of faults, as tables."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import data
from eval.simulate.faults import FAULTS
from eval.simulate.run import Ran, Setting, as_text, read_materials, run
from ingest.files import find_documents
from schema.canonical import read_forms

SHARES = (0.02, 0.1, 0.3)
_HEADS = (
    "faults", "relapse", "seed", "forms", "planted", "silent numbers", "silent labels", "silent texts", "right accepted", "marked",
    "requests", "ledger",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    options = _options().parse_args(arguments)
    gold = [form for path in sorted(options.gold.glob("*.json")) for form in read_forms(path)]
    paths = [str(path) for path in options.paths] or [str(data.samples() / "pdf")]
    with TemporaryDirectory() as folder:
        found = [document.path for document in find_documents(paths) if document.error is None]
        materials = read_materials([as_text(path, Path(folder)) for path in found] if options.as_text else found)
    out = []
    for share in options.share or SHARES:
        for seed in range(1, options.seeds + 1):
            setting = Setting(share, options.relapse, seed, options.alone, options.delay)
            out.append((setting, run(materials, gold, setting)))
    sys.stdout.write(_table(out) if not options.json else json.dumps([_figures(s, r) for s, r in out], ensure_ascii=False, indent=1))
    sys.stdout.write("\n")
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.simulate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="documents; default the samples' PDFs")
    parser.add_argument("--gold", type=Path, default=data.samples() / "gold", help="folder of gold forms; default the samples'")
    parser.add_argument("--share", type=float, action="append", help="share of cells with faults; may be repeated; default 0.02 0.1 0.3")
    parser.add_argument("--relapse", type=float, default=0.0, help="how probably a fault is told again when asked for again")
    parser.add_argument("--seeds", type=int, default=1, help="runs for each share")
    parser.add_argument("--as-text", action="store_true", help="dump the text of PDFs and read that, layout gone")
    parser.add_argument("--alone", action="store_true", help="leave out what layout read")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    return parser


def _figures(setting: Setting, ran: Ran) -> dict[str, object]:
    m = ran.measured
    return {
        "share": setting.share, "relapse": setting.relapse, "seed": setting.seed, "alone": setting.alone, "forms": m.forms,
        "planted": sum(m.planted.values()), "numbers": m.cells["number"], "silent_numbers": m.silent["number"],
        "labels": m.cells["label"], "silent_labels": m.silent["label"], "texts": m.cells["text"], "silent_texts": m.silent["text"],
        "accepted": round(m.accepted / max(1, m.right_said), 4), "marked": round(m.marked / max(1, m.cells.total()), 4),
        "repaired": {fault.name: f"{m.repaired[fault.name]}/{m.planted[fault.name]}" for fault in FAULTS if m.planted[fault.name]},
        "requests": ran.requests, "most_at_once": ran.most_at_once, "seconds": round(ran.seconds, 2),
        "prompt_tokens": ran.prompt_tokens, "completion_tokens": ran.completion_tokens, "ledger_agrees": ran.ledger_agrees,
        "examples": m.examples[:5],
    }  # fmt: skip


def _table(runs: Sequence[tuple[Setting, Ran]]) -> str:
    return "\n".join([*_overview(runs), "", *_by_class(runs)])


def _overview(runs: Sequence[tuple[Setting, Ran]]) -> Iterator[str]:
    yield f"| {' | '.join(_HEADS)} |"
    yield "|---" * len(_HEADS) + "|"
    for setting, ran in runs:
        m = ran.measured
        silent = " | ".join(f"{m.silent[kind]} of {m.cells[kind]}" for kind in ("number", "label", "text"))
        accepted, marked = m.accepted / max(1, m.right_said), m.marked / max(1, m.cells.total())
        ledger = "agrees" if ran.ledger_agrees else "DIFFERS"
        yield (
            f"| {setting.share:.0%} | {setting.relapse:g} | {setting.seed} | {m.forms} | {m.planted.total()} | {silent} "
            f"| {accepted:.2%} | {marked:.2%} | {ran.requests} | {ledger} |"
        )


def _by_class(runs: Sequence[tuple[Setting, Ran]]) -> Iterator[str]:
    yield "| fault | planted | repaired | left marked |"
    yield "|---|---|---|---|"
    for fault in FAULTS:
        planted, repaired, left = (
            sum(getattr(ran.measured, name)[fault.name] for _, ran in runs) for name in ("planted", "repaired", "open")
        )
        if planted:
            yield f"| {fault.name} | {planted} | {repaired / planted:.1%} | {left / planted:.1%} |"


if __name__ == "__main__":
    sys.exit(main())
