"""Texts to vectors: hashed character n-grams by default, an endpoint or a local model where one is named (docs/index.md)."""

from agents.embed.choice import VARIABLE, embedder_from_env
from agents.embed.ngrams import NgramEmbedder

__all__ = ["VARIABLE", "NgramEmbedder", "embedder_from_env"]
