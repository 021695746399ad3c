"""Which embedding is used."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from agents.embed import NgramEmbedder, embedder_from_env
from schema.errors import UsageError


def test_without_the_variable_the_default_is_used(tmp_path: Path) -> None:
    assert isinstance(embedder_from_env({"JIHE_EMBEDDING_MODEL": " ", "OPENAI_API_KEY": "k"}, tmp_path), NgramEmbedder)


def test_an_endpoint_needs_a_key_and_says_which_variable_asked_for_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="设置了 JIHE_EMBEDDING_MODEL，但没有设置 OPENAI_API_KEY"):
        embedder_from_env({"JIHE_EMBEDDING_MODEL": "text-embedding-3-small"}, tmp_path)


def test_a_malformed_timeout_is_named_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="JIHE_MODEL_TIMEOUT"):
        embedder_from_env({"JIHE_EMBEDDING_MODEL": "x", "OPENAI_API_KEY": "k", "JIHE_MODEL_TIMEOUT": "soon"}, tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有模型"):
        embedder_from_env({"JIHE_EMBEDDING_MODEL": f"local:{tmp_path}"}, tmp_path)


def test_a_local_model_without_the_library_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(UsageError, match="sentence-transformers"):
        embedder_from_env({"JIHE_EMBEDDING_MODEL": f"local:{tmp_path}"}, tmp_path)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, bool]]]:
    """A stand-in for sentence-transformers that notes how it was called."""
    loaded: list[tuple[str, bool]] = []

    class Model:
        def __init__(self, path: str, *, local_files_only: bool) -> None:
            loaded.append((path, local_files_only))

        def encode(self, texts: list[str], **_: object) -> np.ndarray:
            return np.ones((len(texts), 3))

    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    yield loaded


def test_a_local_model_is_loaded_late_and_only_from_its_folder(tmp_path: Path, library: list[tuple[str, bool]]) -> None:
    (tmp_path / "config.json").write_text("{}")
    embedder = embedder_from_env({"JIHE_EMBEDDING_MODEL": f"local:{tmp_path}"}, tmp_path)
    first = embedder.name
    assert library == []
    assert embedder.embed_query("停车").shape == (3,)
    assert embedder.embed_documents(["一", "二"]).dtype == np.float32
    assert library == [(str(tmp_path), True)]
    (tmp_path / "config.json").write_text('{"other": 1}')
    assert embedder.name != first
