"""The review: doubtful cells one after the other, each beside its picture, settled from the keyboard.

The page holds several cells ready, so that the next one shows at once; what was said of a cell is sent meanwhile, one after the other, and
a cell that someone else changed comes back with what it is now. assets/review.js has the keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeVar, cast, get_args

import gradio as gr
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.responses import Response

from agents.indexing_soon import index_soon
from agents.reviewing import Doubt, doubt_of, review_desk
from schema.cells import CellValue
from schema.errors import CellChanged, JiheError, UsageError
from schema.record import Record
from store.export.gold import export_gold
from store.records import Change
from store.review_records import CellClass, CellRef, ReviewFilter, Verdict
from ui.web.downloads import JSON, download
from ui.web.form_cells import cell_name
from ui.web.site import Site, Visitor
from ui.web.vocabulary import reason_told

LOG_LINES = 50
_MOST_SKIPPED = 5_000
_ROW_NAME = re.compile(r"^(?:(?:其他内容)?第 \d+ 行|(?:other content, )?row \d+, )")
"""What labels of cells begin with; in a table of one row it goes without saying."""
_BRIDGE = "// 'act' 'more' 'undo'\nelement.addEventListener('jh-review', (event) => trigger(event.detail.name, event.detail));"
"""What the page's script asks for, as events of Gradio: these know who is logged in."""
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 20, "trigger_mode": "multiple"}


R = TypeVar("R", bound=Record)


class Said(Record):
    """A word on a cell, as the page's script sends it."""

    name: Literal["act"]
    form: str
    cell: str
    action: Literal["accept", "value", "unreadable"]
    typed: str = ""
    seen: str
    """The value as text, as the page was given it; `seen_empty` for none."""
    seen_empty: bool
    row: str | None
    turn: int


class More(Record):
    """The next cells are wanted."""

    name: Literal["more"]
    query: dict[str, str]
    skipped: tuple[CellRef, ...] = ()


