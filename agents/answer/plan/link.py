"""Which project or indicator a stretch of a question names, decided by the evidence for each and by the part that the stretch plays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agents.answer.names.corpus import Span
from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.plan.evidence import HALF, MANY, MOST, ONE_PAIR, Found, joined, linked, projects_of, rows_of, said_key, told_by_rows
from agents.answer.plan.pick import QUANTITY
from agents.answer.plan.stretches import Stretch, stretches, tells
from agents.answer.words.kin import LISTED

_ASKED_OF_FORMS = frozenset(
    {"execution_rate", "original_budget", "adjusted_budget", "outturn", "unspent", "grade", "department", "implementing_unit"}
)
"""What only forms have: a name that is asked for it is a project's, if it can be one."""
_HOW_MUCH = re.compile(r"(?:多少|几)(?!分|钱)(?![^,。?]{0,8}(?:项目|表|单位))[\u4e00-\u9fff]|多(?:长|大|高|远|重)")
_BOTH = 5
"""Characters of a stretch that says a project and an indicator at once."""
_FEW = 3
"""Projects that such a stretch may mean: of more it tells too little."""


def settle(draft: Draft, stretch: Stretch) -> bool:
    """Whether the stretch names something, which is then part of the draft, or something that is named already."""
    if _is_said(draft, stretch):
        return True
    if not tells(stretch.word):
        return False
    if draft.projects and not (stretch.marked or stretch.listed):
        return _settle_row(draft, stretch) or _settle_project(draft, stretch, projects_of(draft, stretch), further=True)
    projects = projects_of(draft, stretch)
    rows = Found() if stretch.marked else rows_of(draft, stretch)
    if projects.names and rows.names:
        projects, rows = _preferred(draft, stretch, projects, rows)
    if _settle_project(draft, stretch, _told_apart(draft, stretch, projects)):
        return True
    if (stretch.marked or stretch.pointed) and not draft.rules and not rows.names and (forms := told_by_rows(draft, stretch)):
        names = tuple(dict.fromkeys(draft.corpus.forms[form].project_name or "" for form in forms))
        draft.projects.append(Span(stretch.start, stretch.end, "project", _shown(draft, stretch), names, forms))
        return True
    if rows.names:
        draft.rows.append(Span(stretch.start, stretch.end, "indicator", stretch.word, tuple(rows.names)))
    return bool(rows.names) or _settle_both(draft, stretch)


def _told_apart(draft: Draft, stretch: Stretch, found: Found) -> Found:
    """Of several projects that a stretch may mean, those that the words right before it speak of: 学生吃饭的补助."""
    before = re.search(r"([\u4e00-\u9fff]{2,12})(?:的|的?(?:那|这)(?:一)?(?:个|笔|项))\Z", draft.text.plain[: stretch.start])
    if len(found.names) < 2 or not before or not draft.text.is_free(before.start(1), before.end(1)):
        return found
    names = draft.corpus.projects.names
    among = {number for number, name in enumerate(names) if name in set(found.names)}
    best = [link for link in draft.corpus.project_links.best(name_key(before[1]), among) if link.weight >= ONE_PAIR]
    return Found([names[link.number] for link in best], found.sure) if best else found


def find_amounts(draft: Draft) -> None:
    """Where a project is named by what is counted and nothing else is asked for, the indicators that count it: 高标准农田建了多少亩."""
    if draft.rows or draft.measures or draft.fields or len(draft.projects) != 1 or not _HOW_MUCH.search(draft.text.plain):
        return
    span = draft.projects[0]
    among = draft.corpus.numbers_of_indicators(span.forms)
    scored = draft.corpus.indicator_links.scored(name_key(span.said), among)
    rows = [draft.corpus.indicators.names[link.number] for link in scored if link.weight >= ONE_PAIR]
    if amounts := tuple(name for name in rows if QUANTITY.search(name)):
        draft.rows.append(replace(span, kind="indicator", names=amounts, forms=()))


def _settle_both(draft: Draft, stretch: Stretch) -> bool:
    """A project and one of its indicators said in one breath: 云平台存储规模."""
    if draft.projects or len(stretch.key) < _BOTH or not (forms := joined(draft, stretch)) or len(forms) > _FEW:
        return False
    names = tuple(dict.fromkeys(draft.corpus.forms[form].project_name or "" for form in forms))
    draft.projects.append(Span(stretch.start, stretch.end, "project", _shown(draft, stretch), names, tuple(forms)))
    best = draft.corpus.indicator_links.best(stretch.key, draft.corpus.numbers_of_indicators(forms))
    if best and not draft.measures:
        rows = tuple(draft.corpus.indicators.names[link.number] for link in best)
        draft.rows.append(Span(stretch.start, stretch.end, "indicator", stretch.word, rows))
    return True


