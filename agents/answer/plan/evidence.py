"""How much of a stretch the names of projects and indicators explain, and when that is enough.

A stretch that stands in names as it is, or that sounds like one, names them. Any other is weighed against every name (`Links`): it
names those that explain most of it, if they explain enough. How much is enough depends on what else says that a name stands there:
little before 项目 or where a project is settled and only its indicators are looked through, more where nothing does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from agents.answer.names.keys import name_key
from agents.answer.names.links import MARGIN, Links, covered
from agents.answer.plan.draft import Draft
from agents.answer.plan.pick import COUNTED, QUANTITY
from agents.answer.plan.stretches import Stretch
from agents.answer.words.kin import COMMON, OF_FORMS

MANY = 12
"""Projects that one word may mean and still name them."""
MOST = 0.6
"""Share of a stretch that names must explain where something says that a name stands there: with less, half is about something else."""
NEARLY_ALL = 0.75
"""The same where a wrong project would be answered for one that is stored nowhere: names in quotes, projects told by their indicators."""
HALF = 0.5
"""The same for an indicator of a project that is settled: few names are left to be wrong about."""
TWO_PAIRS = 1.2
"""Least weight of what may be a name: two pairs of characters, one of which hardly any other name holds."""
THREE_PAIRS = 1.6
"""The same where nothing says that a name stands there."""
ONE_PAIR = 0.6
"""The same within the forms of a unit or a project."""
ONE_RARE = 0.9
"""The same where indicators are spoken of: a pair that few names hold."""
_TAIL = re.compile(r"(?:数量|总量|总数|人数|次数|件数|个数|量|数)\Z")
"""What says of a thing that its number is asked for."""
_COMMON = 200
"""Forms with an indicator of one name: beyond, it tells a project only beside words of the project's own name."""


class Found(NamedTuple):
    """Names that a stretch may mean; sure: 1 where they hold it, else the share of it that they explain."""

    names: Sequence[str] = ()
    sure: float = 0.0


def projects_of(draft: Draft, stretch: Stretch) -> Found:
    """The projects that a stretch may mean, those of the unit and year that are settled first."""
    corpus, word = draft.corpus, stretch.word
    scope = unit_scope(draft)
    names = (corpus.project(word, scope) if scope else []) or corpus.project(word)
    if names:
        return Found(names, 1.0) if _has_role(draft, stretch) else Found()
    told = stretch.marked or stretch.pointed or stretch.asked or stretch.listed
    least = [(MOST, TWO_PAIRS if told else THREE_PAIRS)]
    if draft.text.plain[stretch.end : stretch.end + 1] == '"':
        least = [(NEARLY_ALL, TWO_PAIRS)]
    elif told:
        least.append((NEARLY_ALL, ONE_PAIR))
    among = corpus.numbers_of_projects(scope) if scope else None
    key = said_key(word)
    ways = [(within, enough) for within in ([among, None] if among is not None else [None]) for enough in least]
    found = (hit for within, enough in ways if (hit := linked(corpus.project_links, key, within, enough)).names)
    return next(found, Found())


def rows_of(draft: Draft, stretch: Stretch, *, asked: bool = False) -> Found:
    """The indicators that a stretch may mean, in the forms that are settled; asked when indicators are spoken of."""
    corpus, scope = draft.corpus, draft.scope_forms()
    among = None if scope is None else corpus.numbers_of_indicators(scope)
    key = said_key(stretch.word)
    if key in COMMON and not (draft.projects or asked or "rows" in draft.flags):
        return Found()
    names = corpus.indicator(stretch.word, scope) or corpus.indicator(key, scope)
    core = _TAIL.sub("", key)
    counted = core != key or COUNTED.search(draft.text.plain) is not None
    if counted and not any(QUANTITY.search(name) for name in names) and (amounts := _amounts(draft, core, among)):
        return Found(amounts, 1.0)
    if names:
        return Found(names, 1.0)
    if draft.projects:
        return linked(corpus.indicator_links, key, among, (HALF, ONE_PAIR))
    enough = ONE_RARE if asked or not draft.measures else TWO_PAIRS if scope else THREE_PAIRS
    return linked(corpus.indicator_links, key, among, (MOST, enough))


