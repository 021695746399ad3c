"""The page of questions and answers: conversations at the side, answers with their sources, a box to type in."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any

import gradio as gr

from agents.answer.agent.assistant import help_from_env
from agents.conversations import STRANGER
from agents.conversing import Conversing, Happened
from schema.errors import JiheError
from store.export.grid import grid_file
from ui.web import ask_view
from ui.web.ask_text import tables_of
from ui.web.site import Site, Visitor

COOKIE = "jihe-visitor"
"""Who somebody is that did not log in: a random number that assets/ask.js puts there."""
AT_ONCE = 24
"""Questions and other events of the page that are under way at the same time."""
_COOKIE = re.compile(r"[0-9a-f]{32}\Z")
_PACE = 0.35
"""Seconds between two pictures of an answer that is coming."""
_MOST_TABS = 10_000
_EVENTS = """
element.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-ask]');
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (chosen.dataset.askSure && !window.confirm(chosen.dataset.askSure)) return;
  /* 'put' 'stop' 'choose' 'remove' 'fresh' 'take' */
  if (chosen.dataset.ask === 'take') trigger('take', JSON.parse(chosen.dataset.askTable));
  else trigger(chosen.dataset.ask, { conversation: chosen.dataset.askConversation || '', question: chosen.dataset.askQuestion || '' });
});
"""
_ADDRESS = "(c) => { window.jihe.ask.address(c); }"
_SAVE = "(file) => { window.jihe.ask.save(file); }"
Shown = tuple[Any, Any, Any, Any, Any]
"""What events put: the box, the conversation's id, the list, what was asked, what is under way."""


def build(site: Site, page: gr.Blocks, words: gr.I18n) -> None:
    """The page."""
    asking = _Asking(site)
    title = gr.HTML(apply_default_css=False, elem_classes="ask-title")
    with gr.Row(elem_classes="ask-page"):
        with gr.Column(scale=0, min_width=250, elem_classes="ask-left"):
            listed = gr.HTML(apply_default_css=False, js_on_load=_EVENTS)
        with gr.Column(scale=1, min_width=300, elem_classes="ask-main"):
            past = gr.HTML(apply_default_css=False, js_on_load=_EVENTS, elem_classes="ask-past")
            now = gr.HTML(apply_default_css=False, js_on_load=_EVENTS, elem_classes="ask-now")
            # A place of their own: examples that come late cover no question that was asked meanwhile; the style sheet hides them then.
            first = gr.HTML(apply_default_css=False, js_on_load=_EVENTS, elem_classes="ask-first")
            box = gr.Textbox(
                label=words("ask.box"), placeholder=words("ask.hint"), lines=1, max_lines=8, show_label=False, submit_btn=True,
                elem_id="ask-box", elem_classes="ask-box", autofocus=True, max_length=2000,
            )  # fmt: skip
    conversation = gr.Textbox(visible="hidden", elem_id="ask-conversation")
    file = gr.JSON(visible="hidden")
    shown = [box, conversation, listed, past, now]
    page.load(asking.opened, None, [title, *shown, first], **_quick()).then(asking.started, [conversation, past], [first], **_quick())
    conversation.change(None, conversation, None, js=_ADDRESS, api_visibility="private")
    box.submit(asking.asked, [box, conversation], shown, **_quick())
    for where in (past, now, first):
        where.put(asking.put, [conversation], shown, **_quick())
        where.stop(asking.stopped, None, None, **_quick())
    past.take(asking.table_file, None, [file], **_quick()).then(None, file, None, js=_SAVE, api_visibility="private")
    for event, fn in (("choose", asking.chosen), ("remove", asking.removed), ("fresh", asking.fresh)):
        getattr(listed, event)(fn, [conversation], shown, **_quick()).then(asking.started, [conversation, past], [first], **_quick())


def owner_of(site: Site, request: gr.Request) -> str:
    """Whose conversations these are: the name of who logged in, else the number in the visitor's cookie, else this tab's."""
    if site.accounts and request.username:
        return str(request.username)
    said = str(request.cookies.get(COOKIE, ""))
    return STRANGER + (said if _COOKIE.match(said) else f"tab-{request.session_hash}")


