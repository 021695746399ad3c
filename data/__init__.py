"""Sample forms as PDFs with their gold forms: what `jihe demo` reads and what tests compare with. See README.md beside this file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def samples() -> Path:
    """The folder of the samples: `pdf/NAME.pdf` holds the forms of `gold/NAME.json`, in the same order."""
    return Path(str(files(__name__))) / "samples"
