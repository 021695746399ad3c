"""The samples as a model would have to read them: every first question about their forms, with the answer of the gold form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agents.extract.llm.printed import Printed
from agents.extract.llm.questions import head_question, row_questions
from agents.models.question import Question
from agents.reader import read_material
from data import samples
from eval.llama.tape import taped
from eval.simulate.answers import GoldAnswers
from ingest.settings import Settings
from schema.canonical import read_forms
from schema.form import Form


@dataclass(frozen=True)
class GoldForm:
    """A form of a sample.

    Attributes:
        name: the sample's, with the number of the form.
        printed: its text, as questions hold it.
        form: what it really says.
        answers: by key, the right answers to the first questions about it, as `tape_model` takes them.
    """

    name: str
    printed: Printed
    form: Form
    answers: dict[str, str]

    def words(self) -> list[str]:
        """What it prints, piece by piece: words for `random_model`. Half of it are names of indicators, for rows are known by these."""
        pieces, names = [piece.text for piece in self.printed.pieces], [row.name for row in self.form.indicators]
        return pieces + names * (len(pieces) // max(1, len(names)))


def sample_names() -> list[str]:
    """The samples that have gold forms."""
    return sorted(path.stem for path in (samples() / "gold").glob("*.json"))


def gold_forms(name: str) -> Iterator[GoldForm]:
    """The forms of a sample, in their order.

    Raises:
        ValueError: the sample was not read as the gold says, so no answer can be told.
    """
    forms = read_forms(samples() / "gold" / f"{name}.json")
    candidates = [c for c in read_material(samples() / "pdf" / f"{name}.pdf", Settings(texts=True)).candidates if c.form is not None]
    if len(candidates) != len(forms):
        raise ValueError(f"{name}: {len(candidates)} forms read, {len(forms)} in the gold")
    for number, (candidate, form) in enumerate(zip(candidates, forms, strict=True), 1):
        label = f"{name}-{number}"
        # Asked about one form only, nothing can be taken for another.
        reply = GoldAnswers([form]).reply_text
        yield GoldForm(label, candidate.printed, form, taped(first_questions(candidate.printed, label), reply))


def first_questions(printed: Printed, name: str) -> list[Question[Any]]:
    """What is asked about a form before any answer is known."""
    return [head_question(printed, name), *row_questions(printed, name)]