def _preferred(draft: Draft, stretch: Stretch, projects: Found, rows: Found) -> tuple[Found, Found]:
    """Of a project and an indicator that a stretch may both mean, the one that is meant."""
    of_form = _ASKED_OF_FORMS.intersection(draft.measures) or "总分" in draft.text.plain
    if of_form and rows.sure < 1:
        return projects, Found()
    if stretch.pointed and projects.sure >= MOST:
        return projects, Found()
    if projects.sure != rows.sure:
        return (projects, Found()) if projects.sure > rows.sure else (Found(), rows)
    key = stretch.key
    in_project, in_row = (any(key in name_key(name) for name in found.names) for found in (projects, rows))
    whole = any(name_key(name) == key for name in rows.names)
    if whole or (in_row and not of_form and (not in_project or "rows" in draft.flags or bool(draft.projects))):
        return Found(), rows
    return projects, rows


def _settle_project(draft: Draft, stretch: Stretch, found: Found, *, further: bool = False) -> bool:
    names = found.names
    if further:
        # Beside a project that is settled another one needs a name of its own, not a word of it.
        key = stretch.key
        plainly = all(key in name_key(name) for name in names) or len(names) == 1
        if not names or not plainly or (len(key) < 3 and "compare" not in draft.flags):
            return False
    if not names or len(names) > max(MANY, len(draft.corpus.forms) // 3):
        return False
    draft.projects.append(project_span(draft, stretch.start, stretch.end, names))
    return True


def _settle_row(draft: Draft, stretch: Stretch) -> bool:
    found = rows_of(draft, stretch)
    if found.names:
        draft.rows.append(Span(stretch.start, stretch.end, "indicator", stretch.word, tuple(found.names)))
    return bool(found.names)


def _is_said(draft: Draft, stretch: Stretch) -> bool:
    """Whether the names that are settled hold the stretch already, where it is no indicator that is asked for."""
    if not draft.measures or "rows" in draft.flags or stretch.marked:
        return False
    return any(all(stretch.key in name_key(name) for name in span.names) for span in draft.projects)


def project_span(draft: Draft, start: int, end: int, names: Iterable[str]) -> Span:
    """A mention of projects."""
    kept = tuple(names)
    return Span(start, end, "project", draft.text.shown[start:end].strip(), kept, draft.corpus.forms_of(kept))


def _shown(draft: Draft, stretch: Stretch) -> str:
    return draft.text.shown[stretch.start : stretch.end].strip()


def rows_beside(draft: Draft, stretch: Stretch) -> Sequence[str]:
    """The indicators that a stretch means right beside one that is settled: 长效机制/长效管理制度."""
    plain = draft.text.plain
    gaps = [plain[min(stretch.end, row.end) : max(stretch.start, row.start)] for row in draft.rows]
    return rows_of(draft, stretch, asked=True).names if any(LISTED.fullmatch(gap) for gap in gaps) else ()


def rows_of_topic(draft: Draft) -> list[Span]:
    """The indicators that a question about what forms measure speaks of, among words of its own: 把驻场人员写成指标."""
    found = []
    for stretch in stretches(draft):
        if len(stretch.key) > 1 and tells(stretch.word) and not stretch.idle and (names := rows_of(draft, stretch, asked=True).names):
            found.append(Span(stretch.start, stretch.end, "indicator", stretch.word, tuple(names)))
    telling = [span for span in found if draft.corpus.indicator_links.weight(said_key(span.said)) >= ONE_PAIR]
    return telling or found


def settle_missed(draft: Draft, missed: Stretch) -> bool:
    """Whether an indicator that few forms have makes sure of a project that no name explains well enough: 营养餐项目受益学生人数."""
    forms = draft.corpus.having(name for span in draft.rows for name in span.names)
    if not 0 < len(forms) <= _FEW:
        return False
    found = linked(draft.corpus.project_links, said_key(missed.word), draft.corpus.numbers_of_projects(forms), (HALF, ONE_PAIR))
    return _settle_project(draft, missed, found)
