"""One measurement on servers in a process of its own: `python -m eval.bench.servers_child WHAT HOME …`, one JSON object on stdout.

WHAT is `import FOLDER COUNT` (files of canonical JSON, as `jihe import` takes them), `index` or `questions REPEAT`. The servers are those
that JIHE_DATABASE_URL and JIHE_CHROMA_URL name.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from agents.answer.ask import Asker
from agents.embed import embedder_from_env
from eval.bench.asked import QUESTIONS
from eval.bench.memory import PeakMemory
from eval.bench.questions import PIECE
from eval.synthesis.many import province_forms
from schema.canonical import dump_forms
from schema.form import Form
from store.importing import import_files
from store.index import Index
from store.records import FormFilter, Slice
from store.store import Store

FIRST = QUESTIONS[3].text
"""What a fresh process is asked first: it goes through all forms."""


def piece_file(folder: Path, number: int, size: int) -> Path:
    """Where a piece of so many forms is kept."""
    return folder / f"forms-{number:06d}-{size}.json"


def pieces(folder: Path, count: int) -> list[Path]:
    """The files that hold the first so many made-up forms."""
    return [piece_file(folder, start // PIECE, min(PIECE, count - start)) for start in range(0, count, PIECE)]


def write_pieces(folder: Path, counts: Sequence[int]) -> None:
    """Made-up forms as canonical JSON in files of 500; sizes have the files in common, but for a shorter last one; what is there stays."""
    waiting = {file for count in counts for file in pieces(folder, count) if not file.exists()}
    if not waiting:
        return
    forms = province_forms(max(counts))
    for number in range(-(-max(counts) // PIECE)):
        piece = [form for _, form in zip(range(PIECE), forms, strict=False)]
        for size in range(1, len(piece) + 1):
            file = piece_file(folder, number, size)
            if file in waiting:
                file.write_text(dump_forms(piece[:size]), encoding="utf-8")


def run_import(home: Path, folder: Path, count: int) -> dict[str, Any]:
    """Import that many forms: seconds by the clock and of the processors, this process' own and its child's, and peak memory."""
    with PeakMemory() as peak, Store.open(home) as store:
        begun, cpu = time.perf_counter(), _cpu()
        first = last = begun
        for number, imported in enumerate(import_files(store, pieces(folder, count))):
            if imported.error is not None:
                raise imported.error
            last = time.perf_counter()
            first = last if number == 0 else first
        seconds, cpu = time.perf_counter() - begun, _cpu() - cpu
        counts = store.counts()
    return {
        "forms": counts.forms,
        "indicators": counts.indicators,
        "findings": sum(counts.findings.values()),
        "seconds": seconds,
        "first_piece": first - begun,
        "settling": seconds - (last - begun),
        "cpu": cpu,
        "peak_mb": peak.megabytes,
    }


def run_index(home: Path) -> dict[str, Any]:
    """Make the index: what `jihe import` does when the forms are there."""
    with PeakMemory() as peak, Store.open(home, create=False) as store:
        begun, cpu = time.perf_counter(), time.process_time()
        embedder = embedder_from_env(os.environ, store.home)
        words: list[float] = []

        def told(done: int, total: int) -> None:
            # Forms are told first, then vectors.
            if done == total and not words:
                words.append(time.perf_counter() - begun)

        with Index.open(store, embedder) as index:
            index.catch_up(told)
            state = index.state()
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        waiting = state.waiting_forms + state.waiting_vectors
    figures = {"chunks": state.chunks, "waiting": waiting, "embedder": embedder.name, "seconds": seconds, "cpu": cpu}
    return figures | {"words": words[0] if words else seconds, "peak_mb": peak.megabytes}


def run_questions(home: Path, repeat: int) -> dict[str, Any]:
    """Every kind of question of `eval.bench.questions`, from the tables alone: seconds of each time it was put, the first time apart."""
    with PeakMemory() as peak:
        begun = time.perf_counter()
        with Asker.open(home) as asker:
            asker.turn(FIRST)
            opened = time.perf_counter() - begun
            slots = _slots(home)
            asked = []
            for question in QUESTIONS:
                text = question.text.format(**slots)
                first, _ = _timed(lambda text=text: asker.turn(text))  # type: ignore[misc]
                times = [_timed(lambda text=text: asker.turn(text)) for _ in range(repeat)]  # type: ignore[misc]
                seconds, cpu = ([time[i] for time in times] for i in (0, 1))
                asked.append({"kind": question.kind, "language": question.language, "first": first, "seconds": seconds, "cpu": cpu})
    return {"opened": opened, "asked": asked, "peak_mb": peak.megabytes}


def _slots(home: Path) -> dict[str, object]:
    """Names of a form that lost points, from the middle of those there are."""
    with Store.open(home, create=False) as store:
        middle = store.counts().forms // 2
        lines = store.form_lines(FormFilter(), Slice(offset=middle, limit=50)).lines
        form: Form = store.get(next((line for line in lines if line.lost), lines[0]).form_id)
    rows = form.indicators
    lost = next((row for row in rows if row.weight and row.score is not None and row.score < row.weight), rows[0])
    head: dict[str, object] = {"project": form.project_name, "unit": form.implementing_unit, "year": form.fiscal_year}
    return head | {"row": rows[0].name, "lost": lost.name}


def _timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of this process on the processor."""
    begun, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - begun, time.process_time() - cpu


def _cpu() -> float:
    return sum(os.times()[:4])


def main() -> None:
    """Measure what the arguments name and write the figures as JSON."""
    what, home, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    if what == "import":
        figures = run_import(home, Path(rest[0]), int(rest[1]))
    elif what == "index":
        figures = run_index(home)
    else:
        figures = run_questions(home, int(rest[0]))
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":  # the process that reads ahead imports this module again
    main()
