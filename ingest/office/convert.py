"""Old and foreign office formats through LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.kinds import Kind
from ingest.settings import Settings
from schema.errors import DamagedDocument, UnsupportedDocument

_PROGRAMS = ("soffice", "libreoffice")
_SHEETS = (".et", ".ods", ".xls", ".xlsx")
_SPREADSHEET = b"spreadsheet"


@contextmanager
def converted(path: Path, name: str, settings: Settings) -> Iterator[tuple[Path, Kind]]:
    """A copy of the file as .docx or .xlsx, and which of them it is; gone afterwards.

    Raises:
        UnsupportedDocument: LibreOffice is not installed.
        DamagedDocument: it cannot read the file, or not in time.
    """
    program = next((found for found in map(shutil.which, _PROGRAMS) if found), None)
    if program is None:
        raise UnsupportedDocument(name, "读这种文件需要 LibreOffice，这台机器上没有", "请安装 LibreOffice，或先另存为 docx、xlsx 或 PDF")
    kind: Kind = "xlsx" if _is_spreadsheet(path) else "docx"
    with tempfile.TemporaryDirectory(prefix="jihe-office-") as folder:
        source = Path(folder) / f"in{path.suffix.lower() or '.doc'}"
        shutil.copyfile(path, source)
        _run([program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck",
              "--convert-to", kind, "--outdir", str(Path(folder) / "out"), str(source)], name, settings.seconds)  # fmt: skip
        made = Path(folder) / "out" / f"in.{kind}"
        if not made.is_file():
            raise DamagedDocument(name, "LibreOffice 打不开这个文件（可能损坏或有密码）", "请用原来的软件打开，另存为 docx、xlsx 或 PDF")
        yield made, kind


def _is_spreadsheet(path: Path) -> bool:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "mimetype" in archive.namelist() and _SPREADSHEET in archive.open("mimetype").read(200)
    return path.suffix.lower() in _SHEETS


def _run(command: list[str], name: str, seconds: float) -> None:
    """Run LibreOffice in a process group of its own, so that nothing of it outlives its time."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as e:
        raise DamagedDocument(name, f"LibreOffice 转换超过 {seconds:.0f} 秒", "请用原来的软件另存为 docx、xlsx 或 PDF") from e
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
