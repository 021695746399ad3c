"""What the ledger calls a run: its time, its process, and how many that process has begun; two runs of one second are two."""

from __future__ import annotations

import itertools
import os

from store.columns import now

_begun = itertools.count(1)


def new_run_name() -> str:
    """A name that no other run has, such as 20240131T090502-4711-1."""
    return f"{now():%Y%m%dT%H%M%S}-{os.getpid()}-{next(_begun)}"
