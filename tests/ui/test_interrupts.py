"""Ctrl-C in awkward places, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ui.cli import INTERRUPTED, INTERRUPTED_TOLD

_PRESSED = {
    "in a connection that goes back to its pool": """
from sqlalchemy import create_engine, event
engine = create_engine("sqlite://")
event.listen(engine, "reset", lambda *_: signal.raise_signal(signal.SIGINT))
with engine.connect() as connection:
    connection.exec_driver_sql("SELECT 1")
""",
    "in a finalizer": """
class Gone:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
Gone()
time.sleep(20)
""",
    "where it is expected": "signal.raise_signal(signal.SIGINT)",
}


@pytest.mark.parametrize("pressed", _PRESSED.values(), ids=_PRESSED)
def test_an_interrupt_is_told_once_and_ends_the_command_wherever_it_falls(pressed: str) -> None:
    program = f"""
import signal, sys, time
from ui.cli import __main__, app
def run():
    exec({pressed!r}, globals())
    print("went on")
app.main = run
__main__.main()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", f"{INTERRUPTED_TOLD}\n")
