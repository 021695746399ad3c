"""What a home holds beside its tables: files of SQLite that are in use, and folders of documents and evaluations.

The index, copies made before an upgrade, and what is passing through are left out: they can be made anew, or mean nothing elsewhere.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from schema.errors import StoreError
from store.failures import translated
from store.home import DATABASE_NAME

FOLDERS = ("uploads", "evals")
"""Folders whose files are kept as they are."""
PASSING = "arriving"
SIDE_SUFFIX = ".db"
BUSY_SECONDS = 15.0


def side_files(home: Path) -> list[Path]:
    """The SQLite files of a home beside that of its tables."""
    return sorted(path for path in home.glob(f"*{SIDE_SUFFIX}") if path.name != DATABASE_NAME and path.is_file() and not path.is_symlink())


def documents(home: Path) -> Iterator[Path]:
    """The files in the folders that are kept, in order."""
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and PASSING not in path.relative_to(home).parts:
                yield path


def copy_side_file(path: Path, target: Path) -> None:
    """A consistent copy of a SQLite file, whoever is writing to it.

    Raises:
        StoreError: it cannot be read, or the copy not be written.
    """
    with translated(str(path)), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy, pages=2000, sleep=0.01)


def is_kept(name: str) -> bool:
    """Whether this is what such a file may be called, relative to its home, with slashes: nothing that leads out of it."""
    path = PurePosixPath(name)
    if name != path.as_posix() or path.is_absolute() or "\\" in name or "\0" in name or ".." in path.parts or not path.parts:
        return False
    if len(path.parts) == 1:
        return path.suffix == SIDE_SUFFIX and path.name != DATABASE_NAME and ":" not in name
    return path.parts[0] in FOLDERS


def copy_all(home: Path, target: Path) -> int:
    """Copy everything of one home that is no table to another one; how many files.

    Raises:
        StoreError: something cannot be read or written.
    """
    count = 0
    try:
        for path in side_files(home):
            copy_side_file(path, target / path.name)
            count += 1
        for path in documents(home):
            there = target / path.relative_to(home)
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, there)
            count += 1
    except OSError as e:
        raise StoreError(f"{target}：文件没有复制完（{e.strerror or e}）。请检查磁盘空间和权限后重试。") from e
    return count
