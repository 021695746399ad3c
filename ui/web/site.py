"""What all pages share: the home, its store, and how a page says things to whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from agents.imports import Limits
from store.store import Store
from ui.web.words import Language, language_of, say

if TYPE_CHECKING:
    import gradio as gr

    from agents.answer.ask import Asker
    from agents.imports import ImportDesk

NOBODY = "web"
"""Who corrects where nobody has to log in."""


@dataclass(frozen=True)
class Site:
    """One running web app.

    Args:
        home: the folder of the store.
        store: shared by all requests; its connections are one per thread.
        asker: answers questions; one at a time inside.
        desk: the queue of imports and the process that works through it.
        passing: the folder of uploads that arrive and of files to be fetched; gone at the end.
        read_only: nothing may be imported, corrected or chosen.
        accounts: whether people log in.
    """

    home: Path
    store: Store
    asker: Asker
    desk: ImportDesk
    passing: Path
    read_only: bool = False
    accounts: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Visitor:
    """Who asks, and in which language."""

    name: str
    language: Language

    @classmethod
    def of(cls, request: gr.Request | None) -> Visitor:
        """The visitor behind a request of Gradio; without one (a call in a test) nobody, in Chinese."""
        if request is None:
            return cls(NOBODY, "zh")
        return cls(request.username or NOBODY, language_of(request.cookies))

    def say(self, key: str, **values: object) -> str:
        """A text of words.py in the visitor's language."""
        return say(self.language, key, **values)

    def render(self, template: str, **values: Any) -> str:
        """A template with its values, all of them escaped; in it `say` speaks the visitor's language."""
        return _TEMPLATES.get_template(template).render(say=self.say, language=self.language, **values)


_TEMPLATES = Environment(loader=PackageLoader("ui.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
