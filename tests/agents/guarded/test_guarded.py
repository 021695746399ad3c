"""What foreign files may do to the process that opens them, and what that costs."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agents.guarded.child import Beats
from agents.guarded.frames import Beat, Lost
from agents.guarded.process import Bounds, News, Worker, lost_told
from schema.observing import listening

BOUNDS = Bounds(stalled=20.0, longest=20.0, memory=2**29, output=2**20)
PATIENCE = 40.0


def _twice(text: str) -> str:
    sys.stdout.write("a foreign library prints where messages go\n")
    os.write(1, b"and so does one that is written in C\n")
    return text * 2


def _die(how: int) -> None:
    os.kill(os.getpid(), how)


def _hang() -> None:
    threading.Event().wait()


def _never_done(beat: Beats) -> None:
    for page in range(1_000_000):
        beat(1_000_000, page)
        time.sleep(0.01)


def _swallow(size: int) -> int:
    return len(bytearray(size))


def _fail() -> None:
    raise KeyError("nobody foresaw this")


def _leave_files(text: str) -> str:
    import tempfile

    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(text.encode())
    return file.name


def _environment() -> dict[str, str]:
    return dict(os.environ)


def _start_another() -> int:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid


class _Talk:
    """A worker and what it says."""

    def __init__(self, bounds: Bounds) -> None:
        self.news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self.worker = Worker(bounds, self.news)

    def ask(self, function: Callable[..., Any], *given: Any, told: bool = False) -> Any:
        self.worker.begin(function, *given, told=told)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if (lost := self.worker.overdue()) is not None:
                return lost
            try:
                news = self.news.get(timeout=0.1)
            except queue.Empty:
                continue
            if self.worker.heard(news) and not isinstance(news.said, Beat):
                return news.said
        pytest.fail("no answer")


@pytest.fixture
def talk() -> Iterator[Callable[..., _Talk]]:
    opened: list[_Talk] = []

    def start(bounds: Bounds = BOUNDS) -> _Talk:
        opened.append(_Talk(bounds))
        return opened[-1]

    yield start
    for one in opened:
        one.worker.close()


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _gone(pid: int) -> bool:
    until = time.monotonic() + PATIENCE
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not _alive(pid)


def test_one_process_does_one_thing_after_the_other_whatever_is_printed(talk: Callable[..., _Talk]) -> None:
    one = talk()
    assert one.ask(_twice, "甲") == "甲甲"
    pid = one.ask(os.getpid)
    assert one.ask(os.getpid) == pid != os.getpid()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_costs_what_it_was_at_and_the_next_process_goes_on(how: int, talk: Callable[..., _Talk]) -> None:
    one = talk()
    lost = one.ask(_die, how)
    assert (lost.why, f"exit code -{int(how)}" in lost.detail) == ("crashed", True)
    assert one.ask(_twice, "乙") == "乙乙"


def test_what_does_not_move_and_what_does_not_end_is_given_up(talk: Callable[..., _Talk]) -> None:
    stalling = talk(Bounds(stalled=1.0, longest=30.0, memory=2**29, output=2**20))
    pid = stalling.ask(os.getpid)
    assert stalling.ask(_hang) == Lost("stalled")
    assert _gone(pid)
    long = talk(Bounds(stalled=10.0, longest=2.0, memory=2**29, output=2**20))
    assert long.ask(_never_done, told=True) == Lost("long")


def test_memory_and_results_have_bounds(talk: Callable[..., _Talk]) -> None:
    one = talk()
    assert one.ask(_swallow, 2**20) == 2**20
    assert one.ask(_swallow, 2**30) == Lost("memory")
    assert one.ask(bytes, 2**19) == bytes(2**19)
    assert one.ask(bytes, 2**22) == Lost("output")
    assert one.ask(_twice, "丙") == "丙丙"


def test_an_error_that_nobody_foresaw_comes_back_with_its_trace(talk: Callable[..., _Talk]) -> None:
    lost = talk().ask(_fail)
    assert lost.why == "fault"
    assert "nobody foresaw this" in lost.detail
    assert "in _fail" in lost.detail


def test_it_is_given_no_secrets(talk: Callable[..., _Talk], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "JIHE_DATABASE_URL",
        "JIHE_MCP_TOKEN",
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "OTEL_EXPORTER_OTLP_HEADERS",
    ):
        monkeypatch.setenv(name, "sk-verysecret")
    given = talk().ask(_environment)
    assert "PATH" in given
    assert "sk-verysecret" not in given.values()


def test_what_is_logged_of_an_error_quotes_no_document() -> None:
    heard: list[object] = []
    trace = 'KeyError: "甲公司 12.5 万元"\nTraceback\n  File "a.py", line 7, in read\n    raise KeyError("甲公司")\n'
    with listening(lambda event, fields: heard.append((event, dict(fields)))):
        lost_told(Lost("fault", trace), "a.pdf")
    assert heard == [("worker.lost", {"why": "fault", "document": "a.pdf", "detail": 'KeyError File "a.py", line 7, in read'})]


def test_temporary_files_go_with_the_process_even_when_it_crashes(talk: Callable[..., _Talk]) -> None:
    one = talk()
    left = Path(one.ask(_leave_files, "页"))
    assert left.read_text(encoding="utf-8") == "页"
    one.ask(_die, signal.SIGKILL)
    assert not left.parent.exists()


def test_what_it_started_goes_with_it(talk: Callable[..., _Talk]) -> None:
    one = talk()
    other = one.ask(_start_another)
    assert _alive(other)
    one.worker.close()
    assert _gone(other)


def test_it_ends_when_whoever_started_it_is_killed() -> None:
    script = (
        "import os, queue, time\n"
        "from agents.guarded.process import Bounds, Worker\n"
        "from tests.agents.guarded.test_guarded import _hang\n"
        "news = queue.SimpleQueue()\n"
        "worker = Worker(Bounds(60.0, 60.0, 2**29, 2**20), news)\n"
        "worker.begin(os.getpid)\n"
        "pid = news.get().said\n"
        "worker.busy = False\n"
        "worker.begin(_hang)\n"
        "print(pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert _alive(pid)
        process.kill()
    assert _gone(pid)
