"""Which embedding is used: the local default, or what JIHE_EMBEDDING_MODEL names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agents.embed.ngrams import NgramEmbedder
from store.index.embedder import Embedder

VARIABLE = "JIHE_EMBEDDING_MODEL"
LOCAL = "local:"


def embedder_from_env(environ: Mapping[str, str], home: Path) -> Embedder:
    """The embedding that the environment chooses; without JIHE_EMBEDDING_MODEL the default, which needs nothing.

    Args:
        environ: JIHE_EMBEDDING_MODEL is `local:FOLDER` for a model of sentence-transformers on this machine, else the name of a model of
            the endpoint that OPENAI_BASE_URL and OPENAI_API_KEY name.
        home: where vectors that were paid for are kept.

    Raises:
        UsageError: a variable has a value it cannot have, the folder holds no model, or sentence-transformers is not installed.
    """
    name = environ.get(VARIABLE, "").strip()
    if not name:
        return NgramEmbedder()
    # Imported here: the default needs neither.
    if name.startswith(LOCAL):
        from agents.embed.sentences import SentenceEmbedder  # noqa: PLC0415

        return SentenceEmbedder(Path(name.removeprefix(LOCAL)).expanduser())
    from agents.embed.endpoint import EndpointEmbedder  # noqa: PLC0415

    return EndpointEmbedder.from_env(environ, name, home)
