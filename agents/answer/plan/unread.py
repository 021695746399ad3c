"""What a question said and the plan does not hold: told as not understood, where every form would be told as fulfilling it."""

from __future__ import annotations

import re

from agents.answer.names.keys import name_key
from agents.answer.plan.draft import Draft
from agents.answer.plan.stretches import content, tells
from agents.answer.query import Query
from agents.answer.words.asking import LEVELS

_OF_ALL = frozenset({"lookup", "list", "count"})
_LEVEL_MISSING = "missing-category"
_LEVELS = frozenset({"产出指标", "效益指标", "满意度指标"})
"""The levels that the checker misses in a form; others it does not look for."""
_ALL = re.compile(r"(?:各|所有|全部|每)(?:一)?(?:个|家|张|份)?(?:的)?(?:项目|自评表|表|单位)|\b(?:all|every|each)\b")
"""Every form is asked for outright: words beside it say why, or for whom."""
_TWICE = re.compile(r"多少|几[个家项条]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_UNTOLD = {"zh": "“{said}”所说的条件", "en": "what “{said}” asks for"}


def told(draft: Draft, query: Query) -> Query:
    """The query, with what was not understood as unknown where nothing else of the question narrows the forms."""
    if query.unknown:
        return query
    left: list[str] = []
    if draft.nth and query.nth is None:
        left.append(draft.text.plain)
    if query.intent == "count" and (_counts_one(query) or _TWICE.search(query.topic or "")):
        left.append(draft.text.plain)
    if query.rules and query.rules[0] == _LEVEL_MISSING:
        left += [match[0] for _, level, pattern in LEVELS if level not in _LEVELS and (match := pattern.search(draft.text.plain))]
    if query.intent in _OF_ALL and not (query.scope.forms or query.sides or query.rules):
        left += _values(draft, query)
        if not (_narrowed(query) or draft.text.ordered or _ALL.search(draft.text.plain)):
            left += _words(draft)
    said = [_UNTOLD[query.language].format(said=word) for word in dict.fromkeys(left)]
    return query.model_copy(update={"unknown": tuple(said)}) if said else query


def _counts_one(query: Query) -> bool:
    """某平台支撑了多少个项目: how many of something that one form tells, and not how many forms."""
    return len(query.scope.forms) == 1 and not (query.conditions or query.pick or query.rules or query.measures or query.fields)


def _narrowed(query: Query) -> bool:
    scope = query.scope
    return bool(
        scope.units or scope.years or scope.grades or scope.out_said or query.conditions or query.pick or query.topic or query.causes
    )


def _values(draft: Draft, query: Query) -> list[str]:
    """Amounts and shares that no condition took."""
    held = {condition.value for condition in query.conditions} | {condition.relative for condition in query.conditions}
    if query.pick or query.topic:
        return []
    return [draft.text.shown[one.start : one.end].strip() for one in draft.values if one.value not in held]


def _words(draft: Draft) -> list[str]:
    """Words that are left over, a topic that was put aside, and full marks, causes and places that nothing came of."""
    pieces = [draft.text.shown[start:end] for start, end in content(draft, split=False)]
    left = [piece for piece in pieces if len(name_key(piece)) > 1 and _HAN.search(piece) and tells(piece)]
    if draft.cause:
        left.append(draft.cause)
    if draft.topic and not left:
        left.append(draft.topic)
    if {"full", "high", "low"} & draft.flags and not draft.said:
        left.append(draft.text.plain)
    return left
