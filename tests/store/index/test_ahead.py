"""Vectors that are made ahead: the same as without, and no reason to wait or to fail."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from store.index import upkeep
from store.index.embedder import Vectors
from store.index.mend import _Ahead
from store.index.upkeep import Work
from store.index.vectors import Entry


class Panic(BaseException):
    """What a library not written in Python ends with."""


class _Embedder:
    """Makes vectors, or ends with what it is given, one after the other."""

    def __init__(self, *endings: BaseException | None) -> None:
        self._endings = list(endings)
        self.asked: list[Sequence[str]] = []

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        self.asked.append(texts)
        if self._endings and (ending := self._endings.pop(0)) is not None:
            raise ending
        return np.ones((len(texts), 2), dtype=np.float32)


def _work(*texts: str) -> Work:
    return Work(tuple(range(len(texts))), tuple(Entry(text, text, "indicators[0].name", {}) for text in texts), ())


def _ahead(embedder: _Embedder, monkeypatch: pytest.MonkeyPatch, queued: Work) -> _Ahead:
    monkeypatch.setattr(upkeep, "next_vectors", lambda *_: queued)
    return _Ahead(cast(Any, SimpleNamespace(read=nullcontext)), cast(Any, embedder))


def test_what_was_made_ahead_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = _Embedder()
    ahead = _ahead(embedder, monkeypatch, _work("甲", "乙"))
    ahead.prepare(0)
    assert ahead.vectors_of(_work("甲", "乙")).shape == (2, 2)
    assert len(embedder.asked) == 1
    # Something was corrected meanwhile.
    ahead.prepare(0)
    assert ahead.vectors_of(_work("丙")).shape == (1, 2)
    assert embedder.asked[-1] == ["丙"]


@pytest.mark.parametrize("ending", [RuntimeError("gone"), Panic()])
def test_what_goes_wrong_ahead_is_tried_again(ending: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = _Embedder(ending)
    ahead = _ahead(embedder, monkeypatch, _work("甲"))
    ahead.prepare(0)
    assert ahead.vectors_of(_work("甲")).shape == (1, 2)
    embedder = _Embedder(ending, ending)
    ahead = _ahead(embedder, monkeypatch, _work("甲"))
    ahead.prepare(0)
    with pytest.raises(type(ending)):
        ahead.vectors_of(_work("甲"))


def test_nothing_is_made_where_vectors_only_go(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = _Embedder()
    assert len(_ahead(embedder, monkeypatch, _work()).vectors_of(Work((1,), (), ("alt",)))) == 0
    assert not embedder.asked
