"""Python processes that are started from here: what they find, and that none of them, nor what it starts, outlives its use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import NoReturn


def module_command(module: str, *arguments: str) -> list[str]:
    """The command that runs one of our modules; the current folder, where anything may lie, is no place to find modules in."""
    return [sys.executable, "-P", "-m", module, *arguments]


def module_path() -> dict[str, str]:
    """The variable by which such a process finds the modules that this one does."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group of its own, and what it has started (LibreOffice), at once."""
    if hasattr(os, "killpg"):
        try:
            # The group may outlive its leader.
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
    else:
        process.kill()


def end_own_group() -> NoReturn:
    """End this process and what it has started: whoever it worked for is gone."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)
