"""The parent's side: a worker process that does one thing at a time, and is killed where it goes beyond its bounds."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from agents.guarded.frames import Beat, FrameBroken, Lost, Why, packed, receive, send
from agents.guarded.group import end_group, module_command, module_path
from schema.observing import observe

_TAIL = 2_000
"""Bytes of what a process that crashed printed last."""
_ENVELOPE = 4096
"""Bytes that a message needs beside what it carries."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL|_HEADERS|DATABASE_URL|^AWS_|^PG")
"""Names of variables that may hold a secret."""
_ENDS = ("crashed", "output")
"""What a process is not used after."""


@dataclass(frozen=True)
class Bounds:
    """What a piece of work may take.

    Attributes:
        stalled: seconds in which nothing moves.
        longest: seconds in all.
        memory: bytes of memory a worker may ask for, and of a file that it may write.
        output: bytes of a result.
    """

    stalled: float
    longest: float
    memory: int
    output: int


@dataclass(frozen=True)
class News:
    """What a worker says: a `Beat`, a `Lost`, or the result itself."""

    worker: Worker
    process: subprocess.Popen[bytes]
    said: Any


class Worker:
    """A worker process. What it says is put into a queue that several workers may share.

    Its temporary files lie in a folder of its own, which goes when it does, however it ends. The process starts with the first work, and
    again with the next after it was lost.
    """

    def __init__(self, bounds: Bounds, news: queue.SimpleQueue[News]) -> None:
        self._bounds, self._news = bounds, news
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._begun = self._moved = 0.0
        self.busy = False

    @property
    def running(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.poll() is None

    def begin(self, function: Callable[..., Any], *given: Any, told: bool = False) -> None:
        """Have something done: a function that can be named, and what it is given; `told`: also where to say how far it is."""
        if not self.running:
            self._start()
        assert self._process is not None
        assert self._process.stdin is not None
        self._begun = self._moved = time.monotonic()
        self.busy = True
        try:
            send(self._process.stdin, packed((function, given, told)))
        except OSError:
            # It is gone already; its reader says so.
            return

    def heard(self, news: News) -> bool:
        """Take note of news; whether they are of what it is at. Those of a process that is gone are not."""
        if news.process is not self._process or not self.busy:
            return False
        self._moved = time.monotonic()
        if not isinstance(news.said, Beat):
            self.busy = False
            if isinstance(news.said, Lost) and news.said.why in _ENDS:
                self._end()
        return True

    def overdue(self) -> Lost | None:
        """Why it is to be given up; then it is killed."""
        if not self.busy:
            return None
        now = time.monotonic()
        why: Why | None = None
        if now - self._begun > self._bounds.longest:
            why = "long"
        elif now - self._moved > self._bounds.stalled:
            why = "stalled"
        if why is None:
            return None
        self._end()
        self.busy = False
        return Lost(why)

    def close(self) -> None:
        """End the process at once; it has nothing that could be lost."""
        self.busy = False
        self._end()

    def _start(self) -> None:
        self._end()
        self._folder = Path(tempfile.mkdtemp(prefix="jihe-worker-"))
        with (self._folder / "stderr").open("wb") as printed:
            self._process = subprocess.Popen(
                module_command("agents.guarded.child", str(self._bounds.memory), str(self._bounds.output)),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                env=_without_secrets(os.environ) | module_path() | {"TMPDIR": str(self._folder)},
                # Ctrl-C in the terminal is for the parent, which decides what it stops.
                start_new_session=True,
            )
        threading.Thread(target=self._listen, args=(self._process, self._folder), daemon=True).start()

    def _listen(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            while True:
                try:
                    said = receive(stream, self._bounds.output + _ENVELOPE)
                except FrameBroken as e:
                    said = Lost("output", str(e))
                except EOFError:
                    process.wait()
                    said = Lost("crashed", f"exit code {process.returncode}: {_tail(folder / 'stderr')}")
                self._news.put(News(self, process, said))
                if isinstance(said, Lost) and said.why in _ENDS:
                    return

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            end_group(process)
            process.wait()
            if process.stdin is not None:
                _close(process.stdin)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for those who open foreign files and need no keys."""
    return {name: value for name, value in environ.items() if not _SECRET.search(name)}


def lost_told(lost: Lost, what: str) -> None:
    """Say for the log what became of some work; users get words of their own. An error's words may quote the document: they stay out."""
    lines = lost.detail.splitlines()
    kind = lines[0].partition(":")[0] if lines else ""
    frame = next((line.strip() for line in reversed(lines) if line.lstrip().startswith("File ")), "")
    observe("worker.lost", why=lost.why, document=what, detail=f"{kind} {frame}".strip())


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        # What was not sent any more cannot be: nobody is there.
        return


def _tail(path: Path) -> str:
    try:
        return path.read_bytes()[-_TAIL:].decode(errors="replace")
    except OSError:
        return ""
