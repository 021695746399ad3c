"""Vectors on a Chroma server, a process of its own on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from store.index import Index
from tests.factories import make_form, make_reading
from tests.servers import Chroma
from tests.store.index.embedders import ToyEmbedder

ROOT = Path(__file__).parents[3]
CHROMA = Path(sys.executable).with_name("chroma")

# A process of its own: Chroma's client leaves its connections to the garbage collector, which warns.
CLIENT = """
import sys
from pathlib import Path
from store import Store
from store.index import Index
from tests.factories import make_form, make_reading
from tests.store.index.embedders import ToyEmbedder

home, url, name = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
with Store.open(home) as store, Index.open(store, ToyEmbedder(), url) as index:
    store.save(make_reading([make_form(name)], name), store.start_run("test"))
    hit = index.search(name)[0]
    print(hit.chunk.project, "dense" in hit.how, index.shortfall)
    if name == "三":
        index.rebuild()
    print(index._book.keys() == {chunk.id for chunk in index.chunks()}, (home / "index").exists())
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of an empty server."""
    if not CHROMA.exists():
        pytest.skip("chroma is not installed as a program")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(CHROMA), "run", "--path", str(tmp_path / "chroma"), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(timeout=10)


@pytest.mark.slow
def test_processes_share_the_vectors_of_a_server(home: Path, server: str) -> None:
    for name in ("一项目", "二项目", "三"):
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, str(home), server, name], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split("\n")[:2] == [f"{name} True None", "True False"]


def test_a_server_that_goes_and_comes_back_costs_vectors_and_no_words(home: Path, chroma: Chroma) -> None:
    with Store.open(home) as store, Index.open(store, ToyEmbedder(), chroma.url) as index:
        store.save(make_reading([make_form("政务热线运维")], "一.pdf"), store.start_run("test"))
        assert "dense" in index.search("热线")[0].how
        chroma.stop()
        store.save(make_reading([make_form("公共数据平台")], "二.pdf"), store.start_run("test"))
        # Words are found all the same, and the reader is told what was gone without.
        assert index.search("数据平台")[0].chunk.project == "公共数据平台"
        assert index.shortfall is not None
        chroma.start()
        index.catch_up()
        hit = index.search("数据平台")[0]
        assert (hit.chunk.project, "dense" in hit.how, index.shortfall) == ("公共数据平台", True, None)
        assert index._book.keys() == {chunk.id for chunk in index.chunks()}
