"""The files behind the queue: named safely, told by their bytes, kept in the home for as long as something stands on them.

`uploads/<sha256>/<name>`: the name is the visitor's, made harmless; the folder is ours. Evidence needs the original, so what was read
stays; what was refused, failed for good or was cancelled goes.
"""

from __future__ import annotations

import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.imports.records import Limits, Sent, Trouble
from ingest.files import Fingerprint, fingerprint, page_images
from schema.errors import StoreError
from store.store import Store

FOLDER = "uploads"
_ARRIVING = "arriving"
"""Where files lie until it is known what they are."""
_NAME_BYTES = 180
"""Bytes of a name in UTF-8: file systems take 255, and copies get longer ones."""
_UNSAFE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z")
_NAMELESS = "未命名"


@dataclass(frozen=True)
class Arrived:
    """What was put into its place."""

    path: Path
    identity: Fingerprint


def safe_name(name: str) -> str:
    """A file name of the visitor's as one that can do no harm: no folders, no invisible characters, not too long; its suffix stays."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(char for char in unicodedata.normalize("NFC", last) if unicodedata.category(char)[0] != "C")
    plain = _UNSAFE.sub("_", visible).strip(" .")
    if not plain or _RESERVED.match(plain):
        plain = f"{_NAMELESS}_{plain}" if plain else _NAMELESS
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, dot, suffix = plain, "", ""
    room = _NAME_BYTES - len((dot + suffix).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + suffix


def refusal(size: int, waiting: tuple[int, int], mine: int, limits: Limits, home: Path) -> Trouble:
    """Why so many bytes are not taken in now; "" when they are.

    Args:
        waiting: how many documents wait in all, and their bytes.
        mine: how many of them are the visitor's.
    """
    if size == 0:
        return "empty"
    if size > limits.file_bytes:
        return "big"
    if mine >= limits.files:
        return "many"
    if waiting[1] + size > limits.queued_bytes:
        return "full"
    # They are in the home's file system once already, or soon; so much must be left beside them.
    return "disk" if shutil.disk_usage(home).free - size < limits.spare_bytes else ""


class Uploads:
    """The folder of uploads of one home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / FOLDER

    def sweep(self) -> None:
        """Take away what was arriving when the web app ended."""
        shutil.rmtree(self._folder / _ARRIVING, ignore_errors=True)

    def arrive(self, sent: Sent) -> Arrived:
        """Take a file in, if it is something that can be read.

        Raises:
            DocumentError: it is of no kind that jihe reads, damaged or empty; nothing of it is left.
            StoreError: the home cannot be written.
        """
        staged = self._stage([sent]) / safe_name(sent.name)
        try:
            return self._settle(staged, fingerprint(staged))
        finally:
            shutil.rmtree(staged.parent, ignore_errors=True)

    def arrive_pages(self, name: str, pages: Sequence[Sent]) -> Arrived | None:
        """Take the page images of one document in, as the folder they came in; None where they are not pages in order.

        They are then left where they were.

        Raises:
            DocumentError: one of them is no image.
            StoreError: the home cannot be written.
        """
        names = {safe_name(page.name): page for page in pages}
        staging = self._new_folder() / safe_name(name)
        try:
            staging.mkdir()
            for page in names:
                (staging / page).touch()
            if len(names) != len(pages) or len(page_images(staging)) != len(pages):
                return None
            for page, sent in names.items():
                _move(sent.path, staging / page)
            return self._settle(staging, fingerprint(staging))
        finally:
            shutil.rmtree(staging.parent, ignore_errors=True)

    def release(self, path: Path, sha256: str, store: Store) -> None:
        """Take a file away, unless a document that was read stands on it."""
        stored = store.known(sha256)
        if stored is not None and stored.status == "done" and str(path) in stored.files:
            return
        if not path.is_relative_to(self._folder) or path == self._folder:
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def _stage(self, files: Sequence[Sent]) -> Path:
        folder = self._new_folder()
        for sent in files:
            _move(sent.path, folder / safe_name(sent.name))
        return folder

    def _new_folder(self) -> Path:
        folder = self._folder / _ARRIVING / secrets.token_hex(8)
        try:
            folder.mkdir(parents=True)
        except OSError as e:
            raise StoreError(f"{self._folder}：写不了（{e.strerror or e}）。请检查权限和磁盘空间。") from e
        return folder

    def _settle(self, staged: Path, identity: Fingerprint) -> Arrived:
        """Put it where it stays. The same bytes under the same name are there already: then that copy is it."""
        place = self._folder / identity.sha256 / staged.name
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(place)
        return Arrived(place, identity)


def _move(source: Path, target: Path) -> None:
    try:
        shutil.move(source, target)
    except OSError as e:
        raise StoreError(f"{target.name}：没有保存下来（{e.strerror or e}）。请检查磁盘空间后再传一次。") from e
