"""The page of one form, at /form?id=…&cell=…: its pages on one side, what was read from them on the other, and a panel for the chosen
cell in which it is corrected.

The browser (assets/form.js) chooses cells and boxes by itself; the server renders the form, and carries out what a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import NamedTuple, get_args

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from agents.form_change import Do, Wish, fulfil
from agents.form_view import FormView, form_view
from agents.indexing_soon import index_soon
from agents.pictures import NoPicture, pictures_of
from schema.canonical import dump_forms
from schema.checks import Finding
from schema.errors import JiheError
from store.records import Change
from ui.web.form_cells import cells_told, label, sheet_values
from ui.web.site import Site, Visitor
from ui.web.words import language_of

_WISH = {"form_id": "form", "cell": "cell", "do": "do", "value": "value", "seen": "seen"}
"""Fields of a wish, and what the script calls them."""
_JS = "element.addEventListener('jihe-act', (event) => trigger('act', event.detail));"
"""The script of the page tells what a person decided; `act` is then an event of the component."""


class Told(NamedTuple):
    """What is said after something was done: a message, and how the findings changed where they could."""

    message: str
    changed: bool = False
    gone: Sequence[tuple[Finding, str]] = ()
    come: Sequence[tuple[Finding, str]] = ()
    failed: bool = False


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - all its texts are rendered by the server
    """The page."""
    head = gr.HTML(elem_classes="jf-top", js_on_load=None, apply_default_css=False)
    with gr.Row(elem_classes="jf"):
        pages = gr.HTML(elem_classes="jf-left", js_on_load=None, apply_default_css=False)
        right = gr.HTML(elem_classes="jf-right", js_on_load=_JS, apply_default_css=False)

    def load(request: gr.Request) -> tuple[str, str, str]:
        visitor = Visitor.of(request)
        reference = dict(request.query_params).get("id", "")
        try:
            view = form_view(site.store, reference) if reference else None
        except JiheError as e:
            return visitor.render("form_missing.html", why=str(e)), "", ""
        if view is None:
            return visitor.render("form_missing.html", why=visitor.say("form.choose")), "", ""
        return _head(visitor, view), _pages(visitor, site, view), _sheet(visitor, site, view)

    def act(event: gr.EventData, request: gr.Request) -> tuple[str, object, str]:
        visitor = Visitor.of(request)
        if site.read_only:
            raise gr.Error(visitor.say("frame.refused"), print_exception=False)
        asked = event._data if isinstance(event._data, dict) else {}
        told = _carried_out(visitor, site, asked)
        view = form_view(site.store, str(asked.get("form", "")))
        # Another reading may come from another document; otherwise the pages stay as they are, zoomed and scrolled.
        left = _pages(visitor, site, view) if asked.get("do") == "version" else gr.skip()
        return _head(visitor, view), left, _sheet(visitor, site, view, told)

    page.load(load, None, [head, pages, right], api_visibility="private", concurrency_limit=20, show_progress="hidden")
    right.act(act, None, [head, pages, right], api_visibility="private", concurrency_limit=20, show_progress="hidden")


def add_routes(app: FastAPI, site: Site) -> None:
    """One form as canonical JSON."""

    @app.get("/jihe/forms/{form_id}.json")
    def as_json(form_id: str, request: Request) -> Response:
        try:
            form = site.store.get(form_id)
        except JiheError:
            return JSONResponse({"reason": Visitor("", language_of(request.cookies)).say("form.missing")}, 404)
        headers = {"Content-Disposition": f'attachment; filename="{_plain(form.form_id)}.json"', "Cache-Control": "private, no-store"}
        return Response(dump_forms([form]), media_type="application/json", headers=headers)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "_" for c in name)


def _head(visitor: Visitor, view: FormView) -> str:
    severities = [finding.severity for finding in view.findings]
    counts = {f"n_{severity}": severities.count(severity) for severity in ("error", "warning", "info")}
    counts["n_review"] = len(view.form.review)
    counts["n_corrected"], counts["n_confirmed"] = view.count("corrected"), view.count("confirmed")
    current = next(version for version in view.versions if version.current)
    return visitor.render("form_head.html", form=view.form, counts=counts, current=current, file=current.file.rsplit("/", 1)[-1])


def _pages(visitor: Visitor, site: Site, view: FormView) -> str:
    source = view.form.source
    found = pictures_of(site.store).pages(source.sha256) if source else None
    why = visitor.say("form.no_source") if source is None else ""
    if isinstance(found, NoPicture):
        why = visitor.say(f"form.no_picture.{found.why}", file=found.file)
    pages = [one for one in found if one.page in source.pages] if source and isinstance(found, list) else []
    return visitor.render("form_pages.html", pages=pages, why=why, title=source.file.rsplit("/", 1)[-1] if source else "")


def _sheet(visitor: Visitor, site: Site, view: FormView, told: Told | None = None) -> str:
    values = sheet_values(visitor, view)
    values |= {"view": view, "form": view.form, "data": cells_told(visitor, view), "told": told, "read_only": site.read_only}
    return visitor.render("form_sheet.html", stamp=token_hex(4), **values)


def _carried_out(visitor: Visitor, site: Site, asked: Mapping[str, object]) -> Told | None:
    """What a person decided, done; what to say about it."""
    form, do = str(asked.get("form", "")), str(asked.get("do", ""))
    try:
        if do == "version":
            number = str(asked.get("version") or "")
            site.store.choose_version(form, int(number) if number.isdecimal() else None, visitor.name)
            index_soon(site.store)
            return Told(visitor.say("form.done.version"))
        if do not in get_args(Do):
            return None
        wish = Wish.model_validate({name: str(asked.get(key, "")) for name, key in _WISH.items()})
        change = fulfil(site.store, wish, visitor.name)
        # The answer does not wait for the index.
        index_soon(site.store)
        return _changed(visitor, wish, change)
    except JiheError as e:
        return Told(visitor.say("form.not_done", why=str(e)), failed=True)


def _changed(visitor: Visitor, wish: Wish, change: Change) -> Told:
    blank = visitor.say("form.blank")
    shown = {"old": blank if change.old is None else change.old, "new": blank if change.new is None else change.new}
    done = change.event.note or ("confirm" if change.old == change.new else "correct")
    kind = "undo" if wish.do == "undo" else done
    message = visitor.say(f"form.done.{kind}", cell=label(visitor, wish.cell), **shown)
    gone, come = ([(finding, label(visitor, finding.cell)) for finding in found] for found in (change.gone, change.come))
    return Told(message, True, gone, come)
