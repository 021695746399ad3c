"""The index after forms were written: brought up to date with progress on stderr. What goes wrong with it is a notice, no failure."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import Self

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from agents.indexing import bring_up_to_date
from store import Store
from ui.cli import INTERRUPTED
from ui.cli.console import complain, err

QUIET_SECONDS = 30.0
"""How often a pipe is told how far a long run is."""


def update_index(store: Store) -> None:
    """Take what changed into the index of a store; the command goes on whatever comes of it, unless it is interrupted."""
    try:
        with IndexProgress() as progress:
            notice = bring_up_to_date(store, os.environ, progress)
    except KeyboardInterrupt as e:
        complain("已中断。表已存好；索引没有补完，下一条写入表的命令或下一次文字检索会接着补，也可运行 jihe reindex --missing。")
        raise typer.Exit(INTERRUPTED) from e
    if notice:
        complain(notice)


class IndexProgress:
    """How far the index is: a bar on a terminal, elsewhere a line now and then when it takes long. A context manager, and callable."""

    def __init__(self) -> None:
        self._console = err()
        columns = (TextColumn("索引"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"), TimeElapsedColumn())
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task: TaskID | None = None
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        """The progress itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Told by the index: how much is done, and how much there is."""
        if self._console.is_terminal:
            if self._task is None:
                self._bar.start()
                self._task = self._bar.add_task("", total=total)
            self._bar.update(self._task, completed=done, total=total)
        elif time.monotonic() - self._told > QUIET_SECONDS:
            self._told = time.monotonic()
            self._console.print(f"索引 {done}/{total}", soft_wrap=True)
