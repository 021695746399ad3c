"""Addresses outside Gradio: assets, pictures of pages, the source. Nothing is served but what is named here or owned by the store."""

from __future__ import annotations

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from agents.pictures import NoPicture, fineness, pictures_of
from ui.web import bundle, form, forms
from ui.web.site import Site, Visitor
from ui.web.source import source_archive
from ui.web.words import language_of

SOURCE = "/source.zip"
_KEPT = "private, max-age=3600"
"""A picture of certain bytes is the same for ever; but who logs out should not leave it behind for long."""


def add_routes(app: FastAPI, site: Site) -> None:
    """Put the routes before Gradio's."""
    bundle.add_routes(app)
    app.mount("/jihe/assets", StaticFiles(directory=bundle.ASSETS))
    _add_pictures(app, site)
    forms.add_routes(app, site)
    form.add_routes(app, site)

    @app.get(SOURCE)
    def source() -> Response:
        return Response(
            source_archive(), media_type="application/zip", headers={"Content-Disposition": 'attachment; filename="jihe-source.zip"'}
        )


def picture_address(document: str, page: int, dpi: int | None = None) -> str:
    """Where the picture of a page is served."""
    return f"/jihe/pages/{document}/{page}.jpg" + (f"?dpi={dpi}" if dpi else "")


def _add_pictures(app: FastAPI, site: Site) -> None:
    """Pages of stored documents: how large one is, as JSON, and its picture; the reason where there is none.

    A document that has no picture is no fault: its place is told with the reason. Of a picture that is not there it is 404.
    """
    pictures = pictures_of(site.store)

    @app.get("/jihe/places/{document}/{page}")
    def place(document: str, page: int, request: Request) -> Response:
        found = pictures.page(document, page)
        if isinstance(found, NoPicture):
            return _refused(found, request, 404 if found.why in ("unknown", "page") else 200)
        title = _visitor(request).say("form.page_of", file=found.file, page=page, pages=found.pages)
        about = {"picture": picture_address(document, page, 144), "width": found.width, "height": found.height, "title": title}
        return JSONResponse(about, headers={"Cache-Control": "private, no-cache"})

    @app.get("/jihe/pages/{document}/{page}.jpg")
    def picture(document: str, page: int, request: Request, dpi: int = 144) -> Response:
        drawn = pictures.draw(document, page, dpi)
        if isinstance(drawn, NoPicture):
            return _refused(drawn, request)
        mark = f'"{document[:16]}-{page}-{fineness(dpi)}"'
        headers = {"Cache-Control": _KEPT, "ETag": mark}
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers=headers)
        return Response(drawn, media_type="image/jpeg", headers=headers)


def _visitor(request: Request) -> Visitor:
    return Visitor("", language_of(request.cookies))


def _refused(found: NoPicture, request: Request, status: int = 404) -> Response:
    return JSONResponse({"reason": _visitor(request).say(f"form.no_picture.{found.why}", file=found.file)}, status)
