"""Starts the worker, sees how it ended, and starts it again for the rest of the queue.

Documents come from anywhere, and readers of old formats crash. Whatever takes the worker with it costs the one document that was being
read: its row says so, and the others are read by the next worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from agents.guarded.group import end_group, module_command, module_path
from agents.imports.queue import INDEXING, NOTE, ImportQueue
from agents.imports.records import LIVE, Ending, Kept
from schema.errors import StoreError

END_SECONDS = 5.0
"""How long a worker may take to end when it is told to."""
_STILLBORN = 2
"""Workers in a row that end without having taken a document: then there is no use in further ones."""
_NO_WORKER = "读取进程启动不了，导入没有进行。请看运行 jihe ui 的窗口里的说明，解决后点“继续”。"
AGAIN_SECONDS = 2.0
"""How long to wait when queue or store cannot be used just now."""


class Files(Protocol):
    """What knows of the files behind the rows."""

    def stored(self, kept: Kept) -> bool:
        """Whether the document is in the store, whatever its row says."""

    def release(self, rows: Sequence[Kept]) -> None:
        """Take files away that nothing stands on any more."""


class Keeper:
    """Keeps a worker running for as long as something waits.

    Args:
        home: whose queue it is.
        queue: the rows.
        files: what is behind them.
    """

    def __init__(self, home: Path, queue: ImportQueue, files: Files) -> None:
        self._home, self._queue, self._files = home, queue, files
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping: int | None = None
        self._wake = threading.Event()
        self._closing = False
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._keep, name="jihe-imports", daemon=True)
        self._thread.start()

    @property
    def process_id(self) -> int | None:
        """The worker's, while there is one."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def nudge(self) -> None:
        """Something waits."""
        self._wake.set()

    def stop(self, item_id: int) -> None:
        """Break the reading of this document off."""
        with self._turn:
            if self._process is not None and any(kept.item_id == item_id for kept in self._queue.in_state("reading")):
                self._stopping = item_id
                end_group(self._process)

    def close(self) -> None:
        """End the worker, whatever it is at; nothing is stored by halves."""
        with self._turn:
            self._closing = True
            if self._process is not None:
                end_group(self._process)
        self._wake.set()
        self._thread.join(END_SECONDS)

    def _keep(self) -> None:
        while not self._closing:
            try:
                self._work_through()
            except StoreError as e:
                # A full disk, or another writer: rows stand as they are, and are seen to when that is over.
                sys.stderr.write(f"{e}\n")
                self._wake.wait(AGAIN_SECONDS)

    def _work_through(self) -> None:
        """Until nothing waits, and then until something does."""
        stillborn = 0
        while not self._closing and (self._queue.in_state(*LIVE)):
            process = self._start()
            if process is not None:
                process.wait()
                stillborn = 0 if self._bury(process) else stillborn + 1
            if stillborn >= _STILLBORN:
                self._give_up()
        self._wake.wait()
        self._wake.clear()

    def _start(self) -> subprocess.Popen[bytes] | None:
        with self._turn:
            if self._closing:
                return None
            self._process = subprocess.Popen(
                module_command("agents.imports.worker", str(self._home)),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env=os.environ | module_path(),
                # Ctrl-C in the terminal is the web app's; it ends the worker.
                start_new_session=True,
            )
            return self._process

    def _bury(self, process: subprocess.Popen[bytes]) -> bool:
        """See to what the worker was at; whether it had come to read anything."""
        with self._turn:
            stopped, self._stopping, self._process = self._stopping, None, None
        if process.stdin is not None:
            process.stdin.close()
        if self._closing:
            return True
        self._queue.say(INDEXING, "")
        reading = self._queue.in_state("reading")
        for kept in reading:
            self._settle(kept, stopped)
        return bool(reading) or process.returncode == 0 or stopped is not None

    def _settle(self, kept: Kept, stopped: int | None) -> None:
        """What becomes of a document over which a worker ended."""
        if self._files.stored(kept) or (stopped is not None and not kept.cancel):
            # It was stored a moment before; or it was taken just when another one was stopped.
            self._queue.wait_again([kept.item_id])
        elif kept.cancel:
            self._queue.finish(kept.item_id, Ending(status="cancelled"))
            self._files.release([kept])
        else:
            self._queue.finish(kept.item_id, Ending(status="failed", trouble="crashed", again=True))

    def _give_up(self) -> None:
        self._queue.interrupt()
        if not self._queue.said(NOTE):
            self._queue.say(NOTE, _NO_WORKER)
