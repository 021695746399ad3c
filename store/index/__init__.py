"""The index over the forms: chunks of meaning, full text beside vectors, derived from the tables and mended from them (docs/index.md)."""

from store.index.embedder import Embedder
from store.index.index import Index
from store.index.records import Chunk, ChunkFilter, Hit, IndexState, Match

__all__ = ["Chunk", "ChunkFilter", "Embedder", "Hit", "Index", "IndexState", "Match"]
