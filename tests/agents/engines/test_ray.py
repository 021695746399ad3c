"""Documents read by a real Ray: exactly what this machine reads, past workers, documents and machines that fail."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

import agents.engines.ray_pool
from agents.engines.ray_pool import RayPool
from agents.pipeline import Outcome, ingest, plan, run
from eval.synthesis.corpus import write_corpus
from schema.errors import DamagedDocument, UsageError
from schema.form import Form
from store.store import Store
from tests.agents.engines.readers import Deadly, Far, Stillborn

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install 'jihe[ray]'"),
    # Ray leaves the ends of its processes to the system.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]
COUNT = 24


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, COUNT)
    return folder


@pytest.fixture(scope="module")
def local(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Form]:
    """What this machine reads of the corpus."""
    with Store.open(tmp_path_factory.mktemp("local")) as store:
        ingest([str(corpus)], store, 2)
        return _stored(store)


@pytest.fixture(scope="module")
def warm() -> Iterator[RayPool]:
    """A cluster that is started once: it takes ten seconds."""
    with RayPool(None, 2) as pool:
        yield pool


@pytest.fixture
def pool(warm: RayPool) -> Iterator[RayPool]:
    """The cluster, with actors of this test only."""
    _without_actors(warm)
    yield warm
    _without_actors(warm)


def _without_actors(pool: RayPool) -> None:
    for hand in list(pool._hands):
        pool._dismiss(hand)


def _stored(store: Store) -> list[Form]:
    """The forms without what the clock put in."""
    return [
        form.model_copy(update={"source": form.source.model_copy(update={"seconds": None})}) for form in store.iter_forms() if form.source
    ]


def _actors() -> list[int]:
    """The processes of actors that this one started."""
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [int(line.split()[0]) for line in told if line.split()[1].startswith("ray::Reader")]


def test_a_worker_killed_in_mid_run_changes_nothing(corpus: Path, local: list[Form], pool: RayPool, tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        planned = plan([str(corpus)], store)
        outcomes: list[Outcome] = []
        for outcome in run(planned, store, pool):
            outcomes.append(outcome)
            if len(outcomes) in (2, 9):
                os.kill(_actors()[0], signal.SIGKILL)
        assert [outcome.status for outcome in outcomes] == ["done"] * COUNT
        assert [Path(outcome.file).name for outcome in outcomes] == sorted(path.name for path in corpus.iterdir())
        assert _stored(store) == local
        pages = sum(len(outcome.pages) for outcome in outcomes)
        assert (planned.pages.read, planned.pages.total, planned.pages.exact) == (pages, pages, True)
        assert store.counts().unfinished_runs == 0


def test_a_document_that_kills_its_actors_fails_alone(corpus: Path, pool: RayPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents.engines.ray_pool, "Reader", Deadly)
    few = sorted(corpus.iterdir())[:4]
    deadly = tmp_path / "deadly.pdf"
    deadly.write_bytes(few[0].read_bytes() + b"\n% deadly")
    with Store.open(tmp_path / "home") as store:
        by_file = {Path(o.file): o for o in ingest([str(deadly), *map(str, few)], store, pool)}
    assert isinstance(by_file[deadly].error, DamagedDocument)
    assert "读取时进程崩溃" in by_file[deadly].error.reason
    assert [by_file[path].status for path in few] == ["done"] * 4


def test_bytes_travel_where_the_path_leads_nowhere(
    corpus: Path, local: list[Form], pool: RayPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents.engines.ray_pool, "Reader", Far)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nbroken")
    with Store.open(tmp_path / "home") as store:
        outcomes = ingest([str(corpus), str(broken)], store, pool)
        assert _stored(store) == local
    assert outcomes[-1].error is not None
    assert outcomes[-1].error.file == str(broken)


def test_actors_that_do_not_start_end_the_run(corpus: Path, pool: RayPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents.engines.ray_pool, "Reader", Stillborn)
    with Store.open(tmp_path / "home") as store, pytest.raises(UsageError, match="读取进程启动不了"):
        ingest([str(corpus)], store, pool)


def test_closing_a_run_keeps_what_was_read(corpus: Path, local: list[Form], pool: RayPool, tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        outcomes = run(plan([str(corpus)], store), store, pool)
        next(outcomes)
        outcomes.close()
        assert store.counts().documents == 1
        ingest([str(corpus)], store, pool)
        assert _stored(store) == local


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process_and_goes_on(sent: signal.Signals, corpus: Path, local: list[Form], tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ingest", str(corpus), "--engine", "ray", "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    said = process.stderr.readline()
    process.send_signal(sent)
    rest = process.communicate(timeout=60)[1]
    assert said.startswith("完成")
    if sent == signal.SIGINT:
        assert process.returncode == 130
        assert "已中断" in rest
        assert "Traceback" not in rest
    # Without their raylet two helpers of Ray wait a minute for somebody to tell.
    deadline = time.monotonic() + 120
    while (left := _of_session(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []
    with Store.open(home) as store:
        assert 0 < store.counts().documents < COUNT
        ingest([str(corpus)], store)
        assert _stored(store) == local


def _of_session(session: int) -> list[str]:
    told = subprocess.run(["ps", "-eo", "sid,stat,args"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    return [line for line in told if line.split()[0] == str(session) and not line.split()[1].startswith("Z")]


@pytest.fixture
def running() -> Iterator[str]:
    """The address of a cluster that somebody else runs, with two readers' worth of cores."""
    env = os.environ | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    env.pop("RAY_AUTH_TOKEN", None)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    start = ["start", "--head", f"--port={port}", "--num-cpus=2", "--include-dashboard=false", "--disable-usage-stats", "--block"]
    with tempfile.TemporaryDirectory(prefix="jihe-head-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        head = subprocess.Popen([*ray, *start, f"--temp-dir={folder}"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield f"127.0.0.1:{port}"
        finally:
            head.terminate()
            head.wait(30)


def test_a_cluster_that_is_running_is_joined(running: str, corpus: Path, local: list[Form], tmp_path: Path) -> None:
    env = os.environ | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "disabled"}
    env.pop("RAY_AUTH_TOKEN", None)
    command = [sys.executable, "-m", "ui.cli", "--home", str(tmp_path / "home"), "ingest", str(corpus), "--engine", "ray"]
    deadline = time.monotonic() + 60
    while True:
        done = subprocess.run([*command, "--address", running], env=env, capture_output=True, text=True, check=False)
        if done.returncode != 2 or time.monotonic() > deadline:
            break
        time.sleep(1)
    assert (done.returncode, f"完成 {COUNT}" in done.stdout) == (0, True), done.stderr
    with Store.open(tmp_path / "home") as store:
        assert _stored(store) == local
