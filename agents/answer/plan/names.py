"""What is left of a question looked up among the names: partial names of projects and indicators, names that are nowhere, and topics."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.answer.names.corpus import Span
from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.plan.english import read_english
from agents.answer.plan.evidence import ONE_PAIR, said_key
from agents.answer.plan.link import find_amounts, project_span, rows_beside, settle, settle_missed
from agents.answer.plan.stretches import Stretch, content, stretches, tells
from agents.answer.words import asking as words_asking
from agents.answer.words import measures as words
from agents.answer.words import rules as words_rules
from agents.answer.words.kin import ADDED, COMMON, NEW_UNIT

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NO_NAMES = (words.LOST, words_rules.MET_DEDUCTED, words_rules.BLANK_REASON, *(pattern for _, pattern in words_rules.RULES))
_BRACKETS = str.maketrans('()[]{}"', "       ")
_OF_MANY = frozenset({"set", "count", "summarise", "high", "low", "sorted", "compare", "limited", "because"})
"""Ways of asking about many forms at once: words beside them need not name any."""
_BEGINNING = "地中上下外内可"
"""Characters that stretches lose at their beginning and that unknown names may well begin with: 地铁建设项目."""
_STRETCHES = 12
"""Stretches of a question that are looked up: none that somebody asks has more, and each costs a search."""


_CALLED = re.compile(
    r"(?:项目|工程|表|单位)[^。?!;,]{0,4}?(?:叫|名叫|名为|叫做|称为)(?:的是)?\s?\"\Z|(?:project|form) (?:called|named|titled) \"\Z"
)
_KIND = re.compile(r"(?:大|小|重点|一般|问题|明星|特殊|烂尾|短平快|民生|信息化)?(?:型|类)?(?:项目|工程|经费|资金)")
"""A kind of project between quotation marks is no name: “小项目”."""


def read_quoted(draft: Draft) -> None:
    """Names in quotes that are not whole names: what they mean, or that they are nowhere."""
    text = draft.text
    for start, end in list(text.quoted()):
        word = text.plain[start:end]
        if not text.is_free(start, end) or not 3 <= len(name_key(word)) <= 30:
            continue
        if "," in word or any(pattern.search(word) for pattern in _NO_NAMES):
            continue
        named = words_asking.NAMED.match(text.plain, end) is not None or _CALLED.search(text.plain[:start]) is not None
        possessed = bool(re.match(r"\"(?:的|里|中)|\"'?s\b", text.plain[end : end + 4]))
        if rows := draft.corpus.indicator(word, draft.scope_forms()) if not named or draft.projects else []:
            draft.rows.append(Span(start, end, "indicator", word, tuple(rows)))
        elif projects := draft.corpus.project(word):
            draft.projects.append(project_span(draft, start, end, projects))
        elif (named or possessed or words_asking.NAME_TAIL.search(word)) and not _KIND.fullmatch(word):
            draft.unknown.append(f"“{_shown(draft, start, end)}”")
        else:
            continue
        text.take(start, end)


def read_names(draft: Draft, *, topical: bool, summary: bool) -> None:
    """Look what is left up among projects and indicators. Where a topic is asked for, only what is marked as a project is one."""
    seen: set[str] = set()
    loose: list[Stretch] = []
    missed: dict[str, Stretch] = {}
    for stretch in stretches(draft):
        word = stretch.word
        if len(stretch.key) < 2 or not _HAN.search(word) or word in seen or len(seen) >= _STRETCHES:
            continue
        seen.add(word)
        if _is_idle(draft, stretch):
            draft.text.take(stretch.start, stretch.end)
        elif topical and not stretch.marked:
            _read_topical(draft, stretch, summary=summary)
        elif settle(draft, stretch):
            draft.text.take(stretch.start, stretch.end)
        elif unknown := _new_unit(draft, stretch) or (
            None if topical or draft.rules or said_key(word) in COMMON else _reads_like_name(draft, stretch)
        ):
            missed[unknown] = stretch
            draft.text.take(stretch.start, stretch.end)
        elif stretch.asked and not topical:
            loose.append(stretch)
    if draft.projects or len(missed) != 1 or not settle_missed(draft, *missed.values()):
        draft.unknown += missed
    _note_loose(draft, loose)
    find_amounts(draft)
    if draft.language == "en" and not topical:
        read_english(draft)
    if len(draft.projects) > 1 and not draft.functions and not {"compare", "why"} & draft.flags and ADDED.search(draft.text.plain):
        draft.functions.append("sum")


def _is_idle(draft: Draft, stretch: Stretch) -> bool:
    """Whether nothing is to be looked for: words around names and words of forms."""
    if stretch.idle or stretch.described or _explains(draft, stretch):
        return True
    if {"lost", "because"} & draft.flags or stretch.marked:
        return False
    return not tells(stretch.word) or (draft.summary is not None and stretch.key in COMMON)


def _note_loose(draft: Draft, loose: Sequence[Stretch]) -> None:
    """食堂补贴花了多少: what is asked for is named, though no project is called so; all forms are no answer to it."""
    named = draft.projects or draft.rows or draft.unknown or draft.conditions or draft.rules or draft.functions
    if not (named or _OF_MANY & draft.flags):
        draft.unknown += [f"“{_shown(draft, stretch.start, stretch.end)}”" for stretch in loose]


def _explains(draft: Draft, stretch: Stretch) -> bool:
    """Whether a stretch stands in brackets right behind what is named already: 公交补贴（城乡客运那个）."""
    opened = draft.text.plain.rfind("(", 0, stretch.start)
    if opened < 0 or ")" in draft.text.plain[opened : stretch.start]:
        return False
    return any(opened - 1 <= span.end <= opened for span in (*draft.projects, *draft.rows) if span.end)


def _read_topical(draft: Draft, stretch: Stretch, *, summary: bool) -> None:
    """What many forms are put together for may be told by a part of their names; a unit that is nowhere is no topic."""
    projects, rows = draft.corpus.projects, rows_beside(draft, stretch)
    if rows:
        draft.rows.append(Span(stretch.start, stretch.end, "indicator", stretch.word, tuple(rows)))
    elif (
        summary
        and draft.corpus.project_links.weight(stretch.key) >= ONE_PAIR
        and (held := [projects.names[n] for n in projects.holding(stretch.key)])
    ):
        draft.projects.append(project_span(draft, stretch.start, stretch.end, held))
    elif unit := _new_unit(draft, stretch):
        draft.unknown.append(unit)
    elif not {"lost", "because"} & draft.flags and words_asking.UNIT_TAIL.search(stretch.word) and not draft.corpus.named_in(stretch.word):
        draft.unknown.append(f"“{_shown(draft, stretch.start, stretch.end)}”")
    else:
        return
    draft.text.take(stretch.start, stretch.end)


def read_topic(draft: Draft) -> str | None:
    """What is left as words to look for: neighbouring stretches as they stand, the others one after the other."""
    stretches: list[tuple[int, int]] = []
    for start, end in content(draft, split=False):
        if end - start < 2 and (not stretches or start > stretches[-1][1]):
            continue
        if stretches and _near(draft, stretches[-1][1], start):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    said = [draft.text.plain[start:end].strip() for start, end in stretches]
    kept = [word for word in said if len(name_key(word)) > 1 and not name_key(word).isdecimal()]
    return " ".join(" ".join(dict.fromkeys(kept)).translate(_BRACKETS).split())[:120] or None


def _new_unit(draft: Draft, stretch: Stretch) -> str | None:
    """A unit of a known place that is stored nowhere, in words for the answer."""
    placed = next((span for span in draft.units if span.kind == "place" and span.end == stretch.start), None)
    return f"“{draft.text.shown[placed.start : stretch.end]}”" if placed and NEW_UNIT.search(stretch.word) else None


def _reads_like_name(draft: Draft, stretch: Stretch) -> str | None:
    """What reads like a project or a unit and is stored nowhere, in words for the answer."""
    word, start, end = stretch.word, stretch.start, stretch.end
    if start and draft.text.plain[start - 1] in _BEGINNING and draft.text.is_free(start - 1, start):
        start -= 1
    shown = _shown(draft, start, end)
    if {"set", "count", "summarise"} & draft.flags and not words_asking.UNIT_TAIL.search(word):
        return None
    marked = words_asking.NAMED.match(draft.text.plain, end)
    tail = re.match(r"(?:项目|工程|经费|费用|专项|资金)", draft.text.plain[end:])
    if len(name_key(word)) >= 3 and (words_asking.UNIT_TAIL.search(word) or words_asking.NAME_TAIL.search(word)):
        return f"“{shown}”"
    if len(name_key(word)) >= 2 and marked and not draft.projects:
        return f"“{shown}{tail[0] if tail else ''}”"
    return None


def _near(draft: Draft, end: int, start: int) -> bool:
    between = draft.text.plain[end:start]
    return len(between) <= 4 and not re.search(r"[。?!;]", between)


def _shown(draft: Draft, start: int, end: int) -> str:
    return draft.text.shown[start:end].strip()
