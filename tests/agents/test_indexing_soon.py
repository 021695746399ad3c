"""The index after corrections in the web app."""

from __future__ import annotations

import os
from pathlib import Path

from agents.embed.ngrams import NgramEmbedder
from agents.indexing_soon import IndexSoon
from store.index import Index
from store.store import Store
from tests.factories import make_form, make_reading


def test_the_index_follows_once_things_are_quiet(tmp_path: Path) -> None:
    with Store.open(tmp_path / "home") as store:
        store.save(make_reading([make_form()]), store.start_run("test"))
        soon = IndexSoon(store, os.environ, quiet=0.05)
        soon.changed()
        soon.changed()
        soon.wait()
        assert soon.notice is None
        with Index.open(store, NgramEmbedder()) as index:
            assert index.state().waiting_forms == 0
