"""The index brought up to date after forms were written. It is derived and mended by whoever uses it next, so its trouble is only told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schema.errors import JiheError, StoreBusy
from schema.observing import observe, span
from store.store import Store

Progress = Callable[[int, int], None]
"""Told how much is done, and how much there is in all."""
LATER = "表已存好；缺的部分由下一条写入表的命令或下一次文字检索补齐，也可运行 jihe reindex --missing。"


def bring_up_to_date(store: Store, environ: Mapping[str, str], progress: Progress | None = None) -> str | None:
    """Take into the index what changed; cheap when nothing did.

    Args:
        environ: JIHE_EMBEDDING_MODEL and what goes with it (docs/index.md).
        progress: told as forms, and then vectors, are written.

    Returns:
        What was not brought up to date and why, in a sentence for the user; None when all is well.

    Raises:
        StoreError: the database cannot be read.
    """
    # Vectors and Chroma take a second to import.
    from agents.embed import embedder_from_env  # noqa: PLC0415
    from store.index import Index  # noqa: PLC0415

    try:
        with Index.open(store, embedder_from_env(environ, store.home)) as index:
            state = index.state()
            made = state.embedding is not None or not store.counts().forms
            if made and not state.waiting_forms and not state.waiting_vectors:
                return None
            with span("index.caught_up", forms=state.waiting_forms, vectors=state.waiting_vectors):
                index.catch_up(progress)
            observe("index", forms=state.waiting_forms, vectors=state.waiting_vectors)
    except StoreBusy:
        return f"另一个 jihe 进程正在写索引，这次没有等它。{LATER}"
    except JiheError as e:
        return f"索引没有更新：{e}已存的表不受影响，提问照常可用。"
    return None
