"""What is left of a question looked up among the names: partial names of projects and indicators, names that are nowhere, and topics."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.answer import words, words_asking, words_rules
from agents.answer.entities import Span
from agents.answer.entities_names import name_key
from agents.answer.plan_draft import Draft
from agents.answer.query import Pick
from agents.answer.words_english import ENGLISH
from schema.text import fold
from schema.thesaurus import translated

_SPLIT = re.compile(r"[的和与跟及或]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z&' -]*[a-z]")
_HYPHENS = re.compile(r"[-\s]+")
_NO_NAMES = (words.LOST, words_rules.MET_DEDUCTED, words_rules.BLANK_REASON, *(pattern for _, pattern in words_rules.RULES))
_OF_FORMS = frozenset(
    {"execution_rate", "original_budget", "adjusted_budget", "outturn", "unspent", "grade", "department", "implementing_unit"}
)
"""What only forms have: a name that is asked for it is a project's, if it can be one."""
_BRACKETS = str.maketrans('()[]{}"', "       ")
_STRETCHES = 12
"""Stretches of a question that are looked up: none that somebody asks has more, and each costs a search."""
_COUNTED = re.compile(r"(?:多少|几)(?:个|次|条|件|项|人|台|套|家|张|份|辆|篇|万|元|块|公里|平|米|吨|亩|户|场|册)|how many")
_QUANTITY = re.compile(r"(?:数量?|次数|量|规模|人次|里程|面积|次|费用|金额|单价)\Z")
"""How many of something are asked for, and names of what is counted: rates of it are not meant then."""
_MANY = 12
"""Names up to which a pick lists them; beyond, the word that they share stands for them."""


def read_quoted(draft: Draft) -> None:
    """Names in quotes that are not whole names: what they mean, or that they are nowhere."""
    text = draft.text
    for start, end in list(text.quoted()):
        word = text.plain[start:end]
        if not text.is_free(start, end) or not 3 <= len(name_key(word)) <= 30:
            continue
        if "," in word or any(pattern.search(word) for pattern in _NO_NAMES):
            continue
        named = words_asking.NAMED.match(text.plain, end) is not None
        possessed = bool(re.match(r"\"(?:的|里|中)|\"'?s\b", text.plain[end : end + 4]))
        if rows := draft.corpus.indicator(word, draft.scope_forms()) if not named or draft.projects else []:
            draft.rows.append(Span(start, end, "indicator", word, tuple(rows)))
        elif projects := draft.corpus.project(word):
            draft.projects.append(_project(draft, start, end, projects))
        elif named or possessed or words_asking.NAME_TAIL.search(word):
            draft.unknown.append(f"“{_shown(draft, start, end)}”")
        else:
            continue
        text.take(start, end)


def read_names(draft: Draft, *, topical: bool, summary: bool) -> None:
    """Look what is left up among projects and indicators. Where a topic is asked for, only what is marked as a project is one."""
    seen: set[str] = set()
    for start, end in _content(draft):
        word = draft.text.plain[start:end]
        if len(name_key(word)) < 2 or not _HAN.search(word) or word in seen or len(seen) >= _STRETCHES:
            continue
        seen.add(word)
        marked = words_asking.NAMED.match(draft.text.plain, end) is not None
        if topical and not marked:
            # What many forms are put together for may be told by a part of their names.
            if summary and (held := [draft.corpus.projects.names[n] for n in draft.corpus.projects.holding(name_key(word))]):
                draft.projects.append(_project(draft, start, end, held))
                draft.text.take(start, end)
            elif not {"lost", "because"} & draft.flags and words_asking.UNIT_TAIL.search(word) and not draft.corpus.named_in(word):
                draft.unknown.append(f"“{_shown(draft, start, end)}”")
                draft.text.take(start, end)
            continue
        if _settle(draft, start, end, marked=marked):
            draft.text.take(start, end)
        elif not topical and (unknown := _reads_like_name(draft, start, end)):
            draft.unknown.append(unknown)
            draft.text.take(start, end)
    if draft.language == "en" and not topical:
        _read_english(draft)


def read_topic(draft: Draft) -> str | None:
    """What is left as words to look for: neighbouring stretches as they stand, the others one after the other."""
    stretches: list[tuple[int, int]] = []
    for start, end in _content(draft, split=False):
        if end - start < 2 and (not stretches or start > stretches[-1][1]):
            continue
        if stretches and _near(draft, stretches[-1][1], start):
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    said = [draft.text.plain[start:end].strip() for start, end in stretches]
    kept = [word for word in said if len(name_key(word)) > 1 and not name_key(word).isdecimal()]
    return " ".join(" ".join(dict.fromkeys(kept)).translate(_BRACKETS).split())[:120] or None


