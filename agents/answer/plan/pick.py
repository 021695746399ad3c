"""Which indicators the mentions of a question mean together, and whether they tell what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.answer.names.corpus import Span
from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.query import Condition, Pick
from agents.answer.words import asking as words_asking
from agents.answer.words import rules as words_rules
from schema.text import fold

_CLASSIFIERS = r"(?:个|次|条|件|项|人|名|位|台|套|家|处|所|张|份|辆|篇|万|元|块|公里|平|米|吨|亩|户|场|册|棵|起)"
COUNTED = re.compile(rf"(?:多少|几){_CLASSIFIERS}|how many")
QUANTITY = re.compile(r"(?:数量?|次数|量|规模|人次|里程|面积|长度|天数|台数|套数|班次|场次|户数|辆数|座数|次|费用|金额|单价)\Z")
"""How many of something are asked for, and names of what is counted: rates of it are not meant then."""
_RATIO = re.compile(r"(?:率|比例|占比|比重|增幅|(?<![长宽高厚深])度)\Z")
"""Names of indicators that tell a share and never a number of things."""
_NO_THING = re.compile(r"[个次条件项人名位台套家处所张份辆篇万元块分点天]|百分|\Z")
_MANY = 12
"""Names up to which a pick lists them; beyond, the word that they share stands for them."""


def make_pick(draft: Draft) -> Pick | None:
    """The indicators that all mentions together mean; a level where one is named."""
    rest = draft.text.rest
    if draft.rules:
        # It may sound like a name.
        draft.rows = [span for span in draft.rows if not words_rules.WRONG.fullmatch(span.said)]
    for level, name, pattern in words_asking.LEVELS:
        if (match := pattern.search(rest)) and not draft.rows:
            draft.text.take(*match.span())
            return Pick(**{level: name}, said=match[0])
    if not draft.rows:
        return None
    said = "、".join(dict.fromkeys(span.said for span in draft.rows))
    if COUNTED.search(draft.text.plain):
        draft.rows = [replace(span, names=tuple(n for n in span.names if QUANTITY.search(n)) or span.names) for span in draft.rows]
    _note_uncounted(draft)
    groups = [_alternatives(span) for span in _united(draft.rows)]
    shared = set.intersection(*(set(span.names) for span in draft.rows))
    if len(draft.rows) > 1 and shared and len(shared) <= _MANY:
        return Pick(words=(tuple(name for name in draft.rows[0].names if name in shared),), said=said)
    if len(groups) > 1 and not shared:
        # Several indicators side by side: any of them is meant.
        groups = [_alternatives(span) for span in _united(narrowed(draft.rows))]
        groups = [tuple(dict.fromkeys(word for group in groups for word in group))]
    return Pick(words=tuple(groups), said=said)


def names_level(draft: Draft) -> bool:
    """Whether a whole level of indicators is named, before words for it are taken as words that only ask."""
    return not draft.rules and any(pattern.search(draft.text.rest) for _, _, pattern in words_asking.LEVELS)


def full_of_rows(condition: Condition) -> Condition:
    """That nothing is lost, said of picked indicators: of every one of them."""
    if condition.measure != "lost_points" or condition.op != "=":
        return condition
    return condition.model_copy(update={"measure": None, "field": "lost", "every": True})


def also(draft: Draft) -> tuple[Pick, ...]:
    """The indicators besides the first that a form has to have, too; the draft's own pick is then the first."""
    mentions = _united(draft.rows)
    if len(mentions) < 2 or not words_asking.BOTH.search(draft.text.plain):
        return ()
    first, *others = (Pick(words=(_alternatives(span),), said=span.said) for span in mentions)
    draft.pick = first
    return tuple(others)


def narrowed(rows: Sequence[Span]) -> list[Span]:
    """Each mention kept to what the ones before it mean as well, if anything: 等保测评或达标情况 means no 达标情况 of other things."""
    out: list[Span] = []
    before: set[str] = set()
    for span in rows:
        both = tuple(name for name in span.names if name in before)
        out.append(replace(span, names=both or span.names))
        before.update(out[-1].names)
    return out


def _note_uncounted(draft: Draft) -> None:
    """多少粉丝, where forms only tell a rate of it: how many is nowhere."""
    for span in draft.rows:
        before, behind = draft.text.plain[max(0, span.start - 4) : span.start], draft.text.plain[span.end : span.end + 8]
        asked = bool(re.search(rf"(?:多少|几){_CLASSIFIERS}?\Z", before)) and not _NO_THING.match(draft.text.plain[span.start :])
        asked = asked or bool(
            re.match(rf"(?:(?:一共|总共|共|现在|目前)?有?|[\u4e00-\u9fff]{{1,2}}了?)(?:多少|几)(?!分|点|个点|个百分){_CLASSIFIERS}", behind)
        )
        if asked and all(_RATIO.search(name_key(name)) for name in span.names):
            draft.unknown.append(f"“{span.said}”的数量" if draft.language == "zh" else f"the number of “{span.said}”")


def _alternatives(span: Span) -> tuple[str, ...]:
    word = span.said
    if all(fold(word).casefold() in fold(name).casefold() for name in span.names) and (len(span.names) > 1 or len(name_key(word)) > 3):
        # The name as stored, where the word is the whole of it or close to it.
        return span.names if len(span.names) == 1 else (word,)
    return span.names


def _united(rows: Sequence[Span]) -> list[Span]:
    return list({span.names: span for span in rows}.values())
