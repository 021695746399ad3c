"""The HTTP API: the functions of the pages under names of their own, for Gradio's client and for plain HTTP (docs/web-api.md)."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api

from agents.answer.agent.assistant import help_from_env
from agents.answer.ask import as_json
from agents.conversing import Conversing
from agents.imports import Options, Sent
from schema.checks import RULES
from schema.errors import JiheError
from store.export import FORMATS, export
from store.export.labels import SEVERITIES
from store.records import FormFilter
from ui.web.site import Site, Visitor

AT_ONCE = 24
EXPORTS = "jihe-export-"
KEPT_SECONDS = 3600.0
"""How long an exported file can be fetched."""
OWNER = "api"
"""Whose imports these are where nobody has to log in."""
T = TypeVar("T")


def build(site: Site) -> None:
    """Offer the functions."""
    offered = _Api(site)
    many = {"concurrency_limit": AT_ONCE}
    one = {"concurrency_limit": 2}

    def ask(question: str, request: gr.Request) -> dict[str, Any]:
        """Answers a question about the forms, as `jihe ask --json` does: {question, answer, projects, citations, verified, …}."""
        return offered.ask(question, request=request)

    def forms(request: gr.Request, text: str = "", year: int | None = None, review: bool = False) -> list[Any]:
        """Lists the forms, one summary each; text is part of a project's or a unit's name, review keeps those with cells to review."""
        return offered.forms(text, year, review, request=request)

    def form(form_id: str, request: gr.Request) -> dict[str, Any]:
        """One form as canonical JSON, corrections applied, with the evidence of every cell."""
        return offered.form(form_id, request=request)

    def findings(request: gr.Request, form: str = "", rule: str = "", severity: str = "") -> list[Any]:
        """What the checker found: of all forms or of one, of all rules and severities or of one."""
        return offered.findings(form, rule, severity, request=request)

    def correct(form: str, cell: str, value: str, request: gr.Request) -> dict[str, Any]:
        """Corrects a cell: {event, old, new, gone, come}; the findings that are gone and those that are new stand in it."""
        return offered.correct(form, cell, value, request=request)

    def export_forms(kind: str, request: gr.Request) -> dict[str, Any]:
        """All forms as a file: json, jsonl, csv, xlsx or parquet."""
        return offered.export(kind, request=request)

    def import_documents(files: list[Any], request: gr.Request) -> list[Any]:
        """Puts uploaded documents into the queue of imports; tells the queue."""
        return offered.take(files, request=request)

    def imports(request: gr.Request) -> list[Any]:
        """What became of the documents that were put into the queue."""
        return offered.imports(request=request)

    reads = {"ask": ask, "forms": forms, "form": form, "findings": findings, "imports": imports}
    for name, fn in reads.items():
        api(fn, api_name=name, **many)
    for name, fn in {"correct": correct, "export": export_forms, "import_documents": import_documents}.items():
        api(fn, api_name=name, **one)


class _Refused(Exception):
    """An argument is wrong: the key of what is said, and its values."""

    def __init__(self, name: str, wanted: str, **values: str) -> None:
        super().__init__(name)
        self.name, self.wanted, self.values = name, wanted, values


def _answering(fn: Callable[..., T]) -> Callable[..., T]:
    """What goes wrong is said in words, in the visitor's language where it is ours to say."""

    @wraps(fn)
    def answering(*arguments: Any, request: gr.Request) -> T:
        try:
            return fn(*arguments, request=request)
        except JiheError as e:
            raise gr.Error(str(e), print_exception=False) from e
        except _Refused as e:
            visitor = Visitor.of(request)
            told = visitor.say("api.type", name=e.name, wanted=visitor.say(e.wanted, **e.values))
            raise gr.Error(told, print_exception=False) from e

    return answering


