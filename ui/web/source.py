"""The source of the running version as one archive: what the AGPL (section 13) owes to whoever uses the site over a network."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("schema", "ingest", "store", "agents", "eval", "ui", "data", "docs", "tests")
_FILES = ("pyproject.toml", "constraints.txt", "Makefile", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE")
_PASSED_OVER = ("__pycache__", ".egg-info")


@cache
def source_archive() -> bytes:
    """All files of the project that are installed, as a ZIP; made once."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _sources():
            archive.write(path, Path("jihe") / path.relative_to(_ROOT))
    return out.getvalue()


def _sources() -> Iterator[Path]:
    for name in _FILES:
        if (_ROOT / name).is_file():
            yield _ROOT / name
    for folder in _FOLDERS:
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.is_file() and not any(part.endswith(_PASSED_OVER) for part in path.relative_to(_ROOT).parts):
                yield path
