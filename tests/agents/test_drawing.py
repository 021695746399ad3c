"""Drawing in a process of its own: what a file does to it costs that picture."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.drawing import Drawer
from agents.guarded.process import Bounds
from data import samples
from ingest.pictures import Drawing
from schema.errors import DamagedDocument, MissingDocument, TooCostly, UsageError

SAMPLE = samples() / "pdf" / "jiading-2024.pdf"


@pytest.fixture
def drawer() -> Iterator[Drawer]:
    made = Drawer(Bounds(stalled=20.0, longest=20.0, memory=2**30, output=2**24))
    yield made
    made.close()


def _die(*_: object) -> bytes:
    os.kill(os.getpid(), signal.SIGSEGV)
    return b""


def _hang(*_: object) -> bytes:
    threading.Event().wait()
    return b""


def test_pages_are_drawn_and_errors_come_as_they_are(drawer: Drawer, tmp_path: Path) -> None:
    sizes = drawer.page_sizes(SAMPLE, "pdf")
    assert len(sizes) > 1
    assert drawer.draw(SAMPLE, "pdf", 1, Drawing(48)).startswith(b"\xff\xd8")
    with pytest.raises(UsageError, match="没有第 99 页"):
        drawer.draw(SAMPLE, "pdf", 99, Drawing(48))
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n")
    with pytest.raises((DamagedDocument, MissingDocument)):
        drawer.page_sizes(broken, "pdf")


def test_a_page_that_crashes_or_hangs_costs_its_picture(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("agents.drawing.draw", _die)
        with pytest.raises(DamagedDocument, match="画不出来"):
            drawer.draw(SAMPLE, "pdf", 1, Drawing(48))
    assert drawer.draw(SAMPLE, "pdf", 1, Drawing(48))
    hasty = Drawer(Bounds(stalled=1.5, longest=1.5, memory=2**30, output=2**24))
    monkeypatch.setattr("agents.drawing.draw", _hang)
    with pytest.raises(TooCostly, match="超过上限"):
        hasty.draw(SAMPLE, "pdf", 1, Drawing(48))


def test_threads_share_one_process(drawer: Drawer) -> None:
    drawn: dict[int, bytes] = {}
    threads = [threading.Thread(target=lambda n=n: drawn.update({n: drawer.draw(SAMPLE, "pdf", n, Drawing(48))})) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert drawn == {n: drawer.draw(SAMPLE, "pdf", n, Drawing(48)) for n in (1, 2, 3)}
    assert len(set(drawn.values())) == len(drawn)
