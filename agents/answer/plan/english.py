"""English words of a question looked up among Chinese names: those before "project" as a project, the others as an indicator."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.answer.names.corpus import Span
from agents.answer.names.english import in_chinese
from agents.answer.names.keys import NameIndex, name_key
from agents.answer.names.links import MARGIN, Links
from agents.answer.plan.draft import Draft
from agents.answer.plan.evidence import unit_scope
from agents.answer.plan.stretches import is_gloss

_LATIN = re.compile(r"[a-z][a-z&' -]*[a-z]")
_HOW_MANY = re.compile(r"\bhow (?:many|often|long|far)\b|\bnumber of\b")
_THE = re.compile(r"\b(?:the|an?|its|their)\s+\Z")
_PROJECT = re.compile(r"[\s\"]*(?:project|programme|program)s?\b")


def read_english(draft: Draft) -> None:
    """Projects and indicators said in English, and names that are said to be projects and are nowhere."""
    text = draft.text
    for match in list(_LATIN.finditer(text.rest)):
        if is_gloss(draft, match.end()):
            text.take(*match.span())
            continue
        groups = in_chinese(match[0])
        named = _PROJECT.match(text.plain, match.end())
        if not groups:
            if named and _THE.search(text.plain[: match.start()]):
                draft.unknown.append(f"“{text.shown[match.start() : match.end()].strip()}”")
            continue
        if not (_settle_english(draft, match, groups, named=bool(named))) and named:
            draft.unknown.append(f"“{text.shown[match.start() : match.end()].strip()}”")
            text.take(*match.span())


def _settle_english(draft: Draft, match: re.Match[str], groups: Sequence[tuple[str, ...]], *, named: bool) -> bool:
    """A project or an indicator that holds the words; how many there are of something is asked of indicators first."""
    ways = (_settle_row, _settle_project) if not named and _HOW_MANY.search(draft.text.plain) else (_settle_project, _settle_row)
    if any(way(draft, match, groups, named) for way in ways):
        draft.text.take(*match.span())
        return True
    return False


def _settle_project(draft: Draft, match: re.Match[str], groups: Sequence[tuple[str, ...]], named: bool) -> bool:
    corpus, scope = draft.corpus, unit_scope(draft)
    if (draft.projects and not named) or not (named or len(groups) > 1):
        return False
    among = corpus.numbers_of_projects(scope) if scope else None
    best = _holding(corpus.projects, corpus.project_links, among, groups, strict=not named)
    if best:
        said = draft.text.shown[match.start() : match.end()].strip()
        draft.projects.append(Span(*match.span(), "project", said, tuple(best), corpus.forms_of(best)))
    return bool(best)


def _settle_row(draft: Draft, match: re.Match[str], groups: Sequence[tuple[str, ...]], _named: bool) -> bool:
    corpus, scope = draft.corpus, draft.scope_forms()
    among = corpus.numbers_of_indicators(scope) if scope else None
    best = _holding(corpus.indicators, corpus.indicator_links, among, groups, strict=len(groups) < 3)
    if best:
        draft.rows.append(Span(*match.span(), "indicator", match[0], tuple(best)))
    return bool(best)


def _holding(index: NameIndex, links: Links, among: set[int] | None, groups: Sequence[tuple[str, ...]], *, strict: bool) -> list[str]:
    """The names that hold most of the words, all of them where strict; of these the ones whose words tell most."""
    held: dict[int, list[float]] = {}
    for group in groups:
        best: dict[int, float] = {}
        for term in group:
            weight = links.weight(term)
            for number in index.holding(name_key(term)):
                if among is None or number in among:
                    best[number] = max(weight, best.get(number, 0.0))
        for number, weight in best.items():
            held.setdefault(number, []).append(weight)
    most = max(map(len, held.values()), default=0)
    if most < (len(groups) if strict else max(1, (len(groups) + 1) // 2)):
        return []
    weighed = {number: sum(weights) for number, weights in held.items() if len(weights) == most}
    top = max(weighed.values())
    return [index.names[number] for number in sorted(weighed) if weighed[number] >= top - MARGIN]