class _Api:
    """What each function does."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._conversing = Conversing(site.home, site.asker, site.store, help_from_env(os.environ, "auto"))

    @_answering
    def ask(self, question: Any, *, request: gr.Request) -> dict[str, Any]:  # noqa: ARG002 - all of them get it
        return as_json(self._conversing.answered(_text("question", question)))

    @_answering
    def forms(self, text: Any, year: Any, review: Any, *, request: gr.Request) -> list[dict[str, Any]]:  # noqa: ARG002
        wanted = FormFilter(text=_text("text", text or "").strip() or None, year=_number("year", year), review=_flag("review", review))
        return [one.model_dump(mode="json") for one in self._site.store.forms(wanted)]

    @_answering
    def form(self, form_id: Any, *, request: gr.Request) -> dict[str, Any]:  # noqa: ARG002
        found: dict[str, Any] = json.loads(self._site.store.get(_text("form_id", form_id)).model_dump_json())
        return found

    @_answering
    def findings(self, form: Any, rule: Any, severity: Any, *, request: gr.Request) -> list[dict[str, Any]]:  # noqa: ARG002
        of_rule, of_severity = _one_of("rule", rule, (*RULES,)), _one_of("severity", severity, (*SEVERITIES,))
        found = self._site.store.findings(_text("form", form or "") or None, of_rule, of_severity)
        return [one.model_dump(mode="json") for one in found]

    @_answering
    def correct(self, form: Any, cell: Any, value: Any, *, request: gr.Request) -> dict[str, Any]:
        self._writable(request)
        texts = _text("form", form), _text("cell", cell), _text("value", value)
        return self._site.store.correct(*texts, Visitor.of(request).name).model_dump(mode="json")

    @_answering
    def export(self, kind: Any, *, request: gr.Request) -> dict[str, Any]:  # noqa: ARG002
        to = next((one for one in FORMATS if one == kind), None)
        if to is None:
            raise _Refused("kind", "api.one_of", values="、".join(FORMATS))
        folder = self._site.passing
        _sweep(folder)
        # A name that nobody can guess: whoever may call this may fetch the file.
        path = folder / f"{EXPORTS}{secrets.token_hex(16)}" / f"jihe.{to}"
        path.parent.mkdir(parents=True)
        export(self._site.store, to, path)
        return {"path": str(path), "orig_name": path.name, "size": path.stat().st_size, "meta": {"_type": "gradio.FileData"}}

    @_answering
    def take(self, files: Any, *, request: gr.Request) -> list[dict[str, Any]]:
        self._writable(request)
        sent = _uploaded(files, self._site.passing)
        batch, owner = secrets.token_hex(16), self._owner(request)
        for one in sent:
            self._site.desk.take(owner, batch, one, Options(), self._site.limits)
        return self._queue(owner)

    @_answering
    def imports(self, *, request: gr.Request) -> list[dict[str, Any]]:
        return self._queue(self._owner(request))

    def _queue(self, owner: str) -> list[dict[str, Any]]:
        return [one.model_dump(mode="json") for one in self._site.desk.board(owner).items]

    def _owner(self, request: gr.Request) -> str:
        return f"{OWNER}:{request.username or ''}"

    def _writable(self, request: gr.Request) -> None:
        if self._site.read_only:
            raise gr.Error(Visitor.of(request).say("frame.refused"), print_exception=False)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _Refused(name, "api.text")
    return value


def _number(name: str, value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise _Refused(name, "api.number")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Refused(name, "api.flag")
    return value


def _one_of(name: str, value: Any, known: Sequence[str]) -> str | None:
    if value in (None, ""):
        return None
    if value not in known:
        raise _Refused(name, "api.one_of", values="、".join(known))
    return str(value)


def _uploaded(files: Any, passing: Path) -> list[Sent]:
    """Files that were uploaded to this server before; anything else that a path may name is refused."""
    folder = passing.resolve()
    sent = []
    for one in files if isinstance(files, list) else [None]:
        told: dict[str, Any] = one if isinstance(one, dict) else {}
        path = Path(told["path"]) if isinstance(told.get("path"), str) else None
        if path is None or not path.resolve().is_relative_to(folder) or path.is_symlink() or not path.is_file():
            raise _Refused("files", "api.files")
        sent.append(Sent(str(told.get("orig_name") or path.name), path.resolve()))
    return sent


def _sweep(folder: Path) -> None:
    """Delete exports that nobody fetched in time."""
    for old in folder.glob(f"{EXPORTS}*"):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
