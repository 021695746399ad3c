"""All pages as one Gradio application: which module makes which address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import gradio as gr

from ui.web import analysis, api, ask, evaluation, findings, form, forms, imports, review
from ui.web.site import Site
from ui.web.words import translations

Build = Callable[[Site, gr.Blocks, gr.I18n], None]


class Page(Protocol):
    """A module of this package that makes a page."""

    def build(self, site: Site, page: gr.Blocks, words: gr.I18n) -> None:
        """Put the components of the page into the open Blocks and say what their events do."""


_ROUTES: tuple[tuple[str, Page], ...] = (
    ("import", imports), ("form", form), ("review", review), ("findings", findings),
    ("ask", ask), ("analysis", analysis), ("evaluation", evaluation),
)  # fmt: skip
"""Address and module; the list of forms is the first page, at /."""


UPLOADS_KEPT = (3600, 86400)
"""Seconds between looks at Gradio's folder of uploads, and after which what lies there is removed."""


def make_blocks(site: Site) -> tuple[gr.Blocks, gr.I18n]:
    """The application, and the texts of its components."""
    words = gr.I18n(**translations())
    blocks = gr.Blocks(title="绩核", analytics_enabled=False, fill_width=True, delete_cache=UPLOADS_KEPT)
    with blocks:
        forms.build(site, blocks, words)
        api.build(site)
    for path, module in _ROUTES:
        with blocks.route(path, f"/{path}", show_in_navbar=False) as page:
            module.build(site, page, words)
    return blocks, words