def said_key(word: str) -> str:
    """A word as names are compared, without what any form says."""
    key = name_key(OF_FORMS.sub("", word))
    return key if len(key) > 1 else name_key(word)


def _amounts(draft: Draft, key: str, among: Collection[int] | None) -> list[str]:
    """Indicators that tell how many there are of something: 公章刻了多少套 means 公章免费刻制数, not 公章刻制合格率."""
    links = draft.corpus.indicator_links
    fits = [link for link in links.scored(key, among) if link.covered >= MOST and link.weight >= ONE_PAIR]
    fits = [link for link in fits if QUANTITY.search(links.names[link.number])]
    return [links.names[link.number] for link in fits if link.weight >= fits[0].weight - MARGIN]


def unit_scope(draft: Draft) -> list[str] | None:
    """The forms of the units and years that are named; None where none is."""
    units = {unit for span in draft.units for unit in span.names}
    years = {span.year for span in draft.years if span.year}
    return draft.corpus.within(units, years) if units or years else None


def told_by_rows(draft: Draft, stretch: Stretch) -> tuple[str, ...]:
    """The forms of a project that is told by what it is measured by, alone or beside words of its name."""
    corpus, scope = draft.corpus, draft.scope_forms()
    if known := corpus.indicator(stretch.word, scope) or corpus.indicator(said_key(stretch.word), scope):
        within = None if scope is None else set(scope)
        return tuple(form for form in corpus.having(known) if within is None or form in within)
    return tuple(joined(draft, stretch))


def joined(draft: Draft, stretch: Stretch) -> list[str]:
    """The forms whose names and indicators together explain nearly all of a stretch, as good as the best."""
    corpus, scope, key = draft.corpus, draft.scope_forms(), said_key(stretch.word)
    among = (None, None) if scope is None else (corpus.numbers_of_projects(scope), corpus.numbers_of_indicators(scope))
    own: dict[str, tuple[int, float]] = {}
    for link in corpus.project_links.scored(key, among[0]):
        own |= dict.fromkeys(corpus.forms_of([corpus.projects.names[link.number]]), (link.mask, link.weight))
    found = dict(own)
    for link in corpus.indicator_links.scored(key, among[1])[:MANY]:
        forms = corpus.having([corpus.indicators.names[link.number]])
        for form in forms if len(forms) <= _COMMON else set(forms) & own.keys():
            mask, weight = own.get(form, (0, 0.0))
            both = (mask | link.mask, weight + link.weight)
            found[form] = max(found.get(form, (0, 0.0)), both, key=lambda m: (covered(key, m[0]), m[1]))
    good = {form: weight for form, (mask, weight) in found.items() if covered(key, mask) >= NEARLY_ALL and weight >= TWO_PAIRS}
    top = max(good.values(), default=0.0)
    within = good.keys() if scope is None else set(scope)
    return [form for form, weight in good.items() if weight >= top - MARGIN and form in within][:MANY]


def linked(links: Links, key: str, among: Collection[int] | None, least: tuple[float, float]) -> Found:
    """The names that explain a key best, if they explain the least share of it with the least weight."""
    best = [link for link in links.best(key, among) if link.covered >= least[0] and link.weight >= least[1]]
    if not best or len(best) > MANY:
        return Found()
    return Found([links.names[link.number] for link in best], max(link.covered for link in best))


def _has_role(draft: Draft, stretch: Stretch) -> bool:
    """Whether a stretch may be a project: one short word of names is only where something says so, a common one only before 项目."""
    if stretch.marked or stretch.pointed:
        return True
    if said_key(stretch.word) in COMMON:
        return False
    if stretch.asked or stretch.listed or len(stretch.key) > 2:
        return True
    return bool(draft.units) and any(0 <= stretch.start - unit.end <= 1 for unit in draft.units)
