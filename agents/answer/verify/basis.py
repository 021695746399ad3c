"""What an answer is checked against."""

from __future__ import annotations

from dataclasses import dataclass

from agents.answer.compose.writer import Sentence
from agents.answer.execute.records import Figure, Result


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer is checked against.

    Attributes:
        sentences: as they were written, with their figures; a sentence that reads otherwise has none.
        names, years: of all stored forms: no name may appear that the result does not hold.
        free: figures that any sentence may tell (for answers that were not composed here).
    """

    result: Result
    sentences: tuple[Sentence, ...] = ()
    names: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    free: tuple[Figure, ...] = ()