def make_pick(draft: Draft) -> Pick | None:
    """The indicators that all mentions together mean; a level where one is named."""
    rest = draft.text.rest
    for level, name, pattern in words_asking.LEVELS:
        if (match := pattern.search(rest)) and not draft.rows:
            draft.text.take(*match.span())
            return Pick(**{level: name}, said=match[0])
    if not draft.rows:
        return None
    said = "、".join(dict.fromkeys(span.said for span in draft.rows))
    if _COUNTED.search(draft.text.plain):
        draft.rows = [replace(span, names=tuple(n for n in span.names if _QUANTITY.search(n)) or span.names) for span in draft.rows]
    groups = [_alternatives(span) for span in _united(draft.rows)]
    shared = set.intersection(*(set(span.names) for span in draft.rows))
    if len(draft.rows) > 1 and shared and len(shared) <= _MANY:
        return Pick(words=(tuple(name for name in draft.rows[0].names if name in shared),), said=said)
    if len(groups) > 1 and not shared:
        # Several indicators side by side: any of them is meant.
        groups = [tuple(dict.fromkeys(word for group in groups for word in group))]
    return Pick(words=tuple(groups), said=said)


def _alternatives(span: Span) -> tuple[str, ...]:
    word = span.said
    if all(fold(word).casefold() in fold(name).casefold() for name in span.names) and (len(span.names) > 1 or len(name_key(word)) > 3):
        # The name as stored, where the word is the whole of it or close to it.
        return span.names if len(span.names) == 1 else (word,)
    return span.names


def _united(rows: Sequence[Span]) -> list[Span]:
    return list({span.names: span for span in rows}.values())


