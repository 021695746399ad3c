"""The HTTP API: the functions of the pages under names of their own, for Gradio's client and for plain HTTP."""

from __future__ import annotations

from ui.web.site import Site


def build(site: Site) -> None:
    """Offer the functions."""
