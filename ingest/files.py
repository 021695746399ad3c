"""Which files a call means, and what kind of file each is."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.kinds import READABLE, SUFFIXES, Kind, kind_of
from ingest.urls import expand, is_url, local_path
from schema.errors import DamagedDocument, DocumentError, MissingDocument, UnreadableDocument

_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d{1,9})(?P<after>\D*\.\w+)")
"""A name with a number in it, the last one taken."""
_FEWEST_PAGES = 2
_HEAD = 4096
"""Bytes from which a file's kind is told."""


@dataclass(frozen=True)
class Found:
    """A file to read, or why a part of the call cannot be read. One that lies elsewhere has a URL, and its path means nothing."""

    path: Path
    error: DocumentError | None = None
    url: str | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.url or str(self.path)


def find_documents(arguments: Iterable[str]) -> Iterator[Found]:
    """The files that paths, folders, URLs and glob patterns mean, each once, in order of name within a folder.

    A path that exists is never taken for a pattern, so names with [ ] or * in them work. A file:// URL is the path it names.

    Raises:
        UsageError: a URL holds a password, or what reads URLs of its kind is not installed.
    """
    seen: set[Path | str] = set()
    for argument in arguments:
        path = local_path(argument) if is_url(argument) else argument
        for found in _expand(path) if path is not None else _elsewhere(argument):
            key = found.url or found.path.absolute()
            if found.error is not None or key not in seen:
                seen.add(key)
                yield found


def _elsewhere(url: str) -> Iterator[Found]:
    for found in expand(url):
        yield Found(Path(url), found, url) if isinstance(found, DocumentError) else Found(Path(found), url=found)


def _expand(argument: str) -> Iterator[Found]:
    path = Path(argument)
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except OSError as e:
        yield Found(path, UnreadableDocument(argument, f"打不开（{e.strerror}）", "请检查路径和读取权限"))
        return
    if is_folder:
        yield from _walk(path)
    elif exists:
        yield Found(path)
    elif matches := sorted(glob.glob(argument, recursive=True)):  # noqa: PTH207 - the pattern may be absolute
        for match in matches:
            yield from _walk(Path(match)) if Path(match).is_dir() else [Found(Path(match))]
    else:
        yield Found(path, MissingDocument(argument, "没有这个文件或文件夹", "请检查路径；含空格的名字要加引号"))


def _walk(folder: Path) -> Iterator[Found]:
    problems: list[OSError] = []
    any_file = False
    for root, folders, names in os.walk(folder, onerror=problems.append):
        folders.sort()
        pages = set(_in_order(names))
        if pages:
            any_file = True
            yield Found(Path(root))
        for name in sorted(names):
            if _is_document(name) and name not in pages:
                any_file = True
                yield Found(Path(root) / name)
    for problem in problems:
        yield Found(
            Path(problem.filename), UnreadableDocument(str(problem.filename), f"文件夹打不开（{problem.strerror}）", "请检查读取权限")
        )
    if not any_file and not problems:
        yield Found(folder, MissingDocument(str(folder), f"文件夹里没有可读的文件（{READABLE}）", "请换一个文件夹，或直接给出文件名"))


def page_images(folder: Path) -> list[Path]:
    """The images directly in a folder that are the pages of one document, in order; none when they are not.

    They are when their names differ in one number only and these numbers run on: page-1.jpg … page-12.jpg, 001.png, 002.png. Where two
    such runs lie in one folder, it cannot be told what belongs together, and every image is a document of its own.

    Raises:
        UnreadableDocument: the folder cannot be listed.
    """
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError as e:
        raise UnreadableDocument(str(folder), f"文件夹打不开（{e.strerror}）", "请检查读取权限") from e
    return [folder / name for name in _in_order(names)]


def _in_order(names: Iterable[str]) -> list[str]:
    runs: dict[tuple[str, ...], dict[int, str]] = {}
    for name in sorted(names):
        if _is_document(name) and SUFFIXES[Path(name).suffix.lower()] == "image" and (m := _NUMBERED.fullmatch(name)):
            # Of 1.jpg and 01.jpg only one can be page 1; they are no run.
            run = runs.setdefault((m["before"].lower(), m["after"].lower()), {})
            run[int(m["number"]) if int(m["number"]) not in run else -1] = name
    orderly = [run for run in runs.values() if len(run) >= _FEWEST_PAGES and max(run) - min(run) == len(run) - 1 and min(run) >= 0]
    return [name for _, name in sorted(orderly[0].items())] if len(orderly) == 1 else []


def _is_document(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~$"))


@dataclass(frozen=True)
class Fingerprint:
    """A document's identity: the sha256 of its bytes, and their number; and what kind of file it is.

    For a folder of page images it is the sha256 over those of the pages, in order.
    """

    sha256: str
    size: int
    kind: Kind


def fingerprint(path: Path) -> Fingerprint:
    """Read the file, or the page images in the folder, through once.

    Raises:
        MissingDocument, UnreadableDocument: it is gone or the system refuses it.
        DamagedDocument: it is empty, or not what its name says.
        UnsupportedDocument: it is of no kind that jihe reads.
    """
    if path.is_dir():
        return _of_folder(path)
    name = str(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
    except FileNotFoundError as e:
        raise MissingDocument(name, "没有这个文件", "请检查路径") from e
    except OSError as e:
        raise UnreadableDocument(name, f"读不出来（{e.strerror}）", "请检查读取权限，或先复制到本地") from e
    if size == 0:
        raise DamagedDocument(name, "文件是空的（0 字节）", "请重新下载或重新导出")
    return Fingerprint(digest, size, kind_of(path, name, head))


def _of_folder(folder: Path) -> Fingerprint:
    members = [fingerprint(path) for path in page_images(folder)]
    if not members:
        raise MissingDocument(str(folder), "文件夹里没有按页编号的一组图片", "请给出里面的文件名")
    digest = hashlib.sha256("".join(member.sha256 for member in members).encode())
    return Fingerprint(digest.hexdigest(), sum(member.size for member in members), "image")
