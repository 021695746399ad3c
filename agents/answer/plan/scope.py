"""Which forms are meant: names, units and years of a question brought together, as one scope or as the sides of a comparison."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.answer.names.corpus import Span
from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.query import Scope
from agents.answer.words.kin import PLURAL

_BOUND = 15
"""Characters within which a unit before a project belongs to it."""
_NUMBER = 5
"""Characters beside a mention within which several are said to be meant."""


def bind(draft: Draft) -> None:
    """Narrow each project to the unit said right before it and to the years; where nothing is left, there is no such project."""
    years = {span.year for span in draft.years if span.year}
    bound: list[Span] = []
    for span in draft.projects:
        unit = _unit_of(draft, span)
        own = [u for s in ([unit] if unit else draft.units if not bound else []) for u in s.names]
        forms = set(draft.corpus.within(own)) if own else set(draft.corpus.forms)
        kept = [form for form in span.forms if form in forms]
        if not kept and unit is not None:
            # The whole name may be a part of what the unit calls its own.
            names = [draft.corpus.projects.names[n] for n in draft.corpus.projects.holding(name_key(span.said))]
            kept = [form for form in draft.corpus.forms_of(names) if form in forms]
        if not kept and unit is not None:
            draft.unknown.append(f"{unit.said}的“{span.said}”")
            continue
        in_year = [form for form in kept or span.forms if not years or draft.corpus.forms[form].fiscal_year in years]
        if not in_year:
            draft.unknown.append(f"{'、'.join(map(str, sorted(years)))}年度的“{span.said}”")
            continue
        names = list(dict.fromkeys(draft.corpus.forms[form].project_name or "" for form in in_year))
        bound.append(Span(span.start, span.end, "project", span.said, tuple(names), tuple(in_year)))
    draft.projects = bound
    if not bound and draft.units and years and not draft.corpus.within(_names(draft.units), years) and len(draft.units) == 1:
        draft.unknown.append(f"{'、'.join(map(str, sorted(years)))}年度的{draft.units[0].said}")


def scope_of(draft: Draft) -> Scope:
    """Everything that is named, as one scope. Several mentions of projects that share forms narrow each other; others add up."""
    years = tuple(sorted({span.year for span in draft.years if span.year}))
    forms = _merged(draft.projects)
    units = () if forms else tuple(dict.fromkeys(_names(draft.units)))
    said = "、".join(dict.fromkeys(span.said for span in (*draft.units, *draft.years, *draft.projects)))
    return Scope(forms=forms, units=units, years=years, grades=_grades(draft, forms), said=said or None)


def sides_of(draft: Draft) -> tuple[Scope, tuple[Scope, ...]]:
    """What both sides share, and the sides: projects, else units, else years, of which there are two or more; no sides else."""
    years = tuple(sorted({span.year for span in draft.years if span.year}))
    projects = _apart(draft.projects)
    if len(projects) > 1:
        sides = tuple(Scope(forms=span.forms, said=span.said) for span in projects)
        return Scope(years=years), sides
    if len(projects) == 1 and len(projects[0].forms) == 2 and "compare" in draft.flags:
        # 两个信息化项目相差多少: one mention of both.
        heads = [draft.corpus.forms[form] for form in projects[0].forms]
        return Scope(years=years), tuple(Scope(forms=(head.form_id,), said=head.project_name) for head in heads)
    units = list({span.names: span for span in draft.units}.values())
    if len(units) > 1 and not projects:
        return Scope(years=years), tuple(Scope(units=span.names, said=span.said) for span in units)
    spans = list({span.year: span for span in draft.years}.values())
    if len(spans) > 1:
        shared = Scope(forms=_merged(draft.projects), units=() if projects else tuple(_names(draft.units)))
        return shared, tuple(Scope(years=(span.year,), said=span.said) for span in spans if span.year)
    return scope_of(draft), ()


def is_ambiguous(draft: Draft) -> bool:
    """Whether one mention of a project means several forms, where the question speaks of one."""
    plain = draft.text.plain
    several = [span for span in draft.projects if len(span.forms) > 1]
    told = [
        span for span in several if PLURAL.search(plain[max(0, span.start - _NUMBER) : span.start] + plain[span.end : span.end + _NUMBER])
    ]
    return len(several) > len(told) and len(_merged(draft.projects)) > 1


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Mentions that mean different forms; a broader mention that others lie in is no side of its own."""
    distinct = list({span.forms: span for span in spans}.values())
    return [span for span in distinct if not any(other is not span and set(other.forms) < set(span.forms) for other in distinct)]


def _merged(spans: Sequence[Span]) -> tuple[str, ...]:
    forms: list[str] = []
    for span in spans:
        shared = [form for form in forms if form in span.forms]
        forms = (
            shared
            if shared and len(span.forms) > 1 and len(shared) < len(forms)
            else [*forms, *(f for f in span.forms if f not in forms)]
            if not shared
            else forms
        )
    return tuple(forms)


def _unit_of(draft: Draft, project: Span) -> Span | None:
    before = [span for span in draft.units if span.end <= project.start and project.start - span.end <= _BOUND]
    if not before:
        return None
    between = draft.text.plain[before[-1].end : project.start]
    return None if re.search(r"[,。?!;和与跟]", between) else before[-1]


def _names(spans: Sequence[Span]) -> list[str]:
    return [name for span in spans for name in span.names]


def _grades(draft: Draft, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Grades that narrow the forms; where the grade of a named form is asked for, one that is told beside narrows nothing."""
    return () if forms and "grade" in draft.measures else tuple(draft.grades)
