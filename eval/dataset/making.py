"""The documents of a set as files to read: the dataset's own, or copies made of them once and kept.

A copy is kept under a name that tells what it was made of and how, so that a changed document, preset or tool makes another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from eval.dataset.manifest import Dataset, DocumentSet, Scanned, kind_of
from eval.degrade import tool
from eval.degrade.presets import PRESETS
from ingest.mupdf import pymupdf
from schema.form import Form
from store.export.atomic import replacing

Progress = Callable[[str], None]
"""Told the name of each document that a copy is made of."""
_QUALITY = 60


@dataclass(frozen=True)
class SetDocument:
    """One document to read.

    Attributes:
        path: what is read.
        original: the document of the dataset it is, or was made of.
        gold: its gold forms, in the order of the document.
        truth: where the pixels of a scan came from (eval.degrade.tool.read_truth); None for others.
    """

    path: Path
    original: Path
    gold: tuple[Form, ...]
    truth: Path | None = None


def make_documents(
    dataset: Dataset, chosen: DocumentSet, work: Path, *, quick: bool = False, limit: int | None = None, told: Progress | None = None
) -> list[SetDocument]:
    """The documents of a set, `limit` of them at most; copies that are missing are made in the folder `work`.

    Raises:
        UsageError: a document or its gold forms are missing.
    """
    return list(_made(dataset, chosen, work, dataset.documents(chosen, quick=quick)[:limit], told or (lambda _: None)))


def _made(dataset: Dataset, chosen: DocumentSet, work: Path, originals: list[Path], told: Progress) -> Iterator[SetDocument]:
    for original in originals:
        gold = tuple(dataset.gold(original))
        kind = kind_of(chosen)
        if kind == "digital":
            yield SetDocument(original, original, gold)
            continue
        folder = work / "copies" / _key(original, chosen)
        path = folder / f"{original.stem}.{'txt' if kind == 'dumped' else 'pdf'}"
        if not path.is_file():
            told(original.name)
            folder.mkdir(parents=True, exist_ok=True)
            _copy(original, path, chosen)
        truth = folder / f"{original.stem}.{tool.TRUTH}" if chosen.scanned is not None else None
        yield SetDocument(path, original, gold, truth)


def _copy(original: Path, path: Path, chosen: DocumentSet) -> None:
    if chosen.scanned is None:
        with replacing(path) as part, pymupdf.open(original) as document:
            part.write_text("\f".join(page.get_text() for page in document), encoding="utf-8")
        return
    # The truth comes first: a copy that is there is whole.
    unfinished = path.with_name(f"{path.stem}.part")
    made = tool.degraded(original, PRESETS[chosen.scanned.preset], chosen.scanned.seed)
    (written,) = tool.write(made, unfinished, "pdf", quality=_QUALITY)
    (path.parent / f"{unfinished.name}.{tool.TRUTH}").replace(path.parent / f"{path.stem}.{tool.TRUTH}")
    written.replace(path)


def _key(original: Path, chosen: DocumentSet) -> str:
    scanned: Scanned | None = chosen.scanned
    how = f"{scanned.preset}-{scanned.seed}" if scanned is not None else "text"
    mark = hashlib.sha256(original.read_bytes() + _tool_mark()).hexdigest()[:12]
    return f"{how}-{mark}"


@cache
def _tool_mark() -> bytes:
    """Which degradation tool this is: its sources."""
    sources = sorted(Path(tool.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).digest()
