"""Bad days, for real, through the command line: a full disk, a home nobody may write, a clock that goes back, a kill amid a correction.

What was stored stays, nothing is half there, the message says what to do, and the next run mends it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from data import samples
from store.store import Store

DOCUMENTS = sorted((samples() / "pdf").glob("*.pdf"))
JIHE = (sys.executable, "-m", "ui.cli")
Shell = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture
def in_a_small_disk(tmp_path: Path) -> Shell:
    """Runs a script of the shell in which $DISK is a file system of its own, 3 MB large, and `jihe` keeps its home there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=3m tmpfs '{disk}'"
    own = ("unshare", "--mount", "sh", "-c")
    if shutil.which("unshare") is None or subprocess.run([*own, mount], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system of one's own")

    def run(script: str) -> subprocess.CompletedProcess[str]:
        jihe = f"jihe() {{ {' '.join(JIHE)} --home '{disk}/home' \"$@\"; }}"
        whole = f"{mount}; DISK='{disk}'; {jihe}; {script}"
        return subprocess.run([*own, whole], capture_output=True, text=True, check=False, timeout=240)

    return run


def _forms(home: Path) -> dict[str, str]:
    """Every form of a home as it is exported, the clock's traces aside."""
    with Store.open(home) as store:
        return {
            form.form_id: form.model_copy(
                update={"source": form.source and form.source.model_copy(update={"seconds": None})}
            ).model_dump_json()
            for form in store.iter_forms()
        }


def test_a_full_disk_keeps_what_was_stored_and_the_next_run_reads_the_rest(in_a_small_disk: Shell, tmp_path: Path) -> None:
    first, rest, kept = DOCUMENTS[0], " ".join(map(str, DOCUMENTS)), tmp_path / "after"
    done = in_a_small_disk(
        f"jihe ingest {first} >&2; echo first $?; "
        "dd if=/dev/zero of=$DISK/rubbish bs=1k >/dev/null 2>&1; "
        f"jihe ingest {rest}; echo full $?; jihe forms --json; echo listed $?; "
        f"rm $DISK/rubbish; mount -o remount,size=200m $DISK; jihe ingest {rest}; echo rest $?; cp -r $DISK/home {kept}"
    )
    said = done.stdout + done.stderr
    assert "first 0" in done.stdout
    assert "full 1" in done.stdout, said
    # Readers need some room, too, where nobody has the database open.
    assert "listed 1" in done.stdout, said
    assert "rest 0" in done.stdout, said
    assert done.stderr.count("磁盘已满") == 2, said
    assert "Traceback" not in said
    with Store.open(tmp_path / "calm") as store:
        from agents.pipeline import ingest

        ingest([str(path) for path in DOCUMENTS], store)
    assert _forms(kept) == _forms(tmp_path / "calm")


@pytest.mark.slow
def test_a_home_that_cannot_be_written_is_told_and_stays_as_it_is(in_a_small_disk: Shell, tmp_path: Path) -> None:
    first, kept = DOCUMENTS[0], tmp_path / "after"
    done = in_a_small_disk(
        f"mount -o remount,size=200m $DISK; jihe ingest {first} >/dev/null 2>&1; "
        "sum() { cat $DISK/home/jihe.db | sha256sum; }; sum; mount -o remount,ro $DISK; "
        f"jihe ingest {DOCUMENTS[1]}; echo ingest $?; jihe correct x grade 优; echo correct $?; sum; "
        f"mount -o remount,rw $DISK; jihe ingest {DOCUMENTS[1]}; echo again $?; cp -r $DISK/home {kept}"
    )
    said = done.stdout + done.stderr
    hashes = [line for line in done.stdout.splitlines() if line.endswith("  -")]
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]
    assert "ingest 1" in done.stdout, said
    assert "correct 1" in done.stdout, said
    assert "again 0" in done.stdout, said
    assert "权限" in done.stderr or "只读" in done.stderr
    assert "Traceback" not in said
    assert len(_forms(kept)) > 4


