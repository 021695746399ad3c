"""The reader that lives in a process of a cluster: `Reader` is made an actor of by `agents.engines.ray_pool`.

It opens no document itself: a guarded process below it does, so that a file that breaks its reader costs that file and not the actor.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import tempfile
from pathlib import Path

import agents
import ingest
import schema
from agents.engines.names import called, material_called
from agents.engines.parcel import Bytes, Parcel
from agents.reading_pool import Reading, ReadingPool, Result
from ingest.settings import Settings
from schema.errors import DocumentError

THREADS = 1
"""Cores of an actor: the scheduler of the cluster counts it as one."""
_LIBRARIES = ("pymupdf", "rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "lxml", "openpyxl", "pillow")
"""What reads; another version may read otherwise."""


class NotHere:
    """The document does not lie where it does for the sender; its bytes have to come along."""


class Reader:
    """Reads documents one after the other.

    Args:
        settings: with the bounds of each document.
        folder: for temporary files; None for the system's.
    """

    def __init__(self, settings: Settings, folder: str | None = None) -> None:
        if folder is not None:
            tempfile.tempdir = folder
        self._settings = settings
        self._pool = ReadingPool(1, settings, THREADS)
        self._told = (-1, 0, 0)

    def versions(self) -> dict[str, str]:
        """What it reads with."""
        return versions()

    def told(self) -> tuple[int, int, int]:
        """The document it is at, its pages and those that were read."""
        return self._told

    def read(self, parcel: Parcel, carried: Bytes | None) -> Result | NotHere:
        """What comes of a document, under the path that the sender has for it."""
        if carried is None:
            return self._read(parcel, Path(parcel.path)) if parcel.here() else NotHere()
        with tempfile.TemporaryDirectory(prefix="jihe-document-") as folder:
            result = self._read(parcel, carried.unpack(Path(folder)))
        return called(result, parcel.path) if isinstance(result, DocumentError) else material_called(result, parcel.path)

    def close(self) -> None:
        """End the process below."""
        self._pool.close()

    def _read(self, parcel: Parcel, path: Path) -> Result:
        def watch(pages: int, read: int) -> None:
            self._told = (parcel.number, pages, read)

        watch(0, 0)
        [(_, result)] = self._pool.read([Reading(parcel.number, path, watch)], self._settings)
        return result


def versions() -> dict[str, str]:
    """Python, what reads, and the source of jihe as they are here."""
    out = {"Python": platform.python_version(), "jihe": _source()}
    for name in _LIBRARIES:
        try:
            out[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            out[name] = "没有安装"
    return out


def _source() -> str:
    """The version of jihe, and a hash of the modules that read: checkouts of the same version may differ."""
    digest = hashlib.sha256()
    for package in (schema, ingest, agents):
        root = Path(str(package.__file__)).parent
        for path in sorted(root.rglob("*.py"), key=lambda path: path.relative_to(root).as_posix()):
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{importlib.metadata.version('jihe')}+{digest.hexdigest()[:8]}"
