"""What the page of questions shows, as HTML: conversations, questions, answers with their sources. Records in, templates out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from markupsafe import Markup

from agents.answer.answer import Answer, Citation
from agents.conversations import ConversationSummary, Told
from agents.conversing import Happened
from agents.plan_told import plan_lines
from ui.web.ask_text import AnswerText, tables_of
from ui.web.form_cells import cell_name
from ui.web.site import Visitor

SOURCES_LISTED = 200
"""Sources below an answer; further ones stand in the API's answer."""
OPEN_SOURCES = 6
"""Up to so many sources the list is open from the start."""
TURNS_SHOWN = 30
_QUOTE = 160
_BETWEEN = Markup("<hr>")
"""Parts the chips of one answer; what comes out of documents is escaped, so that it cannot hold it."""
_MOST_KEPT = 400
_KEPT: dict[tuple[str, int, str], str] = {}
_TURN = Lock()


def conversation_list(visitor: Visitor, conversations: Sequence[ConversationSummary], current: str | None) -> str:
    """The list beside the answers."""
    return visitor.render("ask_list.html", conversations=conversations, current=current)


def head(visitor: Visitor, forms: int, model: str | None) -> str:
    """The title of the page."""
    return visitor.render("ask_head.html", forms=forms, model=model)


def start(visitor: Visitor, forms: int, examples: Sequence[Any] | None) -> str:
    """What an empty conversation shows: examples (None while they are made), or the way to the import page."""
    return visitor.render("ask_start.html", forms=forms, examples=examples)


def turns(visitor: Visitor, conversation: str, told: Sequence[Told], *, running: bool) -> str:
    """What was asked and answered, oldest first."""
    shown = told[-TURNS_SHOWN:]
    pieces = []
    for one in shown:
        if one.answer is not None:
            pieces.append(_answered(visitor, conversation, one))
        else:
            busy = running and one is shown[-1]
            pieces.append(
                visitor.render("ask_open.html", question=one.question, busy=busy, told=visitor.say("ask.elsewhere" if busy else "ask.open"))
            )
    earlier = len(told) - len(shown)
    return visitor.render("ask_turns.html", pieces=[Markup(piece) for piece in pieces], earlier=earlier)


def under_way(visitor: Visitor, happened: Happened) -> str:
    """A question that is being answered."""
    if happened.cancelled:
        return visitor.render("ask_open.html", question=happened.question, busy=False, told=visitor.say("ask.cancelled"))
    text = AnswerText(_bare, _more(visitor), lambda _, html: html).render(happened.text)
    return visitor.render("ask_working.html", happened=happened, text=text)


def trouble(visitor: Visitor, question: str, told: str) -> str:
    """A question that could not be put, and why."""
    return visitor.render("ask_trouble.html", question=question, told=told)


def _answered(visitor: Visitor, conversation: str, told: Told) -> str:
    """A question with its answer. It never changes, so what was made of it is kept for the next time the conversation is shown."""
    key = conversation, told.number, visitor.language
    with _TURN:
        kept = _KEPT.pop(key, None)
    html = kept if kept is not None else _rendered(visitor, conversation, told)
    with _TURN:
        _KEPT[key] = html
        while len(_KEPT) > _MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
    return html


def _rendered(visitor: Visitor, conversation: str, told: Told) -> str:
    assert told.answer is not None
    answer = told.answer
    chips = _chips(visitor, answer, told.documents)
    tables = tables_of(answer.answer)

    def table(number: int, html: Markup) -> Markup:
        rows = len(tables[number].rows) if number < len(tables) else 0
        address = {"conversation": conversation, "number": told.number, "table": number}
        return Markup(visitor.render("ask_table.html", html=html, rows=rows, number=number, address=address))

    text = AnswerText(lambda n: chips.get(n) or _bare(n), _more(visitor), table).render(answer.answer)
    notes = AnswerText(lambda n: chips.get(n) or _bare(n), _more(visitor), lambda _, html: html)
    names = {cite.form_id: cite.project_name for cite in answer.citations}
    return visitor.render(
        "ask_answer.html",
        question=told.question,
        number=told.number,
        answer=answer,
        text=text,
        sources=[_source(visitor, cite, chips[cite.n]) for cite in answer.citations[:SOURCES_LISTED]],
        unlisted=max(0, len(answer.citations) - SOURCES_LISTED),
        sources_open=len(answer.citations) <= OPEN_SOURCES,
        plan=plan_lines(answer.plan, names, visitor.language),
        raw_plan=json.dumps(answer.plan, ensure_ascii=False, indent=2) if answer.plan else "",
        # Most notes are sentences of the answer already.
        notes=[notes.render(note) for note in answer.notes if note not in answer.answer],
    )


def _chips(visitor: Visitor, answer: Answer, documents: dict[str, str]) -> dict[int, Markup]:
    """The chip of every citation, all made by one call: an answer may have thousands."""
    leads = [{"n": cite.n, **_leading(visitor, cite, documents)} for cite in answer.citations]
    made = visitor.render("ask_chips.html", leads=leads, between=_BETWEEN).split(_BETWEEN)
    return {cite.n: Markup(chip.strip()) for cite, chip in zip(answer.citations, made, strict=False)}


def _bare(number: int) -> Markup:
    return Markup('<span class="ask-chip">{}</span>').format(number)


def _more(visitor: Visitor) -> Callable[[int, Markup], Markup]:
    return lambda count, chips: Markup(visitor.render("ask_more.html", count=count, chips=chips).strip())


def _source(visitor: Visitor, cite: Citation, chip: Markup) -> dict[str, Any]:
    quote = cite.quote if len(cite.quote) <= _QUOTE else f"{cite.quote[:_QUOTE]}…"
    file = Path(cite.file).name if cite.file else visitor.say("ask.imported")
    return {"chip": chip, "cite": cite, "quote": quote, "file": file, "label": cell_name(visitor, cite.cell), "project": cite.project_name}


def _leading(visitor: Visitor, cite: Citation, documents: dict[str, str]) -> dict[str, Any]:
    """Where a citation leads: a place on a page, else its form, else nowhere."""
    document, label = documents.get(cite.form_id), cell_name(visitor, cite.cell)
    place = None
    if document and cite.page and cite.box:
        title = f"{cite.project_name} · {label}"
        place = {"document": document, "page": cite.page, "box": list(cite.box), "title": title, "form": cite.form_id, "cell": cite.cell}
    return {"project": cite.project_name, "label": label, "place": place, "form": cite.form_id, "cell": cite.cell}
