"""Vectors from a model of sentence-transformers that lies on this machine. Nothing is downloaded."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schema.errors import UsageError

TEXTS_AT_A_TIME = 32
_CONFIG = "config.json"


class SentenceEmbedder:
    """See store.index.embedder.Embedder. The model is loaded when it is first used.

    Args:
        folder: the folder of the model.

    Raises:
        UsageError: there is no model, or sentence-transformers is not installed.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / _CONFIG).is_file() and not (folder / "modules.json").is_file():
            raise UsageError(f"JIHE_EMBEDDING_MODEL：{folder} 里没有模型。请写模型所在的文件夹，如 local:/models/bge-small-zh。")
        try:
            # An option that is not installed with jihe, and slow to import.
            self._library: Any = importlib.import_module("sentence_transformers")
        except ImportError as e:
            raise UsageError(
                "JIHE_EMBEDDING_MODEL 指定了本地模型，但没有安装 sentence-transformers。请安装它，或去掉该变量改用自带的向量。"
            ) from e
        self._folder = folder
        self._model: Any = None

    @property
    def name(self) -> str:
        """The name of the folder and what its configuration says: two models may lie under one name, one after the other."""
        told = b"".join((self._folder / name).read_bytes() for name in (_CONFIG, "modules.json") if (self._folder / name).is_file())
        return f"{self._folder.name}#{hashlib.sha256(told).hexdigest()[:8]}"

    @property
    def share(self) -> float:
        """As much as words."""
        return 1.0

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One vector of length 1 per text."""
        return self._encoded(list(texts))

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question."""
        vector: NDArray[np.float32] = self._encoded([text])[0]
        return vector

    def _encoded(self, texts: list[str]) -> NDArray[np.float32]:
        if self._model is None:
            self._model = self._library.SentenceTransformer(str(self._folder), local_files_only=True)
        made = self._model.encode(texts, batch_size=TEXTS_AT_A_TIME, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(made, dtype=np.float32)
