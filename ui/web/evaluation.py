"""A page to come."""

from __future__ import annotations

import gradio as gr

from ui.web.site import Site


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:
    """The page."""
    gr.HTML("<h1>evaluation</h1>")
