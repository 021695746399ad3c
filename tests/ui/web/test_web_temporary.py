"""The folder of what is on its way through a web app: each run's own, and no run leaves anything behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx2 as httpx
import pytest

from schema.errors import StoreError
from tests.ui.web.conftest import Running
from ui.web.temporary import FOLDER, passing_folder

ROOT = Path(__file__).parents[3]
_RUN = """
import sys, time
from pathlib import Path
from ui.web.temporary import passing_folder
with passing_folder(Path(sys.argv[1])) as folder:
    (folder / "half-an-upload").write_bytes(b"x")
    print(folder, flush=True)
    time.sleep(600)
"""


def _left(home: Path) -> list[Path]:
    return [path for path in (home / FOLDER).rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_a_killed_run_leaves_nothing_once_the_next_one_starts(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _RUN, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        # While it lives nobody else takes its files away.
        with passing_folder(tmp_path) as folder:
            assert os.environ["GRADIO_TEMP_DIR"] == str(folder) != str(theirs)
            assert folder.stat().st_mode & 0o077 == 0
            assert _left(tmp_path) == [theirs / "half-an-upload"]
        assert not folder.exists()
        process.send_signal(signal.SIGKILL)
    assert _left(tmp_path) == [theirs / "half-an-upload"]
    with passing_folder(tmp_path):
        assert _left(tmp_path) == []
    assert [path.name for path in (tmp_path / FOLDER).iterdir() if path.name != "starting.lock"] == []


def test_a_home_that_takes_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    with pytest.raises(StoreError, match="写不了"), passing_folder(tmp_path):
        pass


@pytest.mark.slow
def test_jihe_ui_killed_with_an_upload_on_its_disk(run_site: Callable[..., Running], tmp_path: Path) -> None:
    home = tmp_path / "home-killed"
    command = [sys.executable, "-m", "ui.cli", "--home", str(home), "ui", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            url = process.stderr.readline().partition("http://")[2].partition("（")[0]
            sent = httpx.post(f"http://{url}/gradio_api/upload", files={"files": b"%PDF"}, timeout=60)
        finally:
            process.send_signal(signal.SIGKILL)
    assert sent.status_code == 200
    assert [str(path) for path in _left(home)] == sent.json()
    assert run_site(home).site.passing.is_dir()
    assert _left(home) == []
