"""Addresses outside Gradio: assets, pictures of pages, the source. Nothing is served but what is named here or owned by the store."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from ui.web.site import Site
from ui.web.source import source_archive

SOURCE = "/source.zip"


def add_routes(app: FastAPI, site: Site) -> None:
    """Put the routes before Gradio's."""
    app.mount("/jihe/assets", StaticFiles(directory=Path(__file__).parent / "assets"))

    @app.get(SOURCE)
    def source() -> Response:
        return Response(
            source_archive(), media_type="application/zip", headers={"Content-Disposition": 'attachment; filename="jihe-source.zip"'}
        )
