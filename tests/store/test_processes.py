"""Several processes on one home, and processes that die."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from store import Store
from tests.factories import make_form, make_reading

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from pathlib import Path
from store import Store
from tests.factories import make_form, make_reading

home, name, first, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with Store.open(home) as store:
    run = store.start_run("ingest")
    for i in range(first, last):
        store.save(make_reading([make_form(f"{name}{i}-{n}") for n in range(3)], f"{name}{i}.pdf"), run)
        print(i, flush=True)
    store.finish_run(run)
"""


def _writer(home: Path, name: str, first: int, last: int) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", WRITER, str(home), name, str(first), str(last)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_write_at_once(home: Path) -> None:
    writers = [_writer(home, name, 0, 25) for name in ("甲", "乙")]
    for writer in writers:
        _, complaint = writer.communicate(timeout=120)
        assert (writer.returncode, complaint) == (0, "")
    with Store.open(home) as store:
        counts = store.counts()
        assert (counts.documents, counts.forms, counts.unsettled_units, counts.unfinished_runs) == (50, 150, 0, 0)


def test_a_killed_run_leaves_whole_documents_and_resumes_to_the_same_end(home: Path, tmp_path: Path) -> None:
    writer = _writer(home, "甲", 0, 200)
    assert writer.stdout is not None
    for _ in range(7):
        writer.stdout.readline()
    os.kill(writer.pid, signal.SIGKILL)
    writer.communicate(timeout=60)
    with Store.open(home) as store:
        counts = store.counts()
        assert 7 <= counts.documents < 200
        assert (counts.forms, counts.versions, counts.indicators) == (3 * counts.documents, 3 * counts.documents, 18 * counts.documents)
        assert (counts.unfinished_runs, counts.unsettled_units) == (1, 0)
    resumed = _writer(home, "甲", 0, 30)
    assert resumed.communicate(timeout=120)[1] == ""
    whole = tmp_path / "whole"
    with Store.open(whole) as store:
        run = store.start_run("ingest")
        for i in range(max(30, counts.documents)):
            store.save(make_reading([make_form(f"甲{i}-{n}") for n in range(3)], f"甲{i}.pdf"), run)
        store.finish_run(run)
        expected = (list(store.iter_forms()), store.findings())
    with Store.open(home) as store:
        assert (list(store.iter_forms()), store.findings()) == expected


def test_a_reader_sees_one_state_while_another_writes(store: Store, run: int) -> None:
    store.save(make_reading([make_form(f"项目{i}") for i in range(3)], "甲.pdf"), run)
    stream = store.iter_forms()
    next(stream)
    with Store.open(store.home) as other:
        other.save(make_reading([make_form("后来的")], "乙.pdf"), run)
    assert len(list(stream)) == 2
    assert len(store.forms()) == 4
