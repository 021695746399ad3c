"""The sample forms as pages with and without rulings print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.extract.llm.printed import Printed, print_dump
from ingest.mupdf import pymupdf
from schema.form import Form
from tests.agents.extract.llm.tables import printed_forms

Samples = list[tuple[str, Form, Printed]]
"""Name, gold form, and text of each."""


@pytest.fixture(scope="session")
def ruled_samples(sample_pdfs: list[Path], gold_forms: dict[str, list[Form]]) -> Samples:
    """The sample forms as ruled tables."""
    return [found for path in sample_pdfs for found in _named(path.stem, gold_forms[path.stem], printed_forms(path), "ruled")]


@pytest.fixture(scope="session")
def dump_samples(sample_pdfs: list[Path], gold_forms: dict[str, list[Form]]) -> Samples:
    """The sample forms as an extractor of text gives them: cell after cell, each line of one on a line of its own."""
    return [found for path in sample_pdfs for found in _named(path.stem, gold_forms[path.stem], print_dump(_plain(path)), "dump")]


@pytest.fixture(scope="session")
def samples(ruled_samples: Samples, dump_samples: Samples) -> Samples:
    """Both."""
    return [*ruled_samples, *dump_samples]


def _plain(path: Path) -> str:
    with pymupdf.open(path) as document:
        return "\f".join(page.get_text() for page in document)


def _named(stem: str, gold: list[Form], printed: list[Printed], shape: str) -> Samples:
    return [(f"{stem} {number} {shape}", form, text) for number, (form, text) in enumerate(zip(gold, printed, strict=True), 1)]
