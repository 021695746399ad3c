"""What the index holds and what it gives back. Chunks are plain dataclasses: a question may go through a hundred thousand of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schema.record import Record

ChunkKind = Literal["indicator", "goal", "result", "head", "extra"]
How = Literal["text", "terms", "dense"]
"""By what a hit was found: the words of the question, the terms of its concepts, likeness of vectors."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One meaning of a form as it stands: an indicator row with its explanation, a goal, a result, the head, a block without a slot.

    Attributes:
        id: belongs to this text of this version for good; another text has another id.
        form_id: the form.
        version: the version of the form that it was made from.
        context: project, unit, department and year: what the text does not say itself.
        text: what is printed, a line per cell; the explanation, where there is one, is the last line.
        cell: the address that evidence is shown for: the explanation of a row that has one, else its name.
        row: the index of the indicator (or of the extra), as in cell addresses; None for the other kinds.
        lost: points lost in this row, weight − score; 0 where none were; None where that cannot be told.
        page: where the cell stands, counted from 1; None where the document has no pages.
    """

    id: str
    form_id: str
    version: int
    kind: ChunkKind
    context: str
    text: str
    cell: str
    row: int | None = None
    project: str | None = None
    department: str | None = None
    unit: str | None = None
    year: int | None = None
    level1: str | None = None
    level2: str | None = None
    lost: Decimal | None = None
    deviation: str | None = None
    page: int | None = None

    @property
    def has_deviation(self) -> bool:
        """Whether the row explains itself."""
        return self.deviation is not None


class ChunkFilter(Record):
    """Which chunks; every condition given must hold. Names are compared as they are printed: look them up first."""

    forms: tuple[str, ...] | None = None
    """Ids of forms."""
    projects: tuple[str, ...] | None = None
    departments: tuple[str, ...] | None = None
    units: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    kinds: tuple[ChunkKind, ...] | None = None
    level1: tuple[str, ...] | None = None
    level2: tuple[str, ...] | None = None
    lost: bool | None = None
    """Rows that lost points, or rows that lost none."""
    deviation: bool | None = None
    """Rows with an explanation, or without."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found.

    Attributes:
        score: of the fused ranks; it orders the hits of one search and means nothing beyond it.
        how: the ways it was found by.
        likeness: cosine of its vector and the question's, where vectors found it.
    """

    chunk: Chunk
    score: float
    how: tuple[How, ...]
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A chunk whose text holds some of the terms, and which of them."""

    chunk: Chunk
    terms: tuple[str, ...]


class IndexState(Record):
    """How the index stands.

    Attributes:
        chunks: of forms as they stand.
        waiting_forms: forms that changed since their text was indexed.
        waiting_vectors: chunks whose vectors are to be written or deleted.
        embedding: what made the vectors; None before any were made.
    """

    chunks: int
    waiting_forms: int
    waiting_vectors: int
    embedding: str | None


class IndexFaults(Record):
    """How chunks, full text and vectors differ, beyond what is known to wait.

    Attributes:
        chunks: of forms as they stand.
        texts: chunks that full text holds; as many as there are chunks.
        vectors_missing, vectors_left: chunks without a vector, vectors without a chunk.
    """

    chunks: int
    texts: int
    vectors_missing: int
    vectors_left: int

    @property
    def none(self) -> bool:
        """Whether they are as they should be."""
        return self.texts == self.chunks and not (self.vectors_missing or self.vectors_left)
