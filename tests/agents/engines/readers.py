"""Readers whose actors behave as they should not; actors import them by name."""

from __future__ import annotations

import os
import signal

from agents.engines.actor import NotHere, Reader
from agents.engines.parcel import Bytes, Parcel
from agents.reading_pool import Result


class Deadly(Reader):
    """Dies of documents that are called deadly."""

    def read(self, parcel: Parcel, carried: Bytes | None) -> Result | NotHere:
        if "deadly" in parcel.path:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(parcel, carried)


class Far(Reader):
    """Lives on a machine that has none of our files."""

    def read(self, parcel: Parcel, carried: Bytes | None) -> Result | NotHere:
        return NotHere() if carried is None else super().read(parcel, carried)


class Stillborn(Reader):
    """Does not come to life."""

    def versions(self) -> dict[str, str]:
        os.kill(os.getpid(), signal.SIGKILL)
        return {}
