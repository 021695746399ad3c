"""导入: drop documents, watch them being read, see what became of each. What is asked here is done by agents.imports."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.imports import Board, Options, Sent
from agents.imports.records import LIVE, Trouble
from agents.models import endpoint_from_env, parse_budget
from ingest.kinds import SUFFIXES
from schema.errors import JiheError, UsageError
from ui.web.site import Site, Visitor

COOKIE = "jihe-imports"
"""Whose uploads they are, where nobody logs in: a random number that the browser makes."""
EVERY_SECONDS = 1.0
MOST_ROWS = 500
FEW_FORMS = 3
"""Forms of a document that are listed at once; more are folded."""
_OWNER = re.compile(r"[0-9a-f]{32}")
_UPLOAD = re.compile(r"[0-9a-f]{64}/[0-9a-f]{32}\.upload")
"""Below the folder of uploads: the hash of the bytes, and a name that only the browser that sent them knows."""
_LOOKS = {
    "waiting": ("", "…"),
    "reading": ("jh-info", "▶"),
    "interrupted": ("jh-warning", "‖"),
    "done": ("jh-good", "✓"),
    "partial": ("jh-warning", "◐"),
    "known": ("jh-info", "="),
    "failed": ("jh-error", "✕"),
    "refused": ("jh-error", "⊘"),
    "cancelled": ("", "–"),
}
_ATTACH = "window.jihe.imports.attach(element, trigger, watch, 'sent', 'act')"
_ENDED = ("failed", "refused")
_Message = TypeVar("_Message", bound=BaseModel)


class _File(BaseModel):
    """A file as the browser tells of it: uploaded, or not."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(max_length=1000)]
    size: Annotated[int, Field(ge=0)] = 0
    path: Annotated[str, Field(max_length=4000)] = ""


class _Batch(BaseModel):
    """What the browser sends at once: single files, or with a folder the images in it."""

    model_config = ConfigDict(extra="forbid")
    batch: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    ocr: Literal["auto", "always"] = "auto"
    model: bool = False
    budget: Annotated[str, Field(max_length=100)] = ""
    folder: Annotated[str, Field(max_length=1000)] = ""
    files: Annotated[list[_File], Field(max_length=1000)] = []
    over: Annotated[int, Field(ge=0)] = 0


class _Act(BaseModel):
    """A button of the list; without an item it means all of them."""

    model_config = ConfigDict(extra="forbid")
    act: Literal["look", "cancel", "retry", "resume", "leave", "clear"]
    item: int | None = None


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - the templates say everything
    """The page."""
    drop = gr.HTML(js_on_load=None, apply_default_css=False)
    board = gr.HTML(js_on_load=_ATTACH, apply_default_css=False, elem_id="jh-imports")
    timer = gr.Timer(EVERY_SECONDS, active=False)
    shown = gr.State("")
    desk = _Page(site)
    out = [board, timer, shown]
    options: dict[str, Any] = {"show_progress": "hidden", "concurrency_limit": 20, "api_visibility": "private"}
    page.load(desk.drop, None, drop, **options)
    page.load(desk.look, shown, out, **options)
    timer.tick(desk.look, shown, out, **options)
    board.sent(desk.sent, shown, out, trigger_mode="multiple", **options)
    board.act(desk.act, shown, out, trigger_mode="multiple", **options)


