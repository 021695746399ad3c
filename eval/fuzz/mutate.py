"""Input number N of a seed: a good document, and what was done to it. The same number gives the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from eval.fuzz.marks import TEXT
from eval.fuzz.material import Seed
from eval.fuzz.pdfs import PDF, content_spoiled
from eval.fuzz.pictures import PICTURE
from eval.fuzz.records import records_spoiled
from eval.fuzz.spoil import ANY, Mutation
from eval.fuzz.zips import ZIP
from ingest.mupdf import pymupdf

MUTATIONS: Mapping[str, tuple[Mutation, ...]] = {
    "pdf": PDF,
    "docx": ZIP,
    "xlsx": ZIP,
    "ofd": ZIP,
    "xls": (*(records_spoiled,) * 12, *ANY),
    "text": TEXT,
    "image": PICTURE,
}
SHARES = {"pdf": 40.0, "docx": 26.0, "xlsx": 6.0, "xls": 14.0, "ofd": 2.0, "text": 11.5, "image": 0.5}
"""How many in a hundred are of each kind: pictures, which are read by OCR, cost a hundred times what a Word file does."""
_CONTENT = 0.45
"""Share of PDFs whose drawing is spoiled and whose file is whole."""
_OTHER_NAME = 0.03
_SUFFIXES = (".pdf", ".docx", ".xlsx", ".xls", ".ofd", ".txt", ".png", ".doc2", "")
_LARGEST = 24_000_000
"""Bytes of an input at most."""


@dataclass(frozen=True)
class Mutant:
    """An input: its bytes, the end of its name, and how it came about."""

    kind: str
    seed: str
    steps: tuple[str, ...]
    raw: bytes
    suffix: str


@dataclass(frozen=True)
class Start:
    """What an input is made of, before anything is done to it."""

    good: Seed
    suffix: str
    rng: Random


def start(seed: int, number: int, material: Mapping[str, tuple[Seed, ...]]) -> Start:
    """The good document that an input comes from, what its name is to end with, and what all further choices come from."""
    rng = Random(f"{seed}:{number}")
    kind = rng.choices(list(material), weights=[SHARES[kind] for kind in material])[0]
    good = rng.choice(material[kind])
    return Start(good, rng.choice(_SUFFIXES) if rng.random() < _OTHER_NAME else good.suffix, rng)


def mutant(begun: Start) -> Mutant:
    """An input; a start serves once."""
    good, rng = begun.good, begun.rng
    raw, steps = good.raw, list[str]()
    if good.kind == "pdf" and rng.random() < _CONTENT:
        raw, steps = _redrawn(raw, rng), ["content_spoiled"]
    for _ in range(rng.choice((1, 1, 1, 2, 3)) if not steps or rng.random() < 0.1 else 0):
        mutation = rng.choice(MUTATIONS[good.kind])
        raw = mutation(raw, rng)[:_LARGEST]
        steps.append(mutation.__name__)
    return Mutant(good.kind, good.name, tuple(steps), raw, begun.suffix)


def _redrawn(raw: bytes, rng: Random) -> bytes:
    """A good PDF with other content on its first page; as it is where it has none."""
    try:
        with pymupdf.open(stream=raw, filetype="pdf") as document:
            contents = document[0].get_contents() if not document.needs_pass and document.page_count else []
            if contents:
                document.update_stream(contents[0], content_spoiled(document.xref_stream(contents[0]), rng))
                return bytes(document.tobytes(no_new_id=True))
    except (pymupdf.FileDataError, pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, AssertionError):
        # One of the damaged ones, on which others work.
        return raw
    return raw
