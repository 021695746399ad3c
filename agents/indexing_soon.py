"""The index after a correction in the web app: brought up to date beside the page, not before its answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock, Timer
from weakref import WeakKeyDictionary

from agents.indexing import bring_up_to_date
from store.store import Store

QUIET_SECONDS = 1.5
"""How long no further change has to come: who reviews settles a cell every few seconds, and the index takes all of them at once."""


class IndexSoon:
    """Brings the index of one store up to date once things are quiet. Threads may share it."""

    def __init__(self, store: Store, environ: Mapping[str, str], quiet: float = QUIET_SECONDS) -> None:
        self._store, self._environ, self._quiet = store, environ, quiet
        self._timer: Timer | None = None
        self._lock = Lock()
        self._working = Lock()
        self.notice: str | None = None
        """What was not brought up to date the last time, and why; None when all was well."""

    def changed(self) -> None:
        """Forms changed."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = Timer(self._quiet, self._catch_up)
            self._timer.daemon = True
            self._timer.start()

    def wait(self) -> None:
        """Until what was started is done."""
        with self._lock:
            timer = self._timer
        if timer is not None:
            timer.join()

    def _catch_up(self) -> None:
        with self._working:
            self.notice = bring_up_to_date(self._store, self._environ)


_OF_STORES: WeakKeyDictionary[Store, IndexSoon] = WeakKeyDictionary()
_MAKING = Lock()


def index_soon(store: Store) -> None:
    """Note that forms of a store changed; its index follows within seconds."""
    with _MAKING:
        soon = _OF_STORES.setdefault(store, IndexSoon(store, os.environ))
    soon.changed()
