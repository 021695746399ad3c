"""With what a run is made: versions, commit, machine; and the digest of a dataset."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

from eval.dataset.manifest import NAME, Dataset
from eval.runs.record import Stamp

_LIBRARIES = (
    "pymupdf",
    "rapidocr",
    "onnxruntime",
    "opencv-python-headless",
    "numpy",
    "pillow",
    "chromadb",
    "langchain",
    "openai",
    "rapidfuzz",
)
_ROOT = Path(__file__).resolve().parents[2]


def make_stamp() -> Stamp:
    """The stamp of this process."""
    return Stamp(
        version=importlib.metadata.version("jihe"),
        commit=_commit(),
        python=platform.python_version(),
        machine=f"{platform.system()} {platform.machine()}",
        cores=os.cpu_count() or 1,
        libraries={name: importlib.metadata.version(name) for name in _LIBRARIES},
    )


def dataset_digest(dataset: Dataset) -> str:
    """SHA-256 over the manifest, the documents of all sets, their gold forms and the questions."""
    out = hashlib.sha256()
    # Of a folder of pictures, which is a document as well, every file.
    files = {file for path in _files(dataset) for file in (path.rglob("*") if path.is_dir() else (path,)) if file.is_file()}
    for path in sorted(files):
        out.update(str(path.relative_to(dataset.root)).encode())
        out.update(hashlib.sha256(path.read_bytes()).digest())
    return out.hexdigest()


def _files(dataset: Dataset) -> Iterable[Path]:
    yield dataset.root / NAME
    yield from (dataset.root / dataset.manifest.gold).glob("*.json")
    for chosen in dataset.manifest.sets:
        yield from dataset.documents(chosen)
    if dataset.questions is not None:
        yield dataset.questions


def _commit() -> str | None:
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(_ROOT), *arguments], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()
