"""Styles and scripts of all pages in one file each: a page is open sooner for two requests than for sixteen.

Their addresses carry the hash of what they hold, so a browser keeps them for good and yet has the new ones after an upgrade.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from fastapi import FastAPI
from starlette.responses import Response

ASSETS = Path(__file__).parent / "assets"
Kind = Literal["css", "js"]
_MEDIA: dict[Kind, str] = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_FIRST = "jihe"
"""What every page has; those of single pages build on it."""
_KEPT = "public, max-age=31536000, immutable"


def add_routes(app: FastAPI) -> None:
    """Serve both files; before the folder of assets is mounted, which would answer for them."""

    @app.get("/jihe/assets/all.{kind}")
    def bundle(kind: Kind) -> Response:
        return Response(_joined(kind), media_type=_MEDIA[kind], headers={"Cache-Control": _KEPT})


@cache
def address(kind: Kind) -> str:
    """Where one of both is served."""
    return f"/jihe/assets/all.{kind}?v={hashlib.sha256(_joined(kind)).hexdigest()[:12]}"


@cache
def _joined(kind: Kind) -> bytes:
    # Order matters between the common file and the others only: every page's own names begin with letters of its own.
    files = sorted(ASSETS.glob(f"*.{kind}"), key=lambda file: (file.stem != _FIRST, file.name))
    return b"\n".join(file.read_bytes() for file in files)