class Undo(Record):
    """A correction is to be taken back: one of the log, or the last of the visitor."""

    name: Literal["undo"]
    correction: int | None = None
    query: dict[str, str]
    skipped: tuple[CellRef, ...] = ()


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:  # noqa: ARG001 - the interface of pages
    """The page."""
    head = gr.HTML(elem_id="jh-review-head", js_on_load=None, apply_default_css=False)
    told = gr.HTML(elem_id="jh-review-told", js_on_load=None, apply_default_css=False)
    queue = gr.HTML(elem_id="jh-review", js_on_load=None, apply_default_css=False)
    log = gr.HTML(elem_id="jh-review-log", js_on_load=None, apply_default_css=False)
    bridge: Any = gr.HTML("", elem_id="jh-review-bridge", js_on_load=_BRIDGE)

    def opened(request: gr.Request) -> tuple[str, str, str]:
        visitor = Visitor.of(request)
        return *_desk(site, visitor, dict(request.query_params), ()), _log(site, visitor)

    def more(event: gr.EventData, request: gr.Request) -> tuple[str, str, str]:
        asked, visitor = _checked(More, event), Visitor.of(request)
        return *_desk(site, visitor, asked.query, asked.skipped), _log(site, visitor)

    def act(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        said, visitor = _checked(Said, event), Visitor.of(request)
        _refuse_read_only(site, visitor)
        return _settled(site, visitor, said), _log(site, visitor)

    def undo(event: gr.EventData, request: gr.Request) -> tuple[str, str, str, str]:
        asked, visitor = _checked(Undo, event), Visitor.of(request)
        _refuse_read_only(site, visitor)
        result = _taken_back(site, visitor, asked.correction)
        return result, *_desk(site, visitor, asked.query, asked.skipped), _log(site, visitor)

    page.load(opened, None, [head, queue, log], **{**_QUIET, "trigger_mode": "once"})
    bridge.more(more, None, [head, queue, log], **_QUIET)
    bridge.act(act, None, [told, log], **_QUIET)
    bridge.undo(undo, None, [told, head, queue, log], **_QUIET)


def add_routes(app: FastAPI, site: Site) -> None:
    """The download of what was reviewed."""

    @app.get("/jihe/exports/reviewed.json")
    def reviewed() -> Response:
        return download(site.passing, lambda path: export_gold(site.store, path), "jihe-reviewed.json", JSON)


def filter_of(query: Mapping[str, str]) -> ReviewFilter:
    """Out of the query of an address; what makes no sense is left out."""
    kind = query.get("kind", "")
    return ReviewFilter(
        form=query.get("form") or None,
        department=query.get("department") or None,
        kind=cast("CellClass", kind) if kind in get_args(CellClass) else None,
        reason=query.get("reason") or None,
    )


def shown(visitor: Visitor, value: CellValue) -> str:
    """A value as people read it."""
    if value is None:
        return visitor.say("review.empty_value")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def amount(yuan: int, visitor: Visitor) -> str:
    """A sum of money, roughly."""
    if visitor.language == "en":
        return f"¥{yuan:,}"
    return f"{yuan / 10**8:,.2f} 亿元" if yuan >= 10**8 else f"{yuan / 10**4:,.2f} 万元"


def _desk(site: Site, visitor: Visitor, query: Mapping[str, str], skipped: Sequence[CellRef]) -> tuple[str, str]:
    """Head and queue of the page."""
    wanted = filter_of(query)
    try:
        desk = review_desk(site.store, wanted, skipped[:_MOST_SKIPPED])
    except JiheError as e:
        return visitor.render("review_trouble.html", message=str(e)), ""
    head = visitor.render(
        "review_head.html", queue=desk.queue, wanted=wanted, read_only=site.read_only, reason=lambda reason: reason_told(visitor, reason)
    )
    items = "".join(_item(site, visitor, doubt) for doubt in desk.doubts)
    if items:
        return head, items
    return head, visitor.render("review_none.html", queue=desk.queue, skipped=len(skipped))


def _item(site: Site, visitor: Visitor, doubt: Doubt) -> str:
    return visitor.render(
        "review_item.html",
        doubt=doubt,
        label=lambda cell: cell_name(visitor, cell),
        column=lambda cell: _ROW_NAME.sub("", cell_name(visitor, cell)),
        reason=lambda reason: reason_told(visitor, reason),
        shown=lambda value: shown(visitor, value),
        amount=amount(doubt.yuan, visitor) if doubt.yuan else "",
        read_only=site.read_only,
        plain=_plain,
    )


def _plain(value: CellValue) -> str:
    """A value as it goes to the page's script and comes back."""
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _settled(site: Site, visitor: Visitor, said: Said) -> str:
    """What came of a word on a cell."""
    about = {"turn": said.turn, "form": said.form, "cell": said.cell}
    try:
        change = site.store.review(_verdict(site, said), visitor.name)
    except CellChanged as e:
        fresh = doubt_of(site.store, said.form, said.cell)
        item = _item(site, visitor, fresh) if fresh else ""
        return visitor.render("review_told.html", state="changed", message=str(e), item=item, change=None, **about)
    except JiheError as e:
        return visitor.render("review_told.html", state="failed", message=str(e), item="", change=None, **about)
    index_soon(site.store)
    return visitor.render("review_told.html", state="done", message=_told(visitor, change), item="", change=change, **about)


def _verdict(site: Site, said: Said) -> Verdict:
    """The word with the value in the type of the cell.

    Raises:
        CellChanged: the cell is not what the page was given.
    """
    doubt = doubt_of(site.store, said.form, said.cell)
    if doubt is None or _plain(doubt.value) != said.seen or (doubt.value is None) != said.seen_empty:
        # Let the store say what became of it: it knows who did.
        seen: CellValue = None if said.seen_empty else said.seen
    else:
        seen = doubt.value
    typed = {"accept": None, "value": said.typed, "unreadable": "-"}[said.action]
    note: Literal["unreadable"] | None = "unreadable" if said.action == "unreadable" else None
    return Verdict(form_id=said.form, cell=said.cell, value=typed, note=note, seen_value=seen, seen_row=said.row)


def _taken_back(site: Site, visitor: Visitor, correction: int | None) -> str:
    about: dict[str, Any] = {"turn": 0, "form": "", "cell": "", "item": ""}
    try:
        change = site.store.take_back(correction if correction is not None else _last(site, visitor), visitor.name)
    except JiheError as e:
        return visitor.render("review_told.html", state="failed", message=str(e), change=None, **about)
    index_soon(site.store)
    message = visitor.say("review.undone", project="", cell=cell_name(visitor, change.event.cell), new=shown(visitor, change.new))
    return visitor.render("review_told.html", state="undone", message=message, change=change, **about)


def _last(site: Site, visitor: Visitor) -> int:
    """The visitor's latest correction that stands.

    Raises:
        UsageError: there is none.
    """
    for made in site.store.corrections_made(LOG_LINES, visitor.name):
        if made.event.undone_at is None:
            return made.event.correction_id
    raise UsageError(visitor.say("review.nothing_to_undo"))


def _told(visitor: Visitor, change: Change) -> str:
    event = change.event
    key = "marked" if event.note else "confirmed" if change.old == change.new else "done"
    values = {"project": "", "cell": cell_name(visitor, event.cell), "new": shown(visitor, change.new)}
    return visitor.say(f"review.{key}", old=shown(visitor, change.old), **values).strip()


def _log(site: Site, visitor: Visitor) -> str:
    try:
        made = site.store.corrections_made(LOG_LINES)
    except JiheError as e:
        return visitor.render("review_trouble.html", message=str(e))
    return visitor.render(
        "review_log.html",
        made=made,
        label=lambda cell: cell_name(visitor, cell),
        shown=lambda value: shown(visitor, value),
        read_only=site.read_only,
    )


def _refuse_read_only(site: Site, visitor: Visitor) -> None:
    if site.read_only:
        raise gr.Error(visitor.say("frame.refused"))


def _checked(kind: type[R], event: gr.EventData) -> R:
    """What the script sent, or an error for what it cannot have sent."""
    try:
        return kind.model_validate(event._data)
    except ValidationError as e:
        raise gr.Error(str(e.errors()[0]["msg"])) from e
