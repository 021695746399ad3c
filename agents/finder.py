"""The index as answering uses it: opened when a question first needs texts, and never a reason for a question to fail.

Importing Chroma takes longer than most answers, so nothing of the index is imported before it is asked for. Whatever is wrong with it is
said in `notice`; the tables, which the index is only derived from, then answer alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from schema import thesaurus
from schema.errors import JiheError
from store.store import Store

if TYPE_CHECKING:
    from store.index import Chunk, ChunkFilter, Hit, Index

NAMED_AT_MOST = 500
"""Forms that a filter names one by one; of more, what is found in all forms is sifted."""
SIFTED_FROM = 5
"""How many times as much is looked for where it is sifted afterwards."""


class IndexFinder:
    """Finds texts of the forms of a store; it is a context manager, and threads may share it.

    Args:
        store: it has to stay open as long as the finder.
        environ: JIHE_EMBEDDING_MODEL and what goes with it (docs/index.md).
    """

    def __init__(self, store: Store, environ: Mapping[str, str]) -> None:
        self._store = store
        self._environ = environ
        self._index: Index | None = None
        self._opening = Lock()
        self.notice: str | None = None
        """What the last call went without, in a sentence for the reader; None when all was there. Whoever asks sets it back."""

    def close(self) -> None:
        """Let go of the index."""
        with self._opening:
            index, self._index = self._index, None
        if index is not None:
            index.close()

    def __enter__(self) -> Self:
        """The finder itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def search(self, text: str, forms: Sequence[str] | None = None, k: int = 10, wanted: ChunkFilter | None = None) -> list[Hit]:
        """The chunks that are most about a text, best first.

        Args:
            forms: ids of the forms to look in; None for all.
            wanted: what else the chunks have to fulfil.

        Returns:
            At most k hits. Where vectors cannot be used, those whose words fit; `notice` then says what is wrong.
        """
        from store.index import ChunkFilter  # noqa: PLC0415

        if forms is not None and not forms:
            return []
        filters = wanted or ChunkFilter()
        sifted = frozenset(forms) if forms is not None and len(forms) > NAMED_AT_MOST else None
        if forms is not None and sifted is None:
            filters = filters.model_copy(update={"forms": tuple(forms)})
        try:
            index = self._opened()
            found = index.search(text, filters, k if sifted is None else k * SIFTED_FROM)
            self._note(index.shortfall)
        except JiheError as e:
            self._note(f"{e}这次只按字词查找。")
            found = self._by_words(text, filters)
        return [hit for hit in found if sifted is None or hit.chunk.form_id in sifted][:k]

    def chunks(self, wanted: ChunkFilter) -> list[Chunk]:
        """Every chunk that fits, form by form; none where the index cannot be used."""
        try:
            index = self._opened()
            found = index.chunks(wanted)
        except JiheError as e:
            self._note(str(e))
            return []
        self._note(index.shortfall)
        return found

    def _by_words(self, text: str, filters: ChunkFilter) -> list[Hit]:
        """What holds most of the text's terms, for want of anything better: this needs no vectors."""
        from agents.embed import NgramEmbedder  # noqa: PLC0415
        from store.index import Hit, Index  # noqa: PLC0415

        pieces = [piece for piece in thesaurus.without_question_words(text).split() if len(piece) > 1]
        try:
            # Not the index that is open: there may be none, for want of an embedding. Terms ask for no vectors.
            with Index.open(self._store, NgramEmbedder()) as index:
                matches = index.match_terms([*pieces, *thesaurus.terms_of(text)], filters)
        except JiheError as e:
            self._note(str(e))
            return []
        ranked = sorted(matches, key=lambda match: -sum(map(len, match.terms)))
        return [Hit(match.chunk, 1.0 / place, ("terms",)) for place, match in enumerate(ranked, 1)]

    def _opened(self) -> Index:
        with self._opening:
            if self._index is None:
                from agents.embed import embedder_from_env  # noqa: PLC0415
                from store.index import Index  # noqa: PLC0415

                self._index = Index.open(self._store, embedder_from_env(self._environ, self._store.home))
            return self._index

    def _note(self, notice: str | None) -> None:
        # The first trouble is the cause of the others.
        self.notice = self.notice or notice