class _Page:
    """What the events of the page do."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def drop(self, request: gr.Request) -> str:
        """Where files are dropped, and how they are to be read."""
        trouble, model = "", ""
        try:
            endpoint = endpoint_from_env(os.environ)
            model = endpoint.model if endpoint is not None else ""
        except UsageError as e:
            trouble = str(e)
        limits = self._site.limits
        images = [suffix for suffix, kind in SUFFIXES.items() if kind == "image"]
        return Visitor.of(request).render(
            "imports_drop.html",
            read_only=self._site.read_only, limits=limits, size=_told_size(limits.file_bytes),
            suffixes=list(SUFFIXES), images=images, model=model, trouble=trouble,
        )  # fmt: skip

    def look(self, shown: str, request: gr.Request) -> tuple[Any, Any, Any]:
        """The list as it stands; nothing is sent where it is what the visitor sees already."""
        visitor = Visitor.of(request)
        if self._site.read_only:
            return "", gr.Timer(active=False), ""
        board = self._site.desk.board(self._owner(request))
        html = _rendered(visitor, board, self._site)
        seen = hashlib.sha256(html.encode()).hexdigest()
        same = seen == shown
        return gr.skip() if same else html, gr.Timer(active=board.busy), gr.skip() if same else seen

    def sent(self, shown: str, event: gr.EventData, request: gr.Request) -> tuple[Any, Any, Any]:
        """Take uploaded files into the queue."""
        visitor = Visitor.of(request)
        batch = _checked(_Batch, event, visitor)
        owner = self._changing(visitor, request)
        try:
            self._take(owner, batch, visitor)
        except JiheError as e:
            gr.Warning(str(e))
        return self.look(shown, request)

    def act(self, shown: str, event: gr.EventData, request: gr.Request) -> tuple[Any, Any, Any]:
        """Cancel, try again, go on, clear."""
        visitor = Visitor.of(request)
        wanted = _checked(_Act, event, visitor)
        owner = self._changing(visitor, request)
        desk = self._site.desk
        try:
            if wanted.act == "cancel":
                desk.cancel(owner, wanted.item)
            elif wanted.act == "leave":
                desk.leave(owner)
            elif wanted.act == "retry":
                desk.retry(owner, wanted.item)
            elif wanted.act == "resume":
                desk.resume(owner)
            elif wanted.act == "clear":
                desk.clear(owner)
        except JiheError as e:
            gr.Warning(str(e))
        return self.look(shown, request)

    def _take(self, owner: str, batch: _Batch, visitor: Visitor) -> None:
        desk, limits = self._site.desk, self._site.limits
        arrived = [(file, path) for file in batch.files if (path := _uploaded(file.path, self._site.passing)) is not None]
        try:
            options = _options(batch)
        except UsageError as e:
            for file, path in arrived:
                path.unlink(missing_ok=True)
                desk.refuse(owner, batch.batch, file.name, file.size, "told", str(e))
            return
        for file in batch.files:
            if not any(file is other for other, _ in arrived):
                desk.refuse(owner, batch.batch, file.name, file.size, _missing(file.size, limits.file_bytes))
        if batch.over:
            desk.refuse(owner, batch.batch, visitor.say("imports.others", count=batch.over), 0, "many")
        sent = [Sent(file.name, path) for file, path in arrived]
        if batch.folder and sent:
            desk.take_pages(owner, batch.batch, batch.folder, sent, options, limits)
        else:
            for one in sent:
                desk.take(owner, batch.batch, one, options, limits)

    def _changing(self, visitor: Visitor, request: gr.Request) -> str:
        """Who changes something; refused where nothing may be changed."""
        if self._site.read_only:
            raise gr.Error(visitor.say("frame.refused"))
        owner = self._owner(request)
        if not owner:
            raise gr.Error(visitor.say("imports.unknown"))
        return owner

    def _owner(self, request: gr.Request) -> str:
        if self._site.accounts:
            return f"user:{request.username}" if request.username else ""
        token = request.cookies.get(COOKIE, "")
        return f"browser:{token}" if _OWNER.fullmatch(token) else ""


def _options(batch: _Batch) -> Options:
    """How to read.

    Raises:
        UsageError: the budget cannot be understood, or there is no model.
    """
    if not batch.model:
        return Options(batch.ocr)
    endpoint = endpoint_from_env(os.environ)
    budget = batch.budget.strip() or None
    if budget is not None:
        parse_budget(budget, endpoint.price if endpoint is not None else None)
    return Options(batch.ocr, endpoint is not None, budget if endpoint is not None else None)


def _uploaded(path: str, passing: Path) -> Path | None:
    """A path that the browser names, if it is an upload of this page's; None for anything else."""
    folder = passing.resolve()
    given = Path(path)
    if not path or "\0" in path or not given.is_absolute() or ".." in given.parts or given.is_symlink():
        return None
    resolved = given.resolve()
    if not resolved.is_relative_to(folder) or not _UPLOAD.fullmatch(resolved.relative_to(folder).as_posix()):
        return None
    return resolved if resolved.is_file() else None


def _missing(size: int, most: int) -> Trouble:
    """Why a file was not even sent."""
    if size == 0:
        return "empty"
    return "big" if size > most else "lost"


def _checked(kind: type[_Message], event: gr.EventData, visitor: Visitor) -> _Message:
    try:
        return kind.model_validate(event._data)
    except ValidationError as e:
        raise gr.Error(visitor.say("imports.trouble.lost")) from e


def _rendered(visitor: Visitor, board: Board, site: Site) -> str:
    items = board.items
    count = Counter(item.status for item in items)
    read = [item for item in items if item.status in ("done", "partial")]
    return visitor.render(
        "imports_board.html",
        board=board,
        count={"interrupted": count["interrupted"]},
        total=len(items),
        live=sum(item.status in LIVE for item in items),
        lost=sum(item.status in _ENDED for item in items),
        again=any(item.again for item in items),
        forms=sum(len(item.forms) for item in read),
        marks=sum(item.marks for item in read),
        sizes={item.item_id: _told_size(item.size) for item in items},
        limits=site.limits,
        size=_told_size(site.limits.file_bytes),
        looks=_LOOKS,
        most=MOST_ROWS,
        few=FEW_FORMS,
    )


def _told_size(size: int) -> str:
    for unit, bytes_of in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= bytes_of:
            return f"{size / bytes_of:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"
