"""Old and foreign office formats through LibreOffice, where it is installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.kinds import Kind
from ingest.office.package import open_package
from ingest.settings import Settings
from schema.errors import DamagedDocument, UnsupportedDocument

_PROGRAMS = ("soffice", "libreoffice")
_SHEETS = (".et", ".ods", ".xls", ".xlsx")
_SPREADSHEET = b"spreadsheet"
_STREAMS: tuple[tuple[str, Kind], ...] = (("WordDocument", "docx"), ("Workbook", "xlsx"), ("Book", "xlsx"))
"""Names in the directory of an old container that say what it holds."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 1024
_WEB = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|meta)", re.IGNORECASE)
_WEB_CELL = re.compile(rb"<(td|th)(?=[\s>])", re.IGNORECASE)
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_OPTION = '<item oor:path="{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
_OPTIONS = (
    ("DisableMacrosExecution", "true"),
    ("MacroSecurityLevel", "3"),
    ("BlockUntrustedRefererLinks", "true"),
    ("DisableActiveContent", "true"),
)
"""Nothing in a document may run, and nothing it links to is fetched."""


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
    kind = _target(path, name, settings)
    with tempfile.TemporaryDirectory(prefix="jihe-office-") as folder:
        source = _copy(path, Path(folder))
        _write_options(Path(folder) / "profile" / "user")
        _run([program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore", "--nolockcheck",
              "--convert-to", kind, "--outdir", str(Path(folder) / "out"), str(source)], name, settings.seconds)  # fmt: skip
        made = Path(folder) / "out" / f"in.{kind}"
        if not made.is_file():
            raise DamagedDocument(name, "LibreOffice 打不开这个文件（可能损坏或有密码）", "请用原来的软件打开，另存为 docx、xlsx 或 PDF")
        yield made, kind


def _copy(path: Path, folder: Path) -> Path:
    """A copy under a plain name; the cells of a web page that is called a workbook are made texts, which stay as they are printed."""
    with path.open("rb") as stream:
        web = path.suffix.lower() in _SHEETS and _WEB.search(stream.read(_HEAD))
    source = folder / ("in.xls" if web else f"in{path.suffix.lower() or '.doc'}")
    if web:
        source.write_bytes(_WEB_CELL.sub(rb"""<\1 style="mso-number-format:'\\@'" """, path.read_bytes()))
    else:
        shutil.copyfile(path, source)
    return source


def _write_options(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(_OPTION.format(_SCRIPTING, *option) for option in _OPTIONS)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'
    (folder / "registrymodifications.xcu").write_text(xml, "utf-8")


def _target(path: Path, name: str, settings: Settings) -> Kind:
    """What a file is converted to: a workbook when it holds one, whatever it is called.

    Raises:
        DocumentError: it would unpack to too much, or is broken.
    """
    if zipfile.is_zipfile(path):
        with open_package(path, name, settings) as package:
            members = package.members
            sheets = "xl/workbook.bin" in members or ("mimetype" in members and _SPREADSHEET in package.read("mimetype"))
            return "xlsx" if sheets else "docx"
    with path.open("rb") as stream:
        head = stream.read(len(_OLE))
        held = b"" if head != _OLE else path.read_bytes()
    found: Kind | None = next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") + b"\0\0" in held), None)
    return found or ("xlsx" if path.suffix.lower() in _SHEETS else "docx")


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