CORRECTING = """
import os, signal, sys, threading, time
from pathlib import Path
from store.store import Store

home, form, delay = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
with Store.open(home) as store:
    print("open", flush=True)
    threading.Thread(target=lambda: (time.sleep(delay), os.kill(os.getpid(), signal.SIGKILL)), daemon=True).start()
    number = 0
    while True:
        number += 1
        store.correct(form, "indicators[0].deviation", f"第{number}次说明", "审核员")
        print(number, flush=True)
"""


@pytest.mark.parametrize("delay", [0.03, *(pytest.param(delay, marks=pytest.mark.slow) for delay in (0.01, 0.05, 0.09, 0.2))])
def test_a_kill_amid_a_correction_leaves_whole_ones(delay: float, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Store.open(home) as store:
        from agents.pipeline import ingest

        ingest([str(DOCUMENTS[0])], store)
        form_id = store.forms()[0].form_id
    done = subprocess.run([sys.executable, "-c", CORRECTING, str(home), form_id, str(delay)], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    told = int((["0", *[line for line in done.stdout.split() if line != "open"]])[-1])
    with Store.open(home) as store:
        events = store.corrections(form_id)
        # One may have been committed that nobody was told of any more.
        assert len(events) - told in (0, 1)
        value = f"第{len(events)}次说明" if events else None
        form = next(form for form in store.iter_forms() if form.form_id == form_id)
        assert not events or form.indicators[0].deviation == value
        before = store.findings(form_id)
        store.correct(form_id, "indicators[0].deviation", "另一种说明", "审核员")
        store.correct(form_id, "indicators[0].deviation", form.indicators[0].deviation, "审核员")
        assert store.findings(form_id) == before


CLOCKED = """
import sys, time
import datetime as dates

back = dates.timedelta(days=int(sys.argv.pop(1)))
real, real_time = dates.datetime, time.time

class Moved(real):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + back

# Before anything of ours is imported: everything here asks one of these two what time it is.
dates.datetime = Moved
time.time = lambda: real_time() + back.total_seconds()
from ui.cli.app import main

sys.argv[0] = "jihe"
main()
"""


@pytest.mark.slow
def test_a_clock_that_goes_back_changes_nothing_but_dates(tmp_path: Path) -> None:
    home = tmp_path / "home"

    def jihe(days: int, *words: object) -> str:
        command = [sys.executable, "-c", CLOCKED, str(days), "--home", str(home), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr
        return done.stdout

    jihe(400, "ingest", DOCUMENTS[0])
    with Store.open(home) as store:
        form_id = store.forms()[0].form_id
    jihe(400, "correct", form_id, "grade", "优")
    jihe(0, "correct", form_id, "grade", "中")
    jihe(-400, "correct", form_id, "grade", "差")
    jihe(-400, "ingest", DOCUMENTS[0], DOCUMENTS[1])
    with Store.open(home) as store:
        assert next(form.grade for form in store.iter_forms() if form.form_id == form_id) == "差"
        assert [event.new for event in store.corrections(form_id)] == ["优", "中", "差"]
        moments = [event.made_at for event in store.corrections(form_id)]
        assert moments == sorted(moments, reverse=True)
        assert store.counts().documents == 2
        assert store.counts().unfinished_runs == 0
    answered = json.loads(jihe(-800, "ask", "哪个项目的评分等级是差？", "--json"))
    assert answered["verified"]
    assert len(answered["projects"]) == 1


@pytest.mark.slow
def test_a_database_that_another_program_holds_is_waited_for_and_then_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Store.open(home) as store:
        holding = store.database.url.database
    assert holding is not None
    script = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); print(1, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", script, holding], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        begun = time.monotonic()
        command = [*JIHE, "--home", str(home), "ingest", str(DOCUMENTS[0])]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
        assert time.monotonic() - begun > 10
        other.kill()
    assert done.returncode == 1
    assert "另一个" in done.stderr
    assert "Traceback" not in done.stderr
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