def _quick() -> dict[str, Any]:
    return {"show_progress": "hidden", "concurrency_limit": AT_ONCE, "api_visibility": "private"}


_AS_IT_IS: Shown = (gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip())


class _Pace:
    """When to show again how far an answer is."""

    def __init__(self, *, asked_model: bool) -> None:
        self._asked_model, self._shown_at, self._steps = asked_model, time.monotonic(), 0

    def due(self, happened: Happened) -> bool:
        """Whether this is to be shown."""
        # A step that a model takes may be followed by a long silence: it is shown at once.
        silence = self._asked_model and len(happened.steps) > self._steps
        if not (happened.cancelled or silence or time.monotonic() - self._shown_at > _PACE):
            return False
        self._shown_at, self._steps = time.monotonic(), len(happened.steps)
        return True


class _Tabs:
    """Which conversation each tab shows; of those that were not heard of for long nothing is known."""

    def __init__(self) -> None:
        self._shown: dict[str | None, str] = {}
        self._lock = Lock()

    def put(self, tab: str | None, conversation: str) -> None:
        with self._lock:
            self._shown.pop(tab, None)
            self._shown[tab] = conversation
            while len(self._shown) > _MOST_TABS:
                del self._shown[next(iter(self._shown))]

    def get(self, tab: str | None) -> str | None:
        with self._lock:
            return self._shown.get(tab)


