"""An index over a store of the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from store import Store
from store.index import Index
from tests.store.index.embedders import ToyEmbedder


@pytest.fixture
def embedder() -> ToyEmbedder:
    """The embedder of `index`."""
    return ToyEmbedder()


@pytest.fixture
def index(store: Store, embedder: ToyEmbedder) -> Iterator[Index]:
    """An index that nobody has used yet."""
    with Index.open(store, embedder) as opened:
        yield opened
