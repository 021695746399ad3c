"""Embedders for tests of the index: small, quick, and of a name that a test chooses."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from schema.errors import JiheError
from store.index.embedder import Vectors
from store.index.tokens import pairs


class ToyEmbedder:
    """Words in common, in 64 dimensions."""

    share = 1.0

    def __init__(self, name: str = "toy-1") -> None:
        self.name = name
        self.asked = 0

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """One vector per text."""
        self.asked += len(texts)
        made = np.full((len(texts), 64), 0.01, dtype=np.float32)
        for i, text in enumerate(texts):
            for token in pairs(text).split():
                made[i, zlib.crc32(token.encode()) % 64] += 1
        return made

    def embed_query(self, text: str) -> Vectors:
        """The vector of a question."""
        vector: Vectors = self.embed_documents([text])[0]
        return vector


class SilentEmbedder(ToyEmbedder):
    """An endpoint that is down."""

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """It does not answer."""
        raise JiheError("向量模型没有回答。")
