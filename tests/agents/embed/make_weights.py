"""Counts the weights of the default embedding: `python -m tests.agents.embed.make_weights FILE`. Done once; see agents/embed/weights.py.

Of the sample forms nothing is counted, so that what is measured on them says something about other forms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from agents.embed.weights import count_weights
from eval.synthesis.forms import make_forms
from schema import thesaurus, vocabulary
from store.index.chunks import context_of, drafts_of

FORMS = 1500


def texts() -> Iterator[str]:
    """What is counted: the chunks of made-up forms as they are indexed, the labels of templates, the words of the thesaurus."""
    for form in make_forms(FORMS, seed=20250101):
        for draft in drafts_of(form):
            yield f"{context_of(form)}\n{draft.text}"
    for table in (vocabulary.HEAD_LABELS, vocabulary.FUNDING_COLUMN_LABELS, vocabulary.GOAL_LABELS, vocabulary.INDICATOR_COLUMN_LABELS):
        yield from (label for labels in table.values() for label in labels)
    for concept in thesaurus.concepts():
        yield from (*concept.terms, *concept.hints)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(count_weights(texts()))
