"""A folder for each running web app of what is on its way through it: uploads that arrive, files that are made to be fetched.

Gradio keeps such files in one folder for all programs of a machine and leaves them there when it is killed. Here every run has a folder of
its own inside the home; what a run that died left behind is taken away by the next one.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from schema.errors import StoreBusy
from store.locks import file_lock

FOLDER = "passing"
_VARIABLE = "GRADIO_TEMP_DIR"
_LOCK = ".lock"
_WAIT = 10.0
"""Seconds to wait for another run that is starting on the same home; it takes a few thousandths."""


@contextmanager
def passing_folder(home: Path) -> Iterator[Path]:
    """A folder of this run's own, which Gradio uses as well; gone at the end.

    Raises:
        StoreError: the home cannot be written.
    """
    base = home / FOLDER
    with ExitStack() as stack:
        # One at a time, so that no lock is taken for a dead run's between its making and its taking.
        with _locked(base / "starting.lock", _WAIT):
            _sweep(base)
            name = secrets.token_hex(8)
            stack.enter_context(_locked(base / f"{name}{_LOCK}", 0))
        stack.callback((base / f"{name}{_LOCK}").unlink, missing_ok=True)
        folder = base / name
        folder.mkdir(mode=0o700)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(_used_by_gradio(folder))
        yield folder


@contextmanager
def _used_by_gradio(folder: Path) -> Iterator[None]:
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_VARIABLE, None)
        else:
            os.environ[_VARIABLE] = before


def _sweep(base: Path) -> None:
    """Take away what runs left that ended without a chance to: nobody holds their locks any more."""
    for folder in [path for path in base.iterdir() if path.is_dir()]:
        lock = base / f"{folder.name}{_LOCK}"
        try:
            with _locked(lock, 0):
                shutil.rmtree(folder, ignore_errors=True)
        except StoreBusy:
            continue
        lock.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, wait: float) -> Iterator[None]:
    busy = f"{path}：正被另一个网页服务使用。请稍后再试。"
    with file_lock(path, wait, busy, lambda why: f"{path.parent}：写不了（{why}）。请检查权限和磁盘空间。"):
        yield
