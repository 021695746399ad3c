"""A folder of made-up documents with the forms they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.synthesis.drawing import draw
from eval.synthesis.expected import as_read
from eval.synthesis.forms import make_forms
from eval.synthesis.layout import Layout
from eval.synthesis.layouts import LAYOUTS
from schema.form import Form


def write_corpus(folder: Path, count: int, *, seed: int = 0, layouts: Iterable[Layout] | None = None) -> list[tuple[Path, Form]]:
    """Write `count` PDFs of one distinct form each, the layouts taking turns; each path with the form to be read from it."""
    folder.mkdir(parents=True, exist_ok=True)
    turns = list(layouts or LAYOUTS.values())
    out = []
    for number, form in enumerate(make_forms(count, seed)):
        layout = turns[number % len(turns)]
        path = folder / f"{number:04}-{layout.name}.pdf"
        path.write_bytes(draw([form], layout))
        out.append((path, as_read(form, layout)))
    return out


def expected_forms(forms: Sequence[Form], layout: Layout) -> list[Form]:
    """What is to be read from one PDF that holds these forms."""
    return [as_read(form, layout) for form in forms]
