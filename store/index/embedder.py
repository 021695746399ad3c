"""What the index asks of whoever turns texts into vectors; agents.embed offers three that do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""A row per text."""


class Embedder(Protocol):
    """Texts to vectors. Vectors of one name can be compared with each other, and with those of no other name."""

    @property
    def name(self) -> str:
        """What made the vectors, its version included; kept with the index."""

    @property
    def share(self) -> float:
        """How much a place by likeness counts against a place by words: 1 for a model that was taught meanings, less for others."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """One vector per text, in their order, float32.

        Raises:
            JiheError: an endpoint or a model that is asked does not answer.
        """

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question, one-dimensional.

        Raises:
            JiheError: as for embed_documents.
        """
