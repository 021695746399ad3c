"""Where documents were met: paths made absolute, URLs as they are."""

from __future__ import annotations

from pathlib import Path


def absolute(file: str | Path) -> str:
    """A path from the root; a URL (s3://bucket/form.pdf) unchanged."""
    return str(file) if "://" in str(file) else str(Path(file).absolute())
