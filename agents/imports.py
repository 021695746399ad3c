"""The queue of imports of the web app, and the process beside it that works through it."""

from __future__ import annotations

from pathlib import Path


class ImportDesk:
    """Takes files in and has them read in another process."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def close(self) -> None:
        """Stop the process."""
