"""The readers that are compared. Each is loaded only in the process that measures it, so that nobody pays for another's imports."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path

JIHE = "jihe"
FLOOR = "floor"

Read = Callable[[Path], None]
"""Reads one document, whole."""


Ingest = Callable[[Sequence[Path], Path, int], None]
"""The whole jihe path: documents into the database of a home, with a number of workers."""


class IncompleteIngest(Exception):
    """A document of the benchmark was not read: its figures would be those of less work."""


def load_ingest() -> Ingest:
    """The pipeline as it stands: the one place here that knows how it is called."""
    pipeline = importlib.import_module("agents.pipeline")
    store_class = importlib.import_module("store.store").Store

    def ingest(paths: Sequence[Path], home: Path, workers: int) -> None:
        with store_class.open(home) as store:
            outcomes = pipeline.ingest([str(path) for path in paths], store, workers)
        short = [outcome for outcome in outcomes if outcome.status != "done"]
        if short or len(outcomes) != len(paths):
            raise IncompleteIngest(f"{len(short)} of {len(outcomes)} documents not done, the first: {short[0].file if short else '-'}")

    return ingest


def load_reader(peer: str) -> Read:
    """Import what a peer needs and return it ready to read."""
    return _LOADERS[peer]()


def _floor() -> Read:
    """What any reader of ruled tables with PyMuPDF has to do at the least."""
    pymupdf = importlib.import_module("pymupdf")

    def read(path: Path) -> None:
        with pymupdf.open(path) as document:
            for page in document:
                page.get_text("words")
                page.get_drawings()

    return read


def _pdfplumber() -> Read:
    pdfplumber = importlib.import_module("pdfplumber")

    def read(path: Path) -> None:
        with pdfplumber.open(path) as document:
            for page in document.pages:
                page.extract_tables()
                page.close()  # frees the page's cache, as its documentation advises for long documents

    return read


def _find_tables() -> Read:
    """PyMuPDF's own finder with its defaults: with pymupdf_layout installed it runs that model on each page."""
    pymupdf = importlib.import_module("pymupdf")

    def read(path: Path) -> None:
        # It prints to stdout, which belongs to the result of the measuring process.
        with pymupdf.open(path) as document, contextlib.redirect_stdout(io.StringIO()):
            for page in document:
                for table in page.find_tables().tables:
                    table.extract()

    return read


def _find_tables_by_lines() -> Read:
    """The same without the layout model."""
    pymupdf = importlib.import_module("pymupdf")

    def read(path: Path) -> None:
        with pymupdf.open(path) as document, contextlib.redirect_stdout(io.StringIO()):
            for page in document:
                for table in page.find_tables(use_layout=False).tables:
                    table.extract()

    return read


_LOADERS: dict[str, Callable[[], Read]] = {
    FLOOR: _floor,
    "pdfplumber": _pdfplumber,
    "find_tables": _find_tables,
    "find_tables-no-model": _find_tables_by_lines,
}

PEERS = (*_LOADERS, JIHE)
"""All names, the floor first."""
