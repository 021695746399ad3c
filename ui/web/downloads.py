"""Files made for one visitor: written beside everything else, sent, and gone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, PlainTextResponse, Response

from schema.errors import JiheError

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"


def download(passing: Path, write: Callable[[Path], object], name: str, media_type: str) -> Response:
    """What `write` writes to the path it is given, below `passing`, as a file to save under this name; its error as text."""
    folder = tempfile.TemporaryDirectory(prefix="jihe-download-", dir=passing)
    path = Path(folder.name) / name
    try:
        write(path)
    except JiheError as e:
        folder.cleanup()
        return PlainTextResponse(str(e), 503)
    return FileResponse(path, media_type=media_type, filename=name, background=BackgroundTask(folder.cleanup))