class _Asking:
    """The events of the page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._at = _Tabs()
        self._conversing = Conversing(site.home, site.asker, site.store, help_from_env(os.environ, "auto"))

    def opened(self, request: gr.Request) -> tuple[Any, ...]:
        """The page as its address says: ?c= a conversation, ?q= a question to begin with."""
        visitor, asked = Visitor.of(request), str(request.query_params.get("c") or "")
        forms = self._conversing.held
        try:
            past = self._past(request, asked)
        except JiheError as e:
            gr.Warning(str(e))
            asked, past = "", ""
        # Without a question in the address the box is left alone: somebody may be typing already.
        question = str(request.query_params.get("q") or "")[:2000]
        box = gr.update(value=question, visible=forms > 0) if question else gr.update(visible=forms > 0)
        first = "" if past else ask_view.start(visitor, forms, None)
        return ask_view.head(visitor, forms, self._conversing.model), box, asked, self._listed(request, asked), past, "", first

    def started(self, conversation: str, past: str, request: gr.Request) -> Any:
        """The examples, where nothing was asked yet: making them may take a moment."""
        if conversation or past:
            return gr.skip()
        visitor = Visitor.of(request)
        forms = self._conversing.held
        return ask_view.start(visitor, forms, self._conversing.examples(visitor.language) if forms else ())

    def asked(self, question: str, conversation: str, request: gr.Request) -> Iterator[Shown]:
        """A question that was typed."""
        yield from self._answered(question, conversation, request, "")

    def put(self, conversation: str, request: gr.Request, event: gr.EventData) -> Iterator[Shown]:
        """A question that was chosen; what stands in the box stays there."""
        yield from self._answered(_said(event, "question"), conversation, request, gr.skip())

    def stopped(self, request: gr.Request, event: gr.EventData) -> None:
        """The question under way is cancelled; whoever shows it is told by its own events."""
        self._tell(lambda: self._conversing.cancel(owner_of(self._site, request), _said(event, "conversation")))

    def chosen(self, conversation: str, request: gr.Request, event: gr.EventData) -> Shown:
        """Another conversation."""
        wanted = _said(event, "conversation")
        try:
            past = self._past(request, wanted)
            self._at.put(request.session_hash, wanted)
            return gr.skip(), wanted, self._listed(request, wanted), past, ""
        except JiheError as e:
            gr.Warning(str(e))
            return gr.skip(), conversation, self._listed(request, conversation), gr.skip(), gr.skip()

    def removed(self, conversation: str, request: gr.Request, event: gr.EventData) -> Shown:
        """A conversation is deleted."""
        gone = _said(event, "conversation")
        self._tell(lambda: self._conversing.conversations.remove(owner_of(self._site, request), gone))
        if gone == conversation:
            return self.fresh(conversation, request)
        return gr.skip(), conversation, self._listed(request, conversation), gr.skip(), gr.skip()

    def fresh(self, conversation: str, request: gr.Request) -> Shown:  # noqa: ARG002 - all events of the list get it
        """A new conversation."""
        self._at.put(request.session_hash, "")
        return "", "", self._listed(request, ""), "", ""

    def table_file(self, request: gr.Request, event: gr.EventData) -> dict[str, str]:
        """A table of an answer as a file, in base64; `trouble` where it is not there.

        The event names the conversation, the number of the question, the table from 0, and csv or xlsx.
        """
        visitor, wanted = Visitor.of(request), event._data
        try:
            told = self._conversing.conversations.told(owner_of(self._site, request), str(wanted["conversation"]))
            answer = next(one.answer for one in told if one.number == wanted["number"])
            table = tables_of(answer.answer if answer else "")[int(wanted["table"])]
        except (JiheError, KeyError, IndexError, ValueError, TypeError, AttributeError, StopIteration):
            return {"trouble": visitor.say("ask.gone")}
        to = "xlsx" if wanted.get("to") == "xlsx" else "csv"
        raw = grid_file(table.headings, table.rows, "xlsx" if to == "xlsx" else "csv")
        return {"name": f"jihe-{wanted['number']}-{int(wanted['table']) + 1}.{to}", "data": base64.b64encode(raw).decode()}

    def _answered(self, question: str, conversation: str, request: gr.Request, box: Any) -> Iterator[Shown]:
        """What is put while a question is answered, for as long as the tab stays with it."""
        visitor, owner = Visitor.of(request), owner_of(self._site, request)
        own, asked, left, pace = conversation, False, False, _Pace(asked_model=bool(self._conversing.model))
        # What was asked before in this conversation is on the page already. To leave a component alone costs Gradio a new one, far more
        # than to say the same again.
        listed, past = "", gr.skip() if conversation else ""
        try:
            for number, happened in enumerate(self._conversing.ask(owner, conversation or None, question)):
                own = happened.conversation
                if number == 0:
                    asked = True
                    self._at.put(request.session_hash, own)
                    listed = self._listed(request, own)
                    yield box, own, listed, past, ask_view.under_way(visitor, happened)
                elif self._at.get(request.session_hash) != own:
                    # The question is answered all the same; the page shows something else by now, and is left alone from here on.
                    if not left:
                        yield _AS_IT_IS
                    left = True
                elif happened.answer is not None:
                    yield gr.skip(), own, listed, self._past(request, own), ""
                elif pace.due(happened):
                    yield gr.skip(), own, listed, past, ask_view.under_way(visitor, happened)
        except JiheError as e:
            if asked and self._at.get(request.session_hash) != own:
                gr.Warning(str(e))
                yield _AS_IT_IS
                return
            own_turn = ask_view.trouble(visitor, question.strip()[:200], str(e))
            yield gr.skip(), own, self._listed(request, own), gr.skip(), own_turn

    def _past(self, request: gr.Request, conversation: str) -> str:
        if not conversation:
            return ""
        told = self._conversing.conversations.told(owner_of(self._site, request), conversation)
        return ask_view.turns(Visitor.of(request), conversation, told, running=self._conversing.is_running(conversation)) if told else ""

    def _listed(self, request: gr.Request, current: str) -> str:
        conversations = self._conversing.conversations.of(owner_of(self._site, request))
        return ask_view.conversation_list(Visitor.of(request), conversations, current)

    def _tell(self, work: Callable[[], None]) -> None:
        try:
            work()
        except JiheError as e:
            gr.Warning(str(e))


def _said(event: gr.EventData, name: str) -> str:
    """What an event of the browser says; the browser may say anything."""
    data = event._data
    said = data.get(name) if isinstance(data, dict) else None
    return said if isinstance(said, str) else ""
