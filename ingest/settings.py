"""How documents are read, and what a document may cost at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Ocr = Literal["auto", "always", "never"]
"""auto: pages whose text layer is missing or cannot be trusted; always: every page; never: no page."""


@dataclass(frozen=True)
class Settings:
    """One call's settings, handed down to the readers. Limits keep time and memory bounded on hostile files.

    Attributes:
        ocr: which pages are read from their picture.
        pages: pages of one document that are read; the rest is announced.
        pixels: pixels of one picture.
        unpacked: bytes a zip-based office file may unpack to.
        ratio: how many times its size it may unpack to, from a megabyte on.
        characters: characters of a text dump.
        cells: cells of a workbook (blank rows at its end aside) or of the tables of a Word file.
        threads: cores that OCR in one process may use; 0 for all.
        texts: whether the text of each form is kept beside what was read of it, for a model.
        seconds: how long LibreOffice may take to convert one file.
        stalled: seconds in which no page gets done before a document is given up.
        longest: seconds that one document may take in all.
        memory: bytes that a worker process may ask for.
        output: bytes of what is read of one document.
    """

    ocr: Ocr = "auto"
    pages: int = 2_000
    pixels: int = 120_000_000
    unpacked: int = 400_000_000
    ratio: int = 200
    characters: int = 20_000_000
    cells: int = 300_000
    threads: int = 0
    seconds: float = 120.0
    texts: bool = False
    stalled: float = 300.0
    longest: float = 14_400.0
    memory: int = 4 * 2**30
    output: int = 2**29


DEFAULT = Settings()