def _settle(draft: Draft, start: int, end: int, *, marked: bool) -> bool:
    word = draft.text.plain[start:end]
    corpus, scope = draft.corpus, draft.scope_forms()
    if draft.projects and not marked:
        return _settle_row(draft, start, end, scope)
    projects = corpus.project(word, scope) if scope and not draft.projects else []
    projects = projects or corpus.project(word)
    rows = corpus.indicator(word, scope) if not marked else []
    if rows and projects:
        key = name_key(word)
        in_project, in_row = (any(key in name_key(name) for name in names) for names in (projects, rows))
        whole = any(name_key(name) == key for name in rows)
        of_form = _OF_FORMS.intersection(draft.measures) or "总分" in draft.text.plain
        if whole or (in_row and not of_form and (not in_project or "rows" in draft.flags or bool(draft.projects))):
            projects = []
    if marked and not projects and not draft.rules and (known := corpus.indicator(word, scope)):
        # A project that is told by what it is measured by.
        forms = corpus.having(known)
        names = tuple(dict.fromkeys(corpus.forms[form].project_name or "" for form in forms))
        draft.projects.append(Span(start, end, "project", _shown(draft, start, end), names, forms))
        return True
    if projects and len(projects) <= max(_MANY, len(corpus.forms) // 3):
        draft.projects.append(_project(draft, start, end, projects))
        return True
    if rows:
        draft.rows.append(Span(start, end, "indicator", word, tuple(rows)))
    return bool(rows)


def _settle_row(draft: Draft, start: int, end: int, scope: list[str] | None) -> bool:
    word = draft.text.plain[start:end]
    if rows := draft.corpus.indicator(word, scope):
        draft.rows.append(Span(start, end, "indicator", word, tuple(rows)))
        return True
    projects = draft.corpus.project(word)
    key = name_key(word)
    if projects and all(key in name_key(name) or len(projects) == 1 for name in projects) and (len(key) > 2 or "compare" in draft.flags):
        draft.projects.append(_project(draft, start, end, projects))
        return True
    return False


def _project(draft: Draft, start: int, end: int, names: Iterable[str]) -> Span:
    kept = tuple(names)
    return Span(start, end, "project", _shown(draft, start, end), kept, draft.corpus.forms_of(kept))


def _reads_like_name(draft: Draft, start: int, end: int) -> str | None:
    """What reads like a project or a unit and is stored nowhere, in words for the answer."""
    word, shown = draft.text.plain[start:end], _shown(draft, start, end)
    if {"set", "count", "summarise"} & draft.flags and not words_asking.UNIT_TAIL.search(word):
        return None
    marked = words_asking.NAMED.match(draft.text.plain, end)
    tail = re.match(r"(?:项目|工程|经费|费用|专项|资金)", draft.text.plain[end:])
    if len(name_key(word)) >= 3 and (words_asking.UNIT_TAIL.search(word) or words_asking.NAME_TAIL.search(word)):
        return f"“{shown}”"
    if len(name_key(word)) >= 2 and marked and not draft.projects:
        return f"“{shown}{tail[0] if tail else ''}”"
    return None


def _content(draft: Draft, *, split: bool = True) -> list[tuple[int, int]]:
    """Stretches that are left, without words at their ends that mean nothing; parted at 的, 和 and the like unless a name holds these."""
    found = []
    for start, end in draft.text.parts():
        pieces = [(start, end)]
        if split and not draft.corpus.named_in(draft.text.plain[start:end]):
            guarded = [(a + start, b + start) for a, b in draft.corpus.protected(draft.text.plain[start:end])]
            cuts = [m.start() + start for m in _SPLIT.finditer(draft.text.plain[start:end])]
            cuts = [cut for cut in cuts if not any(a < cut < b - 1 for a, b in guarded)]
            edges = [start, *(place for cut in cuts for place in (cut, cut + 1)), end]
            pieces = list(zip(edges[::2], edges[1::2], strict=True))
        found += [trimmed for piece in pieces if (trimmed := _trimmed(draft, *piece))]
    return found


def _trimmed(draft: Draft, start: int, end: int) -> tuple[int, int] | None:
    plain, corpus = draft.text.plain, draft.corpus
    while start < end and plain[start] in words_asking.EDGES and not corpus.named_in(plain[start : start + 2]):
        start += 1
    while (
        start < end
        and plain[end - 1] in words_asking.EDGES + words_asking.TAILS
        and not (end - start > 1 and corpus.named_in(plain[end - 2 : end]))
    ):
        end -= 1
    return (start, end) if end > start else None


def _near(draft: Draft, end: int, start: int) -> bool:
    between = draft.text.plain[end:start]
    return len(between) <= 4 and not re.search(r"[。?!;]", between)


def _shown(draft: Draft, start: int, end: int) -> str:
    return draft.text.shown[start:end].strip()


def _read_english(draft: Draft) -> None:
    """English words looked up in Chinese: those before "project" as a project, the others as an indicator."""
    text = draft.text
    for match in list(_LATIN.finditer(text.rest)):
        groups = _in_chinese(match[0])
        if not groups:
            continue
        scope = draft.scope_forms()
        named = re.match(r"[\s\"]*(?:project|programme|program)\b", text.plain[match.end() :])
        heads = [draft.corpus.forms[form] for form in scope or ()]
        projects = dict.fromkeys(head.project_name for head in heads if head.project_name) if heads else draft.corpus.projects.names
        if not draft.projects and (named or len(groups) > 1) and (best := _holding(projects, groups, strict=not named)):
            draft.projects.append(_project(draft, *match.span(), best))
            text.take(*match.span())
            continue
        rows = dict.fromkeys(name for head in heads for name in head.indicators) if heads else draft.corpus.indicators.names
        if best := _holding(rows, groups, strict=len(groups) < 3):
            draft.rows.append(Span(*match.span(), "indicator", match[0], tuple(best)))
            text.take(*match.span())
        elif named:
            draft.unknown.append(f"“{_shown(draft, *match.span())}”")
            text.take(*match.span())


def _in_chinese(phrase: str) -> list[tuple[str, ...]]:
    """For each English word that names may hold in Chinese, what they hold."""
    words = _HYPHENS.sub(" ", phrase).split()
    groups, i = [], 0
    while i < len(words):
        for size in (3, 2, 1):
            said = " ".join(words[i : i + size])
            terms = ENGLISH.get(said) or tuple(translated(said).split())
            if terms or size == 1:
                if terms:
                    groups.append(terms)
                i += size
                break
    return groups


def _holding(names: Iterable[str], groups: Sequence[tuple[str, ...]], *, strict: bool) -> list[str]:
    """The names that hold most of the words; all of them where strict."""
    scored = [(sum(any(term in name for term in group) for group in groups), name) for name in names]
    best = max((score for score, _ in scored), default=0)
    least = len(groups) if strict else max(1, (len(groups) + 1) // 2)
    return [name for score, name in scored if score == best] if best >= least else []
